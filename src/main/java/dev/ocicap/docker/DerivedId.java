package dev.ocicap.docker;

/// 64 hexadecimal digits that stand for a text. Not for secrets: it only keeps names apart.
final class DerivedId {
  private DerivedId() {}

  static String of(String container, String text) {
    StringBuilder digits = new StringBuilder(64);
    long state = 0x9e3779b97f4a7c15L;
    for (int word = 0; word < 4; word++) {
      state = mix(state + word, container);
      state = mix(state, text);
      String hex = Long.toHexString(state);
      digits.append("0".repeat(16 - hex.length())).append(hex);
    }
    return digits.toString();
  }

  /// The finalizer of SplitMix64 over every character.
  private static long mix(long seed, String text) {
    long state = seed;
    for (int i = 0; i <= text.length(); i++) {
      state += 0x9e3779b97f4a7c15L + (i < text.length() ? text.charAt(i) : 0x10000);
      state = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
      state = (state ^ (state >>> 27)) * 0x94d049bb133111ebL;
      state ^= state >>> 31;
    }
    return state;
  }
}
