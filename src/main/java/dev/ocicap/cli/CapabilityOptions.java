package dev.ocicap.cli;

import dev.ocicap.cap.CapabilityPlan;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The options of `process.capabilities`.
final class CapabilityOptions {
  private static final String ADD = "--add";
  private static final String DROP = "--drop";
  private static final String SETS = "--sets";
  private static final String SET = "--cap-set";
  private static final String AMBIENT = "--ambient";
  private static final String STRICT = "--strict";
  private static final String PRIVILEGED = "--privileged";
  private static final String LABEL = "CAPABILITY[,…]";

  private static final String OLD_ADD = "--process-cap-add";
  private static final String OLD_DROP = "--process-cap-drop";
  private static final String OLD_DROP_ALL = "--process-cap-drop-all";

  private CapabilityOptions() {}

  /// Declares the options.
  static void declare(CommandSpec spec, Mention mention) {
    spec.addOption(
        Options.repeated(
            LABEL,
            "grant capabilities: names in any case, with or without CAP_; ALL for every one this"
                + " host has. An add wins over a drop of the same name",
            ADD,
            "--cap-add"));
    spec.addOption(
        Options.repeated(
            LABEL, "take capabilities away; ALL leaves only what is added", DROP, "--cap-drop"));
    spec.addOption(
        Options.repeated(
            LABEL, "replace what the sets hold, before adds and drops; none empties them", SET));
    spec.addOption(
        Options.single(
            "SET[,…]",
            "the sets that are meant: bounding, effective, inheritable, permitted, ambient. Without"
                + " it those that make a capability work for the process' user",
            SETS));
    spec.addOption(
        Options.flag(
            "make what is permitted inheritable and ambient too, so that a user who is not root"
                + " really has it",
            AMBIENT));
    for (SetName set : SetName.values()) {
      if (mention.of(List.of(addTo(set), dropFrom(set)))) {
        spec.addOption(Options.repeated(LABEL, "grant in one set", addTo(set)));
        spec.addOption(Options.repeated(LABEL, "take away from one set", dropFrom(set)));
      }
    }
    spec.addOption(
        Options.flag(
            "refuse sets that a runtime would refuse or change, do not mend them", STRICT));
    declareOld(spec, mention);
  }

  /// The spellings of oci-runtime-tool.
  private static void declareOld(CommandSpec spec, Mention mention) {
    if (mention.of(List.of(OLD_ADD, OLD_DROP, OLD_DROP_ALL))) {
      spec.addOption(hidden(OLD_ADD));
      spec.addOption(hidden(OLD_DROP));
      spec.addOption(Options.bool("", OLD_DROP_ALL).hide());
    }
    for (SetName set : SetName.values()) {
      String add = OLD_ADD + "-" + set.key();
      String drop = OLD_DROP + "-" + set.key();
      if (mention.of(List.of(add, drop))) {
        spec.addOption(hidden(add)).addOption(hidden(drop));
      }
    }
  }

  /// The options as help shows them.
  static Help.Section section() {
    List<String> names = new ArrayList<>(List.of(ADD, DROP, SET, AMBIENT, SETS, STRICT));
    for (SetName set : SetName.values()) {
      names.add(addTo(set));
      names.add(dropFrom(set));
      names.add(OLD_ADD + "-" + set.key());
      names.add(OLD_DROP + "-" + set.key());
    }
    names.addAll(List.of(OLD_ADD, OLD_DROP, OLD_DROP_ALL));
    return new Help.Section("Capabilities", names);
  }

  private static OptionSpec hidden(String name) {
    return Options.repeated(LABEL, "", name).hide();
  }

  private static String addTo(SetName set) {
    return "--cap-add-" + set.key();
  }

  private static String dropFrom(SetName set) {
    return "--cap-drop-" + set.key();
  }

  /// Whether sets that need mending are refused.
  static boolean isStrict(Invocation invocation) {
    return invocation.has(STRICT);
  }

  /// What `--add` and `--drop` ask, for the notes about it.
  static CapabilityRequest request(Invocation invocation) {
    CapabilityRequest request =
        CapabilityNames.request(
            ADD, invocation.values(ADD), DROP, joined(invocation, DROP, OLD_DROP));
    boolean privileged = invocation.isOn(PRIVILEGED);
    boolean none = invocation.isOn(OLD_DROP_ALL);
    return new CapabilityRequest(
        request.addAll() || privileged, request.adds(), request.dropAll() || none, request.drops());
  }

  /// What the options ask of the five sets.
  ///
  /// @param available what `ALL` means
  static CapabilityPlan plan(Invocation invocation, CapabilitySet available) {
    Mistakes mistakes = new Mistakes();
    CapabilityRequest request = mistakes.read(CapabilityRequest.NOTHING, () -> request(invocation));
    ProcessCapabilities additions = ProcessCapabilities.NONE;
    ProcessCapabilities removals = ProcessCapabilities.NONE;
    for (SetName set : SetName.values()) {
      CapabilityRequest one =
          mistakes.read(CapabilityRequest.NOTHING, () -> request(invocation, set));
      additions = additions.with(set, one.granted(available));
      removals = removals.with(set, one.revoked(available));
    }
    CapabilitySet replacement =
        mistakes.<@Nullable CapabilitySet>read(null, () -> replacement(invocation, available));
    List<SetName> meant = mistakes.read(List.of(), () -> sets(invocation));
    mistakes.report();
    return new CapabilityPlan(
        replacement, request, meant, additions, removals, invocation.has(AMBIENT));
  }

  /// What is asked of one set by its name.
  private static CapabilityRequest request(Invocation invocation, SetName set) {
    List<String> adds = joined(invocation, addTo(set), OLD_ADD + "-" + set.key());
    adds.addAll(invocation.values(OLD_ADD));
    List<String> drops = joined(invocation, dropFrom(set), OLD_DROP + "-" + set.key());
    return CapabilityNames.request(addTo(set), adds, dropFrom(set), drops);
  }

  private static @Nullable CapabilitySet replacement(
      Invocation invocation, CapabilitySet available) {
    if (!invocation.has(SET)) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (String value : invocation.values(SET)) {
      if (value.isBlank()) {
        throw OcicapException.usage(SET + ": an empty list", SET + " none");
      }
      if (!value.equalsIgnoreCase("none")) {
        names.add(value);
      }
    }
    return CapabilityNames.request(SET, names, DROP, List.of()).granted(available);
  }

  private static List<String> joined(Invocation invocation, String name, String old) {
    List<String> values = new ArrayList<>(invocation.values(name));
    values.addAll(invocation.values(old));
    return values;
  }

  private static List<SetName> sets(Invocation invocation) {
    List<SetName> sets = new ArrayList<>();
    if (!invocation.has(SETS)) {
      return sets;
    }
    List<String> keys = new ArrayList<>();
    for (SetName set : SetName.values()) {
      keys.add(set.key());
    }
    for (String word : Text.split(invocation.value(SETS).orElse(""), ',')) {
      if (word.equals("all")) {
        return List.of(SetName.values());
      }
      String key = Text.word(SETS, word, keys, "");
      for (SetName set : SetName.values()) {
        if (set.key().equals(key)) {
          sets.add(set);
        }
      }
    }
    return sets;
  }
}
