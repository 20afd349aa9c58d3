package dev.ocicap.cli;

import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.MapProperty;
import dev.ocicap.edit.Property;
import java.util.List;

/// One option of `generate` and `edit`.
///
/// @param kind how often and with what it may be given
/// @param names as typed; the last one names it in errors
/// @param label what its value is called, or ""
/// @param description what it does; of a hidden option, what replaces it
/// @param action the edit it stands for
/// @param hidden whether it is a spelling of oci-runtime-tool or ocitools, which help leaves out
record EditOption(
    Kind kind,
    List<String> names,
    String label,
    String description,
    Action action,
    boolean hidden) {

  /// How often and with what an option may be given.
  enum Kind {
    /// `--flag`, `--flag=true` or `--flag=false`.
    BOOLEAN,
    /// One value; the last one counts.
    SINGLE,
    /// A value each time.
    REPEATED
  }

  /// What an option does with its values. Rows are data and not lambdas: a start makes all rows and
  /// uses two or three.
  sealed interface Action {
    /// Replaces a property; an empty value removes it.
    record Replace(Property property) implements Action {}

    /// Adds texts to a list.
    record Append(ListProperty list) implements Action {}

    /// Adds JSON values to a list.
    record AppendJson(ListProperty list) implements Action {}

    /// Removes elements by name.
    record Remove(ListProperty list) implements Action {}

    /// Removes all elements.
    record Clear(ListProperty list) implements Action {}

    /// Sets members: `KEY=VALUE`.
    record Put(MapProperty map) implements Action {}

    /// Removes members by key.
    record RemoveKey(MapProperty map) implements Action {}

    /// Removes all members.
    record ClearMap(MapProperty map) implements Action {}

    /// Whatever a notation of its own says.
    record Read(Notation notation) implements Action {}
  }

  /// A property with one value; `true` or `false` when the property is.
  static EditOption value(Property property, String label, String description, String... names) {
    return new EditOption(
        property.form() == Property.Form.TRUTH ? Kind.BOOLEAN : Kind.SINGLE,
        List.of(names),
        label,
        description,
        new Action.Replace(property),
        false);
  }

  /// A repeatable option with a notation of its own.
  static EditOption each(Notation notation, String label, String description, String... names) {
    return read(Kind.REPEATED, notation, label, description, names);
  }

  /// An option with a notation of its own, of which the last value counts.
  static EditOption last(Notation notation, String label, String description, String... names) {
    return read(Kind.SINGLE, notation, label, description, names);
  }

  /// An option that is there or not and has a notation of its own.
  static EditOption flag(Notation notation, String description, String... names) {
    return read(Kind.BOOLEAN, notation, "", description, names);
  }

  private static EditOption read(
      Kind kind, Notation notation, String label, String description, String... names) {
    return new EditOption(
        kind, List.of(names), label, description, new Action.Read(notation), false);
  }

  /// Adds texts to a list.
  static EditOption append(ListProperty list, String label, String description, String... names) {
    return new EditOption(
        Kind.REPEATED, List.of(names), label, description, new Action.Append(list), false);
  }

  /// Removes elements of a list by name.
  static EditOption remove(ListProperty list, String label, String name) {
    return new EditOption(
        Kind.REPEATED, List.of(name), label, "remove one", new Action.Remove(list), false);
  }

  /// Removes all elements of a list.
  static EditOption clear(ListProperty list, String name) {
    return new EditOption(
        Kind.BOOLEAN, List.of(name), "", "remove all", new Action.Clear(list), false);
  }

  /// Sets members of a map.
  static EditOption put(MapProperty map, String label, String description, String... names) {
    return new EditOption(
        Kind.REPEATED, List.of(names), label, description, new Action.Put(map), false);
  }

  /// Removes a member of a map.
  static EditOption removeKey(MapProperty map, String label, String name) {
    return new EditOption(
        Kind.REPEATED, List.of(name), label, "remove one", new Action.RemoveKey(map), false);
  }

  /// Removes all members of a map.
  static EditOption clearMap(MapProperty map, String name) {
    return new EditOption(
        Kind.BOOLEAN, List.of(name), "", "remove all", new Action.ClearMap(map), false);
  }

  /// A spelling of oci-runtime-tool or ocitools.
  ///
  /// @param instead how one says it today
  static EditOption old(Kind kind, Action action, String instead, String... names) {
    return new EditOption(kind, List.of(names), "VALUE", instead, action, true);
  }

  /// The option as a command declares it.
  OptionSpec spec() {
    OptionSpec.Kind declared =
        switch (kind) {
          case BOOLEAN -> OptionSpec.Kind.TRUTH;
          case SINGLE -> OptionSpec.Kind.SINGLE;
          case REPEATED -> OptionSpec.Kind.REPEATED;
        };
    String fallback = kind == Kind.BOOLEAN ? Invocation.TRUE : null;
    return new OptionSpec(declared, names, label, description, fallback, hidden);
  }

  /// The name in errors.
  String name() {
    return names.getLast();
  }
}
