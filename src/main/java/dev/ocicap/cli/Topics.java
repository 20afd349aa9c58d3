package dev.ocicap.cli;

import dev.ocicap.data.Texts;
import dev.ocicap.manual.Block;
import dev.ocicap.manual.Markdown;
import dev.ocicap.manual.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `ocicap help TOPIC` teaches. The text of a topic is `help/topics/NAME.md`.
final class Topics {
  private Topics() {}

  /// One row of the table.
  ///
  /// @param name the word after `ocicap help`
  /// @param summary one line for the list of topics
  record Row(String name, String summary) {}

  static final List<Row> ALL =
      List.of(
          new Row("capabilities", "what root is made of, and how to take it apart"),
          new Row("sets", "the five sets of a process, and what execve makes of them"),
          new Row("ambient", "why users who are not root lose what was added"),
          new Row("docker", "what docker run really grants, and what becomes of its flags"),
          new Row("learning", "how to find the smallest set that works"),
          new Row("security", "what else confines a container, and what ocicap trusts"),
          new Row("exit-status", "what the statuses mean, for scripts"));

  static Optional<Row> find(String name) {
    for (Row row : ALL) {
      if (row.name().equals(name)) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Row row : ALL) {
      names.add(row.name());
    }
    return names;
  }

  static Page page(Row row) {
    return new Page("ocicap-" + row.name(), 7, row.summary(), "", blocks("topics", row.name()));
  }

  /// The blocks of a text in `help`; none when there is no such text.
  static List<Block> blocks(String folder, String name) {
    return Texts.find("/help/" + folder + "/" + name + ".md").map(Markdown::read).orElse(List.of());
  }
}
