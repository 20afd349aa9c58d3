package dev.ocicap.cli;

import dev.ocicap.host.Host;
import dev.ocicap.image.ImageStore;
import dev.ocicap.image.Platform;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.runtime.Handover;
import dev.ocicap.runtime.Launcher;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeProbe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Drives typical command lines through one JVM, from which the build makes the caches of the
/// distribution. What they print is discarded.
///
/// Each class in a cache costs each later start a little, so commands that need other classes have
/// a cache of their own; the launcher knows which.
public final class TrainingRun {
  private static final String CONFIG =
      """
      {"ociVersion": "1.3.0", "process": {"cwd": "x", "args": ["sh"], "user": {"uid": 0, "gid": 0}},
       "root": {"path": "rootfs"}}
      """;

  private static final String PROGRAM =
      """
      {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
       "process": {"cwd": "/", "args": ["sh"], "env": ["PATH=/x:/bin"], "user": {"uid": 1, "gid": 1},
         "capabilities": {"bounding": ["CAP_KILL"], "permitted": ["CAP_KILL"],
           "effective": ["CAP_KILL"], "inheritable": [], "ambient": []}}}
      """;

  private static final String RUNTIME =
      """
      #!/bin/sh
      case $1 in
        --version) echo 'runc version 1.0' ;;
        features) echo '{"linux": {"seccomp": {"enabled": true}}}' ;;
        list) echo '[{"id": "x", "pid": 1, "status": "running", "bundle": "/b"}]' ;;
      esac
      """;

  /// Starts for everybody.
  private static final String START =
      """
      {"ociVersion": "1.0.2", "root": {"path": "rootfs"}, "hostname": "h",
       "process": {"cwd": "/", "args": ["sh"], "env": ["PATH=/bin"], "user": {"uid": 1, "gid": 1},
         "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 8, "soft": 8}], "oomScoreAdj": 1000},
       "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
         {"destination": "/x", "type": "bind", "source": "/", "options": ["rbind", "ro"]}],
       "linux": {"namespaces": [{"type": "uts"}, {"type": "network"}, {"type": "mount"}],
         "resources": {"memory": {"limit": 9000000, "swap": 9000000}, "pids": {"limit": 9},
           "unified": {}},
         "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"],
           "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]},
         "sysctl": {"net.ipv4.ip_forward": "1"}, "maskedPaths": ["/proc/kcore"]}}
      """;

  private static final RuntimeProbe ANSWERS =
      new RuntimeProbe(
          "runc version 1.3.0\nspec: 1.2.1\n",
          Optional.of("{\"linux\": {\"seccomp\": {\"enabled\": true}}}"));

  /// Where images are kept, below the directory to work in.
  private static final String CACHE = "cache";

  /// Stands for a bundle in a directory of its own.
  private static final String BUNDLE = "{bundle}";

  /// One command line, its words with blanks between, and the status that it must end with: one
  /// that fails where it should not would leave classes out.
  private record Line(ExitStatus status, String words) {}

  private static final List<Line> EDIT =
      List.of(
          new Line(ExitStatus.DONE, "generate"),
          new Line(ExitStatus.DONE, "generate --add setuid"),
          new Line(ExitStatus.DONE, "generate --cap-add SETUID,CAP_SETGID --drop=kill -- sh -c id"),
          new Line(ExitStatus.DONE, "generate --add all --user 1000:1000 --env A=b --cwd /tmp"),
          new Line(ExitStatus.DONE, "generate --add setuid --bundle {bundle} --rootfs"),
          new Line(ExitStatus.DONE, "edit --drop setuid {bundle}"),
          new Line(ExitStatus.DONE, "generate --output {bundle}/other.json"),
          new Line(ExitStatus.DONE, "edit --add setuid -"),
          new Line(ExitStatus.DONE, "edit --drop all --output - {bundle}"),
          new Line(ExitStatus.INPUT, "edit --add kill no-such-bundle"),
          new Line(ExitStatus.DONE, "--version"));

  private static final List<Line> DOCKER =
      List.of(
          new Line(
              ExitStatus.DONE,
              "convert --config-only -- docker run --cap-drop=all --cap-add=setuid busybox sh"),
          new Line(
              ExitStatus.DONE,
              "convert --config-only -- docker run --rm -it --cap-add SETGID -v /a:/b:ro -e A=b"
                  + " -w /tmp --name name -u 1:2 --memory 64m --read-only busybox sh -c id"),
          new Line(
              ExitStatus.DONE,
              "convert --config-only --image oci:{bundle}.layout -- docker run busybox sh"),
          new Line(
              ExitStatus.DONE,
              "convert --bundle {bundle}.converted --rootfs {bundle}.start/rootfs --"
                  + " docker run --privileged --hostname h busybox sh"),
          // From an image that has been pulled, which is mounted.
          new Line(
              ExitStatus.DONE,
              "run --runtime {bundle}.start/runc -- docker run --rm --network none busybox sh"),
          new Line(
              ExitStatus.DONE,
              "run --runtime {bundle}.start/runc --image oci:{bundle}.layout --"
                  + " docker run --rm --cap-drop all -v /a:/b:ro -e A=b -u 1 busybox sh"),
          new Line(
              ExitStatus.DONE,
              "run --runtime {bundle}.start/runc --bundle {bundle}.run --rootfs"
                  + " {bundle}.start/rootfs -- docker run --rm --network none busybox sh"));

