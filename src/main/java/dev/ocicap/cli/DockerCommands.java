package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.docker.ClientEnvironment;
import dev.ocicap.docker.ContainerInspection;
import dev.ocicap.docker.DockerRunCommand;
import dev.ocicap.docker.ShellScript;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The docker commands to convert, and what was assumed when they were read.
///
/// @param commands in their order
/// @param notes what was assumed
record DockerCommands(List<Typed> commands, List<Problem> notes) {
  /// More than this is no script that somebody wrote.
  private static final int MAX_BYTES = 32 << 20;

  /// One command.
  ///
  /// @param place where it stands, or null when it is the command line's own
  /// @param words its words
  /// @param command what they mean
  /// @param client where it was typed
  /// @param whole whether what the image says is in the command already
  record Typed(
      @Nullable Place place,
      List<String> words,
      DockerRunCommand command,
      ClientEnvironment client,
      boolean whole) {
    /// Copies the words.
    Typed {
      words = List.copyOf(words);
    }

    /// The words as a shell would take them.
    String text() {
      StringBuilder text = new StringBuilder();
      for (String word : words) {
        text.append(text.isEmpty() ? "" : " ").append(quoted(word));
      }
      return text.toString();
    }

    private static String quoted(String word) {
      for (int i = 0; i < word.length(); i++) {
        char c = word.charAt(i);
        if (!(Character.isLetterOrDigit(c) || "-_./:=,@%+".indexOf(c) >= 0)) {
          return "'" + word.replace("'", "'\\''") + "'";
        }
      }
      return word.isEmpty() ? "''" : word;
    }

    /// A problem at the command's place, unless it names a place of its own.
    Problem located(Problem problem) {
      return place == null || problem.place() != null
          ? problem
          : new Problem(place, problem.message(), problem.hint());
    }
  }

  /// Copies the lists.
  DockerCommands {
    commands = List.copyOf(commands);
    notes = List.copyOf(notes);
  }

  /// The command of the words after `--`.
  ///
  /// @throws OcicapException when docker would not understand it
  static DockerCommands ofWords(@Nullable List<String> words, ClientEnvironment client) {
    if (words == null || words.isEmpty()) {
      throw OcicapException.usage(
          "a docker command is missing", "ocicap convert --rootfs DIR -- docker run IMAGE");
    }
    return new DockerCommands(
        List.of(new Typed(null, words, DockerRunCommand.parse(words), client, false)), List.of());
  }

  /// The commands in a shell text, which nothing executes.
  ///
  /// @throws OcicapException when there is none, or docker would not understand one of them
  static DockerCommands ofScript(String word, ClientEnvironment client, Console console) {
    return ofText(word, read(word, console), client);
  }

  /// The commands in a text.
  ///
  /// @param file how places name it
  static DockerCommands ofText(String file, String text, ClientEnvironment client) {
    ShellScript.Content content = ShellScript.parse(file, text, client);
    if (content.invocations().isEmpty()) {
      throw OcicapException.input(
          Place.file(file), "no 'docker run' and no 'docker create' in it", null);
    }
    List<Typed> commands = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (ShellScript.Invocation one : content.invocations()) {
      try {
        commands.add(
            new Typed(
                one.place(),
                one.words(),
                DockerRunCommand.parse(one.words()),
                one.client(),
                false));
      } catch (OcicapException e) {
        for (Problem problem : e.problems()) {
          problems.add(new Problem(one.place(), problem.message(), problem.hint()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.INPUT, problems);
    }
    return new DockerCommands(commands, content.notes());
  }

  /// The containers that `docker inspect` or `podman inspect` printed.
  ///
  /// @throws OcicapException when it is no such text
  static DockerCommands ofInspection(String word, ClientEnvironment client, Console console) {
    List<Typed> commands = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (ContainerInspection.Container one :
        ContainerInspection.parse(JsonText.parse(word, bytes(word, console)))) {
      try {
        commands.add(
            new Typed(
                one.place(),
                one.words(),
                DockerRunCommand.parse(one.words()),
                one.client(client),
                true));
      } catch (OcicapException e) {
        for (Problem problem : e.problems()) {
          problems.add(new Problem(one.place(), problem.message(), problem.hint()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.INPUT, problems);
    }
    return new DockerCommands(commands, List.of());
  }

  /// The command in an image's label, as `atomic run` read it: `IMAGE` and `NAME` and `OPT1` to
  /// `OPT3` are variables in it. Nothing executes it.
  ///
  /// @param label the label's name
  /// @param variables their values; one that is not there is empty
  /// @throws OcicapException when the image has no such label, or it is no docker command
  static DockerCommands ofLabel(
      String label, ImageConfig image, Map<String, String> variables, ClientEnvironment client) {
    String text = image.labels().get(label);
    String name = variables.getOrDefault("IMAGE", "");
    if (text == null) {
      throw OcicapException.input(Place.file(name), "the image has no label '" + label + "'", null);
    }
    ClientEnvironment.Variables outer = client.variables();
    return ofText(
        name + " " + label,
        text,
        new ClientEnvironment(
            variable ->
                variables.containsKey(variable) ? variables.get(variable) : outer.value(variable),
            client.workingDirectory(),
            client.stdin(),
            client.consoleSize(),
            client.files()));
  }

  /// The text of a file, or of standard input.
  private static String read(String word, Console console) {
    byte[] bytes = bytes(word, console);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw OcicapException.input(Place.file(word), "is not text in UTF-8", null, e);
    }
  }

  /// What is in a file, or comes from standard input.
  static byte[] bytes(String word, Console console) {
    byte[] bytes;
    try {
      if (word.equals(CliPaths.STANDARD_STREAM)) {
        bytes = console.in().readNBytes(MAX_BYTES + 1);
      } else {
        try (InputStream in = Files.newInputStream(CliPaths.of(word, console))) {
          bytes = in.readNBytes(MAX_BYTES + 1);
        }
      }
    } catch (IOException e) {
      throw ConfigFile.failure(Path.of(word), "cannot read", e);
    }
    if (bytes.length > MAX_BYTES) {
      throw OcicapException.input(
          Place.file(word), "is larger than " + (MAX_BYTES >> 20) + " MiB", null);
    }
    return bytes;
  }
}
