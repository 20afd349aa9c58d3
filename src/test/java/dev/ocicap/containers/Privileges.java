package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Gives programs set-id bits and file capabilities.
public final class Privileges {
  private Privileges() {}

  /// Changes mode and owners; a change of owner clears set-id bits and file capabilities.
  public static void set(Path file, int mode, int uid, int gid) throws IOException {
    Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
  }

  /// Writes `security.capability` as linux/capability.h lays it out.
  ///
  /// @param rootId the root id of version 3; version 2 when negative
  public static void setCapabilities(
      Path file, long permitted, long inheritable, boolean effective, int rootId) {
    ByteBuffer data = ByteBuffer.allocate(rootId < 0 ? 20 : 24).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt((rootId < 0 ? 0x02000000 : 0x03000000) | (effective ? 1 : 0));
    data.putInt((int) permitted).putInt((int) inheritable);
    data.putInt((int) (permitted >>> 32)).putInt((int) (inheritable >>> 32));
    if (rootId >= 0) {
      data.putInt(rootId);
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle lsetxattr =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("lsetxattr"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int result =
          (int)
              lsetxattr.invokeExact(
                  arena.allocateFrom(file.toString()),
                  arena.allocateFrom("security.capability"),
                  arena.allocateFrom(ValueLayout.JAVA_BYTE, data.array()),
                  (long) data.capacity(),
                  0);
      assertEquals(0, result, "lsetxattr of " + file);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
