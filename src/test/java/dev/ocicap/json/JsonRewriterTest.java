package dev.ocicap.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonRewriterTest {
  private static final String TEXT =
      """
      {
          "b" :  1.0,
          "list": ["x",   "y", "z"],
          "long": [
              1e3,
              2
          ],
          "inner": { "k": [ ], "l": {} }
      }
      """;

  private static JsonText text() {
    return JsonText.parse("f", TEXT);
  }

  private static ObjectNode copy(JsonText text) {
    return (ObjectNode) text.root().deepCopy();
  }

  @Test
  void an_equal_tree_is_the_same_text() {
    JsonText text = text();
    assertSame(text, text.with(copy(text)));
  }

  @Test
  void a_changed_value_changes_only_its_characters() {
    ObjectNode changed = copy(text());
    changed.set("b", JsonValues.number(2));
    assertEquals(TEXT.replace("1.0", "2"), text().with(changed).text());
  }

  @Test
  void a_new_member_takes_the_indentation_of_its_neighbours() {
    ObjectNode changed = copy(text());
    changed.set("new", JsonValues.strings(List.of("a")));
    assertEquals(
        TEXT.replace("\"l\": {} }\n", "\"l\": {} },\n    \"new\": [\n        \"a\"\n    ]\n"),
        text().with(changed).text());
  }

  @Test
  void a_removed_member_takes_its_line_with_it() {
    ObjectNode changed = copy(text());
    changed.remove("b");
    assertEquals(TEXT.replace("    \"b\" :  1.0,\n", ""), text().with(changed).text());
    changed = copy(text());
    changed.remove("inner");
    assertEquals(
        TEXT.replace(",\n    \"inner\": { \"k\": [ ], \"l\": {} }", ""),
        text().with(changed).text());
  }

  @Test
  void elements_on_one_line_stay_on_one_line() {
    ObjectNode changed = copy(text());
    ((ArrayNode) changed.get("list")).add("w");
    assertEquals(TEXT.replace("\"z\"]", "\"z\",   \"w\"]"), text().with(changed).text());
    ((ArrayNode) changed.get("list")).remove(1);
    assertEquals(
        TEXT.replace("\"x\",   \"y\", \"z\"]", "\"x\", \"z\",   \"w\"]"),
        text().with(changed).text());
  }

  @Test
  void elements_on_lines_of_their_own_stay_there() {
    ObjectNode changed = copy(text());
    ((ArrayNode) changed.get("long")).insert(1, 5);
    assertEquals(TEXT.replace("1e3,\n", "1e3,\n        5,\n"), text().with(changed).text());
  }

  @Test
  void a_text_without_blanks_gets_none() {
    JsonText text = JsonText.parse("compact.json", "{\"a\":[1],\"b\":{\"c\":2},\"d\":3}");
    ObjectNode changed = copy(text);
    ((ArrayNode) changed.get("a")).add(2);
    ((ObjectNode) changed.get("b")).set("e", JsonValues.strings(List.of("f", "g")));
    assertEquals(
        "{\"a\":[1,2],\"b\":{\"c\":2,\"e\":[\"f\",\"g\"]},\"d\":3}", text.with(changed).text());
  }

  @Test
  void an_empty_container_opens_up() {
    ObjectNode changed = copy(text());
    ((ArrayNode) changed.get("inner").get("k")).add(1);
    assertEquals(TEXT.replace("[ ]", "[\n        1\n    ]"), text().with(changed).text());
  }

  @Test
  void a_container_that_becomes_empty_closes() {
    ObjectNode changed = copy(text());
    ((ArrayNode) changed.get("long")).removeAll();
    assertEquals(
        TEXT.replace("[\n        1e3,\n        2\n    ]", "[]"), text().with(changed).text());
  }

  @Test
  void a_text_on_one_line_stays_on_one_line() {
    String line = "{\"a\":1,\"b\":{\"c\":[1,2]}}";
    JsonText text = JsonText.parse("f", line);
    ObjectNode changed = copy(text);
    changed.set("d", JsonValues.strings(List.of("x", "y")));
    ((ArrayNode) changed.get("b").get("c")).add(3);
    assertEquals("{\"a\":1,\"b\":{\"c\":[1,2,3]},\"d\":[\"x\",\"y\"]}", text.with(changed).text());
  }

  @Test
  void carriage_returns_stay() {
    JsonText text = JsonText.parse("f", "{\r\n  \"a\": 1\r\n}\r\n");
    ObjectNode changed = copy(text);
    changed.set("b", JsonValues.strings(List.of("x")));
    assertEquals(
        "{\r\n  \"a\": 1,\r\n  \"b\": [\r\n    \"x\"\r\n  ]\r\n}\r\n", text.with(changed).text());
  }

  @Test
  void random_changes_read_back_as_what_was_meant() {
    Random random = new Random(7);
    for (int round = 0; round < 4000; round++) {
      JsonNode tree = tree(random, 4);
      String written = random.nextBoolean() ? spaced(random, tree) : JsonText.lines(tree);
      JsonText text = JsonText.parse("f", written);
      assertEquals(tree, text.root());
      JsonNode changed = mutate(random, tree.deepCopy(), 4);
      JsonText result = text.with(changed);
      assertEquals(
          changed, JsonText.parse("f", result.text()).root(), () -> written + " -> " + changed);
      assertEquals(
          result.text(), result.with(changed.deepCopy()).text(), "a second time changes nothing");
    }
  }

  @Test
  void a_change_keeps_every_line_that_it_does_not_mean() {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      ObjectNode tree = JsonValues.object();
      for (int i = 0; i < 8; i++) {
        tree.set("k" + i, tree(random, 2));
      }
      JsonText text = JsonText.parse("f", JsonText.lines(tree));
      ObjectNode changed = tree.deepCopy();
      String key = "k" + random.nextInt(8);
      changed.set(key, JsonValues.string("changed"));
      String expected =
          text.text()
              .replace(
                  "\n\t\"" + key + "\": " + indented(tree.get(key)),
                  "\n\t\"" + key + "\": \"changed\"");
      assertEquals(expected, text.with(changed).text());
    }
  }

  private static String indented(JsonNode value) {
    return JsonText.lines(value).strip().replace("\n", "\n\t");
  }

  private static JsonNode tree(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> JsonValues.number(random.nextInt(5));
      case 1 -> JsonValues.string("s" + random.nextInt(5) + "\"\\\n");
      case 2 -> JsonValues.bool(random.nextBoolean());
      case 3 -> JsonValues.number(random.nextLong());
      case 4 -> JsonText.parse("f", "null").root();
      case 5, 6 -> {
        ArrayNode array = JsonValues.array();
        for (int i = random.nextInt(5); i > 0; i--) {
          array.add(tree(random, depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JsonValues.object();
        for (int i = random.nextInt(5); i > 0; i--) {
          object.set("k" + random.nextInt(6), tree(random, depth - 1));
        }
        yield object;
      }
    };
  }

  private static JsonNode mutate(Random random, JsonNode node, int depth) {
    if (depth == 0 || random.nextInt(6) == 0) {
      return tree(random, 2);
    }
    if (node instanceof ObjectNode object) {
      List<String> keys = new ArrayList<>();
      object.fieldNames().forEachRemaining(keys::add);
      for (String key : keys) {
        if (random.nextInt(4) == 0) {
          object.remove(key);
        } else if (random.nextInt(3) == 0) {
          object.set(key, mutate(random, object.get(key), depth - 1));
        }
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        object.set("n" + random.nextInt(6), tree(random, 2));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = array.size() - 1; i >= 0; i--) {
        if (random.nextInt(4) == 0) {
          array.remove(i);
        } else if (random.nextInt(3) == 0) {
          array.set(i, mutate(random, array.get(i), depth - 1));
        }
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        array.insert(random.nextInt(array.size() + 1), tree(random, 2));
      }
    }
    return node;
  }

  private static String spaced(Random random, JsonNode node) {
    String blank = new String[] {"", " ", "\n", "\t", "\r\n  "}[random.nextInt(5)];
    StringBuilder out = new StringBuilder(blank);
    if (node.isObject()) {
      out.append('{').append(blank);
      List<String> members = new ArrayList<>();
      node.properties()
          .forEach(member ->
              members.add(
                  JsonText.compact(JsonValues.string(member.getKey()))
                      + blank
                      + ":"
                      + spaced(random, member.getValue())));
      out.append(String.join("," + blank, members)).append(blank).append('}');
    } else if (node.isArray()) {
      out.append('[').append(blank);
      List<String> elements = new ArrayList<>();
      for (JsonNode element : node) {
        elements.add(spaced(random, element));
      }
      out.append(String.join(blank + ",", elements)).append(']');
    } else {
      out.append(JsonText.compact(node));
    }
    return out.append(blank).toString();
  }
}
