package dev.ocicap.cli;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.cap.SetName;
import dev.ocicap.docker.ClientEnvironment;
import dev.ocicap.docker.ConversionOptions;
import dev.ocicap.docker.Converted;
import dev.ocicap.docker.ConvertedBundle;
import dev.ocicap.docker.DockerConversion;
import dev.ocicap.docker.DockerRunCommand;
import dev.ocicap.docker.DockerRunCommand.Engine;
import dev.ocicap.docker.FlagReport;
import dev.ocicap.docker.HostFiles;
import dev.ocicap.docker.ImageFiles;
import dev.ocicap.docker.NewVolumes;
import dev.ocicap.docker.TargetHost;
import dev.ocicap.host.Host;
import dev.ocicap.image.Image;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.image.ImageSource;
import dev.ocicap.image.ImageStore;
import dev.ocicap.image.Limits;
import dev.ocicap.image.Platform;
import dev.ocicap.image.Progress;
import dev.ocicap.image.Pull;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.RuntimeOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What `convert` and `run` share: their options for a docker command, the conversion, and what is
/// said of it.
final class Conversions {
  private static final String ROOTFS = "--rootfs";
  private static final String IMAGE = "--image";
  private static final String IMAGE_CONFIG = "--image-config";
  private static final String TARGET_HOST = "--target-host";
  private static final String VOLUME_ROOT = "--volume-root";
  private static final String SETS = "--sets";
  private static final String AMBIENT = "--ambient";
  private static final String STRICT = "--strict";

  /// The root file system of an image whose files are not needed.
  private static final Path NOWHERE = Path.of("/nonexistent");

  private static final String ENGINE = "--engine";
  private static final String DOCKER = "docker://";

  private final Invocation invocation;
  private final Console console;
  private final Purpose purpose;
  private final MountFeatures runtimes;
  private final TargetHost host;
  private final ConversionOptions defaults;
  private final Optional<ImageConfig> imageConfig;
  private final Map<String, Image> images = new ConcurrentHashMap<>();

  /// Why an image cannot be had: it is not asked for again.
  private final Map<String, OcicapException> failures = new ConcurrentHashMap<>();

  private final Map<Path, ImageFiles> files = new ConcurrentHashMap<>();
  private final NewVolumes volumes = new NewVolumes();

  /// Reads the options.
  ///
  /// @throws OcicapException when one of them cannot be used
  Conversions(Invocation invocation, Console console, Purpose purpose) {
    this(invocation, console, purpose, MountFeatures.ofInstalled(console.env()));
  }

  /// The same for one runtime.
  ///
  /// @param runtimes what the runtimes can do that may start the bundle
  Conversions(Invocation invocation, Console console, Purpose purpose, MountFeatures runtimes) {
    this.runtimes = runtimes;
    this.invocation = invocation;
    this.console = console;
    this.purpose = purpose;
    if (invocation.has(ROOTFS) && invocation.has(IMAGE)) {
      throw OcicapException.usage(ROOTFS + " and " + IMAGE + " exclude each other", null);
    }
    TargetHost here = Host.target();
    this.host = invocation.value(TARGET_HOST).map(here::described).orElse(here);
    this.imageConfig =
        invocation.value(IMAGE_CONFIG).map(file -> Image.readConfig(CliPaths.of(file, console)));
    this.defaults = options();
  }

  /// Declares the options.
  static void declare(CommandSpec spec) {
    spec.addOption(
            Options.single("DIR", "root file system of the container, used where it is", ROOTFS))
        .addOption(
            Options.single(
                "SOURCE",
                "oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, rootfs-archive:FILE,"
                    + " docker://NAME, containers-storage:NAME, docker-daemon:NAME or a directory;"
                    + " its files are copied into the bundle",
                IMAGE))
        .addOption(
            Options.single(
                "FILE",
                "what the image says: its configuration, or what docker image inspect prints",
                IMAGE_CONFIG))
        .addOption(
            Options.single(
                "KEY=VALUE,…",
                "the machine that the bundle is for; default: this one",
                TARGET_HOST))
        .addOption(
            Options.single(
                "DIR", "where named and anonymous volumes are; default: volumes", VOLUME_ROOT))
        .addOption(
            Options.single(
                "SET,…",
                "the sets that hold the capabilities; default: bounding,effective,permitted, as"
                    + " Docker fills them",
                SETS))
        .addOption(
            Options.flag(
                "let a user that is not root really have the capabilities that were added",
                AMBIENT))
        .addOption(
            Options.single(
                "docker|podman|nerdctl",
                "who would run it; default: the program that the command names",
                ENGINE))
        .addOption(Options.flag("fail when something of the command is lost", STRICT));
  }

