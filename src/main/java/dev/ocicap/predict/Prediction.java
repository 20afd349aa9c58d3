package dev.ocicap.predict;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ExecTransformation;
import dev.ocicap.cap.ExecTransformation.Host;
import dev.ocicap.cap.ExecTransformation.Identity;
import dev.ocicap.cap.ExecTransformation.Outcome;
import dev.ocicap.cap.ExecTransformation.Refused;
import dev.ocicap.cap.ExecTransformation.Running;
import dev.ocicap.cap.FileCapabilities;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.Program;
import dev.ocicap.cap.SetName;
import dev.ocicap.os.IdMap;
import dev.ocicap.os.ProgramFile;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a bundle's process will have once the runtime has started it.
///
/// @param configured the five sets as the runtime reads them
/// @param result the sets and ids of the process, or the refusal
/// @param lost what the configuration names and the process has not in force
/// @param gained what the process has in force though `effective` does not name it
/// @param program what execve looks at, in words
/// @param notes what was assumed
public record Prediction(
    ProcessCapabilities configured,
    Result result,
    List<Lost> lost,
    CapabilitySet gained,
    String program,
    List<String> notes) {
  private static final int SCAN_LIMIT = 2_000_000;

  /// Copies the lists.
  public Prediction {
    lost = List.copyOf(lost);
    notes = List.copyOf(notes);
  }

  /// How the start ends.
  public sealed interface Result {}

  /// The program runs.
  public record Started(Running running) implements Result {}

  /// The container does not start.
  ///
  /// @param stage `create`: the runtime gives up; `exec`: the kernel refuses the program
  /// @param reason why
  /// @param remedy what to type, or to do
  public record Failed(String stage, String reason, String remedy) implements Result {}

  /// Everything that decides besides the configuration.
  ///
  /// @param runtime the runtime
  /// @param host the process that starts the runtime
  /// @param files the root file system, or null when there is none to look at
  /// @param name how the user names the bundle, for remedies
  public record Circumstances(
      RuntimeModel runtime, Host host, @Nullable ContainerFiles files, String name) {}

  /// Predicts a start.
  public static Prediction of(RuntimeConfig config, Circumstances circumstances) {
    return new Predictor(config, circumstances).predict();
  }

  /// The set-id and file-capability programs of the root file system, and what each of them gives
  /// to the process once it runs.
  public static List<Regain> scan(
      RuntimeConfig config, Prediction prediction, ContainerFiles files, List<String> notes)
      throws IOException {
    List<Regain> found = new ArrayList<>();
    if (!(prediction.result() instanceof Started started)) {
      return found;
    }
    Running running = started.running();
    boolean ignored = files.ignoresSetId();
    if (ignored) {
      notes.add("the root file system is mounted with nosuid: none of these programs counts");
    }
    boolean complete =
        files
            .rootfs()
            .scan(
                SCAN_LIMIT,
                (path, file) ->
                    found.add(
                        regain(
                            path,
                            file,
                            ignored ? Program.PLAIN : files.inside(file),
                            running,
                            config)));
    if (!complete) {
      notes.add("more than " + SCAN_LIMIT + " files: the others were not looked at");
    }
    found.sort((a, b) -> a.path().compareTo(b.path()));
    return found;
  }

  private static Regain regain(
      String path, ProgramFile file, Program program, Running running, RuntimeConfig config) {
    Identity identity = new Identity(running.uid(), running.gid(), config.user().additionalGids());
    Outcome outcome =
        ExecTransformation.execve(
            running.capabilities(), identity, config.noNewPrivileges(), program);
    String how = describe(file);
    return switch (outcome) {
      case Refused refused ->
          new Regain(
              path,
              how,
              running.euid(),
              CapabilitySet.NONE,
              "cannot be executed: its capabilities are not all in the bounding set");
      case Running after -> {
        CapabilitySet gained =
            after.capabilities().permitted().minus(running.capabilities().permitted());
        String verdict;
        if (!gained.isEmpty()) {
          verdict = "gives " + gained;
        } else if (after.euid() != running.euid() || after.egid() != running.egid()) {
          verdict = "changes the user or group, and gives no capability";
        } else if (config.noNewPrivileges()) {
          verdict = "gives nothing: noNewPrivileges is set";
        } else {
          verdict = "gives nothing";
        }
        yield new Regain(path, how, after.euid(), gained, verdict);
      }
    };
  }

  /// A file's privileges in words: `set-user-ID 0, file capabilities net_raw=ep`.
  static String describe(ProgramFile file) {
    List<String> words = new ArrayList<>();
    if (file.setsUid()) {
      words.add("set-user-ID " + file.uid());
    }
    if (file.setsGid()) {
      words.add("set-group-ID " + file.gid());
    }
    if (file.capabilities().isPresent()) {
      FileCapabilities capabilities = file.capabilities().get();
      StringBuilder text = new StringBuilder("file capabilities");
      if (!capabilities.permitted().isEmpty()) {
        text.append(" permitted ").append(capabilities.permitted());
      }
      if (!capabilities.inheritable().isEmpty()) {
        text.append(" inheritable ").append(capabilities.inheritable());
      }
      text.append(capabilities.effective() ? " (effective)" : "");
      if (file.rootId() != 0) {
        text.append(" for the namespace of uid ").append(file.rootId());
      }
      words.add(text.toString());
    }
    return words.isEmpty() ? "neither set-id bits nor file capabilities" : String.join(", ", words);
  }

  /// One prediction in the making.
  private static final class Predictor {
    private final RuntimeConfig config;
    private final Circumstances circumstances;
    private final List<Lost> lost = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String programWords = "";
    private String hostPath = "PROGRAM";

    Predictor(RuntimeConfig config, Circumstances circumstances) {
      this.config = config;
      this.circumstances = circumstances;
    }

    Prediction predict() {
      boolean absent = config.find("process", "capabilities").filter(n -> !n.isNull()).isEmpty();
      RuntimeModel runtime = circumstances.runtime();
      List<String> unknown = new ArrayList<>();
      ProcessCapabilities configured = ProcessCapabilities.NONE;
      if (absent) {
        configured = absent(runtime);
      } else {
        for (SetName set : SetName.values()) {
          RuntimeModel.Names names =
              runtime.read(config.strings("process", "capabilities", set.key()));
          configured = configured.with(set, names.set());
          for (String name : names.ignored()) {
            if (!unknown.contains(name)) {
              unknown.add(name);
            }
          }
          for (String name : names.odd()) {
            notes.add(
                runtime.kind().word()
                    + " reads '"
                    + name
                    + "' in "
                    + set.key()
                    + " as a capability; other runtimes do not");
          }
        }
      }
      if (!unknown.isEmpty() && runtime.refusesUnknownNames()) {
        return failed(
            configured,
            new Failed(
                "create",
                runtime.kind().word() + " knows no capability '" + unknown.getFirst() + "'",
                Capability.find(unknown.getFirst())
                    .map(found -> "write '" + found + "' in process.capabilities")
                    .orElse("remove it from process.capabilities")));
      }
      Optional<Failed> ids = lookAtIds();
      if (ids.isPresent()) {
        return failed(configured, ids.get());
      }
      Optional<Failed> program = lookAtProgram();
      Outcome outcome =
          absent && runtime.keepsAllWhereAbsent()
              ? ExecTransformation.execve(
                  configured, identity(), config.noNewPrivileges(), this.program)
              : ExecTransformation.apply(
                  configured,
                  identity(),
                  config.noNewPrivileges(),
                  this.program,
                  circumstances.host());
      if (outcome instanceof Refused refused
          && refused.stage() == ExecTransformation.Stage.CREATE) {
        return failed(configured, failure(refused, configured));
      }
      if (program.isPresent()) {
        return failed(configured, program.get());
      }
      // Not a switch over types, which is linked anew at each start.
      return outcome instanceof Running running
          ? started(configured, running, unknown)
          : failed(configured, failure((Refused) outcome, configured));
    }

    private ProcessCapabilities absent(RuntimeModel runtime) {
      Host host = circumstances.host();
      if (!runtime.keepsAllWhereAbsent()) {
        notes.add(
            "process.capabilities is absent: "
                + runtime.kind().word()
                + " drops everything, the bounding set included; runc 1.3 and later drop nothing");
        return ProcessCapabilities.NONE;
      }
      notes.add("process.capabilities is absent: runc 1.3 and later drop nothing");
      boolean root = config.user().isRoot();
      return new ProcessCapabilities(
          host.bounding(),
          root ? host.permitted() : CapabilitySet.NONE,
          CapabilitySet.NONE,
          root ? host.permitted() : CapabilitySet.NONE,
          CapabilitySet.NONE);
    }

    private Identity identity() {
      User user = config.user();
      return new Identity(id(user.uid()), id(user.gid()), user.additionalGids());
    }

    private long id(long configured) {
      return configured > User.MAX_ID && circumstances.runtime().staysRoot() ? 0 : configured;
    }

    /// A refusal of ids that the runtime cannot set.
    private Optional<Failed> lookAtIds() {
      User user = config.user();
      if (id(user.uid()) != user.uid() || id(user.gid()) != user.gid()) {
        notes.add(
            circumstances.runtime().kind().word()
                + " takes the id 4294967295 for 'as it is': the process stays root");
      }
      Optional<Failed> refused = lookAtIds("uidMappings", List.of(id(user.uid())));
      if (refused.isPresent()) {
        return refused;
      }
      List<Long> groups = new ArrayList<>(user.additionalGids());
      groups.add(id(user.gid()));
      return lookAtIds("gidMappings", groups);
    }

    private Optional<Failed> lookAtIds(String mappings, List<Long> ids) {
      RuntimeModel runtime = circumstances.runtime();
      IdMap map = ContainerFiles.map(config, mappings);
      boolean mapped = config.hasUserNamespace() && !map.ranges().isEmpty();
      for (long id : ids) {
        String reason = null;
        if (id > runtime.maxId()) {
          reason = runtime.kind().word() + " sets no id above " + runtime.maxId() + ", as " + id;
        } else if (mapped && !map.hasInside(id)) {
          reason = "id " + id + " is nobody's in the user namespace: linux." + mappings;
        }
        if (reason != null) {
          return Optional.of(
              new Failed("create", reason, "ocicap edit --user 0:0 " + circumstances.name()));
        }
      }
      return Optional.empty();
    }

    private Program program = Program.PLAIN;

    /// Finds the program and what execve looks at; a refusal when there is none.
    private Optional<Failed> lookAtProgram() {
      ContainerFiles files = circumstances.files();
      if (files == null || !files.rootfs().isFilled()) {
        assumePlain("there is no root file system to look at");
        return Optional.empty();
      }
      ContainerFiles.Located located = files.program(config);
      if (located instanceof ContainerFiles.Missing missing) {
        return Optional.of(
            new Failed(
                "exec",
                missing.reason(),
                "put the program into " + files.rootfs().root() + ", or change process.args"));
      }
      if (located instanceof ContainerFiles.Unknown unknown) {
        assumePlain(unknown.reason());
        return Optional.empty();
      }
      ContainerFiles.Located.At at = (ContainerFiles.Located.At) located;
      hostPath = at.host().toString();
      program = at.program();
      boolean plain =
          program.capabilities().isEmpty()
              && program.setUid().isEmpty()
              && program.setGid().isEmpty();
      programWords =
          at.path()
              + ": "
              + describe(at.file())
              + (at.file().isPrivileged() && plain ? ", which do not count: " + at.whyNot() : "");
      return Optional.empty();
    }

    private void assumePlain(String reason) {
      programWords = "neither set-id bits nor file capabilities (assumed)";
      notes.add(
          reason + ": the program is taken to have neither set-id bits nor file capabilities");
    }

    private Prediction failed(ProcessCapabilities configured, Failed failed) {
      return new Prediction(configured, failed, lost, CapabilitySet.NONE, programWords, notes);
    }

    private Failed failure(Refused refused, ProcessCapabilities configured) {
      Host host = circumstances.host();
      String bundle = circumstances.name();
      return switch (refused.reason()) {
        case INHERITABLE_BEYOND_BOUNDING -> {
          CapabilitySet beyond =
              configured.inheritable().minus(host.bounding().intersect(configured.bounding()));
          CapabilitySet impossible = beyond.minus(host.bounding());
          yield new Failed(
              "create",
              "inheritable has "
                  + beyond
                  + ", which the bounding set lacks"
                  + (impossible.isEmpty() ? "" : " (this host does not have " + impossible + ")"),
              edit(impossible.isEmpty() ? "--add" : "--drop", beyond, bundle));
        }
        case PERMITTED_BEYOND_HOST -> {
          CapabilitySet beyond = configured.permitted().minus(host.permitted());
          yield new Failed(
              "create",
              "permitted has " + beyond + ", which the host's root lacks",
              edit("--drop", beyond, bundle));
        }
        case EFFECTIVE_BEYOND_PERMITTED -> {
          CapabilitySet beyond = configured.effective().minus(configured.permitted());
          yield new Failed(
              "create",
              "effective has " + beyond + ", which permitted lacks",
              edit("--add", beyond, bundle));
        }
        case FILE_CAPABILITIES_BEYOND_BOUNDING -> {
          CapabilitySet asked =
              program.capabilities().map(FileCapabilities::permitted).orElse(CapabilitySet.NONE);
          CapabilitySet beyond = asked.minus(host.bounding().intersect(configured.bounding()));
          yield new Failed(
              "exec",
              "the program's file capabilities are effective and ask for "
                  + beyond
                  + ", which the bounding set lacks",
              beyond.minus(host.bounding()).isEmpty()
                  ? edit("--add", beyond, bundle)
                  : "setcap -r " + hostPath);
        }
      };
    }

    private static String edit(String option, CapabilitySet set, String bundle) {
      StringBuilder names = new StringBuilder();
      for (Capability capability : set.members()) {
        names.append(names.isEmpty() ? "" : ",").append(capability.shortName());
      }
      return "ocicap edit " + option + " " + names + " " + bundle;
    }

    private String spelling(String name) {
      return Capability.find(name)
          .map(found -> edit("--add", CapabilitySet.of(found), circumstances.name()))
          .orElse("remove it from process.capabilities");
    }

    private Prediction started(
        ProcessCapabilities configured, Running running, List<String> unknown) {
      CapabilitySet inForce = running.capabilities().effective();
      for (String name : unknown) {
        if (Capability.find(name).map(found -> !inForce.contains(found)).orElse(true)) {
          lost.add(
              new Lost(
                  name,
                  circumstances.runtime().kind().word()
                      + " ignores it: it is not a capability's"
                      + " name",
                  spelling(name)));
        }
      }
      CapabilitySet host = circumstances.host().bounding();
      CapabilitySet asked =
          configured
              .permitted()
              .plus(configured.effective())
              .plus(configured.ambient())
              .plus(configured.bounding().minus(host));
      for (Capability capability : asked.minus(inForce).members()) {
        lost.add(reason(capability, configured, running));
      }
      return new Prediction(
          configured,
          new Started(running),
          lost,
          inForce.minus(configured.effective()),
          programWords,
          notes);
    }

    private Lost reason(Capability capability, ProcessCapabilities configured, Running running) {
      String add = edit("--add", CapabilitySet.of(capability), circumstances.name());
      String setcap = "setcap cap_" + capability.shortName() + "+ep " + hostPath;
      boolean fileCapabilities = program.capabilities().isPresent();
      boolean root = running.uid() == 0 || running.euid() == 0;
      String reason;
      String remedy = add;
      if (!circumstances.host().bounding().contains(capability)) {
        reason = "this host's root lacks it";
        remedy = "start the container where root has it";
      } else if (running.capabilities().permitted().contains(capability)) {
        boolean changed = running.euid() != running.uid();
        reason =
            changed
                ? "it is permitted but not in force: the program's owner is not root"
                : "it is permitted but not in force: the program's file capabilities lack the"
                    + " effective bit";
        remedy = changed ? "chmod u-s " + hostPath : setcap;
      } else if (fileCapabilities && running.uid() != 0) {
        reason =
            "the program has file capabilities: execve grants these only, and clears the ambient"
                + " set";
        remedy = setcap;
      } else if (root) {
        reason =
            config.noNewPrivileges() && !configured.permitted().contains(capability)
                ? "noNewPrivileges keeps execve from granting what permitted lacks"
                : "execve grants root what is in bounding or inheritable, and it is in neither";
      } else if (!configured.ambient().contains(capability)) {
        reason =
            "user " + running.uid() + " is not root: execve clears what is not in the ambient set";
      } else if (!configured.permitted().contains(capability)
          || !configured.inheritable().contains(capability)) {
        reason = "it is in ambient but not in both permitted and inheritable, so it is dropped";
      } else {
        reason = "execve of a program with set-id bits clears the ambient set";
        remedy = "chmod ug-s " + hostPath;
      }
      return new Lost(capability.name(), reason, remedy);
    }
  }
}
