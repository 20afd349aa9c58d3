package dev.ocicap.cli;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.bundle.TemporaryBundles;
import dev.ocicap.docker.Converted;
import dev.ocicap.docker.ConvertedBundle;
import dev.ocicap.docker.DockerRunCommand;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.host.Host;
import dev.ocicap.image.Image;
import dev.ocicap.os.DirectoryTree;
import dev.ocicap.os.MountedRoot;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.runtime.ContainerId;
import dev.ocicap.runtime.ContainerLog;
import dev.ocicap.runtime.ImageRoot;
import dev.ocicap.runtime.Launch;
import dev.ocicap.runtime.Launcher;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeOption;
import dev.ocicap.runtime.StateDirectory;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `ocicap run` and `ocicap create`: becomes the container runtime with a bundle, or with the
/// bundle that a docker command is converted into.
final class RunCommand implements Command {
  /// The system property by which the build's training has temporary bundles in a directory of its
  /// own, and images mounted whoever builds.
  static final String TRAINED = "ocicap.trained";

  private static final String ID = "--id";
  private static final String BUNDLE = "--bundle";
  private static final String REMOVE = "--rm";
  private static final String INHERIT = "--inherit-output";
  private static final List<String> REMOVERS = List.of("/usr/bin/rm", "/bin/rm");

  private final String verb;

  private RunCommand(String verb) {
    this.verb = verb;
  }

  /// `ocicap run`.
  static RunCommand run() {
    return new RunCommand("run");
  }

  /// `ocicap create`.
  static RunCommand create() {
    return new RunCommand("create");
  }

  private boolean isCreate() {
    return verb.equals("create");
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(
                Options.optionalPositional(
                    "BUNDLE",
                    "the bundle's directory; without it a docker command follows '--';"
                        + " behind --bundle DIR the container's name, as for runc"));
    RuntimeArguments.declare(spec, verb);
    spec.addOption(Options.single("ID", "name of the container; default: one of its own", ID));
    if (!isCreate()) {
      spec.addOption(
          Options.flag(
              "with --detach: remove the container when it has ended; without it, it always is",
              REMOVE));
    }
    spec.addOption(
        Options.flag(
            "leave a detached container's output where ocicap's own goes, instead of keeping it"
                + " in the bundle",
            INHERIT));
    RuntimeArguments.declarePrint(spec);
    spec.addOption(
        Options.single(
            "DIR",
            "with a docker command: keep its bundle there; default: one that goes with the container",
            "-b",
            BUNDLE));
    StartCheck.declare(spec);
    LabelOptions.declare(spec);
    Conversions.declare(spec);
    return spec;
  }

  @Override
  public String wordsLabel() {
    return "docker run …";
  }

  @Override
  public boolean wordsReplace() {
    return true;
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    RuntimeArguments arguments = new RuntimeArguments(verb, invocation, console);
    boolean docker = isDocker(invocation);
    if (invocation.has(REMOVE) && invocation.has(RuntimeOption.KEEP.flag())) {
      throw OcicapException.usage("--rm and --keep exclude each other", null);
    }
    try {
      OciRuntime runtime = arguments.runtime();
      StartCheck check = new StartCheck(invocation, console);
      Start start = new Start(invocation, console, arguments, runtime, check);
      Subject subject = docker ? converted(start) : existing(start);
      if (invocation.has(RuntimeArguments.PRINT)) {
        return arguments.start(launch(invocation, subject, runtime));
      }
      boolean detached = isCreate() || subject.options().containsKey(RuntimeOption.DETACH);
      StartCheck.Foreseen foreseen =
          foresee(check, subject, runtime, detached, docker && !invocation.has(BUNDLE))
              .after(StartCheck.taken(subject.id(), runtime, arguments));
      Optional<StartCheck.ErrorLog> log =
          (detached && !invocation.has(INHERIT)) || !foreseen.certain().isEmpty()
              ? Optional.empty()
              : check.log(subject.options());
      Launch launch = launch(invocation, subject, runtime);
      return arguments.become(check.words(launch.words(), foreseen, log, subject.bundle()));
    } catch (OcicapException e) {
      // As docker: a status of the container's own must not be one of ours.
      throw e.status() == ExitStatus.INPUT || (docker && e.status() == ExitStatus.USAGE)
          ? e.withStatus(ExitStatus.NOT_STARTED)
          : e;
    }
  }

