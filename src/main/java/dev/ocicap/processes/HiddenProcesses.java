package dev.ocicap.processes;

import dev.ocicap.cap.Capability;
import dev.ocicap.os.MountTable;
import dev.ocicap.os.ProcessStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Whether `/proc` keeps the processes of other users from the caller (proc(5), hidepid).
public final class HiddenProcesses {
  private static final String HIDING = "hidepid=";
  private static final String GROUP = "gid=";

  /// The values that hide something, as numbers and as newer kernels spell them.
  private static final List<String> VALUES =
      List.of("1", "2", "4", "noaccess", "invisible", "ptraceable");

  private HiddenProcesses() {}

  /// Asks `/proc` itself.
  public static boolean exist() {
    try {
      MountTable.Entry proc = MountTable.self().at(Path.of("/proc")).orElse(null);
      return proc != null && hides(proc, ProcessStatus.self());
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether a mounted `/proc` hides processes from a caller. Who may trace them sees them, and the
  /// members of a group that the mount names, unless only what may be traced is to be seen.
  static boolean hides(MountTable.Entry proc, ProcessStatus caller) {
    String value = option(proc, HIDING);
    String group = option(proc, GROUP);
    boolean traceable = value.equals("4") || value.equals("ptraceable");
    return VALUES.contains(value)
        && !caller.capabilities().effective().contains(Capability.CAP_SYS_PTRACE)
        && (traceable || !isMember(caller, group.isEmpty() ? "0" : group));
  }

  private static boolean isMember(ProcessStatus caller, String group) {
    if (Long.toString(caller.gid().fileSystem()).equals(group)) {
      return true;
    }
    for (long other : caller.groups()) {
      if (Long.toString(other).equals(group)) {
        return true;
      }
    }
    return false;
  }

  private static String option(MountTable.Entry proc, String key) {
    for (String option : proc.fileSystemOptions()) {
      if (option.startsWith(key)) {
        return option.substring(key.length());
      }
    }
    return "";
  }
}
