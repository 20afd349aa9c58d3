package dev.ocicap.cli;

import dev.ocicap.docker.DockerNotation;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.Property;
import dev.ocicap.edit.ResourceEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.Rlimit;
import dev.ocicap.spec.User;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The notations of what belongs to the process.
final class ProcessNotations {

  private static final List<String> POLICIES =
      List.of(
          "SCHED_OTHER",
          "SCHED_FIFO",
          "SCHED_RR",
          "SCHED_BATCH",
          "SCHED_ISO",
          "SCHED_IDLE",
          "SCHED_DEADLINE");

  private static final List<String> SCHEDULER_FLAGS =
      List.of(
          "SCHED_FLAG_RESET_ON_FORK",
          "SCHED_FLAG_RECLAIM",
          "SCHED_FLAG_DL_OVERRUN",
          "SCHED_FLAG_KEEP_POLICY",
          "SCHED_FLAG_KEEP_PARAMS",
          "SCHED_FLAG_UTIL_CLAMP_MIN",
          "SCHED_FLAG_UTIL_CLAMP_MAX");

  private static final List<String> IO_CLASSES =
      List.of("IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE");

  private ProcessNotations() {}

  /// `UID[:GID]`; as ocitools had it, `host`, nothing or a path mean the user namespace.
  static SpecEdit user(String option, String value) {
    if (value.isEmpty() || value.equals("host") || value.startsWith("/")) {
      return NamespaceNotations.share("user", option, value);
    }
    int colon = value.indexOf(':');
    String uid = colon < 0 ? value : value.substring(0, colon);
    String gid = colon < 0 ? "0" : value.substring(colon + 1);
    return ProcessEdits.user(new User(id(option, uid), id(option, gid), List.of()));
  }

  static SpecEdit group(String option, String value) {
    return ProcessEdits.group(id(option, value));
  }

  /// A user or group id.
  static long id(String option, String text) {
    boolean digits = !text.isEmpty() && text.length() <= 10;
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    long id = digits ? Long.parseLong(text) : -1;
    if (!digits || id > User.MAX_ID) {
      throw OcicapException.usage(
          option + ": '" + text + "' is not an id from 0 to " + User.MAX_ID, option + " 1000:1000");
    }
    return id;
  }

  /// `NAME=VALUE`, or `NAME` for the caller's value; a name that the caller has not set is removed.
  static SpecEdit env(String option, String value, Map<String, String> caller) {
    int equals = value.indexOf('=');
    String name = equals < 0 ? value : value.substring(0, equals);
    if (name.isEmpty() || value.indexOf('\0') >= 0) {
      throw OcicapException.usage(
          option + ": '" + value + "' has no variable name", option + " NAME=value");
    }
    String inherited = caller.get(name);
    if (equals >= 0) {
      return ProcessEdits.env(name, value.substring(equals + 1));
    }
    return inherited != null ? ProcessEdits.env(name, inherited) : ListProperty.ENV.remove(name);
  }

  static SpecEdit envFile(String option, String file, EditOptions.Context context) {
    List<SpecEdit> edits = new ArrayList<>();
    byte[] content = context.file(option, file);
    for (String line : DockerNotation.envFile(option + " " + file, content, context.env()::get)) {
      int equals = line.indexOf('=');
      edits.add(ProcessEdits.env(line.substring(0, equals), line.substring(equals + 1)));
    }
    return SpecEdit.all(edits);
  }

  /// `TYPE=SOFT[:HARD]`.
  static SpecEdit rlimit(String option, String value) {
    Text.Pair pair = Text.pair(option, value);
    int colon = pair.value().indexOf(':');
    String soft = colon < 0 ? pair.value() : pair.value().substring(0, colon);
    String hard = colon < 0 ? soft : pair.value().substring(colon + 1);
    return rlimit(option, pair.key(), soft, hard);
  }

  /// `TYPE:HARD:SOFT`.
  static SpecEdit hardFirst(String option, String value) {
    List<String> parts = Text.split(value, ':');
    if (parts.size() != 3) {
      throw Text.bad(option, value, "TYPE:HARD:SOFT", "RLIMIT_NOFILE:4096:1024");
    }
    return rlimit(option, parts.getFirst(), parts.get(2), parts.get(1));
  }

  private static SpecEdit rlimit(String option, String type, String soft, String hard) {
    BigInteger softLimit = Text.unsigned(option, soft, true);
    BigInteger hardLimit = Text.unsigned(option, hard, true);
    if (softLimit.compareTo(hardLimit) > 0) {
      throw OcicapException.usage(
          option + ": the soft limit '" + soft + "' is above the hard limit '" + hard + "'",
          option + " " + type + "=" + hard + ":" + hard);
    }
    return ResourceEdits.rlimit(
        Text.word(option, type, Rlimit.TYPES, "RLIMIT_"), softLimit, hardLimit);
  }

  static SpecEdit removeRlimit(String option, String type) {
    return ListProperty.RLIMITS.remove(Text.word(option, type, Rlimit.TYPES, "RLIMIT_"));
  }

