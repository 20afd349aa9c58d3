package dev.ocicap.image;

/// What an image may cost at most; more is refused before anything is unpacked.
///
/// @param bytes the size of all layers together without compression
/// @param entries the number of files, directories and links of all layers together
/// @param ratio how many bytes one compressed byte may become
/// @param ratioFrom the size in bytes from which on the ratio counts: small layers may shrink a lot
public record Limits(long bytes, long entries, int ratio, long ratioFrom) {
  /// 128 GiB, 4 million entries, and 200 bytes from one beyond 64 MiB: ordinary layers shrink to a
  /// half or a fifth, and gzip can shrink to a thousandth.
  public static final Limits DEFAULT = new Limits(128L << 30, 4_000_000, 200, 64L << 20);
}
