package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.MapProperty;
import dev.ocicap.edit.NamespaceEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.Property;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.host.Host;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.seccomp.KernelVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The options that `generate` and `edit` share. Edits are applied in the order of the table,
/// whatever the order on the command line: the ones that reach any property first, then the named
/// ones, of each list removals before additions; then capabilities, and then the filter of system
/// calls, which depends on them.
final class EditOptions {
  private EditOptions() {}

  /// Some options under a heading.
  record Section(String heading, List<EditOption> options) {}

  /// What options are turned into edits with.
  ///
  /// @param console the caller's environment, directory and streams
  /// @param available what `ALL` means
  record Context(Console console, CapabilitySet available) {
    private static final int MAX_FILE = 16 << 20;

    Map<String, String> env() {
      return console.env();
    }

    Path directory() {
      return console.directory();
    }

    boolean recursiveReadonly() {
      return Host.kernel().isAtLeast(RECURSIVE_READONLY);
    }

    Path path(String option, String word) {
      if (word.isEmpty()) {
        throw OcicapException.usage(option + ": an empty path", null);
      }
      Path path = CliPaths.of(word, console);
      ConfigFile.requireNoPipe(path, "cat " + word + " | ocicap … " + option + " -");
      return path;
    }

    /// The bytes of a file that an option names.
    byte[] file(String option, String word) {
      Path path = path(option, word);
      if (Files.isDirectory(path)) {
        throw OcicapException.input(null, option + ": '" + word + "' is a directory", null);
      }
      try (InputStream in =
          word.equals(CliPaths.STANDARD_STREAM)
              ? console.in().take()
              : Files.newInputStream(path)) {
        byte[] bytes = in.readNBytes(MAX_FILE + 1);
        if (bytes.length > MAX_FILE) {
          throw OcicapException.input(
              null, option + ": '" + word + "' is larger than 16 MiB", null);
        }
        return bytes;
      } catch (IOException e) {
        throw ConfigFile.failure(path, option + ": cannot read", e);
      }
    }

    void warn(List<Problem> problems) {
      for (Problem problem : problems) {
        Notes.warn(console, problem);
      }
    }
  }

  private static final KernelVersion RECURSIVE_READONLY = new KernelVersion(5, 12);

  /// The tables, which are read when they are first needed.
  static final class Tables {
    private Tables() {}

    /// The options before the capabilities, in the order of application.
    static final List<Section> FIRST =
        List.of(
            DocumentOptions.SECTION,
            ProcessOptions.SECTION,
            FileSystemOptions.SECTION,
            NamespaceOptions.SECTION,
            DeviceOptions.SECTION,
            ResourceOptions.SECTION,
            HookOptions.SECTION,
            SecurityOptions.SECTION,
            PlatformOptions.SECTION);

    /// The options that come after the capabilities.
    static final Section LAST = SeccompOptions.SECTION;
  }

  /// The sections as help shows them.
  static List<Help.Section> sections() {
    List<Section> sections = new ArrayList<>(Tables.FIRST);
    sections.remove(DocumentOptions.SECTION);
    sections.add(Tables.LAST);
    sections.add(DocumentOptions.SECTION);
    List<Help.Section> shown = new ArrayList<>();
    for (Section section : sections) {
      List<String> names = new ArrayList<>();
      for (EditOption option : section.options()) {
        names.add(option.name());
      }
      shown.add(new Help.Section(section.heading(), names));
    }
    return shown;
  }

  /// Declares the options that are mentioned, and [DocumentOptions#SET] for a sign that the tables
  /// were read; none when no argument can mean one, for to read them is a tenth of a start.
  static void declare(CommandSpec spec, Mention mention) {
    if (mention.isCoveredBy(spec)) {
      return;
    }
    for (Section section : Tables.FIRST) {
      declare(spec, section, mention);
    }
    declare(spec, Tables.LAST, mention);
  }

  private static void declare(CommandSpec spec, Section section, Mention mention) {
    for (EditOption option : section.options()) {
      if (mention.of(option.names()) || option.name().equals(DocumentOptions.SET)) {
        spec.addOption(option.spec());
      }
    }
  }

