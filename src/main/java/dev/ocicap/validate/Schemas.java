package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.data.Texts;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.SpecVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The JSON Schemas of the runtime specification, one set for each minor version.
public final class Schemas {
  /// The minor versions that there are schemas for, oldest first.
  public static final List<String> VERSIONS = List.of("1.0", "1.1", "1.2", "1.3");

  /// The kinds of documents.
  public static final List<String> KINDS = List.of("config", "state", "features");

  /// Keywords that judge nothing (JSON Schema Validation, section 9).
  private static final List<String> ANNOTATIONS =
      List.of("$comment", "description", "examples", "title");

  /// Keywords whose members are schemas under names of their own.
  private static final List<String> NAMED =
      List.of("$defs", "patternProperties", "properties", "x-removed");

  /// Keywords whose elements are schemas.
  private static final List<String> LISTED = List.of("allOf", "anyOf", "oneOf", "prefixItems");

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
    return Texts.find(resource(version, kind))
        .orElseThrow(() ->
            OcicapException.usage(
                "version " + version + " of the specification has no " + kind + " document", null));
  }

  /// A schema to judge with: abridged where the distribution has it so.
  static JsonText schema(String version, String kind) {
    String text = Texts.find(abridged(version, kind)).orElseGet(() -> text(version, kind));
    return JsonText.parse(resource(version, kind), text);
  }

  /// Every schema without what judges nothing, a quarter as long: files for the folder of the texts
  /// that the distribution unpacks.
  ///
  /// @return each text under its absolute name
  public static Map<String, String> abridged() {
    Map<String, String> all = new TreeMap<>();
    for (String version : VERSIONS) {
      JsonNode root = JsonText.parse(version, text(version, "config")).root().deepCopy();
      abridge(root);
      all.put(abridged(version, "config"), JsonText.compact(root));
    }
    return all;
  }

  private static void abridge(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      object.remove(ANNOTATIONS);
    }
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      if (NAMED.contains(keyword.getKey())) {
        keyword.getValue().forEach(Schemas::abridge);
      } else if (keyword.getValue().isObject()) {
        abridge(keyword.getValue());
      } else if (LISTED.contains(keyword.getKey())) {
        keyword.getValue().forEach(Schemas::abridge);
      }
    }
  }

  private static String resource(String version, String kind) {
    return "/schemas/" + version + "/" + kind + ".schema.json";
  }

  private static String abridged(String version, String kind) {
    return "/schemas/" + version + "/" + kind + ".abridged.json";
  }
}
