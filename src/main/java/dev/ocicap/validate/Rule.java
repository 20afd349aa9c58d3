package dev.ocicap.validate;

import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.spec.ConfigDraft;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One thing that a configuration is checked for. Its code is stable: reports, suppressions and
/// `ocicap explain` name it.
public final class Rule {
  /// Looks at a document.
  @FunctionalInterface
  interface Check {
    void check(Document document, Findings findings);
  }

  private final String code;
  private final Level level;
  private final Layer layer;
  private final @Nullable String reference;
  private final Check check;
  private final @Nullable Consumer<ConfigDraft> repair;

  Rule(
      String code,
      Level level,
      Layer layer,
      @Nullable String reference,
      Check check,
      @Nullable Consumer<ConfigDraft> repair) {
    this.code = code;
    this.level = level;
    this.layer = layer;
    this.reference = reference;
    this.check = check;
    this.repair = repair;
  }

  /// A rule beyond the schema.
  ///
  /// @param reference the file and anchor in the specification, or a man page
  static Rule of(String code, Level level, String reference, Check check) {
    return new Rule(code, level, Layer.RULE, reference, check, null);
  }

  /// A rule whose findings no document alone can give: syntax, schema, runtime, host.
  static Rule outside(String code, Level level, Layer layer, String reference) {
    return new Rule(code, level, layer, reference, (document, findings) -> {}, null);
  }

  /// The same rule with the change that mends everything of it that has one right repair.
  Rule repairedBy(Consumer<ConfigDraft> change) {
    return new Rule(code, level, layer, reference, check, change);
  }

  /// The stable name: `mount-destination-absolute`.
  public String code() {
    return code;
  }

  /// How much its findings usually weigh.
  public Level level() {
    return level;
  }

  /// Which check it belongs to.
  public Layer layer() {
    return layer;
  }

  /// The specification's file and anchor, or a man page; null when nothing is written about it.
  public @Nullable String reference() {
    return reference;
  }

  /// Whether `--fix` can mend findings of it.
  public boolean isRepairable() {
    return repair != null;
  }

  /// The first line of the page: what is wrong, in one sentence.
  public String summary() {
    String page = page();
    int end = page.indexOf('\n');
    return end < 0 ? page : page.substring(0, end);
  }

  /// The page that `ocicap explain` shows: what, why, what runtimes do, how to mend.
  public String page() {
    return Pages.of(code);
  }

  Check check() {
    return check;
  }

  @Nullable Consumer<ConfigDraft> repair() {
    return repair;
  }

  @Override
  public String toString() {
    return code;
  }
}
