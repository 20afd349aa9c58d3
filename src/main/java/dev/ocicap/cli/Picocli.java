package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// Command lines as picocli understands them: with abbreviated groups of letters, values written to
/// the letter, and an explanation of each mistake.
final class Picocli {
  static {
    // Must precede the first use of picocli: both save look-ups of classes that are not there.
    System.setProperty("picocli.disable.closures", "true");
    System.setProperty(
        "picocli.converters.excludes", "java.sql.*,java.time.*,java.nio.file.*,java.net.*");
  }

  private Picocli() {}

  /// The call.
  ///
  /// @param name the command's
  /// @param spec what it declared for this call
  /// @param joined the arguments before `--`, each value joined to its option
  /// @param words the arguments after it; null when there was none
  /// @throws OcicapException when the arguments are not the command's
  static Invocation read(
      String name,
      Command command,
      CommandSpec spec,
      List<String> joined,
      @Nullable List<String> words) {
    try {
      return invocation(spec, parse(spec, joined), joined, words);
    } catch (CommandLine.ParameterException e) {
      throw UsageErrors.explain(name, command.spec(), joined, e);
    }
  }

  private static Invocation invocation(
      CommandSpec spec, ParseResult result, List<String> joined, @Nullable List<String> words) {
    Map<String, List<String>> options = new HashMap<>();
    // What was given twice is matched twice, with all values each time.
    for (var matched : new LinkedHashSet<>(result.matchedOptions())) {
      OptionSpec option = Objects.requireNonNull(spec.find(matched.names()[0]));
      for (String value : matched.originalStringValues()) {
        Invocation.add(options, option, option.isBare() ? Invocation.TRUE : value);
      }
    }
    List<String> positionals = new ArrayList<>();
    for (PositionalParamSpec matched : new LinkedHashSet<>(result.matchedPositionals())) {
      positionals.addAll(matched.originalStringValues());
    }
    return new Invocation(spec, options, positionals, words, joined);
  }

  static ParseResult parse(CommandSpec spec, List<String> joined) {
    return new CommandLine(model(spec), CommandLine.defaultFactory())
        .setTrimQuotes(false)
        .setInterpolateVariables(false)
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true)
        .setAllowOptionsAsOptionParameters(true)
        .parseArgs(joined.toArray(new String[0]));
  }

  private static CommandLine.Model.CommandSpec model(CommandSpec spec) {
    CommandLine.Model.CommandSpec model =
        // A description may name `${IMAGE}` and mean it.
        CommandLine.Model.CommandSpec.create().interpolateVariables(false);
    for (OptionSpec option : spec.options()) {
      model.addOption(model(option));
    }
    for (PositionalSpec positional : spec.positionals()) {
      model.addPositional(model(positional));
    }
    return model;
  }

  private static CommandLine.Model.OptionSpec model(OptionSpec option) {
    CommandLine.Model.OptionSpec.Builder builder =
        CommandLine.Model.OptionSpec.builder(option.names().toArray(new String[0]))
            .paramLabel(option.paramLabel())
            .hidden(option.hidden());
    if (option.fallback() != null) {
      builder.fallbackValue(option.fallback());
    }
    String arity = option.needsValue() ? "1" : "0..1";
    return switch (option.kind()) {
      case FLAG -> builder.type(boolean.class).build();
      case TRUTH -> builder.arity(arity).type(Boolean.class).build();
      case SINGLE -> builder.arity(arity).type(String.class).build();
      case REPEATED -> builder.arity(arity).type(List.class).auxiliaryTypes(String.class).build();
    };
  }

  private static PositionalParamSpec model(PositionalSpec positional) {
    PositionalParamSpec.Builder builder =
        PositionalParamSpec.builder()
            .paramLabel(positional.paramLabel())
            .required(positional.required())
            .arity((positional.required() ? "1.." : "0..") + (positional.variable() ? "*" : "1"));
    return positional.variable()
        ? builder.type(List.class).auxiliaryTypes(String.class).build()
        : builder.index(Integer.toString(positional.index())).type(String.class).build();
  }
}
