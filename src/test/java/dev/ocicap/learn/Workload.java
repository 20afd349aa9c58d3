package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.containers.Containers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A row of `cases/learn/workloads.txt`, and the bundle that runs it.
record Workload(
    String name,
    int user,
    String files,
    List<String> options,
    List<String> program,
    CapabilitySet traced,
    CapabilitySet needed) {
  private static final Path TABLE = Path.of("src/test/resources/cases/learn/workloads.txt");

  private static final String[] APPLETS = {
    "cat",
    "chown",
    "chroot",
    "cp",
    "httpd",
    "ifconfig",
    "kill",
    "mkdir",
    "mknod",
    "mount",
    "ping",
    "ps",
    "renice",
    "rm",
    "sh",
    "sleep",
    "stat",
    "su",
    "tar",
    "test",
    "true"
  };

  /// The numbers of asm/unistd.h.
  private static final Map<String, Map<String, String>> CALLS =
      Map.of(
          "amd64", Map.of("{mlockall}", "151", "{seccomp}", "317", "{setxattr}", "188"),
          "aarch64", Map.of("{mlockall}", "230", "{seccomp}", "277", "{setxattr}", "5"));

  static List<Workload> all() throws IOException {
    List<Workload> all = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] columns = line.split("\\|", -1);
        all.add(
            new Workload(
                columns[0].strip(),
                Integer.parseInt(columns[1].strip()),
                columns[2].strip(),
                columns[3].isBlank() ? List.of() : List.of(columns[3].strip()),
                words(columns[4].strip()),
                set(columns[5].strip()),
                set(columns[6].strip())));
      }
    }
    return all;
  }

  static Workload named(String name) throws IOException {
    for (Workload workload : all()) {
      if (workload.name.equals(name)) {
        return workload;
      }
    }
    throw new IOException("no workload " + name);
  }

  private static CapabilitySet set(String names) {
    CapabilitySet set = CapabilitySet.NONE;
    if (!names.equals("-")) {
      for (String name : names.split(",", -1)) {
        set = set.plus(Capability.find(name).orElseThrow());
      }
    }
    return set;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (char c : (text + " ").toCharArray()) {
      if (c == '\'') {
        quoted = !quoted;
      } else if (c == ' ' && !quoted) {
        words.add(word.toString());
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    return words;
  }

  /// Makes the bundle: every capability of this machine in the sets that work for the user.
  Path bundle(Path directory) throws Exception {
    Path bundle = directory.resolve("bundle");
    Path rootfs = Containers.rootfs(bundle.resolve("rootfs"), APPLETS);
    Files.writeString(
        rootfs.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n");
    Files.writeString(rootfs.resolve("etc/group"), "root:x:0:\nuser:x:1000:\n");
    prepare(directory, rootfs);
    String capabilities = capabilities();
    List<String> args = new ArrayList<>();
    Map<String, String> calls = CALLS.getOrDefault(System.getProperty("os.arch"), Map.of());
    for (String word : program) {
      args.add(calls.getOrDefault(word, word));
    }
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {
          "ociVersion": "1.0.2",
          "process": {
            "user": {"uid": %d, "gid": %d},
            "args": %s,
            "env": ["PATH=/bin:/sbin:/usr/bin:/usr/sbin"],
            "cwd": "/",
            "rlimits": [{"type": "RLIMIT_MEMLOCK", "soft": 0, "hard": 0}],
            "capabilities": {%s}
          },
          "root": {"path": "rootfs"},
          "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
            {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
             "options": ["newinstance", "ptmxmode=0666", "mode=0620"]}%s
          ],
          "linux": {
            "namespaces": [
              {"type": "pid"}, {"type": "mount"}, {"type": "network"}, {"type": "ipc"}
            ]
          }
        }
        """
            .formatted(user, user, json(args), capabilities, files.startsWith("host") ? HOST : ""),
        StandardCharsets.UTF_8);
    return bundle;
  }

  private static final String HOST =
      """
      ,
            {"destination": "/usr", "type": "bind", "source": "/usr", "options": ["rbind", "ro"]},
            {"destination": "/lib", "type": "bind", "source": "/lib", "options": ["rbind", "ro"]},
            {"destination": "/lib64", "type": "bind", "source": "/lib64", "options": ["rbind", "ro"]}\
      """;

  private void prepare(Path directory, Path rootfs) throws Exception {
    Files.writeString(rootfs.resolve("own"), "x");
    switch (files.substring(files.indexOf(' ') + 1)) {
      case "foreign" -> {
        Path foreign = rootfs.resolve("foreign");
        Files.writeString(foreign, "x");
        tool(Path.of("/bin/chmod"), "600", foreign);
        tool(Path.of("/bin/chown"), "5:5", foreign);
      }
      case "archive" -> {
        Path tree = Files.createDirectories(directory.resolve("tree/folder"));
        Path file = tree.resolve("file");
        Files.writeString(file, "x");
        tool(Path.of("/bin/chown"), "5:5", tree);
        tool(Path.of("/bin/chown"), "6:6", file);
        tool(Path.of("/bin/chmod"), "2755", file);
        tool(
            Path.of("/bin/busybox"),
            "tar",
            "-c",
            "-f",
            rootfs.resolve("archive.tar"),
            "-C",
            directory.resolve("tree"),
            "folder");
      }
      case "capable" -> {
        Path program = Files.createDirectory(rootfs.resolve("capable")).resolve("busybox");
        Files.copy(rootfs.resolve("bin/busybox"), program);
        tool(Path.of("/bin/chmod"), "755", program);
        tool(Path.of("/sbin/setcap"), "cap_net_bind_service,cap_net_raw+ep", program);
      }
      default -> {}
    }
  }

  private static void tool(Path program, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Containers.Result result = Containers.execute(command, Map.of());
    if (result.status() != 0) {
      throw new IOException(command + ": " + result.err());
    }
  }

  /// Everything that this process may hand on.
  private String capabilities() throws IOException {
    CapabilitySet host = CapabilitySet.NONE;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapBnd:")) {
        host = CapabilitySet.parseHex(line.substring("CapBnd:".length()).strip());
      }
    }
    List<String> names = new ArrayList<>();
    for (Capability capability : host.members()) {
      names.add(capability.name());
    }
    StringBuilder sets = new StringBuilder();
    List<String> keys =
        user == 0 || files.equals("capable")
            ? List.of("bounding", "effective", "permitted")
            : List.of("bounding", "effective", "permitted", "inheritable", "ambient");
    for (String key : keys) {
      sets.append(sets.isEmpty() ? "" : ", ")
          .append('"')
          .append(key)
          .append("\": ")
          .append(json(names));
    }
    return sets.toString();
  }

  private static String json(List<String> texts) {
    StringBuilder array = new StringBuilder("[");
    for (String text : texts) {
      array.append(array.length() == 1 ? "" : ", ");
      array.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return array.append(']').toString();
  }
}
