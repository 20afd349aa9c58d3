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
        "docker run ${TAG}x ${NO:-d e} ${NO-'f g'} \"${NO:-h i}\"", "1.2x", "d", "e", "f g", "h i");
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
    assertWords("docker run {a} *.c", "{a}", "*.c");
    assertWords("docker run $LIKE", "X=1");
  }

  @Test
  void nothing_is_executed() {
    refused("docker run $(id -un)", "'$(id -un)' is not executed");
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

  /// What stands where nobody knows whether or how often it is reached is converted, and said to
  /// be.
  @Test
  void conditions_and_loops_are_said() {
    assertNotes("if [ -f x ]; then docker run a; fi", "it stands in an 'if'");
    assertNotes("while read x; do docker run a; done", "it stands in a loop");
    assertNotes("for i in $(seq 3); do docker run a; done", "it stands in a loop");
    assertNotes("case $1 in a) docker run a;; esac", "it stands in a 'case'");
    assertNotes("run() { docker run a; }", "it stands in a function");
    assertNotes("for ((i = 0; i < 3; i++)); do docker run a; done", "it stands in a loop");
    assertNotes(
        "f() { T=2; }; docker run a:$T",
        "what the variable 'T' is depends on a condition: '2' is taken");
    assertNotes(
        "if x; then cd /y; fi; docker run a",
        "whether its 'cd' is reached is not known: relative paths begin in '/y'");
    assertNotes(
        "if x; then T=1; else T=2; fi; docker run a:$T",
        "what the variable 'T' is depends on a condition: '2' is taken");
    assertNotes(
        "[ $TAG ] || T=3; docker run a:$T",
        "what the variable 'T' is depends on a condition: '3' is taken");
    assertNotes("cd \"$(dirname \"$0\")\"; docker run a", "where this 'cd' leads is not known");
    assertNotes(". ./env; docker run a", "what is read with 'source' is not looked into");
    assertNotes("docker run -i a <<X\nb\nX", "what the shell gives it on standard input");
    assertNotes("docker run -v a:/b \\ \n a", "behind this backslash stands a blank");
    assertNotes("docker run a ${1:-b}", "the arguments of the script are not known");
    assertNotes("for i in 1 2; do docker run a$i; done");
    assertNotes("(cd /x; X=1 docker run a) && [ -f y ]");
  }

  /// What a command needs and nobody can know refuses that command and no other.
  @Test
  void an_unknown_value_is_an_error_of_the_command_that_needs_it() {
    assertEquals(
        "run a | '$(date)' is not executed, so that nobody knows what it prints | run b",
        told("docker run a; NOW=$(date); docker run -e A=$NOW x; docker run b"));
    assertEquals("run a", told("echo $(date) $1 `x`; docker run a"));
    assertEquals(
        "run c | '$(docker run c)' is not executed, so that nobody knows what it prints",
        told("ID=$(docker run c); docker run --network container:$ID x"));
    assertEquals("what 'read' puts into 'A' cannot be known", told("read A; docker run $A"));
    assertEquals(
        "what the loop's variable 'f' is cannot be known | run x",
        told("for f in *.sh; do docker run $f; docker run x; done"));
    assertEquals(
        "bash makes several words of '{a,b}', and other shells one | run x",
        told("#!/bin/sh\ndocker run {a,b}; docker run x"));
    assertEquals(
        "bash makes several words of '{1..99999}', and other shells one | run x",
        told("docker run {1..99999}; docker run x"));
    assertEquals(
        "the docker command that 'ssh' is given is not looked into | run b",
        told("ssh host docker run a; docker run b"));
    assertEquals(
        "the docker command that 'bash' is given is not looked into",
        told("bash -c \"docker run $(date)\""));
    assertEquals(
        "the docker command that 'su' is given is not looked into",
        told("su - me -c 'docker run a'"));
    assertEquals(
        "the docker command that 'ssh' is given is not looked into | run b",
        told("ssh host <<X\ndocker run a\nX\ndocker run b"));
    assertEquals(
        "the docker command that 'bash' is given is not looked into | run b",
        told("cat <<X | sudo bash\ndocker run a\nX\ndocker run b"));
    assertEquals(
        "bash makes several words of '{a,b}', and other shells one",
        told("sh -c 'docker run {a,b}'"));
    assertEquals(
        "what arithmetic makes of 'i' is not known",
        told("for ((i = 0; i < 3; i++)); do docker run a$i; done"));
    assertEquals(
        "what arithmetic makes of 'P' is not known | run x",
        told("P=80; ((P += 1)); docker run -p $P:80 a; docker run x"));
    assertEquals(
        "'IFS' is set, and how it splits 'a b' is not known | run a b",
        told("A='a b'; IFS=,; docker run $A; docker run \"$A\""));
    for (String command :
        List.of(
            "let A=5",
            "printf -v A x",
            "declare -i A=2+3",
            "A[1]=z",
            "mapfile -t A",
            "unset A[0]")) {
      assertTrue(told(command + "; docker run $A").endsWith("makes of 'A' is not known"), command);
    }
    assertEquals(
        "with 'nullglob' what becomes of '*.nothing' is not known",
        told("shopt -s nullglob; docker run *.nothing"));
    assertEquals("'${A/x/&}' has no value here", told("A=x; docker run ${A/x/&}"));
    assertEquals(
        "run c | the docker command that 'eval' is given is not looked into | run a",
        told("eval docker run $(docker run c); eval; bash -c; bash -c ''; docker run a"));
    assertEquals("run a | run b", told("if x; then bash -c 'docker run a'; fi; docker run b"));
    assertEquals("a single quote is not closed", told("bash -c \"docker run 'a\""));
    assertEquals("run a | a single quote is not closed", told("docker run a\ndocker run 'b"));
  }

  /// docker sees what is exported, and what stands before it.
  @Test
  void a_variable_that_is_not_exported_is_not_dockers() {
    ShellScript.Invocation one = only("A=1; B=2; export B; TAG=3; C=4 docker run x");
    assertEquals(null, one.client().variables().value("A"));
    assertEquals("2", one.client().variables().value("B"));
    assertEquals("3", one.client().variables().value("TAG"), "it came from outside");
    assertEquals("4", one.client().variables().value("C"));
    assertEquals(null, only("unset TAG; docker run x").client().variables().value("TAG"));
  }

  @Test
  void what_commands_printed_is_left_out_where_prompts_were_pasted() {
    assertEquals(
        "run a | run b c",
        told(
            "$ docker run a\nUnable to find image 'a:latest' locally\nWe can't do (this\n"
                + "$ docker run b \\\n    c\n$"));
  }

  private static String told(String text) {
    StringBuilder told = new StringBuilder();
    ShellScript script = new ShellScript("-", text, client());
    while (true) {
      String one;
      try {
        ShellScript.Invocation invocation = script.next();
        if (invocation == null) {
          return told.toString();
        }
        List<String> words = invocation.words();
        one = String.join(" ", words.subList(1, words.size()));
      } catch (OcicapException e) {
        one = e.problems().getFirst().message();
      }
      told.append(told.isEmpty() ? "" : " | ").append(one);
    }
  }

  private static void assertNotes(String text, String... notes) {
    List<String> messages = new ArrayList<>();
    parse(text).getFirst().notes().forEach(note -> messages.add(note.message()));
    assertEquals(notes.length, messages.size(), text + messages);
    for (int i = 0; i < notes.length; i++) {
      assertTrue(messages.get(i).startsWith(notes[i]), messages.get(i));
    }
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
    ShellScript script = new ShellScript("-", text, client());
    List<ShellScript.Invocation> invocations = new ArrayList<>();
    for (ShellScript.Invocation one = script.next(); one != null; one = script.next()) {
      invocations.add(one);
    }
    return invocations;
  }

  private static ClientEnvironment client() {
    return new ClientEnvironment(
        VARIABLES::get, "/here", ClientEnvironment.Stdin.UNKNOWN, null, HostFiles.local());
  }
}
