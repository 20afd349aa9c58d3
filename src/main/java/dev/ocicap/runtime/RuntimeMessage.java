package dev.ocicap.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.List;

/// What a runtime said when it failed, out of its standard error or its log: plain lines (crun),
/// `time="…" level=error msg="…"` (runc), or an object on each line (`--log-format json`).
public final class RuntimeMessage {
  private static final String TEXT = " msg=\"";

  private RuntimeMessage() {}

  /// The messages without their decoration, one a line.
  public static String of(String text) {
    List<String> messages = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!line.isBlank()) {
        messages.add(message(line.strip()));
      }
    }
    return String.join("\n", messages);
  }

  private static String message(String line) {
    if (line.startsWith("{")) {
      try {
        JsonNode root = JsonText.parse("log", line).root();
        // youki's name for it is the longer one.
        String message = root.path("msg").asText(root.path("message").asText(""));
        return message.isEmpty() ? line : message;
      } catch (OcicapException e) {
        return line;
      }
    }
    int start = line.indexOf(TEXT);
    return start < 0 || !line.contains("level=") ? line : unquoted(line, start + TEXT.length());
  }

  /// A quoted text of Go's, up to its closing quote.
  private static String unquoted(String line, int start) {
    StringBuilder text = new StringBuilder();
    for (int i = start; i < line.length() && line.charAt(i) != '"'; i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        c = line.charAt(++i);
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
      }
      text.append(c);
    }
    return text.toString();
  }
}