  /// A number as Go writes it: octal with a leading `0` or `0o`, else decimal.
  static SpecEdit goUmask(String option, String value) {
    long mask =
        value.startsWith("0") ? Text.mode(option, value) : Text.integer(option, value, 0, 0777);
    return Property.UMASK.set(JsonValues.number(mask));
  }

  /// `WIDTH:HEIGHT` or `WIDTHxHEIGHT`; nothing removes it.
  static SpecEdit consoleSize(String option, String value) {
    if (value.isEmpty()) {
      return ProcessEdits.removeConsoleSize();
    }
    int colon = Math.max(value.indexOf(':'), value.indexOf('x'));
    if (colon < 0) {
      throw Text.bad(option, value, "WIDTH:HEIGHT", "80:24");
    }
    long width = Text.integer(option, value.substring(0, colon), 0, Integer.MAX_VALUE);
    long height = Text.integer(option, value.substring(colon + 1), 0, Integer.MAX_VALUE);
    return ProcessEdits.consoleSize((int) height, (int) width);
  }

  /// `POLICY[,KEY=NUMBER…][,flags=FLAG+FLAG]`; nothing removes it.
  static SpecEdit scheduler(String option, String value) {
    if (value.isEmpty()) {
      return ProcessEdits.removeScheduler();
    }
    List<String> fields = Text.split(value, ',');
    String first = fields.getFirst();
    String policy =
        Text.word(
            option,
            first.startsWith("policy=") ? first.substring("policy=".length()) : first,
            POLICIES,
            "SCHED_");
    Map<String, Long> numbers = new LinkedHashMap<>();
    List<String> flags = new ArrayList<>();
    for (String field : fields.subList(1, fields.size())) {
      Text.Pair pair = Text.pair(option, field);
      switch (pair.key()) {
        case "nice" -> numbers.put("nice", Text.integer(option, pair.value(), -20, 19));
        case "priority" -> numbers.put("priority", Text.integer(option, pair.value(), 0, 99));
        case "runtime", "deadline", "period" ->
            numbers.put(pair.key(), Text.integer(option, pair.value(), 0, Long.MAX_VALUE));
        case "flags" -> {
          for (String flag : Text.split(pair.value(), '+')) {
            flags.add(Text.word(option, flag, SCHEDULER_FLAGS, "SCHED_FLAG_"));
          }
        }
        default ->
            throw Text.bad(
                option,
                field,
                "one of nice=, priority=, runtime=, deadline=, period=, flags=",
                "fifo,priority=10");
      }
    }
    checkScheduler(option, policy, numbers);
    return ProcessEdits.scheduler(policy, numbers, flags);
  }

  /// What sched_setattr(2) refuses: a priority but of the realtime policies, which need one; times
  /// but of the deadline policy, which needs the first.
  private static void checkScheduler(String option, String policy, Map<String, Long> numbers) {
    boolean realtime = policy.equals("SCHED_FIFO") || policy.equals("SCHED_RR");
    boolean deadline = policy.equals("SCHED_DEADLINE");
    long priority = numbers.getOrDefault("priority", 0L);
    if (realtime && priority == 0) {
      throw OcicapException.usage(
          option + ": " + policy + " needs a priority from 1 to 99",
          option + " " + word(policy) + ",priority=10");
    }
    if (!realtime && priority != 0) {
      throw OcicapException.usage(
          option + ": " + policy + " takes no priority", option + " fifo,priority=" + priority);
    }
    long runtime = numbers.getOrDefault("runtime", 0L);
    if (deadline && runtime == 0) {
      throw OcicapException.usage(
          option + ": SCHED_DEADLINE needs a runtime, a deadline and a period in nanoseconds",
          option + " deadline,runtime=1000000,deadline=5000000,period=10000000");
    }
    for (String key : List.of("runtime", "deadline", "period")) {
      if (!deadline && numbers.getOrDefault(key, 0L) != 0) {
        throw OcicapException.usage(option + ": " + policy + " takes no " + key, null);
      }
    }
  }

  private static String word(String policy) {
    return policy.substring("SCHED_".length()).toLowerCase(Locale.ROOT);
  }

  /// `CLASS[:PRIORITY]`; nothing removes it.
  static SpecEdit ioPriority(String option, String value) {
    if (value.isEmpty()) {
      return ProcessEdits.removeIoPriority();
    }
    int colon = value.indexOf(':');
    String name = colon < 0 ? value : value.substring(0, colon);
    long priority = colon < 0 ? 4 : Text.integer(option, value.substring(colon + 1), 0, 7);
    String ioClass = Text.word(option, name.toUpperCase(Locale.ROOT), IO_CLASSES, "IOPRIO_CLASS_");
    return ProcessEdits.ioPriority(
        ioClass, ioClass.equals("IOPRIO_CLASS_IDLE") && colon < 0 ? 0 : priority);
  }
}
