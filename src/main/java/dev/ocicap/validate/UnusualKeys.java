package dev.ocicap.validate;

import dev.ocicap.spec.SpecVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The keys of a document that its release of the specification does not know as they are spelt
/// there, each in the order of the text. One walk finds them for all rules.
///
/// @param wrongCase known keys in another letter case
/// @param unknown keys that there are not
/// @param removed keys that the release does not have any more
/// @param newer keys that the release does not have yet
record UnusualKeys(List<Key> wrongCase, List<Key> unknown, List<Key> removed, List<Key> newer) {

  /// One of them.
  ///
  /// @param member the member that has the key
  /// @param around what is known of the object that it stands in
  /// @param meant what the specification calls it; the key itself where that is not known
  record Key(Value member, Shape around, String meant) {}

  static UnusualKeys of(Value root, SpecVersion version) {
    UnusualKeys keys =
        new UnusualKeys(
            new ArrayList<>(0), new ArrayList<>(0), new ArrayList<>(0), new ArrayList<>(0));
    keys.walk(root, Shape.CONFIG, version);
    return keys;
  }

  private void walk(Value value, Shape shape, SpecVersion version) {
    if (value.isObject()) {
      boolean keysAreKnown = !shape.keys().isEmpty();
      for (Value member : value.members()) {
        Optional<Shape> next = keysAreKnown ? look(member, shape, version) : shape.free();
        if (next.isPresent() && member.node().isContainerNode()) {
          walk(member, next.get(), version);
        }
      }
    } else if (value.isArray() && shape.items().isPresent()) {
      Shape items = shape.items().get();
      for (Value item : value.items()) {
        if (item.node().isContainerNode()) {
          walk(item, items, version);
        }
      }
    }
  }

  /// Notes what is unusual. The members of an object under a key in another letter case are looked
  /// at too: a runtime that reads the one reads the others.
  private Optional<Shape> look(Value member, Shape around, SpecVersion version) {
    String key = member.key();
    Optional<Shape> known = around.property(key);
    if (known.isPresent()) {
      if (version.isBefore(known.get().since())) {
        newer.add(new Key(member, around, key));
      }
      return known;
    }
    Optional<Shape> gone = around.removed(key);
    if (gone.isPresent()) {
      if (!version.isBefore(SpecVersion.of(gone.get().removedIn()))) {
        removed.add(new Key(member, around, key));
      }
      return Optional.empty();
    }
    Optional<String> otherCase = around.otherCase(key);
    if (otherCase.isPresent()) {
      wrongCase.add(new Key(member, around, otherCase.get()));
      return around.property(otherCase.get());
    }
    unknown.add(new Key(member, around, key));
    return Optional.empty();
  }
}
