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
  private static final String BEGIN =
      """
      | oci-runtime-tool, ocitools | ocicap | oci-runtime-tool, ocitools | ocicap |
      |---|---|---|---|
      """;

  private static final List<String> OTHER_PLATFORMS = List.of("solaris", "vm", "windows");

  /// A row of the table.
  private record Row(String old, String today) {
    @Override
    public String toString() {
      return " " + old + " | " + today.replace("|", "\\|") + " |";
    }
  }

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

  /// Two spellings in a row; those of other platforms, which no option replaces, all in one.
  private static String table() {
    List<EditOptions.Section> sections = new ArrayList<>(EditOptions.Tables.FIRST);
    sections.add(EditOptions.Tables.LAST);
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("`--template`", "`--from FILE`"));
    rows.add(new Row("`--process-cap-add`", "`--add`; the old spelling fills all five sets"));
    rows.add(new Row("`--process-cap-drop`, `--process-cap-drop-all`", "`--drop`, `--drop all`"));
    rows.add(
        new Row(
            "`--process-cap-add-SET`, `--process-cap-drop-SET`",
            "`--cap-add-SET`, `--cap-drop-SET`"));
    rows.add(new Row("`--linux-seccomp-only`, `--seccomp-only`", "the same"));
    List<Row> last = new ArrayList<>();
    for (String platform : OTHER_PLATFORMS) {
      List<String> names = new ArrayList<>();
      List<String> pointers = new ArrayList<>();
      for (EditOption option : hidden(sections)) {
        if (isOf(platform, option)) {
          names.add("`" + option.name().substring(platform.length() + 3) + "`");
          pointers.add("`" + pointer(option.action()).orElseThrow() + "`");
        }
      }
      last.add(
          new Row(
              "`--" + platform + "-` " + String.join(", ", names),
              "`--set POINTER=JSON` " + String.join(", ", pointers)));
    }
    for (EditOption option : hidden(sections)) {
      String today = option.description();
      if (!isShortened(option) && OTHER_PLATFORMS.stream().noneMatch(name -> isOf(name, option))) {
        rows.add(
            new Row(
                "`" + String.join("`, `", option.names()) + "`",
                today.startsWith("--") ? "`" + today + "`" : today));
      }
    }
    StringBuilder table = new StringBuilder();
    int half = (rows.size() + 1) / 2;
    for (int i = 0; i < half; i++) {
      table.append('|').append(rows.get(i));
      table.append(i + half < rows.size() ? rows.get(i + half) : "  |  |").append('\n');
    }
    for (Row row : last) {
      table.append('|').append(row).append("  |  |\n");
    }
    return table.toString();
  }

  private static List<EditOption> hidden(List<EditOptions.Section> sections) {
    List<EditOption> hidden = new ArrayList<>();
    for (EditOptions.Section section : sections) {
      section.options().stream().filter(EditOption::hidden).forEach(hidden::add);
    }
    return hidden;
  }

  private static boolean isOf(String platform, EditOption option) {
    return option.name().startsWith("--" + platform + "-");
  }

  /// Whether all that today's spelling lacks is `linux-` or `process-`, which the text says.
  private static boolean isShortened(EditOption option) {
    if (option.names().size() > 1) {
      return false;
    }
    for (String prefix : List.of("--linux-", "--process-")) {
      if (option.name().startsWith(prefix)) {
        String today = "--" + option.name().substring(prefix.length());
        return (option.description() + " ").startsWith(today + " ");
      }
    }
    return false;
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
}
