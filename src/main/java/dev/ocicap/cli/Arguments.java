package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// Reads the arguments before `--`. What is spelt out in full is read here, in a tenth of the time
/// that picocli takes to begin; everything else, mistakes above all, is picocli's to understand.
final class Arguments {
  /// What an option that takes no value has when it is given.
  private static final String TRUE = "true";

  private final CommandSpec spec;

  Arguments(CommandSpec spec) {
    this.spec = spec;
  }

  /// Reads a command line.
  ///
  /// @param args the arguments before `--`
  /// @param words the arguments after it; null when there was none
  /// @throws CommandLine.ParameterException when the arguments are not the command's
  Invocation read(List<String> args, @Nullable List<String> words) {
    List<String> joined = joined(args);
    Invocation plain = plain(joined, words);
    return plain == null ? picocli(joined, words) : plain;
  }

  /// The arguments with each option's value joined to it by `=`, so that a value may look like an
  /// option (`--oom-score-adj -5`) and what follows a flag is not taken for its value.
  List<String> joined(List<String> args) {
    List<String> joined = new ArrayList<>(args.size());
    for (int i = 0; i < args.size(); i++) {
      String word = args.get(i);
      OptionSpec option = find(word);
      if (option == null || option.arity().max() == 0) {
        joined.add(word);
      } else if (option.type() == Boolean.class) {
        joined.add(word + "=" + TRUE);
      } else if (i + 1 < args.size() && isValue(args.get(i + 1), option)) {
        joined.add(word + "=" + args.get(++i));
      } else if (option.arity().min() == 0) {
        joined.add(word + "=" + option.fallbackValue());
      } else {
        throw OcicapException.usage(word + " needs a value", word + " " + option.paramLabel());
      }
    }
    return joined;
  }

  private @Nullable OptionSpec find(String word) {
    return word.startsWith("-") ? spec.optionsMap().get(word) : null;
  }

  /// Whether a word is the value of the option before it. An option's full name is none, since then
  /// a value was forgotten; where a value may be left out, no word that looks like an option is
  /// one.
  private boolean isValue(String word, OptionSpec option) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    return option.arity().min() == 0
        ? !word.startsWith("-")
        : !word.startsWith("--") || find(name) == null;
  }

  /// The call, when every option in it has its full name and `=VALUE` if it takes one, and the
  /// positional parameters are as many as there may be; null otherwise.
  @Nullable Invocation plain(List<String> joined, @Nullable List<String> words) {
    Map<String, List<String>> options = new HashMap<>();
    List<String> positionals = new ArrayList<>();
    for (String word : joined) {
      if (word.length() < 2 || word.charAt(0) != '-') {
        positionals.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      OptionSpec option = find(equals < 0 ? word : word.substring(0, equals));
      if (option == null || (equals < 0) != (option.arity().max() == 0)) {
        return null;
      }
      String value = equals < 0 ? TRUE : word.substring(equals + 1);
      if (option.type() == Boolean.class && !value.equals(TRUE) && !value.equals("false")) {
        return null;
      }
      add(options, option, value);
    }
    return isPlausible(positionals.size())
        ? new Invocation(spec, options, positionals, words, joined)
        : null;
  }

  private boolean isPlausible(int positionals) {
    int least = 0;
    long most = 0;
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      least += parameter.arity().min();
      most += parameter.arity().max();
    }
    return positionals >= least && positionals <= most;
  }

  /// The call as picocli understands it.
  Invocation picocli(List<String> joined, @Nullable List<String> words) {
    ParseResult result =
        new CommandLine(spec, CommandLine.defaultFactory())
            .setTrimQuotes(false)
            .setInterpolateVariables(false)
            .setExpandAtFiles(false)
            .setOverwrittenOptionsAllowed(true)
            .setAllowOptionsAsOptionParameters(true)
            .parseArgs(joined.toArray(new String[0]));
    Map<String, List<String>> options = new HashMap<>();
    // What was given twice is matched twice, with all values each time.
    for (OptionSpec option : new LinkedHashSet<>(result.matchedOptions())) {
      for (String value : option.originalStringValues()) {
        add(options, option, option.arity().max() == 0 ? TRUE : value);
      }
    }
    List<String> positionals = new ArrayList<>();
    for (PositionalParamSpec matched : new LinkedHashSet<>(result.matchedPositionals())) {
      positionals.addAll(matched.originalStringValues());
    }
    return new Invocation(spec, options, positionals, words, joined);
  }

  private static void add(Map<String, List<String>> options, OptionSpec option, String value) {
    options.computeIfAbsent(Invocation.key(option), _ -> new ArrayList<>()).add(value);
  }
}
