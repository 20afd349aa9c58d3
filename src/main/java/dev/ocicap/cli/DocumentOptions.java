package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.each;
import static dev.ocicap.cli.EditOption.old;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import java.util.List;

/// The options that reach every property, of every platform; they are applied before the others.
final class DocumentOptions {
  /// Sets any value.
  static final String SET = "--set";

  private DocumentOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Any property",
          List.of(
              old(Kind.SINGLE, new Action.Read(Notation.OS), "--unset and --set", "--os"),
              old(
                  Kind.SINGLE,
                  new Action.Read(Notation.IGNORED),
                  "nothing: a configuration does not name its processor",
                  "--arch"),
              each(Notation.MERGE, "FILE", "apply a merge patch (RFC 7396)", "--merge"),
              each(Notation.PATCH, "FILE", "apply a JSON patch (RFC 6902)", "--patch"),
              each(Notation.UNSET, "POINTER", "remove a value, such as /linux/seccomp", "--unset"),
              each(
                  Notation.SET,
                  "POINTER=JSON",
                  "set a value, such as /process/cwd='\"/srv\"'; /- at the end of a list adds",
                  SET)));
}