  private static final List<Line> RUN =
      List.of(
          new Line(ExitStatus.DONE, "generate --add setuid --bundle {bundle} --rootfs"),
          new Line(ExitStatus.DONE, "run --runtime /bin/true {bundle}"),
          new Line(ExitStatus.DONE, "run --runtime true --id a --pid-file /run/a.pid {bundle}"),
          new Line(ExitStatus.NOT_STARTED, "run --runtime {bundle}.start/runc {bundle}"),
          new Line(ExitStatus.DONE, "run --runtime {bundle}.start/crun-0 {bundle}.start"),
          new Line(ExitStatus.DONE, "run --runtime {bundle}.start/runc {bundle}.start"),
          new Line(ExitStatus.DONE, "run --print --runtime true --detach --rm {bundle}.program"),
          new Line(ExitStatus.DONE, "create --runtime true --root {bundle}.state {bundle}.start"),
          new Line(ExitStatus.DONE, "start --runtime true --root {bundle}.state x"),
          new Line(ExitStatus.DONE, "kill --runtime true --root {bundle}.state x KILL"),
          new Line(ExitStatus.DONE, "state --runtime true --root {bundle}.state x"),
          new Line(ExitStatus.DONE, "update --runtime true --root {bundle}.state -m 1g x"),
          new Line(ExitStatus.DONE, "exec --runtime true --root {bundle}.state -e A=b x sh -c id"),
          new Line(
              ExitStatus.DONE, "exec --print --runtime true --root {bundle}.state --cap kill x id"),
          new Line(ExitStatus.NOT_FOUND, "run --runtime no-such-runtime {bundle}"));

  private static final List<Line> INSIGHT =
      List.of(
          new Line(ExitStatus.DONE, "generate --add setuid --bundle {bundle} --rootfs"),
          new Line(ExitStatus.DONE, "caps"),
          new Line(ExitStatus.DONE, "caps setuid"),
          new Line(ExitStatus.DONE, "caps 00000000a80425fb"),
          new Line(ExitStatus.DONE, "caps --mask chown,kill"),
          new Line(ExitStatus.DONE, "predict {bundle}"),
          new Line(ExitStatus.DONE, "predict {bundle}.program"),
          new Line(ExitStatus.DONE, "predict --format json {bundle}.program"),
          new Line(ExitStatus.DONE, "show {bundle}"),
          new Line(ExitStatus.DONE, "show --against docker {bundle}"),
          new Line(ExitStatus.NO, "diff {bundle} {bundle}.program"),
          // Alone: what else runs is not to decide what is in the cache.
          new Line(ExitStatus.DONE, "ps --pid 1"));

  private static final List<Line> RUNTIMES =
      List.of(
          new Line(ExitStatus.DONE, "list --runtime {bundle}.runtime"),
          new Line(ExitStatus.DONE, "list --runtime {bundle}.runtime --format json"),
          new Line(ExitStatus.DONE, "runtimes --runtime {bundle}.runtime"));

  private static final List<Line> VALIDATE =
      List.of(
          new Line(ExitStatus.DONE, "generate --add setuid --bundle {bundle} --rootfs"),
          new Line(ExitStatus.DONE, "validate {bundle}"),
          new Line(ExitStatus.NO, "validate -"),
          new Line(ExitStatus.NO, "validate --level advice {bundle}/config.json -"),
          new Line(ExitStatus.NO, "validate --format json {bundle} -"),
          new Line(ExitStatus.NO, "explain --quiet --error - {bundle}"),
          new Line(ExitStatus.DONE, "explain --error {bundle}.program/error {bundle}"),
          new Line(ExitStatus.INPUT, "validate no-such-bundle"));

  private TrainingRun() {}

