package dev.ocicap.os;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `/proc/PID/status` says of a process' credentials (proc_pid_status(5)). Lines that a kernel
/// lacks count as zero: no capability, no filter, nothing blocked.
///
/// @param capabilities the five sets
/// @param uid the user ids
/// @param gid the group ids
/// @param groups the supplementary groups, in the kernel's order
/// @param noNewPrivileges whether execve grants nothing any more (prctl(2), PR_SET_NO_NEW_PRIVS)
/// @param seccomp 0 without a filter, 1 strict, 2 with filters
/// @param blockedSignals the mask of the first thread: bit n is signal n + 1
/// @param ignoredSignals the signals whose disposition is SIG_IGN, likewise
public record ProcessStatus(
    ProcessCapabilities capabilities,
    Ids uid,
    Ids gid,
    List<Long> groups,
    boolean noNewPrivileges,
    int seccomp,
    long blockedSignals,
    long ignoredSignals) {

  /// The four ids that a process has of each kind.
  public record Ids(long real, long effective, long saved, long fileSystem) {}

  /// Of the calling process.
  ///
  /// @throws IOException when there is no `/proc`
  public static ProcessStatus self() throws IOException {
    return read(Path.of("/proc/self/status"));
  }

  /// Of another process.
  ///
  /// @throws IOException when there is no such process, or no `/proc`
  public static ProcessStatus of(long pid) throws IOException {
    return read(Path.of("/proc/" + pid + "/status"));
  }

  private static ProcessStatus read(Path file) throws IOException {
    // A channel of java.nio would load the library for the network first.
    try (InputStream in = new FileInputStream(file.toFile())) {
      return parse(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    }
  }

  /// The text of a `status` file.
  ///
  /// @throws NumberFormatException when a number in it is none, or there are no ids
  public static ProcessStatus parse(String text) {
    Map<String, String> values = values(text);
    ProcessCapabilities capabilities = ProcessCapabilities.NONE;
    for (SetName set : SetName.values()) {
      long mask = mask(values.getOrDefault(set.procKey(), ""));
      capabilities = capabilities.with(set, new CapabilitySet(mask));
    }
    return new ProcessStatus(
        capabilities,
        ids(values.getOrDefault("Uid", "")),
        ids(values.getOrDefault("Gid", "")),
        numbers(values.getOrDefault("Groups", "")),
        values.getOrDefault("NoNewPrivs", "").equals("1"),
        (int) mask(values.getOrDefault("Seccomp", "")),
        mask(values.getOrDefault("SigBlk", "")),
        mask(values.getOrDefault("SigIgn", "")));
  }

  /// What follows each `key:`, without the white space around it. The first line, `Name:`, is the
  /// one that a process chooses itself: the kernel escapes line ends in it.
  private static Map<String, String> values(String text) {
    Map<String, String> values = new HashMap<>();
    int start = text.indexOf('\n') + 1;
    while (start > 0 && start < text.length()) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline;
      int colon = text.indexOf(':', start);
      if (colon >= 0 && colon < end) {
        values.putIfAbsent(text.substring(start, colon), text.substring(colon + 1, end).strip());
      }
      start = newline + 1;
    }
    return values;
  }

  private static long mask(String hex) {
    return hex.isEmpty() ? 0 : Long.parseUnsignedLong(hex, 16);
  }

  private static Ids ids(String text) {
    List<Long> ids = numbers(text);
    if (ids.size() != 4) {
      throw new NumberFormatException("a process status without its four ids");
    }
    return new Ids(ids.get(0), ids.get(1), ids.get(2), ids.get(3));
  }

  private static List<Long> numbers(String text) {
    List<Long> numbers = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = start;
      while (end < text.length() && text.charAt(end) > ' ') {
        end++;
      }
      if (end > start) {
        numbers.add(Long.parseLong(text, start, end, 10));
      }
      start = end + 1;
    }
    return List.copyOf(numbers);
  }
}