  /// Looks before the start; a bundle that was made for a container that is refused goes again.
  private static StartCheck.Foreseen foresee(
      StartCheck check, Subject subject, OciRuntime runtime, boolean detached, boolean temporary) {
    try {
      boolean attached = !detached && !subject.options().containsKey(RuntimeOption.CONSOLE_SOCKET);
      return check.before(
          subject.config(),
          subject.root().map(ImageRoot::image),
          runtime,
          attached,
          subject.options().containsKey(RuntimeOption.SYSTEMD_CGROUP));
    } catch (OcicapException e) {
      if (temporary) {
        remove(subject.bundle());
      }
      throw e;
    }
  }

  private static void remove(Path directory) {
    try {
      DirectoryTree.delete(directory);
    } catch (IOException e) {
      // The next one removes what is left.
    }
  }

  /// Whether the words after `--` are a docker command: they are the runtime's own options
  /// otherwise.
  private boolean isDocker(Invocation invocation) {
    List<String> words = invocation.words();
    boolean label = invocation.has(LabelOptions.LABEL);
    boolean docker =
        label || (words != null && (words.isEmpty() || !words.getFirst().startsWith("-")));
    if (label && words != null) {
      throw OcicapException.usage(
          LabelOptions.LABEL + " and a command after '--' exclude each other", null);
    }
    if (docker && !invocation.positionals().isEmpty()) {
      throw OcicapException.usage(
          "a bundle and a docker command exclude each other", "ocicap " + verb + " BUNDLE");
    }
    if (!docker && invocation.positionals().isEmpty() && !invocation.has(BUNDLE)) {
      throw OcicapException.usage(
          "a bundle is missing, or a docker command after '--'", "ocicap " + verb + " BUNDLE");
    }
    return docker;
  }

  /// What is started.
  ///
  /// @param bundle the bundle's directory, absolute
  /// @param config what is in it
  /// @param options the runtime's options
  /// @param words more of them, which only the runtime knows
  /// @param terminal whether the process has a terminal
  /// @param input whether it may read what ocicap could
  /// @param removed whether the container goes when it has ended, though it is detached
  /// @param root the root file system that is mounted for it, unless it is in the bundle
  private record Subject(
      Path bundle,
      RuntimeConfig config,
      ContainerId id,
      Map<RuntimeOption, String> options,
      List<String> words,
      boolean terminal,
      boolean input,
      boolean removed,
      Optional<ImageRoot> root) {}

  /// What was asked for.
  private record Start(
      Invocation invocation,
      Console console,
      RuntimeArguments arguments,
      OciRuntime runtime,
      StartCheck check) {}

  /// A name that the user gave, which must be free; or one that is.
  ///
  /// @param stem what the latter begins with
  private static ContainerId id(Optional<String> given, Path stem, boolean detached, Start start) {
    Invocation invocation = start.invocation();
    if (given.isEmpty()) {
      return ContainerId.unique(stem, start.arguments().directory(start.runtime()));
    }
    ContainerId id = ContainerId.parse(ID, given.get());
    if (!invocation.has(RuntimeArguments.PRINT)) {
      boolean logged = detached && !invocation.has(INHERIT);
      start.check().name(id, start.runtime(), start.arguments(), logged);
    }
    return id;
  }

