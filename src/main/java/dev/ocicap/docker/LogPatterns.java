package dev.ocicap.docker;

import dev.ocicap.shell.ShellLexer;
import java.util.List;

/// The regular expressions and templates in `--log-opt`, with which Docker Engine fails when the
/// container starts. What is surely wrong is found: expressions by the syntax of RE2, templates by
/// Go's text/template over what a log driver knows of a container.
final class LogPatterns {
  private static final List<String> FIELDS =
      List.of(
          "ID",
          "FullID",
          "Name",
          "ImageID",
          "ImageFullID",
          "ImageName",
          "DaemonName",
          "Command",
          "Hostname",
          "ExtraAttributes",
          "Config",
          "ContainerID",
          "ContainerName",
          "ContainerEntrypoint",
          "ContainerArgs",
          "ContainerImageID",
          "ContainerImageName",
          "ContainerCreated",
          "ContainerEnv",
          "ContainerLabels",
          "LogPath");

  private LogPatterns() {}

  /// Refuses what is no regular expression.
  static void checkRegex(String name, String regex) {
    int depth = 0;
    boolean repeatable = false;
    boolean repeated = false;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      boolean repeats = c == '*' || c == '+' || c == '?';
      if (repeats && (!repeatable || (repeated && c != '?'))) {
        throw wrong(name, regex, "'" + c + "' repeats nothing");
      }
      repeated = repeats && !repeated;
      repeatable = repeats || (c != '(' && c != '|');
      switch (c) {
        case '\\' -> {
          i++;
          if (i == regex.length()) {
            throw wrong(name, regex, "a backslash ends it");
          }
          if (regex.charAt(i) >= '1' && regex.charAt(i) <= '9') {
            throw wrong(name, regex, "it refers back to a group");
          }
          int end = regex.charAt(i) == 'Q' ? regex.indexOf("\\E", i) : i;
          i = end < 0 ? regex.length() : end + (end > i ? 1 : 0);
        }
        case '[' -> i = classEnd(name, regex, i);
        case '(' -> {
          depth++;
          if (regex.startsWith("(?", i)) {
            i = groupBegins(name, regex, i);
            repeatable = regex.charAt(i) == ')';
            depth -= repeatable ? 1 : 0;
          }
        }
        case ')' -> {
          depth--;
          if (depth < 0) {
            throw wrong(name, regex, "a ')' closes nothing");
          }
        }
        default -> {}
      }
    }
    if (depth > 0) {
      throw wrong(name, regex, "a '(' is not closed");
    }
  }

  /// The end of `(?flags)`, `(?flags:` or `(?P<name>`.
  private static int groupBegins(String name, String regex, int open) {
    int i = open + 2;
    boolean named = regex.startsWith("P<", i) || regex.startsWith("<", i);
    if (named && !regex.startsWith("<=", i) && !regex.startsWith("<!", i)) {
      int close = regex.indexOf('>', i);
      if (close > 0) {
        return close;
      }
    }
    while (i < regex.length() && "imsU-".indexOf(regex.charAt(i)) >= 0) {
      i++;
    }
    if (i == regex.length() || (regex.charAt(i) != ':' && regex.charAt(i) != ')')) {
      throw wrong(name, regex, "'(?' begins no group that RE2 knows");
    }
    return i;
  }

  private static int classEnd(String name, String regex, int open) {
    int i = open + 1;
    i += regex.startsWith("^", i) ? 1 : 0;
    i += regex.startsWith("]", i) ? 1 : 0;
    while (i < regex.length() && regex.charAt(i) != ']') {
      int named = regex.startsWith("[:", i) ? regex.indexOf(":]", i + 2) : -1;
      i = named > 0 ? named + 2 : i + (regex.charAt(i) == '\\' ? 2 : 1);
    }
    if (i >= regex.length()) {
      throw wrong(name, regex, "a '[' is not closed");
    }
    return i;
  }

  /// Refuses a template whose actions are not closed, are empty, or ask for what there is not.
  static void checkTemplate(String name, String template) {
    for (int open = template.indexOf("{{"); open >= 0; open = template.indexOf("{{", open + 2)) {
      int close = template.indexOf("}}", open);
      if (close < 0) {
        throw wrong(name, template, "'{{' is not closed");
      }
      String action = template.substring(open + 2, close);
      action = action.startsWith("- ") ? action.substring(2) : action;
      action = action.endsWith(" -") ? action.substring(0, action.length() - 2) : action;
      action = action.strip();
      if (action.isEmpty()) {
        throw wrong(name, template, "'{{}}' asks for nothing");
      }
      String field = action.substring(1);
      if (action.startsWith(".") && ShellLexer.isName(field) && !FIELDS.contains(field)) {
        throw wrong(name, template, "a container has no '" + action + "'");
      }
      open = close;
    }
  }

  private static BadValue wrong(String name, String value, String reason) {
    return new BadValue("'" + name + "=" + value + "': " + reason);
  }
}
