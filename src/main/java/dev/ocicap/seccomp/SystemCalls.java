package dev.ocicap.seccomp;

import dev.ocicap.data.Texts;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The names of Linux's system calls, of all architectures (syscalls(2)).
public final class SystemCalls {
  private static final String RESOURCE = "/seccomp/system-calls.txt";
  private static final SortedSet<String> NAMES = read();
  private static final Set<String> HASHED = Set.copyOf(NAMES);

  private SystemCalls() {}

  /// Every name, in alphabetical order.
  public static SortedSet<String> names() {
    return NAMES;
  }

  /// Whether some architecture has a system call of that name.
  public static boolean isKnown(String name) {
    return HASHED.contains(name);
  }

  private static SortedSet<String> read() {
    SortedSet<String> names = new TreeSet<>();
    for (String line : Texts.get(RESOURCE).split("\n", -1)) {
      if (!line.startsWith("#") && !line.isEmpty()) {
        Collections.addAll(names, line.split(" ", -1));
      }
    }
    return Collections.unmodifiableSortedSet(names);
  }
}
