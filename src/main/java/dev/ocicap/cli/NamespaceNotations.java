package dev.ocicap.cli;

import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.NamespaceEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.Namespace;
import dev.ocicap.spec.User;
import dev.ocicap.validate.Forms;
import java.util.ArrayList;
import java.util.List;

/// The notations of namespaces and what depends on them.
final class NamespaceNotations {
  private static final List<String> TYPES =
      List.of("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time");

  private NamespaceNotations() {}

  /// `TYPE`, or `TYPE=PATH` to join one.
  static SpecEdit add(String option, String value, char separator) {
    int at = value.indexOf(separator);
    String type = Text.word(option, at < 0 ? value : value.substring(0, at), TYPES, "");
    return NamespaceEdits.add(
        new Namespace(type, at < 0 ? null : Text.absolute(option, value.substring(at + 1))));
  }

  static SpecEdit remove(String option, String type) {
    return NamespaceEdits.remove(Text.word(option, type, TYPES, ""));
  }

  static SpecEdit clear() {
    List<SpecEdit> edits = new ArrayList<>();
    for (String type : TYPES) {
      edits.add(NamespaceEdits.remove(type));
    }
    return SpecEdit.all(edits);
  }

  /// `host` for the runtime's, `new` or nothing for a new one, or a path to join one.
  static SpecEdit share(String type, String option, String value) {
    return switch (value) {
      case "host" -> NamespaceEdits.remove(type);
      case "", "new", "private", "none" -> NamespaceEdits.add(Namespace.fresh(type));
      default -> {
        if (!value.startsWith("/")) {
          throw Text.bad(option, value, "host, new, or the path of a namespace", "host");
        }
        yield NamespaceEdits.add(new Namespace(type, value));
      }
    };
  }

  /// `CONTAINER:HOST[:SIZE]`, or `HOST:CONTAINER:SIZE` as oci-runtime-tool has it.
  static SpecEdit map(ListProperty list, String option, String value, boolean hostFirst) {
    List<String> parts = Text.split(value, ':');
    if (parts.size() != 3 && (hostFirst || parts.size() != 2)) {
      throw Text.bad(
          option,
          value,
          hostFirst ? "HOST:CONTAINER:SIZE" : "CONTAINER:HOST[:SIZE]",
          hostFirst ? "100000:0:65536" : "0:100000:65536");
    }
    long first = Text.integer(option, parts.getFirst(), 0, User.MAX_ID);
    long second = Text.integer(option, parts.get(1), 0, User.MAX_ID);
    long size = parts.size() == 3 ? Text.integer(option, parts.get(2), 1, User.MAX_ID) : 1;
    if (Math.max(first, second) + size - 1 > User.MAX_ID) {
      throw OcicapException.usage(
          option + ": '" + value + "' goes beyond the last id, " + User.MAX_ID, null);
    }
    return hostFirst
        ? NamespaceEdits.mapping(list, second, first, size)
        : NamespaceEdits.mapping(list, first, second, size);
  }

  /// Seconds with an optional fraction, `-5` or `86400.5`; nothing removes the offset.
  static SpecEdit timeOffset(String clock, String option, String value) {
    if (value.isEmpty()) {
      return NamespaceEdits.removeTimeOffset(clock);
    }
    int dot = value.indexOf('.');
    String whole = dot < 0 ? value : value.substring(0, dot);
    String fraction = dot < 0 ? "0" : value.substring(dot + 1);
    if (fraction.isEmpty()
        || fraction.length() > 9
        || !Text.isInteger(whole)
        || !Text.isInteger(fraction)
        || fraction.startsWith("-")) {
      throw Text.bad(option, value, "seconds with at most nine decimals", "3600");
    }
    long seconds = Text.integer(option, whole, Long.MIN_VALUE + 1, Long.MAX_VALUE);
    long nanoseconds =
        Text.integer(option, fraction + "0".repeat(9 - fraction.length()), 0, 999_999_999);
    if (whole.startsWith("-") && nanoseconds > 0) {
      seconds--;
      nanoseconds = 1_000_000_000 - nanoseconds;
    }
    return NamespaceEdits.timeOffset(clock, seconds, nanoseconds);
  }

  /// `DEVICE` or `DEVICE=NAME`.
  static SpecEdit netDevice(String option, String value) {
    int equals = value.indexOf('=');
    String device = equals < 0 ? value : value.substring(0, equals);
    String name = equals < 0 ? "" : value.substring(equals + 1);
    checkInterface(option, device);
    if (!name.isEmpty()) {
      checkInterface(option, name);
    }
    return NamespaceEdits.netDevice(device, name);
  }

  private static void checkInterface(String option, String name) {
    if (!Forms.isInterfaceName(name) || name.indexOf('\0') >= 0) {
      throw OcicapException.usage(
          option
              + ": '"
              + name
              + "' is not the name of a network interface: 1 to 15 bytes without '/', ':', blanks",
          option + " eth1=eth0");
    }
  }
}
