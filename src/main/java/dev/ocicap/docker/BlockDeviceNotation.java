package dev.ocicap.docker;

/// The value of `--blkio-weight-device` and of the `--device-read-…`, `--device-write-…` flags:
/// `/dev/NAME:NUMBER`.
///
/// @param path the block device on the host
/// @param value a weight, bytes or operations a second
record BlockDeviceNotation(String path, long value) {

  /// What the number means.
  enum Kind {
    /// 0, or 10 … 1000.
    WEIGHT,
    /// A size.
    BYTES,
    /// A plain number.
    OPERATIONS
  }

  static BlockDeviceNotation parse(String text, Kind kind) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new BadValue("'" + text + "' is not '/dev/NAME:NUMBER'");
    }
    String path = text.substring(0, colon);
    if (!path.startsWith("/dev/")) {
      throw new BadValue("'" + text + "': the device's path does not begin with '/dev/'");
    }
    String number = text.substring(colon + 1);
    return new BlockDeviceNotation(
        path,
        switch (kind) {
          case WEIGHT -> weight(number, text);
          case BYTES -> ByteSize.parse(number).bytes();
          case OPERATIONS -> GoSyntax.parseUnsigned(number);
        });
  }

  private static long weight(String number, String text) {
    long weight = GoSyntax.parseUnsigned(number);
    if (weight != 0 && (weight < 10 || weight > 1000)) {
      throw new BadValue("'" + text + "': a weight is 0 or 10 … 1000");
    }
    return weight;
  }

  @Override
  public String toString() {
    return path + ":" + value;
  }
}
