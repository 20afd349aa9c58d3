package dev.ocicap.cli;

import dev.ocicap.docker.DockerNotation;
import dev.ocicap.docker.HostFiles;
import dev.ocicap.edit.DeviceEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.Device;
import dev.ocicap.spec.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The notations of devices and of rules about them.
final class DeviceNotations {
  private DeviceNotations() {}

  /// A device of the host, `HOST[:CONTAINER][:ACCESS]`, which may be used then; or a node by its
  /// numbers, `TYPE:MAJOR:MINOR:PATH[:fileMode=MODE][:uid=UID][:gid=GID]`, `p:PATH` for a FIFO.
  ///
  /// @param old whether a mode may be decimal, as oci-runtime-tool has it
  static SpecEdit device(String option, String value, EditOptions.Context context, boolean old) {
    return value.startsWith("/") || value.startsWith(".")
        ? ofHost(option, value, context)
        : byNumbers(option, value, old);
  }

  private static SpecEdit ofHost(String option, String value, EditOptions.Context context) {
    DockerNotation.HostDevice device = DockerNotation.device(option, value);
    String path = context.directory().resolve(device.host()).toString();
    HostFiles files = HostFiles.local();
    List<SpecEdit> edits = new ArrayList<>();
    if (files.isDirectory(path)) {
      for (String name : files.list(path)) {
        Optional<HostFiles.Node> node = files.node(path + "/" + name);
        node.ifPresent(
            found -> edits.add(node(found, device.container() + "/" + name, device.access())));
      }
    } else {
      Optional<HostFiles.Node> node = files.node(path);
      node.ifPresent(found -> edits.add(node(found, device.container(), device.access())));
    }
    if (edits.isEmpty()) {
      throw OcicapException.usage(
          option + ": '" + device.host() + "' is not a device of this host",
          option + " c:10:200:/dev/net/tun");
    }
    return SpecEdit.all(edits);
  }

  private static SpecEdit node(HostFiles.Node node, String path, String access) {
    return DeviceEdits.add(
            new Device(
                path,
                node.type(),
                node.major(),
                node.minor(),
                node.permissions(),
                node.uid(),
                node.gid()))
        .then(
            DeviceEdits.addRule(
                new DeviceRule(true, node.type(), node.major(), node.minor(), access)));
  }

  private static SpecEdit byNumbers(String option, String value, boolean old) {
    List<String> parts = Text.split(value, ':');
    String type = parts.getFirst();
    boolean fifo = type.equals("p");
    boolean numbered = type.equals("c") || type.equals("u") || type.equals("b");
    int path = fifo && parts.size() > 1 && parts.get(1).startsWith("/") ? 1 : 3;
    if ((!fifo && !numbered) || parts.size() <= path) {
      throw Text.bad(
          option,
          value,
          "/HOST[:CONTAINER][:ACCESS] or TYPE:MAJOR:MINOR:PATH with a type b, c, u or p",
          "c:10:200:/dev/net/tun");
    }
    Long mode = null;
    Long uid = null;
    Long gid = null;
    for (String part : parts.subList(path + 1, parts.size())) {
      Text.Pair pair = Text.pair(option, part);
      switch (pair.key()) {
        case "fileMode", "mode" ->
            mode = old ? oldMode(option, pair.value()) : Text.mode(option, pair.value());
        case "uid" -> uid = Text.integer(option, pair.value(), 0, 0xffffffffL);
        case "gid" -> gid = Text.integer(option, pair.value(), 0, 0xffffffffL);
        default -> throw Text.bad(option, part, "fileMode=, uid= or gid=", value);
      }
    }
    return DeviceEdits.add(
        Text.absolute(option, parts.get(path)),
        type,
        fifo ? null : number(option, parts.get(1)),
        fifo ? null : number(option, parts.get(2)),
        mode,
        uid,
        gid);
  }

  /// Octal when it begins with 0; else decimal, as oci-runtime-tool has it, unless it is more than
  /// permission bits can be: then the digits were octal.
  private static long oldMode(String option, String value) {
    if (!value.startsWith("0")) {
      long decimal = Text.integer(option, value, 0, 99_999);
      if (decimal <= 0777) {
        return decimal;
      }
    }
    return Text.mode(option, value);
  }

  private static long number(String option, String text) {
    return Text.integer(option, text, 0, Integer.MAX_VALUE);
  }

  /// `[allow|deny] TYPE MAJOR:MINOR ACCESS`, or as oci-runtime-tool has it
  /// `allow|deny[,type=T][,major=N][,minor=N][,access=A]`.
  static SpecEdit rule(String option, String value) {
    return DeviceEdits.addRule(parse(option, value));
  }

  static SpecEdit removeRule(String option, String value) {
    return DeviceEdits.removeRule(parse(option, value));
  }

  private static DeviceRule parse(String option, String value) {
    boolean deny = value.startsWith("deny");
    if (!deny && !value.startsWith("allow")) {
      return DockerNotation.deviceRule(option, value);
    }
    String rest = value.substring(deny ? "deny".length() : "allow".length());
    if (rest.startsWith(" ")) {
      DeviceRule rule = DockerNotation.deviceRule(option, rest.substring(1));
      return new DeviceRule(!deny, rule.type(), rule.major(), rule.minor(), rule.access());
    }
    String type = null;
    Long major = null;
    Long minor = null;
    String access = "rwm";
    for (String field : rest.isEmpty() ? List.<String>of() : Text.split(rest.substring(1), ',')) {
      Text.Pair pair = Text.pair(option, field);
      switch (pair.key()) {
        case "type" -> type = Text.word(option, pair.value(), List.of("a", "b", "c"), "");
        case "major" -> major = anyNumber(option, pair.value());
        case "minor" -> minor = anyNumber(option, pair.value());
        case "access" -> access = access(option, pair.value());
        default ->
            throw Text.bad(
                option, field, "type=, major=, minor= or access=", "allow,type=c,major=1,minor=3");
      }
    }
    return new DeviceRule(!deny, type, major, minor, access);
  }

  private static @Nullable Long anyNumber(String option, String text) {
    return text.equals("*") || text.equals("-1")
        ? null
        : Text.integer(option, text, 0, Integer.MAX_VALUE);
  }

  private static String access(String option, String text) {
    boolean fits = !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      fits &= "rwm".indexOf(text.charAt(i)) >= 0 && text.indexOf(text.charAt(i), i + 1) < 0;
    }
    if (!fits) {
      throw Text.bad(option, text, "some of r, w and m", "allow,type=c,access=rw");
    }
    return text;
  }

  /// `ID:CLASS`.
  static SpecEdit windows(String option, String value) {
    int colon = value.lastIndexOf(':');
    if (colon <= 0 || !value.substring(colon + 1).toLowerCase(Locale.ROOT).equals("class")) {
      throw Text.bad(option, value, "ID:class", "24E552D7-6523-47F7-A647-D3465BF1F5CA:class");
    }
    return DeviceEdits.addWindows(value.substring(0, colon));
  }
}
