package dev.ocicap.os;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Objects;

/// A pair of a terminal for a program and its other end (pts(4)).
public final class Pseudoterminal implements AutoCloseable {
  private static final int O_RDWR = 2;
  private static final int O_NOCTTY = 0400;
  private static final int O_CLOEXEC = 02000000;
  private static final int NAME_BYTES = 128;

  private final int descriptor;
  private final Path terminal;
  private boolean closed;

  private Pseudoterminal(int descriptor, Path terminal) {
    this.descriptor = descriptor;
    this.terminal = terminal;
  }

  /// Makes a new one.
  ///
  /// @throws IOException when the system has none to give
  public static Pseudoterminal open() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) Call.OPEN.invokeExact(O_RDWR | O_NOCTTY | O_CLOEXEC);
      MemorySegment name = arena.allocate(NAME_BYTES);
      if (descriptor < 0
          || (int) Call.GRANT.invokeExact(descriptor) != 0
          || (int) Call.UNLOCK.invokeExact(descriptor) != 0
          || (int) Call.NAME.invokeExact(descriptor, name, (long) NAME_BYTES) != 0) {
        throw new IOException("no pseudoterminal");
      }
      return new Pseudoterminal(descriptor, Path.of(name.getString(0)));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /// The program's end, a device to open.
  public Path terminal() {
    return terminal;
  }

  /// What the program prints; it ends when no program has the terminal open any more.
  public InputStream output() {
    return new InputStream() {
      private final byte[] one = new byte[1];

      @Override
      public int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment buffer = arena.allocate(length);
          // The kernel's answer is an error when the last program has gone.
          long count = (long) Call.READ.invokeExact(descriptor, buffer, (long) length);
          if (count <= 0) {
            return -1;
          }
          MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, (int) count);
          return (int) count;
        } catch (RuntimeException | Error e) {
          throw e;
        } catch (Throwable e) {
          throw new IOException(e);
        }
      }
    };
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      int _ = (int) Call.CLOSE.invokeExact(descriptor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /// The native functions, looked up when the first is called.
  private static final class Call {
    static final MethodHandle OPEN =
        find("posix_openpt", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    static final MethodHandle GRANT =
        find("grantpt", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    static final MethodHandle UNLOCK =
        find("unlockpt", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    static final MethodHandle NAME =
        find(
            "ptsname_r",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG));
    static final MethodHandle READ =
        find(
            "read",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG));
    static final MethodHandle CLOSE =
        find("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static MethodHandle find(String name, FunctionDescriptor descriptor) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
  }
}
