package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many commands in one call: in their order, each as if it were alone.
class ManyCommandsTest {
  private static final int MANY = 1000;
  private static final Map<String, String> ENV =
      Map.of("HOME", "/home/someone", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

  @TempDir Path directory;

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectory(directory.resolve("rootfs"));
  }

  @Test
  void a_thousand_become_a_thousand_bundles() throws IOException {
    InProcess.Outcome outcome = convert(script(MANY), "-b", "out", "-");
    assertEquals("", outcome.err());
    assertEquals(0, outcome.status());
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      expected.add(directory.resolve("out/c" + i).toString());
    }
    assertEquals(expected, outcome.out().lines().toList());
    for (int i : new int[] {0, 1, 499, MANY - 1}) {
      convert(command(i), "-b", "alone" + i, "-");
      for (String file : List.of("config.json", "hosts", "hostname")) {
        assertEquals(
            read("alone" + i + "/" + file).replace("alone" + i + "/", "out/c" + i + "/"),
            read("out/c" + i + "/" + file));
      }
    }
  }

  @Test
  void configurations_are_printed_in_the_order_of_the_commands() {
    InProcess.Outcome many = convert(script(MANY), "--config-only", "-");
    assertEquals("", many.err());
    assertEquals(0, many.status());
    StringBuilder alone = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      alone.append(convert(command(i), "--config-only", "-").out());
    }
    assertTrue(many.out().startsWith(alone.toString()));
    assertEquals(MANY, many.out().lines().filter(line -> line.equals("}")).count());
  }

  /// A registry that answers nothing.
  @Test
  void an_image_that_cannot_be_had_is_asked_for_once() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ServerSocket registry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread answering =
          new Thread(() -> {
            while (!registry.isClosed()) {
              try {
                registry.accept().close();
                asked.incrementAndGet();
              } catch (IOException e) {
                return;
              }
            }
          });
      answering.setDaemon(true);
      answering.start();
      String image = "127.0.0.1:" + registry.getLocalPort() + "/none:1";
      InProcess.Outcome one = run("docker run " + image + "\n", "convert", "-b", "out", "-");
      assertEquals(3, one.status());
      int forOne = asked.get();
      assertTrue(forOne > 0, one.err());
      InProcess.Outcome many =
          run(("docker run " + image + " sh\n").repeat(40), "convert", "-b", "out", "-");
      assertEquals(3, many.status());
      assertEquals(40, many.err().lines().filter(line -> line.contains(": error: ")).count());
      assertEquals(2 * forOne, asked.get());
    }
    assertFalse(Files.exists(directory.resolve("out")));
  }

  /// One bad command in every hundred: an unknown flag, a bad value, a user that the image lacks, a
  /// bundle that is there already.
  @Test
  void a_command_that_cannot_be_converted_leaves_nothing_and_keeps_no_other_from_it()
      throws IOException {
    Files.createDirectories(directory.resolve("out/there"));
    Files.writeString(directory.resolve("out/there/config.json"), "{}");
    List<String> bad =
        List.of(
            "docker run --nope busybox sh",
            "docker run --name bad1 -m 1x busybox sh",
            "docker run --name bad2 -u nobody busybox sh",
            "docker run --name there -v new:/v busybox sh");
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      script.append(i % 100 == 50 ? bad.get(i / 100 % bad.size()) + "\n" : command(i));
    }
    InProcess.Outcome outcome = convert(script.toString(), "-b", "out", "-");
    assertEquals(3, outcome.status());
    assertEquals(
        List.of(
            "-:51:1: error: unknown flag '--nope'",
            "-:151:1: error: --memory: '1x' is not a size such as '512m' or '1.5g'",
            "-:251:1: error: --user: 'nobody' is not a user of the image",
            directory.resolve("out/there/config.json") + ": error: exists already"),
        outcome.err().lines().filter(line -> line.contains("error:")).limit(4).toList());
    // The second of that name has another directory.
    int wrong = MANY / 100 - 1;
    assertEquals(wrong, outcome.err().lines().filter(line -> line.contains("error:")).count());
    assertEquals(MANY - wrong, outcome.out().lines().count());
    try (Stream<Path> made = Files.list(directory.resolve("out"))) {
      assertEquals(MANY - wrong + 1, made.count(), "with the one that was there");
    }
    assertEquals("{}", read("out/there/config.json"));
  }

  @Test
  void json_is_an_array_with_an_entry_for_each_command() {
    String script = command(0) + "docker run --name x -m 1x busybox sh\n" + command(2);
    InProcess.Outcome outcome = convert(script, "--config-only", "--format", "json", "-");
    assertEquals(3, outcome.status());
    JsonNode array = JsonText.parse("out", outcome.out()).root();
    assertEquals(3, array.size());
    assertEquals(
        "0", array.get(0).at("/config/process/args/1").asText(), array.get(0)::toPrettyString);
    assertEquals("-:2:1", array.get(1).at("/errors/0/place").asText());
    assertFalse(array.get(1).has("config"));
    assertEquals("2", array.get(2).at("/config/process/args/1").asText());
    assertEquals(JsonText.lines(array), outcome.out());
  }

  /// Volumes and the directory that holds the bundles are shared: the maker of a bundle that fails
  /// takes them from nobody.
  @Test
  void what_bundles_share_stays_when_one_of_them_fails() throws IOException {
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      script.append("docker run --name b").append(i).append(" -v data:/data");
      // The file in the place of a directory fails late, when the volume is made already.
      script.append(i % 2 == 0 ? " -v file:/x -w /file" : "").append(" busybox sh\n");
    }
    Files.createDirectory(directory.resolve("v"));
    Files.writeString(directory.resolve("v/file"), "");
    InProcess.Outcome outcome = convert(script.toString(), "-b", "out", "--volume-root", "v", "-");
    assertEquals(3, outcome.status());
    assertEquals(20, outcome.out().lines().count());
    try (Stream<Path> made = Files.list(directory.resolve("out"))) {
      assertEquals(20, made.count());
    }
    assertTrue(Files.isDirectory(directory.resolve("v/data/_data")));
    assertTrue(Files.isRegularFile(directory.resolve("v/file")));
  }

  private static String script(int count) {
    StringBuilder script = new StringBuilder("#!/bin/sh\n");
    for (int i = 0; i < count; i++) {
      script.append(command(i));
    }
    return script.toString();
  }

  private static String command(int i) {
    return "docker run -d --name c"
        + i
        + " --network host --cap-drop all --cap-add setuid -e N="
        + i
        + " -v /tmp:/data:ro busybox echo "
        + i
        + "\n";
  }

  private InProcess.Outcome convert(String script, String... args) {
    List<String> all = new ArrayList<>(List.of("convert", "--rootfs", "rootfs"));
    all.addAll(List.of(args));
    return run(script, all.toArray(new String[0]));
  }

  private InProcess.Outcome run(String script, String... args) {
    return InProcess.with(ENV).in(directory).run(script, args);
  }

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }
}
