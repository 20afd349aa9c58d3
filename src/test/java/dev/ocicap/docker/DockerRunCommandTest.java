package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The rules of spf13/pflag, and docker's own words before the flags.
class DockerRunCommandTest {

  @Test
  void the_table_has_every_flag_of_docker() throws IOException {
    TreeSet<String> docker = new TreeSet<>();
    for (String line : Files.readAllLines(RecordedHost.CASES.resolve("flags.txt"))) {
      if (!line.startsWith("#")) {
        docker.add(line);
      }
    }
    TreeSet<String> ours = new TreeSet<>();
    for (DockerFlag flag : DockerFlag.ALL) {
      ours.add(
          flag.name()
              + " "
              + (flag.shorthand() == 0 ? "-" : String.valueOf(flag.shorthand()))
              + " "
              + (flag.scope() == DockerFlag.Scope.RUN ? "run" : "run,create")
              + " "
              + (flag.status() == DockerFlag.Status.HIDDEN ? "hidden" : "shown"));
    }
    assertEquals(docker, ours);
    assertEquals(DockerFlag.ALL.size(), ours.size());
  }

  @Test
  void the_tables_have_every_flag_of_podman_and_nerdctl() throws IOException {
    assertEquals(listed("podman-flags.txt"), ours(DockerRunCommand.Engine.PODMAN));
    assertEquals(listed("nerdctl-flags.txt"), ours(DockerRunCommand.Engine.NERDCTL));
  }

  private static Set<String> listed(String file) throws IOException {
    Set<String> flags = new TreeSet<>();
    for (String line : Files.readAllLines(RecordedHost.CASES.resolve(file))) {
      if (!line.startsWith("#")) {
        flags.add(line);
      }
    }
    return flags;
  }

  private static Set<String> ours(DockerRunCommand.Engine engine) {
    Set<String> flags = new TreeSet<>();
    for (DockerFlag flag : engine.flags()) {
      boolean hidden =
          engine == DockerRunCommand.Engine.PODMAN && flag.status() != DockerFlag.Status.SHOWN;
      if (!hidden) {
        String letter = flag.shorthand() == 0 ? "-" : String.valueOf(flag.shorthand());
        String scope =
            switch (flag.scope()) {
              case BOTH -> "run,create";
              case RUN -> "run";
              case CREATE -> "create";
            };
        flags.add(flag.name() + " " + letter + " " + scope);
      }
    }
    return flags;
  }

  @Test
  void podman_takes_lists_with_commas() {
    DockerRunCommand command =
        parse("podman run --cap-add=a,b --cap-add c --dns 1.1.1.1,2.2.2.2 x");
    assertEquals(List.of("a", "b", "c"), command.all("cap-add"));
    assertEquals(List.of("1.1.1.1", "2.2.2.2"), command.all("dns"));
    assertEquals(List.of("A=1,2"), parse("podman run -e A=1,2 x").all("env"));
    assertEquals("/r", parse("podman run --rootfs /r sh").image());
    refused("docker run --userns-remap x", "unknown flag", null);
    refused("docker run --read-only-tmpfs x", "unknown flag '--read-only-tmpfs'", null);
    refused("podman run --link a x", "unknown flag '--link'", null);
    refused("podman create --rmi x", "unknown flag '--rmi'", null);
    refused("podman run --init-ctr once x", "unknown flag '--init-ctr'", null);
  }

  @Test
  void a_value_can_be_spelt_in_every_way_that_pflag_takes() {
    for (String flags :
        List.of(
            "--env=A=1 --interactive --tty",
            "--env A=1 -it",
            "-eA=1 -it",
            "-e=A=1 -ti",
            "-ite A=1",
            "-iteA=1",
            "-it -e A=1",
            "-i=true -t=1 --env=A=1")) {
      DockerRunCommand command = parse("docker run " + flags + " img cmd -x");
      assertEquals(List.of("A=1"), command.all("env"), flags);
      assertTrue(command.isOn("tty") && command.isOn("interactive"), flags);
      assertEquals("img", command.image());
      assertEquals(List.of("cmd", "-x"), command.arguments());
    }
  }

