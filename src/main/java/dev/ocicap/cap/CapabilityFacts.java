package dev.ocicap.cap;

import dev.ocicap.data.Texts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What is worth knowing about a capability.
///
/// @param capability which one
/// @param since the kernel that brought it: `2.6.24`
/// @param meaning what it lets a process do; a sentence without subject and full stop
/// @param risk how far it is from full root
/// @param because why
/// @param reference the address of a public page that shows the reason
/// @param words further words that people search for
/// @param needs who needs it; "" where no default grants it
/// @param advice whether to drop it in production; "" where no default grants it
public record CapabilityFacts(
    Capability capability,
    String since,
    String meaning,
    Risk risk,
    String because,
    String reference,
    List<String> words,
    String needs,
    String advice) {
  private static final String RESOURCE = "/capabilities/facts.txt";

  /// Copies the words.
  public CapabilityFacts {
    words = List.copyOf(words);
  }

  /// The facts of a capability.
  public static CapabilityFacts of(Capability capability) {
    return Known.of(capability);
  }

  /// The capabilities that the words are about, the best first: those that most of the words speak
  /// of. A word counts most where it is in the name, then in the list of words, then in the
  /// sentence; those far behind the best are left out.
  public static List<Capability> search(String query) {
    List<String> wanted = words(query);
    List<Capability> found = new ArrayList<>();
    List<Integer> scores = new ArrayList<>();
    for (Capability capability : Capability.all()) {
      int score = of(capability).score(wanted);
      int at = 0;
      while (at < scores.size() && scores.get(at) >= score) {
        at++;
      }
      found.add(at, capability);
      scores.add(at, score);
    }
    int best = scores.getFirst();
    int good = 0;
    while (good < scores.size() && scores.get(good) > 0 && scores.get(good) * 3 > best * 2) {
      good++;
    }
    return List.copyOf(found.subList(0, good));
  }

  private int score(List<String> wanted) {
    int words = 0;
    int score = 0;
    List<String> inName = words(capability.shortName());
    List<String> inMeaning = words(meaning);
    for (String word : wanted) {
      int weight =
          matches(inName, word)
              ? 4
              : matches(this.words, word) ? 3 : matches(inMeaning, word) ? 2 : 0;
      words += weight > 0 ? 1 : 0;
      score += weight;
    }
    // How many of the words counts before how well they are met.
    return words * 4 + score;
  }

  private static boolean matches(List<String> text, String word) {
    for (String candidate : text) {
      if (candidate.equals(word) || sameStem(candidate, word)) {
        return true;
      }
    }
    return false;
  }

  /// Whether one word begins with the other and adds at most an ending: `port`, `ports`.
  private static boolean sameStem(String a, String b) {
    String shorter = a.length() < b.length() ? a : b;
    String longer = a.length() < b.length() ? b : a;
    return shorter.length() >= 4
        && longer.startsWith(shorter)
        && longer.length() - shorter.length() <= 3;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? Character.toLowerCase(text.charAt(i)) : ' ';
      if (Character.isLetterOrDigit(c)) {
        word.append(c);
      } else if (!word.isEmpty()) {
        String found = word.toString();
        word.setLength(0);
        if (!isNoise(found)) {
          words.add(found);
        }
      }
    }
    return words;
  }

  private static boolean isNoise(String word) {
    return switch (word) {
      case "a",
          "an",
          "the",
          "of",
          "to",
          "and",
          "or",
          "in",
          "on",
          "for",
          "from",
          "with",
          "my",
          "i",
          "is",
          "it",
          "any",
          "all",
          "by",
          "at",
          "as",
          "can",
          "how",
          "cap",
          "sys",
          "do",
          "without",
          "root" ->
          true;
      default -> false;
    };
  }

  /// The table, read when it is first asked for, and of it the blocks that are asked for.
  private static final class Known {
    /// What the first line of a block begins with; an empty line ends the block.
    private static final String BEGINNING = "\nCAP_";

    private static final String TEXT = Texts.get(RESOURCE);
    private static final Map<Capability, Integer> STARTS = starts();
    private static final Map<Capability, CapabilityFacts> READ = new ConcurrentHashMap<>();

    static CapabilityFacts of(Capability capability) {
      return READ.computeIfAbsent(capability, Known::read);
    }

    private static Map<Capability, Integer> starts() {
      Map<Capability, Integer> starts = new EnumMap<>(Capability.class);
      int at = TEXT.indexOf(BEGINNING);
      while (at >= 0) {
        int end = TEXT.indexOf('\n', at + 1);
        starts.put(Capability.valueOf(TEXT.substring(at + 1, end)), end + 1);
        at = TEXT.indexOf(BEGINNING, end);
      }
      return starts;
    }

    private static CapabilityFacts read(Capability capability) {
      Integer first = STARTS.get(capability);
      if (first == null) {
        throw new IllegalStateException("no facts of " + capability);
      }
      Map<String, String> block = new HashMap<>();
      int start = first;
      while (start < TEXT.length() && TEXT.charAt(start) != '\n') {
        int end = TEXT.indexOf('\n', start);
        int blank = TEXT.indexOf(' ', start);
        block.put(TEXT.substring(start, blank), TEXT.substring(blank + 1, end));
        start = end + 1;
      }
      return new CapabilityFacts(
          capability,
          block.getOrDefault("since", ""),
          block.getOrDefault("does", ""),
          risk(block.getOrDefault("risk", "")),
          block.getOrDefault("because", ""),
          block.getOrDefault("see", ""),
          Texts.words(block.getOrDefault("words", "")),
          block.getOrDefault("needs", ""),
          block.getOrDefault("drop", ""));
    }

    private static Risk risk(String word) {
      for (Risk risk : Risk.values()) {
        if (risk.word().equals(word)) {
          return risk;
        }
      }
      throw new IllegalStateException("no risk '" + word + "'");
    }
  }
}
