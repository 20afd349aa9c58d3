package dev.ocicap.validate;

import dev.ocicap.report.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects what one rule has to say about one document. More than a hundred findings of one rule
/// are counted, not listed: nobody reads them, and a hostile document could make a million.
final class Findings {
  static final int MAX_PER_RULE = 100;

  /// What was found, before its place in the text is known.
  ///
  /// @param key whether the key of the member is at fault and not its value
  record Raw(
      Rule rule, Level level, String pointer, boolean key, String message, @Nullable String hint) {}

  private final Rule rule;
  private final List<Raw> all;
  private int count;

  Findings(Rule rule, List<Raw> all) {
    this.rule = rule;
    this.all = all;
  }

  /// A value is at fault.
  void add(Value value, String message, @Nullable String hint) {
    add(rule.level(), value, message, hint);
  }

  /// A value is at fault, and weighs otherwise than the rule's findings usually do.
  void add(Level level, Value value, String message, @Nullable String hint) {
    add(level, value, false, message, hint);
  }

  /// A key is at fault.
  void addKey(Value member, String message, @Nullable String hint) {
    addKey(rule.level(), member, message, hint);
  }

  /// A key is at fault, and weighs otherwise than the rule's findings usually do.
  void addKey(Level level, Value member, String message, @Nullable String hint) {
    add(level, member, true, message, hint);
  }

  private void add(Level level, Value value, boolean key, String message, @Nullable String hint) {
    if (++count <= MAX_PER_RULE) {
      all.add(new Raw(rule, level, value.pointer(), key, message, hint));
    }
  }

  /// Whether nothing was added.
  boolean isEmpty() {
    return count == 0;
  }

  /// Whether what is added is only counted; a check whose work grows with the square of the
  /// document may stop.
  boolean isFull() {
    return count > MAX_PER_RULE;
  }

  /// Says how many findings were not listed.
  void close() {
    if (count > MAX_PER_RULE) {
      all.add(
          new Raw(
              rule,
              rule.level(),
              "",
              false,
              (count - MAX_PER_RULE) + " more findings of this kind are not listed",
              null));
    }
  }
}