  /// The edits before the capabilities.
  static SpecEdit first(Invocation invocation, Context context) {
    if (!invocation.declares(DocumentOptions.SET)) {
      return SpecEdit.nothing();
    }
    List<SpecEdit> edits = new ArrayList<>();
    Mistakes mistakes = new Mistakes();
    for (Section section : Tables.FIRST) {
      read(section, invocation, context, edits, mistakes);
    }
    mistakes.report();
    if (mapsIds(invocation)) {
      edits.add(NamespaceEdits.completeMappings());
    }
    return SpecEdit.all(edits);
  }

  /// Whether ids are mapped: if of one kind only, the other kind follows, once all are there.
  private static boolean mapsIds(Invocation invocation) {
    for (EditOption option : NamespaceOptions.SECTION.options()) {
      if (option.action() instanceof Action.Read(Notation notation)
          && notation.mapsIds()
          && !invocation.values(option.name()).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /// The edits after the capabilities.
  static SpecEdit last(Invocation invocation, Context context) {
    if (!invocation.declares(DocumentOptions.SET)) {
      return SpecEdit.nothing();
    }
    List<SpecEdit> edits = new ArrayList<>();
    Mistakes mistakes = new Mistakes();
    read(Tables.LAST, invocation, context, edits, mistakes);
    mistakes.report();
    return SpecEdit.all(edits);
  }

  private static void read(
      Section section,
      Invocation invocation,
      Context context,
      List<SpecEdit> edits,
      Mistakes mistakes) {
    for (EditOption option : section.options()) {
      List<String> values = invocation.values(option.name());
      if (!values.isEmpty()) {
        edits.add(mistakes.read(SpecEdit.nothing(), () -> edit(option, values, context, mistakes)));
      }
    }
  }

  private static SpecEdit edit(
      EditOption option, List<String> values, Context context, Mistakes mistakes) {
    if (option.action() instanceof Action.Read(Notation notation) && notation == Notation.ARGS) {
      return ProcessEdits.args(values);
    }
    String name = option.name();
    String last = values.getLast();
    return switch (option.kind()) {
      case BOOLEAN -> flag(option.action(), name, Text.truth(name, last), context);
      case SINGLE -> edit(option.action(), name, last, context);
      case REPEATED -> {
        List<SpecEdit> edits = new ArrayList<>();
        for (String value : values) {
          edits.add(
              mistakes.read(SpecEdit.nothing(), () -> edit(option.action(), name, value, context)));
        }
        yield SpecEdit.all(edits);
      }
    };
  }

  private static SpecEdit flag(Action action, String name, boolean on, Context context) {
    if (action instanceof Action.Replace(Property property)) {
      return property.set(JsonValues.bool(on));
    }
    return on ? edit(action, name, "", context) : SpecEdit.nothing();
  }

  private static SpecEdit edit(Action action, String name, String value, Context context) {
    return switch (action) {
      case Action.Replace(Property property) -> PropertyValue.edit(name, property, value);
      case Action.Append(ListProperty list) ->
          list.add(JsonValues.string(PropertyValue.element(name, list, value)));
      case Action.AppendJson(ListProperty list) -> list.add(DocumentNotations.object(name, value));
      case Action.Remove(ListProperty list) -> list.remove(value);
      case Action.Clear(ListProperty list) -> list.clear();
      case Action.Put(var map) -> {
        Text.Pair pair = Text.pair(name, value);
        if (map == MapProperty.UNIFIED && pair.key().indexOf('/') >= 0) {
          throw Text.bad(name, pair.key(), "the name of a file", "memory.high=400000000");
        }
        yield map.put(pair.key(), JsonValues.string(pair.value()));
      }
      case Action.RemoveKey(var map) -> map.remove(value);
      case Action.ClearMap(var map) -> map.clear();
      case Action.Read(Notation notation) -> notation.edit(name, value, context);
    };
  }
}
