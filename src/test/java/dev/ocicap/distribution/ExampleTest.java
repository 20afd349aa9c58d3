package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.containers.Containers;
import dev.ocicap.os.DirectoryTree;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The library jar as another project has it: with the libraries that it depends on, and without
/// picocli and without a provider for SLF4J, which it leaves to the others.
@Tag("distribution")
class ExampleTest {
  private static final Path LIBRARY = Path.of(System.getProperty("library", ""));
  private static final Path SOURCE =
      Path.of("src/example/src/main/java/example/LeastPrivilege.java");

  /// uid 1000 needs a capability in all five sets to keep it over execve; Docker fills three, so
  /// ambient is empty; CAP_SETUD is one letter away from CAP_SETUID.
  private static final String PRINTED =
      """
      generate: [CAP_NET_BIND_SERVICE]
      edit: 1 line differs
      validate: 0
      validate: 23:5: MUST: process.capabilities.bounding[1] 'CAP_SETUD' is not a capability: \
      runtimes leave it out or refuse to start [capability-name-unknown], hint: did you mean \
      'CAP_SETUID'?
      predict: user 1000 has [CAP_NET_BIND_SERVICE]
      convert: bounding [CAP_NET_RAW]
      convert: ambient []
      convert: --ambient
      export: --cap-add=NET_BIND_SERVICE
      refused: config.json:1:14: 'n' instead of a value
      """;

  @TempDir Path directory;

  private static List<String> classPath() {
    List<String> elements = new ArrayList<>(List.of(LIBRARY.toString()));
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      String name = Path.of(element).getFileName().toString();
      if (name.endsWith(".jar") && !name.startsWith("picocli") && !name.startsWith("slf4j-nop")) {
        elements.add(element);
      }
    }
    return elements;
  }

  @Test
  void the_example_compiles_without_a_warning_and_prints_what_is_right() throws Exception {
    String path = String.join(File.pathSeparator, classPath());
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-Xlint:all,-classfile",
                "-Werror",
                "-cp",
                path,
                "-d",
                directory.resolve("classes").toString(),
                SOURCE.toString());
    assertEquals(0, status, messages.toString(StandardCharsets.UTF_8));
    Path work = Files.createDirectory(directory.resolve("work"));
    Installation.Result result =
        Installation.execute(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                directory.resolve("classes") + File.pathSeparator + path,
                "example.LeastPrivilege",
                work.toString()),
            Map.of());
    assertEquals(0, result.status(), result.err());
    assertEquals(PRINTED, result.out());
  }

  /// As somebody does who depends on it: from a Maven repository where jar and pom are installed,
  /// in which everything else is this build's own.
  @Test
  void maven_builds_the_example_with_what_the_pom_says() throws Exception {
    Containers.require("mvn");
    // Not below the directory of the tests, which is deleted with a warning for every link.
    Path repository = Files.createTempDirectory("ocicap-repository");
    try {
      build(repository);
    } finally {
      DirectoryTree.delete(repository);
    }
  }

  private void build(Path repository) throws Exception {
    Path own = Path.of(System.getProperty("repository", ""));
    link(own, repository, "dev");
    link(own.resolve("dev"), Files.createDirectory(repository.resolve("dev")), "ocicap");
    String name = String.valueOf(LIBRARY.getFileName()).replace(".jar", "");
    String version = name.substring("ocicap-".length());
    Path installed = repository.resolve("dev/ocicap/ocicap").resolve(version);
    Files.createDirectories(installed);
    Files.copy(LIBRARY, installed.resolve(name + ".jar"));
    Files.copy(Path.of("pom.xml"), installed.resolve(name + ".pom"));
    Path project = directory.resolve("project");
    Path source = project.resolve("src/main/java/example/LeastPrivilege.java");
    Files.createDirectories(project.resolve("src/main/java/example"));
    Files.copy(SOURCE, source);
    Files.copy(Path.of("src/example/pom.xml"), project.resolve("pom.xml"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "mvn",
                "-B",
                "-q",
                "-f",
                project.toString(),
                "-Dmaven.repo.local=" + repository,
                "-Docicap.version=" + version));
    boolean offline = System.getProperty("network", "").equals("offline true");
    if (offline) {
      command.add("-o");
    }
    command.addAll(List.of("compile", "exec:exec"));
    Containers.Result result =
        Containers.execute(command, Map.of("JAVA_HOME", System.getProperty("java.home")));
    if (offline && result.out().contains("offline mode")) {
      Assumptions.abort("what the example needs was never fetched, and nothing may be now");
    }
    assertEquals(0, result.status(), result.out() + result.err());
    assertTrue(result.out().contains(PRINTED), result.out());
  }

  /// Links to everything in a folder but one.
  private static void link(Path from, Path to, String but) throws IOException {
    if (Files.isDirectory(from)) {
      try (Stream<Path> entries = Files.list(from)) {
        for (Path entry : entries.toList()) {
          if (!entry.endsWith(but)) {
            Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
          }
        }
      }
    }
  }

  @Test
  void the_jar_holds_the_library_and_nothing_of_the_program() throws IOException {
    try (ZipFile jar = new ZipFile(LIBRARY.toFile())) {
      List<String> wrong =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name ->
                  name.startsWith("dev/ocicap/cli/")
                      || name.startsWith("picocli/")
                      || name.startsWith("help/"))
              .toList();
      assertEquals(List.of(), wrong);
      assertFalse(jar.getEntry("dev/ocicap/Config.class") == null);
      assertFalse(jar.getEntry("schemas/1.3/config.schema.json") == null);
    }
  }
}
