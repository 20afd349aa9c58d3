package dev.ocicap.cap;

/// The five capability sets of a process (capabilities(7), "Thread capability sets"), in the order
/// of `runc spec`'s output.
public enum SetName {
  /// The most that execve may grant.
  BOUNDING("bounding", "CapBnd"),
  /// What the kernel checks.
  EFFECTIVE("effective", "CapEff"),
  /// What execve may keep together with the program's own inheritable set.
  INHERITABLE("inheritable", "CapInh"),
  /// What the process may make effective.
  PERMITTED("permitted", "CapPrm"),
  /// What execve keeps for a program without privileges.
  AMBIENT("ambient", "CapAmb");

  private final String key;
  private final String procKey;

  SetName(String key, String procKey) {
    this.key = key;
    this.procKey = procKey;
  }

  /// The member of `process.capabilities` in config.json.
  public String key() {
    return key;
  }

  /// The line of `/proc/PID/status`.
  public String procKey() {
    return procKey;
  }
}
