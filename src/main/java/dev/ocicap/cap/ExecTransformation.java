package dev.ocicap.cap;

import static dev.ocicap.cap.CapabilitySet.NONE;

import java.util.List;

/// What the five configured sets become in the running process: first the runtime's part (bounding
/// set, keepcaps, capset, ambient), then execve's (capabilities(7), "Transformation of capabilities
/// during execve()"). runc and crun end with the same masks.
public final class ExecTransformation {
  private ExecTransformation() {}

  /// The user that the runtime switches to before execve.
  ///
  /// @param uid the user id inside the container
  /// @param gid the group id inside the container
  /// @param groups the supplementary group ids
  public record Identity(long uid, long gid, List<Long> groups) {
    /// Copies the groups.
    public Identity {
      groups = List.copyOf(groups);
    }
  }

  /// The process that starts the runtime.
  ///
  /// @param bounding its bounding set
  /// @param permitted its permitted set
  public record Host(CapabilitySet bounding, CapabilitySet permitted) {
    /// A host whose root has every capability; also what a new user namespace gives.
    public static final Host FULL = new Host(CapabilitySet.ALL, CapabilitySet.ALL);
  }

  /// How a start ends.
  public sealed interface Outcome {}

  /// The program runs.
  ///
  /// @param capabilities the five sets of the process
  /// @param uid real user id
  /// @param euid effective user id
  /// @param gid real group id
  /// @param egid effective group id
  public record Running(ProcessCapabilities capabilities, long uid, long euid, long gid, long egid)
      implements Outcome {}

  /// The container does not start.
  public record Refused(Stage stage, Reason reason) implements Outcome {}

  /// What refuses a start.
  public enum Stage {
    /// The runtime's capset system call.
    CREATE,
    /// execve of the program.
    EXEC
  }

  /// Why a start is refused.
  public enum Reason {
    /// inheritable ⊄ bounding.
    INHERITABLE_BEYOND_BOUNDING,
    /// permitted ⊄ what the host's process has.
    PERMITTED_BEYOND_HOST,
    /// effective ⊄ permitted.
    EFFECTIVE_BEYOND_PERMITTED,
    /// The program's effective bit asks for more than the bounding set allows.
    FILE_CAPABILITIES_BEYOND_BOUNDING
  }

  /// What becomes of the configured sets.
  public static Outcome apply(
      ProcessCapabilities configured,
      Identity identity,
      boolean noNewPrivileges,
      Program program,
      Host host) {
    CapabilitySet bounding = host.bounding().intersect(configured.bounding());
    if (!bounding.containsAll(configured.inheritable())) {
      return new Refused(Stage.CREATE, Reason.INHERITABLE_BEYOND_BOUNDING);
    }
    if (!host.permitted().containsAll(configured.permitted())) {
      return new Refused(Stage.CREATE, Reason.PERMITTED_BEYOND_HOST);
    }
    if (!configured.permitted().containsAll(configured.effective())) {
      return new Refused(Stage.CREATE, Reason.EFFECTIVE_BEYOND_PERMITTED);
    }
    CapabilitySet ambient =
        configured.ambient().intersect(configured.permitted()).intersect(configured.inheritable());
    ProcessCapabilities before =
        configured.with(SetName.BOUNDING, bounding).with(SetName.AMBIENT, ambient);
    return execve(before, identity, noNewPrivileges, program);
  }

  /// What becomes of a running process' sets when it executes a program.
  public static Outcome execve(
      ProcessCapabilities before, Identity identity, boolean noNewPrivileges, Program program) {
    long euid = noNewPrivileges ? identity.uid() : program.setUid().orElse(identity.uid());
    long egid = noNewPrivileges ? identity.gid() : program.setGid().orElse(identity.gid());
    boolean hasFileCapabilities = program.capabilities().isPresent();
    CapabilitySet permitted = NONE;
    boolean effective = false;
    if (hasFileCapabilities) {
      FileCapabilities file = program.capabilities().orElseThrow();
      permitted =
          before
              .bounding()
              .intersect(file.permitted())
              .plus(before.inheritable().intersect(file.inheritable()));
      effective = file.effective();
      if (effective && !permitted.containsAll(file.permitted())) {
        return new Refused(Stage.EXEC, Reason.FILE_CAPABILITIES_BEYOND_BOUNDING);
      }
    }
    boolean fileCapabilitiesOnly = hasFileCapabilities && identity.uid() != 0;
    if ((identity.uid() == 0 || euid == 0) && !fileCapabilitiesOnly) {
      permitted = before.bounding().plus(before.inheritable());
      effective |= euid == 0;
    }
    if (noNewPrivileges && !before.permitted().containsAll(permitted)) {
      permitted = permitted.intersect(before.permitted());
    }
    boolean idChanged =
        euid != identity.uid() || (egid != identity.gid() && !identity.groups().contains(egid));
    CapabilitySet ambient = hasFileCapabilities || idChanged ? NONE : before.ambient();
    permitted = permitted.plus(ambient);
    return new Running(
        new ProcessCapabilities(
            before.bounding(),
            effective ? permitted : ambient,
            before.inheritable(),
            permitted,
            ambient),
        identity.uid(),
        euid,
        identity.gid(),
        egid);
  }
}
