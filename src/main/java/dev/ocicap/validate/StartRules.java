package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.report.Level;
import dev.ocicap.report.ShellWords;
import dev.ocicap.report.Suggestion;
import dev.ocicap.seccomp.SeccompWords;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What runtimes refuse of a document when they start it, whatever the machine. [Validator] has
/// rules about the most of it, with the words of the specification; these are as quick as a start
/// wants, and say no more than is sure to fail.
final class StartRules {
  static final String INSIDE_PROC = " is inside /proc, where nothing may be mounted";

  private static final BigInteger MAX_ID = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);

  /// A process of crun's has as much when it becomes the program, one of runc's four times that.
  private static final BigInteger LEAST_MEMORY = BigInteger.valueOf(512 * 1024);

  private static final List<String> PERSONALITIES = List.of("LINUX", "LINUX32");

  private static final List<String> DEVICE_TYPES = List.of("c", "b", "u", "p");

  private static final List<String> PROPAGATIONS =
      List.of(
          "",
          "private",
          "rprivate",
          "slave",
          "rslave",
          "shared",
          "rshared",
          "unbindable",
          "runbindable");

  /// What runc lets a mount hide in `/proc`: what lxcfs stands in for.
  private static final Set<String> PROC_MOUNTS =
      Set.of(
          "/proc/cpuinfo",
          "/proc/diskstats",
          "/proc/meminfo",
          "/proc/stat",
          "/proc/swaps",
          "/proc/uptime",
          "/proc/loadavg",
          "/proc/slabinfo",
          "/proc/net/dev",
          "/proc/sys/kernel/ns_last_pid",
          "/proc/sys/crypto/fips_enabled");

  /// File systems that the kernel mounts for a user namespace that owns another namespace.
  private record Owned(String type, String namespace) {}

  private static final List<Owned> OWNED =
      List.of(new Owned("sysfs", "network"), new Owned("mqueue", "ipc"), new Owned("proc", "pid"));

  private StartRules() {}

  /// Types at which every runtime gives up reading.
  static void types(Document document, Findings findings) {
    for (Value id : document.userIds()) {
      id(id, findings);
    }
    text(document.get("process", "cwd"), findings);
    for (Value annotation : document.get("annotations").members()) {
      text(annotation, findings);
    }
    for (Value mount : document.mounts()) {
      text(mount.get("destination"), findings);
    }
  }

  /// Types at which those give up that are written in Go; crun takes what is wrong there for
  /// absent.
  static void strictTypes(Document document, Findings findings) {
    Value process = document.get("process");
    texts(process.get("args"), findings);
    texts(process.get("env"), findings);
    Value terminal = process.get("terminal");
    if (terminal.exists() && !terminal.node().isBoolean()) {
      findings.add(terminal, terminal.path() + " must be true or false", "false");
    }
    for (Value mount : document.mounts()) {
      text(mount.get("source"), findings);
      text(mount.get("type"), findings);
      texts(mount.get("options"), findings);
    }
    text(document.get("hostname"), findings);
  }

  private static void id(Value id, Findings findings) {
    boolean whole =
        id.isInteger() && id.integer().signum() >= 0 && id.integer().compareTo(MAX_ID) <= 0;
    if (id.exists() && !whole) {
      findings.add(id, id.shown() + " must be a whole number from 0 on", "0");
    }
  }

  private static void texts(Value list, Findings findings) {
    int index = 0;
    for (JsonNode item : list.node()) {
      if (list.isArray() && !item.isTextual() && !item.isNull()) {
        text(list.item(index), findings);
      }
      index++;
    }
  }

  private static void text(Value value, Findings findings) {
    if (value.exists() && !value.isText() && !value.node().isNull()) {
      findings.add(
          value,
          value.shown() + " must be a text",
          value.node().isValueNode() ? "\"" + value.node().asText() + "\"" : null);
    }
  }

  /// Words of a filter that no runtime knows, and system calls without which no program begins.
  static void filter(Document document, Findings findings) {
    Value seccomp = document.get("linux", "seccomp");
    if (!seccomp.isObject()) {
      return;
    }
    word(seccomp.get("defaultAction"), SeccompWords.ACTIONS, findings);
    words(seccomp.get("architectures"), SeccompWords.ARCHITECTURES, findings);
    words(seccomp.get("flags"), SeccompWords.FLAGS, findings);
    for (Value rule : seccomp.get("syscalls").items()) {
      word(rule.get("action"), SeccompWords.ACTIONS, findings);
      for (Value arg : rule.get("args").items()) {
        word(arg.get("op"), SeccompWords.OPERATORS, findings);
      }
    }
    Value action = seccomp.get("defaultAction");
    if (SeccompRules.refuses(action) && findings.isEmpty() && !allows(seccomp, "execve")) {
      findings.add(
          action,
          action.shown() + " stops execve, with which the runtime starts the program",
          "ocicap edit --seccomp docker BUNDLE");
    }
  }

  private static void words(Value list, List<String> known, Findings findings) {
    for (Value word : list.items()) {
      word(word, known, findings);
    }
  }

  private static void word(Value word, List<String> known, Findings findings) {
    if (word.isText() && !known.contains(word.text())) {
      findings.add(
          word,
          word.shown() + " is unknown to the runtime",
          Suggestion.nearest(word.text(), known)
              .map(near -> "\"" + near + "\"")
              .orElse("\"" + known.getFirst() + "\""));
    }
  }

  private static boolean allows(Value seccomp, String call) {
    for (Value rule : seccomp.get("syscalls").items()) {
      if (!SeccompRules.refuses(rule.get("action")) && rule.get("names").hasItem(call)) {
        return true;
      }
    }
    return false;
  }

  /// runc gives none, also where newgidmap(1) would allow it.
  static void groupsOfUser(Document document, Findings findings) {
    Value groups = document.get("process", "user", "additionalGids");
    if (!groups.items().isEmpty()) {
      findings.add(
          groups,
          groups.path() + ": a user without privileges cannot give groups to a process",
          "ocicap edit --unset /process/user/additionalGids BUNDLE");
    }
  }

  static void personality(Document document, Findings findings) {
    Value domain = document.get("linux", "personality", "domain");
    if (domain.isText() && !PERSONALITIES.contains(domain.text())) {
      findings.add(domain, domain.shown() + " is unknown to the runtime", "\"LINUX\"");
    }
  }

  static void deviceTypes(Document document, Findings findings) {
    for (Value device : document.get("linux", "devices").items()) {
      Value type = device.get("type");
      if (type.isText() && !DEVICE_TYPES.contains(type.text())) {
        findings.add(type, type.shown() + " is no type of device", "\"c\"");
      }
    }
  }

  static void propagation(Document document, Findings findings) {
    Value propagation = document.get("linux", "rootfsPropagation");
    if (propagation.isText() && !PROPAGATIONS.contains(propagation.text())) {
      findings.add(
          propagation,
          propagation.shown() + " is no propagation that the runtime knows",
          "\"private\"");
    }
  }

  static void insideProc(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      Value destination = mount.get("destination");
      String path = Forms.clean(destination.text());
      if (path.startsWith("/proc/") && !PROC_MOUNTS.contains(path)) {
        findings.add(
            destination,
            destination.shown() + INSIDE_PROC,
            ShellWords.pasted(
                List.of("ocicap", "edit", "--mount-remove", destination.text(), "BUNDLE")));
      }
    }
  }

  /// What only the kernel's initial user namespace may mount, or one that owns the other namespace.
  static void notOwned(Document document, Findings findings) {
    if (!document.makesNamespace("user")) {
      return;
    }
    for (Value mount : document.mounts()) {
      for (Owned owned : OWNED) {
        boolean bind = mount.get("options").hasItem("bind", "rbind");
        if (mount.get("type").is(owned.type())
            && !bind
            && !document.hasNamespace(owned.namespace())) {
          findings.add(
              mount,
              mount.path()
                  + " is of the type '"
                  + owned.type()
                  + "', which a user namespace mounts only with a "
                  + owned.namespace()
                  + " namespace of its own",
              "ocicap edit --namespace " + owned.namespace() + " BUNDLE");
        }
      }
    }
  }

  /// A size that the kernel cannot read.
  static void tmpfsSize(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      if (mount.get("type").is("tmpfs")) {
        List<Value> sizes = new ArrayList<>(mount.get("options").items());
        sizes.removeIf(option -> !option.text().startsWith("size="));
        for (Value size : sizes) {
          String number = size.text().substring("size=".length());
          if (number.isEmpty() || number.charAt(0) < '0' || number.charAt(0) > '9') {
            findings.add(
                mount.get("options"), size.shown() + " is no size for a tmpfs", "\"size=64m\"");
          }
        }
      }
    }
  }

  static void memory(Document document, Findings findings) {
    Value limit = document.get("linux", "resources", "memory", "limit");
    if (limit.isPositive() && limit.integer().compareTo(LEAST_MEMORY) < 0) {
      findings.add(
          limit,
          limit.shown() + " is less than the runtime itself needs to start the container",
          "ocicap edit --memory 16m BUNDLE");
    }
  }

  /// crun makes mappings of its own: from `/etc/subuid`, or of a single id.
  static void mappingsOfItsOwn(Document document, Findings findings) {
    if (document.makesNamespace("user") && document.get("linux", "uidMappings").items().isEmpty()) {
      findings.add(
          Level.SHOULD,
          document.namespace("user"),
          "a new user namespace has no linux.uidMappings: the runtime maps the ids of /etc/subuid,"
              + " or a single one",
          "ocicap edit --uidmap 0:100000:65536 --gidmap 0:100000:65536 BUNDLE");
    }
  }

  static void mountNamespace(Document document, Findings findings) {
    boolean restricted =
        !document.get("linux", "maskedPaths").items().isEmpty()
            || !document.get("linux", "readonlyPaths").items().isEmpty();
    if (restricted) {
      NamespaceRules.mountMissing(document, findings);
    }
  }

  /// crun enters it in any case.
  static void emptyDirectory(Document document, Findings findings) {
    if (document.get("process", "cwd").is("")) {
      ProcessRules.cwd(document, findings);
    }
  }
}
