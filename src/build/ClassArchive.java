import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// What is done to an archive of classes when a JVM has written it.
final class ClassArchive {
  /// Of the place of classes, as an archive remembers it: how far before the time of its last
  /// change it says whether a JVM has to compare that.
  private static final int FLAG = -2 * Long.BYTES;

  private ClassArchive() {}

  /// Lets a JVM take an archive whatever time the jar has that its classes are from, as after a
  /// plain copy of both. The launcher knows by better means whether the jar is another one: a hash,
  /// and the times of what lies around it. The size is compared nevertheless.
  ///
  /// An archive remembers a jar as the length of its path and that of its manifest, whether the
  /// time is to be compared, a few small numbers, the time in seconds and the size
  /// (`AOTClassLocation` of JDK 25). Where nothing looks like that, nothing is changed.
  static void forgetTime(Path archive, Path jar) throws IOException {
    long time = Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS);
    long size = Files.size(jar);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(archive)).order(ByteOrder.nativeOrder());
    boolean changed = false;
    for (int i = -FLAG; i + 2 * Long.BYTES <= bytes.capacity(); i += Long.BYTES) {
      if (bytes.getLong(i) == time
          && bytes.getLong(i + Long.BYTES) == size
          && bytes.getLong(i + FLAG) == 1) {
        bytes.putLong(i + FLAG, 0);
        changed = true;
      }
    }
    if (changed) {
      Files.write(archive, bytes.array());
    }
  }
}
