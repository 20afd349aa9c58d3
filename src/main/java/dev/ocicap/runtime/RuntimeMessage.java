package dev.ocicap.runtime;

/// What runtimes say when they fail, without the form of their logs.
public final class RuntimeMessage {
  private static final String ERROR = " level=error msg=\"";

  private RuntimeMessage() {}

  /// The message of a line of runc's log, `time="…" level=error msg="…"`; any other line as it is.
  public static String plain(String line) {
    int start = line.indexOf(ERROR);
    if (!line.startsWith("time=") || start < 0) {
      return line;
    }
    StringBuilder message = new StringBuilder();
    for (int i = start + ERROR.length(); i < line.length() && line.charAt(i) != '"'; i++) {
      // Go's quoting.
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        c = line.charAt(++i);
        c = c == 'n' || c == 't' ? ' ' : c;
      }
      message.append(c);
    }
    return message.toString();
  }
}
