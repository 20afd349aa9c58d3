package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in the places and surroundings that users have.
@Tag("distribution")
class LauncherTest {
  private static final Installation BUILT = Installation.built();
  private static final List<String> SHELLS = List.of("dash", "bash", "busybox sh");

  @TempDir Path directory;

  @Test
  void it_starts_from_a_path_with_blanks_quotes_and_letters_that_are_not_ascii() throws Exception {
    Installation copy = BUILT.copyTo(directory.resolve("a b  'c' \"d\" $e é\n*"));
    assertEquals(BUILT.ocicap("generate"), copy.ocicap("generate"));
    assertEquals(0, copy.classesFromJar("generate"));
  }

  @Test
  void it_follows_links_to_itself() throws Exception {
    Path folder = Files.createDirectories(directory.resolve("x y/z"));
    Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), BUILT.launcher());
    Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("../z/absolute"));
    Path through = Files.createSymbolicLink(directory.resolve("folder"), BUILT.home());
    for (Path start : List.of(absolute, relative, through.resolve("bin/ocicap"))) {
      assertEquals(
          BUILT.ocicap("generate"),
          Installation.execute(List.of(start.toString(), "generate"), Map.of()));
    }
  }

  /// The JVM's first own file would get the descriptor and be read as the user's.
  @Test
  void closed_standard_input_is_empty() throws Exception {
    Installation.Result result =
        Installation.execute(
            List.of(
                "/bin/sh",
                "-c",
                "exec \"$@\" <&-",
                "sh",
                BUILT.launcher().toString(),
                "edit",
                "-",
                "--hostname",
                "x"),
            Map.of());
    assertEquals(3, result.status());
    assertEquals("-:1:1: error: the file is empty\n", result.err());
  }

  @Test
  void every_shell_starts_it_by_a_relative_path_and_through_path() throws Exception {
    Installation.Result expected = BUILT.ocicap("generate");
    for (String shell : SHELLS) {
      for (String start : List.of("cd bin; %s ocicap", "%s bin/ocicap", "%s ./bin/../bin/ocicap")) {
        assertEquals(
            expected,
            Installation.execute(
                List.of(
                    "/bin/sh",
                    "-c",
                    "cd \"$1\"; " + start.replace("%s", shell) + " generate",
                    "sh",
                    BUILT.home().toString()),
                Map.of("PATH", System.getenv("PATH"))),
            shell + ": " + start);
      }
    }
    assertEquals(
        expected,
        Installation.execute(
            List.of("/bin/sh", "-c", "ocicap generate"),
            Map.of("PATH", BUILT.home() + "/bin:" + System.getenv("PATH"))));
  }

  @Test
  void it_needs_no_environment() throws Exception {
    Installation.Result result = BUILT.ocicap(Map.of(), "generate", "--add", "setuid");
    assertEquals(0, result.status());
    assertEquals("", result.err());
    assertTrue(result.out().contains("CAP_SETUID"));
  }

  @Test
  void arguments_arrive_whole_in_any_locale() throws Exception {
    String argument = "ä € 😀 ' \" $HOME `id` \\ \n\t*";
    for (String locale : List.of("C", "POSIX", "de_DE.ISO-8859-1", "C.UTF-8", "")) {
      Installation.Result result =
          BUILT.ocicap(
              locale.isEmpty() ? Map.of() : Map.of("LC_ALL", locale),
              "generate",
              "--env",
              "A=" + argument);
      String escaped =
          argument
              .replace("\\", "\\\\")
              .replace("\"", "\\\"")
              .replace("\n", "\\n")
              .replace("\t", "\\t");
      assertTrue(result.out().contains("\"A=" + escaped + "\""), locale + ": " + result.out());
    }
  }

  @Test
  void a_container_gets_the_users_locale_and_not_the_launchers() throws Exception {
    assertTrue(
        BUILT
            .ocicap(Map.of("LC_ALL", "de_AT"), "generate", "--env", "LC_ALL")
            .out()
            .contains("\"LC_ALL=de_AT\""));
    assertTrue(!BUILT.ocicap("generate", "--env", "LC_ALL").out().contains("LC_ALL"));
  }

  @Test
  void it_writes_nothing_into_its_folder() throws Exception {
    Installation copy = BUILT.copyTo(directory.resolve("installed"));
    List<String> before = listing(copy.home());
    copy.ocicap("generate", "--add", "all");
    copy.ocicap("validate", "/nonexistent");
    assertEquals(before, listing(copy.home()));
  }

  @Test
  void the_commands_that_must_be_fast_load_every_class_from_the_cache() throws Exception {
    Path bundle = directory.resolve("bundle");
    assertEquals(
        List.of(), BUILT.slowClasses("generate", "--add", "setuid", "-b", bundle.toString()));
    assertEquals(List.of(), BUILT.slowClasses("generate", "--add", "setuid"));
    assertEquals(List.of(), BUILT.slowClasses("edit", "--drop", "kill", bundle.toString()));
    assertEquals(List.of(), BUILT.slowClasses("run", "--runtime", "/bin/true", bundle.toString()));
    assertEquals(List.of(), BUILT.slowClasses("caps", "setuid"));
    assertEquals(List.of(), BUILT.slowClasses("show", bundle.toString()));
    assertEquals(List.of(), BUILT.slowClasses("predict", bundle.toString()));
    // With a program that is looked for in each directory of PATH.
    Path program = Files.createDirectories(bundle.resolve("rootfs/bin")).resolve("sh");
    Files.copy(Path.of("/bin/busybox"), program);
    assertEquals(List.of(), BUILT.slowClasses("predict", bundle.toString()));
    assertEquals(
        List.of(),
        BUILT.slowClasses(
            "convert",
            "--config-only",
            "--",
            "docker",
            "run",
            "--cap-drop=all",
            "--cap-add=kill",
            "-v",
            "/a:/b",
            "busybox",
            "sh"));
  }

  /// The runtime is a program that does nothing, so no container is started, and `/run` is empty: a
  /// bundle that another start left there would be removed.
  @Test
  void a_docker_command_with_an_image_that_is_there_loads_every_class_from_the_cache()
      throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "to mount an image needs root");
    Path layout = Files.createDirectories(directory.resolve("layout"));
    String digest = "5".repeat(64);
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        layout.resolve("index.json"),
        """
        {"schemaVersion": 2, "manifests": [{
          "mediaType": "application/vnd.oci.image.manifest.v1+json",
          "digest": "sha256:%s", "size": 1,
          "annotations": {"org.opencontainers.image.ref.name": "one"}}]}
        """
            .formatted(digest));
    Path image = directory.resolve("cache/ocicap/images/" + digest + "-root");
    Path bin = Files.createDirectories(image.resolve("rootfs/bin"));
    Files.copy(Path.of("/bin/busybox"), bin.resolve("true"));
    Files.writeString(image.resolve("notes"), "");
    Files.writeString(
        image.resolve("config.json"),
        "{\"config\": {\"Env\": [\"PATH=/bin\"]}, \"os\": \"linux\"}");
    Path runc = directory.resolve("runc");
    Files.writeString(
        runc,
        "#!/bin/sh\n[ $1 != --version ] || printf 'runc version 1.1.5\\nlibseccomp: 2.5.4\\n'\n");
    assertTrue(runc.toFile().setExecutable(true));
    // Asked once how it was built.
    BUILT.ocicap(
        Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString(), "PATH", "/usr/bin:/bin"),
        "runtimes",
        "--runtime",
        runc.toString());
    assertEquals(
        List.of(),
        BUILT.slowClasses(
            List.of(
                "/usr/bin/unshare",
                "--mount",
                "/bin/sh",
                "-c",
                "mount -t tmpfs none /run && exec \"$@\"",
                "sh"),
            Map.of(
                "XDG_CACHE_HOME", directory.resolve("cache").toString(), "PATH", "/usr/bin:/bin"),
            "run",
            "--runtime",
            directory.resolve("runc").toString(),
            "--image",
            "oci:" + layout + ":one",
            "--",
            "docker",
            "run",
            "--network",
            "none",
            "busybox",
            "true"));
  }

  @Test
  void validate_has_a_cache_of_its_own() throws Exception {
    Path bundle = directory.resolve("bundle");
    BUILT.ocicap("generate", "-b", bundle.toString());
    assertEquals(0, BUILT.classesFromJar("validate", bundle.toString()));
  }

  @Test
  void a_plain_copy_is_as_fast() throws Exception {
    Path copy = directory.resolve("copy");
    Installation.execute(
        List.of("/bin/cp", "-r", BUILT.home().toString(), copy.toString()), Map.of());
    assertEquals(0, new Installation(copy).classesFromJar("generate"));
  }

  @Test
  void a_jar_that_was_changed_in_place_is_not_started_with_the_old_classes() throws Exception {
    Installation copy = BUILT.copyTo(directory.resolve("installed"));
    Files.setLastModifiedTime(copy.jar(), FileTime.from(Instant.now().plusSeconds(1)));
    assertNotEquals(0, copy.classesFromJar("generate"));
    assertEquals(BUILT.ocicap("generate"), copy.ocicap("generate"));
  }

  @Test
  void another_jar_is_not_started_with_the_old_classes_even_when_it_is_older() throws Exception {
    Installation copy = BUILT.copyTo(directory.resolve("installed"));
    byte[] jar = Files.readAllBytes(copy.jar());
    String text = new String(jar, StandardCharsets.ISO_8859_1);
    int hash = text.indexOf("Ocicap-Build: ") + "Ocicap-Build: ".length();
    jar[hash] = (byte) (jar[hash] == '0' ? '1' : '0');
    Files.write(copy.jar(), jar);
    Files.setLastModifiedTime(copy.jar(), FileTime.from(Instant.EPOCH));
    assertNotEquals(0, copy.classesFromJar("generate"));
  }

  @Test
  void a_missing_or_broken_cache_shows_in_nothing_but_time() throws Exception {
    Installation copy = BUILT.copyTo(directory.resolve("installed"));
    Installation.Result expected = BUILT.ocicap("generate");
    for (Path cache : copy.caches()) {
      Files.writeString(cache, "not a cache");
    }
    assertEquals(expected, copy.ocicap("generate"));
    for (Path cache : copy.caches()) {
      byte[] half = Files.readAllBytes(BUILT.caches().getFirst());
      Files.write(cache, java.util.Arrays.copyOf(half, half.length / 2));
    }
    assertEquals(expected, copy.ocicap("generate"));
    for (Path cache : copy.caches()) {
      Files.delete(cache);
    }
    assertEquals(expected, copy.ocicap("generate"));
  }

  @Test
  void an_older_java_home_is_passed_over() throws Exception {
    Path old = fakeJdk("17.0.9");
    assertEquals(
        BUILT.ocicap("generate"),
        BUILT.ocicap(
            Map.of("JAVA_HOME", old.toString(), "PATH", old + "/bin:/usr/bin:/bin"), "generate"));
  }

  @Test
  void a_newer_java_home_is_taken() throws Exception {
    Path newer = fakeJdk("31-ea");
    assertEquals(
        "fake java\n", BUILT.ocicap(Map.of("JAVA_HOME", newer.toString()), "generate").out());
  }

  @Test
  void an_older_java_named_for_ocicap_is_an_error() throws Exception {
    Path old = fakeJdk("17.0.9");
    Installation.Result result =
        BUILT.ocicap(Map.of("OCICAP_JAVA_HOME", old.toString()), "generate");
    assertEquals(3, result.status());
    assertEquals(
        "ocicap: error: OCICAP_JAVA_HOME '"
            + old
            + "' is not a Java 25 or later\n"
            + "  hint: unset OCICAP_JAVA_HOME\n",
        result.err());
  }

  @Test
  void without_any_java_it_says_what_to_install() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "hiding the JDKs needs root");
    Installation copy = BUILT.copyTo(directory.resolve("installed"));
    Files.delete(copy.home().resolve("lib/java-home"));
    for (String command : List.of("generate", "run")) {
      Installation.Result result =
          Installation.execute(
              List.of(
                  "/usr/bin/unshare",
                  "-m",
                  "/bin/sh",
                  "-c",
                  "mount -t tmpfs none /usr/lib/jvm; PATH=/none; exec \"$1\" \"$2\" x",
                  "sh",
                  copy.launcher().toString(),
                  command),
              Map.of("PATH", System.getenv("PATH")));
      assertEquals(command.equals("run") ? 125 : 3, result.status());
      assertEquals(
          "ocicap: error: no Java 25 or later was found\n  hint: apt-get install"
              + " openjdk-25-jre-headless, or name another with OCICAP_JAVA_HOME=/path/to/jdk\n",
          result.err());
    }
  }

  private Path fakeJdk(String version) throws IOException {
    Path home = directory.resolve("jdk " + version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    Path java = home.resolve("bin/java");
    Files.writeString(java, "#!/bin/sh\necho fake java\n");
    assertTrue(java.toFile().setExecutable(true));
    return home;
  }

  private static List<String> listing(Path folder) throws IOException {
    List<String> listing = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        listing.add(file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file));
      }
    }
    return listing;
  }

  @Test
  void completion_offers_commands_options_and_capabilities() throws Exception {
    assertEquals("generate\n", complete("ocicap", "gen"));
    assertEquals("--hostname\n", complete("ocicap", "generate", "--hostn"));
    assertEquals(
        "setgid\nsetuid\nsetpcap\nsetfcap\n", complete("ocicap", "generate", "--add", "set"));
    assertEquals("kill,net_raw\n", complete("ocicap", "edit", "--cap-drop", "kill,net_r"));
    assertEquals("CAP_NET_RAW\n", complete("ocicap", "edit", "--cap-drop", "cap_net_r"));
    assertEquals("net_raw\n", complete("ocicap", "generate", "--add", "=", "net_r"));
    assertEquals("", complete("ocicap", "generate", "--", "--add"));
  }

  private static String complete(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/bash",
                "-c",
                "compopt() { :; }; . \"$1\"; shift; COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1));"
                    + " _ocicap; [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"",
                "bash",
                BUILT.home() + "/share/bash-completion/completions/ocicap"));
    command.addAll(List.of(words));
    Installation.Result result = Installation.execute(command, Map.of());
    assertEquals("", result.err());
    return result.out();
  }

  @Test
  void the_jar_starts_alone() throws Exception {
    Installation.Result result =
        Installation.execute(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-jar",
                BUILT.jar().toString(),
                "generate"),
            Map.of());
    assertEquals(BUILT.ocicap("generate").out(), result.out());
  }

  @Test
  void the_jar_holds_the_licences_of_what_is_in_it() throws Exception {
    try (var zip = new java.util.zip.ZipFile(BUILT.jar().toFile())) {
      assertTrue(
          zip.stream()
              .anyMatch(e -> e.getName().startsWith("META-INF/licenses/jackson-databind-")));
      try (InputStream manifest = zip.getInputStream(zip.getEntry("META-INF/MANIFEST.MF"))) {
        assertTrue(
            new String(manifest.readAllBytes(), StandardCharsets.UTF_8)
                .contains("\nOcicap-Build: "));
      }
    }
  }
}