  /// Where a command of the command line was typed.
  ClientEnvironment client() {
    boolean terminal = console.terminals().indexOf('0') >= 0;
    return new ClientEnvironment(
        console.env()::get,
        console.directory().toAbsolutePath().normalize().toString(),
        purpose == Purpose.RUN
            ? terminal ? ClientEnvironment.Stdin.TERMINAL : ClientEnvironment.Stdin.OTHER
            : ClientEnvironment.Stdin.UNKNOWN,
        null,
        HostFiles.local());
  }

  /// The image or root file system that the options name, else the image of that name, fetched from
  /// its registry; one without files where none is needed.
  Image image(DockerCommands.Typed typed) {
    DockerRunCommand command = typed.command();
    Platform platform = command.imagePlatform(typed.client(), Platform.of(host.arch()));
    if (command.isRootfs() && !invocation.has(ROOTFS) && !invocation.has(IMAGE)) {
      return withConfig(directory(rootfs(command.image())));
    }
    if (isNamed()) {
      return image(platform.toString(), () -> withConfig(namedImage(platform)));
    }
    Pull pull = pull(command);
    return image(
        platform + "\n" + command.image() + "\n" + pull,
        () -> withConfig(open(DOCKER + command.image(), pull, platform)));
  }

  /// An image that many commands may share.
  private Image image(String key, Supplier<Image> opener) {
    return images.computeIfAbsent(
        key,
        name -> {
          OcicapException known = failures.get(name);
          if (known != null) {
            throw new OcicapException(known.status(), known.problems());
          }
          try {
            return opener.get();
          } catch (OcicapException e) {
            failures.put(name, e);
            throw e;
          }
        });
  }

  /// An image that a command mounts: the container's own, or one of a registry.
  private Image mounted(String name, DockerCommands.Typed typed, Image own) {
    return name.equals(typed.command().image()) && !imageConfig.isPresent()
        ? own
        : image(
            "mounted\n" + name, () -> open(DOCKER + name, Pull.MISSING, Platform.of(host.arch())));
  }

  /// Looks for the image that the options name, if they name one, before many commands need it.
  ///
  /// @param first the first of them
  void checkNamedImage(DockerCommands.Typed first) {
    if (isNamed()) {
      image(first);
    }
  }

  /// Whether all commands have the same image, or need none.
  private boolean isNamed() {
    return invocation.has(ROOTFS) || invocation.has(IMAGE) || purpose == Purpose.PRINT;
  }

  private Image namedImage(Platform platform) {
    Optional<String> rootfs = invocation.value(ROOTFS);
    Optional<String> source = invocation.value(IMAGE);
    if (rootfs.isPresent()) {
      return directory(rootfs.get());
    }
    return source.isPresent()
        ? open(source.get(), Pull.MISSING, platform)
        : new Image(new ImageSource.Directory("", NOWHERE), ImageConfig.EMPTY, NOWHERE, List.of());
  }

  private Image withConfig(Image image) {
    return imageConfig.isPresent()
        ? new Image(image.source(), imageConfig.get(), image.rootfs(), image.notes())
        : image;
  }

  /// The image that `--image` names, which an option needs.
  Image namedImage(String option) {
    String source =
        invocation
            .value(IMAGE)
            .orElseThrow(() ->
                OcicapException.usage(
                    option + " needs an image", IMAGE + " docker://NAME " + option + " RUN"));
    return withConfig(open(source, Pull.MISSING, Platform.of(host.arch())));
  }

  /// The name of an image in a command: the one that it was found under, else that of its file.
  static String reference(Image image) {
    return switch (image.source()) {
      case ImageSource.Named named -> named.name();
      case ImageSource.Layout layout ->
          stem(layout.directory()) + (layout.tag().isEmpty() ? "" : ":" + layout.tag());
      case ImageSource.Archive archive ->
          archive.name().isEmpty() ? stem(archive.file()) : archive.name();
      case ImageSource.RootfsArchive archive -> stem(archive.file());
      case ImageSource.Directory directory -> stem(directory.directory());
    };
  }

