package dev.ocicap;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One answer of a validation: `ocicap explain CODE` says more of it.
///
/// @param code the rule's stable name: `mount-destination-absolute`
/// @param level how much it weighs
/// @param pointer the JSON pointer (RFC 6901) of the value at fault; "" is the document
/// @param line its line in the text, from 1
/// @param column its column in characters, from 1
/// @param message what is wrong; it may hold any character of the input: escape it for a terminal
/// @param hint what to write instead, or null
/// @param reference the specification's file and anchor, or a man page: `config.md#mounts`, or null
public record Finding(
    String code,
    Level level,
    String pointer,
    int line,
    int column,
    String message,
    @Nullable String hint,
    @Nullable String reference) {

  /// How much a finding weighs, the heaviest first.
  public enum Level {
    /// The specification says MUST, or no runtime starts it.
    MUST,
    /// The specification says SHOULD, or it does something else than it seems to.
    SHOULD,
    /// There is a better way.
    ADVICE
  }

  static List<Finding> all(List<dev.ocicap.report.Finding> findings) {
    List<Finding> all = new ArrayList<>();
    for (dev.ocicap.report.Finding finding : findings) {
      all.add(
          new Finding(
              finding.code(),
              level(finding.level()),
              finding.pointer(),
              finding.place().line(),
              finding.place().column(),
              finding.message(),
              finding.hint(),
              finding.reference()));
    }
    return List.copyOf(all);
  }

  private static Level level(dev.ocicap.report.Level level) {
    return switch (level) {
      case MUST -> Level.MUST;
      case SHOULD -> Level.SHOULD;
      case ADVICE -> Level.ADVICE;
    };
  }

  /// `LINE:COLUMN: LEVEL: MESSAGE [CODE]`.
  @Override
  public String toString() {
    return line + ":" + column + ": " + level + ": " + message + " [" + code + "]";
  }
}
