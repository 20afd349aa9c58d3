package dev.ocicap.validate;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.SetName;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.spec.SpecVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one runtime would make of a configuration: against what it says of itself, and what is
/// known of its releases.
///
/// @param release which one it is
/// @param features what it says of itself
/// @param hybridCgroups whether it is to run where cgroup v1 has controllers of v2 beside it
public record RuntimeCheck(RuntimeRelease release, Features features, boolean hybridCgroups) {
  private static final String FEATURES = "features.md";

  /// The rules of no runtime in particular.
  static final List<Rule> RULES =
      new RuntimeCheck(RuntimeRelease.parse(""), Features.UNKNOWN, false).rules();

  /// The rules of this runtime.
  List<Rule> rules() {
    return List.of(
        rule("runtime-version", Level.SHOULD, this::version),
        rule("runtime-cgroup", Level.MUST, this::cgroups),
        rule("runtime-hook", Level.MUST, this::hooks),
        rule("runtime-mount-option", Level.MUST, this::mountOptions),
        rule("runtime-namespace", Level.MUST, this::namespaces),
        rule("runtime-user-id", Level.MUST, this::userIds),
        rule("runtime-capability", Level.SHOULD, this::capabilities),
        rule("runtime-seccomp", Level.MUST, this::seccomp),
        rule("runtime-property", Level.MUST, this::properties),
        rule("runtime-annotation-unsafe", Level.SHOULD, this::annotations),
        // What a runtime said when it failed, if no other rule is about it.
        rule("runtime-error", Level.MUST, (document, findings) -> {}),
        rule("runtime-release", Level.SHOULD, this::releases));
  }

  private static Rule rule(String code, Level level, Rule.Check check) {
    return new Rule(code, level, Layer.RUNTIME, FEATURES, check, null);
  }

  void version(Document document, Findings findings) {
    Value version = document.get("ociVersion");
    Optional<SpecVersion> newest = features.version("ociVersionMax");
    Optional<SpecVersion> oldest = features.version("ociVersionMin");
    // It looks for "1.0" anywhere in the text, so that 1.1.0 passes.
    if (release.is("crun")
        && release.isBefore(1, 14, 3)
        && version.isText()
        && !version.text().contains("1.0")) {
      findings.add(
          Level.MUST,
          version,
          version.shown() + " is refused by " + release + ", which knows 1.0 only",
          "\"ociVersion\": \"1.0.2\"");
      return;
    }
    if (SpecVersion.parse(version.text()).isEmpty()) {
      return;
    }
    if (newest.isPresent() && newest.get().isBefore(document.version())) {
      findings.add(
          version,
          version.shown()
              + " is newer than "
              + newest.get()
              + ", the newest that "
              + release
              + " knows",
          null);
    } else if (oldest.isPresent() && document.version().isBefore(oldest.get())) {
      findings.add(
          version,
          version.shown()
              + " is older than "
              + oldest.get()
              + ", the oldest that "
              + release
              + " knows",
          null);
    }
  }

  private void cgroups(Document document, Findings findings) {
    if (hybridCgroups && release.is("crun")) {
      findings.add(
          document.root(),
          release + " starts nothing here: cgroup v1 has controllers of v2 beside it",
          "umount /sys/fs/cgroup/unified, in a mount namespace of crun's own");
    }
  }

  private void hooks(Document document, Findings findings) {
    Optional<List<String>> known = features.list("hooks");
    for (Value kind : document.get("hooks").members()) {
      if (known.isPresent()
          && !known.get().contains(kind.key())
          && Shape.CONFIG.property("hooks").orElseThrow().property(kind.key()).isPresent()) {
        findings.addKey(kind, release + " does not run " + kind.path(), null);
      }
    }
  }

  private void mountOptions(Document document, Findings findings) {
    Optional<List<String>> known = features.list("mountOptions");
    if (known.isEmpty()) {
      return;
    }
    Set<String> options = new HashSet<>(known.get());
    for (Value mount : document.mounts()) {
      for (Value option : mount.get("options").items()) {
        if (MountRules.isGeneric(option.text()) && !options.contains(option.text())) {
          findings.add(
              option,
              option.shown() + " is unknown to " + release + ", which hands it to the file system",
              null);
        }
      }
    }
  }

