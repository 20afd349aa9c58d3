package dev.ocicap.docker;

import dev.ocicap.os.DirectoryTree;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The volumes that are made for bundles, several of which may share one and be made at the same
/// time. A new volume goes again, with the directories made to hold it, when none of the bundles
/// that it was made for came about.
public final class NewVolumes {
  private final Map<Path, Volume> volumes = new HashMap<>();

  /// A volume that was made here.
  private static final class Volume {
    private int users = 1;
    private final List<Path> parents = new ArrayList<>();
  }

  /// Has a volume made, unless it is there. When that fails nothing is used, and nothing of it
  /// stays: the next one tries for itself.
  ///
  /// @param maker makes the volume, whose parent exists
  /// @throws OcicapException when something else is in its place, or nothing can be made there
  synchronized void use(Path volume, Runnable maker) {
    @Nullable Volume made = volumes.get(volume);
    if (made != null) {
      made.users++;
      return;
    }
    if (Files.isDirectory(volume)) {
      return;
    }
    if (Files.exists(volume, LinkOption.NOFOLLOW_LINKS)) {
      throw OcicapException.input(Place.file(volume.toString()), "not a directory", null);
    }
    Volume fresh = new Volume();
    try {
      makeParents(volume, fresh.parents);
      maker.run();
    } catch (RuntimeException e) {
      try {
        remove(volume, fresh);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    volumes.put(volume, fresh);
  }

  private static void makeParents(Path volume, List<Path> made) {
    @Nullable Path parent = volume.getParent();
    if (parent == null) {
      return;
    }
    try {
      DirectoryTree.create(parent, made::add);
    } catch (IOException e) {
      throw ConvertedBundle.cannotMake(parent, e);
    }
  }

  /// Takes back one [#use].
  synchronized void leave(Path volume) throws IOException {
    @Nullable Volume made = volumes.get(volume);
    if (made == null) {
      return;
    }
    made.users--;
    if (made.users == 0) {
      volumes.remove(volume);
      remove(volume, made);
    }
  }

  private static void remove(Path volume, Volume made) throws IOException {
    DirectoryTree.delete(volume);
    for (Path parent : made.parents.reversed()) {
      DirectoryTree.deleteEmpty(parent);
    }
  }
}
