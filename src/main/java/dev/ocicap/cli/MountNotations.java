package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.docker.ClientEnvironment;
import dev.ocicap.docker.DockerNotation;
import dev.ocicap.docker.HostFiles;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.MountEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.Mount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The notations of mounts.
final class MountNotations {
  private MountNotations() {}

  /// An object of `mounts`, docker's `type=bind,source=…,target=…`, or the same for any file system
  /// with `options=A:B`; as ocitools had it, `host`, nothing or a path mean the mount namespace.
  static SpecEdit mount(String option, String value, EditOptions.Context context) {
    boolean path = value.startsWith("/") && value.indexOf(':') < 0 && value.indexOf(',') < 0;
    if (value.isEmpty() || value.equals("host") || path) {
      return NamespaceNotations.share("mount", option, value);
    }
    if (value.startsWith("{")) {
      JsonNode mount = DocumentNotations.object(option, value);
      if (MountEdits.destination(mount).isEmpty()) {
        throw OcicapException.usage(option + ": the mount has no destination", null);
      }
      return ListProperty.MOUNTS.add(mount);
    }
    Mount any = anyType(option, value);
    return MountEdits.add(
        any != null
            ? any
            : DockerNotation.mount(option, value, client(context), context.recursiveReadonly()));
  }

  /// The mount of a line that says more than docker's notation can: `options=A:B`, or a type that
  /// docker does not have; null for a line of docker's.
  private static @Nullable Mount anyType(String option, String value) {
    String type = "";
    String source = "";
    String target = "";
    List<String> options = new ArrayList<>();
    boolean own = false;
    List<String> unknown = new ArrayList<>();
    for (String field : DockerNotation.csv(option, value)) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? field : field.substring(0, equals);
      String text = equals < 0 ? "" : field.substring(equals + 1);
      switch (key) {
        case "type" -> type = text;
        case "source", "src" -> source = text;
        case "target", "dst", "destination" -> target = text;
        case "readonly", "ro" -> options.add(equals < 0 || text.equals("true") ? "ro" : "rw");
        case "options" -> {
          own = true;
          options.addAll(Text.split(text, ':'));
        }
        default -> unknown.add(field);
      }
    }
    switch (type) {
      case "bind", "tmpfs", "volume", "image", "npipe", "cluster", "" -> {
        if (!own) {
          return null;
        }
      }
      default -> {}
    }
    if (!unknown.isEmpty()) {
      throw Text.bad(
          option,
          unknown.getFirst(),
          "one of type=, source=, destination=, options=",
          "type=proc,source=proc,destination=/proc,options=nosuid:nodev");
    }
    if (target.isEmpty()) {
      throw OcicapException.usage(
          option + ": '" + value + "' has no destination",
          option + " " + value + ",destination=/…");
    }
    return new Mount(
        Text.absolute(option, target),
        type.isEmpty() ? "bind" : type,
        source.isEmpty() ? type : source,
        options);
  }

  /// `SOURCE:TARGET[:OPTIONS]`, as docker reads it.
  static SpecEdit volume(String option, String value, EditOptions.Context context) {
    return MountEdits.add(
        DockerNotation.volume(option, value, client(context), context.recursiveReadonly()));
  }

  static SpecEdit tmpfs(String option, String value) {
    return MountEdits.add(DockerNotation.tmpfs(option, value));
  }

  /// `SOURCE:TARGET[:OPTION…]` as ocitools has it: options of mount(8) between colons.
  static SpecEdit bind(String option, String value) {
    List<String> parts = Text.split(value, ':');
    if (parts.size() < 2 || parts.getFirst().isEmpty()) {
      throw Text.bad(option, value, "SOURCE:TARGET[:OPTION…]", "/data:/data:ro");
    }
    List<String> options = new ArrayList<>();
    options.add("bind");
    for (String part : parts.subList(2, parts.size())) {
      for (String word : Text.split(part, ',')) {
        if (word.equals("rbind")) {
          options.set(0, word);
        } else if (!word.isEmpty() && !word.equals("bind")) {
          options.add(word);
        }
      }
    }
    return MountEdits.add(
        new Mount(Text.absolute(option, parts.get(1)), "bind", parts.getFirst(), options));
  }

  /// `rw`, `ro` or `no`.
  static SpecEdit cgroups(String option, String value) {
    List<String> options = new ArrayList<>(List.of("nosuid", "noexec", "nodev", "relatime"));
    return switch (value) {
      case "no" -> ListProperty.MOUNTS.remove("/sys/fs/cgroup");
      case "ro", "rw" -> {
        options.add(value);
        yield MountEdits.add(new Mount("/sys/fs/cgroup", "cgroup", "cgroup", options));
      }
      default -> throw Text.bad(option, value, "rw, ro or no", "ro");
    };
  }

  private static ClientEnvironment client(EditOptions.Context context) {
    return new ClientEnvironment(
        context.env()::get,
        context.directory().toAbsolutePath().toString(),
        ClientEnvironment.Stdin.UNKNOWN,
        null,
        HostFiles.local());
  }
}
