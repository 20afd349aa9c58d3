package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.CapabilityPlan;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.edit.VersionEdits;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.seccomp.SeccompFilter;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.PropertyVersions;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.SpecVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything that `generate` and `edit` do to a configuration, from the same options: the edits,
/// then the five sets, then the filter of system calls, then the version.
final class ConfigEdit {
  private static final List<String> OTHER_SYSTEMS = List.of("windows", "freebsd", "solaris", "zos");

  private static final String OCI_VERSION = "--oci-version";
  private static final String DOWNGRADE = "--downgrade";

  private final Invocation invocation;
  private final EditOptions.Context context;
  private final CapabilityPlan plan;
  private final SpecEdit first;
  private final SpecEdit last;
  private final @Nullable SpecVersion version;

  /// Reads every option, so that all that is wrong is said before anything happens.
  ///
  /// @param example a command line with words behind `--`, for a hint
  ConfigEdit(Invocation invocation, EditOptions.Context context, String example) {
    this.invocation = invocation;
    this.context = context;
    Mistakes mistakes = new Mistakes();
    this.plan =
        mistakes.read(
            CapabilityPlan.NOTHING, () -> CapabilityOptions.plan(invocation, context.available()));
    this.first =
        mistakes.read(
            SpecEdit.nothing(), () -> words(example).then(EditOptions.first(invocation, context)));
    this.last = mistakes.read(SpecEdit.nothing(), () -> EditOptions.last(invocation, context));
    this.version = mistakes.<@Nullable SpecVersion>read(null, this::version);
    mistakes.report();
  }

  /// Declares the options.
  static void declare(CommandSpec spec, Mention mention) {
    CapabilityOptions.declare(spec, mention);
    spec.addOption(
        Options.single(
            "VERSION",
            "write for this release of the specification; refused when it does not know something",
            OCI_VERSION));
    spec.addOption(
        Options.flag("drop what that release does not know, with a warning each", DOWNGRADE));
    EditOptions.declare(spec, mention);
  }

  /// The options as help shows them.
  static List<Help.Section> sections() {
    List<Help.Section> sections = new ArrayList<>();
    sections.add(CapabilityOptions.section());
    sections.addAll(EditOptions.sections());
    return sections;
  }

  private SpecEdit words(String example) {
    List<String> words = invocation.words();
    if (words == null) {
      return SpecEdit.nothing();
    }
    if (words.isEmpty()) {
      throw OcicapException.usage("no command after '--'", example);
    }
    return ProcessEdits.args(words);
  }

  private @Nullable SpecVersion version() {
    Optional<String> text = invocation.value(OCI_VERSION);
    if (text.isEmpty()) {
      if (invocation.has(DOWNGRADE)) {
        throw OcicapException.usage(DOWNGRADE + " needs " + OCI_VERSION, OCI_VERSION + " 1.0.2");
      }
      return null;
    }
    Optional<SpecVersion> parsed = SpecVersion.parse(text.get());
    if (parsed.isEmpty() || parsed.get().isBefore(new SpecVersion(1, 0, 0))) {
      throw Text.bad(
          OCI_VERSION, text.get(), "a release such as 1.0.2, 1.1.0, 1.2.1, 1.3.0", "1.2.1");
    }
    if (parsed.get().compareTo(PropertyVersions.NEWEST.nextMinor()) >= 0) {
      throw OcicapException.usage(
          OCI_VERSION
              + ": '"
              + text.get()
              + "' is newer than "
              + PropertyVersions.NEWEST
              + ", the newest release that ocicap knows",
          OCI_VERSION + " " + PropertyVersions.NEWEST);
    }
    return parsed.get();
  }

  /// Edits a new configuration: its five sets are all written, and it has the oldest version that
  /// knows everything in it.
  ///
  /// @param before what is done to it before everything else
  RuntimeConfig fresh(RuntimeConfig config, SpecEdit before) {
    Optional<JsonNode> preset = config.find(VersionEdits.KEY);
    boolean[] chosen = new boolean[1];
    // In one step, of which each copies and compares the document.
    RuntimeConfig edited =
        apply(
            config,
            before,
            draft -> {
              chosen[0] = !draft.find(VersionEdits.KEY).equals(preset);
              if (version == null && !chosen[0]) {
                VersionEdits.oldest().accept(draft);
              }
            },
            true);
    if (version != null) {
      return atVersion(edited, version);
    }
    return chosen[0] ? raised(config, edited) : edited;
  }

  /// Edits a configuration of the user's.
  ///
  /// @param whole whether all five sets are to be there even if nothing was asked of them
  RuntimeConfig existing(RuntimeConfig config, boolean whole) {
    RuntimeConfig edited = apply(config, SpecEdit.nothing(), SpecEdit.nothing(), whole);
    return version == null ? raised(config, edited) : atVersion(edited, version);
  }

  /// Whether capabilities mean something in a configuration: unless it is for another system alone.
  private static boolean isForLinux(ConfigDraft draft) {
    if (draft.find("linux").isPresent()) {
      return true;
    }
    for (String system : OTHER_SYSTEMS) {
      if (draft.find(system).isPresent()) {
        return false;
      }
    }
    return true;
  }

