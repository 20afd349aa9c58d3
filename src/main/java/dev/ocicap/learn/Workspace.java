package dev.ocicap.learn;

import dev.ocicap.os.DirectoryTree;
import dev.ocicap.os.Mounts;
import dev.ocicap.os.ProcessIdentity;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Everything that learning leaves on this machine while it works, in one directory that is named
/// after the process: the runtime's state of its containers, their bundles, and the copies of the
/// root file system. Closing it removes it all. What a killed process left is removed when the next
/// one begins: its containers are deleted through the state that is kept here, its mounts
/// unmounted, its trace instance, which bears the same name, and its files removed.
final class Workspace implements AutoCloseable {
  private static final String RUNTIME = "runtime";
  private static final String STATE = "state";
  private static final String TRACING = "tracing";
  private static final long DELETE_SECONDS = 10;
  private static final int ATTEMPTS = 10;

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /// The root of a container's user namespace must get to its files, and nobody may list them.
  private static final Set<PosixFilePermission> PASSABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  private final Path parent;
  private final Path directory;
  private final ProcessIdentity owner;
  private int count;

  private Workspace(Path parent, Path directory, ProcessIdentity owner) {
    this.parent = parent;
    this.directory = directory;
    this.owner = owner;
  }

  /// Makes the directory of this process, after sweeping those of processes that have ended.
  ///
  /// @param parent where they all are
  /// @param runtime the runtime's executable
  /// @param events hears of what was swept
  /// @throws OcicapException when the place belongs to somebody else or cannot be written
  static Workspace open(Path parent, Path runtime, Consumer<LearnEvent> events) {
    for (int attempt = 1; ; attempt++) {
      try {
        return make(parent, runtime, events);
      } catch (NoSuchFileException e) {
        // The last one that worked there has removed the directory of all just now.
        if (attempt == ATTEMPTS) {
          throw unprepared(parent, e);
        }
      } catch (IOException e) {
        throw unprepared(parent, e);
      }
    }
  }

  private static OcicapException unprepared(Path parent, IOException e) {
    return OcicapException.input(
        Place.file(parent.toString()), "cannot be prepared: " + e.getMessage(), null, e);
  }

  private static Workspace make(Path parent, Path runtime, Consumer<LearnEvent> events)
      throws IOException {
    Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(PASSABLE));
    if (!Files.getOwner(parent, LinkOption.NOFOLLOW_LINKS)
        .equals(Files.getOwner(Path.of("/proc/self")))) {
      throw OcicapException.input(Place.file(parent.toString()), "belongs to somebody else", null);
    }
    Files.setPosixFilePermissions(parent, PASSABLE);
    sweep(parent, events);
    ProcessIdentity owner = ProcessIdentity.self();
    Path directory = parent.resolve(owner.toString());
    Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PASSABLE));
    for (String own : new String[] {STATE, TRACING}) {
      Files.createDirectory(directory.resolve(own), PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    Files.writeString(directory.resolve(RUNTIME), runtime.toString(), StandardCharsets.UTF_8);
    return new Workspace(parent, directory, owner);
  }

  /// Removes what processes that have ended left in the directory of all.
  private static void sweep(Path parent, Consumer<LearnEvent> events) throws IOException {
    List<Path> stale = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent)) {
      for (Path directory : directories) {
        Optional<ProcessIdentity> owner =
            ProcessIdentity.parse(String.valueOf(directory.getFileName()));
        if (owner.isPresent() && !owner.get().isAlive()) {
          stale.add(directory);
        }
      }
    }
    for (Path directory : stale) {
      String owner = String.valueOf(directory.getFileName());
      try {
        remove(directory);
        events.accept(new LearnEvent.Swept(owner));
      } catch (IOException | DirectoryIteratorException e) {
        // Another start may be sweeping it too.
        if (Files.exists(directory)) {
          events.accept(
              new LearnEvent.Warning(
                  directory + ", left by an ocicap that was killed, stays: " + e.getMessage()));
        }
      }
    }
  }

  /// Who it belongs to.
  ProcessIdentity owner() {
    return owner;
  }

  /// Where the runtime keeps the state of the containers.
  Path state() {
    return directory.resolve(STATE);
  }

  /// An empty directory to mount the tracing file system on.
  Path tracing() {
    return directory.resolve(TRACING);
  }

  /// A new directory for one run, which nobody else gets into.
  ///
  /// @param owner the user id of the container's root on this machine
  Path run(long owner) throws IOException {
    Path run =
        Files.createDirectory(
            directory.resolve(Integer.toString(++count)),
            PosixFilePermissions.asFileAttribute(PRIVATE));
    if (owner != 0) {
      Files.setAttribute(run, "unix:uid", (int) owner);
    }
    return run;
  }

  /// The name of the container of the last run.
  String containerName() {
    return "ocicap-" + owner.pid() + "-" + count;
  }

  /// Removes the directory of one run.
  static void removeRun(Path run) throws IOException {
    unmount(run);
    delete(run);
  }

  @Override
  public void close() throws IOException {
    remove(directory);
    try {
      Files.deleteIfExists(parent);
      Path above = parent.getParent();
      if (above != null && above.endsWith("ocicap")) {
        Files.deleteIfExists(above);
      }
    } catch (IOException e) {
      // Others work there.
    }
  }

  private static void remove(Path directory) throws IOException {
    Path state = directory.resolve(STATE);
    Path program = directory.resolve(RUNTIME);
    if (Files.isDirectory(state) && Files.exists(program)) {
      String runtime = Files.readString(program, StandardCharsets.UTF_8);
      try (DirectoryStream<Path> containers = Files.newDirectoryStream(state)) {
        for (Path container : containers) {
          deleteContainer(runtime, state, String.valueOf(container.getFileName()));
        }
      }
    }
    unmount(directory);
    delete(directory);
  }

  /// Ends a container and removes it from the runtime's state. It may be gone already.
  static void deleteContainer(String runtime, Path state, String name) throws IOException {
    Process process =
        new ProcessBuilder(runtime, "--root", state.toString(), "delete", "--force", name)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(DELETE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void unmount(Path directory) throws IOException {
    for (Path point : Mounts.below(directory)) {
      Mounts.unmount(point);
    }
  }

  /// Removes a tree on which nothing is mounted any more.
  private static void delete(Path tree) throws IOException {
    if (!Mounts.below(tree).isEmpty()) {
      throw new IOException(tree + ": something is mounted there");
    }
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      DirectoryTree.delete(tree);
    } catch (IOException e) {
      // Files of another user of the container's namespace, which root of that namespace may
      // remove.
      ProcessBuilder inside =
          new ProcessBuilder(
              "unshare",
              "--user",
              "--map-root-user",
              "--map-auto",
              "rm",
              "-rf",
              "--",
              tree.toString());
      Process process =
          inside.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      try {
        process.waitFor(DELETE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }
}
