package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.docker.Converted;
import dev.ocicap.image.Image;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.Escape;
import dev.ocicap.report.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How `convert` shows what became of a command.
///
/// @param json whether as JSON
/// @param explain whether to say which flags decide which property
/// @param console where to
record ConversionOutput(boolean json, boolean explain, Console console) {

  /// A command that was carried out.
  ///
  /// @param bundle the bundle that was made, if one was
  record Done(
      DockerCommands.Typed typed, Image image, Converted converted, Optional<Path> bundle) {}

  /// The same output to another place.
  ConversionOutput to(Console other) {
    return new ConversionOutput(json, explain, other);
  }

  /// Shows one command.
  void print(Done done) {
    if (json) {
      text(JsonText.lines(tree(done)));
      return;
    }
    for (Problem note : done.typed().notes()) {
      Notes.warn(console, note);
    }
    if (done.bundle().isPresent()) {
      console.out().println(Escape.text(done.bundle().get().toString()));
    } else {
      text(done.converted().config().text());
    }
    for (Problem warning : Conversions.spoken(done.converted(), done.image())) {
      Notes.warn(console, done.typed().located(warning));
    }
    if (explain) {
      ConversionReport.explain(
          done.converted(), done.bundle().isPresent() ? console.out() : console.err());
    }
  }

  /// Shows one of several commands; in JSON the member of an array.
  void printMember(Done done) {
    if (json) {
      member(tree(done));
    } else {
      print(done);
    }
  }

  /// Shows what kept one of several commands from being carried out.
  void printMember(List<Problem> problems) {
    if (json) {
      member(ConversionReport.json(problems));
    }
    Problems.print(problems, console);
  }

  private JsonNode tree(Done done) {
    List<Problem> warnings = new ArrayList<>(done.typed().notes());
    for (Problem problem : Conversions.warnings(done.converted(), done.image())) {
      warnings.add(done.typed().located(problem));
    }
    return ConversionReport.json(
        done.bundle().map(Path::toString), done.converted(), warnings, explain);
  }

  /// In one piece: a PrintStream encodes a long text slowly.
  private void text(String text) {
    console.out().writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void member(JsonNode value) {
    text("\t" + JsonText.lines(value, "\t"));
  }

  /// Begins the output for several commands.
  void begin() {
    console.out().print(json ? "[\n" : "");
  }

  /// Stands between two commands.
  void separate() {
    console.out().print(json ? ",\n" : "");
  }

  /// Ends the output for several commands.
  void end() {
    console.out().print(json ? "\n]\n" : "");
  }
}
