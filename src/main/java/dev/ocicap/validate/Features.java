package dev.ocicap.validate;

import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.SpecVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a runtime says of itself: the document that its `features` prints (features.md). What it
/// leaves out or gives as null is unknown, which is not the same as none.
public final class Features {
  /// Nothing is known: a runtime without `features`.
  public static final Features UNKNOWN = parse("features", "{}");

  private final Value root;

  private Features(Value root) {
    this.root = root;
  }

  /// Reads the output of `runc features`.
  ///
  /// @param file how errors name it
  /// @throws OcicapException when it is not JSON
  public static Features parse(String file, String text) {
    return new Features(Value.root(JsonText.parse(file, text).root()));
  }

  /// The texts of an array; empty when it is unknown.
  public Optional<List<String>> list(String... path) {
    Value array = root.get(path);
    if (!array.isArray()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (Value item : array.items()) {
      texts.add(item.text());
    }
    return Optional.of(texts);
  }

  /// Whether a feature is known to be missing.
  boolean isOff(String... path) {
    Value flag = root.get(path);
    return flag.node().isBoolean() && !flag.isTrue();
  }

  /// Whether a part for Linux is known to be missing: `seccomp`, `apparmor`, `selinux`.
  public boolean isWithout(String part) {
    return isOff("linux", part, "enabled");
  }

  /// A release of the specification; empty when it is unknown.
  Optional<SpecVersion> version(String key) {
    return SpecVersion.parse(root.get(key).text());
  }

  /// What it can do on Linux, in few words: `cgroup-v1`, `seccomp`, `idmap`.
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Value area : root.get("linux").members()) {
      if (area.get("enabled").isTrue()) {
        names.add(area.key());
      }
      for (Value part : area.members()) {
        if (part.get("enabled").isTrue()) {
          names.add(part.key());
        } else if (part.isTrue() && !part.key().equals("enabled")) {
          names.add(area.key() + "-" + part.key());
        }
      }
    }
    return names;
  }
}
