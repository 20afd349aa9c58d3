package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShellScriptTest {
  private static final Map<String, String> VARIABLES =
      Map.of("HOME", "/home/me", "TAG", "1.2", "EMPTY", "", "TWO", "a b", "LIKE", "X=1");

  @Test
  void a_recorded_line_is_split_as_sh_splits_it() throws IOException {
    int lines = 0;
    for (EngineCase one : EngineCase.reference()) {
      List<String> words = only(one.line()).words();
      assertEquals(one.argv().subList(1, one.argv().size()), words.subList(1, words.size()));
      lines++;
    }
    assertEquals(551, lines);
  }

  /// Expected words by sh(1p): 2.2 Quoting, 2.5 Parameters, 2.6 Word Expansions.
  @Test
  void quotes_and_expansions_follow_the_standard() {
    assertWords("docker run 'a b' \"c d\" e\\ f", "a b", "c d", "e f");
    assertWords("docker run '' \"\" x", "", "", "x");
    assertWords("docker run a'b'\"c\"d", "abcd");
    assertWords("docker run \"\\$X \\\" \\a\"", "$X \" \\a");
    assertWords("docker run $TAG \"$TAG\" '$TAG'", "1.2", "1.2", "$TAG");
    assertWords("docker run $TWO \"$TWO\"", "a", "b", "a b");
    assertWords("docker run $EMPTY x \"$EMPTY\"", "x", "");
    assertWords("docker run pre$TWO'post'", "prea", "bpost");
    assertWords(
        "docker run ${TAG}x ${NO:-d e} ${NO-'f g'} \"${NO:-h i}\"",
        "1.2x",
        "d",
        "e",
        "f",
        "g",
        "h i");
    assertWords("docker run ${TAG:+set} ${EMPTY:+no} ${EMPTY+yes} x", "set", "yes", "x");
    assertWords("docker run ${NEW:=v} $NEW", "v", "v");
    assertWords("docker run $(pwd)/a `pwd` \"$PWD/b\"", "/here/a", "/here", "/here/b");
    assertWords(
        "docker run ~ ~/x '~' a~ --v=~/x ~other",
        "/home/me",
        "/home/me/x",
        "~",
        "a~",
        "--v=~/x",
        "~other");
    assertWords("docker run A=~/x", "A=/home/me/x");
    assertWords("docker run $ a$ $/b", "$", "a$", "$/b");
    assertWords("docker run $'a\\nb'", "a\nb");
    assertWords("docker run a#b # c", "a#b");
    assertWords("docker run a \\\n  b", "a", "b");
    assertWords("docker run a >out 2>&1 b <in", "a", "b");
    assertWords("docker run {a,b} *.c", "{a,b}", "*.c");
    assertWords("docker run $LIKE", "X=1");
  }

  @Test
  void nothing_is_executed() {
    refused("docker run $(id -u)", "'$(id -u)' is not executed");
    refused("docker run `date`", "'$(date)' is not executed");
    refused("docker run $((1+1))", "arithmetic");
    refused("docker run $1", "'$1' has no value here");
    refused("docker run ${NO:?give one}", "'NO' is not set: give one");
    refused("docker run 'a", "a single quote is not closed");
    refused("docker run \"a", "a double quote is not closed");
  }

  @Test
  void every_command_of_a_script_is_found() {
    String script =
        """
        #!/bin/sh
        set -e
        IMAGE=nginx:$TAG
        export MODE="dev mode"
        docker pull $IMAGE
        docker volume create data   # not a container
        cd /srv && docker run -e MODE -v $(pwd):/w $IMAGE
        if true; then FOO=1 sudo -E docker create "$IMAGE"; fi | tee log; podman run x
        cat <<EOF
        docker run not-this-one
        EOF
        docker compose run y
        sudo -u me env A=b nerdctl run z
        """;
    List<ShellScript.Invocation> content = parse(script);
    List<List<String>> words = new ArrayList<>();
    content.forEach(one -> words.add(one.words()));
    assertEquals(
        List.of(
            List.of("docker", "run", "-e", "MODE", "-v", "/srv:/w", "nginx:1.2"),
            List.of("docker", "create", "nginx:1.2"),
            List.of("podman", "run", "x"),
            List.of("nerdctl", "run", "z")),
        words);
    assertEquals("dev mode", content.getFirst().client().variables().value("MODE"));
    assertEquals("/srv", content.getFirst().client().workingDirectory());
    assertEquals("1", content.get(1).client().variables().value("FOO"));
    assertEquals(null, content.get(2).client().variables().value("FOO"));
    assertEquals("b", content.get(3).client().variables().value("A"));
    assertEquals("-:7:12", content.getFirst().place().toString());
  }

  @Test
  void prompts_that_were_pasted_along_are_left_out() {
    assertWords("$ docker run \\\n>   a \\\n> b", "a", "b");
    assertWords("  $ docker run a", "a");
    assertWords("me@host:~/dir$ docker run a", "a");
    assertWords("[root@host dir]# docker run a", "a");
    assertWords("# docker run a", "a");
  }

  @Test
  void a_command_behind_a_hash_is_a_comment_where_there_are_others() {
    assertWords("# docker run a\ndocker run b", "b");
  }

  @Test
  void a_variable_without_a_value_is_noted() {
    List<ShellScript.Invocation> content = parse("docker run -e A=$NOPE x");
    assertEquals(List.of("docker", "run", "-e", "A=", "x"), content.getFirst().words());
    assertEquals(
        "the variable 'NOPE' is not set: nothing stands for it",
        content.getFirst().notes().getFirst().message());
  }

  private static void assertWords(String line, String... words) {
    List<String> all = only(line).words();
    assertEquals(List.of(words), all.subList(2, all.size()), line);
  }

  private static void refused(String line, String message) {
    OcicapException e = assertThrows(OcicapException.class, () -> parse(line));
    String shown = e.problems().getFirst().message();
    assertTrue(shown.contains(message), shown);
  }

  private static ShellScript.Invocation only(String line) {
    List<ShellScript.Invocation> invocations = parse(line);
    assertEquals(1, invocations.size(), line);
    return invocations.getFirst();
  }

  private static List<ShellScript.Invocation> parse(String text) {
    ClientEnvironment client =
        new ClientEnvironment(
            VARIABLES::get, "/here", ClientEnvironment.Stdin.UNKNOWN, null, HostFiles.local());
    ShellScript script = new ShellScript("-", text, client);
    List<ShellScript.Invocation> invocations = new ArrayList<>();
    for (ShellScript.Invocation one = script.next(); one != null; one = script.next()) {
      invocations.add(one);
    }
    return invocations;
  }
}