  @Test
  void a_boolean_takes_no_second_word() {
    DockerRunCommand command = parse("docker run --rm false x");
    assertEquals("false", command.image());
    assertTrue(!parse("docker run --rm=false x").isOn("rm"));
    assertTrue(!parse("docker run -d=F x").isOn("detach"));
  }

  @Test
  void the_last_value_of_a_scalar_counts() {
    assertEquals("b", parse("docker run -h a --hostname b x").last("hostname"));
    assertEquals(List.of("a", "b"), parse("docker run --net a --network b x").all("network"));
  }

  @Test
  void an_equals_sign_alone_behind_a_letter_is_the_value() {
    assertEquals("=", parse("docker run -e= x").last("env"));
  }

  @Test
  void two_dashes_end_the_flags() {
    DockerRunCommand command = parse("docker run --rm -- img -- -x");
    assertEquals("img", command.image());
    assertEquals(List.of("--", "-x"), command.arguments());
  }

  @Test
  void other_words_lead_to_the_same() {
    for (String words :
        List.of(
            "docker container run",
            "docker create",
            "docker container create",
            "/usr/bin/docker run",
            "podman run",
            "podman --log-level debug container run",
            "nerdctl -n k8s.io run",
            "docker -D -H tcp://x --context y -lfatal --tlsverify run")) {
      assertEquals("img", parse(words + " --name ab img").image(), words);
    }
  }

  @Test
  void what_docker_refuses_is_refused() {
    refused("run img", "'run' is neither docker, podman nor nerdctl", "docker run …");
    refused("--rm img", "'--rm' is neither", "docker run --rm …");
    refused("docker", "'docker' without 'run'", "docker run IMAGE [COMMAND]");
    refused("docker ps", "'docker ps' does not make a container", "docker run IMAGE [COMMAND]");
    refused("docker run", "'docker run' needs an image", "docker run IMAGE [COMMAND]");
    refused("docker run --previleged x", "unknown flag '--previleged'", "--privileged");
    refused("docker run --cap x", "unknown flag '--cap'", null);
    refused("docker run -X x", "unknown flag '-X' in '-X'", null);
    refused("docker run --name", "'--name' needs a value", null);
    refused("docker run -e", "'-e' needs a value", null);
    refused("docker run --rm=maybe x", "'--rm=maybe': expected 'true' or 'false'", null);
    refused("docker run ---x img", "'---x' is not a flag", null);
    refused("docker run --help img", "'--help' makes no container", null);
    refused("docker create --detach img", "unknown flag '--detach'", null);
    refused("docker --rm run img", "unknown flag '--rm' before 'run'", null);
    refused("docker run IMG", "a repository's name is lower case", null);
  }

  @Test
  void a_long_name_behind_one_dash_is_a_letter_with_a_value() {
    assertEquals("rivileged", parse("docker run -privileged x").last("publish"));
  }

  @Test
  void wrong_values_are_listed_together() {
    OcicapException e =
        assertThrows(
            OcicapException.class, () -> parse("docker run --rm=a --init=b --tty=c Image"));
    assertEquals(4, e.problems().size());
  }

  private static void refused(String line, String message, @Nullable String hint) {
    OcicapException e = assertThrows(OcicapException.class, () -> parse(line), line);
    String shown = e.problems().getLast().message();
    assertTrue(shown.contains(message), line + ": " + shown);
    if (hint != null) {
      assertEquals(hint, e.problems().getLast().hint(), line);
    }
  }

  private static DockerRunCommand parse(String line) {
    return DockerRunCommand.parse(new ArrayList<>(List.of(line.split(" ", -1))));
  }
}
