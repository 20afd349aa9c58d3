package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The value of podman's `--mount`: `type=TYPE,KEY=VALUE,…`; a volume when no type is named.
///
/// @param type `bind`, `volume`, `tmpfs`, `ramfs`, `devpts`, `image`, `glob` or `artifact`
/// @param source a path, a pattern, a name, or ""
/// @param target the path in the container, or "" where the source's is meant
/// @param subpath of a volume or an image, or ""
/// @param options those of the mount, in order
record PodmanMountNotation(
    String type, String source, String target, String subpath, List<String> options) {

  private static final List<String> TYPES =
      List.of("bind", "volume", "tmpfs", "ramfs", "devpts", "image", "glob", "artifact");

  PodmanMountNotation {
    options = List.copyOf(options);
  }

  static PodmanMountNotation parse(String text) {
    List<String> fields = new ArrayList<>(Csv.parse(text));
    String type = "volume";
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).startsWith("type=")) {
        type = fields.remove(i).substring("type=".length());
        break;
      }
    }
    if (!TYPES.contains(type)) {
      throw new BadValue("'type=" + type + "' is not one of " + String.join(", ", TYPES));
    }
    return new Reader(type).read(fields);
  }

  /// Collects the fields.
  private static final class Reader {
    private final String type;
    private String source = "";
    private String target = "";
    private String subpath = "";
    private boolean chown;
    private final List<String> options = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    Reader(String type) {
      this.type = type;
    }

    PodmanMountNotation read(List<String> fields) {
      for (String field : fields) {
        int equals = field.indexOf('=');
        String key = equals < 0 ? field : field.substring(0, equals);
        String value = equals < 0 ? "" : field.substring(equals + 1);
        switch (key) {
          case "src", "source" -> source = once("source", source, value, field);
          case "target", "dst", "dest", "destination" -> {
            String path = once("target", target, value, field);
            if (!path.startsWith("/")) {
              throw new BadValue("the target '" + value + "' is not an absolute path");
            }
            target = Texts.cleanPath(path);
          }
          default -> option(key, equals < 0 ? null : value, field);
        }
      }
      return finish();
    }

    private static String once(String name, String before, String value, String field) {
      if (!before.isEmpty()) {
        throw new BadValue("'" + field + "': a second " + name);
      }
      if (value.isEmpty()) {
        throw new BadValue("'" + field + "' names nothing");
      }
      return value;
    }

    private void option(String key, @org.jspecify.annotations.Nullable String value, String field) {
      boolean valued = value != null && !value.isEmpty();
      switch (type) {
        case "devpts" -> {
          if (!List.of("uid", "gid", "mode", "ptmxmode", "newinstance", "max").contains(key)) {
            throw unknown(field);
          }
          options.add(field);
          return;
        }
        case "image" -> {
          image(key, value, field);
          return;
        }
        case "artifact" -> {
          if (!List.of("title", "digest", "name").contains(key)) {
            throw unknown(field);
          }
          return;
        }
        default -> {
          // the others have most in common
        }
      }
      switch (key) {
        case "readonly", "ro", "rw" -> readonly(key, value, field);
        case "nodev", "dev" -> flag("dev", key, field);
        case "noexec", "exec" -> flag("exec", key, field);
        case "nosuid", "suid" -> flag("suid", key, field);
        case "noswap" -> flag("swap", key, field);
        case "tmpcopyup", "notmpcopyup" -> only("tmpfs", "copyup", key, field);
        case "tmpfs-mode" -> only("tmpfs", "mode", "mode=" + value, field);
        case "tmpfs-size" -> only("tmpfs", "size", "size=" + value, field);
        case "bind-nonrecursive" -> only("bind", "bind", "bind", field);
        case "bind-propagation" -> propagation(value == null ? "" : value, field);
        case "subpath", "volume-subpath" -> {
          if (!type.equals("volume") || !valued) {
            throw unknown(field);
          }
          subpath = value == null ? "" : value;
        }
        case "relabel" -> {
          if (!"private".equals(value) && !"shared".equals(value)) {
            throw new BadValue("'" + field + "' is not 'relabel=private' or 'relabel=shared'");
          }
          options.add("private".equals(value) ? "Z" : "z");
        }
        case "shared",
            "rshared",
            "private",
            "rprivate",
            "slave",
            "rslave",
            "unbindable",
            "runbindable",
            "Z",
            "z",
            "no-dereference" ->
            options.add(key);
        case "U", "chown" -> chown(value == null ? "" : value, field);
        case "idmap" -> options.add(field);
        case "volume-opt" -> {
          if (!type.equals("volume")) {
            throw unknown(field);
          }
        }
        case "consistency" -> {
          // Nothing of it reaches the container.
        }
        default -> throw unknown(field);
      }
    }

    private void image(String key, @org.jspecify.annotations.Nullable String value, String field) {
      switch (key) {
        case "rw", "readwrite" -> {
          if (!"true".equals(value) && !"false".equals(value)) {
            throw unknown(field);
          }
          if ("true".equals(value)) {
            options.add("rw");
          }
        }
        case "subpath" -> {
          if (value == null || !value.startsWith("/")) {
            throw new BadValue("'" + field + "': the subpath is not an absolute path");
          }
          subpath = Texts.cleanPath(value);
        }
        case "consistency" -> {
          // Nothing of it reaches the container.
        }
        default -> throw unknown(field);
      }
    }

    private void readonly(
        String key, @org.jspecify.annotations.Nullable String value, String field) {
      claim("ro", field);
      String word = key.equals("readonly") ? "ro" : key;
      String truth = value == null ? "true" : value.toLowerCase(Locale.ROOT);
      if (truth.equals("true")) {
        options.add(word);
      } else if (truth.equals("false") && word.equals("rw")) {
        options.add("ro");
      }
    }

    private void chown(String value, String field) {
      claim("chown", field);
      String truth = value.toLowerCase(Locale.ROOT);
      if (!List.of("", "true", "false").contains(truth)) {
        throw unknown(field);
      }
      chown = !truth.equals("false");
      if (chown) {
        options.add("U");
      }
    }

    private void propagation(String value, String field) {
      boolean known = VolumeNotation.isPropagation(value) || value.endsWith("unbindable");
      if (!type.equals("bind") || !known) {
        throw unknown(field);
      }
      options.add(value);
    }

    private void flag(String kind, String option, String field) {
      claim(kind, field);
      options.add(option);
    }

    private void only(String wanted, String kind, String option, String field) {
      if (!type.equals(wanted)) {
        throw new BadValue("'" + field + "' is not for a mount of type '" + type + "'");
      }
      flag(kind, option, field);
    }

    private void claim(String kind, String field) {
      if (seen.contains(kind)) {
        throw new BadValue("'" + field + "' is the second word about the same");
      }
      seen.add(kind);
    }

    private BadValue unknown(String field) {
      return new BadValue("'" + field + "' is not an option of a mount of type '" + type + "'");
    }

    private PodmanMountNotation finish() {
      boolean memory = type.equals("tmpfs") || type.equals("ramfs") || type.equals("devpts");
      if (type.equals("tmpfs") && !source.isEmpty()) {
        throw new BadValue("a tmpfs has no source");
      }
      boolean both = type.equals("image") || type.equals("artifact");
      if ((target.isEmpty() && !type.equals("glob")) || (both && source.isEmpty())) {
        throw new BadValue("no target", "dst=/PATH");
      }
      if (type.equals("bind") || type.equals("glob")) {
        PodmanMountOptions.check(options);
      }
      String from = type.equals("bind") && source.isEmpty() ? target : source;
      return new PodmanMountNotation(type, memory ? "" : from, target, subpath, options);
    }
  }
}
