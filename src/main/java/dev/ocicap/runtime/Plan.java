package dev.ocicap.runtime;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.util.List;

/// Text for the launcher's shell that makes it the container runtime: every word in single quotes,
/// so that the shell takes each byte for itself; a first and a last line that nothing else has.
final class Plan {
  private Plan() {}

  /// The plan for a command. All texts are bytes.
  ///
  /// @param command the absolute path of the program, then its arguments
  /// @param change what to do about the environment
  /// @param env where env(1) is, which does what the shell cannot
  static String text(List<String> command, EnvironmentChange change, String env) {
    StringBuilder plan = new StringBuilder("# ocicap plan\n");
    for (String name : change.unset()) {
      plan.append("unset ").append(name).append('\n');
    }
    if (!change.level().isEmpty()) {
      plan.append("[ -n \"${BASH_VERSION-}${ZSH_VERSION-}\" ] || SHLVL=");
      plan.append(change.level()).append('\n');
    }
    plan.append("exec");
    if (!change.set().isEmpty() || !change.remove().isEmpty()) {
      if (command.getFirst().indexOf('=') >= 0) {
        throw new OcicapException(
            ExitStatus.NOT_STARTED,
            List.of(
                Problem.of("'" + command.getFirst() + "': env(1) cannot start what has a '='")));
      }
      word(plan, env);
      for (String name : change.remove()) {
        word(plan, "-u");
        word(plan, name);
      }
      // Behind the options, even when the name of a variable begins with a dash.
      word(plan, "--");
      for (String variable : change.set()) {
        word(plan, variable);
      }
    }
    for (String argument : command) {
      word(plan, argument);
    }
    return plan.append("\n# end\n").toString();
  }

  private static void word(StringBuilder plan, String bytes) {
    plan.append(" '").append(bytes.replace("'", "'\\''")).append('\'');
  }
}
