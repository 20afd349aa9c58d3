package dev.ocicap.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a profile from JSON: the keys of `linux.seccomp` (config-linux.md#seccomp), and those that
/// Docker adds: `archMap` beside `architectures`, and in a rule `includes`, `excludes`, `comment`
/// and the old `name`. As in Go, null is the same as absent.
final class ProfileReader {
  private static final List<String> PROFILE_KEYS =
      List.of(
          "defaultAction",
          "defaultErrnoRet",
          "archMap",
          "architectures",
          "flags",
          "listenerPath",
          "listenerMetadata",
          "syscalls");
  private static final List<String> RULE_KEYS =
      List.of("names", "name", "action", "errnoRet", "args", "comment", "includes", "excludes");
  private static final List<String> ARGUMENT_KEYS = List.of("index", "value", "valueTwo", "op");
  private static final List<String> CONDITION_KEYS = List.of("caps", "arches", "minKernel");
  private static final List<String> FAMILY_KEYS = List.of("architecture", "subArchitectures");

  private static final JsonNode NO_ELEMENTS = JsonValues.array();
  private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /// The largest error number that a filter can return: the kernel cuts off what is larger.
  private static final BigInteger MAX_ERRNO = BigInteger.valueOf(4095);

  private static final BigInteger LAST_ARGUMENT = BigInteger.valueOf(5);

  private final JsonText text;
  private final ProfileSource source;
  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> ignored = new ArrayList<>();

  ProfileReader(JsonText text, ProfileSource source) {
    this.text = text;
    this.source = source;
  }

  SeccompProfile read() {
    JsonNode root = text.root();
    if (!root.isObject()) {
      throw OcicapException.input(text.place(""), "a seccomp profile is a JSON object", null);
    }
    known(root, "", PROFILE_KEYS);
    List<String> architectures = strings(root, "", "architectures");
    List<Architecture.Family> families = families(root);
    if (!architectures.isEmpty() && !families.isEmpty()) {
      error("/archMap", "a profile has 'archMap' or 'architectures', not both", null);
    }
    SeccompProfile profile =
        new SeccompProfile(
            source,
            families,
            architectures,
            word(root, "", "defaultAction", SeccompWords.ACTIONS),
            errno(root, "", "defaultErrnoRet"),
            has(root, "flags") ? strings(root, "", "flags") : null,
            string(root, "", "listenerPath"),
            string(root, "", "listenerMetadata"),
            rules(root),
            ignored);
    if (!errors.isEmpty()) {
      throw new OcicapException(ExitStatus.INPUT, errors);
    }
    return profile;
  }

  private List<Architecture.Family> families(JsonNode root) {
    List<Architecture.Family> families = new ArrayList<>();
    JsonNode map = array(root, "", "archMap");
    for (int i = 0; i < map.size(); i++) {
      String pointer = "/archMap/" + i;
      if (isObject(map.get(i), pointer)) {
        known(map.get(i), pointer, FAMILY_KEYS);
        families.add(
            new Architecture.Family(
                string(map.get(i), pointer, "architecture"),
                strings(map.get(i), pointer, "subArchitectures")));
      }
    }
    return families;
  }

  private List<ProfileRule> rules(JsonNode root) {
    List<ProfileRule> rules = new ArrayList<>();
    JsonNode syscalls = array(root, "", "syscalls");
    for (int i = 0; i < syscalls.size(); i++) {
      String pointer = "/syscalls/" + i;
      if (isObject(syscalls.get(i), pointer)) {
        ProfileRule rule = rule(syscalls.get(i), pointer);
        if (rule.names().isEmpty()) {
          ignore(pointer, "a rule without names of system calls has no effect", null);
        } else {
          rules.add(rule);
        }
      }
    }
    return rules;
  }

  private ProfileRule rule(JsonNode node, String pointer) {
    known(node, pointer, RULE_KEYS);
    List<String> names = strings(node, pointer, "names");
    String name = string(node, pointer, "name");
    if (name != null && !name.isEmpty()) {
      if (!names.isEmpty()) {
        error(pointer + "/name", "a rule has 'names' or the old 'name', not both", null);
      }
      names = List.of(name);
    }
    List<ProfileRule.Argument> arguments = new ArrayList<>();
    JsonNode args = array(node, pointer, "args");
    for (int i = 0; i < args.size(); i++) {
      if (isObject(args.get(i), pointer + "/args/" + i)) {
        arguments.add(argument(args.get(i), pointer + "/args/" + i));
      }
    }
    return new ProfileRule(
        names,
        word(node, pointer, "action", SeccompWords.ACTIONS),
        errno(node, pointer, "errnoRet"),
        arguments,
        condition(node, pointer, "includes"),
        condition(node, pointer, "excludes"));
  }

  private ProfileRule.Argument argument(JsonNode node, String pointer) {
    known(node, pointer, ARGUMENT_KEYS);
    return new ProfileRule.Argument(
        orZero(integer(node, pointer, "index", LAST_ARGUMENT)).longValue(),
        orZero(integer(node, pointer, "value", MAX_U64)),
        orZero(integer(node, pointer, "valueTwo", MAX_U64)),
        word(node, pointer, "op", SeccompWords.OPERATORS));
  }

  private Condition condition(JsonNode rule, String rulePointer, String key) {
    String pointer = rulePointer + "/" + key;
    if (!has(rule, key) || !isObject(rule.get(key), pointer)) {
      return Condition.NONE;
    }
    JsonNode node = rule.get(key);
    known(node, pointer, CONDITION_KEYS);
    List<String> capabilities = strings(node, pointer, "caps");
    for (int i = 0; i < capabilities.size(); i++) {
      String name = capabilities.get(i);
      if (Capability.spelt(name).isEmpty()) {
        ignore(
            pointer + "/caps/" + i,
            "'" + name + "' is no capability, so no container has it",
            Capability.find(name).map(meant -> "write '" + meant.name() + "'").orElse(null));
      }
    }
    return new Condition(capabilities, strings(node, pointer, "arches"), minKernel(node, pointer));
  }

  private @Nullable KernelVersion minKernel(JsonNode node, String parent) {
    String version = string(node, parent, "minKernel");
    if (version == null) {
      return null;
    }
    if (version.isEmpty()) {
      return new KernelVersion(0, 0);
    }
    KernelVersion parsed = KernelVersion.exactly(version).orElse(null);
    if (parsed == null) {
      error(
          parent + "/minKernel",
          "minKernel '" + version + "' is not two numbers with a dot, such as '4.8'",
          null);
    }
    return parsed;
  }

  private static boolean has(JsonNode object, String key) {
    return object.hasNonNull(key);
  }

  private boolean isObject(JsonNode node, String pointer) {
    if (!node.isObject()) {
      error(pointer, "not an object", null);
    }
    return node.isObject();
  }

  private JsonNode array(JsonNode object, String parent, String key) {
    if (!has(object, key)) {
      return NO_ELEMENTS;
    }
    JsonNode array = object.get(key);
    if (!array.isArray()) {
      error(parent + "/" + key, key + " is not an array", null);
    }
    return array.isArray() ? array : NO_ELEMENTS;
  }

  private List<String> strings(JsonNode object, String parent, String key) {
    List<String> strings = new ArrayList<>();
    JsonNode array = array(object, parent, key);
    for (int i = 0; i < array.size(); i++) {
      if (array.get(i).isTextual()) {
        strings.add(array.get(i).textValue());
      } else {
        error(parent + "/" + key + "/" + i, "an element of " + key + " is not a string", null);
      }
    }
    return strings;
  }

  private @Nullable String string(JsonNode object, String parent, String key) {
    if (!has(object, key)) {
      return null;
    }
    if (!object.get(key).isTextual()) {
      error(parent + "/" + key, key + " is not a string", null);
      return null;
    }
    return object.get(key).textValue();
  }

  /// The value of a key that has to be there and to be one of the words.
  private String word(JsonNode object, String parent, String key, List<String> words) {
    if (!has(object, key)) {
      error(parent, "no " + key + ": write one of " + String.join(", ", words), null);
      return "";
    }
    String word = string(object, parent, key);
    if (word != null && !words.contains(word)) {
      error(
          parent + "/" + key,
          key + " '" + word + "' is none of " + String.join(", ", words),
          Suggestion.nearest(word, words).map(meant -> "write '" + meant + "'").orElse(null));
    }
    return word == null ? "" : word;
  }

  private @Nullable Long errno(JsonNode object, String parent, String key) {
    BigInteger errno = integer(object, parent, key, MAX_ERRNO);
    return errno == null ? null : errno.longValue();
  }

  private @Nullable BigInteger integer(JsonNode object, String parent, String key, BigInteger max) {
    if (!has(object, key)) {
      return null;
    }
    JsonNode node = object.get(key);
    BigInteger value = node.isIntegralNumber() ? node.bigIntegerValue() : null;
    if (value == null || value.signum() < 0 || value.compareTo(max) > 0) {
      error(parent + "/" + key, key + " is not an integer from 0 to " + max, null);
      return null;
    }
    return value;
  }

  private static BigInteger orZero(@Nullable BigInteger value) {
    return value == null ? BigInteger.ZERO : value;
  }

  private void known(JsonNode object, String pointer, List<String> keys) {
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String key = member.getKey();
      if (!keys.contains(key)) {
        ignored.add(
            new Problem(
                text.keyPlace(pointer + JsonText.pointer(List.of(key))),
                "the key '" + key + "' has no meaning here and is ignored",
                Suggestion.nearest(key, keys).map(meant -> "write '" + meant + "'").orElse(null)));
      }
    }
  }

  private void error(String pointer, String message, @Nullable String hint) {
    errors.add(new Problem(text.place(pointer), message, hint));
  }

  private void ignore(String pointer, String message, @Nullable String hint) {
    ignored.add(new Problem(text.place(pointer), message, hint));
  }
}
