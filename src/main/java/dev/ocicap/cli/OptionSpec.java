package dev.ocicap.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An option, as a command declares it.
///
/// @param kind how often and with what it may be given
/// @param names as typed; its values are kept under the first
/// @param paramLabel what its value is called
/// @param fallback the value of an option whose value was left out; null where it must not be
/// @param hidden whether help leaves it out
record OptionSpec(
    Kind kind,
    List<String> names,
    String paramLabel,
    String description,
    @Nullable String fallback,
    boolean hidden)
    implements ArgSpec {

  /// How often and with what an option may be given.
  enum Kind {
    /// Without a value.
    FLAG,
    /// `--name`, `--name=true`, `--name=false`; never with a value in the next word.
    TRUTH,
    /// With one value; the last one counts.
    SINGLE,
    /// With a value each time.
    REPEATED
  }

  /// Under which name the values are kept.
  String key() {
    return names.getFirst();
  }

  /// The name that says most.
  String longestName() {
    String longest = "";
    for (String name : names) {
      longest = name.length() > longest.length() ? name : longest;
    }
    return longest;
  }

  /// Whether it never has a value.
  boolean isBare() {
    return kind == Kind.FLAG;
  }

  /// Whether it is true or false.
  boolean isTruth() {
    return kind == Kind.TRUTH;
  }

  /// Whether it must have a value.
  boolean needsValue() {
    return !isBare() && fallback == null;
  }

  /// The same, left out by help.
  OptionSpec hide() {
    return new OptionSpec(kind, names, paramLabel, description, fallback, true);
  }
}
