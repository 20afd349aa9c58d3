package dev.ocicap.processes;

import dev.ocicap.os.ProcessStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;

/// The processes of this machine that `/proc` shows. One that ends while it is read, or that may
/// not be looked at, is left out.
public final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final long KERNEL = 2;

  private final Map<Long, String> users = new HashMap<>();
  private final List<RuntimeStates.State> states;
  private final Map<String, Container> groups = new HashMap<>();
  private final Map<String, Container> namespaces = new HashMap<>();
  private final Map<Long, Container> first = new HashMap<>();

  private ProcessTable(Map<String, String> env) {
    states = RuntimeStates.all(Path.of("/run"), env);
    String own = namespace("self");
    String ownGroups = text(PROC.resolve("self/cgroup"));
    for (RuntimeStates.State state : states) {
      first.put(state.pid(), state.container());
      String namespace = namespace(Long.toString(state.pid()));
      if (!namespace.isEmpty() && !namespace.equals(own)) {
        namespaces.put(namespace, state.container());
      }
      // A container that shares the control groups of its starter is not recognised by them.
      for (String path : CgroupPath.paths(text(PROC.resolve(state.pid() + "/cgroup")))) {
        if (!CgroupPath.paths(ownGroups).contains(path)) {
          groups.put(path, state.container());
        }
      }
    }
  }

  /// Every process but the kernel's threads, in the order of their ids.
  ///
  /// @param env the environment, for the place of a user's own runtime state
  public static List<RunningProcess> all(Map<String, String> env) {
    ProcessTable table = new ProcessTable(env);
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (isNumber(name)) {
          pids.add(Long.parseLong(name));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    pids.sort(Long::compare);
    List<RunningProcess> processes = new ArrayList<>();
    for (long pid : pids) {
      table.read(pid).ifPresent(processes::add);
    }
    return table.adopt(processes);
  }

  private static boolean isNumber(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return name.length() < 12;
  }

  private Optional<RunningProcess> read(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      int open = stat.indexOf('(');
      int close = stat.lastIndexOf(')');
      StringTokenizer rest = new StringTokenizer(stat.substring(close + 1));
      rest.nextToken();
      long parent = Long.parseLong(rest.nextToken());
      if (pid == KERNEL || parent == KERNEL) {
        return Optional.empty();
      }
      byte[] name = stat.substring(open + 1, close).getBytes(StandardCharsets.ISO_8859_1);
      ProcessStatus status = ProcessStatus.of(pid);
      return Optional.of(
          new RunningProcess(
              pid,
              parent,
              new String(name, StandardCharsets.UTF_8),
              user(status.uid().effective()),
              status,
              container(pid)));
    } catch (IOException | RuntimeException e) {
      // It has ended, or its files were cut off as it ended.
      return Optional.empty();
    }
  }

  private Optional<Container> container(long pid) {
    Container known = first.get(pid);
    if (known == null) {
      known = namespaces.get(namespace(Long.toString(pid)));
    }
    if (known != null) {
      return Optional.of(known);
    }
    for (String path : CgroupPath.paths(text(PROC.resolve(pid + "/cgroup")))) {
      Container group = groups.get(path);
      if (group != null) {
        return Optional.of(group);
      }
      Optional<Container> named = CgroupPath.container(path);
      if (named.isPresent()) {
        return named;
      }
    }
    return Optional.empty();
  }

  /// Children of a container's process belong to it too, where nothing else tells.
  private List<RunningProcess> adopt(List<RunningProcess> processes) {
    if (states.isEmpty()) {
      return processes;
    }
    Map<Long, RunningProcess> byPid = new HashMap<>();
    for (RunningProcess process : processes) {
      byPid.put(process.pid(), process);
    }
    List<RunningProcess> adopted = new ArrayList<>();
    for (RunningProcess process : processes) {
      RunningProcess ancestor = process;
      for (int i = 0; i < 64 && ancestor != null && ancestor.container().isEmpty(); i++) {
        ancestor = byPid.get(ancestor.parent());
      }
      adopted.add(
          ancestor == null || process.container().isPresent()
              ? process
              : new RunningProcess(
                  process.pid(),
                  process.parent(),
                  process.command(),
                  process.user(),
                  process.status(),
                  ancestor.container()));
    }
    return adopted;
  }

  private static String namespace(String pid) {
    try {
      return Files.readSymbolicLink(PROC.resolve(pid + "/ns/pid")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /// The name in `/etc/passwd`, or the number.
  private String user(long uid) {
    if (users.isEmpty()) {
      users.put(0L, "root");
      StringTokenizer lines = new StringTokenizer(text(Path.of("/etc/passwd")), "\n");
      while (lines.hasMoreTokens()) {
        String line = lines.nextToken();
        int name = line.indexOf(':');
        int password = line.indexOf(':', name + 1);
        int id = line.indexOf(':', password + 1);
        if (name > 0 && id > password && isNumber(line.substring(password + 1, id))) {
          users.putIfAbsent(
              Long.parseLong(line.substring(password + 1, id)), line.substring(0, name));
        }
      }
    }
    return users.computeIfAbsent(uid, number -> Long.toString(number));
  }
}
