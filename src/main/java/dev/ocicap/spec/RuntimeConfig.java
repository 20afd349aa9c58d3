package dev.ocicap.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A runtime configuration, config.json (config.md). Immutable; it keeps the text that it was read
/// from, and everything in it that ocicap does not know.
public final class RuntimeConfig {
  private final JsonText json;

  private RuntimeConfig(JsonText json) {
    this.json = json;
  }

  /// The configuration in a JSON text.
  ///
  /// @throws OcicapException when the text is not a JSON object
  public static RuntimeConfig of(JsonText json) {
    if (!json.root().isObject()) {
      throw OcicapException.input(
          json.place(""),
          "a configuration is a JSON object",
          "ocicap generate --output config.json");
    }
    return new RuntimeConfig(json);
  }

  /// Reads a configuration.
  ///
  /// @param file how places name it
  /// @throws OcicapException when the text is not JSON in UTF-8, or not an object
  public static RuntimeConfig parse(String file, byte[] utf8) {
    return of(JsonText.parse(file, utf8));
  }

  /// Reads a configuration.
  ///
  /// @param file how places name it
  /// @throws OcicapException when the text is not JSON, or not an object
  public static RuntimeConfig parse(String file, String text) {
    return of(JsonText.parse(file, text));
  }

  /// A new configuration.
  ///
  /// @param ociVersion the version of the specification that it follows
  /// @param content writes everything else
  public static RuntimeConfig create(String ociVersion, Consumer<ConfigDraft> content) {
    ObjectNode root = JsonValues.object();
    root.set("ociVersion", JsonValues.string(ociVersion));
    ConfigDraft draft = new ConfigDraft(JsonText.of("config.json", root), root);
    content.accept(draft);
    return of(JsonText.of("config.json", root));
  }

  /// The JSON text and tree; not to be changed.
  public JsonText json() {
    return json;
  }

  /// The text of the file.
  public String text() {
    return json.text();
  }

  /// The same, which places name by the file that it was written to.
  public RuntimeConfig in(String file) {
    return new RuntimeConfig(json.in(file));
  }

  /// Where the value at a JSON pointer stands.
  public Place place(String pointer) {
    return json.place(pointer);
  }

  /// This configuration with a change. The text differs only where the tree does; when the change
  /// throws, nothing has happened.
  public RuntimeConfig edit(Consumer<ConfigDraft> change) {
    ConfigDraft draft = new ConfigDraft(json, (ObjectNode) json.root().deepCopy());
    change.accept(draft);
    JsonText changed = json.with(draft.root());
    return changed == json ? this : new RuntimeConfig(changed);
  }

  /// The value at a path of keys, if every step of it exists.
  public Optional<JsonNode> find(String... path) {
    return Optional.ofNullable(at(path));
  }

  /// The five sets of `process.capabilities`; names that the kernel does not have are left out, as
  /// a runtime does. Empty when the object is absent.
  public Optional<ProcessCapabilities> capabilities() {
    JsonNode node = at("process", "capabilities");
    if (node == null || !node.isObject()) {
      return Optional.empty();
    }
    ProcessCapabilities capabilities = ProcessCapabilities.NONE;
    for (SetName name : SetName.values()) {
      capabilities = capabilities.with(name, known(node.path(name.key())));
    }
    return Optional.of(capabilities);
  }

  private static CapabilitySet known(JsonNode names) {
    CapabilitySet set = CapabilitySet.NONE;
    for (JsonNode name : names) {
      Optional<Capability> capability = Capability.spelt(name.asText());
      if (capability.isPresent()) {
        set = set.plus(capability.get());
      }
    }
    return set;
  }

  /// `process.user`; root when it is absent.
  public User user() {
    JsonNode user = at("process", "user");
    if (user == null) {
      return User.ROOT;
    }
    List<Long> groups = new ArrayList<>();
    for (JsonNode group : user.path("additionalGids")) {
      groups.add(group.asLong());
    }
    return new User(user.path("uid").asLong(), user.path("gid").asLong(), groups);
  }

