package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Level;
import dev.ocicap.report.Suggestion;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.SpecVersion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rules about keys, numbers and texts anywhere in the document.
final class PropertyRules {
  private static final String VERSION = "config.md#specification-version";
  private static final String EXTENSIBILITY = "config.md#extensibility";

  /// Shorter keys are like some other one by chance.
  private static final int SHORTEST_LIKENESS = 3;

  /// Of more unknown keys nobody asks what was meant; a hostile document has thousands.
  private static final int MAX_QUESTIONS = 200;

  static final List<Rule> ALL =
      List.of(
          Rule.of("oci-version-semver", Level.MUST, VERSION, PropertyRules::semver),
          Rule.of("oci-version-unknown", Level.SHOULD, VERSION, PropertyRules::newer),
          Rule.of("property-case", Level.SHOULD, EXTENSIBILITY, PropertyRules::letterCase)
              .repairedBy(draft -> respell(draft.root(), Shape.CONFIG)),
          Rule.of("property-misspelt", Level.SHOULD, EXTENSIBILITY, PropertyRules::misspelt),
          Rule.of("property-unknown", Level.ADVICE, EXTENSIBILITY, PropertyRules::unknown),
          Rule.of("property-removed", Level.ADVICE, EXTENSIBILITY, PropertyRules::removed),
          Rule.of("property-newer", Level.ADVICE, VERSION, PropertyRules::newerProperty),
          Rule.of("string-nul", Level.MUST, "config.md", PropertyRules::nul));

  private PropertyRules() {}

  private static void semver(Document document, Findings findings) {
    Value version = document.get("ociVersion");
    if (version.isText() && SpecVersion.parse(version.text()).isEmpty()) {
      findings.add(
          version,
          version.shown() + " is not a version in SemVer 2.0 form",
          "\"" + Schemas.NEWEST + "\"");
    }
  }

  private static void newer(Document document, Findings findings) {
    SpecVersion version = document.version();
    if (document.get("ociVersion").isText() && !Schemas.VERSIONS.contains(version.minorLine())) {
      findings.add(
          document.get("ociVersion"),
          "ociVersion "
              + document.get("ociVersion").quoted()
              + " is unknown: checked as "
              + Schemas.line(version)
              + ", and a runtime may refuse it",
          "\"" + Schemas.NEWEST + "\"");
    }
  }

  private static void letterCase(Document document, Findings findings) {
    for (UnusualKeys.Key key : document.keys().wrongCase()) {
      findings.addKey(
          key.member(),
          "the key "
              + key.member().path()
              + " is spelt '"
              + key.meant()
              + "': runc reads it all the same, crun does not",
          "did you mean '" + key.meant() + "'?");
    }
  }

  private static void misspelt(Document document, Findings findings) {
    int questions = 0;
    for (UnusualKeys.Key key : document.keys().unknown()) {
      if (++questions <= MAX_QUESTIONS) {
        meant(key).ifPresent(hint -> findings.addKey(key.member(), ignored(key.member()), hint));
      }
    }
  }

  private static void unknown(Document document, Findings findings) {
    int questions = 0;
    for (UnusualKeys.Key key : document.keys().unknown()) {
      if (++questions > MAX_QUESTIONS || meant(key).isEmpty()) {
        findings.addKey(key.member(), ignored(key.member()), null);
      }
    }
  }

  private static String ignored(Value member) {
    return "the key " + member.path() + " is not known: runtimes ignore it";
  }

  /// What was probably meant by an unknown key: a near one of the same object, one that is not
  /// there already before one that is, or the same key in the only other place that has it, of
  /// several the one in a block that is there.
  private static Optional<String> meant(UnusualKeys.Key unknown) {
    String key = unknown.member().key();
    if (key.length() < SHORTEST_LIKENESS) {
      return Optional.empty();
    }
    List<String> free = new ArrayList<>(unknown.around().keys());
    free.removeIf(known -> unknown.member().sibling(known).exists());
    Optional<String> near = Suggestion.nearest(key, free);
    if (near.isPresent()) {
      return Optional.of("did you mean '" + near.get() + "'?");
    }
    Optional<String> taken = Suggestion.nearest(key, unknown.around().keys());
    if (taken.isPresent()) {
      return Optional.of("did you mean '" + taken.get() + "', which is there too?");
    }
    List<String> places = new ArrayList<>();
    places(Shape.CONFIG, "", key, places);
    if (places.size() > 1) {
      Value document = unknown.member().top();
      places.removeIf(place -> !document.get(block(place)).exists());
    }
    return places.size() == 1
        ? Optional.of("'" + key + "' belongs into " + places.getFirst())
        : Optional.empty();
  }

  /// The property of the document that a place is in.
  private static String block(String place) {
    int dot = place.indexOf('.');
    return dot < 0 ? place : place.substring(0, dot);
  }

  private static void places(Shape shape, String path, String key, List<String> found) {
    if (shape.property(key).isPresent()) {
      found.add(path.isEmpty() ? "the document itself" : path);
    }
    for (String known : shape.keys()) {
      places(
          shape.property(known).orElseThrow(),
          path.isEmpty() ? known : path + "." + known,
          key,
          found);
    }
    shape.items().ifPresent(items -> places(items, path + "[]", key, found));
  }

