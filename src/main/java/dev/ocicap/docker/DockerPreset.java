package dev.ocicap.docker;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.DeviceEdits;
import dev.ocicap.edit.MountEdits;
import dev.ocicap.edit.NamespaceEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.SecurityEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.Namespace;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What Docker Engine writes for a container that asks for nothing, but for what it makes for one
/// container only: its id as host name and control group, and the three files below `/etc`.
public final class DockerPreset {
  private DockerPreset() {}

  /// The configuration, without a filter of system calls.
  ///
  /// @param capabilities what the process is granted
  /// @param cgroupNamespace whether it gets a cgroup namespace, as on hosts with cgroup v2
  /// @param apparmor whether the host has loaded the profile `docker-default`
  public static RuntimeConfig config(
      CapabilitySet capabilities, boolean cgroupNamespace, boolean apparmor) {
    List<SpecEdit> edits = new ArrayList<>();
    edits.add(ProcessEdits.user(new User(0, 0, List.of(0L))));
    edits.add(ProcessEdits.args(List.of("sh")));
    edits.add(
        ProcessEdits.environment(
            List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")));
    edits.add(ProcessEdits.cwd("/"));
    edits.add(CapabilityEdits.replace(ProcessCapabilities.forRoot(capabilities)));
    if (apparmor) {
      edits.add(SecurityEdits.apparmorProfile("docker-default"));
    }
    edits.add(ProcessEdits.oomScoreAdj(0));
    edits.add(ContainerEdits.rootPath("rootfs"));
    edits.add(ContainerEdits.hostname("docker"));
    List<Mount> mounts = new ArrayList<>();
    for (Mount mount : DockerDefaults.MOUNTS) {
      List<String> options = new ArrayList<>(mount.options());
      if (mount.destination().equals("/dev/shm")) {
        options.add("size=" + DockerDefaults.SHM_SIZE);
      }
      mounts.add(mount.withOptions(options));
    }
    edits.add(MountEdits.replace(mounts));
    Map<String, String> sysctls = new LinkedHashMap<>();
    sysctls.put("net.ipv4.ip_unprivileged_port_start", "0");
    sysctls.put("net.ipv4.ping_group_range", "0 2147483647");
    edits.add(NamespaceEdits.sysctls(sysctls));
    edits.add(DeviceEdits.rules(DockerDefaults.DEVICE_RULES));
    List<Namespace> namespaces = new ArrayList<>();
    for (String type : new String[] {"mount", "network", "uts", "pid", "ipc"}) {
      namespaces.add(Namespace.fresh(type));
    }
    if (cgroupNamespace) {
      namespaces.add(Namespace.fresh("cgroup"));
    }
    edits.add(NamespaceEdits.replace(namespaces));
    edits.add(SecurityEdits.maskedPaths(DockerDefaults.MASKED_PATHS));
    edits.add(SecurityEdits.readonlyPaths(DockerDefaults.READONLY_PATHS));
    return RuntimeConfig.create("1.0.2", SpecEdit.all(edits));
  }
}
