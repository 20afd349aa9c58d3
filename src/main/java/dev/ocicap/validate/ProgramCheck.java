package dev.ocicap.validate;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.report.Level;
import dev.ocicap.report.ShellWords;
import dev.ocicap.report.Suggestion;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether execve(2) can run a container's program, as far as its root file system tells. What only
/// a handler of binfmt_misc or an access control list could change is likely and not certain, and
/// weighs less.
///
/// @param document the configuration
/// @param bundle its directory
/// @param files its root file system
record ProgramCheck(Document document, Path bundle, RootFilesystem files) {
  private static final CapabilitySet PAST_MODES =
      CapabilitySet.of(Capability.CAP_DAC_OVERRIDE, Capability.CAP_DAC_READ_SEARCH);
  private static final Path FORMATS = Path.of("/proc/sys/fs/binfmt_misc");
  private static final Path FILE_SYSTEMS = Path.of("/proc/filesystems");

  /// A family of processors whose kernels run each other's programs.
  ///
  /// @param name as Java says it (`os.arch`)
  /// @param own the numbers of elf(5) of what it runs
  private record Processor(String name, List<Integer> own) {}

  private static final List<Processor> PROCESSORS =
      List.of(
          new Processor("amd64", List.of(62, 3)),
          new Processor("aarch64", List.of(183, 40)),
          new Processor("riscv64", List.of(243)),
          new Processor("ppc64le", List.of(21)),
          new Processor("s390x", List.of(22)));

  /// Looks at the program that the container begins with.
  void check(Findings findings) {
    List<Value> args = document.get("process", "args").items();
    if (args.isEmpty() || args.getFirst().text().isEmpty()) {
      return;
    }
    Value program = args.getFirst();
    List<String> candidates = candidates(program.text());
    Path unfit = null;
    for (String candidate : candidates) {
      RootFilesystem.Found found = files.see(candidate);
      if (found.sight() == RootFilesystem.Sight.UNKNOWN) {
        return;
      }
      if (found.sight() == RootFilesystem.Sight.EXECUTABLE) {
        executable(program, found.file(), findings);
        return;
      }
      if (found.sight() == RootFilesystem.Sight.FILE && unfit == null) {
        unfit = found.file();
      }
    }
    if (unfit != null) {
      findings.add(
          program,
          program.shown() + " is not executable in the root file system",
          command("chmod", "+x", unfit.toString()));
    } else {
      missing(program, candidates, findings);
    }
  }

  private List<String> candidates(String name) {
    if (name.indexOf('/') < 0) {
      return RootFilesystem.candidates(name, document.config().env());
    }
    return List.of(
        name.startsWith("/") ? name : document.get("process", "cwd").text() + "/" + name);
  }

  private void missing(Value program, List<String> candidates, Findings findings) {
    String name = program.text();
    boolean line = name.strip().indexOf(' ') > 0;
    findings.add(
        program,
        program.shown()
            + " is not found in the root file system"
            + (line ? ": it is taken whole for a name" : ""),
        line ? ProcessRules.words(name) : near(program, candidates));
  }

  /// The command with the program that is spelt most like it; else where to look.
  private String near(Value program, List<String> candidates) {
    String wanted = program.text().substring(program.text().lastIndexOf('/') + 1);
    List<String> names = new ArrayList<>();
    Path first = null;
    for (String candidate : candidates) {
      Path directory = files.directory(candidate.substring(0, candidate.lastIndexOf('/')));
      String[] entries = directory == null ? null : directory.toFile().list();
      if (entries != null) {
        first = first == null ? directory : first;
        for (String entry : entries) {
          if (!entry.equals(wanted)) {
            names.add(entry);
          }
        }
      }
    }
    Optional<String> near = Suggestion.nearest(wanted, names);
    if (near.isEmpty()) {
      return command("ls", (first == null ? files.root() : first).toString());
    }
    List<String> words = new ArrayList<>(List.of("ocicap", "edit", bundle.toString(), "--"));
    words.add(program.text().substring(0, program.text().lastIndexOf('/') + 1) + near.get());
    List<String> args = document.config().args();
    words.addAll(args.subList(1, args.size()));
    return ShellWords.pasted(words);
  }

