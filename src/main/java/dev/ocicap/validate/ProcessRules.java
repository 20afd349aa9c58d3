package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Level;
import dev.ocicap.report.Suggestion;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.Rlimit;
import dev.ocicap.spec.User;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Rules about `process` without its capabilities (config.md#process).
final class ProcessRules {
  /// A hint repeats no more of what stands where a list of words should.
  private static final int MAX_LINE = 500;

  private static final String SPEC = "config.md#process";
  private static final String USER = "config.md#posix-platform-user";
  private static final String POSIX = "config.md#posix-process";
  private static final String LINUX = "config.md#linux-process";

  private static final long NO_ID = User.MAX_ID + 1;

  /// Decimal numbers that are a usual umask when they are read as octal ones.
  private static final Set<Long> OCTAL_LOOKING = Set.of(22L, 27L, 77L, 22_22L, 222L, 777L, 177L);

  static List<Rule> all() {
    return List.of(
        Rule.of("process-required", Level.MUST, SPEC, ProcessRules::required),
        Rule.of("process-cwd-absolute", Level.MUST, SPEC, ProcessRules::cwd),
        Rule.of("process-args-required", Level.MUST, SPEC, ProcessRules::args),
        Rule.of("process-args-blank", Level.SHOULD, SPEC, ProcessRules::blank),
        Rule.of("process-path-missing", Level.MUST, SPEC, ProcessRules::path),
        Rule.of("process-console-size-unused", Level.ADVICE, SPEC, ProcessRules::console),
        Rule.of("env-entry-form", Level.MUST, SPEC, ProcessRules::env),
        Rule.of("env-name-duplicate", Level.ADVICE, SPEC, ProcessRules::envDuplicate)
            .repairedBy(ProcessRules::removeOverridden),
        Rule.of("user-id-required", Level.MUST, USER, ProcessRules::userId),
        Rule.of("user-id-none", Level.MUST, "setresuid(2)", ProcessRules::noUser),
        Rule.of("user-umask-octal", Level.ADVICE, USER, ProcessRules::umask),
        Rule.of("rlimit-type-known", Level.MUST, POSIX, ProcessRules::rlimitType)
            .repairedBy(ProcessRules::respellLimits),
        Rule.of("rlimit-duplicate", Level.MUST, POSIX, ProcessRules::rlimitDuplicate)
            .repairedBy(draft -> Repair.removeEqual(draft, "process", "rlimits")),
        Rule.of("rlimit-soft-above-hard", Level.MUST, "getrlimit(2)", ProcessRules::rlimitSoft),
        Rule.of("oom-score-range", Level.MUST, "proc(5)", ProcessRules::oomScore),
        Rule.of("scheduler-nice-range", Level.MUST, LINUX, ProcessRules::nice),
        Rule.of("scheduler-priority", Level.MUST, LINUX, ProcessRules::priority),
        Rule.of("scheduler-deadline", Level.MUST, LINUX, ProcessRules::deadline),
        Rule.of("io-priority-range", Level.MUST, LINUX, ProcessRules::ioPriority),
        Rule.of("io-priority-required", Level.MUST, LINUX, ProcessRules::ioPriorityRequired),
        Rule.of("cpu-affinity-list", Level.MUST, LINUX, ProcessRules::affinity),
        Rule.of("selinux-label-form", Level.MUST, LINUX, ProcessRules::selinux));
  }

  private ProcessRules() {}

  static void required(Document document, Findings findings) {
    if (!document.get("process").exists()) {
      findings.add(
          document.root(),
          "process is missing: the container cannot be started",
          "\"process\": {\"cwd\": \"/\", \"args\": [\"sh\"], …}");
    }
  }

  static void cwd(Document document, Findings findings) {
    Value cwd = document.get("process", "cwd");
    if (cwd.isText() && !isAbsolute(cwd.text(), document)) {
      findings.add(
          cwd,
          cwd.shown() + " is not an absolute path",
          document.isWindows() ? null : "\"/" + Value.cut(cwd.text()) + "\"");
    }
  }

  private static boolean isAbsolute(String path, Document document) {
    if (!document.isWindows()) {
      return path.startsWith("/");
    }
    return path.startsWith("/")
        || path.startsWith("\\")
        || (path.length() > 2 && path.charAt(1) == ':');
  }

  static void args(Document document, Findings findings) {
    Value process = document.get("process");
    if (!process.isObject()) {
      return;
    }
    Value args = process.get("args");
    boolean empty = !args.exists() || (args.isArray() && args.items().isEmpty());
    if (document.isWindows() && process.get("commandLine").exists()) {
      return;
    }
    if (empty) {
      findings.add(
          args.exists() ? args : process, "process.args names no program", "\"args\": [\"sh\"]");
    } else if (args.isArray() && args.items().getFirst().is("")) {
      findings.add(
          args.items().getFirst(), "process.args[0] is empty: it names no program", "\"sh\"");
    }
  }

  static void blank(Document document, Findings findings) {
    List<Value> args = document.get("process", "args").items();
    if (args.isEmpty() || document.isWindows()) {
      return;
    }
    String program = args.getFirst().text().strip();
    if (program.indexOf(' ') > 0) {
      findings.add(
          args.getFirst(),
          args.getFirst().shown() + " is taken whole for the name of the program",
          words(program));
    }
  }

  /// A command line as the words of a JSON list: blanks part them but for those in quotes.
  static String words(String line) {
    StringBuilder list = new StringBuilder();
    StringBuilder word = new StringBuilder();
    boolean begun = false;
    char quote = 0;
    for (char c : (line.substring(0, Math.min(line.length(), MAX_LINE)) + " ").toCharArray()) {
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
        begun = true;
      } else if (quote != 0 || c != ' ') {
        word.append(c);
        begun = true;
      } else if (begun) {
        list.append(list.isEmpty() ? "" : ", ")
            .append(JsonText.compact(JsonValues.string(word.toString())));
        word.setLength(0);
        begun = false;
      }
    }
    return list.toString();
  }

  private static void path(Document document, Findings findings) {
    List<Value> args = document.get("process", "args").items();
    if (args.isEmpty() || document.isWindows()) {
      return;
    }
    String program = args.getFirst().text();
    if (program.isEmpty() || program.indexOf('/') >= 0) {
      return;
    }
    for (Value entry : document.get("process", "env").items()) {
      if (entry.text().startsWith("PATH=")) {
        return;
      }
    }
    findings.add(
        args.getFirst(),
        args.getFirst().shown() + " is looked up in PATH, which process.env does not set",
        "\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"");
  }

  private static void console(Document document, Findings findings) {
    Value process = document.get("process");
    if (process.get("consoleSize").exists() && !process.get("terminal").isTrue()) {
      findings.add(
          process.get("consoleSize"),
          "process.consoleSize is ignored without process.terminal",
          "\"terminal\": true");
    }
  }

  static void env(Document document, Findings findings) {
    for (Value entry : document.get("process", "env").items()) {
      if (entry.isText() && entry.text().indexOf('=') < 1) {
        findings.add(
            entry,
            entry.shown() + " is not NAME=VALUE",
            entry.text().startsWith("=") || entry.text().isEmpty()
                ? null
                : "\"" + Value.cut(entry.text()) + "=\"");
      }
    }
  }

  private static void envDuplicate(Document document, Findings findings) {
    Map<String, Value> seen = new HashMap<>();
    for (Value entry : document.get("process", "env").items()) {
      int equals = entry.text().indexOf('=');
      if (equals > 0) {
        Value before = seen.put(entry.text().substring(0, equals), entry);
        if (before != null) {
          findings.add(before, before.shown() + " is overridden by " + entry.path(), "remove it");
        }
      }
    }
  }

  /// Leaves the last entry of each name, which is the one that counts.
  private static void removeOverridden(ConfigDraft draft) {
    if (draft.find("process", "env").orElse(null) instanceof ArrayNode env) {
      Set<String> later = new HashSet<>();
      for (int i = env.size() - 1; i >= 0; i--) {
        String entry = env.get(i).asText();
        int equals = entry.indexOf('=');
        if (env.get(i).isTextual() && equals > 0 && !later.add(entry.substring(0, equals))) {
          env.remove(i);
        }
      }
    }
  }

  private static void userId(Document document, Findings findings) {
    Value process = document.get("process");
    if (document.isWindows() || !process.isObject()) {
      return;
    }
    Value user = process.get("user");
    if (!user.exists()) {
      findings.add(
          Level.SHOULD,
          process,
          "process.user is missing: the program runs as root",
          "\"user\": {\"uid\": 0, \"gid\": 0}");
    } else if (user.isObject()) {
      for (String key : List.of("uid", "gid")) {
        if (!user.get(key).exists()) {
          findings.add(
              user, "process.user lacks '" + key + "'; runtimes take 0", "\"" + key + "\": 0");
        }
      }
    }
  }

  /// Not refused by every runtime: crun starts such a program as root.
  static void noUser(Document document, Findings findings) {
    for (Value id : document.userIds()) {
      if (id.isInteger() && !id.isOutside(NO_ID, NO_ID)) {
        findings.add(
            id, id.shown() + " is nobody's id: the kernel takes it for 'as it is', root", "65534");
      }
    }
  }

  private static void umask(Document document, Findings findings) {
    Value umask = document.get("process", "user", "umask");
    if (!umask.isInteger()) {
      return;
    }
    if (umask.isOutside(0, 511)) {
      findings.add(umask, umask.shown() + " has more than the permission bits 0777 (511)", null);
    } else if (OCTAL_LOOKING.contains(umask.integer().longValue())) {
      String written = umask.integer().toString();
      findings.add(
          umask,
          umask.shown()
              + " is decimal: the mask is octal 0"
              + Integer.toOctalString(umask.integer().intValue()),
          Integer.parseInt(written, 8) + " is octal 0" + written);
    }
  }

  static void rlimitType(Document document, Findings findings) {
    for (Value rlimit : document.get("process", "rlimits").items()) {
      Value type = rlimit.get("type");
      if (type.isText() && !Rlimit.TYPES.contains(type.text())) {
        findings.add(
            type,
            type.shown() + " is not a limit of the kernel",
            findings.isFull()
                ? null
                : Suggestion.nearest(type.text(), Rlimit.TYPES)
                    .map(known -> "did you mean '" + known + "'?")
                    .orElse("man 2 getrlimit"));
      }
    }
  }

  private static void rlimitDuplicate(Document document, Findings findings) {
    Set<String> seen = new HashSet<>();
    for (Value rlimit : document.get("process", "rlimits").items()) {
      Value type = rlimit.get("type");
      if (type.isText() && !seen.add(type.text())) {
        findings.add(type, type.shown() + " stands in rlimits already", "remove one of the two");
      }
    }
  }

  /// `nofile` and `rlimit_nofile` are spelt `RLIMIT_NOFILE`.
  private static void respellLimits(ConfigDraft draft) {
    for (JsonNode rlimit : draft.find("process", "rlimits").orElse(JsonValues.array())) {
      String upper = rlimit.path("type").asText().toUpperCase(Locale.ROOT);
      String type = upper.startsWith("RLIMIT_") ? upper : "RLIMIT_" + upper;
      if (rlimit instanceof ObjectNode object
          && Rlimit.TYPES.contains(type)
          && !object.path("type").asText().equals(type)) {
        object.set("type", JsonValues.string(type));
      }
    }
  }

  static void rlimitSoft(Document document, Findings findings) {
    for (Value rlimit : document.get("process", "rlimits").items()) {
      Value soft = rlimit.get("soft");
      Value hard = rlimit.get("hard");
      if (soft.isInteger() && hard.isInteger() && soft.integer().compareTo(hard.integer()) > 0) {
        findings.add(
            soft, soft.shown() + " is above the hard limit " + hard.quoted(), hard.quoted());
      }
    }
  }

  static void oomScore(Document document, Findings findings) {
    Value score = document.get("process", "oomScoreAdj");
    if (score.isOutside(-1000, 1000)) {
      findings.add(
          score,
          score.shown() + " is not in -1000 … 1000",
          "ocicap edit --oom-score-adj "
              + (score.integer().signum() < 0 ? -1000 : 1000)
              + " BUNDLE");
    }
  }

  private static void nice(Document document, Findings findings) {
    Value nice = document.get("process", "scheduler", "nice");
    if (nice.isOutside(-20, 19)) {
      findings.add(nice, nice.shown() + " is not in -20 … 19", null);
    }
  }

  private static void priority(Document document, Findings findings) {
    Value scheduler = document.get("process", "scheduler");
    Value priority = scheduler.get("priority");
    boolean realtime =
        scheduler.get("policy").is("SCHED_FIFO") || scheduler.get("policy").is("SCHED_RR");
    if (realtime && priority.isOutside(1, 99)) {
      findings.add(priority, priority.shown() + " is not in 1 … 99", null);
    } else if (!realtime && priority.isOutside(0, 0)) {
      findings.add(
          priority,
          priority.path() + " needs the policy SCHED_FIFO or SCHED_RR",
          "remove the priority");
    }
  }

  private static void deadline(Document document, Findings findings) {
    Value scheduler = document.get("process", "scheduler");
    if (scheduler.get("policy").is("SCHED_DEADLINE")) {
      return;
    }
    for (String key : List.of("runtime", "deadline", "period")) {
      if (scheduler.get(key).isOutside(0, 0)) {
        findings.add(
            scheduler.get(key),
            scheduler.get(key).path() + " needs the policy SCHED_DEADLINE",
            "remove it");
      }
    }
  }

  private static void ioPriority(Document document, Findings findings) {
    Value priority = document.get("process", "ioPriority", "priority");
    if (priority.isOutside(0, 7)) {
      findings.add(priority, priority.shown() + " is not in 0 … 7", null);
    }
  }

  private static void ioPriorityRequired(Document document, Findings findings) {
    Value io = document.get("process", "ioPriority");
    if (io.isObject() && !io.get("priority").exists()) {
      findings.add(io, "process.ioPriority lacks 'priority'", "\"priority\": 4");
    }
  }

  private static void affinity(Document document, Findings findings) {
    for (String key : List.of("initial", "final")) {
      Value list = document.get("process", "execCPUAffinity", key);
      if (!list.text().isEmpty() && !Forms.isCpuList(list.text())) {
        findings.add(list, list.shown() + " is not a list of CPUs", "\"0-3,7\"");
      }
    }
  }

  private static void selinux(Document document, Findings findings) {
    for (Value label :
        List.of(document.get("process", "selinuxLabel"), document.get("linux", "mountLabel"))) {
      if (label.isText() && !label.text().isEmpty() && !Forms.isSelinuxContext(label.text())) {
        findings.add(
            label,
            label.shown() + " is not user:role:type[:range]",
            "system_u:system_r:container_t:s0");
      }
    }
  }
}
