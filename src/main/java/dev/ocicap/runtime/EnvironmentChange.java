package dev.ocicap.runtime;

import dev.ocicap.os.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What must be done to the environment that a shell hands on so that it is again the one that the
/// shell was started with: shells drop names that are none in their language, and add some.
///
/// @param level the value of `SHLVL`, which some shells count down when they are replaced and
///   others do not; empty when nothing is to be done about it
/// @param unset the names that a shell can forget by itself
/// @param remove the other names to take away
/// @param set `NAME=VALUE` of what was dropped or changed
record EnvironmentChange(String level, List<String> unset, List<String> remove, List<String> set) {

  /// The change from what the launcher's shell hands on to what it was started with.
  ///
  /// @param handed the environment of this JVM, a child of that shell
  /// @param wanted the environment that the shell was started with
  static EnvironmentChange between(Environment handed, Environment wanted) {
    List<String> unset = new ArrayList<>();
    List<String> remove = new ArrayList<>();
    List<String> set = new ArrayList<>();
    String level = "";
    for (Map.Entry<String, String> variable : wanted.variables().entrySet()) {
      String name = variable.getKey();
      String value = variable.getValue();
      @Nullable String shells = handed.variables().get(name);
      if (value.equals(shells) || isTheShellsOwn(name)) {
        continue;
      }
      if (name.equals("SHLVL") && shells != null && shells.equals(successor(value))) {
        level = value;
      } else {
        set.add(name + "=" + value);
      }
    }
    for (String name : handed.variables().keySet()) {
      if (!wanted.variables().containsKey(name) && !isTheShellsOwn(name)) {
        (name.equals("PWD") || name.equals("OLDPWD") ? unset : remove).add(name);
      }
    }
    return new EnvironmentChange(level, unset, remove, set);
  }

  /// `LC_ALL` is another only in this JVM; `_` is what the shell makes of it for each command.
  private static boolean isTheShellsOwn(String name) {
    return name.equals("LC_ALL") || name.equals("_");
  }

  /// The number after a number; empty when the text is none.
  private static String successor(String number) {
    if (number.isEmpty() || number.length() > 9) {
      return "";
    }
    for (int i = 0; i < number.length(); i++) {
      if (number.charAt(i) < '0' || number.charAt(i) > '9') {
        return "";
      }
    }
    return Integer.toString(Integer.parseInt(number) + 1);
  }
}
