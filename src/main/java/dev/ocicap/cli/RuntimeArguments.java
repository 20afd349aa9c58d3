package dev.ocicap.cli;

import dev.ocicap.host.Host;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.ShellWords;
import dev.ocicap.runtime.ContainerId;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.runtime.Launch;
import dev.ocicap.runtime.Launcher;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeOption;
import dev.ocicap.runtime.StateDirectory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What the commands share that call a container runtime: which one, its options, and `--print`.
final class RuntimeArguments {
  static final String RUNTIME = "--runtime";
  static final String PRINT = "--print";
  static final String CONTAINER = "CONTAINER";

  /// What may follow `--`.
  static final String WORDS = "OPTIONS OF THE RUNTIME…";

  private static final List<String> LOG_FORMATS = List.of("text", "json");

  private final Invocation invocation;
  private final Console console;

  /// Reads the arguments.
  ///
  /// @param command the command's name
  /// @throws OcicapException on a system that has no containers
  RuntimeArguments(String command, Invocation invocation, Console console) {
    String system = System.getProperty("os.name", "");
    if (!system.equals("Linux")) {
      throw new OcicapException(
          ExitStatus.NOT_STARTED,
          List.of(
              Problem.of(
                  "'"
                      + command
                      + "' needs Linux, where containers are processes, and this is "
                      + system
                      + ": start the bundle on a Linux machine or in a virtual one")));
    }
    this.invocation = invocation;
    this.console = console;
  }

  /// Declares the options.
  ///
  /// @param verb the runtime's subcommand whose options to offer beside the global ones
  static void declare(CommandSpec spec, String verb) {
    spec.addOption(
        Options.single(
            "NAME|PATH",
            "runc, crun, youki or another; default: OCICAP_RUNTIME, or the first that is installed",
            RUNTIME));
    for (RuntimeOption option : RuntimeOption.values()) {
      if (option.isGlobal() || option.isOf(verb)) {
        String[] names =
            option == RuntimeOption.DETACH
                ? new String[] {"-d", option.flag()}
                : new String[] {option.flag()};
        spec.addOption(
            option.label().isEmpty()
                ? Options.flag(option.description(), names)
                : Options.single(option.label(), option.description(), names));
      }
    }
  }

  /// Declares `--print`.
  static void declarePrint(CommandSpec spec) {
    spec.addOption(Options.flag("print the runtime's command line instead of running it", PRINT));
  }

  /// The heading under which help shows the options that go to the runtime.
  static Help.Section section() {
    List<String> names = new ArrayList<>();
    for (RuntimeOption option : RuntimeOption.values()) {
      if (option.isGlobal()) {
        names.add(option.flag());
      }
    }
    return new Help.Section("Options of the runtime", names);
  }

  /// The runtime for a new container.
  OciRuntime runtime() {
    OciRuntime runtime = OciRuntime.find(invocation.value(RUNTIME).orElse(null), console.env());
    runtime.checkHost(console.env());
    return runtime;
  }

  /// The runtime's options.
  Map<RuntimeOption, String> options() {
    Map<RuntimeOption, String> options = new EnumMap<>(RuntimeOption.class);
    for (RuntimeOption option : RuntimeOption.values()) {
      if (invocation.has(option.flag())) {
        options.put(option, invocation.value(option.flag()).orElse(""));
      }
    }
    check(options);
    return options;
  }

  /// Refuses values that no runtime takes.
  private static void check(Map<RuntimeOption, String> options) {
    var _ =
        Text.integer(
            RuntimeOption.PRESERVE_FDS.flag(),
            options.getOrDefault(RuntimeOption.PRESERVE_FDS, "0"),
            0,
            Integer.MAX_VALUE);
    String format = options.getOrDefault(RuntimeOption.LOG_FORMAT, LOG_FORMATS.getFirst());
    if (!LOG_FORMATS.contains(format)) {
      throw Formats.none(RuntimeOption.LOG_FORMAT.flag(), format, LOG_FORMATS);
    }
  }

  /// Where to look for containers.
  KnownContainer.Search search() {
    Map<RuntimeOption, String> options = options();
    options.keySet().removeIf(option -> !option.isGlobal());
    return new KnownContainer.Search(
        invocation.value(RUNTIME).orElse(null),
        options,
        console.env(),
        Host.uid(),
        console.directory());
  }

  /// Where a runtime keeps its containers.
  StateDirectory directory(OciRuntime runtime) {
    return search().directory(runtime);
  }

  /// The container with a name.
  ///
  /// @throws OcicapException when there is none
  KnownContainer container(String name) {
    return search().find(ContainerId.parse(CONTAINER, name));
  }

  /// The words after `--`, which only the runtime understands.
  List<String> words() {
    List<String> words = invocation.words();
    return words == null ? List.of() : words;
  }

  /// A command of ocicap about a container, to be typed where this one was.
  String command(String verb, String... rest) {
    List<String> words = new ArrayList<>(List.of("ocicap"));
    invocation
        .value(RuntimeOption.ROOT.flag())
        .ifPresent(root -> words.addAll(List.of("--root", root)));
    words.add(verb);
    words.addAll(List.of(rest));
    return ShellWords.pasted(words);
  }

  /// A descriptor that the runtime does not hand on to the process.
  ///
  /// @param wanted the option that needs it
  /// @param options the runtime's options
  static int descriptor(String wanted, Map<RuntimeOption, String> options, Console console) {
    long kept =
        2
            + Text.integer(
                RuntimeOption.PRESERVE_FDS.flag(),
                options.getOrDefault(RuntimeOption.PRESERVE_FDS, "0"),
                0,
                Integer.MAX_VALUE)
            + Text.integer(
                "LISTEN_FDS", console.env().getOrDefault("LISTEN_FDS", "0"), 0, Integer.MAX_VALUE);
    int descriptor = Launcher.freeDescriptor();
    if (descriptor <= kept) {
      throw OcicapException.usage(
          wanted + " needs a descriptor of its own, and the process gets all of them",
          RuntimeOption.PRESERVE_FDS.flag() + " 6");
    }
    return descriptor;
  }

  /// Becomes a runtime, or prints its command line.
  ExitStatus start(Launch launch) {
    if (invocation.has(PRINT)) {
      console.out().println(launch.print(console.outIsTerminal()));
      return ExitStatus.DONE;
    }
    return become(launch.words());
  }

  /// Becomes a program.
  ExitStatus become(List<String> words) {
    console.out().flush();
    console.err().flush();
    return console.handover().become(words);
  }

  /// How many words an option takes that may stand before the command, itself included; 0 when it
  /// is none of them.
  static int wordsOfGlobal(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (name.equals(RUNTIME)) {
      return equals < 0 ? 2 : 1;
    }
    for (RuntimeOption option : RuntimeOption.values()) {
      if (option.isGlobal() && option.flag().equals(name)) {
        return equals < 0 && !option.label().isEmpty() ? 2 : 1;
      }
    }
    return 0;
  }
}
