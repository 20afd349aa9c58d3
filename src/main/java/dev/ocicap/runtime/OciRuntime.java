package dev.ocicap.runtime;

import dev.ocicap.os.Programs;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A program that runs bundles: runc, crun, youki, or another with the command line of runc.
///
/// @param executable its absolute path
public record OciRuntime(Path executable) {
  /// The variable that names the runtime where no option does.
  public static final String VARIABLE = "OCICAP_RUNTIME";

  /// The runtimes that are looked for, the first one first.
  public static final List<String> KNOWN = List.of("runc", "crun", "youki");

  private static final Path CGROUP2_BELOW_CGROUP1 = Path.of("/sys/fs/cgroup/unified");

  /// Finds the runtime: the one named by the option, else by `OCICAP_RUNTIME`, else the first of
  /// runc, crun and youki. A name is looked for along `PATH`, and then where administrators'
  /// programs are, since runtimes are and a user's `PATH` often is not; a path is taken as it is.
  ///
  /// @param named the value of `--runtime`, or null
  /// @param env the user's environment
  /// @throws OcicapException with [ExitStatus#NOT_FOUND] or [ExitStatus#NOT_EXECUTABLE]
  public static OciRuntime find(@Nullable String named, Map<String, String> env) {
    String variable = env.getOrDefault(VARIABLE, "");
    if (named != null) {
      return find("--runtime", named, env);
    }
    if (!variable.isEmpty()) {
      return find(VARIABLE, variable, env);
    }
    for (String name : KNOWN) {
      Optional<Path> found = search(name, env, true);
      if (found.isPresent()) {
        return new OciRuntime(found.get());
      }
    }
    throw failure(
        ExitStatus.NOT_FOUND,
        "no container runtime was found: neither runc nor crun nor youki",
        "apt-get install runc");
  }

  /// Every runc, crun and youki along `PATH` and where administrators' programs are, in the order
  /// in which [#find] prefers them, and each program once however many links lead to it.
  ///
  /// @param env the user's environment
  public static List<OciRuntime> installed(Map<String, String> env) {
    List<OciRuntime> installed = new ArrayList<>();
    List<Path> seen = new ArrayList<>();
    for (String name : KNOWN) {
      for (Path candidate : Programs.candidates(name, env)) {
        if (Programs.isProgram(candidate)) {
          OciRuntime runtime = new OciRuntime(candidate);
          if (!seen.contains(runtime.real())) {
            seen.add(runtime.real());
            installed.add(runtime);
          }
        }
      }
    }
    return installed;
  }

  /// The program itself, behind all links.
  public Path real() {
    try {
      return executable.toRealPath();
    } catch (IOException e) {
      return executable;
    }
  }

  private static OciRuntime find(String source, String name, Map<String, String> env) {
    if (name.indexOf('/') >= 0) {
      return new OciRuntime(checked(source, name));
    }
    Optional<Path> found = name.isEmpty() ? Optional.empty() : search(name, env, true);
    if (found.isPresent()) {
      return new OciRuntime(found.get());
    }
    Optional<Path> unfit = name.isEmpty() ? Optional.empty() : search(name, env, false);
    if (unfit.isPresent()) {
      throw notExecutable(source, unfit.get().toString());
    }
    String hint = null;
    if (name.equals("runc") || name.equals("crun")) {
      hint = "apt-get install " + name;
    } else {
      for (String other : KNOWN) {
        if (hint == null && search(other, env, true).isPresent()) {
          hint = "--runtime " + other;
        }
      }
    }
    throw failure(
        ExitStatus.NOT_FOUND,
        source + ": no program '" + name + "' was found",
        hint == null ? "apt-get install runc" : hint);
  }

  private static Path checked(String source, String name) {
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw failure(ExitStatus.NOT_FOUND, source + ": '" + name + "' is not a path", null);
    }
    if (!Files.exists(path)) {
      throw failure(
          ExitStatus.NOT_FOUND, source + ": '" + name + "' does not exist", "--runtime runc");
    }
    if (!Programs.isProgram(path)) {
      throw notExecutable(source, name);
    }
    return path.toAbsolutePath();
  }

  private static Optional<Path> search(String name, Map<String, String> env, boolean executable) {
    for (Path candidate : Programs.candidates(name, env)) {
      if (executable ? Programs.isProgram(candidate) : Files.exists(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /// The command line that runs a bundle, for [Handover#become].
  ///
  /// @param bundle the bundle's directory
  /// @param id the name of the container
  /// @param options the options and their values; the value of one that takes none is not used
  public List<String> run(Path bundle, ContainerId id, Map<RuntimeOption, String> options) {
    return command("run", options, List.of("--bundle=" + bundle, id.name()));
  }

  /// A command line of the runtime.
  ///
  /// @param verb its subcommand
  /// @param options the options and their values; those that the subcommand does not take are left
  ///   out, and the value of one that takes none is not used
  /// @param rest what follows
  public List<String> command(String verb, Map<RuntimeOption, String> options, List<String> rest) {
    List<String> command = new ArrayList<>();
    command.add(executable.toString());
    for (RuntimeOption option : RuntimeOption.values()) {
      if (option.isGlobal()) {
        add(command, option, options.get(option));
      }
    }
    command.add(verb);
    for (RuntimeOption option : RuntimeOption.values()) {
      if (option.isOf(verb)) {
        add(command, option, options.get(option));
      }
    }
    command.addAll(rest);
    return command;
  }

  private static void add(List<String> command, RuntimeOption option, @Nullable String value) {
    if (value != null) {
      command.add(option.label().isEmpty() ? option.flag() : option.flag() + "=" + value);
    }
  }

  /// Refuses what the runtime would refuse on this host with words of its own: crun takes no host
  /// where controllers hang both below cgroup v1 and below cgroup v2.
  ///
  /// @param env the user's environment
  /// @throws OcicapException with the way out
  public void checkHost(Map<String, String> env) {
    if (isCrun() && hasHybridCgroups(CGROUP2_BELOW_CGROUP1)) {
      throw failure(
          ExitStatus.NOT_STARTED,
          "crun refuses this host's cgroups, which are version 1 with version 2 below '"
              + CGROUP2_BELOW_CGROUP1
              + "'",
          search("runc", env, true).isPresent()
              ? "--runtime runc"
              : withoutUnifiedCgroups("ocicap run --runtime crun BUNDLE"));
    }
  }

  /// A command that gives another one a view of a hybrid host that crun takes.
  public static String withoutUnifiedCgroups(String command) {
    return "unshare --mount sh -c 'umount " + CGROUP2_BELOW_CGROUP1 + " && exec " + command + "'";
  }

  /// What the program's name says it is: `runc`, `crun` or `youki`; another program's own name.
  public String kind() {
    Path name = executable.getFileName();
    return name == null ? "" : name.toString();
  }

  private boolean isCrun() {
    return kind().equals("crun");
  }

  /// Whether cgroup v2 is mounted there and has controllers.
  static boolean hasHybridCgroups(Path directory) {
    try {
      return !Files.readString(directory.resolve("cgroup.controllers")).isBlank();
    } catch (IOException e) {
      return false;
    }
  }

  private static OcicapException notExecutable(String source, String path) {
    return failure(
        ExitStatus.NOT_EXECUTABLE,
        source + ": '" + path + "' cannot be executed",
        "--runtime runc");
  }

  private static OcicapException failure(ExitStatus status, String message, @Nullable String hint) {
    return new OcicapException(status, List.of(Problem.of(message, hint)));
  }
}
