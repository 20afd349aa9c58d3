package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the arguments before `--`. What is spelt out in full is read here, in a tenth of the time
/// that picocli takes to begin; everything else, mistakes above all, is picocli's to understand.
final class Arguments {
  private final String name;
  private final Command command;
  private final CommandSpec spec;

  /// The arguments of a command.
  ///
  /// @param name the word after `ocicap`
  /// @param mention which options are declared
  Arguments(String name, Command command, Mention mention) {
    this.name = name;
    this.command = command;
    this.spec = command.spec(mention);
  }

  /// Reads a command line.
  ///
  /// @param args the arguments before `--`
  /// @param words the arguments after it; null when there was none
  /// @throws OcicapException when the arguments are not the command's
  Invocation read(List<String> args, @Nullable List<String> words) {
    List<String> joined = joined(args);
    Invocation plain = plain(joined, words);
    return plain == null ? picocli(joined, words) : plain;
  }

  /// The call as picocli understands it.
  Invocation picocli(List<String> joined, @Nullable List<String> words) {
    return Picocli.read(name, command, spec, joined, words);
  }

  /// The arguments with each option's value joined to it by `=`, so that a value may look like an
  /// option (`--oom-score-adj -5`) and what follows a flag is not taken for its value.
  List<String> joined(List<String> args) {
    List<String> joined = new ArrayList<>(args.size());
    for (int i = 0; i < args.size(); i++) {
      String word = args.get(i);
      OptionSpec option = find(word);
      if (option == null || option.isBare()) {
        joined.add(word);
      } else if (option.isTruth()) {
        joined.add(word + "=" + Invocation.TRUE);
      } else if (i + 1 < args.size() && isValue(args.get(i + 1), option)) {
        joined.add(word + "=" + args.get(++i));
      } else if (!option.needsValue()) {
        joined.add(word + "=" + option.fallback());
      } else {
        throw OcicapException.usage(word + " needs a value", word + " " + option.paramLabel());
      }
    }
    return joined;
  }

  private @Nullable OptionSpec find(String word) {
    return word.startsWith("-") ? spec.find(word) : null;
  }

  /// Whether a word is the value of the option before it. An option's full name is none, since then
  /// a value was forgotten; where a value may be left out, no word that looks like an option is
  /// one.
  private boolean isValue(String word, OptionSpec option) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    return option.needsValue()
        ? !word.startsWith("--") || find(name) == null
        : !word.startsWith("-");
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
      if (option == null || (equals < 0) != option.isBare()) {
        return null;
      }
      String value = equals < 0 ? Invocation.TRUE : word.substring(equals + 1);
      if (option.isTruth() && !value.equals(Invocation.TRUE) && !value.equals("false")) {
        return null;
      }
      Invocation.add(options, option, value);
    }
    return isPlausible(positionals.size())
        ? new Invocation(spec, options, positionals, words, joined)
        : null;
  }

  private boolean isPlausible(int positionals) {
    int least = 0;
    int most = 0;
    for (PositionalSpec parameter : spec.positionals()) {
      least += parameter.required() ? 1 : 0;
      most = parameter.variable() ? Integer.MAX_VALUE : most + 1;
    }
    return positionals >= least && positionals <= most;
  }
}
