package dev.ocicap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rooms and the direction of the arrows between them. Whoever needs another arrow changes the
/// map here, and says why in the commit.
class PackageMapTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/ocicap");

  private static final String FACADE = "(the facade)";

  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("report", Set.of()),
          Map.entry("data", Set.of()),
          Map.entry("cap", Set.of("data")),
          Map.entry("manual", Set.of()),
          Map.entry("shell", Set.of("report")),
          Map.entry("json", Set.of("report")),
          Map.entry("spec", Set.of("cap", "json", "report")),
          Map.entry("edit", Set.of("cap", "spec", "json", "report")),
          Map.entry("seccomp", Set.of("cap", "spec", "edit", "json", "data", "report")),
          Map.entry("image", Set.of("os", "json", "report")),
          Map.entry("bundle", Set.of("spec", "json", "os", "report")),
          Map.entry(
              "docker",
              Set.of(
                  "cap", "spec", "edit", "seccomp", "image", "bundle", "shell", "os", "json",
                  "report")),
          Map.entry(
              "validate",
              Set.of(
                  "sarif", "cap", "spec", "edit", "seccomp", "json", "bundle", "runtime", "data",
                  "report")),
          Map.entry("export", Set.of("cap", "spec", "seccomp", "docker", "json", "report")),
          Map.entry("os", Set.of("cap", "report")),
          Map.entry("sarif", Set.of("json", "report")),
          Map.entry("audit", Set.of("cap", "spec", "os", "predict", "json", "report")),
          Map.entry("insight", Set.of("cap", "spec", "json", "report")),
          Map.entry("processes", Set.of("cap", "os", "json", "report")),
          Map.entry("predict", Set.of("cap", "spec", "os", "report")),
          Map.entry("runtime", Set.of("cap", "bundle", "os", "json", "spec", "report")),
          Map.entry(
              "learn",
              Set.of(
                  "cap", "spec", "edit", "seccomp", "bundle", "runtime", "os", "json", "report")),
          // The library's face: see its package-info.
          Map.entry(
              FACADE,
              Set.of(
                  "report",
                  "cap",
                  "json",
                  "spec",
                  "edit",
                  "seccomp",
                  "image",
                  "bundle",
                  "docker",
                  "validate",
                  "export",
                  "predict",
                  "host")),
          Map.entry("host", Set.of("cap", "spec", "edit", "seccomp", "docker", "os")),
          Map.entry("doctor", Set.of("cap", "learn", "os", "runtime", "validate", "report")),
          Map.entry(
              "cli",
              Set.of(
                  "report",
                  "cap",
                  "data",
                  "json",
                  "spec",
                  "edit",
                  "seccomp",
                  "image",
                  "bundle",
                  "docker",
                  "doctor",
                  "validate",
                  "export",
                  "os",
                  "sarif",
                  "audit",
                  "insight",
                  "predict",
                  "processes",
                  "runtime",
                  "learn",
                  "manual",
                  "host")));

  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?([a-z.]+)\\.", Pattern.MULTILINE);

  private static final Pattern PROCESS =
      Pattern.compile(
          "System\\.(?:out|err|in|exit|getenv)\\b|Runtime\\.getRuntime\\(\\)\\.(?:exit|halt)");

  @Test
  void every_import_follows_the_map() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : sources()) {
      String room = room(file);
      Set<String> allowed = MAY_IMPORT.get(room);
      if (allowed == null) {
        wrong.add(file + ": no such room");
        continue;
      }
      Matcher imports = IMPORT.matcher(Files.readString(file));
      while (imports.find()) {
        String name = imports.group(1);
        if (name.equals("dev.ocicap")) {
          wrong.add(file + " imports the facade");
        } else if (name.startsWith("dev.ocicap.")) {
          String other = name.substring("dev.ocicap.".length());
          if (!other.equals(room) && !allowed.contains(other)) {
            wrong.add(file + " imports " + other);
          }
        } else if (name.startsWith("picocli") && !room.equals("cli")) {
          wrong.add(file + " imports picocli");
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void the_map_has_no_cycle() {
    for (String room : MAY_IMPORT.keySet()) {
      assertTrue(!reachable(room).contains(room), room + " reaches itself");
    }
  }

  @Test
  void every_room_says_what_it_is() throws IOException {
    Set<String> silent = new TreeSet<>();
    for (Path file : sources()) {
      Path info = file.resolveSibling("package-info.java");
      if (!Files.exists(info) || !Files.readString(info).startsWith("///")) {
        silent.add(room(file));
      }
    }
    assertEquals(Set.of(), silent);
  }

  @Test
  void only_main_touches_the_process() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : sources()) {
      if (!file.endsWith("cli/Main.java")
          && PROCESS.matcher(withoutComments(Files.readString(file))).find()) {
        wrong.add(file.toString());
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void only_the_codec_names_jacksons_mapper() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : sources()) {
      if (withoutComments(Files.readString(file)).contains("ObjectMapper")) {
        wrong.add(file.toString());
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static Set<String> reachable(String room) {
    Set<String> seen = new TreeSet<>();
    List<String> next = new ArrayList<>(MAY_IMPORT.getOrDefault(room, Set.of()));
    while (!next.isEmpty()) {
      String other = next.removeLast();
      if (seen.add(other)) {
        next.addAll(MAY_IMPORT.getOrDefault(other, Set.of()));
      }
    }
    return seen;
  }

  private static String withoutComments(String source) {
    return source.replaceAll("(?m)//.*$", "");
  }

  private static String room(Path file) {
    Path path = SOURCES.relativize(file);
    return path.getNameCount() == 1 ? FACADE : path.getName(0).toString();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
