package dev.ocicap.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the members' headers of a tar archive, in the formats ustar, pax and GNU, and skips their
/// contents. Stricter than programs that unpack: whatever two readers could understand differently
/// is an error.
final class TarReader {
  private static final int BLOCK = 512;

  /// Longer extended headers are refused; Go's reader, which umoci uses, has the same limit.
  private static final int MAX_EXTENDED = 1 << 20;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private long content;
  private @Nullable String longPath;
  private @Nullable String longLink;
  private long longSize = -1;
  private boolean fileCapabilities;

  TarReader(InputStream in) {
    this.in = in;
  }

  /// A file that is no archive, or one that not every program reads alike.
  static final class BadArchive extends IOException {
    private static final long serialVersionUID = 1L;

    BadArchive(String message) {
      super(message);
    }
  }

  /// The next member, or null at the end of the archive.
  @Nullable TarEntry next() throws IOException {
    skip(content);
    content = 0;
    while (true) {
      if (!readBlock()) {
        return null;
      }
      if (isZero()) {
        // Two blocks of zeros end an archive; what follows is none of it for any reader.
        if (readBlock() && !isZero()) {
          throw new BadArchive("one block of zeros between two members");
        }
        return null;
      }
      TarEntry entry = header();
      if (entry != null) {
        return entry;
      }
    }
  }

  /// The member whose header is in the block, or null for a header that belongs to the next.
  private @Nullable TarEntry header() throws IOException {
    checkSum();
    char type = block[156] == 0 ? '0' : (char) (block[156] & 0xff);
    long size = number(124, 12);
    switch (type) {
      case 'x' -> {
        extended(payload(size));
        return null;
      }
      case 'L' -> {
        longPath = once(longPath, text(payload(size)));
        return null;
      }
      case 'K' -> {
        longLink = once(longLink, text(payload(size)));
        return null;
      }
      default -> {
        // What every member has.
      }
    }
    String path = longPath == null ? name() : longPath;
    String link = longLink == null ? field(157, 100) : longLink;
    size = longSize < 0 ? size : longSize;
    boolean capable = fileCapabilities;
    longPath = null;
    longLink = null;
    longSize = -1;
    fileCapabilities = false;
    switch (type) {
      case '0' -> {
        if (path.endsWith("/")) {
          if (block[156] != 0) {
            throw new BadArchive("'" + path + "' is a file with the name of a directory");
          }
          type = '5';
        } else {
          content = padded(size);
        }
      }
      case '1', '2', '3', '4', '5', '6' -> {
        // Only files have contents, whatever the header says of a size.
      }
      case 'S' -> throw new BadArchive("'" + path + "' is a sparse file, which is not supported");
      case 'g' -> throw new BadArchive("a global extended header, which is not supported");
      default -> throw new BadArchive("'" + path + "' is of the unknown type '" + type + "'");
    }
    boolean isLink = type == '1' || type == '2';
    return new TarEntry(path, type, isLink ? link : "", type == '0' ? size : 0, capable);
  }

  /// The records `LENGTH KEY=VALUE\n` of a pax header.
  private void extended(byte[] records) throws IOException {
    int at = 0;
    while (at < records.length) {
      int blank = at;
      int length = 0;
      while (blank < records.length && records[blank] >= '0' && records[blank] <= '9') {
        length = length * 10 + (records[blank] - '0');
        if (length > records.length) {
          throw new BadArchive("a damaged extended header");
        }
        blank++;
      }
      int end = at + length;
      if (blank == at
          || blank >= records.length
          || records[blank] != ' '
          || end <= blank + 1
          || end > records.length
          || records[end - 1] != '\n') {
        throw new BadArchive("a damaged extended header");
      }
      int equals = blank + 1;
      while (equals < end && records[equals] != '=') {
        equals++;
      }
      if (equals == end) {
        throw new BadArchive("a damaged extended header");
      }
      String key = new String(records, blank + 1, equals - blank - 1, StandardCharsets.UTF_8);
      record(key, Arrays.copyOfRange(records, equals + 1, end - 1));
      at = end;
    }
  }