  private Subject existing(Start start) {
    Invocation invocation = start.invocation();
    Console console = start.console();
    Optional<String> named = invocation.value(BUNDLE);
    List<String> positionals = invocation.positionals();
    Optional<String> id = invocation.value(ID);
    if (named.isPresent() && !positionals.isEmpty()) {
      if (id.isPresent()) {
        throw OcicapException.usage(
            "two names: '" + id.get() + "' and '" + positionals.getFirst() + "'", null);
      }
      id = Optional.of(positionals.getFirst());
    }
    Path directory =
        CliPaths.of(named.orElseGet(positionals::getFirst), console).toAbsolutePath().normalize();
    Bundle bundle = Bundle.open(directory);
    Map<RuntimeOption, String> options = start.arguments().options();
    boolean detached = isCreate() || options.containsKey(RuntimeOption.DETACH);
    List<String> words = invocation.words();
    return new Subject(
        directory,
        bundle.config(),
        id(id, directory, detached, start),
        options,
        words == null ? List.of() : words,
        detached && bundle.config().terminal(),
        true,
        invocation.has(REMOVE),
        Optional.empty());
  }

  /// Makes the bundle of a docker command. Like docker, the container reads standard input only
  /// with `--interactive`, and leaves the terminal with `--detach`.
  private Subject converted(Start start) {
    Invocation invocation = start.invocation();
    Console console = start.console();
    RuntimeArguments arguments = start.arguments();
    OciRuntime runtime = start.runtime();
    Optional<String> kept = invocation.value(BUNDLE);
    if (kept.isEmpty() && invocation.has(RuntimeArguments.PRINT)) {
      throw OcicapException.usage(
          "--print with a docker command needs a place for the bundle", BUNDLE + " DIR");
    }
    Conversions conversions =
        new Conversions(
            invocation, console, Conversions.Purpose.RUN, MountFeatures.of(runtime, console.env()));
    DockerCommands.Typed typed =
        invocation.has(LabelOptions.LABEL)
            ? labelled(LabelOptions.commands(invocation, console, conversions))
            : DockerCommands.ofWords(invocation.words(), conversions.client());
    DockerRunCommand docker = typed.command();
    Image image = conversions.image(typed);
    Converted converted = conversions.convert(typed, image, 1);
    conversions.say(converted, image);
    Optional<String> name = invocation.value(ID).or(docker::name);
    boolean detached =
        isCreate() || docker.isDetached() || invocation.has(RuntimeOption.DETACH.flag());
    ContainerId id = id(name, Path.of(docker.suggestedName()), detached, start);
    Path directory;
    Optional<ImageRoot> root = Optional.empty();
    if (kept.isPresent()) {
      directory = CliPaths.of(kept.get(), console).toAbsolutePath().normalize();
    } else {
      TemporaryBundles bundles = bundles(console);
      directory = temporary(bundles, id, arguments.directory(runtime));
      root = root(converted, image, directory, bundles);
      if (root.isPresent()) {
        MountedRoot.record(directory, image.rootfs());
      }
      converted = converted.with(temporary(directory, root));
    }
    conversions.make(
        directory,
        typed,
        converted,
        image,
        root.isPresent() ? ConvertedBundle.Root.MOUNTED : ConvertedBundle.Root.COPIED);
    Map<RuntimeOption, String> options = arguments.options();
    if (docker.isDetached() && !isCreate()) {
      options.put(RuntimeOption.DETACH, "");
    }
    return new Subject(
        directory,
        converted.config().in(directory.resolve(ConfigFile.NAME).toString()),
        id,
        options,
        List.of(),
        docker.hasTerminal(),
        docker.isInteractive(),
        invocation.has(REMOVE) || docker.isRemoved(),
        root);
  }

  /// The image's files as they are, where this caller may mount them; a copy takes longer.
  private static Optional<ImageRoot> root(
      Converted converted, Image image, Path bundle, TemporaryBundles bundles) {
    return (System.getProperty(TRAINED) != null || Host.mayMount())
            && ConvertedBundle.canBeMounted(converted, image)
            && ImageRoot.isPossible(image.rootfs())
        ? Optional.of(new ImageRoot(image.rootfs(), bundle, bundles.place()))
        : Optional.empty();
  }

