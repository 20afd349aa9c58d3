package dev.ocicap.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ocicap.os.Environment;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final EnvironmentChange NONE = change(Map.of(), Map.of());

  private static EnvironmentChange change(Map<String, String> handed, Map<String, String> wanted) {
    return EnvironmentChange.between(new Environment(handed), new Environment(wanted));
  }

  @Test
  void every_word_stands_in_single_quotes() {
    assertEquals(
        """
        # ocicap plan
        exec '/usr/sbin/runc' 'run' '' 'a'\\''b' '$(touch x)
        `y`' '\\'
        # end
        """,
        Plan.text(
            List.of("/usr/sbin/runc", "run", "", "a'b", "$(touch x)\n`y`", "\\"),
            NONE,
            "/bin/env"));
  }

  @Test
  void an_environment_that_the_shell_keeps_needs_nothing() {
    assertEquals(NONE, change(Map.of("A", "1", "LC_ALL", "C.UTF-8"), Map.of("A", "1")));
    assertEquals(
        NONE, change(Map.of("A", "1", "LC_ALL", "C.UTF-8"), Map.of("A", "1", "LC_ALL", "de")));
    assertEquals(NONE, change(Map.of("_", "/bin/java"), Map.of("_", "/bin/ocicap")));
  }

  @Test
  void a_directory_that_the_shell_added_is_forgotten() {
    EnvironmentChange change = change(Map.of("PWD", "/x", "OLDPWD", "/y"), Map.of());
    assertEquals(2, change.unset().size());
    assertEquals(
        "# ocicap plan\nunset PWD\nexec '/r'\n# end\n",
        Plan.text(List.of("/r"), change(Map.of("PWD", "/x"), Map.of()), "/bin/env"));
  }

  @Test
  void what_the_shell_dropped_or_changed_is_set_by_env() {
    assertEquals(
        "# ocicap plan\nexec '/bin/env' '-u' 'NEW' '--' 'a.b=it'\\''s' '/r'\n# end\n",
        Plan.text(List.of("/r"), change(Map.of("NEW", "1"), Map.of("a.b", "it's")), "/bin/env"));
  }

  @Test
  void a_shell_that_does_not_count_down_is_helped() {
    assertEquals(
        "# ocicap plan\n[ -n \"${BASH_VERSION-}${ZSH_VERSION-}\" ] || SHLVL=3\nexec '/r'\n# end\n",
        Plan.text(List.of("/r"), change(Map.of("SHLVL", "4"), Map.of("SHLVL", "3")), "/bin/env"));
    assertEquals(
        List.of("SHLVL=$(x)"),
        change(Map.of("SHLVL", "1"), Map.of("SHLVL", "$(x)")).set(),
        "only a number stands outside quotes");
  }

  @Test
  void a_program_that_env_would_take_for_a_variable_is_refused() {
    EnvironmentChange change = change(Map.of(), Map.of("a.b", "1"));
    OcicapException e =
        assertThrows(
            OcicapException.class, () -> Plan.text(List.of("/opt/a=b/runc"), change, "/bin/env"));
    assertEquals(ExitStatus.NOT_STARTED, e.status());
  }
}
