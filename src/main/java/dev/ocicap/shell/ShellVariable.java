package dev.ocicap.shell;

import dev.ocicap.report.Problem;
import java.util.ArrayList;
import java.util.List;

/// What a shell has under a name.
///
/// @param set whether there is anything
/// @param values the elements of an array; one for any other variable
/// @param unknown why the value cannot be known; empty when it is
/// @param notes what has to be said when it is used
public record ShellVariable(
    boolean set, List<String> values, List<Problem> unknown, List<Problem> notes) {
  /// Nothing.
  public static final ShellVariable UNSET =
      new ShellVariable(false, List.of(), List.of(), List.of());

  /// Copies the lists.
  public ShellVariable {
    values = List.copyOf(values);
    unknown = List.copyOf(unknown);
    notes = List.copyOf(notes);
  }

  /// A text that is known.
  public static ShellVariable of(String value) {
    return new ShellVariable(true, List.of(value), List.of(), List.of());
  }

  /// A value that cannot be known.
  public static ShellVariable unknown(Problem why) {
    return new ShellVariable(true, List.of(), List.of(why), List.of());
  }

  /// The value where one is expected: of an array its first element.
  public String text() {
    return values.isEmpty() ? "" : values.getFirst();
  }

  /// The same with something to be said.
  public ShellVariable with(Problem note) {
    List<Problem> more = new ArrayList<>(notes);
    if (!more.contains(note)) {
      more.add(note);
    }
    return new ShellVariable(set, values, unknown, more);
  }
}
