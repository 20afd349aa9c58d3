package dev.ocicap.cli;

import dev.ocicap.edit.RootlessEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.host.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// `--rootless`: the caller's ids, and the ranges that `/etc/subuid` and `/etc/subgid` give the
/// caller (subuid(5)).
final class Rootless {
  private Rootless() {}

  static SpecEdit edit() {
    long uid = Host.uid();
    String name = userName(uid);
    Optional<RootlessEdits.Range> uids = range(Path.of("/etc/subuid"), name, uid);
    Optional<RootlessEdits.Range> gids = range(Path.of("/etc/subgid"), name, uid);
    return uids.isPresent() && gids.isPresent()
        ? RootlessEdits.rootless(uid, Host.gid(), uids.get(), gids.get())
        : RootlessEdits.rootless(uid, Host.gid());
  }

  private static String userName(long uid) {
    for (String line : lines(Path.of("/etc/passwd"))) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && fields[2].equals(Long.toString(uid))) {
        return fields[0];
      }
    }
    return Long.toString(uid);
  }

  /// The first range of a user, who is named by name or number.
  static Optional<RootlessEdits.Range> range(Path file, String name, long uid) {
    for (String line : lines(file)) {
      String[] fields = line.split(":", -1);
      boolean fits =
          fields.length == 3 && (fields[0].equals(name) || fields[0].equals(Long.toString(uid)));
      if (fits && isNumber(fields[1]) && isNumber(fields[2])) {
        long first = Long.parseLong(fields[1]);
        long count = Long.parseLong(fields[2]);
        if (count > 0 && first + count <= 0xffffffffL) {
          return Optional.of(new RootlessEdits.Range(first, count));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isNumber(String text) {
    if (text.isEmpty() || text.length() > 10) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static Iterable<String> lines(Path file) {
    try {
      return Text.split(Files.readString(file, StandardCharsets.ISO_8859_1), '\n');
    } catch (IOException e) {
      return java.util.List.of();
    }
  }
}
