package dev.ocicap.docker;

import dev.ocicap.os.FileStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The files of this machine.
final class LocalFiles implements HostFiles {
  /// The most that is read of one file.
  static final int MAX_FILE = 16 << 20;

  private static final int TYPE_BITS = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;

  /// What the kernel shows of the machine, which does not change.
  private static final String SYSTEM = "/sys/devices/system/";

  private @Nullable Map<String, Node> devices;
  private @Nullable String resolver;
  private final Map<String, Boolean> known = new ConcurrentHashMap<>();

  /// Looked for once: many commands of one call may ask.
  @Override
  public synchronized Map<String, Node> devices() {
    if (devices == null) {
      devices = HostDevices.in(this);
    }
    return devices;
  }

  /// Read once, as [#devices] is.
  @Override
  public synchronized String resolver() {
    String text = resolver;
    if (text == null) {
      text = HostFiles.super.resolver();
      resolver = text;
    }
    return text;
  }

  @Override
  public byte[] read(String path) throws IOException {
    try (InputStream in = FileStream.open(Path.of(path))) {
      byte[] content = in.readNBytes(MAX_FILE + 1);
      if (content.length > MAX_FILE) {
        throw new IOException("longer than " + MAX_FILE + " bytes");
      }
      return content;
    } catch (InvalidPathException e) {
      throw new IOException("not a path", e);
    }
  }

  /// The path, or null for a text that the locale's encoding cannot write, so that nothing is
  /// there.
  private static @Nullable Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  @Override
  public boolean exists(String path) {
    if (!path.startsWith(SYSTEM)) {
      return isThere(path);
    }
    Boolean answer = known.get(path);
    if (answer == null) {
      answer = isThere(path);
      known.put(path, answer);
    }
    return answer;
  }

  private static boolean isThere(String path) {
    Path file = path(path);
    return file != null && Files.exists(file);
  }

  @Override
  public boolean isDirectory(String path) {
    Path file = path(path);
    return file != null && Files.isDirectory(file);
  }

  @Override
  public boolean isSymbolicLink(String path) {
    Path file = path(path);
    return file != null && Files.isSymbolicLink(file);
  }

  @Override
  public Optional<Node> node(String path) {
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(Path.of(path), "unix:mode,rdev,uid,gid");
    } catch (IOException | UnsupportedOperationException | InvalidPathException e) {
      return Optional.empty();
    }
    int mode = number(attributes, "mode").intValue();
    int type = mode & TYPE_BITS;
    if (type != CHARACTER_DEVICE && type != BLOCK_DEVICE) {
      return Optional.empty();
    }
    long device = number(attributes, "rdev").longValue();
    return Optional.of(
        new Node(
            type == BLOCK_DEVICE ? "b" : "c",
            ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL),
            (device & 0xff) | ((device >>> 12) & ~0xffL & 0xffffffffL),
            mode & 0777,
            number(attributes, "uid").longValue(),
            number(attributes, "gid").longValue()));
  }

  private static Number number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number number ? number : 0;
  }

  @Override
  public List<String> list(String path) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(path))) {
      for (Path entry : entries) {
        names.add(entry.toString().substring(entry.toString().lastIndexOf('/') + 1));
      }
    } catch (IOException | DirectoryIteratorException | InvalidPathException e) {
      return List.of();
    }
    Collections.sort(names);
    return names;
  }
}
