package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.docker.Converted;
import dev.ocicap.docker.FlagMeaning;
import dev.ocicap.docker.FlagReport;
import dev.ocicap.docker.FlagType;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import dev.ocicap.report.Problem;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What became of each flag of a docker command, for programs and for people.
final class ConversionReport {
  private ConversionReport() {}

  /// The meaning of a flag, in the words of the report.
  ///
  /// @param result `applied`, `partial`, `ignored` or `unsupported`
  /// @param properties what it decides
  record Outcome(
      String result, List<String> properties, @Nullable String reason, @Nullable String hint) {

    /// Of a meaning.
    static Outcome of(FlagMeaning meaning) {
      return switch (meaning) {
        case FlagMeaning.Applied all -> new Outcome("applied", all.properties(), null, null);
        case FlagMeaning.Partial part ->
            new Outcome("partial", part.properties(), part.reason(), part.hint());
        case FlagMeaning.Ignored ignored ->
            new Outcome("ignored", List.of(), ignored.reason(), null);
        case FlagMeaning.Kept kept ->
            new Outcome(
                kept.harmless() ? "applied" : "unsupported",
                List.of("annotations"),
                kept.reason(),
                kept.hint());
        case FlagMeaning.Unsupported lost ->
            new Outcome("unsupported", List.of(), lost.reason(), lost.hint());
      };
    }
  }

  /// The report as JSON: the bundle's directory, or the configuration where no bundle was made;
  /// each flag with `result`, `properties`, `reason` and `hint`; the warnings.
  ///
  /// @param explain whether to add the flags of each property
  static ObjectNode json(
      Optional<String> bundle, Converted converted, List<Problem> warnings, boolean explain) {
    ObjectNode root = JsonValues.object();
    if (bundle.isPresent()) {
      root.set("bundle", JsonValues.string(bundle.get()));
    } else {
      root.set("config", converted.config().json().root());
    }
    ArrayNode flags = JsonValues.array();
    for (FlagReport report : converted.report()) {
      flags.add(flag(report));
    }
    root.set("flags", flags);
    root.set("warnings", problems(warnings));
    if (explain) {
      ObjectNode properties = JsonValues.object();
      byProperty(converted)
          .forEach((property, names) -> properties.set(property, JsonValues.strings(names)));
      root.set("properties", properties);
    }
    return root;
  }

  /// What kept a command from being converted, as JSON: `errors`.
  static ObjectNode json(List<Problem> errors) {
    ObjectNode root = JsonValues.object();
    root.set("errors", problems(errors));
    return root;
  }

  private static ArrayNode problems(List<Problem> problems) {
    ArrayNode said = JsonValues.array();
    for (Problem problem : problems) {
      ObjectNode one = JsonValues.object();
      if (problem.place() != null) {
        one.set("place", JsonValues.string(problem.place().toString()));
      }
      one.set("message", JsonValues.string(problem.message()));
      if (problem.hint() != null) {
        one.set("hint", JsonValues.string(problem.hint()));
      }
      said.add(one);
    }
    return said;
  }

  private static ObjectNode flag(FlagReport report) {
    Outcome outcome = Outcome.of(report.meaning());
    ObjectNode node = JsonValues.object();
    node.set("flag", JsonValues.string(report.flag().toString()));
    node.set("values", JsonValues.strings(report.values()));
    node.set("result", JsonValues.string(outcome.result()));
    node.set("properties", JsonValues.strings(outcome.properties()));
    if (outcome.reason() != null) {
      node.set("reason", JsonValues.string(outcome.reason()));
    }
    if (outcome.hint() != null) {
      node.set("hint", JsonValues.string(outcome.hint()));
    }
    return node;
  }

  /// The flags of each property as they were given, by property.
  private static Map<String, List<String>> byProperty(Converted converted) {
    Map<String, List<String>> flags = new TreeMap<>();
    for (FlagReport report : converted.report()) {
      for (String property : Outcome.of(report.meaning()).properties()) {
        flags.computeIfAbsent(property, key -> new ArrayList<>()).addAll(given(report));
      }
    }
    return flags;
  }

  private static List<String> given(FlagReport report) {
    List<String> given = new ArrayList<>();
    for (String value : report.values()) {
      boolean bare = report.flag().type() == FlagType.BOOL && value.equals("true");
      given.add(bare ? report.flag().toString() : report.flag() + "=" + value);
    }
    return given;
  }

  /// Prints which flags decide which property, and then the flags that decide none, with the
  /// reason.
  static void explain(Converted converted, PrintStream out) {
    Map<String, List<String>> flags = byProperty(converted);
    int width = 0;
    for (String property : flags.keySet()) {
      width = Math.max(width, property.length());
    }
    for (Map.Entry<String, List<String>> entry : flags.entrySet()) {
      String property = entry.getKey();
      out.println(
          property
              + " ".repeat(width - property.length())
              + "  ← "
              + Escape.text(String.join(" ", entry.getValue())));
    }
    for (FlagReport report : converted.report()) {
      Outcome outcome = Outcome.of(report.meaning());
      if (outcome.properties().isEmpty()) {
        out.println(
            "nothing"
                + " ".repeat(Math.max(0, width - "nothing".length()))
                + "  ← "
                + Escape.text(String.join(" ", given(report)))
                + ": "
                + Escape.text(String.valueOf(outcome.reason())));
      }
    }
  }
}