  private void namespaces(Document document, Findings findings) {
    Optional<List<String>> known = features.list("linux", "namespaces");
    for (Value namespace : document.get("linux", "namespaces").items()) {
      Value type = namespace.get("type");
      if (known.isPresent() && type.isText() && !known.get().contains(type.text())) {
        findings.add(type, type.shown() + " is unknown to " + release, null);
      }
    }
  }

  /// The highest id that runc took before it kept ids as numbers only.
  private static final long MAX_ID = Integer.MAX_VALUE;

  private void userIds(Document document, Findings findings) {
    if (!release.is("runc") || !release.isBefore(1, 3, 0)) {
      return;
    }
    for (Value id : document.userIds()) {
      if (id.isOutside(0, MAX_ID)) {
        findings.add(id, id.shown() + " is above " + MAX_ID + ": " + release + " refuses it", null);
      }
    }
  }

  private void capabilities(Document document, Findings findings) {
    Optional<List<String>> known = features.list("linux", "capabilities");
    for (SetName set : SetName.values()) {
      for (Value name : document.get("process", "capabilities", set.key()).items()) {
        if (known.isPresent()
            && Capability.spelt(name.text()).isPresent()
            && !known.get().contains(name.text())) {
          findings.add(name, name.shown() + " is unknown to " + release, null);
        }
      }
    }
  }

  private void seccomp(Document document, Findings findings) {
    Value seccomp = document.get("linux", "seccomp");
    if (!seccomp.isObject()) {
      return;
    }
    if (features.isOff("linux", "seccomp", "enabled")) {
      findings.add(seccomp, release + " was built without seccomp", null);
      return;
    }
    word(seccomp.get("defaultAction"), "actions", findings);
    words(seccomp.get("architectures"), "archs", findings);
    words(
        seccomp.get("flags"),
        features.list("linux", "seccomp", "supportedFlags").isPresent()
            ? "supportedFlags"
            : "knownFlags",
        findings);
    for (Value rule : seccomp.get("syscalls").items()) {
      word(rule.get("action"), "actions", findings);
      for (Value arg : rule.get("args").items()) {
        word(arg.get("op"), "operators", findings);
      }
    }
  }

  private void words(Value list, String feature, Findings findings) {
    for (Value item : list.items()) {
      word(item, feature, findings);
    }
  }

  private void word(Value word, String feature, Findings findings) {
    word(word, findings, "linux", "seccomp", feature);
  }

  private void word(Value word, Findings findings, String... feature) {
    Optional<List<String>> known = features.list(feature);
    if (known.isPresent() && word.isText() && !known.get().contains(word.text())) {
      findings.add(word, word.shown() + " is unknown to " + release, null);
    }
  }

  private void properties(Document document, Findings findings) {
    switchedOff(document.get("process", "apparmorProfile"), "apparmor", findings);
    switchedOff(document.get("process", "selinuxLabel"), "selinux", findings);
    switchedOff(document.get("linux", "mountLabel"), "selinux", findings);
    switchedOff(document.get("linux", "intelRdt"), "intelRdt", findings);
    switchedOff(document.get("linux", "netDevices"), "netDevices", findings);
    Value rdt = document.get("linux", "intelRdt");
    unsupported(rdt.get("schemata"), findings, "linux", "intelRdt", "schemata");
    unsupported(rdt.get("enableMonitoring"), findings, "linux", "intelRdt", "monitoring");
    if (features.isOff("linux", "mountExtensions", "idmap", "enabled")) {
      for (Value mount : document.mounts()) {
        if (mount.get("uidMappings").exists()) {
          findings.add(mount.get("uidMappings"), release + " knows no id-mapped mounts", null);
        }
      }
    }
    Value policy = document.get("linux", "memoryPolicy");
    word(policy.get("mode"), findings, "linux", "memoryPolicy", "modes");
    for (Value flag : policy.get("flags").items()) {
      word(flag, findings, "linux", "memoryPolicy", "flags");
    }
  }

  private void switchedOff(Value property, String feature, Findings findings) {
    unsupported(property, findings, "linux", feature, "enabled");
  }

  private void unsupported(Value property, Findings findings, String... feature) {
    boolean set =
        property.isObject()
            || property.isTrue()
            || !property.items().isEmpty()
            || !property.text().isEmpty();
    if (set && features.isOff(feature)) {
      findings.add(property, property.path() + " is not supported by " + release, null);
    }
  }

