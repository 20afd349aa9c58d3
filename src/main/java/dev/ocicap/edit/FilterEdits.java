package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Edits of single rules in `linux.seccomp` (config-linux.md#seccomp). A configuration without a
/// filter gets one: one that allows everything else.
public final class FilterEdits {
  private FilterEdits() {}

  /// A condition on one argument of a system call.
  ///
  /// @param index which argument, 0 … 5
  /// @param value what it is compared with
  /// @param valueTwo the second value of `SCMP_CMP_MASKED_EQ`, or null
  /// @param operator such as `SCMP_CMP_EQ`
  public record Condition(
      int index, BigInteger value, @Nullable BigInteger valueTwo, String operator) {}

  /// Decides about a system call: the rules about it that say otherwise are taken away, from groups
  /// too; what is the default anyway gets no rule. With a condition, other conditional rules about
  /// it stay.
  ///
  /// @param action such as `SCMP_ACT_ERRNO`
  public static SpecEdit decide(String action, String syscall, @Nullable Condition condition) {
    return draft -> {
      ObjectNode filter = draft.object("linux", "seccomp");
      if (!filter.has("defaultAction")) {
        filter.set("defaultAction", JsonValues.string("SCMP_ACT_ALLOW"));
      }
      ArrayNode rules = draft.array("linux", "seccomp", "syscalls");
      ObjectNode rule = JsonValues.object();
      rule.set("names", JsonValues.strings(List.of(syscall)));
      rule.set("action", JsonValues.string(action));
      if (condition != null) {
        rule.set("args", JsonValues.array().add(node(condition)));
        forget(rules, syscall, true);
        removeEqual(rules, rule);
        rules.add(rule);
        return;
      }
      if (isGrouped(rules, action, syscall)) {
        return;
      }
      forget(rules, syscall, false);
      if (!filter.path("defaultAction").asText().equals(action)) {
        ArrayNode group = group(rules, action);
        if (group != null) {
          group.add(JsonValues.string(syscall));
        } else {
          rules.add(rule);
        }
      }
    };
  }

  /// Takes away every rule about a system call, from groups too.
  public static SpecEdit forget(String syscall) {
    return draft -> {
      if (draft.find("linux", "seccomp", "syscalls").isPresent()) {
        forget(draft.array("linux", "seccomp", "syscalls"), syscall, false);
      }
    };
  }

  /// Takes away every rule.
  public static SpecEdit forgetAll() {
    return draft -> {
      if (draft.find("linux", "seccomp", "syscalls").isPresent()) {
        draft.array("linux", "seccomp", "syscalls").removeAll();
      }
    };
  }

  /// Replaces the default action.
  ///
  /// @param prune whether the rules with the same action, which say nothing any more, go
  public static SpecEdit defaultAction(String action, boolean prune) {
    return draft -> {
      ObjectNode filter = draft.object("linux", "seccomp");
      filter.set("defaultAction", JsonValues.string(action));
      if (prune && filter.get("syscalls") instanceof ArrayNode rules) {
        for (int i = rules.size() - 1; i >= 0; i--) {
          if (rules.get(i).path("action").asText().equals(action)) {
            rules.remove(i);
          }
        }
      }
    };
  }

  private static boolean isGrouped(ArrayNode rules, String action, String syscall) {
    boolean grouped = false;
    for (JsonNode rule : rules) {
      for (JsonNode name : rule.path("names")) {
        if (name.asText().equals(syscall)) {
          if (grouped || !isPlain(rule, action)) {
            return false;
          }
          grouped = true;
        }
      }
    }
    return grouped;
  }

  private static boolean isPlain(JsonNode rule, String action) {
    return rule.path("action").asText().equals(action)
        && rule.path("args").isEmpty()
        && !rule.has("errnoRet");
  }

  private static @Nullable ArrayNode group(ArrayNode rules, String action) {
    for (JsonNode rule : rules) {
      if (isPlain(rule, action) && rule.get("names") instanceof ArrayNode) {
        return ownNames(rule);
      }
    }
    return null;
  }

  /// The names of a rule, which may share them with other documents, in a list of its own.
  private static ArrayNode ownNames(JsonNode rule) {
    ArrayNode own = (ArrayNode) rule.path("names").deepCopy();
    ((ObjectNode) rule).set("names", own);
    return own;
  }

  private static void forget(ArrayNode rules, String syscall, boolean unconditionalOnly) {
    for (int i = rules.size() - 1; i >= 0; i--) {
      JsonNode rule = rules.get(i);
      boolean fits = !unconditionalOnly || rule.path("args").isEmpty();
      if (fits && rule.get("names") instanceof ArrayNode) {
        ArrayNode names = ownNames(rule);
        for (int j = names.size() - 1; j >= 0; j--) {
          if (names.get(j).asText().equals(syscall)) {
            names.remove(j);
          }
        }
        if (names.isEmpty()) {
          rules.remove(i);
        }
      }
    }
  }

  private static void removeEqual(ArrayNode rules, ObjectNode rule) {
    for (int i = rules.size() - 1; i >= 0; i--) {
      if (rules.get(i).equals(rule)) {
        rules.remove(i);
      }
    }
  }

  private static ObjectNode node(Condition condition) {
    ObjectNode node = JsonValues.object();
    node.set("index", JsonValues.number(condition.index()));
    node.set("value", JsonValues.number(condition.value()));
    if (condition.valueTwo() != null) {
      node.set("valueTwo", JsonValues.number(condition.valueTwo()));
    }
    node.set("op", JsonValues.string(condition.operator()));
    return node;
  }
}
