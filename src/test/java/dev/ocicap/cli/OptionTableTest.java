package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.spec.DefaultConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every option of `generate` and `edit`, and every flag of the tools before it, with the property
/// that it must end in.
class OptionTableTest {
  private static final Path CASES = Path.of("src/test/resources/cases/cli");

  @TempDir static Path directory;

  @BeforeAll
  static void writeFiles() throws IOException {
    Files.writeString(directory.resolve("runc.json"), DefaultConfig.runc(false).text());
    Files.writeString(directory.resolve("vars.env"), "# comment\nA=1\n\nB= x # y\nHOME\nNONE\n");
    Files.writeString(
        directory.resolve("merge.json"),
        """
        {"process": {"cwd": "/merged", "terminal": null}, "new": {"deep": [1], "gone": null}}
        """);
    Files.writeString(
        directory.resolve("patch.json"),
        """
        [{"op": "test", "path": "/hostname", "value": "runc"},
         {"op": "add", "path": "/mounts/0", "value": {"destination": "/first"}},
         {"op": "remove", "path": "/hostname"},
         {"op": "copy", "from": "/root/path", "path": "/copied"},
         {"op": "add", "path": "/hostname", "value": "again"},
         {"op": "move", "from": "/hostname", "path": "/moved"}]
        """);
    Files.writeString(
        directory.resolve("template.json"),
        """
        {
          "ociVersion": "1.0.2",
          "root": {"path": "its/own"},
          "process": {"cwd": "/template", "args": ["x"]},
          "hooks": {
            "prestart": [{"path": "/pre"}],
            "poststart": [{"path": "/start"}],
            "poststop": [{"path": "/stop"}]
          },
          "linux": {
            "seccomp": {
              "defaultAction": "SCMP_ACT_ALLOW",
              "syscalls": [{"names": ["a"], "action": "SCMP_ACT_ERRNO"}]
            }
          },
          "unknown": {"kept": true}
        }
        """);
  }

  /// One line of a table.
  private record Row(boolean once, List<String> options, List<String> expected) {
    List<String> args() {
      List<String> args = new ArrayList<>();
      if (!options.contains("--from") && !options.contains("--template")) {
        args.addAll(List.of("--from", "runc.json"));
      }
      args.addAll(options);
      return args;
    }
  }

  private static List<Row> rows(String file) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(CASES.resolve(file))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        boolean once = line.startsWith("*");
        String[] columns = line.substring(once ? 1 : 0).split(" \\| ", -1);
        assertTrue(columns.length >= 3 && columns.length % 2 == 1, line);
        rows.add(
            new Row(
                once,
                Transcript.words(columns[0].strip()),
                List.of(columns).subList(1, columns.length)));
      }
    }
    return rows;
  }

  @TestFactory
  List<DynamicTest> every_option_ends_in_its_property() throws IOException {
    return tests("options.table");
  }

  @TestFactory
  List<DynamicTest> every_flag_of_the_tools_before_ends_in_its_property() throws IOException {
    return tests("oci-runtime-tool.table");
  }

  private static List<DynamicTest> tests(String file) throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Row row : rows(file)) {
      tests.add(DynamicTest.dynamicTest(String.join(" ", row.options()), () -> check(row)));
    }
    return tests;
  }

  private static void check(Row row) throws IOException {
    String text = generate(row.args());
    JsonNode root = JsonText.parse("generated", text).root();
    for (int i = 0; i < row.expected().size(); i += 2) {
      String pointer = row.expected().get(i).strip();
      String expected = row.expected().get(i + 1).strip();
      JsonNode found = root.at(pointer);
      if (expected.equals("absent")) {
        assertTrue(found.isMissingNode(), () -> pointer + " is " + JsonText.compact(found));
      } else {
        assertEquals(
            JsonText.compact(JsonText.parse(expected, expected).root()),
            found.isMissingNode() ? "absent" : JsonText.compact(found),
            pointer);
      }
    }
    if (!row.once() && !root.path("process").isMissingNode()) {
      assertEquals(text, edit(text, editable(row.options())), "applied twice");
    }
  }

  /// Without the options that only `generate` has.
  private static List<String> editable(List<String> options) {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      switch (options.get(i)) {
        case "--from", "--template", "--rootfs" -> i++;
        default -> kept.add(options.get(i));
      }
    }
    return kept;
  }

  @Test
  void the_order_of_options_does_not_matter() throws IOException {
    List<Row> rows = new ArrayList<>(rows("options.table"));
    Random random = new Random(3);
    int pairs = 0;
    for (int round = 0; round < 400; round++) {
      Row a = rows.get(random.nextInt(rows.size()));
      Row b = rows.get(random.nextInt(rows.size()));
      List<String> one = new ArrayList<>(editable(a.options()));
      List<String> two = new ArrayList<>(editable(b.options()));
      if (!Collections.disjoint(names(one), names(two))) {
        continue;
      }
      pairs++;
      List<String> ab = new ArrayList<>(List.of("--from", "runc.json"));
      ab.addAll(one);
      ab.addAll(two);
      List<String> ba = new ArrayList<>(List.of("--from", "runc.json"));
      ba.addAll(two);
      ba.addAll(one);
      // A refusal, of --strict or --oci-version, is the same too.
      assertEquals(run("", "generate", ab), run("", "generate", ba), () -> "" + ab);
    }
    assertTrue(pairs > 300);
  }

  /// The options in a command line, each by one of its names.
  private static Set<String> names(List<String> args) {
    CommandSpec spec = new GenerateCommand().spec();
    Set<String> names = new TreeSet<>();
    for (String arg : args) {
      OptionSpec option =
          arg.startsWith("-")
              ? spec.find(arg.contains("=") ? arg.substring(0, arg.indexOf('=')) : arg)
              : null;
      if (option != null) {
        names.add(option.longestName());
      }
    }
    return names;
  }

  @Test
  void every_option_has_a_line() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String file : new String[] {"options.table", "oci-runtime-tool.table"}) {
      for (Row row : rows(file)) {
        used.addAll(names(row.options()));
      }
    }
    Set<String> missing = new TreeSet<>();
    for (OptionSpec option : new GenerateCommand().spec().options()) {
      if (!used.contains(option.longestName())) {
        missing.add(option.longestName());
      }
    }
    // Those are shown in transcripts.
    missing.removeAll(Set.of("--help", "--bundle", "--each", "--output", "--rootfs", "--rootless"));
    assertEquals(Set.of(), missing);
  }

  @Test
  void every_flag_of_the_tools_before_is_known() throws IOException {
    CommandSpec spec = new GenerateCommand().spec();
    Set<String> unknown = new TreeSet<>();
    for (String flag : Files.readAllLines(CASES.resolve("oci-runtime-tool.flags"))) {
      if (!flag.isBlank() && !flag.startsWith("#") && spec.find(flag) == null) {
        unknown.add(flag);
      }
    }
    assertEquals(Set.of(), unknown);
  }

  private static String generate(List<String> args) {
    return outcome("", "generate", args);
  }

  private static String edit(String text, List<String> args) {
    List<String> all = new ArrayList<>(args);
    all.add("-");
    return outcome(text, "edit", all);
  }

  private static String outcome(String in, String command, List<String> args) {
    InProcess.Outcome outcome = run(in, command, args);
    assertEquals(0, outcome.status(), () -> args + "\n" + outcome.err());
    return outcome.out();
  }

  private static InProcess.Outcome run(String in, String command, List<String> args) {
    List<String> words = new ArrayList<>();
    words.add(command);
    words.addAll(args);
    return InProcess.PLAIN.in(directory).run(in, words);
  }
}
