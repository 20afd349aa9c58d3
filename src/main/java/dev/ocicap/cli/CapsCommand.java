package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Baseline;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.Risk;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.TextTable;
import dev.ocicap.seccomp.KernelVersion;
import dev.ocicap.seccomp.SeccompProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `ocicap caps`: what capabilities are, and masks.
final class CapsCommand implements Command {
  private static final String MASK = "--mask";
  private static final String FORMAT = "--format";

  /// The profile has no rule that depends on the kernel and a capability at once.
  private static final KernelVersion KERNEL = new KernelVersion(6, 0);

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.optionalPositionals(
                "CAPABILITY|MASK|WORD",
                "capabilities by name, masks of /proc/PID/status to decode, or words to search for;"
                    + " all capabilities when nothing is given"))
        .addOption(Options.repeated("CAPABILITY[,…]", "print the mask of these capabilities", MASK))
        .addOption(Options.single("text|json|markdown", "default: text", FORMAT));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Format format = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON, Format.MARKDOWN);
    List<String> words = invocation.positionals();
    if (invocation.has(MASK)) {
      if (!words.isEmpty()) {
        throw OcicapException.usage(
            "--mask takes its capabilities as its value", "ocicap caps --mask chown,kill");
      }
      masks(List.of(mask(invocation.values(MASK))), format, console, true);
      return ExitStatus.DONE;
    }
    if (words.isEmpty()) {
      list(Capability.all(), format, console, false);
      return ExitStatus.DONE;
    }
    if (isMask(words.getFirst())) {
      List<CapabilitySet> sets = new ArrayList<>();
      for (String word : words) {
        sets.add(decode(word));
      }
      masks(sets, format, console, false);
      return ExitStatus.DONE;
    }
    List<Capability> named = named(words);
    if (!named.isEmpty()) {
      list(named, format, console, true);
      return ExitStatus.DONE;
    }
    String query = String.join(" ", words);
    List<Capability> found = CapabilityFacts.search(query);
    if (found.isEmpty()) {
      throw new OcicapException(
          ExitStatus.NO,
          List.of(Problem.of("no capability is about '" + query + "'", hint(words, query))));
    }
    list(found, format, console, found.size() == 1);
    return ExitStatus.DONE;
  }

  /// A word of hexadecimal digits may have been meant as a mask, another as a name.
  private static String hint(List<String> words, String query) {
    if (words.size() > 1 || query.isEmpty()) {
      return "ocicap caps";
    }
    return isMask("0x" + query)
        ? "ocicap caps 0x" + query
        : "ocicap caps" + CapabilityNames.nearest(query).map(name -> " " + name).orElse("");
  }

  /// Every word as a capability, or nothing when one is none.
  private static List<Capability> named(List<String> words) {
    List<Capability> named = new ArrayList<>();
    for (String word : words) {
      Optional<Capability> capability = Capability.find(word);
      if (capability.isEmpty()) {
        return List.of();
      }
      named.add(capability.get());
    }
    return named;
  }

  private static CapabilitySet mask(List<String> names) {
    CapabilityRequest request = CapabilityNames.request(MASK, names, MASK, List.of());
    return request.granted(CapabilitySet.ALL);
  }

  /// A mask has hexadecimal digits only, and `0x`, a decimal digit or at least eight digits: `add`
  /// is a word.
  private static boolean isMask(String word) {
    boolean prefixed = word.startsWith("0x") || word.startsWith("0X");
    boolean digit = prefixed;
    for (int i = prefixed ? 2 : 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (Character.digit(c, 16) < 0 || c > 'f') {
        return false;
      }
      digit |= c <= '9';
    }
    return digit || word.length() >= 8;
  }

  private static CapabilitySet decode(String word) {
    String digits = word.toLowerCase(Locale.ROOT);
    digits = digits.startsWith("0x") ? digits.substring(2) : digits;
    while (digits.length() > 16 && digits.charAt(0) == '0') {
      digits = digits.substring(1);
    }
    if (!isMask(word) || digits.isEmpty() || digits.length() > 16) {
      throw OcicapException.usage(
          "'" + word + "' is not a mask of 1 to 16 hexadecimal digits",
          "ocicap caps 00000000a80425fb");
    }
    return CapabilitySet.parseHex(digits);
  }

  private static void masks(
      List<CapabilitySet> sets, Format format, Console console, boolean encode) {
    switch (format) {
      case TEXT -> {
        for (CapabilitySet set : sets) {
          console.out().println(encode ? set.hex() : decoded(set));
        }
      }
      case MARKDOWN -> {
        for (CapabilitySet set : sets) {
          console.out().println("- `" + decoded(set) + "`");
        }
      }
      case JSON -> {
        ArrayNode array = JsonValues.array();
        for (CapabilitySet set : sets) {
          ObjectNode node = JsonValues.object();
          node.set("mask", JsonValues.string(set.hex()));
          node.set("capabilities", names(set));
          array.add(node);
        }
        console.out().print(JsonText.lines(array));
      }
      case HTML -> throw new IllegalStateException("not offered");
    }
  }

  /// `0x0000000000000021=cap_chown,cap_kill`; a bit without a name is its number.
  private static String decoded(CapabilitySet set) {
    StringBuilder line = new StringBuilder("0x").append(set.hex()).append('=');
    boolean first = true;
    for (int bit = 0; bit < 64; bit++) {
      if ((set.mask() >>> bit & 1) != 0) {
        line.append(first ? "" : ",");
        first = false;
        if (bit < Capability.all().size()) {
          line.append("cap_").append(Capability.all().get(bit).shortName());
        } else {
          line.append(bit);
        }
      }
    }
    return line.toString();
  }

  private static ArrayNode names(CapabilitySet set) {
    ArrayNode names = JsonValues.array();
    for (Capability capability : set.members()) {
      names.add(JsonValues.string(capability.name()));
    }
    return names;
  }

  private static void list(
      List<Capability> capabilities, Format format, Console console, boolean pages) {
    switch (format) {
      case TEXT -> {
        if (pages) {
          boolean first = true;
          for (Capability capability : capabilities) {
            console.out().print(first ? "" : "\n");
            console.out().print(page(capability));
            first = false;
          }
        } else {
          console.out().print(table(capabilities));
        }
      }
      case MARKDOWN -> console.out().print(markdown(capabilities));
      case JSON -> {
        ArrayNode array = JsonValues.array();
        for (Capability capability : capabilities) {
          array.add(json(capability));
        }
        console.out().print(JsonText.lines(array));
      }
      case HTML -> throw new IllegalStateException("not offered");
    }
  }

  private static String table(List<Capability> capabilities) {
    TextTable table = new TextTable();
    table.row("NR", "NAME", "SINCE", "RISK", "DEFAULT OF", "LETS A PROCESS");
    for (Capability capability : capabilities) {
      CapabilityFacts facts = CapabilityFacts.of(capability);
      table.row(
          Integer.toString(capability.number()),
          capability.shortName(),
          facts.since(),
          facts.risk().word(),
          granting(capability, ", ", "-"),
          facts.meaning());
    }
    StringBuilder out = new StringBuilder(table.print("")).append('\n');
    for (Risk risk : Risk.values()) {
      out.append(risk.word())
          .append(" ".repeat(8 - risk.word().length()))
          .append(risk.meaning())
          .append('\n');
    }
    return out.append("More about one: ocicap caps NAME\n").toString();
  }

  private static String granting(Capability capability, String comma, String none) {
    StringBuilder text = new StringBuilder();
    for (Baseline baseline : Baseline.granting(capability)) {
      text.append(text.isEmpty() ? "" : comma).append(baseline.word());
    }
    return text.isEmpty() ? none : text.toString();
  }

  private static List<String> opens(Capability capability) {
    return SeccompProfile.dockerDefault().opens(capability, "amd64", KERNEL);
  }

  private static String page(Capability capability) {
    CapabilityFacts facts = CapabilityFacts.of(capability);
    List<String> opens = opens(capability);
    StringBuilder out = new StringBuilder(capability.name()).append('\n');
    line(out, "number", capability.number() + ", mask " + CapabilitySet.of(capability).hex());
    line(out, "since", "Linux " + facts.since());
    line(out, "lets", "a process " + facts.meaning());
    line(out, "risk", facts.risk().word() + ": " + facts.risk().meaning());
    line(out, "because", facts.because());
    line(out, "see", facts.reference());
    line(out, "default", granting(capability, ", ", "no engine"));
    line(out, "seccomp", opens.isEmpty() ? "opens nothing" : "opens " + String.join(", ", opens));
    if (!facts.advice().isEmpty()) {
      line(out, "needed", "by " + facts.needs());
      line(out, "drop it", facts.advice());
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append("  ").append(key).append(" ".repeat(9 - key.length())).append(value).append('\n');
  }

  private static String markdown(List<Capability> capabilities) {
    StringBuilder out = new StringBuilder();
    out.append("| nr | name | since | lets a process | risk | because | in the default of |");
    out.append(" needed by | drop it in production? |\n");
    out.append("|---|---|---|---|---|---|---|---|---|\n");
    for (Capability capability : capabilities) {
      CapabilityFacts facts = CapabilityFacts.of(capability);
      out.append("| ").append(capability.number());
      out.append(" | ").append(capability.shortName());
      out.append(" | ").append(facts.since());
      out.append(" | ").append(facts.meaning());
      out.append(" | ").append(facts.risk().word());
      out.append(" | [").append(facts.because()).append("](").append(facts.reference()).append(")");
      out.append(" | ").append(granting(capability, ", ", ""));
      out.append(" | ").append(facts.needs());
      out.append(" | ").append(facts.advice()).append(" |\n");
    }
    return out.toString();
  }

  private static ObjectNode json(Capability capability) {
    CapabilityFacts facts = CapabilityFacts.of(capability);
    ObjectNode node = JsonValues.object();
    node.set("name", JsonValues.string(capability.name()));
    node.set("number", JsonValues.number(capability.number()));
    node.set("mask", JsonValues.string(CapabilitySet.of(capability).hex()));
    node.set("since", JsonValues.string(facts.since()));
    node.set("meaning", JsonValues.string(facts.meaning()));
    node.set("risk", JsonValues.string(facts.risk().word()));
    node.set("because", JsonValues.string(facts.because()));
    node.set("reference", JsonValues.string(facts.reference()));
    ArrayNode defaults = JsonValues.array();
    for (Baseline baseline : Baseline.granting(capability)) {
      defaults.add(JsonValues.string(baseline.word()));
    }
    node.set("defaultOf", defaults);
    node.set("opens", JsonValues.strings(opens(capability)));
    if (!facts.advice().isEmpty()) {
      node.set("neededBy", JsonValues.string(facts.needs()));
      node.set("drop", JsonValues.string(facts.advice()));
    }
    return node;
  }
}
