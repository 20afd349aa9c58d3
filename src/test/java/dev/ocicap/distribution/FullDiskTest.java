package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.containers.Containers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command that writes, on a full and on a read-only file system: it says so, ends with its
/// status for that, and leaves everything as it was.
@Tag("distribution")
class FullDiskTest {
  private static final Installation BUILT = Installation.built();

  @TempDir Path directory;
  private Path disk;

  /// A command line; `DISK` is the file system, `OUT` a folder elsewhere.
  ///
  /// @param status what it ends with
  private record Row(int status, String words) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(3, "generate --bundle DISK/new"),
          new Row(3, "generate --output DISK/new.json"),
          new Row(3, "generate --seccomp docker --output DISK/bundle/config.json"),
          new Row(3, "edit --seccomp docker --hostname other DISK/bundle"),
          new Row(3, "edit --hostname h --output DISK/new.json DISK/bundle"),
          new Row(3, "validate --fix DISK/bad"),
          new Row(3, "convert --bundle DISK/new --rootfs OUT/root -- docker run x sh"),
          new Row(
              3,
              "convert --bundle DISK/new --image rootfs-archive:OUT/root.tar -- docker run x sh"),
          new Row(3, "generate --each OUT/lines"),
          new Row(3, "convert --bundle DISK/many --rootfs OUT/root OUT/script"),
          new Row(3, "learn --write --runtime runc DISK/learned"),
          new Row(125, "run --runtime true --bundle DISK/new --rootfs OUT/root -- docker run x sh"),
          new Row(
              125, "run --runtime true --image rootfs-archive:OUT/root.tar -- docker run x sh"));

  @BeforeEach
  void mount() throws Exception {
    Containers.require("runc");
    disk = Files.createDirectory(directory.resolve("disk"));
    Path root = Containers.rootfs(directory.resolve("root"), "sh", "true");
    execute("tar", "-C", root.toString(), "-cf", directory.resolve("root.tar").toString(), ".");
    execute("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString());
    Files.writeString(
        directory.resolve("lines"), "--bundle " + disk + "/e1\n--bundle " + disk + "/e2\n");
    Files.writeString(directory.resolve("script"), "docker run x sh\ndocker run --name y x sh\n");
    done("generate", "--bundle", disk + "/bundle");
    done("generate", "--bundle", disk + "/bad");
    Path bad = disk.resolve("bad/config.json");
    Files.writeString(bad, Files.readString(bad).replace("CAP_KILL", "cap_kill"));
    done(
        "generate",
        "--terminal=false",
        "--root-path",
        root.toString(),
        "--bundle",
        disk + "/learned",
        "--",
        "true");
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      Installation.execute(List.of("/bin/umount", disk.toString()), Map.of());
    }
  }

  private static void execute(String... command) throws Exception {
    assertEquals(0, Containers.execute(List.of(command), Map.of()).status(), List.of(command) + "");
  }

  private static void done(String... words) throws Exception {
    Installation.Result result = BUILT.ocicap(words);
    assertEquals(0, result.status(), result.err());
  }

  @Test
  void nothing_is_lost_where_nothing_more_fits() throws Exception {
    fill();
    refused("no space left on device");
  }

  @Test
  void nothing_is_lost_where_nothing_may_be_written() throws Exception {
    execute("mount", "-o", "remount,ro", disk.toString());
    refused("read-only file system");
  }

  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(disk.resolve("fill"))) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // Full.
    }
  }

  private void refused(String reason) throws Exception {
    List<String> wrong = new ArrayList<>();
    Map<String, String> before = content(directory);
    for (Row row : ROWS) {
      List<String> words = new ArrayList<>();
      for (String word : row.words().split(" ", -1)) {
        words.add(word.replace("DISK", disk.toString()).replace("OUT", directory.toString()));
      }
      Installation.Result result =
          BUILT.ocicap(
              Map.of("PATH", System.getenv("PATH"), "HOME", disk + "/home"),
              words.toArray(String[]::new));
      String problem = "";
      if (result.status() != row.status()) {
        problem += " status " + result.status();
      }
      if (!result.err().contains(": error: ")
          || !result.err().toLowerCase(Locale.ROOT).contains(reason)) {
        problem += " no reason";
      }
      if (result.err().contains("Exception")) {
        problem += " an exception";
      }
      Map<String, String> after = content(directory);
      if (!after.equals(before)) {
        after.entrySet().removeAll(before.entrySet());
        problem += " left or changed " + after.keySet();
        before = content(directory);
      }
      if (!problem.isEmpty()) {
        wrong.add(row.words() + ":" + problem + "\n" + result.err());
      }
    }
    assertEquals(List.of(), wrong);
  }

  /// Every file below a folder, and what is in it.
  private static Map<String, String> content(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String text =
            Files.isSymbolicLink(file)
                ? Files.readSymbolicLink(file).toString()
                : Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Files.size(file) > 100_000 ? "large" : Files.readString(file)
                    : "";
        content.put(folder.relativize(file).toString(), text);
      }
    }
    // The cache of images has folders of its own; no part of an image may be in them.
    content.keySet().removeIf(name -> name.matches("disk/home(/[.]cache(/ocicap(/images)?)?)?"));
    return content;
  }
}
