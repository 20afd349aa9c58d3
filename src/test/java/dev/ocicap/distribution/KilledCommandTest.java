package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.containers.Containers;
import dev.ocicap.os.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands that write, killed (`kill -9`) at a random moment of their lives, cold start included:
/// what is there afterwards is old or new, whole, and what is left goes with the next command.
/// `-Docicap.kills=1000` makes 1,000 rounds of each.
@Tag("distribution")
class KilledCommandTest {
  private static final Installation BUILT = Installation.built();
  private static final int KILLS = Integer.getInteger("ocicap.kills", 10);

  @TempDir Path directory;
  private Path bundle;
  private Path config;
  private long lifetime;

  @BeforeEach
  void prepare() throws Exception {
    bundle = Files.createDirectories(directory.resolve("bundle"));
    config = bundle.resolve("config.json");
    succeed("generate", "--bundle", bundle.toString());
    long start = System.nanoTime();
    succeed("generate", "--output", directory.resolve("other.json").toString());
    lifetime = System.nanoTime() - start;
  }

  private void succeed(String... arguments) throws Exception {
    Installation.Result result = BUILT.ocicap(arguments);
    assertEquals(0, result.status(), result.err());
  }

  /// Starts a command and kills it at some moment of twice the time that one takes.
  private void kill(Random random, String... arguments) throws Exception {
    kill(random, lifetime, Map.of(), arguments);
  }

  /// The same, with every process that it has started.
  ///
  /// @param lifetime how long one takes, in nanoseconds
  /// @param environment what is set besides
  private static void kill(
      Random random, long lifetime, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(BUILT.launcher().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    Process process = builder.start();
    long wait = random.nextLong(2 * lifetime);
    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroyForcibly().waitFor();
    for (ProcessHandle descendant : descendants) {
      descendant.destroyForcibly();
      descendant.onExit().join();
    }
  }

  /// Runs a command to its end, and says how long it took, in nanoseconds.
  private static long timed(Map<String, String> environment, String... arguments) throws Exception {
    Map<String, String> all = new HashMap<>(System.getenv());
    all.putAll(environment);
    long start = System.nanoTime();
    Installation.Result result = BUILT.ocicap(all, arguments);
    assertEquals(0, result.status(), result.err());
    return System.nanoTime() - start;
  }

  private Set<String> names(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  @Test
  void edit_leaves_the_old_or_the_new_file() throws Exception {
    Random random = new Random(1);
    List<String> texts = new ArrayList<>();
    for (String name : new String[] {"one", "another-one"}) {
      succeed("edit", "--hostname", name, bundle.toString());
      texts.add(Files.readString(config));
    }
    for (int i = 0; i < KILLS; i++) {
      kill(random, "edit", "--hostname", i % 2 == 0 ? "one" : "another-one", bundle.toString());
      assertTrue(texts.contains(Files.readString(config)));
    }
    nothingIsLeftAfterTheNextEdit();
  }

  @Test
  void a_repair_leaves_the_old_or_the_new_file() throws Exception {
    Random random = new Random(2);
    String good = Files.readString(config);
    String bad = good.replace("CAP_KILL", "cap_kill");
    Files.writeString(config, bad);
    Installation.Result result = BUILT.ocicap("validate", "--fix", bundle.toString());
    assertTrue(result.status() <= 1, result.err());
    assertEquals(good, Files.readString(config));
    for (int i = 0; i < KILLS; i++) {
      Files.writeString(config, bad);
      kill(random, "validate", "--fix", bundle.toString());
      String found = Files.readString(config);
      assertTrue(found.equals(good) || found.equals(bad), found);
    }
    nothingIsLeftAfterTheNextEdit();
  }

  private void nothingIsLeftAfterTheNextEdit() throws Exception {
    FileTime old = FileTime.from(Instant.now().minusSeconds(61));
    try (Stream<Path> files = Files.list(bundle)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, old);
      }
    }
    succeed("edit", "--hostname", "the-last", bundle.toString());
    assertEquals(Set.of("config.json"), names(bundle));
  }

  @Test
  void generate_leaves_nothing_or_a_bundle_and_can_be_repeated() throws Exception {
    Random random = new Random(3);
    String whole = Files.readString(config);
    for (int i = 0; i < KILLS; i++) {
      Path made = directory.resolve("made" + i);
      kill(random, "generate", "--bundle", made.toString());
      Path file = made.resolve("config.json");
      if (Files.exists(file)) {
        assertEquals(whole, Files.readString(file));
      } else {
        succeed("generate", "--bundle", made.toString());
      }
    }
  }

  @Test
  void convert_leaves_a_whole_bundle_or_none_and_can_be_repeated() throws Exception {
    Random random = new Random(4);
    Path root = directory.resolve("root");
    Files.createDirectories(root.resolve("bin"));
    Files.writeString(root.resolve("bin/sh"), "");
    Path where = Files.createDirectories(directory.resolve("converted"));
    String[] command = {
      "convert", "--bundle", "", "--rootfs", root.toString(), "--", "docker", "run", "x", "sh"
    };
    command[2] = where.resolve("first").toString();
    succeed(command);
    Set<String> whole = names(where.resolve("first"));
    for (int i = 0; i < KILLS; i++) {
      Path made = where.resolve("made" + i);
      command[2] = made.toString();
      kill(random, command);
      // What has no config.json is no bundle, and does not stand in the way of one.
      if (!Files.exists(made.resolve("config.json"))) {
        succeed(command);
      }
      Set<String> left = names(made);
      // What the killed one was writing stays for a minute, in case it still writes.
      left.removeIf(name -> name.startsWith(".config.json.") && name.endsWith(".tmp"));
      assertEquals(whole, left);
    }
    command[2] = where.resolve("last").toString();
    succeed(command);
    assertTrue(names(where).stream().noneMatch(name -> name.startsWith(".")), "" + names(where));
  }

