package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.keyword.AbstractKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.Set;

/// The part of JSON Schema 2020-12 that the project's own schemas use.
///
/// The complete dialect gives the same verdicts. But it compiles the patterns of all formats, its
/// `enum` starts an object mapper to word an error that is never shown, and its bounds start the
/// arithmetic of decimal fractions: together more than half of a cold start.
final class SpecDialect {
  private static final String ID = "https://json-schema.org/draft/2020-12/schema";

  /// The keywords that say nothing about a document. Those of the project begin with `x-`.
  static final Set<String> ANNOTATIONS =
      Set.of("$schema", "$id", "$defs", "title", "description", "deprecated", "examples");

  /// The keywords that judge a document.
  static final List<Keyword> KEYWORDS =
      List.of(
          KeywordType.ADDITIONAL_PROPERTIES,
          KeywordType.ANY_OF,
          KeywordType.ITEMS,
          KeywordType.MIN_ITEMS,
          KeywordType.MIN_LENGTH,
          KeywordType.PATTERN,
          KeywordType.PROPERTIES,
          KeywordType.PROPERTY_NAMES,
          KeywordType.REF,
          KeywordType.REQUIRED,
          KeywordType.TYPE,
          new Comparison("enum") {
            @Override
            boolean accepts(JsonNode words, JsonNode value) {
              for (JsonNode word : words) {
                if (word.equals(value)) {
                  return true;
                }
              }
              return false;
            }
          },
          new Comparison("minimum") {
            @Override
            boolean accepts(JsonNode bound, JsonNode value) {
              return !value.isNumber() || compare(value, bound) >= 0;
            }
          },
          new Comparison("maximum") {
            @Override
            boolean accepts(JsonNode bound, JsonNode value) {
              return !value.isNumber() || compare(value, bound) <= 0;
            }
          });

  private SpecDialect() {}

  static Dialect create() {
    return Dialect.builder(ID)
        .idKeyword("$id")
        .specificationVersion(SpecificationVersion.DRAFT_2020_12)
        .keywords(KEYWORDS)
        .build();
  }

  private static int compare(JsonNode a, JsonNode b) {
    return a.isIntegralNumber() && b.isIntegralNumber()
        ? a.bigIntegerValue().compareTo(b.bigIntegerValue())
        : a.decimalValue().compareTo(b.decimalValue());
  }

  /// A keyword that compares a value with what the schema holds.
  private abstract static class Comparison implements Keyword {
    private final String name;

    Comparison(String name) {
      this.name = name;
    }

    abstract boolean accepts(JsonNode demand, JsonNode value);

    @Override
    public String getValue() {
      return name;
    }

    @Override
    public KeywordValidator newValidator(
        SchemaLocation location, JsonNode demand, Schema schema, SchemaContext context) {
      return new Comparing(this, demand, location);
    }
  }

  private static final class Comparing extends AbstractKeywordValidator {
    private final Comparison comparison;

    Comparing(Comparison comparison, JsonNode demand, SchemaLocation location) {
      super(comparison, demand, location);
      this.comparison = comparison;
    }

    @Override
    public void validate(
        ExecutionContext context, JsonNode value, JsonNode root, NodePath instanceLocation) {
      if (!comparison.accepts(getSchemaNode(), value)) {
        context.addError(
            Error.builder()
                .keyword(getKeyword())
                .schemaNode(getSchemaNode())
                .schemaLocation(getSchemaLocation())
                .instanceNode(value)
                .instanceLocation(instanceLocation)
                .build());
      }
    }
  }
}
