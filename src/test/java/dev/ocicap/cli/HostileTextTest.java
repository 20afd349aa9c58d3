package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Text that others chose, with everything in it that a terminal obeys or a reader is fooled by: no
/// command shows it as it is, wherever it stands.
class HostileTextTest {
  /// Escape sequence, bell, carriage return, a new line that looks like an answer, C1, and
  /// bidirectional controls.
  private static final String HOSTILE =
      "x\u001b[31m\u001b]0;title\u0007\b\r\nforged: all is well\n\u009b31m\u0085\u202e\u2066\u200f\u2028\u007f";

  private static final int STEP = 20;

  /// `FILE` is a configuration with the text somewhere.
  private static final List<String> COMMANDS =
      List.of(
          "validate FILE",
          "validate --level advice --runtime runc FILE",
          "validate --host FILE",
          "validate --schema-only FILE",
          "validate --format json FILE",
          "validate --format sarif FILE",
          "validate --format junit FILE",
          "validate --format github FILE",
          "validate --fix --dry-run FILE",
          "show FILE",
          "show --format json FILE",
          "show --against docker FILE",
          "diff FILE bundles/setuid/config.json",
          "diff --format json FILE bundles/setuid/config.json",
          "predict FILE",
          "predict --runtime crun@1.8 --format json FILE",
          "audit FILE",
          "audit --format json FILE",
          "edit --dry-run --hostname h --add kill FILE",
          "edit --dry-run --unset /process/args/0/x --oci-version 1.0.2 FILE",
          "edit --dry-run --oci-version 1.0.2 --downgrade FILE",
          "run --print --runtime runc FILE");

  private static final Set<String> TARGETS =
      Set.of("docker", "podman", "nerdctl", "compose", "kubernetes", "systemd", "quadlet");

  /// `TEXT` is the text itself.
  private static final List<String> ARGUMENTS =
      List.of(
          "TEXT",
          "--TEXT",
          "help TEXT",
          "explain TEXT",
          "caps TEXT",
          "caps --mask TEXT",
          "schema --version TEXT",
          "generate --add TEXT",
          "generate --from TEXT",
          "generate --TEXT",
          "generate --user TEXT",
          "generate --mount TEXT",
          "generate --seccomp TEXT",
          "generate --set TEXT",
          "generate --output /nonexistent/TEXT",
          "edit TEXT",
          "edit --patch TEXT bundles/setuid",
          "validate TEXT",
          "validate --format TEXT bundles/setuid",
          "validate --runtime TEXT bundles/setuid",
          "validate --schema TEXT bundles/setuid",
          "show TEXT",
          "diff bundles/setuid TEXT",
          "predict TEXT",
          "predict --runtime TEXT bundles/setuid",
          "predict --host-caps TEXT bundles/setuid",
          "audit TEXT",
          "audit --policy TEXT bundles/setuid",
          "export --to TEXT bundles/setuid",
          "export --to docker --name TEXT bundles/setuid",
          "convert TEXT",
          "convert --config-only --target-host TEXT -- docker run x y",
          "convert --config-only --image TEXT -- docker run x y",
          "convert --config-only -- docker TEXT",
          "convert --config-only -- docker run --TEXT x y",
          "convert --config-only -- docker run --cap-add TEXT x y",
          "convert --config-only -- docker run --memory TEXT x y",
          "convert --config-only -- docker run --user TEXT x y",
          "convert --config-only -- docker run -v TEXT:rel x y",
          "convert --config-only -- docker run --mount TEXT x y",
          "convert --config-only -- docker run --network container:TEXT x y",
          "convert --config-only -- docker run TEXT",
          "run --runtime TEXT bundles/setuid",
          "run TEXT",
          "state --runtime /bin/false TEXT",
          "exec --runtime /bin/false TEXT sh",
          "logs --runtime /bin/false TEXT",
          "learn TEXT",
          "why TEXT",
          "doctor TEXT",
          "ps --pid TEXT",
          "runtimes --runtime TEXT");

  @TempDir Path directory;

  @Test
  void no_command_shows_what_a_configuration_holds_as_it_is() throws IOException {
    Set<String> wrong = new TreeSet<>();
    int shown = 0;
    for (JsonNode config : configurations()) {
      Path file = directory.resolve("config.json");
      Files.writeString(file, JsonText.lines(config));
      for (String command : COMMANDS) {
        InProcess.Outcome outcome = run(command.replace("FILE", file.toString()));
        // A report of JUnit or SARIF is one line or many; what others wrote begins none.
        check(command, outcome, true, wrong);
        shown += outcome.toString().contains("\\u001b") ? 1 : 0;
      }
      for (String target : TARGETS) {
        check("export --to " + target, run("export --to " + target + " " + file), false, wrong);
      }
    }
    assertEquals(Set.of(), wrong);
    assertTrue(shown > 50, "it was shown " + shown + " times only");
  }

  @Test
  void no_error_repeats_an_argument_as_it_is() {
    Set<String> wrong = new TreeSet<>();
    int shown = 0;
    for (String command : ARGUMENTS) {
      List<String> words = new ArrayList<>();
      for (String word : command.split(" ", -1)) {
        words.add(word.replace("TEXT", HOSTILE));
      }
      InProcess.Outcome outcome = InProcess.PLAIN.run("", words);
      check(command, outcome, !command.startsWith("export --to docker"), wrong);
      shown += outcome.toString().contains("\\u001b") ? 1 : 0;
    }
    assertEquals(Set.of(), wrong);
    assertTrue(shown > ARGUMENTS.size() / 2, "it was shown " + shown + " times only");
  }

