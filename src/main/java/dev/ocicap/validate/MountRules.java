package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Level;
import dev.ocicap.report.Suggestion;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.SpecVersion;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Rules about `mounts` (config.md#mounts).
final class MountRules {
  private static final String SPEC = "config.md#mounts";

  /// Since this release a relative destination on Linux is deprecated and no longer forbidden.
  private static final SpecVersion RELATIVE_IS_DEPRECATED = SpecVersion.of("1.2.0");

  /// Pairs of options of which the later one wins.
  private static final List<List<String>> OPPOSITES =
      List.of(
          List.of("ro", "rw"),
          List.of("suid", "nosuid"),
          List.of("dev", "nodev"),
          List.of("exec", "noexec"),
          List.of("sync", "async"),
          List.of("atime", "noatime"),
          List.of("diratime", "nodiratime"),
          List.of("relatime", "norelatime"),
          List.of("strictatime", "nostrictatime"),
          List.of("symfollow", "nosymfollow"));

  /// The options that the specification names (Linux), and those that runc and crun add.
  private static final Set<String> GENERIC =
      Set.of(
          "acl",
          "async",
          "atime",
          "bind",
          "copy-symlink",
          "defaults",
          "dest-nofollow",
          "dev",
          "diratime",
          "dirsync",
          "exec",
          "idmap",
          "iversion",
          "lazytime",
          "loud",
          "mand",
          "noacl",
          "noatime",
          "nodev",
          "nodiratime",
          "noexec",
          "noiversion",
          "nolazytime",
          "nomand",
          "norelatime",
          "nostrictatime",
          "nosuid",
          "nosymfollow",
          "private",
          "ratime",
          "rbind",
          "rdev",
          "rdiratime",
          "relatime",
          "remount",
          "rexec",
          "ridmap",
          "rnoatime",
          "rnodev",
          "rnodiratime",
          "rnoexec",
          "rnorelatime",
          "rnostrictatime",
          "rnosuid",
          "rnosymfollow",
          "ro",
          "rprivate",
          "rrelatime",
          "rro",
          "rrw",
          "rshared",
          "rslave",
          "rstrictatime",
          "rsuid",
          "rsymfollow",
          "runbindable",
          "rw",
          "shared",
          "silent",
          "slave",
          "src-nofollow",
          "strictatime",
          "suid",
          "symfollow",
          "sync",
          "tmpcopyup",
          "unbindable");

  /// The options that only mount_setattr(2) can carry out.
  static final List<String> RECURSIVE =
      List.of(
          "idmap",
          "ridmap",
          "ratime",
          "rdev",
          "rdiratime",
          "rexec",
          "rnoatime",
          "rnodev",
          "rnodiratime",
          "rnoexec",
          "rnorelatime",
          "rnostrictatime",
          "rnosuid",
          "rnosymfollow",
          "rrelatime",
          "rro",
          "rrw",
          "rstrictatime",
          "rsuid",
          "rsymfollow");

  /// The options by their letters in alphabetical order.
  private static final Map<String, String> LETTERS = letters();

  static List<Rule> all() {
    return List.of(
        Rule.of("mount-destination-absolute", Level.SHOULD, SPEC, MountRules::absolute)
            .repairedBy(MountRules::makeAbsolute),
        Rule.of("mount-destination-nested", Level.MUST, SPEC, MountRules::nested),
        Rule.of("mount-hidden", Level.SHOULD, SPEC, MountRules::hidden),
        Rule.of("mount-bind-option", Level.MUST, SPEC, MountRules::bindOption),
        Rule.of("mount-bind-source", Level.SHOULD, SPEC, MountRules::bindSource),
        Rule.of("mount-bind-data", Level.MUST, SPEC, MountRules::bindData),
        Rule.of("mount-type-required", Level.MUST, SPEC, MountRules::typeRequired),
        Rule.of("mount-option-misspelt", Level.SHOULD, SPEC, MountRules::misspelt),
        Rule.of("mount-option-contradiction", Level.ADVICE, SPEC, MountRules::contradiction),
        Rule.of("mount-mappings-pair", Level.MUST, SPEC, MountRules::mappingsPair),
        Rule.of("mount-mappings-option", Level.SHOULD, SPEC, MountRules::mappingsOption),
        Rule.of("mount-idmap-user-namespace", Level.MUST, SPEC, MountRules::idmapNamespace),
        Rule.of("mount-idmap-bind", Level.MUST, SPEC, MountRules::idmapBind),
        Rule.of("mount-propagation-root", Level.SHOULD, SPEC, MountRules::propagation));
  }

  private MountRules() {}

  static boolean isGeneric(String option) {
    return GENERIC.contains(option);
  }

  private static boolean isBind(Value mount) {
    return mount.get("options").hasItem("bind", "rbind");
  }

  private static void absolute(Document document, Findings findings) {
    if (document.isWindows()) {
      return;
    }
    boolean deprecated = document.isLinux() && !document.version().isBefore(RELATIVE_IS_DEPRECATED);
    for (Value mount : document.mounts()) {
      Value destination = mount.get("destination");
      if (destination.isText() && !destination.text().startsWith("/")) {
        findings.add(
            deprecated ? Level.SHOULD : Level.MUST,
            destination,
            destination.shown() + " is not an absolute path",
            "\"/" + Value.cut(destination.text()) + "\"");
      }
    }
  }

  /// A relative destination is taken from the root of the container, so this changes nothing.
  private static void makeAbsolute(ConfigDraft draft) {
    if (draft.find("windows").isPresent()) {
      return;
    }
    for (JsonNode mount : draft.find("mounts").orElse(JsonValues.array())) {
      JsonNode destination = mount.path("destination");
      if (mount instanceof ObjectNode object
          && destination.isTextual()
          && !destination.textValue().startsWith("/")) {
        object.set("destination", JsonValues.string("/" + destination.textValue()));
      }
    }
  }

  private static void nested(Document document, Findings findings) {
    if (!document.isWindows()) {
      return;
    }
    Set<String> mounted = new HashSet<>();
    for (Value mount : document.mounts()) {
      mounted.add(windows(mount.get("destination")));
    }
    for (Value mount : document.mounts()) {
      Value destination = mount.get("destination");
      String path = windows(destination);
      for (int end = path.lastIndexOf('\\'); end > 0; end = path.lastIndexOf('\\', end - 1)) {
        if (mounted.contains(path.substring(0, end))) {
          findings.add(
              destination,
              destination.shown() + " lies below the mount at '" + path.substring(0, end) + "'",
              null);
          break;
        }
      }
    }
  }

  private static String windows(Value destination) {
    String path = destination.text().replace('/', '\\').toLowerCase(Locale.ROOT);
    return path.endsWith("\\") ? path.substring(0, path.length() - 1) : path;
  }

  /// A mount over an earlier one, or over the directory that an earlier one stands in.
  private static void hidden(Document document, Findings findings) {
    if (document.isWindows()) {
      return;
    }
    NavigableSet<String> before = new TreeSet<>();
    for (Value mount : document.mounts()) {
      Value destination = mount.get("destination");
      if (!destination.isText()) {
        continue;
      }
      String path = Forms.clean(destination.text());
      String first = path.equals("/") ? before.ceiling("/") : firstWithin(before, path);
      if (first != null && !mount.get("options").hasItem("remount")) {
        findings.add(
            destination,
            destination.shown() + " hides the earlier mount at '" + Value.cut(first) + "'",
            "put it before that one, or remove one of the two");
      }
      before.add(path);
    }
  }

  private static @Nullable String firstWithin(NavigableSet<String> paths, String parent) {
    if (paths.contains(parent)) {
      return parent;
    }
    String below = paths.ceiling(parent + "/");
    return below != null && below.startsWith(parent + "/") ? below : null;
  }

  static void bindOption(Document document, Findings findings) {
    if (document.isWindows()) {
      return;
    }
    for (Value mount : document.mounts()) {
      if (mount.get("type").is("bind") && !isBind(mount)) {
        findings.add(
            mount.get("type"),
            mount.path()
                + " has the type 'bind' but no option bind or rbind: there is no such file"
                + " system",
            "\"options\": [\"rbind\"]");
      }
    }
  }

  private static void bindSource(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      if (mount.isObject() && isBind(mount) && mount.get("source").text().isEmpty()) {
        findings.add(
            mount, mount.path() + " is a bind mount without source: it shows the bundle", null);
      }
    }
  }

  private static void bindData(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      if (!isBind(mount)) {
        continue;
      }
      for (Value option : mount.get("options").items()) {
        if (option.isText()
            && !GENERIC.contains(option.text())
            && !option.text().startsWith("idmap=")
            && !option.text().startsWith("ridmap=")) {
          findings.add(
              option,
              option.shown()
                  + " is data for a file system, which a bind mount does not have: newer runtimes"
                  + " refuse it",
              findings.isFull()
                  ? null
                  : near(option.text())
                      .map(known -> "did you mean '" + known + "'?")
                      .orElse("remove it"));
        }
      }
    }
  }

  private static void typeRequired(Document document, Findings findings) {
    if (!document.isLinux()) {
      return;
    }
    for (Value mount : document.mounts()) {
      boolean changesOnly =
          mount
              .get("options")
              .hasItem(
                  "remount",
                  "shared",
                  "rshared",
                  "slave",
                  "rslave",
                  "private",
                  "rprivate",
                  "unbindable",
                  "runbindable");
      if (mount.isObject()
          && !isBind(mount)
          && !changesOnly
          && mount.get("type").text().isEmpty()) {
        findings.add(
            mount,
            mount.path() + " has no type and is no bind mount",
            "\"type\": \"tmpfs\", or \"options\": [\"rbind\"]");
      }
    }
  }

  private static Optional<String> near(String option) {
    return Suggestion.nearest(option, new TreeSet<>(GENERIC));
  }

  private static void misspelt(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      if (isBind(mount) || document.isWindows()) {
        continue;
      }
      for (Value option : mount.get("options").items()) {
        String text = option.text();
        if (findings.isFull()
            || text.length() < 4
            || text.indexOf('=') >= 0
            || GENERIC.contains(text)) {
          continue;
        }
        swapped(text)
            .ifPresent(known ->
                findings.add(
                    option,
                    option.shown() + " is not a mount option; it goes to the file system as data",
                    "did you mean '" + known + "'?"));
      }
    }
  }

  /// The generic option that has the same letters in another order or another case. A looser
  /// likeness would flag words that a file system knows, such as `noquota`.
  private static Optional<String> swapped(String option) {
    return Optional.ofNullable(LETTERS.get(sorted(option)));
  }

  private static Map<String, String> letters() {
    Map<String, String> letters = new HashMap<>();
    for (String known : GENERIC) {
      letters.put(sorted(known), known);
    }
    return letters;
  }

  private static String sorted(String text) {
    char[] letters = text.toLowerCase(Locale.ROOT).toCharArray();
    Arrays.sort(letters);
    return new String(letters);
  }

  private static void contradiction(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      Value options = mount.get("options");
      if (options.node().size() < 2) {
        continue;
      }
      for (List<String> pair : OPPOSITES) {
        if (options.hasItem(pair.getFirst()) && options.hasItem(pair.getLast())) {
          findings.add(
              options,
              options.path()
                  + " holds both '"
                  + pair.getFirst()
                  + "' and '"
                  + pair.getLast()
                  + "': the last one counts",
              "remove one of the two");
        }
      }
    }
  }

  private static void mappingsPair(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      boolean uids = mount.get("uidMappings").exists();
      boolean gids = mount.get("gidMappings").exists();
      if (uids != gids) {
        findings.add(
            mount,
            mount.path() + " has only one of uidMappings and gidMappings",
            uids ? "\"gidMappings\": […]" : "\"uidMappings\": […]");
      }
    }
  }

  static boolean isIdmapped(Value mount) {
    for (Value option : mount.get("options").items()) {
      String text = option.text();
      if (text.equals("idmap")
          || text.equals("ridmap")
          || text.startsWith("idmap=")
          || text.startsWith("ridmap=")) {
        return true;
      }
    }
    return false;
  }

  private static void mappingsOption(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      if (mount.get("uidMappings").exists()
          && mount.get("gidMappings").exists()
          && !isIdmapped(mount)) {
        findings.add(
            mount,
            mount.path() + " has id mappings, and its options hold neither idmap nor ridmap",
            "add \"idmap\" to the options");
      }
    }
  }

  static void idmapNamespace(Document document, Findings findings) {
    if (document.hasNamespace("user")) {
      return;
    }
    for (Value mount : document.mounts()) {
      if (mount.get("options").hasItem("idmap", "ridmap") && !mount.get("uidMappings").exists()) {
        findings.add(
            mount.get("options"),
            mount.path() + " is id-mapped, but neither it nor a user namespace says how",
            "\"uidMappings\": […], \"gidMappings\": […]");
      }
    }
  }

  private static void idmapBind(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      if (!isBind(mount)
          && (mount.get("options").hasItem("idmap", "ridmap")
              || mount.get("uidMappings").exists())) {
        findings.add(
            mount,
            mount.path() + " is id-mapped but not a bind mount: runc refuses it",
            "add \"rbind\" to the options");
      }
    }
  }

  private static void propagation(Document document, Findings findings) {
    String root = document.get("linux", "rootfsPropagation").text();
    boolean shared = root.equals("shared") || root.equals("rshared");
    boolean cut =
        root.equals("private")
            || root.equals("rprivate")
            || root.equals("unbindable")
            || root.equals("runbindable");
    for (Value mount : document.mounts()) {
      Value options = mount.get("options");
      if (options.hasItem("shared", "rshared") && !shared) {
        findings.add(
            options,
            mount.path()
                + " is shared, but linux.rootfsPropagation is not: nothing reaches the host",
            "\"rootfsPropagation\": \"shared\"");
      } else if (options.hasItem("slave", "rslave") && cut) {
        findings.add(
            options,
            mount.path() + " is a slave, but linux.rootfsPropagation cuts it off from the host",
            "\"rootfsPropagation\": \"slave\"");
      }
    }
  }
}
