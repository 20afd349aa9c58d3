package dev.ocicap.runtime;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the launcher script tells the JVM, in system properties. It waits in another process when
/// there is a plan to be read, and was replaced by this JVM otherwise.
///
/// @param pid the process that the user started
/// @param planDescriptor the descriptor that takes the plan, or -1 when the script does not wait
/// @param lcAll the user's own `LC_ALL`, which the script sets for this JVM; null when there is
///   none
/// @param ignoredSignals the signals that were ignored before the JVM, as in `/proc/PID/status`
public record Launcher(long pid, int planDescriptor, @Nullable String lcAll, long ignoredSignals) {
  private static final String LC_ALL = "LC_ALL";
  private static final int LAST_DESCRIPTOR = 9;

  /// The launcher of this JVM; null when there is none, as after `java -jar`.
  public static @Nullable Launcher ofThisProcess() {
    String pid = System.getProperty("ocicap.launcher");
    return pid == null
        ? null
        : new Launcher(
            Long.parseLong(pid),
            Integer.parseInt(System.getProperty("ocicap.plan", "-1")),
            System.getProperty("ocicap.lc_all"),
            Long.parseUnsignedLong(System.getProperty("ocicap.ignored", "0"), 16));
  }

  /// The environment as the user set it, from the environment of this JVM.
  public Map<String, String> userEnvironment(Map<String, String> environment) {
    Map<String, String> restored = new HashMap<>(environment);
    if (lcAll == null) {
      restored.remove(LC_ALL);
    } else {
      restored.put(LC_ALL, lcAll);
    }
    return restored;
  }

  /// The highest of the descriptors 3 … 9, which are all that a shell can name, that the user's
  /// process does not have; 0 when there is none.
  public static int freeDescriptor() {
    Launcher launcher = ofThisProcess();
    if (launcher != null && launcher.planDescriptor() >= 0) {
      // The script would have found no room for a plan if it were the user's.
      return LAST_DESCRIPTOR;
    }
    for (int descriptor = LAST_DESCRIPTOR; descriptor > 2; descriptor--) {
      if (!Files.exists(
          Path.of("/proc/self/fd", Integer.toString(descriptor)), LinkOption.NOFOLLOW_LINKS)) {
        return descriptor;
      }
    }
    return 0;
  }
}
