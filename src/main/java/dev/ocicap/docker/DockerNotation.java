package dev.ocicap.docker;

import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.DeviceRule;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.Rlimit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The notations of docker's flags for options of the same names elsewhere, where there is no
/// engine: what only an engine can provide, such as a volume, is refused.
///
/// Every method takes the option as the user typed it, for its errors, which are [OcicapException]s
/// of wrong usage.
public final class DockerNotation {
  private DockerNotation() {}

  /// `--memory` and others: bytes with an optional unit, powers of 1024.
  public static long bytes(String option, String text) {
    return read(option, text, value -> ByteSize.parse(value).bytes());
  }

  /// A comma-separated line (RFC 4180).
  public static List<String> csv(String option, String text) {
    return read(option, text, Csv::parse);
  }

  /// `--env-file`: `NAME=value` and bare names, which the caller's environment completes.
  ///
  /// @param content the file's bytes
  public static List<String> envFile(
      String option, byte[] content, ClientEnvironment.Variables variables) {
    return read(option, "", ignored -> EnvFileNotation.parse(content, variables));
  }

  /// `--ulimit`: `NAME=SOFT[:HARD]`.
  public static Rlimit ulimit(String option, String text) {
    return read(option, text, value -> UlimitNotation.parse(value).rlimit());
  }

  /// `--device-cgroup-rule`: `TYPE MAJOR:MINOR ACCESS`.
  public static DeviceRule deviceRule(String option, String text) {
    return read(option, text, value -> DeviceRuleNotation.parse(value).rule());
  }

  /// A device of the host.
  ///
  /// @param host its path on the host
  /// @param container its path in the container
  /// @param access what the container may do with it
  public record HostDevice(String host, String container, String access) {}

  /// `--device`: `HOST[:CONTAINER][:ACCESS]`.
  public static HostDevice device(String option, String text) {
    DeviceNotation notation = read(option, text, DeviceNotation::parse);
    return new HostDevice(notation.host(), notation.container(), notation.access());
  }

  /// `--volume`: `SOURCE:TARGET[:OPTIONS]` with a path of the host as the source.
  ///
  /// @param recursiveReadonly whether `ro` can be made to hold for what is mounted below too
  public static Mount volume(
      String option, String text, ClientEnvironment client, boolean recursiveReadonly) {
    return read(
        option,
        text,
        value -> {
          VolumeNotation volume = VolumeNotation.parse(value, client);
          if (volume.kind() != VolumeNotation.Kind.BIND) {
            throw new BadValue(
                "'" + value + "' names a volume, which only an engine has",
                option + " /HOST/PATH:" + volume.target());
          }
          String propagation = volume.propagation();
          List<String> options = new ArrayList<>();
          options.add("rbind");
          if (volume.isReadonly()) {
            options.add(recursiveReadonly ? "rro" : "ro");
          }
          options.add(propagation == null ? "rprivate" : propagation);
          return new Mount(volume.target(), "bind", volume.path(), options);
        });
  }

  /// `--mount` of the types `bind` and `tmpfs`: `type=TYPE,KEY=VALUE,…`.
  ///
  /// @param recursiveReadonly whether `readonly` can be made to hold for what is mounted below too
  public static Mount mount(
      String option, String text, ClientEnvironment client, boolean recursiveReadonly) {
    return read(
        option,
        text,
        value -> {
          MountNotation mount = MountNotation.parse(value, client);
          String target = Texts.cleanPath(mount.target());
          return switch (mount.type()) {
            case "bind" -> bind(mount, target, recursiveReadonly);
            case "tmpfs" ->
                new Mount(
                    target,
                    "tmpfs",
                    "tmpfs",
                    new TmpfsNotation(target, mount.tmpfsOptions()).merged());
            default ->
                throw new BadValue(
                    "'"
                        + value
                        + "' is a mount of type '"
                        + mount.type()
                        + "', which only an"
                        + " engine has",
                    option + " type=bind,source=/HOST/PATH,target=" + target);
          };
        });
  }

  private static Mount bind(MountNotation mount, String target, boolean recursiveReadonly) {
    String propagation = mount.propagation();
    MountNotation.Recursion recursion = mount.recursion();
    List<String> options = new ArrayList<>();
    options.add(recursion == MountNotation.Recursion.DISABLED ? "bind" : "rbind");
    if (mount.readonly()) {
      options.add(
          switch (recursion) {
            case ENABLED -> recursiveReadonly ? "rro" : "ro";
            case DISABLED, WRITABLE -> "ro";
            case READONLY -> "rro";
          });
    }
    options.add(propagation == null ? "rprivate" : propagation);
    return new Mount(target, "bind", mount.source(), options);
  }

  /// `--tmpfs`: `TARGET[:OPTIONS]`.
  public static Mount tmpfs(String option, String text) {
    return read(
        option,
        text,
        value -> {
          TmpfsNotation tmpfs = TmpfsNotation.parse(value);
          return new Mount(Texts.cleanPath(tmpfs.target()), "tmpfs", "tmpfs", tmpfs.merged());
        });
  }

  private static <T> T read(String option, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (BadValue e) {
      throw OcicapException.usage(option + ": " + e.reason(), e.hint());
    }
  }
}
