package dev.ocicap.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Extended attributes of files outside of the `user` name space, which Java does not read
/// (lgetxattr(2)).
final class FileAttributes {
  private static final int LARGEST = 64;

  private static final @Nullable OpenedAttributes OPENED = OpenedAttributes.find();

  private FileAttributes() {}

  /// The value of a small attribute of the file itself, not of what a symbolic link points to;
  /// empty when it has none, or its file system has no attributes, or reading is not permitted.
  static Optional<byte[]> read(Path file, String name) throws IOException {
    if (OPENED != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] value = OPENED.read(file, name, LARGEST);
      if (value != null) {
        return value.length == 0 ? Optional.empty() : Optional.of(value);
      }
    }
    return readNatively(file, name);
  }

  /// The same by a foreign call.
  static Optional<byte[]> readNatively(Path file, String name) throws IOException {
    // A path's own bytes; the calls of Java's file system use the same encoding.
    byte[] path = NativeText.of(file.toString()).getBytes(StandardCharsets.ISO_8859_1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(LARGEST);
      MemorySegment nativePath = arena.allocate(path.length + 1L);
      MemorySegment.copy(path, 0, nativePath, ValueLayout.JAVA_BYTE, 0, path.length);
      long length =
          (long)
              Call.LGETXATTR.invokeExact(
                  nativePath, arena.allocateFrom(name), value, (long) LARGEST);
      return length < 0
          ? Optional.empty()
          : Optional.of(value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /// The native function, looked up when the first attribute is read.
  private static final class Call {
    static final MethodHandle LGETXATTR = find();

    private static MethodHandle find() {
      Linker linker = Linker.nativeLinker();
      SymbolLookup lookup = linker.defaultLookup();
      return linker.downcallHandle(
          lookup.findOrThrow("lgetxattr"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));
    }
  }
}