  private static String stem(Path path) {
    String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    int dot = name.indexOf('.', 1);
    return (dot < 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT);
  }

  private static Pull pull(DockerRunCommand command) {
    return switch (command.pull()) {
      case "always" -> Pull.ALWAYS;
      case "never" -> Pull.NEVER;
      default -> Pull.MISSING;
    };
  }

  private Image open(String source, Pull pull, Platform platform) {
    ImageSource parsed = ImageSource.parse(source, console.directory());
    if (parsed instanceof ImageSource.Named named) {
      parsed = named.at(console.env().getOrDefault("DOCKER_HOST", ""));
    }
    Image image = store(platform).open(parsed, pull);
    clearProgress();
    String architecture = image.config().architecture();
    if (architecture.equals(platform.architecture()) && !architecture.equals(host.arch())) {
      return image.withNote(
          "the image is for "
              + architecture
              + ", and the machine for "
              + host.arch()
              + ": it runs only where the kernel has an emulator for it (binfmt_misc)");
    }
    return image;
  }

  /// The directory of `--rootfs DIR[:OPTIONS]`.
  private static String rootfs(String word) {
    int colon = word.lastIndexOf(':');
    return colon > 0 && word.indexOf('/', colon) < 0 ? word.substring(0, colon) : word;
  }

  private Image directory(String word) {
    Path path = CliPaths.of(word, console);
    if (!Files.isDirectory(path)) {
      throw OcicapException.usage(ROOTFS + ": '" + word + "' is not a directory", null);
    }
    ImageSource source = ImageSource.parse(word, console.directory());
    if (!(source instanceof ImageSource.Directory)) {
      throw OcicapException.usage(
          ROOTFS + ": '" + word + "' is an image layout", IMAGE + " oci:" + word);
    }
    return new Image(source, ImageConfig.EMPTY, path, List.of());
  }

  private ImageStore store(Platform platform) {
    String cache = console.env().getOrDefault("XDG_CACHE_HOME", "");
    Path home =
        cache.isEmpty()
            ? Path.of(console.env().getOrDefault("HOME", "/"), ".cache")
            : Path.of(cache);
    return new ImageStore(home, Host.uid(), platform, Limits.DEFAULT, progress());
  }

  /// Progress on a terminal, nothing elsewhere.
  Progress progress() {
    return console.errIsTerminal()
        ? (step, done, total) -> {
          console.err().print("\r\u001b[K" + Escape.text(step));
          console.err().flush();
        }
        : (step, done, total) -> {};
  }

  /// Clears the line that progress was shown on.
  private void clearProgress() {
    if (console.errIsTerminal()) {
      console.err().print("\r\u001b[K");
      console.err().flush();
    }
  }

  /// What a conversion is for.
  enum Purpose {
    /// The text that dockerd writes, and nothing that ocicap adds to it.
    PRINT,
    /// A bundle.
    BUNDLE,
    /// A bundle that is started now.
    RUN
  }

  /// Converts a command.
  ///
  /// @param occurrence 1, or more for one of several commands that are equal
  Converted convert(DockerCommands.Typed typed, Image image, int occurrence) {
    DockerRunCommand command = typed.command();
    ConversionOptions options = defaults.withId(ConversionOptions.idFor(command, occurrence));
    if (!image.rootfs().equals(NOWHERE)) {
      options = options.withRoot(ConvertedBundle.rootPath(image));
    }
    if (!invocation.has(ENGINE)) {
      options =
          options.with(
              new ConversionOptions.Grants(
                  command.engine(), options.grants().sets(), options.grants().ambient()));
    }
    Converted converted =
        DockerConversion.convert(
            command,
            typed.whole() ? ImageConfig.EMPTY : image.config(),
            files.computeIfAbsent(image.rootfs(), ImageFiles::in),
            host,
            typed.client(),
            options);
    if (invocation.has(STRICT)) {
      refuseLosses(converted);
    }
    return converted;
  }

