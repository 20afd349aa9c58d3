package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A filter of system calls in systemd's words (systemd.exec(5), "System call filtering"). It has
/// no rules for arguments but three words of its own, which are used where a filter says exactly
/// what they say; every other call that depends on its arguments is denied.
final class SystemdFilter {
  private static final String ALLOW = "SCMP_ACT_ALLOW";

  /// Every flag of clone(2) that makes a namespace.
  private static final long NAMESPACE_FLAGS = 0x7E020000L;

  private static final int AF_VSOCK = 40;

  private final Set<String> allowed = new LinkedHashSet<>();
  private final Set<String> denied = new LinkedHashSet<>();

  /// The arguments of the rules that allow a call under a condition.
  private final Map<String, List<JsonNode>> conditions = new LinkedHashMap<>();

  private SystemdFilter(JsonNode filter) {
    for (JsonNode rule : filter.path("syscalls")) {
      boolean allows = rule.path("action").asText().equals(ALLOW);
      for (JsonNode name : rule.path("names")) {
        if (!allows) {
          denied.add(name.asText());
        } else if (rule.path("args").isEmpty()) {
          allowed.add(name.asText());
        } else {
          conditions.computeIfAbsent(name.asText(), _ -> new ArrayList<>()).add(rule.path("args"));
        }
      }
    }
    allowed.removeAll(denied);
    conditions.keySet().removeAll(denied);
    conditions.keySet().removeAll(allowed);
  }

  static void write(UnitFile unit, Source source) {
    Optional<JsonNode> filter = source.get("linux.seccomp");
    if (filter.isEmpty() || !filter.get().isObject()) {
      return;
    }
    String action = filter.get().path("defaultAction").asText();
    if (action.equals(ALLOW) || action.equals("SCMP_ACT_LOG")) {
      source.lose("linux.seccomp", "a filter that allows by default");
      return;
    }
    new SystemdFilter(filter.get()).write(unit, source, filter.get(), action);
  }

  private void write(UnitFile unit, Source source, JsonNode filter, String action) {
    Map<String, String> words = words();
    List<String> names = new ArrayList<>();
    List<String> strange = new ArrayList<>();
    for (String name : allowed) {
      (isName(name) ? names : strange).add(name);
    }
    // An empty list would reset the filter, and so allow everything.
    unit.set("SystemCallFilter", names.isEmpty() ? "@default" : String.join(" ", names));
    if (!action.startsWith("SCMP_ACT_KILL")) {
      unit.set("SystemCallErrorNumber", error(filter));
    }
    unit.set("SystemCallArchitectures", "native");
    words.forEach(unit::set);
    if (!strange.isEmpty()) {
      source.lose("linux.seccomp", "not the names of system calls: " + String.join(", ", strange));
    }
    if (!conditions.isEmpty()) {
      source.lose(
          "linux.seccomp",
          "rules that depend on arguments are left out, so these are denied: "
              + String.join(", ", conditions.keySet()));
    }
  }

  /// What systemd has words of its own for; the calls that they restrict are allowed besides.
  private Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    if (isOnly("clone", "SCMP_CMP_MASKED_EQ", NAMESPACE_FLAGS)) {
      // It lets clone pass without flags of namespaces, and answers clone3 with ENOSYS.
      allow("clone");
      allow("clone3");
      words.put("RestrictNamespaces", "yes");
    }
    if (isOnly("socket", "SCMP_CMP_NE", AF_VSOCK)) {
      allow("socket");
      words.put("RestrictAddressFamilies", "~AF_VSOCK");
    }
    if (conditions.containsKey("personality") && allowsOwnPersonality()) {
      allow("personality");
      words.put("LockPersonality", "yes");
    }
    return words;
  }

  private void allow(String name) {
    if (!denied.contains(name)) {
      allowed.add(name);
    }
    conditions.remove(name);
  }

  /// Whether a call is allowed under one condition of its first argument, and this is it.
  private boolean isOnly(String name, String operator, long value) {
    List<JsonNode> rules = conditions.getOrDefault(name, List.of());
    return rules.size() == 1
        && rules.getFirst().size() == 1
        && rules.getFirst().get(0).path("index").asInt() == 0
        && rules.getFirst().get(0).path("op").asText().equals(operator)
        && rules.getFirst().get(0).path("value").asLong() == value
        && rules.getFirst().get(0).path("valueTwo").asLong() == 0;
  }

  /// Whether the plain personality 0 may be set, all that LockPersonality= lets pass but asking.
  private boolean allowsOwnPersonality() {
    for (JsonNode args : conditions.getOrDefault("personality", List.of())) {
      if (args.size() == 1
          && args.get(0).path("op").asText().equals("SCMP_CMP_EQ")
          && args.get(0).path("value").asLong(-1) == 0) {
        return true;
      }
    }
    return false;
  }

  private static String error(JsonNode filter) {
    long number = filter.path("defaultErrnoRet").asLong(1);
    return number <= 1 || number > 4095 ? "EPERM" : Long.toString(number);
  }

  /// A name, and no group of systemd's nor the sign that turns the list around.
  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_') {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