  private void executable(Value program, Path file, Findings findings) {
    if (hasHandler() || denied(program, file, findings)) {
      return;
    }
    ProgramHead head;
    try {
      head = ProgramHead.read(file);
    } catch (IOException e) {
      // Who starts the container may read it.
      return;
    }
    String interpreter = head.interpreter();
    if (head.form() == ProgramHead.Form.OTHER) {
      unknown(program, " begins neither as a program nor with '#!'", file, findings);
    } else if (isForeign(head)) {
      unknown(program, " is a program for another processor than this host's", file, findings);
    } else if (interpreter.startsWith("/")) {
      RootFilesystem.Sight sight = files.look(interpreter);
      if (sight == RootFilesystem.Sight.NOTHING || sight == RootFilesystem.Sight.FILE) {
        boolean script = head.form() == ProgramHead.Form.SCRIPT;
        findings.add(
            program,
            program.shown()
                + (script ? " is a script for '" : " needs the loader '")
                + Value.cut(interpreter)
                + (sight == RootFilesystem.Sight.FILE
                    ? "', which is not executable in the root file system"
                    : "', which is not in the root file system"),
            interpreter.endsWith("\r")
                ? command("sed", "-i", "s/\\r$//", file.toString())
                : script
                    ? command("head", "-n", "1", file.toString())
                    : command("file", file.toString()));
      }
    }
  }

  /// crun gives programs to others than the kernel, such as WebAssembly's, when it is told to.
  private boolean hasHandler() {
    for (Value annotation : document.get("annotations").members()) {
      String key = annotation.key();
      if (key.equals("run.oci.handler") || key.startsWith("module.wasm.image/")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isForeign(ProgramHead head) {
    if (head.form() != ProgramHead.Form.ELF) {
      return false;
    }
    String own = System.getProperty("os.arch", "");
    for (Processor processor : PROCESSORS) {
      if (processor.name().equals(own)) {
        return !processor.own().contains(head.machine());
      }
    }
    return false;
  }

  /// The kernel runs what it does not know itself if somebody has registered a handler.
  private static void unknown(Value program, String what, Path file, Findings findings) {
    String message = program.shown() + what;
    String hint = command("file", file.toString());
    if (hasNoHandlers()) {
      findings.add(program, message, hint);
    } else {
      findings.add(
          Level.SHOULD, program, message + ": the kernel needs a handler of binfmt_misc", hint);
    }
  }

  /// Whether it is certain that nothing was registered: where that would be seen, there are only
  /// the two files that are always there.
  private static boolean hasNoHandlers() {
    try {
      if (!Files.readString(FILE_SYSTEMS).contains("binfmt_misc")) {
        return true;
      }
    } catch (IOException e) {
      return false;
    }
    String[] handlers = FORMATS.toFile().list();
    return handlers != null && handlers.length == 2;
  }

  /// Whether the mode of the file, or of a directory on the way to it, keeps the user out. In a
  /// user namespace other ids stand on the files.
  private boolean denied(Value program, Path file, Findings findings) {
    BigInteger uid = document.get("process", "user", "uid").integer();
    if (uid.signum() == 0
        || document.hasNamespace("user")
        || !document.capabilities().effective().intersect(PAST_MODES).isEmpty()) {
      return false;
    }
    List<Path> way = new ArrayList<>();
    for (Path at = file; at != null && at.startsWith(files.root()); at = at.getParent()) {
      way.addFirst(at);
    }
    for (Path at : way) {
      Level level = levelOfDenial(at, uid.longValue());
      if (level != null) {
        findings.add(
            level,
            program,
            program.shown()
                + " may not be executed by user "
                + uid
                + ": '"
                + at
                + "' is not for everybody",
            command("chmod", "a+rx", at.toString()));
        return true;
      }
    }
    return false;
  }

  /// How sure it is that a user may not execute or search a file; null when the user may. An access
  /// control list can give more than the bits for others, as far as those of the group go.
  private @Nullable Level levelOfDenial(Path file, long uid) {
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(file, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
    int mode = attributes.get("mode") instanceof Integer bits ? bits : 0777;
    if (attributes.get("uid") instanceof Integer owner && (owner & 0xffffffffL) == uid) {
      return (mode & 0100) == 0 ? Level.MUST : null;
    }
    if ((mode & 0001) != 0) {
      return null;
    }
    if ((mode & 0010) == 0) {
      return Level.MUST;
    }
    long group = attributes.get("gid") instanceof Integer gid ? gid & 0xffffffffL : 0;
    return isOf(BigInteger.valueOf(group)) ? null : Level.SHOULD;
  }

  private boolean isOf(BigInteger group) {
    Value user = document.get("process", "user");
    boolean member = user.get("gid").integer().equals(group);
    for (Value additional : user.get("additionalGids").items()) {
      member |= additional.integer().equals(group);
    }
    return member;
  }

  private static String command(String... words) {
    return ShellWords.pasted(List.of(words));
  }
}
