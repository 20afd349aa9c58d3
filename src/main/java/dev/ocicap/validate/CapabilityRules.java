package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ExecTransformation;
import dev.ocicap.cap.ExecTransformation.Host;
import dev.ocicap.cap.ExecTransformation.Identity;
import dev.ocicap.cap.ExecTransformation.Running;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.Program;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Level;
import dev.ocicap.report.Suggestion;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.SpecVersion;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Rules about `process.capabilities` (config.md#linux-process, capabilities(7)).
final class CapabilityRules {
  private static final String SPEC = "config.md#linux-process";
  private static final String EXECVE = "capabilities(7)#Transformation of capabilities";

  /// From this release on a name that the runtime does not know is a warning; before, an error.
  private static final SpecVersion UNKNOWN_IS_WARNING = SpecVersion.of("1.1.0");

  static List<Rule> all() {
    return List.of(
        Rule.of("capability-object-missing", Level.SHOULD, SPEC, CapabilityRules::objectMissing),
        Rule.of("capability-name-unknown", Level.SHOULD, SPEC, CapabilityRules::unknown),
        Rule.of("capability-name-form", Level.SHOULD, SPEC, CapabilityRules::form)
            .repairedBy(CapabilityRules::respell),
        Rule.of("capability-name-numeric", Level.MUST, SPEC, CapabilityRules::numeric),
        Rule.of("capability-duplicate", Level.ADVICE, SPEC, CapabilityRules::duplicate)
            .repairedBy(CapabilityRules::removeDuplicates),
        Rule.of(
            "capability-effective-not-permitted",
            Level.MUST,
            "capset(2)",
            CapabilityRules::effectiveNotPermitted),
        Rule.of(
            "capability-inheritable-not-bounding",
            Level.MUST,
            "capset(2)",
            CapabilityRules::inheritableNotBounding),
        Rule.of(
                "capability-ambient-lost",
                Level.SHOULD,
                "capabilities(7)#Thread capability sets",
                CapabilityRules::ambientLost)
            .repairedBy(CapabilityRules::completeAmbient),
        Rule.of(
            "capability-permitted-not-bounding",
            Level.SHOULD,
            EXECVE,
            CapabilityRules::permittedNotBounding),
        Rule.of(
            "capability-reduction-undone", Level.SHOULD, EXECVE, CapabilityRules::reductionUndone),
        Rule.of("capability-lost-by-execve", Level.ADVICE, EXECVE, CapabilityRules::lost));
  }

  private CapabilityRules() {}

  private static void objectMissing(Document document, Findings findings) {
    Value process = document.get("process");
    if (document.isLinux() && process.isObject() && !process.get("capabilities").exists()) {
      findings.add(
          process,
          "process.capabilities is missing: older runtimes then grant nothing, runc since 1.3 leaves"
              + " root everything",
          "\"capabilities\": {}");
    }
  }

  /// Calls for every name that is a text.
  private static void eachName(Document document, Predicate<String> wanted, Reporter reporter) {
    for (SetName set : SetName.values()) {
      for (Value name : document.get("process", "capabilities", set.key()).items()) {
        if (name.isText() && wanted.test(name.text())) {
          reporter.report(name);
        }
      }
    }
  }

  private interface Reporter {
    void report(Value name);
  }

  private static Level weight(Document document) {
    return document.version().isBefore(UNKNOWN_IS_WARNING) ? Level.MUST : Level.SHOULD;
  }

  private static boolean isMisspelt(String name) {
    return Capability.spelt(name).isEmpty() && Capability.find(name).isPresent();
  }

  /// Whether crun up to 1.8 would read the name as a number or a list of them.
  private static boolean isNumeric(String name) {
    return !name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9';
  }

  private static boolean isUnknown(String name) {
    return Capability.find(name).isEmpty() && !isNumeric(name);
  }

  private static void unknown(Document document, Findings findings) {
    eachName(
        document,
        CapabilityRules::isUnknown,
        name ->
            findings.add(
                weight(document),
                name,
                name.shown() + " is not a capability: runtimes leave it out or refuse to start",
                findings.isFull() ? null : unknownHint(name.text())));
  }

  private static String unknownHint(String name) {
    if (name.equalsIgnoreCase("ALL") || name.equalsIgnoreCase("CAP_ALL")) {
      return "list every name, or: ocicap edit --add ALL";
    }
    List<String> names = new ArrayList<>();
    for (Capability capability : Capability.all()) {
      names.add(capability.name());
    }
    String upper = name.toUpperCase(Locale.ROOT);
    return Suggestion.nearest(upper.startsWith("CAP_") ? upper : "CAP_" + upper, names)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("man 7 capabilities");
  }

  private static void form(Document document, Findings findings) {
    eachName(
        document,
        CapabilityRules::isMisspelt,
        name ->
            findings.add(
                weight(document),
                name,
                name.shown() + " is not how the name is spelt: runc leaves it out",
                "\"" + Capability.find(name.text()).orElseThrow().name() + "\""));
  }

  private static void numeric(Document document, Findings findings) {
    eachName(
        document,
        CapabilityRules::isNumeric,
        name ->
            findings.add(
                name,
                name.shown()
                    + " is a number: runc leaves it out, crun may grant what it stands for",
                numberHint(name.text())));
  }

  private static String numberHint(String name) {
    for (Capability capability : Capability.all()) {
      if (Integer.toString(capability.number()).equals(name)) {
        return "\"" + capability.name() + "\"";
      }
    }
    return "man 7 capabilities";
  }

  private static void duplicate(Document document, Findings findings) {
    for (SetName set : SetName.values()) {
      Set<String> seen = new HashSet<>();
      for (Value name : document.get("process", "capabilities", set.key()).items()) {
        if (name.isText() && !seen.add(name.text())) {
          findings.add(name, name.shown() + " stands in the set already", "remove it");
        }
      }
    }
  }

  private static void each(Document document, SetName set, CapabilitySet wrong, Reporter reporter) {
    CapabilitySet left = wrong;
    for (Value name : document.get("process", "capabilities", set.key()).items()) {
      Optional<Capability> capability = Capability.spelt(name.text());
      if (capability.isPresent() && left.contains(capability.get())) {
        left = left.minus(CapabilitySet.of(capability.get()));
        reporter.report(name);
      }
    }
  }

  static void effectiveNotPermitted(Document document, Findings findings) {
    each(
        document,
        SetName.EFFECTIVE,
        document.capabilities().effectiveBeyondPermitted(),
        name ->
            findings.add(
                name,
                name.shown() + " is not in permitted: the container does not start",
                "add it to permitted, or remove it"));
  }

  static void inheritableNotBounding(Document document, Findings findings) {
    each(
        document,
        SetName.INHERITABLE,
        document.capabilities().inheritableBeyondBounding(),
        name ->
            findings.add(
                name,
                name.shown() + " is not in bounding: the container does not start",
                "add it to bounding, or remove it"));
  }

  private static void ambientLost(Document document, Findings findings) {
    ProcessCapabilities sets = document.capabilities();
    each(
        document,
        SetName.AMBIENT,
        sets.ambientWithoutBasis(),
        name -> {
          boolean permitted =
              sets.permitted().contains(Capability.spelt(name.text()).orElseThrow());
          findings.add(
              name,
              name.shown()
                  + " has no effect: an ambient capability must be in inheritable and permitted too",
              permitted ? "add it to inheritable" : "add it to permitted and inheritable");
        });
  }

  private static void permittedNotBounding(Document document, Findings findings) {
    ProcessCapabilities sets = document.capabilities();
    each(
        document,
        SetName.PERMITTED,
        sets.permitted().minus(sets.bounding()).minus(sets.inheritable()),
        name ->
            findings.add(
                name,
                name.shown() + " is not in bounding: the program loses it as it starts",
                "add it to bounding, or remove it"));
  }

  private static Optional<ProcessCapabilities> result(Document document) {
    Value process = document.get("process");
    if (!process.get("capabilities").isObject()) {
      return Optional.empty();
    }
    User user = document.config().user();
    return ExecTransformation.apply(
                document.capabilities(),
                new Identity(user.uid(), user.gid(), user.additionalGids()),
                document.config().noNewPrivileges(),
                Program.PLAIN,
                Host.FULL)
            instanceof Running running
        ? Optional.of(running.capabilities())
        : Optional.empty();
  }

  private static void reductionUndone(Document document, Findings findings) {
    result(document)
        .ifPresent(result -> {
          CapabilitySet regained = result.permitted().minus(document.capabilities().permitted());
          if (!regained.isEmpty()) {
            findings.add(
                document.get("process", "capabilities", SetName.PERMITTED.key()),
                "root gets back what permitted leaves out, since bounding holds it: " + regained,
                "remove it from bounding, or set noNewPrivileges");
          }
        });
  }

  private static void lost(Document document, Findings findings) {
    ProcessCapabilities sets = document.capabilities();
    result(document)
        .ifPresent(result -> {
          CapabilitySet lost =
              sets.effective().intersect(sets.bounding()).minus(result.effective());
          if (!lost.isEmpty()) {
            findings.add(
                document.get("process", "capabilities", SetName.EFFECTIVE.key()),
                "uid "
                    + document.config().user().uid()
                    + " loses these as the program starts, unless its file has capabilities: "
                    + lost,
                "ocicap edit --add " + lost.toString().replace(", ", ",") + " BUNDLE");
          }
        });
  }

  /// The array of one set, if it is one.
  private static Optional<ArrayNode> array(ConfigDraft draft, SetName set) {
    return draft
        .find("process", "capabilities", set.key())
        .map(node -> node instanceof ArrayNode array ? array : null);
  }

  private static void respell(ConfigDraft draft) {
    for (SetName set : SetName.values()) {
      array(draft, set)
          .ifPresent(names -> {
            for (int i = 0; i < names.size(); i++) {
              String name = names.get(i).asText();
              if (names.get(i).isTextual() && isMisspelt(name)) {
                names.set(i, JsonValues.string(Capability.find(name).orElseThrow().name()));
              }
            }
          });
    }
  }

  private static void removeDuplicates(ConfigDraft draft) {
    for (SetName set : SetName.values()) {
      array(draft, set)
          .ifPresent(names -> {
            List<JsonNode> kept = new ArrayList<>();
            Set<JsonNode> seen = new HashSet<>();
            for (JsonNode name : names) {
              if (seen.add(name)) {
                kept.add(name);
              }
            }
            names.removeAll().addAll(kept);
          });
    }
  }

  /// Adds to inheritable what ambient, permitted and bounding hold. What one of these lacks has
  /// more than one repair.
  private static void completeAmbient(ConfigDraft draft) {
    Set<JsonNode> inheritable = new HashSet<>();
    array(draft, SetName.INHERITABLE).ifPresent(names -> names.forEach(inheritable::add));
    List<JsonNode> missing = new ArrayList<>();
    array(draft, SetName.AMBIENT)
        .ifPresent(names -> {
          for (JsonNode name : names) {
            if (Capability.spelt(name.asText()).isPresent()
                && holds(draft, SetName.PERMITTED, name)
                && holds(draft, SetName.BOUNDING, name)
                && inheritable.add(name)) {
              missing.add(name);
            }
          }
        });
    if (!missing.isEmpty()) {
      draft.array("process", "capabilities", SetName.INHERITABLE.key()).addAll(missing);
    }
  }

  private static boolean holds(ConfigDraft draft, SetName set, JsonNode name) {
    Optional<ArrayNode> names = array(draft, set);
    if (names.isPresent()) {
      for (JsonNode member : names.get()) {
        if (member.equals(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
