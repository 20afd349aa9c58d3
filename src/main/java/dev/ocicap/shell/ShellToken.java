package dev.ocicap.shell;

/// What a shell text consists of.
public sealed interface ShellToken permits ShellWord, ShellToken.Operator {
  /// Where it begins in the text.
  int start();

  /// What stands between commands: `;`, `&&`, `|`, a parenthesis, or the end of a line.
  record Operator(int start, String text) implements ShellToken {}
}
