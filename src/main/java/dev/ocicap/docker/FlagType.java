package dev.ocicap.docker;

/// What a flag takes as its value.
public enum FlagType {
  /// No word of its own: `--rm`, `--rm=false`.
  BOOL("bool", false),
  /// One text; the last one given counts.
  STRING("string", false),
  /// A text each time it is given.
  LIST("list", true),
  /// Texts with commas between them each time it is given, as one line of CSV.
  COMMAS("list", true),
  /// `KEY=VALUE` each time it is given; the last one of a key counts.
  MAP("map", true),
  /// A whole number in Go's notation: `512`, `0x200`, `0o1000`, `1_000`.
  INT("int", false),
  /// The same without a sign.
  UNSIGNED("int", false),
  /// A number of bytes: `512m`, `1.5g`.
  BYTES("bytes", false),
  /// A number that may have a fraction: `1.5`, `1/2`.
  DECIMAL("decimal", false),
  /// A time span in Go's notation: `1m30s`.
  DURATION("duration", false);

  private final String word;
  private final boolean repeatable;

  FlagType(String word, boolean repeatable) {
    this.word = word;
    this.repeatable = repeatable;
  }

  /// The word in tables: `bool`, `string`, `list`, `map`, `int`, `bytes`, `decimal`, `duration`.
  public String word() {
    return word;
  }

  /// Whether every value given counts, not only the last.
  public boolean repeatable() {
    return repeatable;
  }
}