  private void record(String key, byte[] value) throws IOException {
    if (key.startsWith("GNU.sparse.")) {
      throw new BadArchive("a sparse file, which is not supported");
    }
    switch (key) {
      case "path" -> longPath = once(longPath, text(value));
      case "linkpath" -> longLink = once(longLink, text(value));
      case "size" -> {
        String digits = text(value);
        if (longSize >= 0 || digits.isEmpty() || digits.length() > 18) {
          throw new BadArchive("a damaged extended header");
        }
        for (int i = 0; i < digits.length(); i++) {
          if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
            throw new BadArchive("a damaged extended header");
          }
        }
        longSize = Long.parseLong(digits);
      }
      case "SCHILY.xattr.security.capability" -> fileCapabilities = true;
      default -> {
        // Times, owners and other attributes lead nowhere.
      }
    }
  }

  private static String once(@Nullable String known, String value) throws BadArchive {
    if (known != null || value.isEmpty()) {
      throw new BadArchive("a member with two names or an empty one");
    }
    return value;
  }

  private byte[] payload(long size) throws IOException {
    if (size > MAX_EXTENDED) {
      throw new BadArchive("an extended header of " + size + " bytes");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new EOFException();
    }
    skip(padded(size) - size);
    return bytes;
  }

  private String name() throws IOException {
    String name = field(0, 100);
    boolean ustar = block[257] == 'u' && block[262] == 0;
    if (ustar && block[508] == 't' && block[509] == 'a' && block[510] == 'r') {
      throw new BadArchive("an archive in the format of star, which is not supported");
    }
    String prefix = ustar ? field(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private String field(int start, int length) throws IOException {
    int end = start;
    while (end < start + length && block[end] != 0) {
      end++;
    }
    return decode(ByteBuffer.wrap(block, start, end - start));
  }

  private static String text(byte[] bytes) throws IOException {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return decode(ByteBuffer.wrap(bytes, 0, end));
  }

  private static String decode(ByteBuffer bytes) throws IOException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      // File names are bytes to the kernel; this keeps different ones different.
      text = StandardCharsets.ISO_8859_1.decode(bytes.rewind()).toString();
    }
    if (text.indexOf('\0') >= 0) {
      throw new BadArchive("a name with a zero byte");
    }
    return text;
  }

  private long number(int start, int length) throws BadArchive {
    if ((block[start] & 0x80) != 0) {
      long value = block[start] & 0x7f;
      for (int i = start + 1; i < start + length; i++) {
        if (value >>> 55 != 0) {
          throw new BadArchive("a size that no file has");
        }
        value = (value << 8) | (block[i] & 0xff);
      }
      return value;
    }
    int end = start + length;
    int at = start;
    while (at < end && block[at] == ' ') {
      at++;
    }
    long value = 0;
    while (at < end && block[at] >= '0' && block[at] <= '7') {
      value = (value << 3) | (block[at] - '0');
      at++;
    }
    if (at < end && block[at] != 0 && block[at] != ' ') {
      throw new BadArchive("a damaged header");
    }
    return value;
  }

  private void checkSum() throws BadArchive {
    long unsigned = 0;
    for (int i = 0; i < BLOCK; i++) {
      unsigned += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
    }
    if (number(148, 8) != unsigned) {
      throw new BadArchive("not a tar archive, or a damaged header");
    }
  }

  private boolean isZero() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private boolean readBlock() throws IOException {
    int read = in.readNBytes(block, 0, BLOCK);
    if (read > 0 && read < BLOCK) {
      throw new EOFException();
    }
    return read == BLOCK;
  }

  private void skip(long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
    } catch (EOFException e) {
      throw new BadArchive("the archive ends in the middle of a file");
    }
  }

  private static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }
}
