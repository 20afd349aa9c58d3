package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.bundle.TemporaryBundles;
import dev.ocicap.cap.CapabilityPlan;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.Property;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.host.Host;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import dev.ocicap.report.ShellWords;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.runtime.Launch;
import dev.ocicap.runtime.RuntimeOption;
import dev.ocicap.spec.ContainerState;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `ocicap exec`: starts another process in a container. With `--cap-add` and `--cap-drop` that
/// process gets more or fewer capabilities than the container's own: its five sets are computed
/// from the container's configuration, since the runtimes' own option makes other sets in runc than
/// in crun, none that work for a user that is not root, and none that are smaller.
final class ExecCommand implements RuntimeCommand {
  private static final String CAP_ADD = "--cap-add";
  private static final String CAP_DROP = "--cap-drop";
  private static final String PRIVILEGED = "--privileged";
  private static final String ENV = "--env";
  private static final String TTY = "--tty";
  private static final String INTERACTIVE = "--interactive";
  private static final String USER = "--user";
  private static final String GROUPS = "--additional-gids";
  private static final String CWD = "--cwd";
  private static final String PROCESS = "--process";
  private static final String NO_NEW_PRIVILEGES = "--no-new-privs";
  private static final String APPARMOR = "--apparmor";
  private static final String LABEL = "--process-label";
  private static final String CGROUP = "--cgroup";
  private static final String IGNORE_PAUSED = "--ignore-paused";
  private static final String DETACH = "--detach";

