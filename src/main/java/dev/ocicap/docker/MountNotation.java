package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The value of `--mount`: one line of comma-separated `KEY=VALUE`.
///
/// @param type `volume`, `bind`, `tmpfs` or another word, which Docker Engine on Linux refuses
/// @param source a path of the host, a volume's name, or ""
/// @param target the path in the container
/// @param readonly whether it may not be written
/// @param propagation of a bind mount, or null
/// @param recursion of a bind mount
/// @param noCopy whether a new volume stays empty
/// @param driver of a volume, or ""
/// @param driverOptions the names of the options for the driver
/// @param subpath of a volume or an image, or ""
/// @param tmpfsSize in bytes, 0 for the default
/// @param tmpfsMode permission bits, 0 for the default
record MountNotation(
    String type,
    String source,
    String target,
    boolean readonly,
    @Nullable String propagation,
    Recursion recursion,
    boolean noCopy,
    String driver,
    List<String> driverOptions,
    String subpath,
    long tmpfsSize,
    int tmpfsMode) {

  /// The options of Docker's own driver of volumes.
  private static final List<String> LOCAL_OPTIONS = List.of("type", "o", "device", "size");

  /// What a bind mount does with the mounts below its source.
  enum Recursion {
    /// They come along; read-only if the kernel can.
    ENABLED("enabled"),
    /// They stay behind.
    DISABLED("disabled"),
    /// They come along, writable.
    WRITABLE("writable"),
    /// They come along, read-only.
    READONLY("readonly");

    private final String word;

    Recursion(String word) {
      this.word = word;
    }
  }

  /// Reads a value.
  ///
  /// @param client where a source that begins with `.` is found
  static MountNotation parse(String text, ClientEnvironment client) {
    Reader reader = new Reader(client);
    for (String field : Csv.parse(text)) {
      reader.field(field);
    }
    return reader.finish();
  }

  /// The same meaning as one line, without what is the default.
  @Override
  public String toString() {
    List<String> fields = new ArrayList<>();
    fields.add("type=" + type);
    add(fields, "source", source);
    add(fields, "target", target);
    if (readonly) {
      fields.add("readonly");
    }
    add(fields, "bind-propagation", propagation == null ? "" : propagation);
    add(fields, "bind-recursive", recursion == Recursion.ENABLED ? "" : recursion.word);
    if (noCopy) {
      fields.add("volume-nocopy");
    }
    add(fields, "volume-driver", driver);
    add(fields, type.equals("image") ? "image-subpath" : "volume-subpath", subpath);
    add(fields, "tmpfs-size", tmpfsSize == 0 ? "" : new ByteSize(tmpfsSize).toString());
    add(fields, "tmpfs-mode", tmpfsMode == 0 ? "" : Integer.toOctalString(tmpfsMode));
    return Csv.print(fields);
  }

  private static void add(List<String> fields, String key, String value) {
    if (!value.isEmpty()) {
      fields.add(key + "=" + value);
    }
  }

  /// The options of a tmpfs mount as `--tmpfs` takes them.
  String tmpfsOptions() {
    List<String> options = new ArrayList<>();
    if (readonly) {
      options.add("ro");
    }
    if (tmpfsMode != 0) {
      options.add("mode=" + Integer.toOctalString(tmpfsMode));
    }
    if (tmpfsSize != 0) {
      options.add("size=" + new ByteSize(tmpfsSize));
    }
    return String.join(",", options);
  }

  /// Collects the fields.
  private static final class Reader {
    private final ClientEnvironment client;
    private String type = "volume";
    private String source = "";
    private String target = "";
    private boolean readonly;
    private @Nullable String propagation;
    private Recursion recursion = Recursion.ENABLED;
    private boolean noCopy;
    private String driver = "";
    private final List<String> driverOptions = new ArrayList<>();
    private String subpath = "";
    private long tmpfsSize;
    private int tmpfsMode;
    private final List<String> options = new ArrayList<>();

    Reader(ClientEnvironment client) {
      this.client = client;
    }

    void field(String field) {
      int equals = field.indexOf('=');
      String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
      int dash = key.indexOf('-');
      if (dash > 0) {
        options.add(key);
      }
      if (equals < 0) {
        bare(key, field);
      } else {
        set(key, field.substring(equals + 1), field);
      }
    }

    private void bare(String key, String field) {
      switch (key) {
        case "readonly", "ro" -> readonly = true;
        case "volume-nocopy" -> noCopy = true;
        case "bind-nonrecursive" -> recursion = Recursion.DISABLED;
        default -> throw new BadValue("'" + field + "' is not KEY=VALUE");
      }
    }

    private void set(String key, String value, String field) {
      switch (key) {
        case "type" -> type = value.toLowerCase(Locale.ROOT);
        case "source", "src" -> source = value.startsWith(".") ? client.absolute(value) : value;
        case "target", "dst", "destination" -> target = value;
        case "readonly", "ro" -> readonly = GoSyntax.parseBool(value);
        case "bind-propagation" ->
            propagation = value.isEmpty() ? null : value.toLowerCase(Locale.ROOT);
        case "bind-nonrecursive" ->
            recursion = GoSyntax.parseBool(value) ? Recursion.DISABLED : Recursion.ENABLED;
        case "bind-recursive" -> {
          Recursion asked = recursion(value);
          recursion = asked == Recursion.ENABLED ? recursion : asked;
        }
        case "volume-nocopy" -> noCopy = GoSyntax.parseBool(value);
        case "volume-driver" -> driver = value;
        case "volume-subpath", "image-subpath" -> subpath = value;
        case "volume-opt" -> {
          String option = value.split("=", 2)[0];
          if (!option.isEmpty()) {
            driverOptions.add(option);
          }
        }
        case "volume-label", "consistency" -> {
          // Nothing of them reaches the container.
        }
        case "tmpfs-size" -> tmpfsSize = ByteSize.parse(value).bytes();
        case "tmpfs-mode" -> tmpfsMode = mode(value);
        default -> throw new BadValue("'" + field + "': unknown key '" + key + "'");
      }
    }

    private static Recursion recursion(String value) {
      for (Recursion recursion : Recursion.values()) {
        if (recursion.word.equals(value)) {
          return recursion;
        }
      }
      throw new BadValue(
          "'bind-recursive=" + value + "' is not 'enabled', 'disabled', 'writable' or 'readonly'");
    }

    private static int mode(String value) {
      long mode = 0;
      for (int i = 0; i < value.length(); i++) {
        int digit = value.charAt(i) - '0';
        mode = mode * 8 + digit;
        if (digit < 0 || digit > 7 || mode > 0xffffffffL) {
          throw new BadValue("'tmpfs-mode=" + value + "' is not an octal number");
        }
      }
      if (value.isEmpty()) {
        throw new BadValue("'tmpfs-mode=' is not an octal number");
      }
      return (int) mode;
    }

    MountNotation finish() {
      if (type.isEmpty()) {
        throw new BadValue("'type=' names no type");
      }
      if (target.isEmpty()) {
        throw new BadValue("no target", "target=/PATH");
      }
      for (String option : options) {
        if (!option.startsWith(type + "-")) {
          throw new BadValue("'" + option + "' is not for a mount of type '" + type + "'");
        }
      }
      if (recursion == Recursion.WRITABLE && !readonly) {
        throw new BadValue("'bind-recursive=writable' needs 'readonly'");
      }
      if (recursion == Recursion.READONLY && (!readonly || !"rprivate".equals(propagation))) {
        throw new BadValue("'bind-recursive=readonly' needs 'readonly,bind-propagation=rprivate'");
      }
      MountNotation mount =
          new MountNotation(
              type,
              source,
              target,
              readonly,
              propagation,
              recursion,
              noCopy,
              driver,
              List.copyOf(driverOptions),
              subpath,
              tmpfsSize,
              tmpfsMode);
      mount.check();
      return mount;
    }
  }

  /// Refuses what Docker Engine refuses before it looks at the host.
  private void check() {
    VolumeNotation.checkTarget(target, toString());
    switch (type) {
      case "bind" -> checkBind();
      case "volume" -> checkVolume();
      case "tmpfs" -> {
        if (!source.isEmpty()) {
          throw new BadValue("'" + this + "': a tmpfs mount has no source");
        }
      }
      case "image" -> checkImage();
      default -> throw new BadValue("'" + type + "' is not 'bind', 'volume', 'tmpfs' or 'image'");
    }
  }

  private void checkBind() {
    if (propagation != null && !VolumeNotation.isPropagation(propagation)) {
      throw new BadValue(
          "'bind-propagation=" + propagation + "' is not '[r]private', '[r]shared' or '[r]slave'");
    }
    if (!source.startsWith("/")) {
      throw new BadValue("'" + this + "': the source '" + source + "' is not an absolute path");
    }
  }

  private void checkImage() {
    if (source.isEmpty()) {
      throw new BadValue("'" + this + "' names no image", "source=IMAGE");
    }
    checkSubpath();
  }

  private void checkSubpath() {
    String clean = Texts.cleanPath(subpath.isEmpty() ? "." : subpath);
    if (clean.startsWith("/") || clean.equals("..") || clean.startsWith("../")) {
      throw new BadValue("'" + this + "': the subpath leads out of the " + type);
    }
  }

  /// An option of the volume's driver that means nothing without another one.
  private void requires(String option, String other) {
    if (driverOptions.contains(option) && !driverOptions.contains(other)) {
      throw new BadValue("'volume-opt=" + option + "' needs 'volume-opt=" + other + "'");
    }
  }

  private void checkVolume() {
    if (source.isEmpty()) {
      if (readonly) {
        throw new BadValue("'" + this + "': a volume without a name cannot be read-only");
      }
      if (!subpath.isEmpty()) {
        throw new BadValue("'" + this + "': a volume without a name has no subpath");
      }
    } else if (!Texts.isRestrictedName(source)) {
      throw new BadValue(
          "'" + this + "': '" + source + "' is not a volume's name",
          source.startsWith("/") ? "type=bind" : null);
    }
    checkSubpath();
    for (String option : driverOptions) {
      if (!LOCAL_OPTIONS.contains(option)) {
        throw new BadValue("'volume-opt=" + option + "': the driver 'local' knows no such option");
      }
    }
    requires("device", "type");
    requires("type", "device");
    requires("o", "device");
    if (!driver.isEmpty() && !driver.equals("local")) {
      throw new BadValue("'volume-driver=" + driver + "': only the driver 'local' is known");
    }
  }
}
