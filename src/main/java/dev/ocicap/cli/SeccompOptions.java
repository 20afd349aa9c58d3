package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.clear;
import static dev.ocicap.cli.EditOption.each;
import static dev.ocicap.cli.EditOption.flag;
import static dev.ocicap.cli.EditOption.last;
import static dev.ocicap.cli.EditOption.old;
import static dev.ocicap.cli.EditOption.remove;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import dev.ocicap.edit.ListProperty;
import java.util.List;

/// The options of `linux.seccomp`.
final class SeccompOptions {
  private SeccompOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "System calls",
          List.of(
              last(
                  Notation.SECCOMP,
                  "docker|unconfined|FILE",
                  "filter of system calls: Docker's default profile, none, or a file in Docker's or the specification's form; follows the capabilities",
                  "--seccomp"),
              clear(ListProperty.SECCOMP_ARCHITECTURES, "--seccomp-arch-clear"),
              flag(Notation.SECCOMP_CLEAR, "remove all rules", "--seccomp-clear"),
              old(
                  Kind.BOOLEAN,
                  new Action.Read(Notation.SECCOMP_CLEAR),
                  "--seccomp-clear",
                  "--linux-seccomp-remove-all",
                  "--seccomp-remove-all"),
              last(
                  Notation.SECCOMP_DEFAULT,
                  "ACTION",
                  "what happens to calls without a rule: allow, errno, kill, log, trace, trap",
                  "--seccomp-default"),
              old(
                  Kind.SINGLE,
                  new Action.Read(Notation.SECCOMP_DEFAULT),
                  "--seccomp-default ACTION",
                  "--linux-seccomp-default"),
              last(
                  Notation.SECCOMP_DEFAULT_FORCE,
                  "ACTION",
                  "the same, and keep rules that say the same",
                  "--seccomp-default-force"),
              old(
                  Kind.SINGLE,
                  new Action.Read(Notation.SECCOMP_DEFAULT_FORCE),
                  "--seccomp-default-force ACTION",
                  "--linux-seccomp-default-force"),
              each(Notation.SECCOMP_ARCH, "NAME[,…]", "add an architecture", "--seccomp-arch"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.SECCOMP_ARCH),
                  "--seccomp-arch NAME[,…]",
                  "--linux-seccomp-arch"),
              remove(ListProperty.SECCOMP_ARCHITECTURES, "NAME", "--seccomp-arch-remove"),
              each(
                  Notation.SECCOMP_ERRNO,
                  "SYSCALL[,…]",
                  "let system calls fail",
                  "--seccomp-errno"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.SECCOMP_ERRNO),
                  "--seccomp-errno SYSCALL[,…]",
                  "--linux-seccomp-errno"),
              each(
                  Notation.SECCOMP_KILL,
                  "SYSCALL[,…]",
                  "end the process at system calls",
                  "--seccomp-kill"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.SECCOMP_KILL),
                  "--seccomp-kill SYSCALL[,…]",
                  "--linux-seccomp-kill"),
              each(Notation.SECCOMP_TRACE, "SYSCALL[,…]", "tell a tracer", "--seccomp-trace"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.SECCOMP_TRACE),
                  "--seccomp-trace SYSCALL[,…]",
                  "--linux-seccomp-trace"),
              each(Notation.SECCOMP_TRAP, "SYSCALL[,…]", "send SIGSYS", "--seccomp-trap"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.SECCOMP_TRAP),
                  "--seccomp-trap SYSCALL[,…]",
                  "--linux-seccomp-trap"),
              each(Notation.SECCOMP_ALLOW, "SYSCALL[,…]", "allow system calls", "--seccomp-allow"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.SECCOMP_ALLOW),
                  "--seccomp-allow SYSCALL[,…]",
                  "--linux-seccomp-allow"),
              each(
                  Notation.SECCOMP_REMOVE,
                  "SYSCALL[,…]",
                  "remove the rules about system calls",
                  "--seccomp-remove"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.SECCOMP_REMOVE),
                  "--seccomp-remove SYSCALL[,…]",
                  "--linux-seccomp-remove")));
}
