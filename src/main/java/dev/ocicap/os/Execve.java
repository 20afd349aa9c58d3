package dev.ocicap.os;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Replaces the program of this process (execve(2)), and first undoes what the JVM did to the
/// process: descriptors of its own, the signal mask, and where nobody told it not to, the limit of
/// open files and the filter of core dumps.
///
/// All texts are bytes, as [NativeText] makes them.
public final class Execve {
  private static final int RLIMIT_NOFILE = 7;
  private static final int SIG_SETMASK = 2;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final long SIG_IGN = 1;
  private static final int SIGSET_BYTES = 128;

  /// What the user's process had before there was a JVM in it.
  ///
  /// @param ignoredSignals the signals that were ignored, as in `/proc/PID/status`: the JVM handles
  ///   some of them itself and forgets
  /// @param limitsKept whether the JVM was told to leave the limit of open files and the core dump
  ///   filter alone (`-XX:-MaxFDLimit`, `-XX:-Dump…InCore`); otherwise the parent's are taken,
  ///   which these were in all likelihood
  public record Before(long ignoredSignals, boolean limitsKept) {}

  private final Linker linker = Linker.nativeLinker();
  private final StructLayout errnoLayout = Linker.Option.captureStateLayout();

  private Execve() {}

  /// Becomes the program; the JVM ends here when that succeeds.
  ///
  /// @return the error number (errno(3)) when it did not
  public static int replace(
      String program, List<String> arguments, Environment environment, Before before) {
    try {
      return new Execve().exec(program, arguments, environment, before);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private int exec(String program, List<String> arguments, Environment environment, Before before)
      throws Throwable {
    MethodHandle execve =
        linker.downcallHandle(
            address("execve"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS),
            Linker.Option.captureCallState("errno"));
    try (Arena arena = Arena.ofConfined()) {
      List<String> variables = new ArrayList<>();
      for (Map.Entry<String, String> variable : environment.variables().entrySet()) {
        variables.add(variable.getKey() + "=" + variable.getValue());
      }
      MemorySegment path = string(arena, program);
      MemorySegment argv = strings(arena, arguments);
      MemorySegment envp = strings(arena, variables);
      MemorySegment errno = arena.allocate(errnoLayout);
      closeOwnDescriptors();
      if (!before.limitsKept()) {
        takeLimitsOfParent(arena);
      }
      ignore(before.ignoredSignals());
      restoreMask(arena);
      int _ = (int) execve.invokeExact(errno, path, argv, envp);
      return (int)
          errnoLayout.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(errno, 0L);
    }
  }

  /// The runtime image and the class path stay open in a JVM, and not all of them close at execve.
  /// Everything else was the user's, or closes by itself. They may have the numbers of standard
  /// streams, where the user closed those.
  private void closeOwnDescriptors() throws Throwable {
    MethodHandle fcntl =
        linker.downcallHandle(
            address("fcntl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    List<String> own = ownFiles();
    String[] descriptors = new File("/proc/self/fd").list();
    if (descriptors == null) {
      return;
    }
    for (String descriptor : descriptors) {
      int number = Integer.parseInt(descriptor);
      String target;
      try {
        target = Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor)).toString();
      } catch (IOException e) {
        // The descriptor of the listing itself is gone by now.
        continue;
      }
      for (String file : own) {
        if (target.equals(file) || target.startsWith(file + "/")) {
          int _ = (int) fcntl.invokeExact(number, F_SETFD, FD_CLOEXEC);
        }
      }
    }
  }

  /// The JDK, the class path, and the distribution around a jar in `lib`: a shell may leave its
  /// script open.
  private static List<String> ownFiles() {
    List<String> files = new ArrayList<>();
    files.add(real(System.getProperty("java.home", "")));
    for (String element : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      String file = real(element);
      int lib = file.lastIndexOf("/lib/");
      files.add(file);
      files.add(lib < 0 ? "" : file.substring(0, lib) + "/bin/ocicap");
    }
    files.removeIf(String::isEmpty);
    return files;
  }

  private static String real(String path) {
    if (path.isEmpty()) {
      return "";
    }
    try {
      return Path.of(path).toRealPath().toString();
    } catch (IOException e) {
      return "";
    }
  }

  private void takeLimitsOfParent(Arena arena) throws Throwable {
    Path parent;
    String limits;
    String filter;
    try {
      parent = Path.of("/proc/" + parent());
      limits = Files.readString(parent.resolve("limits"), StandardCharsets.ISO_8859_1);
      filter = Files.readString(parent.resolve("coredump_filter"), StandardCharsets.ISO_8859_1);
      Files.writeString(Path.of("/proc/self/coredump_filter"), "0x" + filter.strip());
    } catch (IOException e) {
      // Another user's process: this one keeps what the JVM made of it.
      return;
    }
    long[] parents = openFiles(limits);
    long[] own =
        openFiles(Files.readString(Path.of("/proc/self/limits"), StandardCharsets.ISO_8859_1));
    if (parents[1] == own[1] && parents[0] < own[0]) {
      MethodHandle setrlimit =
          linker.downcallHandle(
              address("setrlimit"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      MemorySegment limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
      limit.setAtIndex(ValueLayout.JAVA_LONG, 0, parents[0]);
      limit.setAtIndex(ValueLayout.JAVA_LONG, 1, parents[1]);
      int _ = (int) setrlimit.invokeExact(RLIMIT_NOFILE, limit);
    }
  }

  private static String parent() throws IOException {
    String status = Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
    int start = status.indexOf("\nPPid:") + "\nPPid:".length();
    return status.substring(start, status.indexOf('\n', start)).strip();
  }

  /// The soft and hard limit of open files in the text of a `limits` file; -1 is unlimited.
  static long[] openFiles(String limits) {
    int line = limits.indexOf("Max open files");
    if (line < 0) {
      return new long[] {-1, -1};
    }
    String[] words = limits.substring(line, limits.indexOf('\n', line)).split(" +", -1);
    return new long[] {limit(words[3]), limit(words[4])};
  }

  private static long limit(String word) {
    return word.equals("unlimited") ? -1 : Long.parseLong(word);
  }

  private void ignore(long signals) throws Throwable {
    if (signals == 0) {
      return;
    }
    MethodHandle signal =
        linker.downcallHandle(
            address("signal"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    for (int number = 1; number <= Long.SIZE; number++) {
      if ((signals >>> (number - 1) & 1) != 0) {
        MemorySegment _ =
            (MemorySegment) signal.invokeExact(number, MemorySegment.ofAddress(SIG_IGN));
      }
    }
  }

  /// The first thread of the JVM waits and keeps the mask that the process came with; this thread
  /// has another one.
  private void restoreMask(Arena arena) throws Throwable {
    MethodHandle sigprocmask =
        linker.downcallHandle(
            address("sigprocmask"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS));
    MemorySegment set = arena.allocate(SIGSET_BYTES, Long.BYTES);
    set.set(ValueLayout.JAVA_LONG, 0, ProcessStatus.self().blockedSignals());
    int _ = (int) sigprocmask.invokeExact(SIG_SETMASK, set, MemorySegment.NULL);
  }

  private MemorySegment address(String function) {
    return linker.defaultLookup().findOrThrow(function);
  }

  private static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, string(arena, texts.get(i)));
    }
    array.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
    return array;
  }

  private static MemorySegment string(Arena arena, String bytes) {
    return arena.allocateFrom(bytes, StandardCharsets.ISO_8859_1);
  }
}
