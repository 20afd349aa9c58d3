package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The table in the README that maps the spellings of oci-runtime-tool and ocitools is the table of
/// options; `-Dgolden.update=true` writes it anew.
class OldSpellingsTest {
  private static final Path README = Path.of("README.md");
  private static final String BEGIN = "| oci-runtime-tool, ocitools | ocicap |\n|---|---|\n";

  @Test
  void the_readme_maps_every_old_spelling() throws IOException {
    String readme = Files.readString(README);
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = begin;
    while (readme.startsWith("|", end)) {
      end = readme.indexOf('\n', end) + 1;
    }
    String expected = table();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(README, readme.substring(0, begin) + expected + readme.substring(end));
    } else {
      assertEquals(expected, readme.substring(begin, end));
    }
  }

  private static String table() {
    List<EditOptions.Section> sections = new ArrayList<>(EditOptions.Tables.FIRST);
    sections.add(EditOptions.Tables.LAST);
    StringBuilder table = new StringBuilder();
    row(table, "`--template`", "`--from FILE`");
    row(table, "`--process-cap-add`", "`--add`; the old spelling fills all five sets");
    row(table, "`--process-cap-drop`, `--process-cap-drop-all`", "`--drop`, `--drop all`");
    row(
        table,
        "`--process-cap-add-SET`, `--process-cap-drop-SET`",
        "`--cap-add-SET`, `--cap-drop-SET`");
    row(table, "`--linux-seccomp-only`, `--seccomp-only`", "the same");
    for (EditOptions.Section section : sections) {
      for (EditOption option : section.options()) {
        if (option.hidden()) {
          String names = "`" + String.join("`, `", option.names()) + "`";
          String instead =
              option.description().replace("POINTER", pointer(option.action()).orElse("POINTER"));
          row(table, names, instead.startsWith("--") ? "`" + instead + "`" : instead);
        }
      }
    }
    return table.toString();
  }

  private static Optional<String> pointer(Action action) {
    return switch (action) {
      case Action.Replace(Property property) -> Optional.of(property.pointer());
      case Action.Append(ListProperty list) -> Optional.of(list.pointer() + "/-");
      case Action.AppendJson(ListProperty list) -> Optional.of(list.pointer() + "/-");
      case Action.Read(Notation notation) ->
          notation == Notation.WINDOWS_DEVICE
              ? Optional.of(ListProperty.WINDOWS_DEVICES.pointer() + "/-")
              : Optional.empty();
      case Action.Remove _, Action.Clear _, Action.Put _, Action.RemoveKey _, Action.ClearMap _ ->
          Optional.empty();
    };
  }

  private static void row(StringBuilder table, String old, String today) {
    table.append("| ").append(old).append(" | ").append(today.replace("|", "\\|")).append(" |\n");
  }
}
