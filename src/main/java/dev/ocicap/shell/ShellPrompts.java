package dev.ocicap.shell;

/// The prompts of a terminal that were pasted along with commands: `$ `, `% `, `user@host:dir$ ` at
/// the beginning of lines, `> ` where a command goes on. Where there are prompts, the other lines
/// are what the commands printed.
///
/// @param text the text
/// @param hash whether `# ` is a prompt too, which begins a comment in a script
/// @param pasted whether there are prompts
public record ShellPrompts(String text, boolean hash, boolean pasted) {

  /// Those in a text.
  public static ShellPrompts in(String text, boolean hash) {
    for (int line = 0; line >= 0 && line < text.length(); line = next(text, line)) {
      if (length(text, line, hash) > 0) {
        return new ShellPrompts(text, hash, true);
      }
    }
    return none(text);
  }

  /// None.
  public static ShellPrompts none(String text) {
    return new ShellPrompts(text, false, false);
  }

  private static int next(String text, int from) {
    int newline = text.indexOf('\n', from);
    return newline < 0 ? -1 : newline + 1;
  }

  /// Where a line really begins.
  ///
  /// @param line where it begins with its prompt
  /// @param command whether a command begins in it, and none goes on
  int skip(int line, boolean command) {
    int at = line;
    while (pasted && at < text.length()) {
      if (text.startsWith("> ", at)) {
        return at + 2;
      }
      if (text.startsWith(">\n", at)) {
        return at + 1;
      }
      int length = command ? length(text, at, hash) : 0;
      if (length > 0 || !command || hash || text.charAt(at) == '#') {
        return at + length;
      }
      int next = next(text, at);
      at = next < 0 ? text.length() : next;
    }
    return at;
  }

  /// The text of a quote that goes on over several lines.
  String within(String quote) {
    return pasted ? quote.replace("\n> ", "\n") : quote;
  }

  /// How long the prompt of a line is; 0 when there is none.
  private static int length(String text, int line, boolean hash) {
    int newline = text.indexOf('\n', line);
    int end = newline < 0 ? text.length() : newline;
    int start = line;
    while (start < end && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
      start++;
    }
    if (text.startsWith("$ ", start)
        || text.startsWith("% ", start)
        || (hash && text.startsWith("# ", start))) {
      return start + 2 - line;
    }
    int at = start;
    while (at < end && isLogin(text.charAt(at), at == start)) {
      at++;
    }
    if (at == start || at >= end || text.charAt(at) != '@') {
      return 0;
    }
    // The prompt ends with the first sign before a blank; quotes are a command's.
    for (int i = at; i + 1 < end; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\'') {
        return 0;
      }
      if ((c == '$' || c == '#' || c == '%') && text.charAt(i + 1) == ' ') {
        return i + 2 - line;
      }
    }
    return 0;
  }

  private static boolean isLogin(char c, boolean first) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (first && c == '[')
        || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
  }
}
