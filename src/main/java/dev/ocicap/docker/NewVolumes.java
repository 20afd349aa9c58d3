package dev.ocicap.docker;

import dev.ocicap.bundle.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The volumes that are made for bundles, several of which may share one and be made at the same
/// time. A new volume goes again when none of the bundles that it was made for came about.
public final class NewVolumes {
  private final Map<Path, Integer> users = new HashMap<>();

  /// Has a volume made, unless it is there.
  synchronized void use(Path volume, Runnable maker) {
    @Nullable Integer before = users.get(volume);
    if (before == null && Files.isDirectory(volume)) {
      return;
    }
    users.put(volume, before == null ? 1 : before + 1);
    if (before == null) {
      maker.run();
    }
  }

  /// Takes back one [#use].
  synchronized void leave(Path volume) throws IOException {
    @Nullable Integer now = users.computeIfPresent(volume, (path, count) -> count - 1);
    if (now != null && now == 0) {
      users.remove(volume);
      DirectoryTree.delete(volume);
    }
  }
}
