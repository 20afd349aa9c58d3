package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.docker.ClientEnvironment;
import dev.ocicap.docker.ContainerInspection;
import dev.ocicap.docker.DockerRunCommand;
import dev.ocicap.docker.ShellScript;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.json.JsonText;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The docker commands to convert, read one after the other.
abstract class DockerCommands {
  /// More than this is no script that somebody wrote.
  private static final int MAX_BYTES = 32 << 20;

  /// The next one, or null behind the last.
  abstract @Nullable Read next();

  /// What was read.
  sealed interface Read permits Typed, Refused {}

  /// Something that is no docker command, or that docker would not understand.
  ///
  /// @param problems what is wrong, each with its place
  record Refused(List<Problem> problems) implements Read {
    /// Copies the list.
    Refused {
      problems = List.copyOf(problems);
    }

    /// With a place for each problem that has none.
    static Refused at(Place place, OcicapException e) {
      List<Problem> problems = new ArrayList<>();
      for (Problem problem : e.problems()) {
        problems.add(
            problem.place() == null
                ? new Problem(place, problem.message(), problem.hint())
                : problem);
      }
      return new Refused(problems);
    }
  }

  /// One command.
  ///
  /// @param place where it stands, or null when it is the command line's own
  /// @param words its words
  /// @param command what they mean
  /// @param client where it was typed
  /// @param notes what was assumed when it was read
  /// @param whole whether what the image says is in the command already
  record Typed(
      @Nullable Place place,
      List<String> words,
      DockerRunCommand command,
      ClientEnvironment client,
      List<Problem> notes,
      boolean whole)
      implements Read {
    /// Copies the lists.
    Typed {
      words = List.copyOf(words);
      notes = List.copyOf(notes);
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

  /// The command of the words after `--`.
  ///
  /// @throws OcicapException when docker would not understand it
  static Typed ofWords(@Nullable List<String> words, ClientEnvironment client) {
    if (words == null || words.isEmpty()) {
      throw OcicapException.usage(
          "a docker command is missing", "ocicap convert --rootfs DIR -- docker run IMAGE");
    }
    return new Typed(null, words, DockerRunCommand.parse(words), client, List.of(), false);
  }

  /// Commands that were read already.
  static DockerCommands of(List<? extends Read> commands) {
    Iterator<? extends Read> rest = commands.iterator();
    return new DockerCommands() {
      @Override
      @Nullable Read next() {
        return rest.hasNext() ? rest.next() : null;
      }
    };
  }

  /// The commands in a shell text, which nothing executes.
  static DockerCommands ofScript(String word, ClientEnvironment client, Console console) {
    return ofText(word, read(word, console), client);
  }

  /// The commands in a text.
  ///
  /// @param file how places name it
  private static DockerCommands ofText(String file, String text, ClientEnvironment client) {
    ShellScript script = new ShellScript(file, text, client);
    return new DockerCommands() {
      private boolean any;
      private boolean ended;

      @Override
      @Nullable Read next() {
        if (ended) {
          return null;
        }
        ShellScript.@Nullable Invocation one;
        try {
          one = script.next();
        } catch (OcicapException e) {
          any = true;
          return new Refused(e.problems());
        }
        if (one != null) {
          any = true;
          return read(one);
        }
        ended = true;
        return any
            ? null
            : new Refused(
                List.of(
                    new Problem(
                        Place.file(file), "no 'docker run' and no 'docker create' in it", null)));
      }
    };
  }

  private static Read read(ShellScript.Invocation one) {
    try {
      DockerRunCommand command = DockerRunCommand.parse(one.words());
      return new Typed(one.place(), one.words(), command, one.client(), one.notes(), false);
    } catch (OcicapException e) {
      return Refused.at(one.place(), e);
    }
  }

  /// The containers that `docker inspect` or `podman inspect` printed.
  ///
  /// @throws OcicapException when it is no such text
  static DockerCommands ofInspection(String word, ClientEnvironment client, Console console) {
    List<Read> commands = new ArrayList<>();
    for (ContainerInspection.Container one :
        ContainerInspection.parse(JsonText.parse(word, bytes(word, console)))) {
      try {
        DockerRunCommand command = DockerRunCommand.parse(one.words());
        commands.add(
            new Typed(one.place(), one.words(), command, one.client(client), List.of(), true));
      } catch (OcicapException e) {
        commands.add(Refused.at(one.place(), e));
      }
    }
    return of(commands);
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
