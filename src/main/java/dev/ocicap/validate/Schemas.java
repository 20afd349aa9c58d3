package dev.ocicap.validate;

import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The JSON Schemas of the runtime specification, one set for each minor version.
public final class Schemas {
  /// The minor versions that there are schemas for, oldest first.
  public static final List<String> VERSIONS = List.of("1.0", "1.1", "1.2", "1.3");

  /// The kinds of documents.
  public static final List<String> KINDS = List.of("config", "state", "features");

  static final SpecVersion NEWEST = SpecVersion.of(VERSIONS.getLast() + ".0");

  private Schemas() {}

  /// The minor version whose schema judges a document: its own, the newest for one that there is no
  /// schema of.
  static String line(SpecVersion version) {
    return VERSIONS.contains(version.minorLine()) ? version.minorLine() : VERSIONS.getLast();
  }

  /// The minor version that a word such as `1.2` or `1.2.1` asks for.
  ///
  /// @throws OcicapException when there is no schema of it
  public static String version(String word) {
    Optional<SpecVersion> release = SpecVersion.parse(word);
    String line = release.isPresent() ? release.get().minorLine() : word;
    if (!VERSIONS.contains(line)) {
      throw OcicapException.usage(
          "no schema of version '" + word + "': there are " + String.join(", ", VERSIONS),
          "--version " + VERSIONS.getLast());
    }
    return line;
  }

  /// The text of one self-contained schema.
  ///
  /// @param version a member of [#VERSIONS]
  /// @param kind a member of [#KINDS]
  /// @throws OcicapException when that version had no such document
  public static String text(String version, String kind) {
    try (InputStream in = Schemas.class.getResourceAsStream(resource(version, kind))) {
      if (in == null) {
        throw OcicapException.usage(
            "version " + version + " of the specification has no " + kind + " document", null);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonText schema(String version, String kind) {
    return JsonText.parse(resource(version, kind), text(version, kind));
  }

  private static String resource(String version, String kind) {
    return "/schemas/" + version + "/" + kind + ".schema.json";
  }
}
