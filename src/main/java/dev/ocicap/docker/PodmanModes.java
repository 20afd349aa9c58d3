package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;

/// Which namespaces a container of podman has of its own, and with whom it shares the others.
///
/// @param pid `private`, `host`, `ns`, `container` or `pod`
/// @param ipc the same, `shareable` or `none`
/// @param uts as `pid`
/// @param cgroup as `pid`
/// @param network as `pid`, `none`, `bridge`, `slirp4netns` or `pasta`
/// @param user as `pid`, `auto`, `keep-id` or `nomap`
/// @param uids the mappings of a user namespace; empty without one
/// @param gids the same for groups
record PodmanModes(
    Mode pid,
    Mode ipc,
    Mode uts,
    Mode cgroup,
    Mode network,
    Mode user,
    List<IdMapping> uids,
    List<IdMapping> gids) {

  /// Copies the lists.
  PodmanModes {
    uids = List.copyOf(uids);
    gids = List.copyOf(gids);
  }

  /// One namespace.
  ///
  /// @param kind the word before the colon
  /// @param value what is behind it: a path, a container's name, options, or ""
  record Mode(String kind, String value) {
    static final Mode PRIVATE = new Mode("private", "");

    boolean is(String word) {
      return kind.equals(word);
    }
  }

  /// A range of numbers in the container, and where it begins on the host.
  record IdMapping(long container, long host, long size) {
    boolean contains(long id) {
      return id >= container && id - container < size;
    }
  }

  /// What a user of podman that is root gets for `keep-id`: everybody is who he is.
  private static final IdMapping ALL = new IdMapping(0, 0, 4_294_967_295L);

  static PodmanModes of(Conversion c) {
    Mode ipc = mode(c, "ipc", List.of("shareable", "none"));
    if (ipc.is("private") && c.command.text("ipc").isEmpty()) {
      ipc = new Mode("shareable", "");
    }
    boolean v2 = c.host.cgroup() == TargetHost.CgroupVersion.V2;
    Mode cgroup = mode(c, "cgroupns", List.of());
    if (!v2 && c.command.text("cgroupns").isEmpty()) {
      cgroup = new Mode("host", "");
    }
    List<IdMapping> uids = mappings(c, "uidmap");
    List<IdMapping> gids = mappings(c, "gidmap");
    uids = named(c, "subuidname", "/etc/subuid", uids);
    gids = named(c, "subgidname", "/etc/subgid", gids);
    Mode user = user(c, !uids.isEmpty() || !gids.isEmpty());
    uids = uids.isEmpty() ? gids : uids;
    gids = gids.isEmpty() ? uids : gids;
    if (user.is("keep-id")) {
      uids = List.of(ALL);
      gids = uids;
    }
    return new PodmanModes(
        mode(c, "pid", List.of()),
        ipc,
        mode(c, "uts", List.of()),
        cgroup,
        network(c),
        user,
        uids,
        gids);
  }

  private static Mode mode(Conversion c, String flag, List<String> more) {
    String text = c.command.text(flag);
    if (text.isEmpty() || text.equals("private")) {
      return Mode.PRIVATE;
    }
    if (text.equals("host") || text.equals("pod") || more.contains(text)) {
      return new Mode(text, "");
    }
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    if (colon < 0 || (!kind.equals("ns") && !kind.equals("container"))) {
      c.problem(
          "--"
              + flag
              + ": '"
              + text
              + "' is not 'private', 'host', 'container:NAME', 'ns:PATH'"
              + (more.isEmpty() ? "" : ", '" + String.join("', '", more) + "'"),
          null);
      return Mode.PRIVATE;
    }
    String value = text.substring(colon + 1);
    if (value.isEmpty()) {
      c.problem("--" + flag + ": nothing behind '" + kind + ":'", null);
    } else if (kind.equals("ns") && !c.host.elsewhere() && !c.client.files().exists(value)) {
      c.problem("--" + flag + ": '" + value + "' does not exist", null);
    }
    return new Mode(kind, value);
  }

  private static Mode user(Conversion c, boolean mapped) {
    String text = c.command.text("userns");
    if (mapped) {
      if (c.command.has("userns")) {
        c.problem("'--userns' and '--uidmap', '--gidmap', '--sub…name' exclude each other", null);
      }
      return Mode.PRIVATE;
    }
    if (text.isEmpty()) {
      return new Mode("host", "");
    }
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    switch (kind) {
      case "keep-id" -> checkKeepId(c, value);
      case "auto" ->
          c.problem(
              "--userns: 'auto' takes numbers that no other container of podman has, which only"
                  + " podman knows",
              "--uidmap 0:100000:65536");
      case "nomap" -> c.problem("--userns: 'nomap' is for a user of podman who is not root", null);
      case "private" -> c.problem("--userns: 'private' needs a mapping", "--uidmap 0:100000:65536");
      default -> {
        return mode(c, "userns", List.of());
      }
    }
    return new Mode(kind, value);
  }

  private static void checkKeepId(Conversion c, String options) {
    if (options.isEmpty()) {
      return;
    }
    for (String option : Texts.split(options, ',')) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      boolean known = key.equals("uid") || key.equals("gid");
      if (!known || !GoSyntax.isDigits(option.substring(equals + 1))) {
        c.problem("--userns: 'keep-id' takes 'uid=N' and 'gid=N', not '" + option + "'", null);
      }
    }
  }

  /// The number that `keep-id` gives to the user: podman's own, which is root's, if none was named.
  long keptId(String key) {
    for (String option : Texts.split(user.value(), ',')) {
      if (option.startsWith(key + "=")) {
        return GoSyntax.parseDecimal(option.substring(key.length() + 1));
      }
    }
    return 0;
  }

  /// `CONTAINER:HOST[:SIZE]`
  private static List<IdMapping> mappings(Conversion c, String flag) {
    List<IdMapping> mappings = new ArrayList<>();
    for (String text : c.command.all(flag)) {
      List<String> parts = Texts.split(text, ':');
      boolean numbers = parts.size() == 2 || parts.size() == 3;
      for (String part : parts) {
        numbers &= GoSyntax.isDigits(part) && part.length() <= 10;
      }
      if (numbers) {
        mappings.add(
            new IdMapping(
                Long.parseLong(parts.get(0)),
                Long.parseLong(parts.get(1)),
                parts.size() == 3 ? Long.parseLong(parts.get(2)) : 1));
      } else if (text.startsWith("+")
          || text.startsWith("u")
          || text.startsWith("g")
          || text.indexOf('@') >= 0) {
        c.problem(
            "--" + flag + ": '" + text + "': podman's '+', 'u', 'g' and '@' are not known here",
            "--" + flag + " CONTAINER:HOST:SIZE");
      } else {
        c.problem("--" + flag + ": '" + text + "' is not CONTAINER:HOST[:SIZE]", null);
      }
    }
    return mappings;
  }

  /// The ranges of a user in `/etc/subuid` or `/etc/subgid`, from 0 in the container.
  private static List<IdMapping> named(
      Conversion c, String flag, String file, List<IdMapping> otherwise) {
    String name = c.command.text(flag);
    if (name.isEmpty()) {
      return otherwise;
    }
    List<IdMapping> mappings = new ArrayList<>();
    long next = 0;
    for (String line : Texts.split(HostText.of(c, file), '\n')) {
      List<String> parts = Texts.split(line.strip(), ':');
      if (parts.size() == 3 && parts.getFirst().equals(name)) {
        long size = GoSyntax.parseDecimal(parts.get(2));
        mappings.add(new IdMapping(next, GoSyntax.parseDecimal(parts.get(1)), size));
        next += size;
      }
    }
    if (mappings.isEmpty()) {
      c.problem("--" + flag + ": '" + name + "' has no range in " + file, null);
    }
    return mappings;
  }

  private static Mode network(Conversion c) {
    List<String> networks = c.command.all("network");
    if (networks.isEmpty()) {
      return Mode.PRIVATE;
    }
    String text = networks.getFirst();
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    Mode mode =
        switch (text) {
          case "", "default", "private" -> Mode.PRIVATE;
          case "host", "none", "pod" -> new Mode(text, "");
          default ->
              switch (kind) {
                case "ns", "container", "slirp4netns", "pasta" -> new Mode(kind, value);
                default -> new Mode("bridge", kind.equals("bridge") ? "" : text);
              };
        };
    boolean needsValue = mode.is("ns") || mode.is("container");
    if (needsValue && value.isEmpty()) {
      c.problem("--network: nothing behind '" + kind + ":'", null);
    }
    if (mode.is("ns") && !c.host.elsewhere() && !c.client.files().exists(value)) {
      c.problem("--network: '" + value + "' does not exist", null);
    }
    if (mode.is("pasta")) {
      c.problem("--network: 'pasta' is for a user of podman who is not root", null);
    }
    if (networks.size() > 1 && !mode.is("bridge")) {
      c.problem("--network: '" + text + "' excludes every other network", null);
    }
    return mode;
  }

  /// Whether there is a user namespace.
  boolean hasUserNamespace() {
    return !user.is("host");
  }

  /// Whether the container has a network namespace that was made for it.
  boolean hasOwnNetwork() {
    return switch (network.kind()) {
      case "host", "ns", "container", "pod" -> false;
      default -> true;
    };
  }

  /// Whether the kernel lets a new sysfs be mounted: its network namespace must belong to the user
  /// namespace.
  boolean canMountSys() {
    return !hasOwnUsers() || hasOwnNetwork();
  }

  /// Whether the numbers of users are others than the machine's.
  boolean hasOwnUsers() {
    return hasUserNamespace() && !user.is("keep-id");
  }

  boolean isGroupMapped(long gid) {
    return gids.isEmpty() || contains(gids, gid);
  }

  static boolean contains(List<IdMapping> mappings, long id) {
    for (IdMapping mapping : mappings) {
      if (mapping.contains(id)) {
        return true;
      }
    }
    return false;
  }
}
