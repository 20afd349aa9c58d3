package dev.ocicap.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes tar archives byte by byte (pax(1), "ustar Interchange Format"), also such as no program
/// would write.
final class Tar {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Tar directory(String path) {
    return member(path, '5', "", 0755, 0, 0, 0, 0, new byte[0]);
  }

  Tar file(String path, String content) {
    return file(path, content, 0644, 0, 0);
  }

  Tar file(String path, String content, int mode, int uid, int gid) {
    return member(path, '0', "", mode, uid, gid, 0, 0, content.getBytes(StandardCharsets.UTF_8));
  }

  Tar symbolicLink(String path, String target) {
    return member(path, '2', target, 0777, 0, 0, 0, 0, new byte[0]);
  }

  Tar hardLink(String path, String target) {
    return member(path, '1', target, 0644, 0, 0, 0, 0, new byte[0]);
  }

  Tar device(String path, int major, int minor) {
    return member(path, '3', "", 0666, 0, 0, major, minor, new byte[0]);
  }

  /// A pax header for the next member: records of key and value.
  Tar extended(char type, String... records) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < records.length; i += 2) {
      byte[] record =
          (" " + records[i] + "=" + records[i + 1] + "\n").getBytes(StandardCharsets.ISO_8859_1);
      int length = record.length + 1;
      while (Integer.toString(length).length() + record.length != length) {
        length++;
      }
      body.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
      body.writeBytes(record);
    }
    return member("pax", type, "", 0644, 0, 0, 0, 0, body.toByteArray());
  }

  Tar member(String path, char type, String link, byte[] content) {
    return member(path, type, link, 0644, 0, 0, 0, 0, content);
  }

  private Tar member(
      String path,
      char type,
      String link,
      int mode,
      int uid,
      int gid,
      int major,
      int minor,
      byte[] content) {
    byte[] header = new byte[512];
    put(header, 0, path);
    put(header, 100, octal(mode, 7));
    put(header, 108, octal(uid, 7));
    put(header, 116, octal(gid, 7));
    put(header, 124, octal(content.length, 11));
    put(header, 136, octal(0, 11));
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, "ustar\0" + "00");
    put(header, 329, octal(major, 7));
    put(header, 337, octal(minor, 7));
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, octal(sum, 6) + "\0 ");
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[(512 - content.length % 512) % 512]);
    return this;
  }

  byte[] end() {
    byte[] all = Arrays.copyOf(out.toByteArray(), out.size() + 1024);
    return all;
  }

  private static String octal(int number, int digits) {
    String octal = Integer.toOctalString(number);
    return "0".repeat(digits - octal.length()) + octal;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
