package dev.ocicap.runtime;

/// The options of a runtime that runc, crun and youki spell the same way, or that only one of them
/// knows, which then is the one to refuse it. Their order here is the order on the runtime's
/// command line.
public enum RuntimeOption {
  /// Where the runtime keeps the state of its containers.
  ROOT(Side.GLOBAL, "--root", "DIR", "where the runtime keeps the state of its containers"),
  /// The runtime's log file.
  LOG(Side.GLOBAL, "--log", "FILE", "write the runtime's log there"),
  /// The format of the runtime's log.
  LOG_FORMAT(Side.GLOBAL, "--log-format", "FORMAT", "format of the runtime's log: text or json"),
  /// Lets the runtime log more.
  DEBUG(Side.GLOBAL, "--debug", "", "let the runtime log more"),
  /// Lets systemd make the container's cgroup.
  SYSTEMD_CGROUP(Side.GLOBAL, "--systemd-cgroup", "", "let systemd make the container's cgroup"),
  /// Who makes the container's cgroup, for crun.
  CGROUP_MANAGER(Side.GLOBAL, "--cgroup-manager", "MANAGER", "crun: cgroupfs, systemd or disabled"),
  /// Whether the runtime takes its user for root.
  ROOTLESS(
      Side.GLOBAL,
      "--rootless",
      "true|false|auto",
      "whether to bear with a cgroup that is not ours"),
  /// The process id of the container, as a file.
  PID_FILE(Side.PROCESS, "--pid-file", "FILE", "write the container's process id there"),
  /// Where the terminal of a detached container goes.
  CONSOLE_SOCKET(
      Side.PROCESS, "--console-socket", "SOCKET", "socket that takes the terminal's descriptor"),
  /// How many descriptors from 3 on the container gets.
  PRESERVE_FDS(Side.PROCESS, "--preserve-fds", "N", "pass N more open files, from descriptor 3 on"),
  /// Leaves the container running.
  DETACH(Side.RUN, "--detach", "", "leave the container running; its output is kept"),
  /// Keeps what is left of the container when it has ended.
  KEEP(Side.RUN, "--keep", "", "runc: do not delete the container when it has ended"),
  /// Leaves orphans inside the container to somebody else.
  NO_SUBREAPER(Side.RUN, "--no-subreaper", "", "do not reap what the container's processes leave"),
  /// Changes the root without pivot_root(2).
  NO_PIVOT(Side.CREATE, "--no-pivot", "", "change the root without pivot_root, as on a RAM disk"),
  /// Keeps the session keyring.
  NO_NEW_KEYRING(Side.CREATE, "--no-new-keyring", "", "keep the caller's session keyring");

  /// Where an option stands.
  private enum Side {
    /// Before the subcommand, whichever it is.
    GLOBAL,
    /// Behind every subcommand that begins a process: `run`, `create` and `exec`.
    PROCESS,
    /// Behind `run` and `create`.
    CREATE,
    /// Behind `run` alone.
    RUN
  }

  private final Side side;
  private final String flag;
  private final String label;
  private final String description;

  RuntimeOption(Side side, String flag, String label, String description) {
    this.side = side;
    this.flag = flag;
    this.label = label;
    this.description = description;
  }

  /// The option as the runtime spells it.
  public String flag() {
    return flag;
  }

  /// Whether it stands before the runtime's subcommand.
  public boolean isGlobal() {
    return side == Side.GLOBAL;
  }

  /// Whether a subcommand takes it behind its name.
  ///
  /// @param verb the subcommand, such as `run`
  public boolean isOf(String verb) {
    return switch (side) {
      case GLOBAL -> false;
      case PROCESS -> verb.equals("run") || verb.equals("create") || verb.equals("exec");
      case CREATE -> verb.equals("run") || verb.equals("create");
      case RUN -> verb.equals("run");
    };
  }

  /// What its value is called; empty when it takes none.
  public String label() {
    return label;
  }

  /// One line for the help.
  public String description() {
    return description;
  }
}