  /// The only command of a label.
  private static DockerCommands.Typed labelled(List<DockerCommands.Read> commands) {
    if (commands.size() > 1) {
      throw OcicapException.usage(
          "the label has " + commands.size() + " docker commands, and one can be started",
          "ocicap convert " + LabelOptions.LABEL + " …");
    }
    // Not a switch: one over types is linked anew at each start.
    if (commands.getFirst() instanceof DockerCommands.Refused refused) {
      throw new OcicapException(ExitStatus.INPUT, refused.problems());
    }
    return (DockerCommands.Typed) commands.getFirst();
  }

  /// The runtime's command line and streams.
  private Launch launch(Invocation invocation, Subject subject, OciRuntime runtime) {
    Map<RuntimeOption, String> options = subject.options();
    boolean detached = isCreate() || options.containsKey(RuntimeOption.DETACH);
    if (!detached) {
      return new Launch(
          command(subject, runtime),
          subject.input() ? new Launch.Own() : new Launch.WithoutInput(),
          subject.root());
    }
    if (subject.terminal() && !options.containsKey(RuntimeOption.CONSOLE_SOCKET)) {
      throw OcicapException.usage(
          (isCreate() ? "'create'" : "--detach") + " with a terminal needs somebody who holds it",
          RuntimeOption.CONSOLE_SOCKET.flag() + " SOCKET");
    }
    String id = subject.id().name();
    if (invocation.has(INHERIT)) {
      return new Launch(
          command(subject, runtime),
          invocation.has(ID) ? new Launch.Own() : new Launch.Announced(id),
          subject.root());
    }
    ContainerLog log = ContainerLog.of(subject.bundle(), subject.id());
    if (!invocation.has(RuntimeArguments.PRINT)) {
      log.begin();
    }
    if (!subject.removed() || isCreate()) {
      return new Launch(
          command(subject, runtime), new Launch.Logged(id, log.file()), subject.root());
    }
    // It stays in the foreground of a session of its own, and removes what it ran.
    options.remove(RuntimeOption.DETACH);
    String given = options.get(RuntimeOption.PID_FILE);
    Path pidFile = given == null ? log.pidFile() : Path.of(given);
    options.put(RuntimeOption.PID_FILE, pidFile.toString());
    return new Launch(
        command(subject, runtime),
        new Launch.Watched(id, log.file(), pidFile, given == null),
        subject.root());
  }

  private List<String> command(Subject subject, OciRuntime runtime) {
    List<String> rest = new ArrayList<>(subject.words());
    rest.add("--bundle=" + subject.bundle());
    rest.add(subject.id().name());
    return runtime.command(verb, subject.options(), rest);
  }

  private static TemporaryBundles bundles(Console console) {
    String trained = System.getProperty(TRAINED);
    if (trained != null) {
      return new TemporaryBundles(Path.of(trained));
    }
    return TemporaryBundles.of(Host.uid(), console.env().getOrDefault("XDG_RUNTIME_DIR", ""));
  }

  private static Path temporary(TemporaryBundles bundles, ContainerId id, StateDirectory states) {
    Launcher launcher = Launcher.ofThisProcess();
    return bundles.make(
        id.name(),
        launcher == null ? "self" : Long.toString(launcher.pid()),
        states.path().resolve(id.name()));
  }

  /// Lets the runtime remove the bundle when the container is gone, and names the root file system
  /// that is mounted for it.
  private static SpecEdit temporary(Path directory, Optional<ImageRoot> root) {
    List<SpecEdit> edits = new ArrayList<>();
    for (String remover : REMOVERS) {
      if (edits.isEmpty() && Files.isExecutable(Path.of(remover))) {
        edits.add(
            ContainerEdits.poststop(remover, List.of("rm", "-rf", "--", directory.toString())));
      }
    }
    root.ifPresent(mounted -> edits.add(ContainerEdits.rootPath(mounted.place().toString())));
    return SpecEdit.all(edits);
  }
}
