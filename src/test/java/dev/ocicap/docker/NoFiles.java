package dev.ocicap.docker;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/// A machine without files.
final class NoFiles implements HostFiles {
  @Override
  public byte[] read(String path) throws IOException {
    throw new NoSuchFileException(path);
  }

  @Override
  public boolean exists(String path) {
    return false;
  }

  @Override
  public boolean isDirectory(String path) {
    return false;
  }

  @Override
  public boolean isSymbolicLink(String path) {
    return false;
  }

  @Override
  public Optional<Node> node(String path) {
    return Optional.empty();
  }

  @Override
  public List<String> list(String path) {
    return List.of();
  }
}
