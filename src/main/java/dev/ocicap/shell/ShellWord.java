package dev.ocicap.shell;

import dev.ocicap.report.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A word of a shell text after its expansions.
///
/// @param start where it begins in the text
/// @param text what it is
/// @param plain whether it is written as it is, without quotes and expansions
/// @param equals where the `=` of `NAME=VALUE` or `NAME+=VALUE` is in it; -1 when it assigns
///   nothing
/// @param elements what is assigned to an array, or null
/// @param pattern whether a shell would look for files that it matches, or make several words of it
/// @param unknown why its value cannot be known; empty when it is
/// @param notes what was assumed
public record ShellWord(
    int start,
    String text,
    boolean plain,
    int equals,
    @Nullable List<String> elements,
    Pattern pattern,
    List<Problem> unknown,
    List<Problem> notes)
    implements ShellToken {

  /// What a shell does with a word last.
  public enum Pattern {
    /// Nothing.
    NONE,
    /// It looks for files that match `*`, `?` or `[…]`.
    FILES,
    /// Bash, but no other shell, makes several words of `{a,b}`.
    BRACES
  }

  /// Copies the lists.
  public ShellWord {
    elements = elements == null ? null : List.copyOf(elements);
    unknown = List.copyOf(unknown);
    notes = List.copyOf(notes);
  }

  /// Whether it is this word, neither quoted nor the result of an expansion.
  public boolean is(String word) {
    return plain && text.equals(word);
  }

  /// Whether it assigns.
  public boolean assigns() {
    return equals >= 0;
  }

  /// The name that it assigns to.
  public String name() {
    return text.substring(0, appends() ? equals - 1 : equals);
  }

  /// Whether the value is added to the old one.
  public boolean appends() {
    return text.charAt(equals - 1) == '+';
  }

  /// The value that it assigns.
  public String value() {
    return text.substring(equals + 1);
  }
}
