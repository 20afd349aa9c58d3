package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.report.Suggestion;
import dev.ocicap.spec.SpecVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The schema layer: what the specification's schema of the document's version says. An instance
/// may be used by several threads.
final class SchemaCheck {
  private static final String CONFIG = "config.md";

  /// The wording of a schema's demand, by its keyword.
  private static final Rule TYPE =
      Rule.outside("schema-type", Level.MUST, Layer.SCHEMA, CONFIG)
          .repairedBy(PropertyRules::rewriteTypes);

  private static final Rule REQUIRED =
      Rule.outside("schema-required", Level.MUST, Layer.SCHEMA, CONFIG);
  private static final Rule ENUM =
      Rule.outside("schema-enum", Level.MUST, Layer.SCHEMA, CONFIG)
          .repairedBy(PropertyRules::rewriteWords);
  private static final Rule RANGE = Rule.outside("schema-range", Level.MUST, Layer.SCHEMA, CONFIG);
  private static final Rule PATTERN =
      Rule.outside("schema-pattern", Level.MUST, Layer.SCHEMA, CONFIG);
  private static final Rule LENGTH =
      Rule.outside("schema-length", Level.MUST, Layer.SCHEMA, CONFIG);
  private static final Rule OTHER = Rule.outside("schema-other", Level.MUST, Layer.SCHEMA, CONFIG);

  static final List<Rule> RULES = List.of(TYPE, REQUIRED, ENUM, RANGE, PATTERN, LENGTH, OTHER);

  private final SchemaSource source;
  private final Map<String, Schema> loaded = new ConcurrentHashMap<>();

  SchemaCheck(SchemaSource source) {
    this.source = source;
  }

  /// Adds what the schema of a version has against a document.
  void check(SpecVersion version, Value root, List<Findings.Raw> all) {
    String line = Schemas.line(version);
    Schema schema = loaded.computeIfAbsent(line, source::load);
    Map<Rule, Findings> byRule = new LinkedHashMap<>();
    for (Error error : errors(schema, root, line)) {
      Rule rule = rule(error.getKeyword());
      Findings findings = byRule.computeIfAbsent(rule, key -> new Findings(key, all));
      report(error, root.at(error.getInstanceLocation().toString()), schema, findings);
    }
    for (Findings findings : byRule.values()) {
      findings.close();
    }
  }

  private List<Error> errors(Schema schema, Value root, String line) {
    try {
      return schema.validate(root.node());
    } catch (SchemaException e) {
      throw SchemaSource.unusable(source.name(line), e);
    }
  }

  private static Rule rule(String keyword) {
    return switch (keyword) {
      case "type" -> TYPE;
      case "required" -> REQUIRED;
      case "enum", "const" -> ENUM;
      case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" -> RANGE;
      case "pattern" -> PATTERN;
      case "propertyNames", "minItems", "maxItems", "minLength", "maxLength", "minProperties" ->
          LENGTH;
      default -> OTHER;
    };
  }

  private static void report(Error error, Value value, Schema schema, Findings findings) {
    JsonNode demand = error.getSchemaNode();
    switch (error.getKeyword()) {
      case "type" ->
          findings.add(
              value,
              value.path() + " is " + typed(value) + ", expected " + types(demand),
              typeHint(value, demand));
      case "required" ->
          findings.add(value, value.path() + " lacks '" + error.getProperty() + "'", null);
      case "enum" -> notListed(error, value, schema, findings);
      case "minimum" ->
          findings.add(value, value.shown() + " is less than " + demand.asText(), null);
      case "maximum" ->
          findings.add(value, value.shown() + " is more than " + demand.asText(), null);
      case "pattern" ->
          findings.add(value, value.shown() + " does not have the form " + demand.asText(), null);
      case "minItems" ->
          findings.add(
              value, value.path() + " has fewer than " + demand.asText() + " elements", null);
      case "minLength" ->
          findings.add(
              value,
              value.path() + " has a key or text of fewer than " + demand.asText() + " characters",
              null);
      case "propertyNames" ->
          findings.add(
              value,
              value.path() + " has the key '" + error.getProperty() + "', which is refused",
              null);
      default -> findings.add(value, value.path() + ": " + error.getMessage(), null);
    }
  }

  private static void notListed(Error error, Value value, Schema schema, Findings findings) {
    List<String> words = texts(error.getSchemaNode());
    List<String> accepted =
        texts(
            schema
                .getSchemaNode()
                .at(String.valueOf(error.getSchemaLocation().getFragment()))
                .path("x-accepted-by-runtimes"));
    if (accepted.isEmpty()) {
      accepted = acceptedBeside(error, schema);
    }
    if (accepted.contains(value.text())) {
      findings.add(
          Level.ADVICE,
          value,
          value.shown() + " is not a word of the specification; runc and crun accept it",
          null);
      return;
    }
    Optional<String> nearest =
        findings.isFull() ? Optional.empty() : Suggestion.nearest(value.text(), words);
    findings.add(
        value,
        value.shown() + " is none of " + String.join(", ", words),
        nearest.map(word -> "did you mean '" + word + "'?").orElse(null));
  }

  private static List<String> acceptedBeside(Error error, Schema schema) {
    String pointer = String.valueOf(error.getSchemaLocation().getFragment());
    int slash = pointer.lastIndexOf('/');
    return slash < 0
        ? List.of()
        : texts(
            schema.getSchemaNode().at(pointer.substring(0, slash)).path("x-accepted-by-runtimes"));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : array) {
      texts.add(text.asText());
    }
    return texts;
  }

  private static String typed(Value value) {
    return switch (value.node().getNodeType()) {
      case STRING -> "the text " + value.quoted();
      case NUMBER -> "the number " + value.quoted();
      case BOOLEAN -> value.quoted();
      case NULL -> "null";
      case ARRAY -> "an array";
      default -> "an object";
    };
  }

  private static String types(JsonNode demand) {
    if (demand.isTextual()) {
      return type(demand.textValue());
    }
    List<String> types = new ArrayList<>();
    for (JsonNode type : demand) {
      types.add(type(type.asText()));
    }
    return String.join(" or ", types);
  }

  private static String type(String name) {
    return switch (name) {
      case "string" -> "a text";
      case "integer" -> "an integer";
      case "boolean" -> "true or false";
      case "object" -> "an object";
      case "array" -> "an array";
      default -> name;
    };
  }

  private static @Nullable String typeHint(Value value, JsonNode demand) {
    String wanted = demand.asText();
    if (value.node().isNull()) {
      return "remove the member";
    }
    if (wanted.equals("string") && !value.node().isContainerNode()) {
      return "\"" + value.node().asText() + "\"";
    }
    if (wanted.equals("array") && !value.node().isContainerNode()) {
      return "[" + JsonText.compact(value.node()) + "]";
    }
    if (wanted.equals("integer") && value.node().isNumber()) {
      return PropertyRules.integral(value.node()).map(Object::toString).orElse(null);
    }
    if ((wanted.equals("integer") && isDigits(value.text()))
        || (wanted.equals("boolean") && (value.is("true") || value.is("false")))) {
      return value.text();
    }
    return null;
  }

  /// Whether a text is what an integer of at most 19 digits looks like.
  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() < 20 && (text.length() == 1 || text.charAt(0) != '0');
  }
}
