package dev.ocicap;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.docker.ClientEnvironment;
import dev.ocicap.docker.ConversionOptions;
import dev.ocicap.docker.ConversionOptions.Form;
import dev.ocicap.docker.ConversionOptions.Grants;
import dev.ocicap.docker.Converted;
import dev.ocicap.docker.ConvertedBundle;
import dev.ocicap.docker.DockerConversion;
import dev.ocicap.docker.DockerRunCommand;
import dev.ocicap.docker.HostFiles;
import dev.ocicap.docker.ImageFiles;
import dev.ocicap.docker.NewVolumes;
import dev.ocicap.docker.TargetHost;
import dev.ocicap.host.Host;
import dev.ocicap.image.Image;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.image.ImageSource;
import dev.ocicap.report.OcicapException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Makes of `docker run …` what dockerd would have made, with the capabilities that really result.
/// `podman` and `nerdctl` commands have their engines' default capabilities.
///
/// A command is words, as a shell would pass them; nothing is executed. The files and devices that
/// it names are looked at, as docker's client and daemon would; what else the client would look at
/// is said by the `with` methods. Images are not fetched: without a root file system only what the
/// command itself names is known.
public final class Converter {
  private static final Path NOWHERE = Path.of("/nonexistent");

  private final Map<String, String> environment;
  private final Path directory;
  private final ImageConfig image;
  private final TargetHost host;

  private Converter(
      Map<String, String> environment, Path directory, ImageConfig image, TargetHost host) {
    this.environment = environment;
    this.directory = directory;
    this.image = image;
    this.host = host;
  }

  /// For commands typed in a directory with no environment variables, of an image that says
  /// nothing, for this machine.
  ///
  /// @param directory where relative paths of the command begin, and volumes are made
  public static Converter in(Path directory) {
    return new Converter(
        Map.of(), directory.toAbsolutePath().normalize(), ImageConfig.EMPTY, Host.target());
  }

  /// The same with the environment that `--env NAME` takes values from.
  public Converter withEnvironment(Map<String, String> variables) {
    return new Converter(Map.copyOf(variables), directory, image, host);
  }

  /// The same with what the image says.
  ///
  /// @param file an OCI image configuration, or what `docker image inspect` prints
  /// @throws RefusedException when it cannot be read
  public Converter withImageConfig(Path file) {
    return RefusedException.translating(
        () -> new Converter(environment, directory, Image.readConfig(file), host));
  }

  /// The same for another machine.
  ///
  /// @param description what is different there, as `ocicap convert --target-host` takes it:
  ///   `cgroup=v2,kernel=6.18,lsm=apparmor`
  /// @throws RefusedException when a key or value is unknown
  public Converter forHost(String description) {
    return RefusedException.translating(
        () -> new Converter(environment, directory, image, host.described(description)));
  }

  /// The configuration that dockerd would write. No file is written.
  ///
  /// @param words `docker`, `run`, and the rest
  /// @throws RefusedException with everything that docker would refuse, or that cannot be converted
  public Conversion convert(List<String> words) {
    return RefusedException.translating(() -> {
      Converted converted = converted(words, Form.DOCUMENT, NOWHERE, "rootfs");
      return Conversion.of(converted.config(), converted);
    });
  }

  /// Makes a bundle: its directory, the files that Docker would have mounted, volumes, and
  /// config.json last. When something fails, everything that was made is removed again.
  ///
  /// @param bundle the directory to make; it may exist, but holds no config.json
  /// @param rootfs the container's root file system, used where it is
  /// @param words `docker`, `run`, and the rest
  /// @throws RefusedException with everything that docker would refuse, or that cannot be
  ///   converted, or when something cannot be written
  public Conversion makeBundle(Path bundle, Path rootfs, List<String> words) {
    return RefusedException.translating(() -> {
      Path root = rootfs.toAbsolutePath().normalize();
      Image files =
          new Image(new ImageSource.Directory(rootfs.toString(), root), image, root, List.of());
      Converted converted = converted(words, Form.BUNDLE, root, ConvertedBundle.rootPath(files));
      Bundle made =
          ConvertedBundle.make(
              bundle,
              converted,
              files,
              Converter::noImage,
              new NewVolumes(),
              ConvertedBundle.Root.COPIED,
              (step, at, of) -> {});
      return Conversion.of(made.config(), converted);
    });
  }

  private static Image noImage(String name) {
    throw OcicapException.usage("--mount: the image '" + name + "' is not fetched", null);
  }

  private Converted converted(List<String> words, Form form, Path rootfs, String rootPath) {
    DockerRunCommand command = DockerRunCommand.parse(words);
    ConversionOptions options =
        ConversionOptions.of(
                ConversionOptions.idFor(command), form, directory.resolve("volumes").toString())
            .withRoot(rootPath)
            .with(new Grants(command.engine(), ConversionOptions.DOCKER_SETS, false));
    ClientEnvironment client =
        new ClientEnvironment(
            environment::get,
            directory.toString(),
            ClientEnvironment.Stdin.UNKNOWN,
            null,
            HostFiles.local());
    return DockerConversion.convert(command, image, ImageFiles.in(rootfs), host, client, options);
  }
}