  private static void removed(Document document, Findings findings) {
    for (UnusualKeys.Key key : document.keys().removed()) {
      String release = key.around().removed(key.meant()).orElseThrow().removedIn();
      findings.addKey(
          key.member(), key.member().path() + " is gone since version " + release, "remove it");
    }
  }

  private static void newerProperty(Document document, Findings findings) {
    for (UnusualKeys.Key key : document.keys().newer()) {
      SpecVersion since = key.around().property(key.meant()).orElseThrow().since();
      findings.addKey(
          key.member(),
          key.member().path()
              + " exists since version "
              + since
              + ", ociVersion is "
              + document.get("ociVersion").quoted(),
          "\"ociVersion\": \"" + since + "\"");
    }
  }

  /// The integer that `1.0` or `1e3` stands for, of at most 20 digits; nothing else is worth a
  /// hint.
  static Optional<BigInteger> integral(JsonNode node) {
    if (!node.isFloatingPointNumber()) {
      return Optional.empty();
    }
    BigDecimal number = node.decimalValue().stripTrailingZeros();
    return number.scale() > 0 || number.precision() - number.scale() > 20
        ? Optional.empty()
        : Optional.of(number.toBigInteger());
  }

  private static void nul(Document document, Findings findings) {
    if (document.config().text().contains("\\u0000")) {
      nul(document.root(), findings);
    }
  }

  private static void nul(Value value, Findings findings) {
    if (value.text().indexOf('\0') >= 0) {
      findings.add(value, value.shown() + " holds a NUL character", "remove it");
    }
    for (Value item : value.items()) {
      nul(item, findings);
    }
    for (Value member : value.members()) {
      if (member.key().indexOf('\0') >= 0) {
        findings.addKey(member, "the key " + member.path() + " holds a NUL character", "remove it");
      }
      nul(member, findings);
    }
  }

  /// Renames keys that differ from a known one in their case only, unless that one is there too.
  private static void respell(JsonNode node, Shape shape) {
    if (node instanceof ObjectNode object) {
      Map<String, JsonNode> members = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        String known =
            shape.keys().isEmpty()
                ? member.getKey()
                : shape.otherCase(member.getKey()).orElse(member.getKey());
        String key = object.has(known) || members.containsKey(known) ? member.getKey() : known;
        members.put(key, member.getValue());
        (shape.keys().isEmpty() ? shape.free() : shape.property(key))
            .ifPresent(next -> respell(member.getValue(), next));
      }
      object.removeAll().setAll(members);
    } else if (node.isArray() && shape.items().isPresent()) {
      for (JsonNode item : node) {
        respell(item, shape.items().get());
      }
    }
  }

  /// Writes a value in the type that is wanted where nothing is lost by it: `1.0`, `1e3` and `"10"`
  /// as integers, `"true"` as true, `5` as a text; leaves out a member that is null, which means
  /// what its absence does.
  static void rewriteTypes(ConfigDraft draft) {
    rewrite(draft.root(), Shape.CONFIG, PropertyRules::typed);
  }

  /// Writes the words of a list in their letter case.
  static void rewriteWords(ConfigDraft draft) {
    rewrite(draft.root(), Shape.CONFIG, PropertyRules::worded);
  }

  /// Writes one value as its shape has it; the same one where there is nothing to change.
  private interface Rewriter {
    JsonNode rewrite(JsonNode node, Shape shape);
  }

  private static void rewrite(JsonNode node, Shape shape, Rewriter rewriter) {
    if (node instanceof ObjectNode object) {
      List<String> absent = new ArrayList<>(0);
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        Optional<Shape> next =
            shape.keys().isEmpty() ? shape.free() : shape.property(member.getKey());
        if (next.isPresent()) {
          rewrite(member.getValue(), next.get(), rewriter);
          JsonNode rewritten = rewriter.rewrite(member.getValue(), next.get());
          member.setValue(rewritten);
          if (rewritten.isMissingNode()) {
            absent.add(member.getKey());
          }
        }
      }
      object.remove(absent);
    } else if (node instanceof ArrayNode array && shape.items().isPresent()) {
      for (int i = 0; i < array.size(); i++) {
        rewrite(array.get(i), shape.items().get(), rewriter);
        JsonNode rewritten = rewriter.rewrite(array.get(i), shape.items().get());
        if (!rewritten.isMissingNode()) {
          array.set(i, rewritten);
        }
      }
    }
  }

  private static JsonNode typed(JsonNode node, Shape shape) {
    if (node.isNull()) {
      return MissingNode.getInstance();
    }
    return switch (shape.type()) {
      case "integer" ->
          node.isTextual() && SchemaCheck.isDigits(node.textValue())
              ? JsonValues.number(new BigInteger(node.textValue()))
              : integral(node).map(JsonValues::number).orElse(node);
      case "boolean" ->
          node.isTextual() && (node.textValue().equals("true") || node.textValue().equals("false"))
              ? JsonNodeFactory.instance.booleanNode(node.textValue().equals("true"))
              : node;
      case "string" ->
          node.isBoolean() || node.isIntegralNumber() ? JsonValues.string(node.asText()) : node;
      default -> node;
    };
  }

  private static JsonNode worded(JsonNode node, Shape shape) {
    if (node.isTextual()) {
      for (String word : shape.words()) {
        if (word.equalsIgnoreCase(node.textValue())) {
          return word.equals(node.textValue()) ? node : JsonValues.string(word);
        }
      }
    }
    return node;
  }
}
