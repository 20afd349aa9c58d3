package dev.ocicap.cli;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.bundle.TemporaryBundles;
import dev.ocicap.docker.Converted;
import dev.ocicap.docker.DockerRunCommand;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.image.Image;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.runtime.ContainerId;
import dev.ocicap.runtime.Launcher;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.Redirection;
import dev.ocicap.runtime.RuntimeOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap run`: becomes the container runtime with a bundle, or with the bundle that a docker
/// command is converted into.
final class RunCommand implements Command {
  private static final String RUNTIME = "--runtime";
  private static final String ID = "--id";
  private static final String BUNDLE = "--bundle";
  private static final String DETACH_SHORT = "-d";
  private static final List<String> REMOVERS = List.of("/usr/bin/rm", "/bin/rm");

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(
                Options.optionalPositional(
                    "BUNDLE", "the bundle's directory; without it a docker command follows '--'"))
            .addOption(
                Options.single(
                    "NAME|PATH",
                    "runc, crun or another; default: OCICAP_RUNTIME, or the first that is installed",
                    RUNTIME))
            .addOption(Options.single("ID", "name of the container; default: one of its own", ID));
    for (RuntimeOption option : RuntimeOption.values()) {
      String[] names =
          option == RuntimeOption.DETACH
              ? new String[] {DETACH_SHORT, option.flag()}
              : new String[] {option.flag()};
      spec.addOption(
          option.label().isEmpty()
              ? Options.flag(option.description(), names)
              : Options.single(option.label(), option.description(), names));
    }
    spec.addOption(
        Options.single(
            "DIR",
            "with a docker command: keep its bundle there; default: one that goes with the container",
            "-b",
            BUNDLE));
    Conversions.declare(spec);
    return spec;
  }

  @Override
  public String wordsLabel() {
    return "docker run …";
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    List<String> bundles = invocation.positionals();
    boolean docker = invocation.words() != null;
    if (docker != bundles.isEmpty()) {
      throw OcicapException.usage(
          docker
              ? "a bundle and a docker command exclude each other"
              : "a bundle is missing, or a docker command after '--'",
          "ocicap run BUNDLE");
    }
    try {
      OciRuntime runtime = OciRuntime.find(invocation.value(RUNTIME).orElse(null), console.env());
      runtime.checkHost(console.env());
      List<String> command =
          docker
              ? converted(invocation, console, runtime)
              : existing(invocation, CliPaths.of(bundles.getFirst(), console), runtime);
      console.out().flush();
      console.err().flush();
      return console.handover().become(command);
    } catch (OcicapException e) {
      // As docker: a status of the container's own must not be one of ours.
      throw e.status() == ExitStatus.INPUT || (docker && e.status() == ExitStatus.USAGE)
          ? e.withStatus(ExitStatus.NOT_STARTED)
          : e;
    }
  }

  private static List<String> existing(Invocation invocation, Path directory, OciRuntime runtime) {
    ContainerId id =
        invocation
            .value(ID)
            .map(name -> ContainerId.parse(ID, name))
            .orElseGet(() -> ContainerId.unique(directory));
    Bundle.open(directory);
    return runtime.run(directory, id, options(invocation));
  }

  /// Makes the bundle of a docker command. Like docker, the container reads standard input only
  /// with `--interactive`, and leaves the terminal with `--detach`.
  private static List<String> converted(
      Invocation invocation, Console console, OciRuntime runtime) {
    Conversions conversions = new Conversions(invocation, console, Conversions.Purpose.RUN);
    DockerCommands.Typed typed =
        DockerCommands.ofWords(invocation.words(), conversions.client()).commands().getFirst();
    DockerRunCommand docker = typed.command();
    Image image = conversions.image(docker);
    Converted converted = conversions.convert(typed, image, 1);
    conversions.say(converted, image);
    Optional<String> name = invocation.value(ID).or(docker::name);
    ContainerId id =
        name.map(given -> ContainerId.parse(ID, given))
            .orElseGet(() -> ContainerId.unique(Path.of(docker.suggestedName())));
    Optional<String> kept = invocation.value(BUNDLE);
    Path directory;
    if (kept.isPresent()) {
      directory = CliPaths.of(kept.get(), console);
    } else {
      directory = temporary(id, console);
      converted = converted.with(removal(directory));
    }
    conversions.make(directory, converted, image);
    Map<RuntimeOption, String> options = options(invocation);
    if (docker.isDetached()) {
      if (docker.hasTerminal() && !options.containsKey(RuntimeOption.CONSOLE_SOCKET)) {
        throw OcicapException.usage(
            "--detach with --tty needs somebody who holds the terminal",
            RuntimeOption.CONSOLE_SOCKET.flag() + " SOCKET");
      }
      options.put(RuntimeOption.DETACH, "");
      console.out().println(id.name());
    }
    List<String> command = runtime.run(directory, id, options);
    if (options.containsKey(RuntimeOption.DETACH)) {
      return Redirection.detached(command, directory.resolve("output.log"));
    }
    return docker.isInteractive() ? command : Redirection.withoutInput(command);
  }

  private static Path temporary(ContainerId id, Console console) {
    Launcher launcher = Launcher.ofThisProcess();
    return TemporaryBundles.of(Host.uid(), console.env().getOrDefault("XDG_RUNTIME_DIR", ""))
        .make(id.name(), launcher == null ? "self" : Long.toString(launcher.pid()));
  }

  /// Lets the runtime remove the bundle when the container is gone.
  private static SpecEdit removal(Path directory) {
    for (String remover : REMOVERS) {
      if (Files.isExecutable(Path.of(remover))) {
        return ContainerEdits.poststop(remover, List.of("rm", "-rf", "--", directory.toString()));
      }
    }
    return SpecEdit.nothing();
  }

  private static Map<RuntimeOption, String> options(Invocation invocation) {
    Map<RuntimeOption, String> options = new EnumMap<>(RuntimeOption.class);
    for (RuntimeOption option : RuntimeOption.values()) {
      if (invocation.has(option.flag())) {
        options.put(option, invocation.value(option.flag()).orElse(""));
      }
    }
    return options;
  }
}
