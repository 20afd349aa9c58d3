package dev.ocicap.docker;

import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The value of `--user` and of an image's user: `[USER][:GROUP]`, names or numbers.
///
/// @param user a name, a number, or "" for root
/// @param group a name, a number, or "" for the user's own
record UserNotation(String user, String group) {
  private static final long MAX_ID = Integer.MAX_VALUE;

  static UserNotation parse(String text) {
    List<String> parts = Texts.split(text, ':');
    if (parts.size() > 2) {
      throw new BadValue("'" + text + "' is not [USER][:GROUP]");
    }
    return new UserNotation(parts.getFirst(), parts.size() == 2 ? parts.getLast() : "");
  }

  /// The numbers, as the root file system's own `/etc/passwd` and `/etc/group` say; the first of
  /// the supplementary groups is the primary one, as Docker Engine writes it.
  User resolve(ImageFiles rootfs) {
    Optional<String> passwd = rootfs.read("/etc/passwd");
    List<List<String>> groups = records(rootfs.read("/etc/group").orElse(""));
    long uid = 0;
    long gid = 0;
    String name = "";
    List<String> entry = passwdEntry(records(passwd.orElse("")));
    if (!entry.isEmpty()) {
      name = entry.getFirst();
      uid = number(entry, 2);
      gid = number(entry, 3);
    } else if (!user.isEmpty()) {
      if (!isNumber(user)) {
        throw new BadValue("'" + user + "' is not a user of the image");
      }
      uid = inRange(user);
    }
    List<Long> gids = new ArrayList<>();
    if (!group.isEmpty()) {
      gid = group(groups, group);
    } else if (!name.isEmpty()) {
      for (List<String> line : groups) {
        if (line.size() > 3 && Texts.split(line.get(3), ',').contains(name)) {
          gids.add(number(line, 2));
        }
      }
    }
    gids.addFirst(gid);
    return new User(uid, gid, gids);
  }

  /// The first entry of the user; of uid 0 when none is named; empty when there is none.
  private List<String> passwdEntry(List<List<String>> users) {
    boolean numeric = user.isEmpty() || isNumber(user);
    long wanted = numeric && !user.isEmpty() ? atoi(user) : 0;
    for (List<String> entry : users) {
      if (numeric ? number(entry, 2) == wanted : entry.getFirst().equals(user)) {
        return entry;
      }
    }
    return List.of();
  }

  private static long group(List<List<String>> groups, String wanted) {
    boolean numeric = isNumber(wanted);
    for (List<String> line : groups) {
      if (numeric ? number(line, 2) == atoi(wanted) : line.getFirst().equals(wanted)) {
        return number(line, 2);
      }
    }
    if (!numeric) {
      throw new BadValue("'" + wanted + "' is not a group of the image");
    }
    return inRange(wanted);
  }

  /// The number of a group of `--group-add`: a number stands for itself.
  static long resolveGroup(String wanted, ImageFiles rootfs) {
    if (wanted.isEmpty()) {
      throw new BadValue("'' is neither a group's name nor its number");
    }
    return isNumber(wanted)
        ? inRange(wanted)
        : group(records(rootfs.read("/etc/group").orElse("")), wanted);
  }

  private static long inRange(String text) {
    long id = atoi(text);
    if (id < 0 || id > MAX_ID) {
      throw new BadValue("'" + text + "' is not in the range 0 … 2147483647");
    }
    return id;
  }

  /// The fields of each line that is not blank.
  private static List<List<String>> records(String text) {
    List<List<String>> records = new ArrayList<>();
    for (String line : Texts.split(text, '\n')) {
      String trimmed = line.strip();
      if (!trimmed.isEmpty()) {
        records.add(Texts.split(trimmed, ':'));
      }
    }
    return records;
  }

  private static long number(List<String> fields, int index) {
    return index < fields.size() && isNumber(fields.get(index)) ? atoi(fields.get(index)) : 0;
  }

  private static boolean isNumber(String text) {
    int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    if (text.length() - start > 19) {
      return false;
    }
    return GoSyntax.isDigits(text.substring(start));
  }

  private static long atoi(String text) {
    try {
      return GoSyntax.parseDecimal(text);
    } catch (BadValue e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public String toString() {
    return group.isEmpty() ? user : user + ":" + group;
  }
}
