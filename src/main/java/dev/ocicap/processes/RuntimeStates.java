package dev.ocicap.processes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What runc and crun remember of their containers below their state directories.
public final class RuntimeStates {
  private static final int LARGEST = 4 * 1024 * 1024;
  private static final int MOST = 100_000;

  private RuntimeStates() {}

  /// A container that was started.
  ///
  /// @param pid its first process
  public record State(Container container, long pid) {}

  /// The same, and those of one more state directory of either runtime.
  public static List<State> all(Path run, Map<String, String> env, Optional<Path> root) {
    List<State> states = all(run, env);
    if (root.isPresent()) {
      folders(root.get(), "runc", states);
      folders(root.get(), "crun", states);
    }
    return states;
  }

  /// The containers of every state directory that may be read: root's, users', and those that
  /// containerd and Docker give to runc.
  static List<State> all(Path run, Map<String, String> env) {
    List<State> states = new ArrayList<>();
    runtime(run, states);
    String own = env.getOrDefault("XDG_RUNTIME_DIR", "");
    if (own.startsWith("/")) {
      runtime(Path.of(own), states);
    }
    for (Path user : folders(run.resolve("user"))) {
      runtime(user, states);
    }
    return states;
  }

  private static void runtime(Path run, List<State> states) {
    folders(run.resolve("runc"), "runc", states);
    folders(run.resolve("crun"), "crun", states);
  }

  private static void folders(Path root, String runtime, List<State> states) {
    for (Path folder : folders(root)) {
      read(folder.resolve(runtime.equals("runc") ? "state.json" : "status"), runtime, states);
    }
  }

  private static List<Path> folders(Path parent) {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
      for (Path entry : entries) {
        if (folders.size() < MOST && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          folders.add(entry);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // No such runtime, or its state is somebody else's.
    }
    return folders;
  }

  private static void read(Path file, String runtime, List<State> states) {
    JsonNode node;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      node = JsonText.parse(file.toString(), in.readNBytes(LARGEST)).root();
    } catch (IOException | OcicapException e) {
      // The container went away, or is being made.
      return;
    }
    Path folder = file.getParent();
    String id = folder == null ? "" : String.valueOf(folder.getFileName());
    boolean runc = runtime.equals("runc");
    long pid = node.path(runc ? "init_process_pid" : "pid").asLong();
    String bundle = runc ? label(node, "bundle=") : node.path("bundle").asText();
    if (pid > 0) {
      states.add(new State(new Container(id, runtime, bundle), pid));
    }
  }

  private static String label(JsonNode state, String prefix) {
    for (JsonNode label : state.path("config").path("labels")) {
      if (label.asText().startsWith(prefix)) {
        return label.asText().substring(prefix.length());
      }
    }
    return "";
  }
}
