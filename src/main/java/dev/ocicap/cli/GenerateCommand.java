package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.bundle.Bundle;
import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.RootlessEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.host.Host;
import dev.ocicap.host.Preset;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Suggestion;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `ocicap generate`: a new config.json, on standard output, in a file, or in a new bundle.
final class GenerateCommand implements Command {
  private static final String FROM = "--from";
  private static final String TEMPLATE = "--template";
  private static final String SECCOMP_ONLY = "--linux-seccomp-only";
  private static final String BUNDLE = "--bundle";
  private static final String OUTPUT = "--output";
  private static final String ROOTFS = "--rootfs";
  private static final String ROOTLESS = "--rootless";

  /// Names the file of many lines of options.
  static final String EACH = "--each";

  /// What `--rootfs` holds without a directory: no word that can be typed means a path with a NUL.
  private static final String OWN_ROOTFS = "\0";

  private static final String CONVENTIONAL_ROOTFS = "rootfs";

  @Override
  public CommandSpec spec() {
    return spec(Mention.ALL);
  }

  @Override
  public CommandSpec spec(Mention mention) {
    CommandSpec spec =
        Options.command()
            .addOption(
                Options.single(
                    "PRESET|FILE",
                    "start from runc (default), docker, podman, kubernetes-restricted, none, or a"
                        + " file, of which nothing is lost",
                    FROM))
            .addOption(
                Options.single(
                    "DIR", "make a bundle: the directory and its config.json", "-b", BUNDLE))
            .addOption(
                Options.single(
                    "FILE", "write the file, replacing it; - is standard output", "-o", OUTPUT))
            .addOption(
                Options.optional(
                    "DIR",
                    OWN_ROOTFS,
                    "use this root file system, made if missing; without DIR the bundle's own rootfs",
                    ROOTFS))
            .addOption(Options.flag("for a caller without root, as runc spec --rootless", ROOTLESS))
            .addOption(
                Options.single(
                    "FILE",
                    "generate once for each line of the file (- is standard input), with the"
                        + " options in it and those of the command line",
                    EACH));
    spec.addOption(Options.single("VALUE", "", TEMPLATE).hide())
        .addOption(Options.flag("", "--seccomp-only", SECCOMP_ONLY).hide());
    ConfigEdit.declare(spec, mention);
    return spec;
  }

  @Override
  public List<Help.Section> sections() {
    return ConfigEdit.sections();
  }

  @Override
  public String wordsLabel() {
    return "ARGS…";
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Optional<String> each = invocation.value(EACH);
    if (each.isPresent()) {
      List<String> common = new ArrayList<>(invocation.arguments());
      common.removeIf(argument -> argument.startsWith(EACH + "="));
      return new ManyGenerations(this, common, invocation.words(), console).generate(each.get());
    }
    if (invocation.has(BUNDLE) && invocation.has(OUTPUT)) {
      throw OcicapException.usage("--bundle and --output exclude each other", null);
    }
    Optional<Path> bundle = invocation.value(BUNDLE).map(word -> CliPaths.of(word, console));
    Optional<Path> rootfs = rootfs(invocation, bundle, console);
    ConfigEdit edit =
        new ConfigEdit(
            invocation, new EditOptions.Context(console, Host.bounding()), "ocicap generate -- sh");
    SpecEdit before = before(invocation, console, bundle, rootfs);
    String from = invocation.value(FROM).or(() -> invocation.value(TEMPLATE)).orElse("runc");
    Optional<Preset> preset = Preset.find(from);
    RuntimeConfig config =
        preset.isPresent()
            ? edit.fresh(preset.get().config(), before)
            : edit.existing(template(from, console).edit(before), true);
    if (invocation.has(ROOTLESS)) {
      config = config.edit(RootlessEdits.mapProcess());
    }
    if (invocation.has(SECCOMP_ONLY)) {
      config = filterOnly(config);
    }
    if (bundle.isPresent()) {
      Bundle.create(bundle.get(), config);
      rootfs.ifPresent(GenerateCommand::makeDirectory);
      if (console.errIsTerminal() && rootfs.isEmpty()) {
        console.err().println("put a root file system into " + bundle.get() + "/rootfs, then:");
        console.err().println("  ocicap run " + bundle.get());
      }
    } else {
      CliPaths.write(config, invocation.value(OUTPUT).orElse("-"), console);
      rootfs.ifPresent(GenerateCommand::makeDirectory);
    }
    return ExitStatus.DONE;
  }

  private static RuntimeConfig filterOnly(RuntimeConfig config) {
    JsonNode filter =
        config
            .find("linux", "seccomp")
            .orElseThrow(() ->
                OcicapException.usage(
                    SECCOMP_ONLY + ": there is no filter of system calls", "--seccomp docker"));
    return RuntimeConfig.of(JsonText.of("seccomp.json", filter));
  }

  private static SpecEdit before(
      Invocation invocation, Console console, Optional<Path> bundle, Optional<Path> rootfs) {
    List<SpecEdit> edits = new ArrayList<>();
    if (invocation.has(ROOTLESS)) {
      edits.add(Rootless.edit());
    }
    rootfs.ifPresent(path ->
        edits.add(ContainerEdits.rootPath(rootPath(path, bundle.orElse(console.directory())))));
    return SpecEdit.all(edits);
  }

  /// A configuration of the user's.
  private static RuntimeConfig template(String word, Console console) {
    boolean named = word.indexOf('/') < 0 && word.indexOf('.') < 0 && !word.equals("-");
    if (named && !Files.exists(CliPaths.of(word, console))) {
      throw OcicapException.usage(
          FROM
              + ": '"
              + word
              + "' is neither a file nor one of "
              + String.join(", ", Preset.words()),
          FROM + " " + Suggestion.nearest(word, Preset.words()).orElse("docker"));
    }
    return CliPaths.read(word, console);
  }

  /// Where the root file system lies: below the bundle when no directory was named.
  private static Optional<Path> rootfs(
      Invocation invocation, Optional<Path> bundle, Console console) {
    Optional<String> named = invocation.value(ROOTFS);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    if (named.get().equals(OWN_ROOTFS)) {
      return Optional.of(bundle.orElse(console.directory()).resolve(CONVENTIONAL_ROOTFS));
    }
    return Optional.of(CliPaths.of(named.get(), console));
  }

  /// The path as config.json holds it: relative inside the bundle, absolute elsewhere.
  private static String rootPath(Path rootfs, Path bundle) {
    Path base = bundle.toAbsolutePath().normalize();
    Path absolute = rootfs.toAbsolutePath().normalize();
    return absolute.startsWith(base) && !absolute.equals(base)
        ? base.relativize(absolute).toString()
        : absolute.toString();
  }

  private static void makeDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw ConfigFile.failure(directory, "cannot make the directory", e);
    }
  }
}
