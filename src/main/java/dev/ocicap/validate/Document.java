package dev.ocicap.validate;

import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.SpecVersion;

/// What a rule looks at: a configuration, and what many rules ask of it.
///
/// @param config the configuration
/// @param root its tree
/// @param version the release that it follows; the newest known when it does not say
record Document(RuntimeConfig config, Value root, SpecVersion version) {

  static Document of(RuntimeConfig config) {
    Value root = Value.root(config.json().root());
    return new Document(
        config, root, SpecVersion.parse(root.get("ociVersion").text()).orElse(Schemas.NEWEST));
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
