package dev.ocicap.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images in processes of their own: fetched from a registry, in parallel, and interrupted.
class ImageProcessTest {
  @TempDir Path directory;

  private Process start(String source, Pull pull) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OpenImage.class.getName(),
            source,
            directory.resolve("cache").toString(),
            pull.name());
    builder.environment().put("HOME", directory.resolve("home").toString());
    return builder.start();
  }

  private String run(String source, Pull pull) throws IOException, InterruptedException {
    Process process = start(source, pull);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out.strip();
  }

  private static Set<String> names(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  @Test
  void an_image_of_a_registry_is_pulled_once_by_its_digest()
      throws IOException, InterruptedException {
    Path layout = TestLayout.write(directory.resolve("layout"), new Tar().file("a", "1").end());
    String digest = new ImageLayout(layout, "").manifest("1", Platform.of("amd64")).digest();
    TestRegistry registry = new TestRegistry(layout);
    String host = registry.host();
    String source = "docker://" + host + "/some/image:tag";
    String rootfs;
    try (registry) {
      assertEquals("refused: is not in the cache, and may not be pulled", run(source, Pull.NEVER));
      assertEquals(List.of(), registry.takeAsked());

      rootfs = run(source, Pull.MISSING);
      assertEquals("1", Files.readString(Path.of(rootfs, "a")));
      List<String> asked = registry.takeAsked();
      assertTrue(asked.contains("/v2/some/image/manifests/tag"));
      assertTrue(asked.contains("/v2/some/image/manifests/" + digest));

      assertEquals(rootfs, run(source, Pull.MISSING));
      assertEquals(List.of(), registry.takeAsked());

      assertEquals(rootfs, run(source, Pull.ALWAYS));
      assertEquals(List.of("/v2/", "/v2/some/image/manifests/tag"), registry.takeAsked());
    }
    assertEquals(rootfs, run(source, Pull.MISSING), "without the registry");
    String gone = run(source + "2", Pull.MISSING);
    assertTrue(gone.startsWith("refused: skopeo failed: pinging container registry"), gone);
  }

  @Test
  void many_threads_unpack_one_image_once() throws Exception {
    Path layout = TestLayout.write(directory.resolve("layout"), new Tar().file("a", "1").end());
    ImageSource source = ImageSource.parse("oci:" + layout, directory);
    Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Queue<String> steps = new ConcurrentLinkedQueue<>();
    ImageStore store =
        new ImageStore(
            directory.resolve("cache"),
            ((Integer) uid).longValue(),
            Platform.of("amd64"),
            Limits.DEFAULT,
            (step, _, _) -> steps.add(step));
    Set<Path> found = new TreeSet<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<Image>> images = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        images.add(threads.submit(() -> store.open(source, Pull.MISSING)));
      }
      for (Future<Image> image : images) {
        found.add(image.get().rootfs());
      }
    }
    assertEquals(1, found.size());
    assertEquals(1, steps.stream().filter("unpacking"::equals).count());
  }

  @Test
  void two_processes_that_unpack_the_same_image_do_not_disturb_each_other()
      throws IOException, InterruptedException {
    Path layout = manyFiles();
    Process one = start("oci:" + layout, Pull.MISSING);
    Process two = start("oci:" + layout, Pull.MISSING);
    assertEquals(0, one.waitFor());
    assertEquals(0, two.waitFor());
    Set<String> entries = names(directory.resolve("cache/ocicap/images"));
    assertEquals(1, entries.size(), entries.toString());
    assertTrue(!entries.iterator().next().startsWith("."));
  }

  private Path manyFiles() throws IOException {
    Tar tar = new Tar();
    for (int i = 0; i < 3_000; i++) {
      tar.file("directory" + i % 100 + "/file" + i, "content " + i);
    }
    return TestLayout.write(directory.resolve("layout"), tar.end());
  }

  private Process startedUnpacking(Path layout) throws IOException {
    Process process = start("oci:" + layout, Pull.MISSING);
    BufferedReader steps = process.errorReader();
    String step = steps.readLine();
    while (step != null && !step.equals("unpacking")) {
      step = steps.readLine();
    }
    assertEquals("unpacking", step);
    return process;
  }

  @Test
  void a_process_that_is_told_to_end_leaves_nothing() throws Exception {
    Path layout = manyFiles();
    Process process = startedUnpacking(layout);
    Thread.sleep(100);
    process.destroy();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(143, process.exitValue(), "ended by the signal, in the middle of the work");
    assertEquals(Set.of(), names(directory.resolve("cache/ocicap/images")));
  }

  @Test
  void a_process_that_is_killed_leaves_nothing_that_is_taken_for_an_image() throws Exception {
    Path layout = manyFiles();
    Process process = startedUnpacking(layout);
    Thread.sleep(100);
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    for (ProcessHandle child : children) {
      child.destroyForcibly();
      child.onExit().get(30, TimeUnit.SECONDS);
    }
    assertEquals(137, process.exitValue(), "ended by the signal, in the middle of the work");
    for (String entry : names(directory.resolve("cache/ocicap/images"))) {
      assertTrue(entry.startsWith("."), entry);
    }
    String rootfs = run("oci:" + layout, Pull.MISSING);
    assertEquals(100, names(Path.of(rootfs)).size());
  }
}
