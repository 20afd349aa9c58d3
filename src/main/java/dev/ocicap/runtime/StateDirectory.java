package dev.ocicap.runtime;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a runtime keeps the state of its containers: one directory for each, named after it.
///
/// @param path the directory; it need not exist
public record StateDirectory(Path path) {

  /// The directory that a runtime uses by itself: `/run/NAME` for root, a directory of the same
  /// name in `$XDG_RUNTIME_DIR` for others; crun looks at that variable for root too.
  ///
  /// @param env the user's environment
  /// @param uid the effective user id
  public static StateDirectory of(OciRuntime runtime, Map<String, String> env, long uid) {
    String own = env.getOrDefault("XDG_RUNTIME_DIR", "");
    String kind = runtime.kind();
    boolean users = own.startsWith("/") && (uid != 0 || kind.equals("crun"));
    return new StateDirectory(Path.of(users ? own : "/run", kind));
  }

  /// Whether there is something of a container, be it running, ended or only half made.
  public boolean holds(ContainerId id) {
    return Files.isDirectory(path.resolve(id.name()), LinkOption.NOFOLLOW_LINKS);
  }

  /// Which of the runtimes that share this directory made a container, as the files tell that they
  /// leave there; null when there are none.
  @Nullable String kindOf(ContainerId id) {
    Path directory = path.resolve(id.name());
    if (Files.exists(directory.resolve("status"))) {
      return "crun";
    }
    if (Files.exists(directory.resolve("youki_config.json"))) {
      return "youki";
    }
    return Files.exists(directory.resolve("state.json")) ? "runc" : null;
  }

  /// The containers of which there is something.
  List<ContainerId> containers() {
    List<ContainerId> ids = new ArrayList<>();
    String[] names = path.toFile().list();
    if (names != null) {
      for (String name : names) {
        if (ContainerId.isValid(name)) {
          ids.add(new ContainerId(name));
        }
      }
    }
    return ids;
  }
}
