package dev.ocicap.docker;

import org.jspecify.annotations.Nullable;

/// An image's name as docker takes it: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`.
final class ImageReference {
  private ImageReference() {}

  /// Why a text is not an image's name, beginning with the text in '…'; null when it is one.
  static @Nullable String problem(String text) {
    String name = text;
    int at = name.indexOf('@');
    if (at >= 0) {
      if (!isDigest(name.substring(at + 1))) {
        return "'" + text + "': after '@' a digest is expected, as 'sha256:' and 64 hex digits";
      }
      name = name.substring(0, at);
    }
    int colon = name.lastIndexOf(':');
    if (colon > name.lastIndexOf('/')) {
      if (!isTag(name.substring(colon + 1))) {
        return "'"
            + text
            + "': after ':' a tag of at most 128 letters, digits, '_', '.' and '-'"
            + " is expected";
      }
      name = name.substring(0, colon);
    }
    if (isPath(name)) {
      return null;
    }
    return isPath(name.toLowerCase(java.util.Locale.ROOT))
        ? "'" + text + "': a repository's name is lower case"
        : "'" + text + "' is not an image's name";
  }

  private static boolean isPath(String name) {
    String path = name;
    int slash = name.indexOf('/');
    if (slash > 0 && isHost(name.substring(0, slash))) {
      path = name.substring(slash + 1);
    }
    int start = 0;
    while (true) {
      int end = path.indexOf('/', start);
      if (!isComponent(path.substring(start, end < 0 ? path.length() : end))) {
        return false;
      }
      if (end < 0) {
        return path.length() <= 255;
      }
      start = end + 1;
    }
  }

  private static boolean isHost(String text) {
    if (!text.equals("localhost") && text.indexOf('.') < 0 && text.indexOf(':') < 0) {
      return !text.equals(text.toLowerCase(java.util.Locale.ROOT));
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && ".-:[]".indexOf(c) < 0) {
        return false;
      }
    }
    return isAlphanumeric(text.charAt(0)) || text.charAt(0) == '[';
  }

  /// Lower-case letters and digits, with one `.`, one or two `_`, or any number of `-` between.
  private static boolean isComponent(String text) {
    int separators = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        separators = 0;
        continue;
      }
      separators++;
      boolean fits =
          switch (c) {
            case '-' -> separators == 1 || text.charAt(i - 1) == '-';
            case '.' -> separators == 1;
            case '_' -> separators == 1 || (separators == 2 && text.charAt(i - 1) == '_');
            default -> false;
          };
      if (!fits || i == 0) {
        return false;
      }
    }
    return !text.isEmpty() && separators == 0;
  }

  private static boolean isTag(String text) {
    if (text.isEmpty() || text.length() > 128) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && c != '_' && (i == 0 || (c != '.' && c != '-'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigest(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || text.length() - colon - 1 < 32) {
      return false;
    }
    for (int i = colon + 1; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
