package dev.ocicap.cli;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.SetName;
import dev.ocicap.host.Preset;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.validate.Rule;
import dev.ocicap.validate.Rules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The completion scripts of the distribution, made from the commands' own options: their names,
/// and their values as far as labels tell what those are.
final class Completion {
  private Completion() {}

  /// What a value may be beside words that are known beforehand.
  private enum Kind {
    /// Names of capabilities with commas between them.
    CAPABILITIES("capabilities"),
    /// Names of the five sets with commas between them.
    SETS("sets"),
    /// The container runtimes that are installed.
    RUNTIMES("runtimes"),
    /// The containers that runtimes remember.
    CONTAINERS("containers"),
    PROCESSES("processes"),
    DIRECTORIES("directories"),
    FILES("files");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /// What may be offered for a value.
  ///
  /// @param words known beforehand
  /// @param kinds the rest
  private record Values(List<String> words, Set<Kind> kinds) {

    /// What a label means: parts with `|` between them, each a word to be typed as it is, in lower
    /// case, or the name of a kind.
    static Values of(ArgSpec argument) {
      Set<Kind> kinds = new LinkedHashSet<>();
      List<String> words = new ArrayList<>();
      boolean positional = argument instanceof PositionalSpec;
      for (String part : argument.paramLabel().split("[| ]", -1)) {
        switch (part.replace("[,…]", "").replace(",…", "")) {
          case "CAPABILITY" -> kinds.add(Kind.CAPABILITIES);
          case "SET" -> kinds.add(Kind.SETS);
          case "CONTAINER" -> kinds.add(Kind.CONTAINERS);
          case "PID" -> kinds.add(Kind.PROCESSES);
          case "DIR" -> kinds.add(Kind.DIRECTORIES);
          case "FILE", "BUNDLE", "PATH", "A", "B", "SOCKET" -> kinds.add(Kind.FILES);
          case "ID" -> {
            if (positional) {
              kinds.add(Kind.CONTAINERS);
            }
          }
          case "PRESET" -> words.addAll(Preset.words());
          case "RULE" -> words.addAll(rules());
          case "FORMAT" -> words.addAll(List.of("text", "json"));
          default -> {
            if (part.matches("[a-z0-9][a-z0-9.-]*")) {
              words.add(part);
            }
          }
        }
      }
      if (argument instanceof OptionSpec option && option.names().contains("--runtime")) {
        kinds.add(Kind.RUNTIMES);
        kinds.add(Kind.FILES);
      }
      return new Values(words, kinds);
    }
  }

  /// The script for `bash` or `zsh`.
  static String script(String shell) {
    return switch (shell) {
      case "bash" -> bash();
      case "zsh" -> zsh();
      default -> throw new IllegalArgumentException(shell);
    };
  }

  private static boolean takesValue(OptionSpec option) {
    return option.needsValue();
  }

  /// What comes after the name of a command, as options and positional parameters are offered.
  private static CommandSpec spec(Commands.Row row) {
    return row.make().spec();
  }