  private void annotations(Document document, Findings findings) {
    List<String> unsafe = features.list("potentiallyUnsafeConfigAnnotations").orElse(List.of());
    for (Value annotation : document.get("annotations").members()) {
      for (String key : unsafe) {
        boolean prefix = key.endsWith(".");
        if (prefix ? annotation.key().startsWith(key) : annotation.key().equals(key)) {
          findings.addKey(
              annotation,
              annotation.path() + " changes what " + release + " does on the host",
              "remove it, unless you wrote it");
        }
      }
    }
  }

  /// A property that releases before one ignore.
  private record Ignored(String runtime, int minor, int patch, List<String> path) {
    boolean isBy(RuntimeRelease release) {
      return release.is(runtime) && release.isBefore(1, minor, patch);
    }
  }

  private static Ignored ignored(String runtime, int minor, int patch, String... path) {
    return new Ignored(runtime, minor, patch, List.of(path));
  }

  /// From the history of the two; a release that is not named here knew the property before 1.0.
  private static final List<Ignored> IGNORED =
      List.of(
          ignored("runc", 2, 0, "domainname"),
          ignored("runc", 2, 0, "linux", "timeOffsets"),
          ignored("runc", 2, 0, "process", "scheduler"),
          ignored("runc", 2, 0, "process", "ioPriority"),
          ignored("runc", 2, 0, "linux", "personality"),
          ignored("runc", 2, 0, "linux", "resources", "cpu", "burst"),
          ignored("runc", 3, 0, "process", "execCPUAffinity"),
          ignored("runc", 4, 0, "linux", "intelRdt", "schemata"),
          ignored("runc", 4, 0, "linux", "intelRdt", "enableMonitoring"),
          ignored("runc", 4, 0, "linux", "netDevices"),
          ignored("runc", 4, 0, "linux", "memoryPolicy"),
          ignored("crun", 7, 0, "domainname"),
          ignored("crun", 8, 4, "linux", "timeOffsets"),
          ignored("crun", 8, 5, "process", "scheduler"),
          ignored("crun", 8, 6, "process", "ioPriority"),
          ignored("crun", 10, 0, "linux", "intelRdt"),
          ignored("crun", 11, 0, "linux", "resources", "cpu", "burst"),
          ignored("crun", 19, 0, "process", "execCPUAffinity"),
          ignored("crun", 22, 0, "linux", "netDevices"),
          ignored("crun", 22, 0, "linux", "intelRdt", "schemata"),
          ignored("crun", 24, 0, "linux", "intelRdt", "enableMonitoring"),
          ignored("crun", 24, 0, "linux", "memoryPolicy"));

  private void releases(Document document, Findings findings) {
    for (Ignored ignored : IGNORED) {
      Value property = document.get(ignored.path().toArray(new String[0]));
      if (ignored.isBy(release) && property.exists()) {
        findings.addKey(property, property.path() + " is ignored by " + release, null);
      }
    }
    Value process = document.get("process");
    if (process.isObject()
        && !process.get("capabilities").exists()
        && release.is("runc")
        && !release.isBefore(1, 3, 0)) {
      findings.add(
          Level.MUST,
          process,
          release + " gives root every capability when process.capabilities is missing",
          "\"capabilities\": {}");
    }
    for (SetName set : SetName.values()) {
      for (Value name : document.get("process", "capabilities", set.key()).items()) {
        Unknown unknown = unknown(name.text());
        if (name.isText() && unknown != null) {
          findings.add(unknown.level(), name, name.shown() + unknown.message(), null);
        }
      }
    }
  }

  private record Unknown(Level level, String message) {}

  /// What this release makes of a name that is none.
  private @Nullable Unknown unknown(String name) {
    if (Capability.spelt(name).isPresent() || !release.is("crun")) {
      return null;
    }
    if (!release.isBefore(1, 29, 0)) {
      return new Unknown(Level.MUST, ": " + release + " refuses unknown names");
    }
    boolean taken =
        (!name.isEmpty() && Character.digit(name.charAt(0), 10) >= 0)
            || (Capability.find(name).isPresent() && name.regionMatches(true, 0, "CAP_", 0, 4));
    return taken ? new Unknown(Level.MUST, ": " + release + " grants what it reads in it") : null;
  }
}
