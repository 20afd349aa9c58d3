package dev.ocicap.os;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Extended attributes by the calls of Java's own file system, which keeps them to itself and to
/// the name space `user`. Only where they were opened for ocicap, with `--add-opens
/// java.base/sun.nio.fs=ALL-UNNAMED` and `java.base/sun.nio.ch`: to get ready for a foreign call
/// takes half of a cold start.
final class OpenedAttributes {
  private static final String ROOM = "sun.nio.fs.";

  /// The error numbers of Linux for: no such attribute; a file system without attributes.
  private static final int ENODATA = 61;

  private static final int EOPNOTSUPP = 95;

  private static final byte[] NONE = {};

  private final Method open;
  private final Method close;
  private final Method read;
  private final Method address;
  private final Method errno;

  private OpenedAttributes() throws ReflectiveOperationException {
    Class<?> calls = Class.forName(ROOM + "UnixNativeDispatcher");
    this.open = method(Class.forName(ROOM + "UnixPath"), "openForAttributeAccess", boolean.class);
    this.close = method(calls, "close", int.class);
    this.read = method(calls, "fgetxattr", int.class, byte[].class, long.class, int.class);
    // What the foreign function API says of a buffer costs a tenth of a start.
    this.address = method(Class.forName("sun.nio.ch.DirectBuffer"), "address");
    this.errno = method(Class.forName(ROOM + "UnixException"), "errno");
  }

  private static Method method(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = type.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }

  /// The calls; null where they are not there or not open.
  static @Nullable OpenedAttributes find() {
    try {
      return new OpenedAttributes();
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /// The value of an attribute of a regular file.
  ///
  /// @param most how long it may be
  /// @return no bytes when it has none; null when that cannot be known in this way, as of a file
  ///   that must not be opened
  byte @Nullable [] read(Path file, String name, int most) {
    try {
      int descriptor = (int) open.invoke(file, false);
      try {
        return read(descriptor, name, most);
      } finally {
        close.invoke(null, descriptor);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  private byte @Nullable [] read(int descriptor, String name, int most)
      throws ReflectiveOperationException {
    ByteBuffer value = ByteBuffer.allocateDirect(most);
    long at = (long) address.invoke(value);
    try {
      byte[] key = name.getBytes(StandardCharsets.US_ASCII);
      byte[] bytes = new byte[(int) read.invoke(null, descriptor, key, at, most)];
      value.get(bytes);
      return bytes;
    } catch (InvocationTargetException e) {
      int number = (int) errno.invoke(e.getCause());
      return number == ENODATA || number == EOPNOTSUPP ? NONE : null;
    }
  }
}
