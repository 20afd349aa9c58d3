package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.report.Finding;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.RuntimeConfig;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// A configuration with everything mended that has one right repair.
///
/// @param config the configuration; the same one when there was nothing to mend
/// @param codes the rules whose findings were mended
public record Repair(RuntimeConfig config, List<String> codes) {
  /// A repair may bring another finding to light; more rounds than this would be a circle.
  private static final int MAX_ROUNDS = 4;

  /// Copies the codes.
  public Repair {
    codes = List.copyOf(codes);
  }

  /// Mends what a validator finds in a configuration.
  public static Repair of(RuntimeConfig config, Validator validator) {
    RuntimeConfig mended = config;
    Set<String> codes = new LinkedHashSet<>();
    for (int round = 0; round < MAX_ROUNDS; round++) {
      RuntimeConfig before = mended;
      mended = round(mended, validator, codes);
      if (mended == before) {
        break;
      }
    }
    return new Repair(mended, List.copyOf(codes));
  }

  private static RuntimeConfig round(RuntimeConfig config, Validator validator, Set<String> codes) {
    Set<String> found = new LinkedHashSet<>();
    for (Finding finding : validator.validate(config)) {
      found.add(finding.code());
    }
    RuntimeConfig mended = config;
    for (Rule rule : Rules.ALL) {
      Consumer<ConfigDraft> repair = rule.repair();
      if (repair != null && found.contains(rule.code())) {
        RuntimeConfig next = mended.edit(repair);
        if (next != mended) {
          codes.add(rule.code());
          mended = next;
        }
      }
    }
    return mended;
  }

  /// Whether something was mended.
  public boolean isChange() {
    return !codes.isEmpty();
  }

  /// Leaves one of all entries of an array that say the same. Entries that differ have more than
  /// one repair.
  static void removeEqual(ConfigDraft draft, String... path) {
    if (draft.find(path).orElse(null) instanceof ArrayNode list) {
      Set<JsonNode> seen = new HashSet<>();
      for (int i = 0; i < list.size(); i++) {
        if (!seen.add(list.get(i))) {
          list.remove(i--);
        }
      }
    }
  }
}
