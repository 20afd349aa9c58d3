package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Paths as users name them: a file, a bundle, or `-` for a standard stream.
final class CliPaths {
  static final String STANDARD_STREAM = "-";

  private CliPaths() {}

  /// The path that a word means.
  ///
  /// @throws OcicapException when no file can have that name
  static Path of(String word, Console console) {
    if (word.isEmpty()) {
      throw OcicapException.usage("an empty path", null);
    }
    try {
      return console.directory().resolve(word);
    } catch (InvalidPathException e) {
      throw OcicapException.usage("'" + word + "' is not a path: " + e.getReason(), null);
    }
  }

  /// Reads a bundle's configuration, a file, or standard input.
  static RuntimeConfig read(String word, Console console) {
    if (!word.equals(STANDARD_STREAM)) {
      return ConfigFile.find(of(word, console)).read();
    }
    try {
      return ConfigFile.read(STANDARD_STREAM, console.in().take());
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(STANDARD_STREAM), "cannot read standard input: " + e.getMessage(), null, e);
    }
  }

  /// Writes a configuration to a file, which is replaced, or to standard output. Files and pipes
  /// get every character as it was; a terminal gets what it would obey or hide as an escape of
  /// JSON, which is the same value.
  static void write(RuntimeConfig config, String word, Console console) {
    if (word.equals(STANDARD_STREAM)) {
      console.out().print(console.outIsTerminal() ? config.json().shown() : config.text());
    } else {
      new ConfigFile(of(word, console)).replace(config);
    }
  }
}
