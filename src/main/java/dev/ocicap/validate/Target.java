package dev.ocicap.validate;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/// One configuration to check.
public sealed interface Target {
  /// The name that findings have.
  String name();

  /// The content; more than the validator's limit is not read.
  ///
  /// @throws OcicapException when it cannot be read
  byte[] read();

  /// A file.
  record InFile(Path path) implements Target {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public byte[] read() {
      try (InputStream in = Files.newInputStream(path)) {
        return in.readNBytes(ConfigFile.MAX_BYTES + 1);
      } catch (IOException e) {
        throw ConfigFile.failure(path, "cannot read", e);
      }
    }
  }

  /// A text that was read already, such as standard input.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record InMemory(String name, byte[] read) implements Target {}

  /// Reads a stream to check it.
  ///
  /// @param name `-` for standard input
  static Target of(String name, InputStream in) {
    try {
      return new InMemory(name, in.readNBytes(ConfigFile.MAX_BYTES + 1));
    } catch (IOException e) {
      throw OcicapException.input(Place.file(name), "cannot read: " + e.getMessage(), null, e);
    }
  }

  /// What a search brought.
  ///
  /// @param targets in the order of the names
  /// @param problems what could not be looked at; what else there is was found all the same
  record Found(List<Target> targets, List<Problem> problems) {
    /// Copies the lists.
    public Found {
      targets = List.copyOf(targets);
      problems = List.copyOf(problems);
    }
  }

  /// What a path means: a file itself, the config.json of a bundle, or every bundle below a folder
  /// in the order of the names. Nothing is looked for inside of a bundle, and symbolic links to
  /// folders are not followed.
  static Found find(Path path) {
    if (!Files.exists(path)) {
      return new Found(List.of(), List.of(nothing(path, "no such file or directory")));
    }
    if (!Files.isDirectory(path)) {
      return new Found(List.of(new InFile(path)), List.of());
    }
    List<Target> targets = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Deque<Path> folders = new ArrayDeque<>();
    folders.push(path);
    while (!folders.isEmpty()) {
      Path folder = folders.pop();
      Path config = folder.resolve(ConfigFile.NAME);
      try {
        if (Files.isRegularFile(config)) {
          targets.add(new InFile(config));
        } else {
          subfolders(folder).forEach(folders::push);
        }
      } catch (OcicapException e) {
        problems.addAll(e.problems());
      }
    }
    if (targets.isEmpty() && problems.isEmpty()) {
      problems.add(nothing(path, "no config.json here or below"));
    }
    return new Found(targets, problems);
  }

  /// In reverse order, as a stack wants them.
  private static List<Path> subfolders(Path folder) {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          folders.add(entry);
        }
      }
    } catch (IOException e) {
      throw ConfigFile.failure(folder, "cannot read the folder", e);
    }
    folders.sort(Collections.reverseOrder());
    return folders;
  }

  private static Problem nothing(Path path, String message) {
    return new Problem(Place.file(path.toString()), message, "ocicap generate -b " + path);
  }
}
