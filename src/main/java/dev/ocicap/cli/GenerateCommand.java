package dev.ocicap.cli;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.RootlessEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.DefaultConfig;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap generate`: a new config.json, on standard output, in a file, or in a new bundle.
final class GenerateCommand implements Command {
  private static final String BUNDLE = "--bundle";
  private static final String OUTPUT = "--output";
  private static final String ROOTFS = "--rootfs";
  private static final String ROOTLESS = "--rootless";
  private static final String CONVENTIONAL_ROOTFS = "rootfs";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addOption(
                Options.single(
                    "DIR", "make a bundle: the directory and its config.json", "-b", BUNDLE))
            .addOption(
                Options.single(
                    "FILE", "write the file, replacing it; - is standard output", "-o", OUTPUT))
            .addOption(
                Options.optional(
                    "DIR",
                    CONVENTIONAL_ROOTFS,
                    "use this root file system, made if missing; without DIR the bundle's own rootfs",
                    ROOTFS))
            .addOption(
                Options.flag("for a caller without root, as runc spec --rootless", ROOTLESS));
    EditOptions.declare(spec);
    return spec;
  }

  @Override
  public String wordsLabel() {
    return "ARGS…";
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    if (invocation.has(BUNDLE) && invocation.has(OUTPUT)) {
      throw OcicapException.usage("--bundle and --output exclude each other", null);
    }
    CapabilitySet host = Host.bounding();
    Optional<Path> bundle = invocation.value(BUNDLE).map(word -> CliPaths.of(word, console));
    Optional<Path> rootfs = rootfs(invocation, bundle, console);
    RuntimeConfig config =
        DefaultConfig.runc(Host.isCgroupUnified())
            .edit(edits(invocation, console, host, bundle, rootfs));
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
    CapabilityNotes.print(EditOptions.capabilities(invocation), host, console);
    return ExitStatus.DONE;
  }

  private static SpecEdit edits(
      Invocation invocation,
      Console console,
      CapabilitySet host,
      Optional<Path> bundle,
      Optional<Path> rootfs) {
    List<SpecEdit> edits = new ArrayList<>();
    if (invocation.has(ROOTLESS)) {
      edits.add(RootlessEdits.rootless(Host.uid(), Host.gid()));
    }
    rootfs.ifPresent(path ->
        edits.add(ContainerEdits.rootPath(rootPath(path, bundle.orElse(console.directory())))));
    List<String> words = invocation.words();
    if (words != null) {
      if (words.isEmpty()) {
        throw OcicapException.usage("no command after '--'", "ocicap generate -- sh");
      }
      edits.add(ProcessEdits.args(words));
    }
    edits.add(EditOptions.edit(invocation, new EditOptions.Context(console.env(), host)));
    return SpecEdit.all(edits);
  }

  /// Where the root file system lies: below the bundle when no directory was named.
  private static Optional<Path> rootfs(
      Invocation invocation, Optional<Path> bundle, Console console) {
    Optional<String> named = invocation.value(ROOTFS);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    if (named.get().equals(CONVENTIONAL_ROOTFS)) {
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