  private RuntimeConfig apply(
      RuntimeConfig config, SpecEdit before, SpecEdit after, boolean whole) {
    Optional<JsonNode> old = config.find("process", "capabilities");
    SeccompFilter filter = SeccompFilter.of(config);
    CapabilityPlan.Outcome[] outcome = new CapabilityPlan.Outcome[1];
    SpecEdit capabilities =
        CapabilityEdits.change(plan, context.available(), told -> outcome[0] = told);
    RuntimeConfig edited =
        config.edit(draft -> {
          before.then(first).accept(draft);
          boolean forLinux = isForLinux(draft);
          Optional<JsonNode> now = draft.find("process", "capabilities");
          boolean touched = now.isPresent() && !now.equals(old);
          if (!plan.isEmpty() || ((touched || whole) && forLinux)) {
            capabilities.accept(draft);
          }
          filter.follow().accept(draft);
          last.then(after).accept(draft);
        });
    if (outcome[0] != null) {
      tell(outcome[0]);
    } else if (old.isPresent() && edited.find("process", "capabilities").isEmpty()) {
      Notes.warn(
          context.console(),
          Problem.of(
              "process.capabilities is gone: crun and runc before 1.3 then grant nothing, runc from"
                  + " 1.3 on lets root keep everything",
              "--cap-set none"));
    }
    filter.warning(edited).ifPresent(problem -> Notes.warn(context.console(), problem));
    CapabilityNotes.print(
        CapabilityOptions.request(invocation), context.available(), context.console());
    warnOfLost(config, edited);
    warnOfUnmapped(config, edited);
    return edited;
  }

  /// execve clears what a user other than root has not in its ambient set (capabilities(7)). It was
  /// not asked for, so it is not made ambient either.
  private void warnOfLost(RuntimeConfig before, RuntimeConfig after) {
    CapabilitySet lost = lost(after);
    if (!lost.isEmpty() && !lost.equals(lost(before))) {
      Notes.warn(
          context.console(),
          Problem.of(
              "the process' user is not root and will not have "
                  + lost
                  + ": execve keeps only what is ambient",
              "--ambient"));
    }
  }

  private static CapabilitySet lost(RuntimeConfig config) {
    Optional<ProcessCapabilities> capabilities = config.capabilities();
    return capabilities.isEmpty() || config.user().uid() == 0
        ? CapabilitySet.NONE
        : capabilities.get().permitted().minus(capabilities.get().ambient());
  }

  private void warnOfUnmapped(RuntimeConfig before, RuntimeConfig after) {
    if (isUnmapped(after) && !isUnmapped(before)) {
      Notes.warn(
          context.console(),
          Problem.of(
              "a new user namespace without id maps: no runtime starts it",
              "--uidmap 0:100000:65536"));
    }
  }

  private static boolean isUnmapped(RuntimeConfig config) {
    if (!config.elements("linux", "uidMappings").isEmpty()) {
      return false;
    }
    for (JsonNode namespace : config.elements("linux", "namespaces")) {
      if (namespace.path("type").asText().equals("user") && !namespace.has("path")) {
        return true;
      }
    }
    return false;
  }

  private void tell(CapabilityPlan.Outcome outcome) {
    boolean strict = CapabilityOptions.isStrict(invocation);
    List<Problem> problems = new ArrayList<>();
    for (CapabilityPlan.Mend mend : outcome.mends()) {
      if (strict) {
        problems.add(Problem.of("--strict: " + mend.refused()));
      } else {
        Notes.note(context.console(), mend.done());
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.USAGE, problems);
    }
  }

  /// The configuration with the version that what was added to it needs.
  private RuntimeConfig raised(RuntimeConfig before, RuntimeConfig after) {
    Optional<VersionEdits.Rise> rise = VersionEdits.rise(before, after);
    if (rise.isEmpty()) {
      return after;
    }
    Notes.note(
        context.console(),
        "ociVersion rises from "
            + rise.get().from()
            + " to "
            + rise.get().to()
            + ", which brought "
            + name(rise.get().reason()));
    return after.edit(VersionEdits.set(rise.get().to()));
  }

  private RuntimeConfig atVersion(RuntimeConfig config, SpecVersion wanted) {
    List<Problem> problems = new ArrayList<>();
    boolean drop = invocation.has(DOWNGRADE);
    for (PropertyVersions.Unknown one : PropertyVersions.unknown(config.json().root(), wanted)) {
      SpecVersion until = one.until();
      String when =
          until != null && !wanted.isBefore(until)
              ? " is gone since " + until
              : " exists since " + one.since();
      problems.add(
          Problem.of(
              OCI_VERSION + " " + wanted + ": " + name(one) + when,
              drop || !problems.isEmpty() ? null : OCI_VERSION + " " + wanted + " " + DOWNGRADE));
    }
    if (!problems.isEmpty() && !drop) {
      throw new OcicapException(ExitStatus.INPUT, problems);
    }
    for (Problem problem : problems) {
      Notes.warn(
          context.console(), Problem.of(problem.message() + ", and was dropped or replaced"));
    }
    return config.edit(
        VersionEdits.downgrade(wanted, invocation.value(OCI_VERSION).orElse(wanted.toString())));
  }

  private static String name(PropertyVersions.Unknown one) {
    return one.word() == null
        ? "'" + one.pointer() + "'"
        : "'" + one.word() + "' in '" + one.pointer() + "'";
  }
}