  /// `true` in the place of a runtime: what is tried is what ocicap writes before it becomes one.
  @Test
  void run_leaves_a_whole_bundle_or_none_and_can_be_repeated() throws Exception {
    Random random = new Random(5);
    Path root = Containers.rootfs(directory.resolve("root"), "sh");
    String[] command = {
      "run",
      "--runtime",
      "true",
      "--bundle",
      "",
      "--rootfs",
      root.toString(),
      "--",
      "docker",
      "run",
      "x",
      "sh"
    };
    Path where = Files.createDirectories(directory.resolve("run"));
    command[4] = where.resolve("first").toString();
    long life = timed(Map.of(), command);
    Set<String> whole = names(where.resolve("first"));
    for (int i = 0; i < KILLS; i++) {
      Path made = where.resolve("made" + i);
      command[4] = made.toString();
      kill(random, life, Map.of(), command);
      if (!Files.exists(made.resolve("config.json"))) {
        Installation.Result again = BUILT.ocicap(command);
        // The JVM that was begun at the moment of the kill may have made it meanwhile.
        assertTrue(
            again.status() == 0 || again.err().contains("config.json: error: exists already"),
            again.err());
      }
      Set<String> left = names(made);
      left.removeIf(name -> name.startsWith(".config.json.") && name.endsWith(".tmp"));
      assertEquals(whole, left);
    }
    assertTrue(names(where).stream().noneMatch(name -> name.startsWith(".")), "" + names(where));
  }

  /// The image is unpacked into a store first, a new one each time.
  @Test
  void an_image_is_unpacked_whole_or_not_at_all_and_nothing_is_left() throws Exception {
    Containers.require("umoci");
    Random random = new Random(6);
    Path root = Containers.rootfs(directory.resolve("root"), "sh", "ls");
    Path archive = directory.resolve("root.tar");
    assertEquals(
        0,
        Containers.execute(
                List.of("tar", "-C", root.toString(), "-cf", archive.toString(), "."), Map.of())
            .status());
    Path where = Files.createDirectories(directory.resolve("converted"));
    String[] command = {
      "convert",
      "--bundle",
      "",
      "--image",
      "rootfs-archive:" + archive,
      "--",
      "docker",
      "run",
      "x",
      "sh"
    };
    command[2] = where.resolve("first").toString();
    long life = timed(store("first"), command);
    Set<String> whole = tree(where.resolve("first"));
    Set<String> stored = tree(directory.resolve("store-first"));
    for (int i = 0; i < KILLS; i++) {
      Path made = where.resolve("made" + i);
      command[2] = made.toString();
      kill(random, life, store("" + i), command);
      if (!Files.exists(made.resolve("config.json"))) {
        timed(store("" + i), command);
        assertEquals(stored, tree(directory.resolve("store-" + i)));
      }
      Set<String> left = tree(made);
      left.removeIf(name -> name.startsWith(".config.json.") && name.endsWith(".tmp"));
      assertEquals(whole, left);
      DirectoryTree.delete(made);
      DirectoryTree.delete(directory.resolve("store-" + i));
    }
  }

  private Map<String, String> store(String name) {
    return Map.of("XDG_CACHE_HOME", directory.resolve("store-" + name).toString());
  }

  private static Set<String> tree(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(top.relativize(file).toString()));
      // What is noted of archives that have not changed for a while.
      names.removeIf(name -> name.startsWith("ocicap/archives"));
      // Of one killed when its image was in place: an empty file, until the next image is unpacked.
      names.removeIf(
          name -> name.endsWith(".lock") && !names.contains(name.replaceFirst("lock$", "tmp")));
      return names;
    }
  }

  /// Containers run meanwhile, and the kernel traces them; the next one sweeps what is left.
  @Test
  void learn_leaves_the_old_or_the_new_file() throws Exception {
    Containers.require("runc");
    Random random = new Random(7);
    Path learned = directory.resolve("learned");
    Path file = learned.resolve("config.json");
    Containers.rootfs(learned.resolve("rootfs"), "true");
    succeed("generate", "--terminal=false", "--bundle", learned.toString(), "--", "true");
    String old = Files.readString(file);
    String[] command = {"learn", "--write", "--runtime", "runc", learned.toString()};
    long life = timed(Map.of(), command);
    String better = Files.readString(file);
    assertTrue(!better.equals(old) && !better.contains("CAP_KILL"), better);
    for (int i = 0; i < KILLS; i++) {
      Files.writeString(file, old);
      kill(random, life, Map.of(), command);
      String found = Files.readString(file);
      assertTrue(found.equals(old) || found.equals(better), found);
    }
    Files.writeString(file, old);
    Installation.Result last = BUILT.ocicap(Map.of("PATH", System.getenv("PATH")), command);
    assertEquals(0, last.status(), last.err());
    assertTrue(!last.err().contains("stays"), last.err());
    assertEquals(better, Files.readString(file));
    Set<String> left = names(learned);
    left.removeIf(name -> name.startsWith(".config.json.") && name.endsWith(".tmp"));
    assertEquals(Set.of("config.json", "rootfs"), left);
  }
}
