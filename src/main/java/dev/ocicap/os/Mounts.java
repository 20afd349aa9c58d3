package dev.ocicap.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mounting and unmounting (mount(2), umount2(2)), and what is mounted in this mount namespace.
public final class Mounts {
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  private Mounts() {}

  /// Mounts an overlay: the files of `lower`, which is not changed, with every change in `upper`.
  ///
  /// @param work an empty directory on the file system of `upper`
  /// @throws IOException when the kernel refuses
  public static void overlay(Path lower, Path upper, Path work, Path target) throws IOException {
    String options =
        "lowerdir=" + escaped(lower) + ",upperdir=" + escaped(upper) + ",workdir=" + escaped(work);
    mount("overlay", target, "overlay", options);
  }

  /// A path in the options of an overlay: the kernel separates options by commas and lower
  /// directories by colons.
  private static String escaped(Path path) {
    return path.toAbsolutePath()
        .normalize()
        .toString()
        .replace("\\", "\\\\")
        .replace(":", "\\:")
        .replace(",", "\\,");
  }

  /// Mounts the tracing file system.
  ///
  /// @throws IOException when the kernel refuses
  public static void tracefs(Path target) throws IOException {
    mount("nodev", target, "tracefs", "");
  }

  private static void mount(String source, Path target, String type, String options)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Call.ERRNO);
      int result =
          (int)
              Call.MOUNT.invokeExact(
                  errno,
                  text(arena, source),
                  text(arena, target.toString()),
                  text(arena, type),
                  0L,
                  text(arena, options));
      if (result != 0) {
        throw failure("mount " + type + " on " + target, errno);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /// Unmounts what was mounted last on a directory; at once for new users of it, even if somebody
  /// still is in there.
  ///
  /// @throws IOException when nothing is mounted there or it is not permitted
  public static void unmount(Path target) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(Call.ERRNO);
      int result =
          (int)
              Call.UMOUNT2.invokeExact(
                  errno, text(arena, target.toString()), MNT_DETACH | UMOUNT_NOFOLLOW);
      if (result != 0) {
        throw failure("umount " + target, errno);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /// The mount points at or below a directory, the last mounted first.
  ///
  /// @throws IOException when there is no `/proc`
  public static List<Path> below(Path directory) throws IOException {
    Path wanted = directory.toAbsolutePath().normalize();
    List<Path> points = new ArrayList<>();
    for (String line :
        Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8)) {
      Path point = Path.of(field(line, 4));
      if (point.startsWith(wanted)) {
        points.addFirst(point);
      }
    }
    return List.copyOf(points);
  }

  /// A field of a line of mountinfo, counted from 0.
  private static String field(String line, int index) {
    int start = 0;
    for (int i = 0; i < index; i++) {
      start = line.indexOf(' ', start) + 1;
    }
    return unescaped(line.substring(start, line.indexOf(' ', start)));
  }

  /// A field of mountinfo without its octal escapes.
  static String unescaped(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  private static MemorySegment text(Arena arena, String text) {
    return arena.allocateFrom(NativeText.of(text), StandardCharsets.ISO_8859_1);
  }

  private static IOException failure(String what, MemorySegment errno) {
    int number =
        (int) Call.ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(errno, 0L);
    return new IOException(what + ": error " + number);
  }

  /// The native functions, looked up when the first is called.
  private static final class Call {
    static final StructLayout ERRNO = Linker.Option.captureStateLayout();
    static final MethodHandle MOUNT =
        find(
            "mount",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS));
    static final MethodHandle UMOUNT2 =
        find(
            "umount2",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private static MethodHandle find(String name, FunctionDescriptor descriptor) {
      Linker linker = Linker.nativeLinker();
      SymbolLookup lookup = linker.defaultLookup();
      return linker.downcallHandle(
          lookup.findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }
  }
}
