package dev.ocicap.runtime;

/// The options of `runc run` that crun and youki spell the same way. Their order here is the order
/// on the runtime's command line.
public enum RuntimeOption {
  /// Where the runtime keeps the state of its containers.
  ROOT("--root", true, "DIR", "where the runtime keeps the state of its containers"),
  /// The runtime's log file.
  LOG("--log", true, "FILE", "write the runtime's log there"),
  /// The format of the runtime's log.
  LOG_FORMAT("--log-format", true, "FORMAT", "format of the runtime's log: text or json"),
  /// Lets the runtime log more.
  DEBUG("--debug", true, "", "let the runtime log more"),
  /// Lets systemd make the container's cgroup.
  SYSTEMD_CGROUP("--systemd-cgroup", true, "", "let systemd make the container's cgroup"),
  /// The process id of the container, as a file.
  PID_FILE("--pid-file", false, "FILE", "write the container's process id there"),
  /// Where the terminal of a detached container goes.
  CONSOLE_SOCKET(
      "--console-socket", false, "SOCKET", "socket that takes the terminal's descriptor"),
  /// How many descriptors from 3 on the container gets.
  PRESERVE_FDS("--preserve-fds", false, "N", "pass N more open files, from descriptor 3 on"),
  /// Leaves the container running.
  DETACH("--detach", false, "", "leave the container running"),
  /// Changes the root without pivot_root(2).
  NO_PIVOT("--no-pivot", false, "", "change the root without pivot_root, as on a RAM disk"),
  /// Keeps the session keyring.
  NO_NEW_KEYRING("--no-new-keyring", false, "", "keep the caller's session keyring");

  private final String flag;
  private final boolean global;
  private final String label;
  private final String description;

  RuntimeOption(String flag, boolean global, String label, String description) {
    this.flag = flag;
    this.global = global;
    this.label = label;
    this.description = description;
  }

  /// The option as the runtime spells it.
  public String flag() {
    return flag;
  }

  /// Whether it stands before the runtime's subcommand.
  boolean isGlobal() {
    return global;
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
