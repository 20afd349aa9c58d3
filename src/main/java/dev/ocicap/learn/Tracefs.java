package dev.ocicap.learn;

import dev.ocicap.os.Mounts;
import dev.ocicap.os.ProcessIdentity;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The kernel's tracing file system, where it can report capability checks (Linux 6.14).
///
/// @param directory where it is mounted
record Tracefs(Path directory) {
  /// In the names of trace instances, before the identity of the process that made it.
  private static final String PREFIX = "ocicap-";

  private static final List<Path> USUAL =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));

  /// The kernel's constant inode of the first pid namespace (include/linux/proc_ns.h).
  private static final String FIRST_PID_NAMESPACE = "pid:[4026531836]";

  private static final String ROOT_ONLY = "tracing is for root only";

  /// Tracing, or why there is none.
  ///
  /// @param tracefs where it is
  /// @param reason why it cannot be used; empty when it can
  record Access(Optional<Tracefs> tracefs, String reason) {
    private static Access no(String reason) {
      return new Access(Optional.empty(), reason);
    }
  }

  /// Finds it, or mounts it where nobody else looks.
  ///
  /// @param mountPoint an empty directory for the latter
  static Access open(Path mountPoint) {
    try {
      if (!Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
          .toString()
          .equals(FIRST_PID_NAMESPACE)) {
        return Access.no("ocicap itself runs in a container (another pid namespace)");
      }
    } catch (IOException e) {
      return Access.no("there is no /proc");
    }
    for (Path directory : USUAL) {
      if (Files.isReadable(directory.resolve("trace_options"))) {
        return withTracepoint(new Tracefs(directory));
      }
    }
    if (!isKnown()) {
      return Access.no("this kernel traces nothing (CONFIG_FTRACE)");
    }
    try {
      Mounts.tracefs(mountPoint);
    } catch (IOException e) {
      return Access.no(ROOT_ONLY);
    }
    return withTracepoint(new Tracefs(mountPoint));
  }

  private static boolean isKnown() {
    try {
      return Files.readAllLines(Path.of("/proc/filesystems")).contains("nodev\ttracefs");
    } catch (IOException e) {
      return true;
    }
  }

  private static Access withTracepoint(Tracefs tracefs) {
    if (!Files.exists(tracefs.directory.resolve("events/capability/cap_capable"))) {
      return Access.no("this kernel has no tracepoint 'cap_capable' (Linux 6.14 brought it)");
    }
    return Files.isWritable(tracefs.directory.resolve("instances"))
        ? new Access(Optional.of(tracefs), "")
        : Access.no(ROOT_ONLY);
  }

  /// The directory of a trace instance of a process.
  ///
  /// @param suffix what tells several apart: empty, or a word after a dot
  Path instance(ProcessIdentity owner, String suffix) {
    return directory.resolve("instances").resolve(PREFIX + owner + suffix);
  }

  /// Removes the trace instances of processes that have ended without a word.
  ///
  /// @return why one stays until the next time, as when a child of its process still reads it; ""
  ///   when none does
  String sweep() {
    String reason = "";
    try (DirectoryStream<Path> instances =
        Files.newDirectoryStream(directory.resolve("instances"), PREFIX + "*")) {
      for (Path instance : instances) {
        String name = String.valueOf(instance.getFileName()).substring(PREFIX.length());
        int dot = name.indexOf('.');
        name = dot < 0 ? name : name.substring(0, dot);
        Optional<ProcessIdentity> owner = ProcessIdentity.parse(name);
        if (owner.isPresent()
            && !owner.get().isAlive()
            && Files.isDirectory(instance, LinkOption.NOFOLLOW_LINKS)) {
          try {
            // Another start may be sweeping it too.
            Files.deleteIfExists(instance);
          } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      reason = String.valueOf(e.getMessage());
    }
    return reason;
  }
}
