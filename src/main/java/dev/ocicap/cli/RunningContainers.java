package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.bundle.Bundle;
import dev.ocicap.docker.OtherContainers;
import dev.ocicap.processes.RuntimeStates;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The containers of runc and crun on this machine, as a docker command may name them. What such a
/// container has besides namespaces, its bundle says.
///
/// @param env the environment, for the place of a user's own runtime state
/// @param root another directory where the runtime keeps its state, if there is one
record RunningContainers(Map<String, String> env, Optional<Path> root) implements OtherContainers {
  private static final List<String> NOT_VOLUMES =
      List.of("/etc/resolv.conf", "/etc/hosts", "/etc/hostname", "/dev/shm", "/sbin/docker-init");

  @Override
  public Optional<Container> find(String name) {
    for (RuntimeStates.State state : RuntimeStates.all(Path.of("/run"), env, root)) {
      if (state.container().id().equals(name)) {
        return Optional.of(container(state));
      }
    }
    return Optional.empty();
  }

  private static Container container(RuntimeStates.State state) {
    long pid = Files.exists(Path.of("/proc/" + state.pid() + "/ns/net")) ? state.pid() : 0;
    Path bundle = Path.of(state.container().bundle());
    String hostname = "";
    String files = "";
    String shm = "";
    List<Mount> volumes = new ArrayList<>();
    Optional<RuntimeConfig> config = config(bundle);
    for (Mount mount : mounts(config)) {
      Path source = bundle.resolve(mount.source());
      if (mount.destination().equals("/etc/hosts") && source.endsWith("hosts")) {
        files = String.valueOf(source.getParent());
      } else if (mount.destination().equals("/dev/shm")) {
        shm = source.toString();
      } else if (!NOT_VOLUMES.contains(mount.destination())) {
        volumes.add(new Mount(mount.destination(), "bind", source.toString(), mount.options()));
      }
    }
    if (config.isPresent()) {
      hostname = config.get().find("hostname").map(JsonNode::asText).orElse("");
    }
    return new Container(pid, hostname, files, true, shm, volumes);
  }

  private static Optional<RuntimeConfig> config(Path bundle) {
    try {
      return Optional.of(Bundle.open(bundle).config());
    } catch (OcicapException e) {
      // The bundle went away, or is somebody else's: the namespaces are all that is known.
      return Optional.empty();
    }
  }

  private static List<Mount> mounts(Optional<RuntimeConfig> config) {
    List<Mount> mounts = new ArrayList<>();
    Optional<JsonNode> array = config.isPresent() ? config.get().find("mounts") : Optional.empty();
    if (array.isPresent()) {
      for (JsonNode mount : array.get()) {
        List<String> options = new ArrayList<>();
        mount.path("options").forEach(option -> options.add(option.asText()));
        if (options.contains("bind") || options.contains("rbind")) {
          mounts.add(
              new Mount(
                  mount.path("destination").asText(),
                  "bind",
                  mount.path("source").asText(),
                  options));
        }
      }
    }
    return mounts;
  }
}
