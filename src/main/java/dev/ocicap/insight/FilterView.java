package dev.ocicap.insight;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.List;

/// What a filter of system calls does (config-linux.md#seccomp).
///
/// @param filter `linux.seccomp`; missing when there is none
record FilterView(JsonNode filter) {
  private static final String ALLOW = "SCMP_ACT_ALLOW";

  static FilterView of(RuntimeConfig config) {
    return new FilterView(
        config.find("linux", "seccomp").filter(JsonNode::isObject).orElse(JsonValues.missing()));
  }

  /// Whether it refuses anything.
  boolean isPresent() {
    return filter.isObject() && !(defaultAction().equals(ALLOW) && rules().isEmpty());
  }

  private String defaultAction() {
    return filter.path("defaultAction").asText();
  }

  private JsonNode rules() {
    return filter.path("syscalls");
  }

  /// In words, with the number of system calls for which something else may hold than by default.
  String summary() {
    if (!filter.isObject()) {
      return "no filter: every system call may be made";
    }
    List<String> others = new ArrayList<>();
    for (JsonNode rule : rules()) {
      if (!rule.path("action").asText().equals(defaultAction())) {
        for (JsonNode name : rule.path("names")) {
          if (!others.contains(name.asText())) {
            others.add(name.asText());
          }
        }
      }
    }
    return "filter: " + defaultAction() + " for all but " + others.size() + " system calls";
  }

  /// The system calls that it lets pass, with the condition: `clone when argument 0 & 0x7e020000 is
  /// 0x0`.
  List<String> allowed() {
    List<String> allowed = new ArrayList<>();
    for (JsonNode rule : rules()) {
      if (rule.path("action").asText().equals(ALLOW)) {
        for (JsonNode name : rule.path("names")) {
          add(allowed, name.asText() + condition(rule));
        }
      }
    }
    return allowed;
  }

  /// The system calls about which it says something else, with what: `clone3: SCMP_ACT_ERRNO 38`.
  List<String> others() {
    List<String> others = new ArrayList<>();
    for (JsonNode rule : rules()) {
      String action = rule.path("action").asText();
      if (!action.equals(ALLOW)) {
        String errno = rule.has("errnoRet") ? " " + rule.path("errnoRet").asText() : "";
        for (JsonNode name : rule.path("names")) {
          add(others, name.asText() + ": " + action + errno + condition(rule));
        }
      }
    }
    return others;
  }

  /// What holds for the filter as a whole.
  List<String> whole() {
    List<String> items = new ArrayList<>();
    if (filter.has("defaultErrnoRet")) {
      items.add("defaultErrnoRet: " + filter.path("defaultErrnoRet").asText());
    }
    for (JsonNode architecture : filter.path("architectures")) {
      items.add("architecture: " + architecture.asText());
    }
    for (JsonNode flag : filter.path("flags")) {
      items.add("flag: " + flag.asText());
    }
    return items;
  }

  private static void add(List<String> items, String item) {
    if (!items.contains(item)) {
      items.add(item);
    }
  }

  private static String condition(JsonNode rule) {
    StringBuilder text = new StringBuilder();
    for (JsonNode argument : rule.path("args")) {
      text.append(text.isEmpty() ? " when " : " and ")
          .append("argument ")
          .append(argument.path("index").asText())
          .append(' ')
          .append(comparison(argument));
    }
    return text.toString();
  }

  /// The comparisons of seccomp_rule_add(3).
  private static String comparison(JsonNode argument) {
    JsonNode value = argument.path("value");
    return switch (argument.path("op").asText()) {
      case "SCMP_CMP_EQ" -> "is " + hex(value);
      case "SCMP_CMP_NE" -> "is not " + hex(value);
      case "SCMP_CMP_LT" -> "< " + hex(value);
      case "SCMP_CMP_LE" -> "<= " + hex(value);
      case "SCMP_CMP_GE" -> ">= " + hex(value);
      case "SCMP_CMP_GT" -> "> " + hex(value);
      case "SCMP_CMP_MASKED_EQ" -> "& " + hex(value) + " is " + hex(argument.path("valueTwo"));
      default -> argument.path("op").asText() + " " + value.asText();
    };
  }

  private static String hex(JsonNode number) {
    return number.isNumber() || number.isMissingNode()
        ? "0x" + number.bigIntegerValue().toString(16)
        : number.asText();
  }
}
