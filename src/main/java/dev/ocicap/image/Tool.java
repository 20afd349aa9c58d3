package dev.ocicap.image;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// An external program. Its arguments are handed over as they are: no shell sees them.
///
/// @param name the program
/// @param distributionPackage the Debian package that has it
record Tool(String name, String distributionPackage) {
  static final Tool UMOCI = new Tool("umoci", "umoci");
  static final Tool SKOPEO = new Tool("skopeo", "skopeo");
  static final Tool CP = new Tool("cp", "coreutils");

  /// More output than this is not kept.
  private static final int MAX_OUTPUT = 16 << 20;

  /// Runs the program to its end.
  ///
  /// @param subject what the work is about, for the place of an error
  /// @return what it wrote to standard output
  /// @throws OcicapException when it is not installed or fails, with its last words
  byte[] run(String subject, List<String> arguments) {
    return run(subject, null, arguments);
  }

  /// Runs the program to its end.
  ///
  /// @param directory where it runs, or null for where this process does
  byte[] run(String subject, @Nullable Path directory, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(name);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw OcicapException.input(
          null,
          "'" + name + "' is needed for this and cannot be run: is it installed?",
          "sudo apt-get install " + distributionPackage,
          e);
    }
    Thread killer = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      AtomicReference<byte[]> said = new AtomicReference<>(new byte[0]);
      // A virtual thread would cost a short run more.
      Thread listener = new Thread(() -> said.set(drain(process.getErrorStream())));
      listener.setDaemon(true);
      listener.start();
      byte[] output = drain(process.getInputStream());
      int status = process.waitFor();
      listener.join();
      if (status != 0) {
        String words = lastWords(new String(said.get(), StandardCharsets.UTF_8), status);
        throw OcicapException.input(
            Place.file(subject), name + " failed: " + words, hint(subject, words));
      }
      return output;
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw OcicapException.input(Place.file(subject), name + " was interrupted", null, e);
    } finally {
      forget(killer);
    }
  }

  /// What helps against a registry that wants to know who asks.
  private static @Nullable String hint(String subject, String words) {
    if (!words.contains("unauthorized") && !words.contains("access to the resource is denied")) {
      return null;
    }
    String name = subject.substring(subject.indexOf("//") + 2);
    int slash = name.indexOf('/');
    String host = slash < 0 ? "" : name.substring(0, slash);
    boolean named = host.indexOf('.') >= 0 || host.indexOf(':') >= 0 || host.equals("localhost");
    return named ? "docker login " + host : "docker login";
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The machine is shutting down, and the hook has done its work.
      return;
    }
  }

  private static byte[] drain(InputStream in) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (in) {
      int read = in.read(buffer);
      while (read >= 0) {
        kept.write(buffer, 0, Math.min(read, MAX_OUTPUT - kept.size()));
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // The program ended, and its pipe with it: what was read is what it said.
      return kept.toByteArray();
    }
    return kept.toByteArray();
  }

  /// The last line that says something, without the decoration of log lines.
  private static String lastWords(String text, int status) {
    String last = "exit status " + status;
    for (String line : text.split("\n", -1)) {
      if (!line.isBlank()) {
        last = line.strip();
      }
    }
    int message = last.indexOf("msg=\"");
    if (message >= 0 && last.endsWith("\"")) {
      String words = last.substring(message + 5, last.length() - 1).replace("\\\"", "\"");
      // The subject of the error says already which image it is about.
      int name = words.startsWith("Error parsing image name \"") ? words.indexOf("\": ") : -1;
      return name < 0 ? words : words.substring(name + 3);
    }
    return last.startsWith("⨯ ") ? last.substring(2) : last;
  }
}
