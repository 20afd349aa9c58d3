package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.spec.DefaultConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Edits that are killed (`kill -9`) in the middle: the file is always the old or the new one. Each
/// round starts a process that edits without pause and kills it at a random moment;
/// `-Docicap.kills=500` makes 500 rounds.
class KilledEditTest {
  private static final int KILLS = Integer.getInteger("ocicap.kills", 8);

  @TempDir Path directory;

  @Test
  void a_killed_edit_leaves_the_old_or_the_new_file() throws Exception {
    Path file = directory.resolve("config.json");
    String text = DefaultConfig.runc(false).text();
    String even = text.replace("\"runc\"", "\"even\"");
    String odd = text.replace("\"runc\"", "\"odd-and-longer\"");
    Files.writeString(file, even);
    Random random = new Random(9);
    long edits = 0;
    for (int i = 0; i < KILLS; i++) {
      Path progress = Files.createTempFile(directory, "progress", "");
      Process process = start(file, progress);
      while (Files.size(progress) == 0) {
        assertTrue(process.isAlive(), "the first edit was made");
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(30), random.nextInt(999_999));
      process.destroyForcibly();
      process.waitFor();
      edits += Files.size(progress);
      String found = Files.readString(file);
      assertTrue(found.equals(even) || found.equals(odd), found);
    }
    assertTrue(edits > KILLS, "more edits than kills");
  }

  private static Process start(Path file, Path progress) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(Endless.class.getName(), file.toString()));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(progress.toFile())
        .start();
  }

  /// Edits a file again and again, with a dot on standard output after each edit.
  static final class Endless {
    private Endless() {}

    public static void main(String[] args) {
      for (int i = 0; true; i++) {
        String name = i % 2 == 0 ? "odd-and-longer" : "even";
        int status =
            Main.run(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                System.err,
                Map.of(),
                "edit",
                args[0],
                "--hostname",
                name);
        if (status != 0) {
          System.exit(status);
        }
        System.out.print('.');
        System.out.flush();
      }
    }
  }
}
