package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
  private static final int SHORTEST_LIKENESS = 4;

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

  /// Is shown values with a shape, in the order of the text.
  private interface Visitor {
    void visit(Value value, Shape shape);
  }

  /// Shows every member of an object whose keys are known, with the shape of the object.
  private static void eachMember(Document document, Visitor visitor) {
    walk(document.root(), Shape.CONFIG, visitor);
  }

  private static void walk(Value value, Shape shape, Visitor visitor) {
    if (value.isObject()) {
      boolean keysAreKnown = !shape.keys().isEmpty();
      for (Value member : value.members()) {
        if (keysAreKnown) {
          visitor.visit(member, shape);
        }
        Optional<Shape> next = keysAreKnown ? shape.property(member.key()) : shape.free();
        if (next.isPresent()) {
          walk(member, next.get(), visitor);
        }
      }
    } else if (value.isArray() && shape.items().isPresent()) {
      Shape items = shape.items().get();
      for (Value item : value.items()) {
        walk(item, items, visitor);
      }
    }
  }

  private static Optional<String> otherCase(String key, Shape around) {
    if (around.property(key).isEmpty()) {
      for (String known : around.keys()) {
        if (known.equalsIgnoreCase(key)) {
          return Optional.of(known);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isUnknown(String key, Shape around) {
    return around.property(key).isEmpty()
        && around.removed(key).isEmpty()
        && otherCase(key, around).isEmpty();
  }

  private static void letterCase(Document document, Findings findings) {
    eachMember(
        document,
        (member, around) ->
            otherCase(member.key(), around)
                .ifPresent(known ->
                    findings.addKey(
                        member,
                        "the key "
                            + member.path()
                            + " is spelt '"
                            + known
                            + "': runc reads it all the same, crun does not",
                        "did you mean '" + known + "'?")));
  }

  private static void misspelt(Document document, Findings findings) {
    eachMember(
        document,
        new UnknownKeys() {
          @Override
          void unknown(Value member, Optional<String> meant) {
            meant.ifPresent(hint -> findings.addKey(member, ignored(member), hint));
          }
        });
  }

  private static void unknown(Document document, Findings findings) {
    eachMember(
        document,
        new UnknownKeys() {
          @Override
          void unknown(Value member, Optional<String> meant) {
            if (meant.isEmpty()) {
              findings.addKey(member, ignored(member), null);
            }
          }
        });
  }

  private static String ignored(Value member) {
    return "the key " + member.path() + " is not known: runtimes ignore it";
  }

  /// Asks for the first of the unknown keys what was meant; a hostile document has thousands.
  private abstract static class UnknownKeys implements Visitor {
    private static final int MAX_QUESTIONS = 200;
    private int questions;

    abstract void unknown(Value member, Optional<String> meant);

    @Override
    public final void visit(Value member, Shape around) {
      if (isUnknown(member.key(), around)) {
        unknown(member, ++questions <= MAX_QUESTIONS ? meant(member, around) : Optional.empty());
      }
    }
  }

  /// What was probably meant by an unknown key: a near one of the same object that is not there
  /// already, or the same key in the only other place that has it.
  private static Optional<String> meant(Value member, Shape around) {
    List<String> free = new ArrayList<>(around.keys());
    free.removeIf(key -> member.sibling(key).exists());
    if (member.key().length() < SHORTEST_LIKENESS) {
      return Optional.empty();
    }
    Optional<String> near = Suggestion.nearest(member.key(), free);
    if (near.isPresent()) {
      return Optional.of("did you mean '" + near.get() + "'?");
    }
    List<String> places = new ArrayList<>();
    places(Shape.CONFIG, "", member.key(), places);
    return places.size() == 1
        ? Optional.of("'" + member.key() + "' belongs into " + places.getFirst())
        : Optional.empty();
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
    eachMember(
        document,
        (member, around) -> {
          Optional<Shape> removed = around.removed(member.key());
          if (removed.isPresent()
              && !document.version().isBefore(SpecVersion.of(removed.get().removedIn()))) {
            findings.addKey(
                member,
                member.path() + " is gone since version " + removed.get().removedIn(),
                "remove it");
          }
        });
  }

  private static void newerProperty(Document document, Findings findings) {
    eachMember(
        document,
        (member, around) -> {
          Optional<Shape> known = around.property(member.key());
          if (known.isPresent() && document.version().isBefore(known.get().since())) {
            findings.addKey(
                member,
                member.path()
                    + " exists since version "
                    + known.get().since()
                    + ", ociVersion is "
                    + document.get("ociVersion").quoted(),
                "\"ociVersion\": \"" + known.get().since() + "\"");
          }
        });
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
                : otherCase(member.getKey(), shape).orElse(member.getKey());
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

  /// Writes `1.0` and `1e3` as integers where an integer is wanted.
  static void rewriteIntegers(ConfigDraft draft) {
    rewrite(draft.root(), Shape.CONFIG);
  }

  private static void rewrite(JsonNode node, Shape shape) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        Optional<Shape> next =
            shape.keys().isEmpty() ? shape.free() : shape.property(member.getKey());
        if (next.isPresent()) {
          member.setValue(rewritten(member.getValue(), next.get()));
        }
      }
    } else if (node instanceof ArrayNode array && shape.items().isPresent()) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, rewritten(array.get(i), shape.items().get()));
      }
    }
  }

  private static JsonNode rewritten(JsonNode node, Shape shape) {
    rewrite(node, shape);
    return shape.isInteger() ? integral(node).map(JsonValues::number).orElse(node) : node;
  }
}