  /// Runs the command lines of one cache.
  ///
  /// @param args the name of a cache, as the launcher knows it; an empty directory to work in,
  ///   which the caller removes, with classes that would be in the cache for nothing
  public static void main(String[] args) throws IOException {
    List<Line> lines =
        switch (args[0]) {
          case "edit" -> EDIT;
          case "docker" -> DOCKER;
          case "run" -> RUN;
          case "insight" -> INSIGHT;
          case "runtimes" -> RUNTIMES;
          case "validate" -> VALIDATE;
          default -> throw new IllegalArgumentException(args[0]);
        };
    Path directory = Path.of(args[1]);
    // A place that a build may touch, and one way for every builder.
    System.setProperty(RunCommand.TRAINED, directory.resolve("bundles").toString());
    touchWhatMainTouches();
    if (args[0].equals("docker")) {
      makeImage(directory.resolve("bundle.layout"), directory.resolve(CACHE).resolve("ocicap"));
    }
    // Of commands that start nothing.
    var _ = Handover.ofThisProcess();
    Handover handover = planOnStandardOutput();
    String bundle = directory.resolve("bundle").toString();
    makeProgram(directory.resolve("bundle.program"), PROGRAM);
    makeProgram(directory.resolve("bundle.start"), START);
    // Nothing is certain of a program of another name, and nothing is looked at.
    for (String name : new String[] {"runc", "crun-0", "true"}) {
      Files.createSymbolicLink(
          directory.resolve("bundle.start").resolve(name), Path.of("/bin/true"));
    }
    Map<String, String> env = new HashMap<>();
    env.put("TERM", "dumb");
    env.put("PATH", directory.resolve("bundle.start").toString());
    env.put("XDG_CACHE_HOME", directory.resolve(CACHE).toString());
    // Once is enough to ask a runtime, and what that takes would be loaded at every start.
    for (OciRuntime runtime : OciRuntime.installed(env)) {
      ANSWERS.remember(runtime, env);
    }
    for (Line line : lines) {
      String[] words = line.words().split(" ", -1);
      for (int i = 0; i < words.length; i++) {
        words[i] = words[i].replace(BUNDLE, bundle);
      }
      InputStream in = new ByteArrayInputStream(CONFIG.getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int status =
          Main.run(in, OutputStream.nullOutputStream(), err, env, Path.of(""), handover, words);
      if (status != line.status().code()) {
        throw new IllegalStateException(
            line + " ended with " + status + ": " + err.toString(StandardCharsets.UTF_8));
      }
    }
  }

  /// A plan for this process itself, which nobody carries out.
  private static Handover planOnStandardOutput() throws IOException {
    System.setProperty(
        "ocicap.launcher", Path.of("/proc/self").toRealPath().getFileName().toString());
    System.setProperty("ocicap.plan", "1");
    return Handover.ofThisProcess();
  }

  /// A bundle with a program in it, whose attributes are looked at.
  private static void makeProgram(Path bundle, String config) throws IOException {
    Path program = bundle.resolve("rootfs/bin/sh");
    Files.createDirectories(program.resolveSibling("x"));
    Files.writeString(bundle.resolve("config.json"), config);
    Files.writeString(bundle.resolve("error"), "exec: \"x\": permission denied\n");
    Files.write(program, headOfProgram());
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    // A container that crun has made, as far as its files tell.
    Path state = Files.createDirectories(bundle.resolveSibling("bundle.state/x"));
    Files.writeString(state.resolve("config.json"), PROGRAM);
    Path runtime = bundle.resolveSibling("bundle.runtime");
    Files.writeString(runtime, RUNTIME);
    Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// A program of this processor that names no loader, as far as its first bytes tell.
  private static byte[] headOfProgram() throws IOException {
    try (InputStream self = Files.newInputStream(Path.of("/proc/self/exe"))) {
      byte[] head = self.readNBytes(4096);
      // The number of program headers (elf(5)).
      head[56] = 0;
      head[57] = 0;
      return head;
    }
  }

  /// An image that has been unpacked, the layout that it came from, and its name in a registry.
  private static void makeImage(Path layout, Path store) throws IOException {
    String digest = "0".repeat(64);
    Files.createDirectories(layout);
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":"
            + "\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:"
            + digest
            + "\",\"size\":1,\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}}]}");
    Path reference =
        store.resolve(ImageStore.reference("busybox", Platform.of(Host.architecture())));
    Files.createDirectories(reference.resolveSibling("."));
    Files.writeString(reference, digest);
    for (String user : new String[] {"root", "user"}) {
      Path image = store.resolve("images").resolve(digest + "-" + user);
      Path program = Files.createDirectories(image.resolve("rootfs/bin")).resolve("sh");
      Files.write(program, headOfProgram());
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(image.resolve("notes"), "");
      Files.writeString(
          image.resolve("config.json"),
          "{\"config\":{\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"sh\"]},\"os\":\"linux\"}");
    }
  }

  /// The parts of a start that `Main.run` does not pass: the environment, and a class path that has
  /// moved since the training.
  private static void touchWhatMainTouches() {
    var _ =
        new Launcher(0, -1, "C", 0)
            .userEnvironment(Collections.unmodifiableMap(new ProcessBuilder().environment()));
    try {
      var _ = Path.of("/proc/self/no-such-file").toRealPath();
    } catch (IOException expected) {
      // The classes of the exception were wanted.
    }
  }
}