  /// What the options say for every command.
  private ConversionOptions options() {
    String volumes =
        CliPaths.of(invocation.value(VOLUME_ROOT).orElse("volumes"), console)
            .toAbsolutePath()
            .normalize()
            .toString();
    boolean document = purpose == Purpose.PRINT;
    return ConversionOptions.of(
            "", document ? ConversionOptions.Form.DOCUMENT : ConversionOptions.Form.BUNDLE, volumes)
        .with(
            new ConversionOptions.Grants(
                invocation.value(ENGINE).map(Conversions::engine).orElse(Engine.DOCKER),
                invocation.value(SETS).map(Conversions::sets).orElse(ConversionOptions.DOCKER_SETS),
                invocation.has(AMBIENT)))
        .with(
            ConversionOptions.Surroundings.of(
                runtimes, new RunningContainers(console.env(), stateDirectory())));
  }

  private Optional<Path> stateDirectory() {
    return purpose == Purpose.RUN
        ? invocation.value(RuntimeOption.ROOT.flag()).map(root -> CliPaths.of(root, console))
        : Optional.empty();
  }

  private static Engine engine(String word) {
    List<String> words = new ArrayList<>();
    for (Engine engine : Engine.values()) {
      words.add(engine.program());
      if (engine.program().equals(word)) {
        return engine;
      }
    }
    throw Formats.none(ENGINE, word, words);
  }

  private static List<SetName> sets(String value) {
    List<SetName> sets = new ArrayList<>();
    int start = 0;
    while (start <= value.length()) {
      int comma = value.indexOf(',', start);
      int end = comma < 0 ? value.length() : comma;
      sets.add(set(value.substring(start, end)));
      start = end + 1;
    }
    return sets;
  }

  private static SetName set(String word) {
    for (SetName name : SetName.values()) {
      if (name.key().equals(word)) {
        return name;
      }
    }
    throw OcicapException.usage(
        SETS + ": '" + word + "' is not bounding, effective, inheritable, permitted or ambient",
        SETS + " bounding,effective,permitted");
  }

  private static void refuseLosses(Converted converted) {
    List<Problem> problems = new ArrayList<>();
    for (FlagReport report : converted.report()) {
      @Nullable Problem lost = report.loss();
      if (lost != null) {
        problems.add(lost);
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.NO, problems);
    }
  }

  /// Finds a command's image, converts the command, and makes the bundle where one is wanted.
  ///
  /// @param occurrence 1, or more for one of several commands that are equal
  ConversionOutput.Done carryOut(
      DockerCommands.Typed typed, int occurrence, Optional<Path> bundle) {
    Image image = image(typed);
    Converted converted = convert(typed, image, occurrence);
    if (bundle.isPresent()) {
      make(bundle.get(), typed, converted, image);
    }
    return new ConversionOutput.Done(typed, image, converted, bundle);
  }

  /// Makes the bundle, with a copy of the image's files.
  Bundle make(Path directory, DockerCommands.Typed typed, Converted converted, Image image) {
    return make(directory, typed, converted, image, ConvertedBundle.Root.COPIED);
  }

  /// Makes the bundle.
  ///
  /// @param root how the container gets the image's files
  Bundle make(
      Path directory,
      DockerCommands.Typed typed,
      Converted converted,
      Image image,
      ConvertedBundle.Root root) {
    Bundle made =
        ConvertedBundle.make(
            directory,
            converted,
            image,
            name -> mounted(name, typed, image),
            volumes,
            root,
            progress());
    clearProgress();
    return made;
  }

  /// Says on standard error what the bundle does not do that the command asked for.
  void say(Converted converted, Image image) {
    for (Problem warning : spoken(converted, image)) {
      Notes.warn(console, warning);
    }
  }

  /// Everything that standard error says of a conversion.
  static List<Problem> spoken(Converted converted, Image image) {
    List<Problem> spoken = warnings(converted, image);
    for (FlagReport report : converted.report()) {
      @Nullable Problem lost = report.loss();
      if (lost != null) {
        spoken.add(lost);
      }
    }
    return spoken;
  }

  /// What is said beside the report of the flags.
  static List<Problem> warnings(Converted converted, Image image) {
    List<Problem> warnings = new ArrayList<>(image.notes());
    warnings.addAll(converted.warnings());
    return warnings;
  }
}