  /// `process.noNewPrivileges`.
  public boolean noNewPrivileges() {
    return flag("process", "noNewPrivileges");
  }

  /// `process.terminal`.
  public boolean terminal() {
    return flag("process", "terminal");
  }

  /// `process.args`; empty when absent.
  public List<String> args() {
    return strings("process", "args");
  }

  /// `process.env`; empty when absent.
  public List<String> env() {
    return strings("process", "env");
  }

  /// `root.path` as written; `rootfs` when absent.
  public String rootPath() {
    JsonNode path = at("root", "path");
    return path == null ? "rootfs" : path.asText();
  }

  /// The strings of an array; empty when it is absent.
  public List<String> strings(String... path) {
    List<String> strings = new ArrayList<>();
    JsonNode array = at(path);
    if (array != null) {
      for (JsonNode element : array) {
        strings.add(element.asText());
      }
    }
    return List.copyOf(strings);
  }

  /// The elements of an array; empty when it is absent or none.
  public List<JsonNode> elements(String... path) {
    JsonNode array = at(path);
    List<JsonNode> elements = new ArrayList<>();
    if (array != null && array.isArray()) {
      for (JsonNode element : array) {
        elements.add(element);
      }
    }
    return elements;
  }

  /// `mounts`; what a mount lacks is "".
  public List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>();
    for (JsonNode mount : elements("mounts")) {
      List<String> options = new ArrayList<>();
      for (JsonNode option : mount.path("options")) {
        options.add(option.asText());
      }
      mounts.add(
          new Mount(
              mount.path("destination").asText(),
              mount.path("type").asText(),
              mount.path("source").asText(),
              options));
    }
    return mounts;
  }

  /// `linux.resources.devices`; a rule without an access means all.
  public List<DeviceRule> deviceRules() {
    List<DeviceRule> rules = new ArrayList<>();
    for (JsonNode rule : elements("linux", "resources", "devices")) {
      rules.add(
          new DeviceRule(
              rule.path("allow").asBoolean(),
              rule.path("type").asText("a"),
              number(rule.path("major")),
              number(rule.path("minor")),
              rule.path("access").asText("rwm")));
    }
    return rules;
  }

  private static @Nullable Long number(JsonNode node) {
    return node.isNumber() ? node.asLong() : null;
  }

  /// `linux.namespaces`.
  public List<Namespace> namespaces() {
    List<Namespace> namespaces = new ArrayList<>();
    for (JsonNode namespace : elements("linux", "namespaces")) {
      String path = namespace.path("path").asText();
      namespaces.add(new Namespace(namespace.path("type").asText(), path.isEmpty() ? null : path));
    }
    return namespaces;
  }

  /// Whether the container has a user namespace that is not the host's.
  public boolean hasUserNamespace() {
    for (Namespace namespace : namespaces()) {
      if (namespace.type().equals("user")) {
        return true;
      }
    }
    return false;
  }

  /// `process.apparmorProfile`; "" when absent.
  public String apparmorProfile() {
    return string("process", "apparmorProfile");
  }

  /// `process.selinuxLabel`; "" when absent.
  public String selinuxLabel() {
    return string("process", "selinuxLabel");
  }

  /// `root.readonly`.
  public boolean isRootReadOnly() {
    return flag("root", "readonly");
  }

  /// `linux.maskedPaths`; empty when absent.
  public List<String> maskedPaths() {
    return strings("linux", "maskedPaths");
  }

  /// `linux.readonlyPaths`; empty when absent.
  public List<String> readonlyPaths() {
    return strings("linux", "readonlyPaths");
  }

  private String string(String... path) {
    JsonNode node = at(path);
    return node == null ? "" : node.asText();
  }

  private boolean flag(String... path) {
    JsonNode node = at(path);
    return node != null && node.asBoolean();
  }

  private @Nullable JsonNode at(String... path) {
    JsonNode node = json.root();
    for (String key : path) {
      JsonNode next = node.get(key);
      if (next == null) {
        return null;
      }
      node = next;
    }
    return node;
  }
}
