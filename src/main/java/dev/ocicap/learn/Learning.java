package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Learns which capabilities a container needs: it observes what the kernel is asked for, and then
/// verifies and shrinks that by trial runs. Observation alone is wrong in both directions.
public final class Learning implements AutoCloseable {

  /// How to go about it.
  public enum Mode {
    /// Observe one run, then try.
    FULL,
    /// Observe one run, and believe it.
    TRACE_ONLY,
    /// Try without observing.
    TRIALS_ONLY,
    /// Begin with nothing, and add what is denied until the container works.
    FROM_ZERO
  }

  private static final String DOES_NOT_WORK =
      "the container does not work with the capabilities that it has: ";

  private final Setting setting;
  private final Stop stop;
  private final Consumer<LearnEvent> events;
  private final Workspace workspace;
  private final Tracefs.Access tracing;
  private final Trials trials;
  private final List<String> notes = new ArrayList<>();

  private Learning(
      Setting setting,
      Stop stop,
      Consumer<LearnEvent> events,
      Workspace workspace,
      Tracefs.Access tracing) {
    this.setting = setting;
    this.stop = stop;
    this.events = events;
    this.workspace = workspace;
    this.tracing = tracing;
    this.trials = new Trials(setting, workspace, tracing.tracefs().orElse(null), stop, events);
  }

  /// Prepares the machine, and removes what others left that were killed.
  ///
  /// @param stop lets another thread end it
  /// @param events hears what happens, from several threads
  public static Learning open(Setting setting, Stop stop, Consumer<LearnEvent> events) {
    Workspace workspace = Workspace.open(setting.parent(), setting.runtime().executable(), events);
    Tracefs.Access tracing = Tracefs.open(workspace.tracing());
    String stays = tracing.tracefs().isPresent() ? tracing.tracefs().get().sweep() : "";
    if (!stays.isEmpty()) {
      events.accept(new LearnEvent.Warning("a stale trace instance stays: " + stays));
    }
    return new Learning(setting, stop, events, workspace, tracing);
  }

  /// Learns.
  ///
  /// @throws OcicapException when the mode is not possible here
  /// @throws InterruptedException when it was stopped before there was a result
  public Learned learn(Mode mode) throws IOException, InterruptedException {
    for (String mount : setting.subject().sharedMounts()) {
      warn(
          "the mount "
              + mount
              + " can be written: it is no copy, and one run meets what another left");
    }
    if (mode != Mode.TRIALS_ONLY && tracing.tracefs().isEmpty()) {
      if (mode != Mode.FULL) {
        throw OcicapException.usage(
            "checks cannot be observed: " + tracing.reason(), "ocicap learn --trials-only");
      }
      note("trial runs only: " + tracing.reason());
    }
    return switch (mode) {
      case FULL -> tracing.tracefs().isPresent() ? full() : trialsOnly();
      case TRACE_ONLY -> traceOnly();
      case TRIALS_ONLY -> trialsOnly();
      case FROM_ZERO -> fromZero();
    };
  }

  /// Finds out what the container is denied, and what granting it would change.
  ///
  /// @param available what this machine can grant
  /// @throws OcicapException when checks cannot be observed here
  public Diagnosis diagnose(CapabilitySet available) throws IOException, InterruptedException {
    if (tracing.tracefs().isEmpty()) {
      throw OcicapException.input(
          null, "checks cannot be observed: " + tracing.reason(), "ocicap learn --trials-only");
    }
    return new Diagnosing(setting.subject(), trials, available).diagnose();
  }

  private void warn(String message) {
    events.accept(new LearnEvent.Warning(message));
  }

  private void note(String message) {
    notes.add(message);
  }

  private CapabilitySet ceiling() {
    return setting.subject().ceiling();
  }

  private Trials.Outcome own(Trace.@Nullable Detail detail, boolean endless)
      throws IOException, InterruptedException {
    return trials.run(
        new Trials.Order(
            setting.subject().config(), ceiling(), "the bundle as it is", detail, endless));
  }

  private boolean works(CapabilitySet set, String purpose)
      throws IOException, InterruptedException {
    return trials
        .run(new Trials.Order(setting.subject().with(set), set, purpose, null, false))
        .worked();
  }

  private Learned full() throws IOException, InterruptedException {
    return full(new Search(this::works), CapabilitySet.NONE);
  }

  /// @param likely what is likely to be needed beside what will be seen
  private Learned full(Search search, CapabilitySet likely)
      throws IOException, InterruptedException {
    Trace.Detail detail = Trials.used(ceiling());
    Trials.Outcome first = own(detail, false);
    if (!first.worked()) {
      boolean again = detail == Trace.Detail.QUIET && first.observation().started();
      return failed(
          first, again ? own(Trace.Detail.CHECKS, false).observation() : first.observation());
    }
    return searched(first.observation(), search, candidates(first.observation()).plus(likely));
  }

  private Learned searched(Observation observation, Search search, CapabilitySet likely)
      throws IOException, InterruptedException {
    CapabilitySet weak = observation.weak().plus(trials.ofFiles(observation));
    return result(search.search(likely, weak, ceiling()), observation, true);
  }