  @Test
  void no_conversion_shows_what_an_image_or_another_container_says() throws IOException {
    Set<String> wrong = new TreeSet<>();
    String text = JsonText.compact(JsonValues.string(HOSTILE));
    Path image = directory.resolve("image.json");
    for (String key : List.of("User", "WorkingDir", "Env", "Entrypoint", "Volumes", "StopSignal")) {
      String value =
          switch (key) {
            case "Env", "Entrypoint" -> "[" + text + "]";
            case "Volumes" -> "{" + text + ":{}}";
            default -> text;
          };
      Files.writeString(
          image,
          "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\""
              + key
              + "\":"
              + value
              + "}}");
      check(
          "image " + key,
          run("convert --config-only --image-config " + image + " -- docker run x sh"),
          true,
          wrong);
    }
    for (String key : List.of("User", "Image", "Hostname", "WorkingDir", "Cmd", "Labels")) {
      String value =
          switch (key) {
            case "Cmd" -> "[" + text + "]";
            case "Labels" -> "{" + text + ":" + text + "}";
            default -> text;
          };
      Files.writeString(
          image,
          "[{\"Name\":" + text + ",\"Config\":{\"" + key + "\":" + value + "},\"HostConfig\":{}}]");
      check("inspect " + key, run("convert --config-only --inspect " + image), true, wrong);
      check("audit " + key, run("audit " + image), true, wrong);
    }
    Path script = directory.resolve("script");
    Files.writeString(script, "docker run --name '" + HOSTILE + "' --bad '" + HOSTILE + "' x\n");
    check("script", run("convert " + script), true, wrong);
    Files.writeString(script, "docker run \"$" + HOSTILE + "\" `" + HOSTILE + "` x sh\n");
    check("script", run("convert " + script), true, wrong);
    assertEquals(Set.of(), wrong);
  }

  private static InProcess.Outcome run(String command) {
    return InProcess.PLAIN.run("", command.split(" ", -1));
  }

  private static void check(
      String command, InProcess.Outcome outcome, boolean lines, Set<String> wrong) {
    if (outcome.status() == 70) {
      wrong.add(command + ": a bug: " + Escape.text(outcome.err()));
    }
    for (String text : List.of(outcome.out(), outcome.err())) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (Escape.hides(c) && c != '\n' && c != '\t' && !Character.isSurrogate(c)) {
          int start = text.lastIndexOf('\n', i) + 1;
          wrong.add(
              command
                  + ": \\u"
                  + Integer.toHexString(c)
                  + " in: "
                  + Escape.text(text.substring(start, Math.min(text.length(), start + 60))));
          break;
        }
      }
      if (lines && (text.startsWith("forged") || text.contains("\nforged"))) {
        wrong.add(command + ": a forged line");
      }
    }
  }

  /// Configurations that have the text in every twentieth of their strings and keys, so that each
  /// has it in one of them and what stands around is whole.
  private static List<JsonNode> configurations() throws IOException {
    InProcess.Outcome made =
        InProcess.PLAIN.run(
            "",
            "generate",
            "--from",
            "docker",
            "--annotation",
            "a=b",
            "--sysctl",
            "net.ipv4.ip_forward=1",
            "--hook",
            "prestart=/bin/x",
            "--rlimit",
            "NOFILE=1:2",
            "--cgroups-path",
            "/c",
            "--apparmor",
            "p",
            "--selinux-label",
            "l",
            "--user",
            "1:2",
            "--mount",
            "type=bind,src=/a,dst=/b",
            "--device",
            "c:1:3:/dev/x",
            "--cwd",
            "/w");
    assertEquals(0, made.status(), made.err());
    JsonNode original = JsonText.parse("made", made.out().getBytes(StandardCharsets.UTF_8)).root();
    List<JsonNode> all = new ArrayList<>();
    for (int i = 0; i < STEP; i++) {
      ObjectNode copy = original.deepCopy();
      spoil(copy, new int[] {i});
      all.add(copy);
    }
    return all;
  }

  private static boolean isTurn(int[] left) {
    boolean turn = left[0] == 0;
    left[0] = turn ? STEP - 1 : left[0] - 1;
    return turn;
  }

  /// Of an array, three elements stand for all.
  private static void spoil(JsonNode node, int[] left) {
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < Math.min(3, array.size()); i++) {
        if (!array.get(i).isTextual()) {
          spoil(array.get(i), left);
        } else if (isTurn(left)) {
          array.set(i, JsonValues.string(array.get(i).asText() + HOSTILE));
        }
      }
    } else if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
        if (isTurn(left)) {
          object.set(member.getKey() + HOSTILE, object.remove(member.getKey()));
        } else if (!member.getValue().isTextual()) {
          spoil(member.getValue(), left);
        } else if (isTurn(left)) {
          object.set(member.getKey(), JsonValues.string(member.getValue().asText() + HOSTILE));
        }
      }
    }
  }
}
