package dev.ocicap.seccomp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules on system calls, some of which hold only with or without a capability, on an architecture,
/// or since a kernel. config.json has no room for such conditions (config-linux.md#seccomp), so a
/// profile is resolved before it is written.
public final class SeccompProfile {
  private final ProfileSource source;
  private final List<Architecture.Family> families;
  private final List<String> architectures;
  private final String defaultAction;
  private final @Nullable Long defaultErrnoRet;
  private final @Nullable List<String> flags;
  private final @Nullable String listenerPath;
  private final @Nullable String listenerMetadata;
  private final List<ProfileRule> rules;

  /// The names of each rule, made when they are first asked for, which many threads may do.
  private final @Nullable ArrayNode[] names;

  private final List<Problem> ignored;

  SeccompProfile(
      ProfileSource source,
      List<Architecture.Family> families,
      List<String> architectures,
      String defaultAction,
      @Nullable Long defaultErrnoRet,
      @Nullable List<String> flags,
      @Nullable String listenerPath,
      @Nullable String listenerMetadata,
      List<ProfileRule> rules,
      List<Problem> ignored) {
    this.source = source;
    this.families = List.copyOf(families);
    this.architectures = List.copyOf(architectures);
    this.defaultAction = defaultAction;
    this.defaultErrnoRet = defaultErrnoRet;
    this.flags = flags == null ? null : List.copyOf(flags);
    this.listenerPath = listenerPath;
    this.listenerMetadata = listenerMetadata;
    this.rules = List.copyOf(rules);
    this.names = new @Nullable ArrayNode[rules.size()];
    this.ignored = List.copyOf(ignored);
  }

  /// The profile that is built into Docker Engine 28.
  public static SeccompProfile dockerDefault() {
    return DockerDefault.PROFILE;
  }

  /// Read when it is first asked for.
  private static final class DockerDefault {
    static final SeccompProfile PROFILE =
        new SeccompProfile(
            new ProfileSource.BuiltIn(DockerProfile.NAME),
            DockerProfile.architectures(),
            List.of(),
            "SCMP_ACT_ERRNO",
            DockerProfile.DEFAULT_ERRNO,
            null,
            null,
            null,
            DockerProfile.rules(),
            List.of());
  }

  /// The profile that Podman 5 uses.
  public static SeccompProfile podmanDefault() {
    return PodmanDefault.PROFILE;
  }

  /// Read when it is first asked for.
  private static final class PodmanDefault {
    static final SeccompProfile PROFILE =
        new SeccompProfile(
            new ProfileSource.BuiltIn(PodmanProfile.NAME),
            PodmanProfile.architectures(),
            List.of(),
            "SCMP_ACT_ERRNO",
            PodmanProfile.DEFAULT_ERRNO,
            null,
            null,
            null,
            PodmanProfile.rules(),
            List.of());
  }

  /// The profile in a file of Docker (`--security-opt seccomp=FILE`), or in an object that has the
  /// form of `linux.seccomp` and so no conditions.
  ///
  /// @throws OcicapException with everything that is wrong, when a runtime would refuse what the
  ///   file says or dockerd would refuse the file
  public static SeccompProfile parse(JsonText text) {
    return new ProfileReader(text, new ProfileSource.Text(text)).read();
  }

  /// Reads a profile, and remembers the file so that filters made from it can follow later changes
  /// of the capabilities.
  ///
  /// @throws OcicapException when the file cannot be read, or as [#parse] does
  public static SeccompProfile read(Path file) {
    JsonText text = JsonText.parse(file.toString(), ProfileSource.bytes(file));
    return new ProfileReader(text, ProfileSource.of(file, text)).read();
  }

  /// What the profile's text says that has no effect, in dockerd as here: unknown keys, for one. A
  /// condition that is misspelt is no condition, so these are worth showing.
  public List<Problem> ignored() {
    return ignored;
  }

  ProfileSource source() {
    return source;
  }

  /// The value of `linux.seccomp` for a container.
  ///
  /// @param bounding the container's bounding set; dockerd decides by this one for every user
  /// @param goArch the machine's architecture as Go and images name it: `amd64`
  /// @param kernel the machine's kernel
  public ObjectNode resolve(CapabilitySet bounding, String goArch, KernelVersion kernel) {
    Architecture architecture = Architecture.of(goArch);
    ObjectNode filter = JsonValues.object();
    filter.set("defaultAction", JsonValues.string(defaultAction));
    if (defaultErrnoRet != null) {
      filter.set("defaultErrnoRet", JsonValues.number(defaultErrnoRet));
    }
    List<String> resolved = architectures(architecture);
    if (!resolved.isEmpty()) {
      filter.set("architectures", JsonValues.strings(resolved));
    }
    if (flags != null) {
      filter.set("flags", JsonValues.strings(flags));
    }
    if (listenerPath != null) {
      filter.set("listenerPath", JsonValues.string(listenerPath));
    }
    if (listenerMetadata != null) {
      filter.set("listenerMetadata", JsonValues.string(listenerMetadata));
    }
    ArrayNode syscalls = JsonValues.array();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).applies(bounding, architecture, kernel)) {
        syscalls.add(rules.get(i).toJson(names(i)));
      }
    }
    if (!syscalls.isEmpty()) {
      filter.set("syscalls", syscalls);
    }
    return filter;
  }

  private ArrayNode names(int rule) {
    synchronized (names) {
      ArrayNode known = names[rule];
      if (known == null) {
        known = JsonValues.fixedStrings(rules.get(rule).names());
        names[rule] = known;
      }
      return known;
    }
  }

  private List<String> architectures(Architecture architecture) {
    for (Architecture.Family family : families) {
      if (architecture.oci().equals(family.main())) {
        List<String> names = new ArrayList<>();
        names.add(architecture.oci());
        names.addAll(family.others());
        return names;
      }
    }
    return architectures;
  }

  /// The system calls that a container may make with the capability and may not make, or only with
  /// some arguments, without it; in the profile's order.
  ///
  /// @param goArch the machine's architecture as Go and images name it: `amd64`
  /// @param kernel the machine's kernel
  public List<String> opens(Capability capability, String goArch, KernelVersion kernel) {
    Architecture architecture = Architecture.of(goArch);
    CapabilitySet with = CapabilitySet.of(capability);
    List<String> opened = new ArrayList<>();
    List<String> without = allowed(CapabilitySet.NONE, architecture, kernel);
    for (ProfileRule rule : rules) {
      if (rule.allowsAll()
          && rule.applies(with, architecture, kernel)
          && !rule.applies(CapabilitySet.NONE, architecture, kernel)) {
        for (String name : rule.names()) {
          if (!without.contains(name) && !opened.contains(name)) {
            opened.add(name);
          }
        }
      }
    }
    return List.copyOf(opened);
  }

  private List<String> allowed(
      CapabilitySet bounding, Architecture architecture, KernelVersion kernel) {
    List<String> names = new ArrayList<>();
    for (ProfileRule rule : rules) {
      if (rule.allowsAll() && rule.applies(bounding, architecture, kernel)) {
        names.addAll(rule.names());
      }
    }
    return names;
  }
}
