package dev.ocicap.validate;

import dev.ocicap.data.Texts;

/// The pages of the rules: one Markdown resource, a heading `# code` for each.
final class Pages {
  private static final String RESOURCE = "/rules/pages.md";

  private Pages() {}

  /// The page below the heading, without it; "" when there is none.
  static String of(String code) {
    String all = "\n" + text();
    String heading = "\n# " + code + "\n";
    int start = all.indexOf(heading);
    if (start < 0) {
      return "";
    }
    int end = all.indexOf("\n# ", start + heading.length() - 1);
    return all.substring(start + heading.length(), end < 0 ? all.length() : end).strip() + "\n";
  }

  static String text() {
    return Texts.get(RESOURCE);
  }
}
