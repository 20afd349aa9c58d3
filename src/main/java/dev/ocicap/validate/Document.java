package dev.ocicap.validate;

import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.SpecVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a rule looks at: a configuration, and what many rules ask of it. For one thread.
final class Document {
  private final RuntimeConfig config;
  private final Value root;
  private final SpecVersion version;
  private final ProcessCapabilities capabilities;
  private final List<Value> mounts;
  private @Nullable UnusualKeys keys;

  private Document(RuntimeConfig config) {
    this.config = config;
    this.root = Value.root(config.json().root());
    this.version = SpecVersion.parse(root.get("ociVersion").text()).orElse(Schemas.NEWEST);
    this.capabilities = config.capabilities().orElse(ProcessCapabilities.NONE);
    this.mounts = root.get("mounts").items();
  }

  static Document of(RuntimeConfig config) {
    return new Document(config);
  }

  RuntimeConfig config() {
    return config;
  }

  /// Its tree.
  Value root() {
    return root;
  }

  /// The release that it follows; the newest known when it does not say.
  SpecVersion version() {
    return version;
  }

  /// The five sets; empty ones when there is no `process.capabilities`.
  ProcessCapabilities capabilities() {
    return capabilities;
  }

  /// The ids of the process' user: `uid`, `gid` and those of `additionalGids`; on POSIX platforms.
  List<Value> userIds() {
    Value user = get("process", "user");
    List<Value> ids = new ArrayList<>(List.of(user.get("uid"), user.get("gid")));
    ids.addAll(user.get("additionalGids").items());
    return ids;
  }

  /// The entries of `mounts`.
  List<Value> mounts() {
    return mounts;
  }

  /// The keys that the release does not know. They need the schema, which only some rules want.
  UnusualKeys keys() {
    UnusualKeys known = keys;
    if (known == null) {
      known = UnusualKeys.of(root, version);
      keys = known;
    }
    return known;
  }

  Value get(String... keys) {
    return root.get(keys);
  }

  /// Whether the container is a Windows one; also one with Linux programs in a virtual machine.
  boolean isWindows() {
    return get("windows").exists();
  }

  /// Whether the container is a Linux one: that, unless the platform's own block says otherwise.
  boolean isLinux() {
    return !isWindows()
        && (get("linux").exists()
            || !(get("solaris").exists()
                || get("freebsd").exists()
                || get("zos").exists()
                || get("vm").exists()));
  }

  /// The entry of `linux.namespaces` of a type; an empty value when there is none.
  Value namespace(String type) {
    for (Value namespace : get("linux", "namespaces").items()) {
      if (namespace.get("type").is(type)) {
        return namespace;
      }
    }
    return get("linux", "namespaces", type);
  }

  /// Whether the container has a namespace of that type of its own, new or joined.
  boolean hasNamespace(String type) {
    return namespace(type).exists();
  }

  /// Whether the container gets a new namespace of that type.
  boolean makesNamespace(String type) {
    Value namespace = namespace(type);
    return namespace.exists() && namespace.get("path").text().isEmpty();
  }
}
