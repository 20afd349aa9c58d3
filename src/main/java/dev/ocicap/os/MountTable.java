package dev.ocicap.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is mounted in the mount namespace of a process (proc_pid_mountinfo(5)).
///
/// @param entries in the order of the kernel, in which a later one covers an earlier one
public record MountTable(List<Entry> entries) {
  /// Copies the list.
  public MountTable {
    entries = List.copyOf(entries);
  }

  /// One mount.
  ///
  /// @param device the file system's number, `0:42`
  /// @param root the directory or file of the file system that is mounted
  /// @param point where, as the process sees it
  /// @param options of the mount, not of the file system
  /// @param type the file system's type
  /// @param fileSystemOptions of the file system, wherever it is mounted
  public record Entry(
      String device,
      String root,
      String point,
      List<String> options,
      String type,
      List<String> fileSystemOptions) {
    /// Copies the options.
    public Entry {
      options = List.copyOf(options);
      fileSystemOptions = List.copyOf(fileSystemOptions);
    }
  }

  /// The mounts that this process sees.
  ///
  /// @throws IOException when there is no `/proc`
  public static MountTable self() throws IOException {
    return read(Path.of("/proc/self/mountinfo"));
  }

  /// The mounts that another process sees.
  ///
  /// @throws IOException when there is no such process, or it may not be looked at
  public static MountTable of(long pid) throws IOException {
    return read(Path.of("/proc/" + pid + "/mountinfo"));
  }

  private static MountTable read(Path file) throws IOException {
    return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
  }

  /// The text of a `mountinfo` file; lines of another form are left out.
  public static MountTable parse(String text) {
    List<Entry> entries = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline;
      List<String> fields = split(text.substring(start, end), ' ');
      start = end + 1;
      int dash = fields.indexOf("-");
      if (dash >= 6 && fields.size() > dash + 1) {
        entries.add(
            new Entry(
                fields.get(2),
                unescaped(fields.get(3)),
                unescaped(fields.get(4)),
                split(fields.get(5), ','),
                fields.get(dash + 1),
                fields.size() > dash + 3 ? split(fields.get(dash + 3), ',') : List.of()));
      }
    }
    return new MountTable(entries);
  }

  /// The mount that a path lies on.
  public Optional<Entry> at(Path path) {
    Entry best = null;
    for (Entry entry : entries) {
      boolean nearer = best == null || entry.point().length() >= best.point().length();
      if (nearer && path.startsWith(entry.point())) {
        best = entry;
      }
    }
    return Optional.ofNullable(best);
  }

  /// Where a directory or file of a file system is seen here, if it is: what another namespace
  /// shows of the same file system.
  public Optional<String> pathOf(Entry other) {
    String found = null;
    int best = -1;
    for (Entry entry : entries) {
      if (entry.device().equals(other.device())
          && entry.root().length() > best
          && Path.of(other.root()).startsWith(entry.root())) {
        best = entry.root().length();
        String rest = entry.root().equals("/") ? other.root() : other.root().substring(best);
        String point = entry.point().equals("/") ? "" : entry.point();
        found = point + (rest.equals("/") ? "" : rest);
      }
    }
    return Optional.ofNullable(found).map(path -> path.isEmpty() ? "/" : path);
  }

  private static List<String> split(String line, char separator) {
    List<String> fields = new ArrayList<>();
    int start = 0;
    while (start <= line.length()) {
      int at = line.indexOf(separator, start);
      int end = at < 0 ? line.length() : at;
      fields.add(line.substring(start, end));
      start = end + 1;
    }
    return fields;
  }

  /// The bytes of a path, of which the kernel writes four in octal digits.
  private static String unescaped(String field) {
    String plain =
        field
            .replace("\\040", " ")
            .replace("\\011", "\t")
            .replace("\\012", "\n")
            .replace("\\134", "\\");
    return new String(plain.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