  private Learned trialsOnly() throws IOException, InterruptedException {
    Trials.Outcome first = own(null, false);
    if (!first.worked()) {
      return failed(first, Observation.NOTHING);
    }
    Search.Result found =
        new Search(this::works).search(CapabilitySet.NONE, CapabilitySet.NONE, ceiling());
    return result(found, Observation.NOTHING, false);
  }

  private Learned fromZero() throws IOException, InterruptedException {
    Subject subject = setting.subject();
    CapabilitySet granted = CapabilitySet.NONE;
    while (true) {
      RuntimeConfig config = subject.behindOwnFilter(granted);
      String purpose = granted.isEmpty() ? "nothing" : "what was denied before";
      Trials.Outcome outcome =
          trials.run(new Trials.Order(config, granted, purpose, Trials.used(ceiling()), false));
      Search search = new Search(this::works);
      if (outcome.worked()) {
        if (config.text().equals(subject.with(granted).text())) {
          search.know(granted, true);
        }
        return searched(outcome.observation(), search, granted);
      }
      CapabilitySet more = denied(outcome.observation(), granted);
      if (more.isEmpty()) {
        // What no check asks for, as the capabilities of a program's file, is left to the search.
        search.know(granted, false);
        return full(search, granted);
      }
      granted = granted.plus(more);
    }
  }

  /// What a run that did not work was denied, of what the bundle has.
  private CapabilitySet denied(Observation observation, CapabilitySet granted) {
    CapabilitySet open = ceiling().minus(granted);
    CapabilitySet strong = observation.denied(false).intersect(open);
    if (strong.contains(Capability.CAP_DAC_READ_SEARCH)
        && strong.contains(Capability.CAP_DAC_OVERRIDE)
        && !observation.isAsked(Capability.CAP_DAC_READ_SEARCH, "open_by_handle_at")) {
      strong = strong.minus(CapabilitySet.of(Capability.CAP_DAC_READ_SEARCH));
    }
    if (!strong.isEmpty()) {
      return strong;
    }
    return observation.denied(true).plus(trials.ofFiles(observation)).intersect(open);
  }

  private Learned traceOnly() throws IOException, InterruptedException {
    Trials.Outcome outcome = own(Trials.used(ceiling()), true);
    Observation observation = outcome.observation();
    CapabilitySet ofFiles = trials.ofFiles(observation).intersect(ceiling());
    CapabilitySet used = candidates(observation).plus(ofFiles);
    return Learned.observed(ceiling(), used, ofFiles, observation, notes);
  }

  /// What was used. Reading foreign files needs one of two: DAC_READ_SEARCH is asked for first, but
  /// with open_by_handle_at it leads out of the container.
  private CapabilitySet candidates(Observation observation) {
    CapabilitySet used = observation.used().intersect(ceiling());
    if (used.contains(Capability.CAP_DAC_READ_SEARCH)
        && ceiling().contains(Capability.CAP_DAC_OVERRIDE)
        && !observation.isAsked(Capability.CAP_DAC_READ_SEARCH, "open_by_handle_at")) {
      note("dac_override stands for dac_read_search, which leads out of more containers");
      return used.minus(CapabilitySet.of(Capability.CAP_DAC_READ_SEARCH))
          .plus(Capability.CAP_DAC_OVERRIDE);
    }
    return used;
  }

  private Learned failed(Trials.Outcome first, Observation observation) {
    return failed(
        DOES_NOT_WORK + first.reason(), first.runtimeError(), first.timedOut(), observation);
  }

  private Learned failed(
      String failure, String runtimeError, boolean timedOut, Observation observation) {
    return new Learned(
        ceiling(),
        failure,
        runtimeError,
        timedOut,
        false,
        CapabilitySet.NONE,
        CapabilitySet.NONE,
        CapabilitySet.NONE,
        observation.denied(),
        trials.ofFiles(observation),
        CapabilitySet.NONE,
        false,
        observation.evidence(),
        tracing.tracefs().isPresent(),
        observation.gaps(),
        notes,
        trials.runs());
  }

  private Learned result(Search.Result found, Observation observation, boolean traced) {
    if (!found.found()) {
      return failed(
          "the container worked once and not again with all that it has", "", false, observation);
    }
    CapabilitySet needed = found.needed();
    CapabilitySet used = observation.used().intersect(ceiling());
    return new Learned(
        ceiling(),
        "",
        "",
        false,
        true,
        needed,
        used.minus(needed),
        observation.weak().intersect(ceiling()).minus(needed).minus(used),
        observation.denied(),
        trials.ofFiles(observation),
        found.flaky(),
        found.repeated(),
        observation.evidence(),
        traced,
        observation.gaps(),
        notes,
        trials.runs());
  }

  /// How the root file system was kept as it was: `overlay` or `copy`; empty before the first run.
  public String way() {
    return trials.way();
  }

  /// Removes everything that was made on this machine.
  @Override
  public void close() throws IOException {
    stop.ask();
    workspace.close();
  }
}
