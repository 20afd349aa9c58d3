package dev.ocicap.cli;

import dev.ocicap.manual.ManualPage;
import dev.ocicap.manual.Page;
import dev.ocicap.manual.TerminalPage;
import dev.ocicap.validate.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes what the distribution has in `share`, all of it from the commands' own options and the
/// topics: the texts of help that the launcher prints, with and without colours; manual pages; and
/// completion for bash and zsh. Beside the texts that it unpacks, the abridged schemas. The build
/// calls it.
public final class Documentation {
  private Documentation() {}

  /// Writes the files.
  ///
  /// @param args the directory `share`, that of the texts, the version, and the date of that
  ///   version
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), files(args[2], args[3]));
    write(Path.of(args[1]), Schemas.abridged());
  }

  private static void write(Path directory, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = Path.of(directory + "/" + file.getKey());
      Files.createDirectories(path.resolveSibling("x").getParent());
      Files.writeString(path, file.getValue());
    }
  }

  /// Every file below `share`, and what is in it.
  static Map<String, String> files(String version, String date) {
    Map<String, String> files = new TreeMap<>();
    files.put("bash-completion/completions/ocicap", Completion.script("bash"));
    files.put("zsh/site-functions/_ocicap", Completion.script("zsh"));
    Map<String, Page> pages = pages();
    for (Map.Entry<String, Page> named : pages.entrySet()) {
      Page page = named.getValue();
      files.put("ocicap/help/plain/" + named.getKey(), TerminalPage.render(page, false));
      files.put("ocicap/help/colour/" + named.getKey(), TerminalPage.render(page, true));
      files.put(
          "man/man" + page.section() + "/" + page.name() + "." + page.section(),
          ManualPage.render(page, version, date, related(page, pages)));
    }
    return files;
  }

  /// Every page by the name of its file.
  static Map<String, Page> pages() {
    Map<String, Page> pages = new TreeMap<>();
    pages.put("overview", Help.overview());
    for (Commands.Row row : Commands.ALL) {
      pages.put("commands/" + row.name(), Help.command(row));
    }
    for (Topics.Row row : Topics.ALL) {
      pages.put("topics/" + row.name(), Topics.page(row));
    }
    return pages;
  }

  /// From the overview to all pages; from each to the overview, and from topics to the kernel's.
  private static List<String> related(Page page, Map<String, Page> pages) {
    List<String> related = new ArrayList<>();
    for (Page other : pages.values()) {
      boolean overview = page.name().equals("ocicap") != other.name().equals("ocicap");
      if (overview || (page.section() == 7 && other.section() == 7 && !page.equals(other))) {
        related.add(other.name() + "(" + other.section() + ")");
      }
    }
    related.add("capabilities(7)");
    return related;
  }
}
