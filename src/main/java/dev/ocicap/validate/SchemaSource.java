package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.BasicDialectRegistry;
import com.networknt.schema.dialect.DefaultDialectRegistry;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where the schemas come from. Nothing is ever fetched.
sealed interface SchemaSource {

  /// The schema of config.json for a member of [Schemas#VERSIONS].
  ///
  /// @throws OcicapException when there is no usable one
  Schema load(String version);

  /// How errors name the schema of a version.
  String name(String version);

  /// The project's own schemas.
  record Own() implements SchemaSource {
    @Override
    public Schema load(String version) {
      String id = SpecDialect.create().getId();
      return SchemaRegistry.builder()
          .dialectRegistry(new BasicDialectRegistry(SpecDialect.create()))
          .defaultDialectId(id)
          .schemaLoader(loader -> loader.block(iri -> true))
          .build()
          .getSchema(Schemas.schema(version, "config").root());
    }

    @Override
    public String name(String version) {
      return "schemas/" + version + "/config.schema.json";
    }
  }

  /// The schemas of a folder, in the layout of the project or of the specification: first
  /// `VERSION/config.schema.json` and `VERSION/config-schema.json`, then the same files without
  /// `VERSION/`, which then judge every version. A file may refer to others of its folder by their
  /// names, and to nothing else; each is read by the draft that the first one names.
  record Folder(Path folder) implements SchemaSource {
    private static final List<String> NAMES = List.of("config.schema.json", "config-schema.json");

    /// What file names are resolved against; nothing is there.
    private static final String BASE = "https://schemas.invalid/";

    @Override
    public Schema load(String version) {
      Path file = file(version);
      JsonNode root = read(file);
      String dialect = root.path("$schema").asText();
      Path beside = file.resolveSibling("");
      try {
        return SchemaRegistry.builder()
            .dialectRegistry(new DefaultDialectRegistry())
            .defaultDialectId(dialect.isEmpty() ? SpecDialect.create().getId() : dialect)
            .schemaRegistryConfig(SchemaRegistryConfig.builder().preloadSchema(false).build())
            .schemas(iri -> beside(beside, iri))
            .schemaLoader(loader -> loader.block(iri -> !iri.toString().startsWith(BASE)))
            .build()
            .getSchema(SchemaLocation.of(BASE + file.getFileName()), root);
      } catch (SchemaException e) {
        throw unusable(name(version), e);
      }
    }

    @Override
    public String name(String version) {
      return file(version).toString();
    }

    private Path file(String version) {
      List<Path> tried = new ArrayList<>();
      for (Path parent : List.of(folder.resolve(version), folder)) {
        for (String name : NAMES) {
          Path file = parent.resolve(name);
          if (Files.isRegularFile(file)) {
            return file;
          }
          tried.add(folder.relativize(file));
        }
      }
      throw OcicapException.input(
          Place.file(folder.toString()),
          "no schema for version " + version + ": none of " + join(tried),
          "ocicap schema --version " + version + " > " + folder.resolve(NAMES.getFirst()));
    }

    private static String join(List<Path> files) {
      StringBuilder out = new StringBuilder();
      for (Path file : files) {
        out.append(out.isEmpty() ? "" : ", ").append(file);
      }
      return out.toString();
    }

    /// The text of another file of the folder; null when there is none.
    private static @org.jspecify.annotations.Nullable String beside(Path folder, String iri) {
      try {
        Path name = Path.of(iri.substring(BASE.length()));
        return name.getNameCount() == 1 && Files.isRegularFile(folder.resolve(name))
            ? JsonText.compact(read(folder.resolve(name)))
            : null;
      } catch (InvalidPathException | StringIndexOutOfBoundsException e) {
        return null;
      }
    }

    /// Reads a schema without the names that it gives to its parts: they would change what its
    /// references are relative to.
    private static JsonNode read(Path file) {
      try {
        JsonNode root = JsonText.parse(file.toString(), Files.readAllBytes(file)).root();
        forgetNames(root);
        return root;
      } catch (IOException e) {
        throw OcicapException.input(
            Place.file(file.toString()), "cannot read: " + e.getMessage(), null, e);
      }
    }

    private static void forgetNames(JsonNode node) {
      if (node instanceof ObjectNode object) {
        for (String key : List.of("id", "$id")) {
          if (object.path(key).isTextual()) {
            object.remove(key);
          }
        }
      }
      for (JsonNode child : node) {
        forgetNames(child);
      }
    }
  }

  /// A schema that the validator cannot work with.
  static OcicapException unusable(String name, SchemaException e) {
    return OcicapException.input(
        Place.file(name), "not a usable JSON Schema: " + e.getMessage(), null, e);
  }
}
