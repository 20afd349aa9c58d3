package dev.ocicap.cli;

import dev.ocicap.cap.Capability;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Writes the completion scripts of the distribution from the commands' own options: option names,
/// capability names in comma lists, files and directories. The build calls it.
public final class Completion {
  private Completion() {}

  /// Prints the script for one shell.
  ///
  /// @param args `bash` or `zsh`
  public static void main(String[] args) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    out.print(script(args[0]));
    out.flush();
  }

  static String script(String shell) {
    return switch (shell) {
      case "bash" -> bash();
      case "zsh" -> zsh();
      default -> throw new IllegalArgumentException(shell);
    };
  }

  /// What the value of an option or a positional parameter is, as its label tells.
  private enum Value {
    CAPABILITIES,
    DIRECTORY,
    FILE,
    OTHER;

    static Value of(String label) {
      if (label.startsWith("CAPABILITY")) {
        return CAPABILITIES;
      }
      return switch (label) {
        case "DIR" -> DIRECTORY;
        case "FILE", "BUNDLE", "PATH" -> FILE;
        default -> OTHER;
      };
    }
  }

  private static Value value(OptionSpec option) {
    return Value.of(option.paramLabel());
  }

  private static boolean takesValue(OptionSpec option) {
    return option.arity().min() > 0;
  }

  private static String bash() {
    StringBuilder text =
        new StringBuilder(
            """
            # Completion of ocicap for bash, made from its commands.

            _ocicap_capabilities() {
              local before='' last=${cur##*,} names='NAMES'
              [[ $cur != *,* ]] || before=${cur%,*},
              case ${last,,} in
                cap_*) last=${last^^} names='CONSTANTS' ;;
                *) last=${last,,} ;;
              esac
              COMPREPLY=($(compgen -P "$before" -W "$names" -- "$last"))
              compopt -o nospace
            }

            _ocicap() {
              local cur=${COMP_WORDS[COMP_CWORD]} command='' option='' i
              COMPREPLY=()
              for ((i = 1; i < COMP_CWORD; i++)); do
                case ${COMP_WORDS[i]} in
                  --) return ;;
                  -*) ;;
                  *) [[ $command ]] || command=${COMP_WORDS[i]} ;;
                esac
              done
              if [[ $cur == = ]]; then
                cur='' option=${COMP_WORDS[COMP_CWORD - 1]}
              elif ((COMP_CWORD > 1)); then
                option=${COMP_WORDS[COMP_CWORD - 1]}
                [[ $option != = ]] || option=${COMP_WORDS[COMP_CWORD - 2]}
              fi
              case $command:$option in
            """
                .replace("CONSTANTS", constants())
                .replace("NAMES", names()));
    StringBuilder words = new StringBuilder();
    for (Commands.Row row : Commands.ALL) {
      StringBuilder options = new StringBuilder();
      for (OptionSpec option : options(row)) {
        StringBuilder patterns = new StringBuilder();
        for (String name : option.names()) {
          options.append(options.isEmpty() ? "" : " ").append(name);
          patterns
              .append(patterns.isEmpty() ? "" : "|")
              .append(row.name())
              .append(':')
              .append(name);
        }
        if (takesValue(option)) {
          String action =
              switch (value(option)) {
                case CAPABILITIES -> "_ocicap_capabilities; return";
                case DIRECTORY ->
                    "COMPREPLY=($(compgen -d -- \"$cur\")); compopt -o filenames; return";
                case FILE, OTHER -> "return";
              };
          text.append("    ").append(patterns).append(") ").append(action).append(" ;;\n");
        }
      }
      words
          .append("    ")
          .append(row.name())
          .append(":-*) words='")
          .append(options)
          .append("' ;;\n");
    }
    text.append("  esac\n  local words=''\n  case $command:$cur in\n").append(words);
    text.append("    :*) words='").append(String.join(" ", Commands.names()));
    text.append(" help --help --version' ;;\n  esac\n");
    text.append("  [[ ! $words ]] || COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n\n");
    return text.append("complete -o default -F _ocicap ocicap\n").toString();
  }

  private static String zsh() {
    StringBuilder text =
        new StringBuilder(
            """
            #compdef ocicap
            # Completion of ocicap for zsh, made from its commands.

            _ocicap_capabilities() {
              _sequence -s , compadd -M 'm:{[:upper:]}={[:lower:]}' - "$@" NAMES
            }

            _ocicap() {
              local curcontext=$curcontext state line
              _arguments -C '1:command:->command' '*::argument:->argument' && return
              case $state in
                command)
                  local -a commands
                  commands=(
            """
                .replace("NAMES", names()));
    for (Commands.Row row : Commands.ALL) {
      text.append("        '").append(quoted(row.name() + ":" + row.summary())).append("'\n");
    }
    text.append("      )\n      _describe command commands\n      ;;\n");
    text.append("    argument)\n      case $words[1] in\n");
    for (Commands.Row row : Commands.ALL) {
      text.append("        ").append(row.name()).append(")\n          _arguments -s -S");
      for (OptionSpec option : options(row)) {
        text.append(" \\\n            ").append(zshOption(option));
      }
      text.append(" \\\n            '*:file:_files'\n          ;;\n");
    }
    return text.append("      esac\n      ;;\n  esac\n}\n\n_ocicap \"$@\"\n").toString();
  }

  private static String zshOption(OptionSpec option) {
    boolean value = takesValue(option);
    List<String> names = new ArrayList<>();
    for (String name : option.names()) {
      names.add(!value ? name : name + (name.startsWith("--") ? "=" : "+"));
    }
    StringBuilder text = new StringBuilder();
    text.append(option.isMultiValue() ? "'*'" : "'(" + String.join(" ", option.names()) + ")'");
    text.append(names.size() == 1 ? names.getFirst() : "{" + String.join(",", names) + "}");
    String description = String.join(" ", option.description());
    text.append("'[")
        .append(quoted(description).replace("[", "\\[").replace("]", "\\]"))
        .append(']');
    if (value) {
      text.append(':').append(quoted(option.paramLabel()).replace(":", "\\:")).append(':');
      text.append(
          switch (value(option)) {
            case CAPABILITIES -> "_ocicap_capabilities";
            case DIRECTORY -> "_directories";
            case FILE -> "_files";
            case OTHER -> " ";
          });
    }
    return text.append('\'').toString();
  }

  private static String quoted(String text) {
    return text.replace("'", "'\\''");
  }

  private static List<OptionSpec> options(Commands.Row row) {
    CommandSpec spec = row.maker().get().spec();
    return spec.options();
  }

  private static String names() {
    StringBuilder names = new StringBuilder("all");
    for (Capability capability : Capability.all()) {
      names.append(' ').append(capability.shortName());
    }
    return names.toString().toLowerCase(Locale.ROOT);
  }

  private static String constants() {
    StringBuilder names = new StringBuilder();
    for (Capability capability : Capability.all()) {
      names.append(names.isEmpty() ? "" : " ").append(capability.name());
    }
    return names.toString();
  }
}
