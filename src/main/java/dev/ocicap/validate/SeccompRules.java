package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.report.Level;
import dev.ocicap.report.Suggestion;
import dev.ocicap.seccomp.SystemCalls;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Rules about `linux.seccomp` (config-linux.md#seccomp).
final class SeccompRules {
  private static final String SPEC = "config-linux.md#seccomp";

  private static final long MAX_ERRNO = 4095;

  /// System calls that one capability is for: what a program that was given it would call. Only
  /// capabilities whose use is one of few system calls.
  private static final Map<Capability, List<String>> USES = uses();

  static final List<Rule> ALL =
      List.of(
          Rule.of("seccomp-name-empty", Level.MUST, SPEC, SeccompRules::emptyName),
          Rule.of("seccomp-name-unknown", Level.SHOULD, SPEC, SeccompRules::unknownName),
          Rule.of("seccomp-errno-action", Level.MUST, SPEC, SeccompRules::errnoAction),
          Rule.of("seccomp-errno-range", Level.SHOULD, SPEC, SeccompRules::errnoRange),
          Rule.of("seccomp-notify-listener", Level.MUST, SPEC, SeccompRules::listener),
          Rule.of("seccomp-notify-default", Level.MUST, SPEC, SeccompRules::notifyDefault),
          Rule.of("seccomp-notify-write", Level.MUST, SPEC, SeccompRules::notifyWrite),
          Rule.of("seccomp-listener-metadata", Level.MUST, SPEC, SeccompRules::metadata),
          Rule.of("seccomp-arg-index", Level.MUST, SPEC, SeccompRules::argIndex),
          Rule.of("seccomp-arg-repeated", Level.SHOULD, SPEC, SeccompRules::argRepeated),
          Rule.of("seccomp-value-two", Level.ADVICE, SPEC, SeccompRules::valueTwo),
          Rule.of("seccomp-rule-void", Level.ADVICE, SPEC, SeccompRules::sameAsDefault),
          Rule.of("seccomp-capability-blocked", Level.ADVICE, SPEC, SeccompRules::blocked));

  private SeccompRules() {}

  private static Map<Capability, List<String>> uses() {
    Map<Capability, List<String>> uses = new EnumMap<>(Capability.class);
    uses.put(Capability.CAP_SYS_ADMIN, List.of("mount", "umount2", "setns", "unshare", "fsopen"));
    uses.put(Capability.CAP_SYS_CHROOT, List.of("chroot"));
    uses.put(Capability.CAP_SYS_MODULE, List.of("init_module", "finit_module", "delete_module"));
    uses.put(Capability.CAP_SYS_BOOT, List.of("reboot", "kexec_load"));
    uses.put(
        Capability.CAP_SYS_TIME,
        List.of(
            "settimeofday",
            "stime",
            "clock_settime",
            "clock_settime64",
            "adjtimex",
            "clock_adjtime"));
    uses.put(Capability.CAP_SYS_PACCT, List.of("acct"));
    uses.put(Capability.CAP_SYS_TTY_CONFIG, List.of("vhangup"));
    uses.put(Capability.CAP_SYSLOG, List.of("syslog"));
    uses.put(Capability.CAP_DAC_READ_SEARCH, List.of("open_by_handle_at"));
    uses.put(Capability.CAP_BPF, List.of("bpf"));
    uses.put(Capability.CAP_PERFMON, List.of("perf_event_open", "bpf"));
    uses.put(Capability.CAP_SYS_PTRACE, List.of("ptrace", "process_vm_readv", "kcmp"));
    uses.put(Capability.CAP_MKNOD, List.of("mknod", "mknodat"));
    return uses;
  }

  private static Value seccomp(Document document) {
    return document.get("linux", "seccomp");
  }

  private static List<Value> rules(Document document) {
    return document.get("linux", "seccomp", "syscalls").items();
  }

  private static void emptyName(Document document, Findings findings) {
    eachName(
        document,
        String::isEmpty,
        name -> findings.add(name, name.path() + " is empty: runc refuses it", "remove it"));
  }

  private static void unknownName(Document document, Findings findings) {
    eachName(
        document,
        name -> !name.isEmpty() && !SystemCalls.isKnown(name),
        name ->
            findings.add(
                name,
                name.shown() + " is no system call of Linux: the filter leaves it out",
                findings.isFull()
                    ? null
                    : Suggestion.nearest(name.text(), SystemCalls.names())
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("man 2 syscalls")));
  }

  /// Calls for every name of a system call that is a text and wanted. A profile has hundreds.
  private static void eachName(
      Document document, Predicate<String> wanted, Consumer<Value> reporter) {
    for (Value rule : rules(document)) {
      Value names = rule.get("names");
      int index = 0;
      for (JsonNode name : names.node()) {
        if (names.isArray() && name.isTextual() && wanted.test(name.textValue())) {
          reporter.accept(names.item(index));
        }
        index++;
      }
    }
  }

  private static boolean hasErrno(Value action) {
    return action.is("SCMP_ACT_ERRNO") || action.is("SCMP_ACT_TRACE");
  }

  private static void errnoAction(Document document, Findings findings) {
    errnoAction(seccomp(document), "defaultErrnoRet", "defaultAction", findings);
    for (Value rule : rules(document)) {
      errnoAction(rule, "errnoRet", "action", findings);
    }
  }

  private static void errnoAction(Value around, String errno, String action, Findings findings) {
    if (around.get(errno).exists()
        && around.get(action).isText()
        && !hasErrno(around.get(action))) {
      findings.add(
          around.get(errno),
          around.get(errno).path() + " needs the action SCMP_ACT_ERRNO or SCMP_ACT_TRACE",
          "remove it");
    }
  }

  private static void errnoRange(Document document, Findings findings) {
    errnoRange(seccomp(document).get("defaultErrnoRet"), findings);
    for (Value rule : rules(document)) {
      errnoRange(rule.get("errnoRet"), findings);
    }
  }

  private static void errnoRange(Value errno, Findings findings) {
    if (errno.isOutside(0, MAX_ERRNO)) {
      findings.add(errno, errno.shown() + " is above 4095, the kernel's last error number", "1");
    }
  }

  private static void listener(Document document, Findings findings) {
    if (!seccomp(document).get("listenerPath").text().isEmpty()) {
      return;
    }
    for (Value rule : rules(document)) {
      if (rule.get("action").is("SCMP_ACT_NOTIFY")) {
        findings.add(
            rule.get("action"),
            rule.get("action").shown() + " needs linux.seccomp.listenerPath",
            "\"listenerPath\": \"/run/agent.sock\"");
      }
    }
  }

  static void notifyDefault(Document document, Findings findings) {
    Value action = seccomp(document).get("defaultAction");
    if (action.is("SCMP_ACT_NOTIFY")) {
      findings.add(
          action, action.shown() + " cannot be the default: runc refuses it", "\"SCMP_ACT_ERRNO\"");
    }
  }

  private static void notifyWrite(Document document, Findings findings) {
    for (Value rule : rules(document)) {
      if (rule.get("action").is("SCMP_ACT_NOTIFY") && rule.get("names").hasItem("write")) {
        findings.add(
            rule.get("names"),
            rule.path() + " notifies of 'write', which the runtime itself needs: runc refuses it",
            "remove \"write\"");
      }
    }
  }

  private static void metadata(Document document, Findings findings) {
    Value metadata = seccomp(document).get("listenerMetadata");
    if (metadata.exists() && seccomp(document).get("listenerPath").text().isEmpty()) {
      findings.add(metadata, metadata.path() + " needs linux.seccomp.listenerPath", "remove it");
    }
  }

  static void argIndex(Document document, Findings findings) {
    for (Value rule : rules(document)) {
      for (Value arg : rule.get("args").items()) {
        if (arg.get("index").isOutside(0, 5)) {
          findings.add(
              arg.get("index"),
              arg.get("index").shown() + " is not in 0 … 5: calls have six arguments",
              "\"index\": 0");
        }
      }
    }
  }

  private static void argRepeated(Document document, Findings findings) {
    for (Value rule : rules(document)) {
      Set<String> seen = new HashSet<>();
      for (Value arg : rule.get("args").items()) {
        if (arg.get("index").isInteger() && !seen.add(arg.get("index").integer().toString())) {
          findings.add(
              rule.get("args"),
              rule.path()
                  + " has two conditions on argument "
                  + arg.get("index").quoted()
                  + ": each of its conditions then suffices alone",
              "write one rule for each condition");
          break;
        }
      }
    }
  }

  private static void valueTwo(Document document, Findings findings) {
    for (Value rule : rules(document)) {
      for (Value arg : rule.get("args").items()) {
        if (arg.get("valueTwo").isPositive() && !arg.get("op").is("SCMP_CMP_MASKED_EQ")) {
          findings.add(
              arg.get("valueTwo"),
              arg.get("valueTwo").path() + " counts only with SCMP_CMP_MASKED_EQ",
              "remove it");
        }
      }
    }
  }

  private static void sameAsDefault(Document document, Findings findings) {
    Value action = seccomp(document).get("defaultAction");
    Value errno = seccomp(document).get("defaultErrnoRet");
    for (Value rule : rules(document)) {
      boolean sameErrno =
          !rule.get("errnoRet").exists()
              ? !errno.exists()
              : errno.exists() && errno.integer().equals(rule.get("errnoRet").integer());
      if (action.isText() && rule.get("action").is(action.text()) && sameErrno) {
        findings.add(
            rule,
            rule.path() + " does what defaultAction does anyway: it is left out",
            "remove it");
      }
    }
  }

  static boolean refuses(Value action) {
    return action.isText()
        && !action.is("SCMP_ACT_ALLOW")
        && !action.is("SCMP_ACT_LOG")
        && !action.is("SCMP_ACT_NOTIFY")
        && !action.is("SCMP_ACT_TRACE");
  }

  /// A capability is given, and the filter refuses all that it is for.
  private static void blocked(Document document, Findings findings) {
    Value seccomp = seccomp(document);
    if (!seccomp.isObject()) {
      return;
    }
    CapabilitySet held = document.capabilities().effective();
    Set<String> wanted = new HashSet<>();
    for (Map.Entry<Capability, List<String>> use : USES.entrySet()) {
      if (held.contains(use.getKey())) {
        wanted.addAll(use.getValue());
      }
    }
    Set<String> usable = usable(seccomp, wanted);
    for (Map.Entry<Capability, List<String>> use : USES.entrySet()) {
      if (held.contains(use.getKey()) && Collections.disjoint(usable, use.getValue())) {
        findings.add(
            seccomp,
            "the filter refuses what "
                + use.getKey().name()
                + " is for: "
                + String.join(", ", use.getValue()),
            "allow them, or: ocicap edit --drop " + use.getKey().shortName() + " BUNDLE");
      }
    }
  }

  /// Those of some system calls that a filter lets through, if only with some arguments.
  private static Set<String> usable(Value seccomp, Set<String> wanted) {
    Set<String> allowed = new HashSet<>();
    Set<String> refused = new HashSet<>();
    for (Value rule : seccomp.get("syscalls").items()) {
      boolean refuses = refuses(rule.get("action"));
      boolean conditional = !rule.get("args").items().isEmpty();
      for (JsonNode name : rule.get("names").node()) {
        if (wanted.contains(name.asText())) {
          if (!refuses) {
            allowed.add(name.asText());
          } else if (!conditional) {
            refused.add(name.asText());
          }
        }
      }
    }
    if (refuses(seccomp.get("defaultAction"))) {
      return allowed;
    }
    Set<String> usable = new HashSet<>(wanted);
    usable.removeAll(refused);
    return usable;
  }
}
