package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.export.Exported;
import dev.ocicap.export.Exporter;
import dev.ocicap.export.Exporters;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// `ocicap export`: a configuration in other tools' terms, and what they cannot say.
final class ExportCommand implements Command {
  private static final String TO = "--to";
  private static final String IMAGE = "--image";
  private static final String NAME = "--name";
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.positional("BUNDLE|FILE|-", "the configuration; - reads standard input"))
        .addOption(Options.single(String.join("|", Exporters.names()), "the target", TO))
        .addOption(
            Options.single("IMAGE", "the image to run; default: IMAGE, to be filled in", IMAGE))
        .addOption(
            Options.single(
                "NAME", "of the pod, service or unit; default: the bundle's folder", NAME))
        .addOption(
            Options.single(
                "text|json", "default: text; json with what could not be carried", FORMAT));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Format format = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON);
    String target =
        invocation
            .value(TO)
            .orElseThrow(() ->
                OcicapException.usage(
                    "--to is missing: one of " + String.join(", ", Exporters.names()),
                    "ocicap export --to docker BUNDLE"));
    Exporter exporter =
        Exporters.find(target).orElseThrow(() -> Formats.none(TO, target, Exporters.names()));
    String word = invocation.positionals().getFirst();
    RuntimeConfig config = CliPaths.read(word, console);
    Path directory = directory(word, console);
    Exported exported =
        exporter.export(
            config,
            new Exporter.Names(
                invocation.value(NAME).orElse(name(directory)),
                invocation.value(IMAGE).orElse("IMAGE"),
                directory.toString(),
                ExportCommand::disk));
    switch (format) {
      case JSON -> {
        ArrayNode losses = JsonValues.array();
        for (Exported.Loss loss : exported.losses()) {
          ObjectNode node = JsonValues.object();
          node.set("property", JsonValues.string(loss.property()));
          node.set("reason", JsonValues.string(loss.reason()));
          losses.add(node);
        }
        ObjectNode root = JsonValues.object();
        root.set("to", JsonValues.string(target));
        root.set("text", JsonValues.string(exported.text()));
        root.set("losses", losses);
        console.out().print(JsonText.lines(root));
      }
      case TEXT, MARKDOWN, HTML -> {
        console.out().print(exported.text());
        for (Exported.Loss loss : exported.losses()) {
          console
              .err()
              .println(
                  "ocicap: warning: "
                      + Escape.text(loss.property())
                      + ": "
                      + Escape.text(loss.reason()));
        }
      }
    }
    return ExitStatus.DONE;
  }

  /// The kernel's name for a block device of this machine, below /dev.
  private static String disk(long major, long minor) {
    String key = "DEVNAME=";
    try {
      Path file = Path.of("/sys/dev/block/" + major + ":" + minor + "/uevent");
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith(key)) {
          return "/dev/" + line.substring(key.length());
        }
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  private static Path directory(String word, Console console) {
    Path path = CliPaths.of(word.equals(CliPaths.STANDARD_STREAM) ? "." : word, console);
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    return Files.isDirectory(absolute) || parent == null ? absolute : parent;
  }

  /// The folder's name as a DNS label, which every target takes.
  private static String name(Path directory) {
    StringBuilder name = new StringBuilder();
    String folder = String.valueOf(directory.getFileName());
    for (int i = 0; i < folder.length() && name.length() < 63; i++) {
      char c = Character.toLowerCase(folder.charAt(i));
      boolean good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (good || !name.isEmpty()) {
        name.append(good ? c : '-');
      }
    }
    while (!name.isEmpty() && name.charAt(name.length() - 1) == '-') {
      name.setLength(name.length() - 1);
    }
    return name.isEmpty() ? "container" : name.toString();
  }
}
