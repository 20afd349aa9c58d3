package dev.ocicap.learn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.bundle.Bundle;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.FilterEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import dev.ocicap.os.MountedRoot;
import dev.ocicap.os.Rootfs;
import dev.ocicap.seccomp.SeccompFilter;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What is learned about: a bundle, and what its configuration becomes with fewer capabilities.
public final class Subject {
  private final Path directory;
  private final RuntimeConfig config;
  private final SeccompFilter filter;

  /// @param bundle the bundle; it is not written
  /// @param config its configuration
  public Subject(Bundle bundle, RuntimeConfig config) {
    this.directory = bundle.directory().toAbsolutePath().normalize();
    this.config = config;
    this.filter = SeccompFilter.of(config);
  }

  /// The bundle's own configuration.
  public RuntimeConfig config() {
    return config;
  }

  /// The bundle's filter of system calls, which follows the capabilities where it can.
  public SeccompFilter filter() {
    return filter;
  }

  /// The bundle's root file system.
  Path rootfs() {
    return MountedRoot.seen(directory, directory.resolve(config.rootPath()));
  }

  /// The files that the container sees: the root file system and what is mounted on it.
  Rootfs files() {
    List<Rootfs.Mounted> mounted = new ArrayList<>();
    for (JsonNode mount : config.find("mounts").orElse(JsonValues.missing())) {
      Path source = isBind(mount) ? directory.resolve(mount.path("source").asText()) : null;
      mounted.add(
          new Rootfs.Mounted(
              mount.path("destination").asText(), source, hasOption(mount, "nosuid")));
    }
    return new Rootfs(rootfs(), mounted);
  }

  /// Everything that a process in the container could get: the bounding set, with noNewPrivileges
  /// what of it is permitted. A process that keeps what execve never grants is no better off.
  public CapabilitySet ceiling() {
    ProcessCapabilities sets = sets();
    return config.noNewPrivileges() ? sets.bounding().intersect(sets.permitted()) : sets.bounding();
  }

  /// The user id on this machine of the container's root; 0 without a user namespace of its own.
  long rootOnHost() {
    JsonNode mappings = config.find("linux", "uidMappings").orElse(JsonValues.missing());
    for (JsonNode mapping : mappings) {
      if (mapping.path("containerID").asLong() == 0) {
        return mapping.path("hostID").asLong();
      }
    }
    return 0;
  }

  private ProcessCapabilities sets() {
    return config.capabilities().orElse(ProcessCapabilities.NONE);
  }

  /// The configuration that grants exactly a set: bounding, effective and permitted hold it, and
  /// for another user than root inheritable and ambient hold what of it the bundle has there. So no
  /// set ever holds what the bundle's does not, but effective and permitted, which execve computes.
  public RuntimeConfig with(CapabilitySet granted) {
    ProcessCapabilities exact = exactly(granted);
    return exact.equals(config.capabilities().orElse(null))
        ? config
        : config.edit(CapabilityEdits.replace(exact).then(filter.follow()));
  }

  /// As [#with], with the bundle's own filter of system calls: a filter that follows the
  /// capabilities refuses calls before the kernel asks for one.
  RuntimeConfig behindOwnFilter(CapabilitySet granted) {
    return config.edit(CapabilityEdits.replace(exactly(granted)));
  }

  private ProcessCapabilities exactly(CapabilitySet granted) {
    CapabilitySet passed = CapabilitySet.NONE;
    if (!config.user().isRoot()) {
      ProcessCapabilities sets = sets();
      passed =
          granted.intersect(
              sets.ambient().intersect(sets.permitted()).intersect(sets.inheritable()));
    }
    return new ProcessCapabilities(granted, granted, passed, granted, passed);
  }

  /// The configuration with more, where it works: in bounding, effective and permitted for root, in
  /// all five sets for another user.
  RuntimeConfig adding(CapabilitySet more) {
    if (more.isEmpty()) {
      return config;
    }
    ProcessCapabilities sets = sets();
    CapabilitySet passed = config.user().isRoot() ? CapabilitySet.NONE : more;
    return config.edit(
        CapabilityEdits.replace(
                new ProcessCapabilities(
                    sets.bounding().plus(more),
                    sets.effective().plus(more),
                    sets.inheritable().plus(passed),
                    sets.permitted().plus(more),
                    sets.ambient().plus(passed)))
            .then(filter.follow()));
  }

  /// A configuration whose filter lets more system calls pass.
  static RuntimeConfig passing(RuntimeConfig config, Collection<String> calls) {
    SpecEdit edit = draft -> {};
    for (String call : calls) {
      edit = edit.then(FilterEdits.decide("SCMP_ACT_ALLOW", call, null));
    }
    return config.edit(edit);
  }

  /// A configuration as a run uses it: at another place, with another root, and beside whatever
  /// runs of this bundle already.
  ///
  /// @param root the root file system
  /// @param copies an empty directory for the copies of mounted files
  RuntimeConfig trial(RuntimeConfig learned, Path root, Path copies) throws IOException {
    copyFiles(copies);
    return learned.edit(draft -> {
      draft.set(JsonValues.string(root.toString()), "root", "path");
      draft.remove("linux", "cgroupsPath");
      sources(draft, copies);
    });
  }

  /// The sources of bind mounts are relative to the bundle (config.md#mounts). Files of the bundle
  /// are copied, as the root file system is.
  private void sources(ConfigDraft draft, Path copies) {
    JsonNode mounts = draft.find("mounts").orElse(JsonValues.missing());
    for (int i = 0; i < mounts.size(); i++) {
      if (isBind(mounts.get(i)) && mounts.get(i) instanceof ObjectNode mount) {
        Path copy = copies.resolve(Integer.toString(i));
        Path source = directory.resolve(mount.path("source").asText());
        mount.set("source", JsonValues.string((Files.exists(copy) ? copy : source).toString()));
      }
    }
  }

  private void copyFiles(Path copies) throws IOException {
    JsonNode mounts = config.find("mounts").orElse(JsonValues.missing());
    for (int i = 0; i < mounts.size(); i++) {
      if (isOwnFile(mounts.get(i))) {
        Files.copy(
            directory.resolve(mounts.get(i).path("source").asText()),
            copies.resolve(Integer.toString(i)),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /// Whether a mount brings a file of the bundle into the container.
  private boolean isOwnFile(JsonNode mount) {
    String source = mount.path("source").asText();
    return isBind(mount)
        && !source.startsWith("/")
        && Files.isRegularFile(directory.resolve(source), LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isBind(JsonNode mount) {
    return mount.path("type").asText().equals("bind")
        || hasOption(mount, "bind")
        || hasOption(mount, "rbind");
  }

  private static boolean hasOption(JsonNode mount, String option) {
    for (JsonNode one : mount.path("options")) {
      if (one.asText().equals(option)) {
        return true;
      }
    }
    return false;
  }

  /// The bind mounts that a run can write to, as `SOURCE at DESTINATION`: they are no copies, so
  /// that one run meets what another left.
  public List<String> sharedMounts() {
    List<String> shared = new ArrayList<>();
    config
        .find("mounts")
        .ifPresent(mounts -> {
          for (JsonNode mount : mounts) {
            if (isBind(mount)
                && !isOwnFile(mount)
                && !hasOption(mount, "ro")
                && !hasOption(mount, "rro")) {
              shared.add(
                  mount.path("source").asText() + " at " + mount.path("destination").asText());
            }
          }
        });
    return List.copyOf(shared);
  }
}
