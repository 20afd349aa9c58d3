package dev.ocicap.report;

import java.util.Locale;
import java.util.Optional;

/// Finds the word that was probably meant.
public final class Suggestion {
  private Suggestion() {}

  /// The candidate that is nearest to the word, if one is near enough: at most a third of the
  /// word's letters changed, left out, added or swapped, in any case.
  public static Optional<String> nearest(String word, Iterable<String> candidates) {
    if (word.isEmpty() || word.length() > 64) {
      return Optional.empty();
    }
    String wanted = word.toLowerCase(Locale.ROOT);
    int best = Math.max(1, word.length() / 3) + 1;
    String found = null;
    for (String candidate : candidates) {
      int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT), best);
      if (distance < best) {
        best = distance;
        found = candidate;
      }
    }
    return Optional.ofNullable(found);
  }

  /// The optimal string alignment distance, or `limit` when it is not smaller.
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
    }
    return Math.min(last[b.length()], limit);
  }
}