  /// What a profile is called that confines nothing.
  private static final String UNCONFINED = "unconfined";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(
                Options.positional(
                    RuntimeArguments.CONTAINER, "the container's name; the command follows it"));
    RuntimeArguments.declare(spec, "exec");
    return spec.addOption(
            Options.repeated(
                "CAPABILITY[,…]",
                "give the process more than the container has: names in any case, or ALL",
                "-c",
                "--cap",
                CAP_ADD))
        .addOption(
            Options.repeated(
                "CAPABILITY[,…]", "give the process less than the container has", CAP_DROP))
        .addOption(Options.flag("the same as --cap-add ALL", PRIVILEGED))
        .addOption(
            Options.repeated("NAME[=VALUE]", "set a variable; NAME alone: as here", "-e", ENV))
        .addOption(Options.flag("give it a terminal of its own", "-t", TTY))
        .addOption(Options.flag("nothing: it always reads what ocicap could", "-i", INTERACTIVE))
        .addOption(Options.flag("do not wait for it", "-d", DETACH))
        .addOption(Options.single("UID[:GID]", "run as this user", "-u", USER))
        .addOption(Options.repeated("GID", "runc: a group more", "-g", GROUPS))
        .addOption(Options.single("DIR", "working directory", "-w", "--workdir", CWD))
        .addOption(Options.single("FILE", "the process as in config.json", "-p", PROCESS))
        .addOption(Options.flag("let execve grant it nothing any more", NO_NEW_PRIVILEGES))
        .addOption(Options.single("PROFILE", "AppArmor profile", APPARMOR))
        .addOption(Options.single("LABEL", "SELinux label", LABEL))
        .addOption(Options.single("PATH", "sub-cgroup of the container", CGROUP))
        .addOption(Options.flag("runc: also in a paused container", IGNORE_PAUSED))
        .addOption(
            Options.flag(
                "print the runtime's command line instead of running it", RuntimeArguments.PRINT));
  }

  @Override
  public String trailLabel() {
    return "COMMAND [ARG…]";
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    RuntimeArguments arguments = new RuntimeArguments("exec", invocation, console);
    List<String> command = arguments.words();
    if (command.isEmpty() && !invocation.has(PROCESS)) {
      throw OcicapException.usage(
          "a command is missing", "ocicap exec " + invocation.positionals().getFirst() + " sh");
    }
    CapabilityRequest request =
        CapabilityNames.request(
            CAP_ADD, invocation.values(CAP_ADD), CAP_DROP, invocation.values(CAP_DROP));
    for (String word : invocation.values(ENV)) {
      variable(word, console);
    }
    boolean sets = !request.isEmpty() || invocation.has(PRIVILEGED);
    if (sets && invocation.has(PROCESS)) {
      throw OcicapException.usage(
          (request.dropAll() || !request.drops().isEmpty() ? CAP_DROP : CAP_ADD)
              + " and "
              + PROCESS
              + " exclude each other: the file names the sets",
          null);
    }
    boolean own = !invocation.has(RuntimeOption.CONSOLE_SOCKET.flag());
    if (invocation.has(TTY)
        && own
        && !invocation.has(RuntimeArguments.PRINT)
        && !StartCheck.hasTerminal(console)) {
      throw new OcicapException(
          ExitStatus.NOT_STARTED, List.of(Problem.of(TTY + ": there is no terminal here", "-i")));
    }
    try {
      check(invocation, console);
      KnownContainer container = arguments.container(invocation.positionals().getFirst());
      return arguments.start(
          sets || losesVariables(invocation, container)
              ? described(invocation, console, arguments, container, request)
              : plain(invocation, console, arguments, container));
    } catch (OcicapException e) {
      // As for 'run': a status of the process' own must not be one of ours.
      throw e.status() == ExitStatus.INPUT || e.status() == ExitStatus.NO
          ? e.withStatus(ExitStatus.NOT_STARTED)
          : e;
    }
  }

  /// Refuses values that no runtime can use.
  private static void check(Invocation invocation, Console console) {
    invocation.value(USER).ifPresent(ExecCommand::user);
    for (String group : invocation.values(GROUPS)) {
      var _ = ProcessNotations.id(GROUPS, group);
    }
    String directory = invocation.value(CWD).orElse("/");
    if (!directory.startsWith("/")) {
      throw OcicapException.usage(
          CWD + ": '" + directory + "' is not an absolute path",
          ShellWords.pasted(List.of(CWD, "/" + directory)));
    }
    String profile = invocation.value(APPARMOR).orElse(UNCONFINED);
    if (!profile.equals(UNCONFINED) && !Host.hasApparmorProfile(profile)) {
      throw OcicapException.usage(
          APPARMOR + ": '" + profile + "' is not loaded here, or AppArmor is not active",
          "ocicap doctor apparmor");
    }
    Optional<String> process = invocation.value(PROCESS);
    if (process.isPresent()) {
      check(CliPaths.of(process.get(), console));
    }
  }

  /// Refuses a file of `--process` that describes none. A pipe can be read only once, by the
  /// runtime.
  private static void check(Path file) {
    String name = file.toString();
    JsonText text;
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        return;
      }
      text = JsonText.parse(name, Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw OcicapException.input(Place.file(name), "does not exist", null, e);
    } catch (IOException e) {
      throw OcicapException.input(Place.file(name), "cannot read: " + e.getMessage(), null, e);
    }
    JsonNode args = text.root().path("args");
    String cwd = text.root().path("cwd").asText("");
    if (!args.isArray() || args.isEmpty()) {
      throw OcicapException.input(
          text.place("/args"), "a process needs a list of words as 'args'", "\"args\": [\"sh\"]");
    }
    if (!cwd.startsWith("/")) {
      throw OcicapException.input(
          text.place("/cwd"), "a process needs an absolute path as 'cwd'", "\"cwd\": \"/\"");
    }
  }

  /// crun 1.8 gives the process the variables of its options and none of the container's.
  private static boolean losesVariables(Invocation invocation, KnownContainer container) {
    return invocation.has(ENV)
        && !invocation.has(PROCESS)
        && container.runtime().kind().equals("crun");
  }

  /// What the runtime itself understands.
  private static Launch plain(
      Invocation invocation,
      Console console,
      RuntimeArguments arguments,
      KnownContainer container) {
    List<String> rest = new ArrayList<>();
    for (String flag : List.of(TTY, NO_NEW_PRIVILEGES, DETACH, IGNORE_PAUSED)) {
      if (invocation.has(flag)) {
        rest.add(flag);
      }
    }
    for (String option : List.of(USER, CWD, PROCESS, APPARMOR, LABEL, CGROUP)) {
      invocation.value(option).ifPresent(value -> rest.add(option + "=" + value));
    }
    for (String group : invocation.values(GROUPS)) {
      rest.add(GROUPS + "=" + group);
    }
    for (String variable : invocation.values(ENV)) {
      Optional<String> set = variable(variable, console);
      set.ifPresent(text -> rest.add(ENV + "=" + text));
    }
    rest.add(container.id().name());
    rest.addAll(arguments.words());
    return new Launch(container.command("exec", arguments.options(), rest), new Launch.Own());
  }

  /// `NAME=VALUE`; for a name alone the caller's value, if there is one, as for docker.
  private static Optional<String> variable(String word, Console console) {
    int equals = word.indexOf('=');
    if (equals == 0 || word.isEmpty()) {
      throw OcicapException.usage(
          ENV + ": '" + word + "' has no variable name", ENV + " NAME=value");
    }
    if (equals > 0) {
      return Optional.of(word);
    }
    return Optional.ofNullable(console.env().get(word)).map(value -> word + "=" + value);
  }

  /// A process of ocicap's own making, which the runtime reads from a file.
  private static Launch described(
      Invocation invocation,
      Console console,
      RuntimeArguments arguments,
      KnownContainer container,
      CapabilityRequest request) {
    RuntimeConfig config = process(invocation, console, arguments, config(container, console));
    RuntimeConfig changed = config.edit(capabilities(invocation, console, config, request));
    String text = JsonText.lines(changed.find("process").orElseThrow());
    Map<RuntimeOption, String> options = arguments.options();
    int descriptor = RuntimeArguments.descriptor(CAP_ADD, options, console);
    List<String> rest = new ArrayList<>();
    for (String flag : List.of(DETACH, IGNORE_PAUSED)) {
      if (invocation.has(flag)) {
        rest.add(flag);
      }
    }
    invocation.value(CGROUP).ifPresent(value -> rest.add(CGROUP + "=" + value));
    rest.add(PROCESS + "=/proc/self/fd/" + descriptor);
    rest.add(container.id().name());
    Path file =
        invocation.has(RuntimeArguments.PRINT)
            ? Path.of("")
            : TemporaryBundles.of(Host.uid(), console.env().getOrDefault("XDG_RUNTIME_DIR", ""))
                .write(text);
    return new Launch(
        container.command("exec", options, rest), new Launch.WithFile(file, descriptor, text));
  }

  /// The configuration that the container was made from: crun keeps a copy of its own.
  private static RuntimeConfig config(KnownContainer container, Console console) {
    Path copy =
        container.directory().path().resolve(container.id().name()).resolve(ConfigFile.NAME);
    if (Files.isRegularFile(copy)) {
      return new ConfigFile(copy).read();
    }
    ContainerState state =
        container
            .state(console.env())
            .orElseThrow(() ->
                new OcicapException(
                    ExitStatus.NO,
                    List.of(Problem.of("the runtime does not tell of '" + container.id() + "'"))));
    return ConfigFile.find(Path.of(state.bundle())).read();
  }

  /// The configuration with the process that the command line describes.
  private static RuntimeConfig process(
      Invocation invocation, Console console, RuntimeArguments arguments, RuntimeConfig config) {
    List<SpecEdit> edits = new ArrayList<>();
    edits.add(ProcessEdits.args(arguments.words()));
    edits.add(ProcessEdits.terminal(invocation.has(TTY)));
    for (String word : invocation.values(ENV)) {
      Optional<String> variable = variable(word, console);
      if (variable.isPresent()) {
        Text.Pair pair = Text.pair(ENV, variable.get());
        edits.add(ProcessEdits.env(pair.key(), pair.value()));
      }
    }
    invocation.value(CWD).ifPresent(directory -> edits.add(ProcessEdits.cwd(directory)));
    User own = config.user();
    List<Long> groups = new ArrayList<>(own.additionalGids());
    for (String group : invocation.values(GROUPS)) {
      groups.add(ProcessNotations.id(GROUPS, group));
    }
    Ids ids = user(invocation.value(USER).orElse(Long.toString(own.uid())));
    edits.add(ProcessEdits.user(new User(ids.user(), ids.group().orElse(own.gid()), groups)));
    if (invocation.has(NO_NEW_PRIVILEGES)) {
      edits.add(ProcessEdits.noNewPrivileges(true));
    }
    invocation
        .value(APPARMOR)
        .ifPresent(profile -> edits.add(Property.APPARMOR_PROFILE.set(JsonValues.string(profile))));
    invocation
        .value(LABEL)
        .ifPresent(label -> edits.add(Property.SELINUX_LABEL.set(JsonValues.string(label))));
    return config.edit(SpecEdit.all(edits));
  }

  private record Ids(long user, Optional<Long> group) {}

  private static Ids user(String word) {
    int colon = word.indexOf(':');
    return new Ids(
        ProcessNotations.id(USER, colon < 0 ? word : word.substring(0, colon)),
        colon < 0
            ? Optional.empty()
            : Optional.of(ProcessNotations.id(USER, word.substring(colon + 1))));
  }

  /// Adds what was asked for and this host can give, to the sets in which it works for the user,
  /// and drops from all.
  private static SpecEdit capabilities(
      Invocation invocation, Console console, RuntimeConfig config, CapabilityRequest request) {
    CapabilitySet host = Host.bounding();
    boolean all = request.addAll() || invocation.has(PRIVILEGED);
    CapabilitySet withheld = (all ? CapabilitySet.ALL : request.adds()).minus(host);
    if (!withheld.isEmpty()) {
      Notes.warn(
          console,
          Problem.of(
              CAP_ADD
                  + ": this host's bounding set lacks "
                  + withheld
                  + ": the process will not have it",
              "capsh --print"));
    }
    CapabilityRequest possible =
        new CapabilityRequest(
            all, request.adds().intersect(host), request.dropAll(), request.drops());
    CapabilitySet bounding =
        config.capabilities().map(ProcessCapabilities::bounding).orElse(CapabilitySet.NONE);
    CapabilitySet beyond = possible.granted(host).minus(bounding);
    if (!beyond.isEmpty()) {
      Notes.warn(
          console,
          Problem.of(
              CAP_ADD
                  + ": the container's bounding set lacks "
                  + beyond
                  + ": the process will have what nothing else in the container can get"));
    }
    return CapabilityEdits.change(CapabilityPlan.of(possible), host, outcome -> {});
  }
}
