package dev.ocicap.os;

import java.util.List;
import java.util.OptionalLong;

/// How the ids of a user namespace map to those of the one around it (user_namespaces(7)).
///
/// @param ranges the ranges; an id outside of all is not mapped
public record IdMap(List<Range> ranges) {
  /// Every id is itself: no user namespace.
  public static final IdMap IDENTITY = new IdMap(List.of(new Range(0, 0, 1L << 32)));

  /// Copies the ranges.
  public IdMap {
    ranges = List.copyOf(ranges);
  }

  /// One range.
  ///
  /// @param inside the first id inside
  /// @param outside the first id outside
  /// @param size how many
  public record Range(long inside, long outside, long size) {}

  /// Whether an id inside is one of somebody outside.
  public boolean hasInside(long id) {
    for (Range range : ranges) {
      if (id >= range.inside() && id - range.inside() < range.size()) {
        return true;
      }
    }
    return false;
  }

  /// The id inside of an id outside, if it is mapped.
  public OptionalLong inside(long id) {
    for (Range range : ranges) {
      if (id >= range.outside() && id - range.outside() < range.size()) {
        return OptionalLong.of(id - range.outside() + range.inside());
      }
    }
    return OptionalLong.empty();
  }
}