  private static String bash() {
    StringBuilder text =
        new StringBuilder(
            """
            # Completion of ocicap for bash, made from its commands.
            #
            # Names that come from outside, such as those of containers, are compared and quoted; no word of
            # them is expanded.

            # Offers the words that begin as the one at the cursor does.
            _ocicap_words() {
              local word
              for word; do
                [[ $word != "$cur"* ]] || COMPREPLY+=("$word")
              done
            }

            # The same for the last word of a list with commas.
            _ocicap_list() {
              local before='' last=${cur##*,} word
              [[ $cur != *,* ]] || before=${cur%,*},
              for word; do
                [[ $word != "$last"* ]] || COMPREPLY+=("$before$word")
              done
              compopt -o nospace
            }

            _ocicap_capabilities() {
              local cur=$cur
              case ${cur##*,} in
                [Cc][Aa][Pp]_*)
                  cur=${cur^^}
                  _ocicap_list CONSTANTS
                  ;;
                *)
                  cur=${cur,,}
                  _ocicap_list NAMES
                  ;;
              esac
            }

            _ocicap_sets() {
              _ocicap_list SETS
            }

            _ocicap_runtimes() {
              local name
              for name in RUNTIMES; do
                ! PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin type -P "$name" >/dev/null || _ocicap_words "$name"
              done
            }

            # Where runc and crun keep what they know of each container, or below the --root that was typed.
            _ocicap_containers() {
              local roots=(/run/runc /run/crun /run/user/"$UID"/runc /run/user/"$UID"/crun) i file
              for ((i = 1; i < COMP_CWORD - 1; i++)); do
                [[ ${COMP_WORDS[i]} != --root ]] || roots=("${COMP_WORDS[i + 1]}")
              done
              for file in "${roots[@]/%//*/state.json}" "${roots[@]/%//*/status}"; do
                _ocicap_container_files "$file"
              done
            }

            _ocicap_container_files() {
              local IFS= file
              for file in $1; do
                file=${file%/*}
                [[ ${file##*/} == *[!A-Za-z0-9_+.-]* ]] || _ocicap_words "${file##*/}"
              done
            }

            _ocicap_processes() {
              local process
              for process in /proc/[0-9]*; do
                _ocicap_words "${process##*/}"
              done
            }

            _ocicap_directories() {
              local word
              while IFS= read -r word; do
                COMPREPLY+=("$word")
              done < <(compgen -d -- "$cur")
              compopt -o filenames
            }

            _ocicap_files() {
              local word
              while IFS= read -r word; do
                COMPREPLY+=("$word")
              done < <(compgen -f -- "$cur")
              compopt -o filenames
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
                .replace("NAMES", names())
                .replace("SETS", sets())
                .replace("RUNTIMES", String.join(" ", OciRuntime.KNOWN)));
    StringBuilder words = new StringBuilder();
    for (Commands.Row row : Commands.ALL) {
      CommandSpec spec = spec(row);
      StringBuilder options = new StringBuilder();
      for (OptionSpec option : spec.options()) {
        StringBuilder patterns = new StringBuilder();
        for (String name : option.names()) {
          options.append(option.hidden() ? "" : " " + name);
          patterns
              .append(patterns.isEmpty() ? "" : "|")
              .append(row.name())
              .append(':')
              .append(name);
        }
        if (takesValue(option)) {
          text.append("    ").append(patterns).append(") ");
          text.append(bashValues(Values.of(option))).append("return ;;\n");
        }
      }
      StringBuilder positionals = new StringBuilder();
      for (PositionalSpec positional : spec.positionals()) {
        positionals.append(bashValues(Values.of(positional)));
      }
      words
          .append("    ")
          .append(row.name())
          .append(":-*) _ocicap_words")
          .append(options)
          .append(" ;;\n    ")
          .append(row.name())
          .append(":*) ")
          .append(positionals)
          .append(";;\n");
    }
    text.append("  esac\n  case $command:$cur in\n").append(words);
    text.append("    help:*) _ocicap_words ").append(pages()).append(" ;;\n");
    text.append("    :*) _ocicap_words ").append(String.join(" ", Commands.names()));
    text.append(" help --help --version ;;\n  esac\n}\n\n");
    return text.append("complete -F _ocicap ocicap\n").toString();
  }

  private static String bashValues(Values values) {
    StringBuilder text = new StringBuilder();
    if (!values.words().isEmpty()) {
      text.append("_ocicap_words ").append(String.join(" ", values.words())).append("; ");
    }
    for (Kind kind : values.kinds()) {
      text.append("_ocicap_").append(kind.word).append("; ");
    }
    return text.toString();
  }

  private static String zsh() {
    StringBuilder text =
        new StringBuilder(
            """
            #compdef ocicap
            # Completion of ocicap for zsh, made from its commands.

            _ocicap_capabilities() {
              if [[ ${PREFIX##*,} == (#i)cap_* ]]; then
                _sequence -s , compadd -M 'm:{[:lower:]}={[:upper:]}' - CONSTANTS
              else
                _sequence -s , compadd -M 'm:{[:upper:]}={[:lower:]}' - NAMES
              fi
            }

            _ocicap_sets() {
              _sequence -s , compadd - SETS
            }

            _ocicap_runtimes() {
              local -a names
              local name directory
              for name in RUNTIMES; do
                for directory in $path /usr/local/sbin /usr/sbin /sbin; do
                  [[ -x $directory/$name ]] && names+=($name) && break
                done
              done
              compadd "$@" -a names
            }

            # Where runc and crun keep what they know of each container, or below the --root that was typed.
            _ocicap_containers() {
              local -a roots names
              roots=(/run/runc /run/crun /run/user/$UID/runc /run/user/$UID/crun)
              (( ${words[(I)--root]} )) && roots=(${words[${words[(I)--root]} + 1]})
              names=($^roots/*/(state.json|status)(N:h:t))
              names=(${names:#*[^A-Za-z0-9_+.-]*})
              compadd "$@" -a names
            }

            _ocicap_processes() {
              local -a names
              names=(/proc/[0-9]*(N:t))
              compadd "$@" -a names
            }

            _ocicap() {
              setopt localoptions extendedglob
              local curcontext=$curcontext state line
              _arguments -C '1:command:->command' '*::argument:->argument' && return
              case $state in
                command)
                  local -a commands
                  commands=(
            """
                .replace("CONSTANTS", constants())
                .replace("NAMES", names())
                .replace("SETS", sets())
                .replace("RUNTIMES", String.join(" ", OciRuntime.KNOWN)));
    for (Commands.Row row : Commands.ALL) {
      text.append("        '").append(quoted(row.name() + ":" + row.summary())).append("'\n");
    }
    text.append("        'help:explain a command or a topic'\n");
    text.append("      )\n      _describe command commands\n      ;;\n");
    text.append("    argument)\n      case $words[1] in\n");
    for (Commands.Row row : Commands.ALL) {
      CommandSpec spec = spec(row);
      text.append("        ").append(row.name()).append(")\n          _arguments -s -S");
      for (OptionSpec option : spec.options()) {
        if (!option.hidden()) {
          text.append(" \\\n            ").append(zshOption(option));
        }
      }
      for (PositionalSpec positional : spec.positionals()) {
        text.append(" \\\n            '*").append(zshValues(positional)).append('\'');
      }
      text.append("\n          ;;\n");
    }
    text.append("        help)\n          _arguments '1:page:(").append(pages()).append(")'\n");
    text.append("          ;;\n");
    return text.append("      esac\n      ;;\n  esac\n}\n\n_ocicap \"$@\"\n").toString();
  }

  private static String zshOption(OptionSpec option) {
    boolean value = takesValue(option);
    List<String> names = new ArrayList<>();
    for (String name : option.names()) {
      names.add(!value ? name : name + (name.startsWith("--") ? "=" : "+"));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        option.kind() == OptionSpec.Kind.REPEATED
            ? "'*'"
            : "'(" + String.join(" ", option.names()) + ")'");
    text.append(names.size() == 1 ? names.getFirst() : "{" + String.join(",", names) + "}");
    String description = option.description();
    text.append("'[")
        .append(quoted(description).replace("[", "\\[").replace("]", "\\]"))
        .append(']');
    if (value) {
      text.append(zshValues(option));
    }
    return text.append('\'').toString();
  }

  /// `:label:action`; more actions than one are alternatives.
  private static String zshValues(ArgSpec argument) {
    Values values = Values.of(argument);
    String label = quoted(argument.paramLabel()).replace(":", "\\:");
    List<String> actions = new ArrayList<>();
    if (!values.words().isEmpty()) {
      actions.add("(" + String.join(" ", values.words()) + ")");
    }
    for (Kind kind : values.kinds()) {
      actions.add(
          switch (kind) {
            case FILES -> "_files";
            case DIRECTORIES -> "_directories";
            case CAPABILITIES, SETS, RUNTIMES, CONTAINERS, PROCESSES -> "_ocicap_" + kind.word;
          });
    }
    if (actions.size() <= 1) {
      return ":" + label + ":" + (actions.isEmpty() ? " " : actions.getFirst());
    }
    StringBuilder alternatives = new StringBuilder(":" + label + ":_alternative");
    for (String action : actions) {
      alternatives.append(" \"values\\:value\\:").append(action).append('"');
    }
    return alternatives.toString();
  }

  private static String quoted(String text) {
    return text.replace("'", "'\\''");
  }

  /// What `help` takes.
  private static String pages() {
    return String.join(" ", Commands.names()) + " " + String.join(" ", Topics.names());
  }

  private static List<String> rules() {
    List<String> rules = new ArrayList<>();
    for (Rule rule : Rules.ALL) {
      rules.add(rule.code());
    }
    return rules;
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

  private static String sets() {
    StringBuilder names = new StringBuilder();
    for (SetName set : SetName.values()) {
      names.append(names.isEmpty() ? "" : " ").append(set.key());
    }
    return names.toString();
  }
}
