package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.clear;
import static dev.ocicap.cli.EditOption.each;
import static dev.ocicap.cli.EditOption.last;
import static dev.ocicap.cli.EditOption.old;
import static dev.ocicap.cli.EditOption.remove;
import static dev.ocicap.cli.EditOption.value;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.Property;
import java.util.List;

/// The options of `process`.
final class ProcessOptions {
  private ProcessOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Process",
          List.of(
              each(
                  Notation.ARGS,
                  "WORD",
                  "a word of the command, once for each; or write the command behind --",
                  "--arg",
                  "--args"),
              clear(ListProperty.ENV, "--env-clear"),
              remove(ListProperty.ENV, "NAME", "--env-remove"),
              each(
                  Notation.ENV_FILE,
                  "FILE",
                  "set the variables in a file: NAME=VALUE a line, docker's rules",
                  "--env-file"),
              each(
                  Notation.ENV,
                  "NAME[=VALUE]",
                  "set an environment variable; a bare NAME takes the caller's value",
                  "-e",
                  "--env"),
              value(
                  Property.CWD,
                  "DIR",
                  "working directory of the process, absolute",
                  "-w",
                  "--workdir",
                  "--cwd"),
              old(Kind.SINGLE, new Action.Replace(Property.CWD), "--cwd DIR", "--process-cwd"),
              last(
                  Notation.USER,
                  "UID[:GID]",
                  "user of the process, by numbers; the group is 0 unless given; other groups go",
                  "-u",
                  "--user"),
              value(Property.UID, "UID", "user id only", "--uid"),
              old(Kind.SINGLE, new Action.Replace(Property.UID), "--uid UID", "--process-uid"),
              value(Property.GID, "GID", "group id only", "--gid"),
              old(Kind.SINGLE, new Action.Replace(Property.GID), "--gid GID", "--process-gid"),
              clear(ListProperty.ADDITIONAL_GIDS, "--group-clear"),
              remove(ListProperty.ADDITIONAL_GIDS, "GID", "--group-remove"),
              each(Notation.GROUP, "GID", "add a supplementary group", "--group-add", "--group"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.GROUP),
                  "--group GID",
                  "--groups",
                  "--process-groups"),
              value(Property.UMASK, "MODE", "mask of new files, octal", "--umask"),
              old(
                  Kind.SINGLE,
                  new Action.Read(Notation.OLD_UMASK),
                  "--umask MODE",
                  "--process-umask"),
              value(Property.USERNAME, "NAME", "user name (Windows)", "--username"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.USERNAME),
                  "--username NAME",
                  "--process-username"),
              value(
                  Property.TERMINAL,
                  "",
                  "give the process a terminal",
                  "-t",
                  "--tty",
                  "--terminal"),
              old(
                  Kind.BOOLEAN,
                  new Action.Replace(Property.TERMINAL),
                  "--terminal",
                  "--process-terminal"),
              last(
                  Notation.CONSOLE_SIZE,
                  "WIDTH:HEIGHT",
                  "size of the terminal in characters",
                  "--console-size"),
              old(
                  Kind.SINGLE,
                  new Action.Read(Notation.CONSOLE_SIZE),
                  "--console-size WIDTH:HEIGHT",
                  "--process-consolesize"),
              clear(ListProperty.RLIMITS, "--rlimit-clear"),
              old(
                  Kind.BOOLEAN,
                  new Action.Clear(ListProperty.RLIMITS),
                  "--rlimit-clear",
                  "--process-rlimits-remove-all",
                  "--rlimits-remove-all"),
              each(Notation.RLIMIT_REMOVE, "TYPE", "remove one", "--rlimit-remove"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.RLIMIT_REMOVE),
                  "--rlimit-remove TYPE",
                  "--process-rlimits-remove",
                  "--rlimits-remove"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_RLIMIT),
                  "--rlimit TYPE=SOFT:HARD",
                  "--process-rlimits-add",
                  "--rlimits-add"),
              each(
                  Notation.RLIMIT,
                  "TYPE=SOFT[:HARD]",
                  "resource limit such as nofile=1024:4096; -1 or unlimited",
                  "--ulimit",
                  "--rlimit"),
              value(
                  Property.OOM_SCORE_ADJ,
                  "-1000…1000",
                  "how early the kernel kills the process when memory is short",
                  "--oom-score-adj"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.OOM_SCORE_ADJ),
                  "--oom-score-adj SCORE",
                  "--linux-oom-score-adj"),
              last(
                  Notation.SCHEDULER,
                  "POLICY[,KEY=N…]",
                  "scheduler: other, fifo, rr, batch, idle, deadline; nice=, priority=, runtime=, deadline=, period= (ns), flags=A+B",
                  "--scheduler"),
              last(
                  Notation.IO_PRIORITY,
                  "CLASS[:0…7]",
                  "I/O priority: rt, be or idle",
                  "--io-priority"),
              value(
                  Property.EXEC_CPUS_INITIAL,
                  "LIST",
                  "processors of a later exec, before it joins the cgroup",
                  "--exec-cpus-initial"),
              value(
                  Property.EXEC_CPUS_FINAL,
                  "LIST",
                  "processors of a later exec, then",
                  "--exec-cpus-final"),
              value(
                  Property.COMMAND_LINE,
                  "TEXT",
                  "the whole command line in one text (Windows)",
                  "--command-line"),
              value(Property.PERSONALITY, "LINUX|LINUX32", "execution domain", "--personality")));
}
