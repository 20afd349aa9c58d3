package dev.ocicap.validate;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// How a file begins, which is what execve(2) chooses the way by in which it is run.
///
/// @param form what it is
/// @param machine the processor that it is for (`e_machine` of elf(5)); 0 when it is no ELF file
/// @param interpreter the program that runs it: that of a script's first line, or the loader of
///   dynamic libraries; empty when it names none, or none that could be read
record ProgramHead(Form form, int machine, String interpreter) {

  /// The forms that the kernel itself runs, and what is left.
  enum Form {
    SCRIPT,
    ELF,
    OTHER
  }

  /// Program headers and loader stand in the first page of what linkers make.
  private static final int BYTES = 4096;

  /// The kernel looks no further for a script's interpreter (BINPRM_BUF_SIZE).
  private static final int SCRIPT_BYTES = 256;

  private static final int PT_INTERP = 3;
  private static final int ELF64 = 2;
  private static final int BIG_ENDIAN = 2;
  private static final int HEADER = 64;

  static ProgramHead read(Path file) throws IOException {
    // Not a channel: the first one costs a millisecond of a cold start.
    try (InputStream in = new FileInputStream(file.toFile())) {
      return of(in.readNBytes(BYTES));
    }
  }

  static ProgramHead of(byte[] bytes) {
    if (bytes.length > 2 && bytes[0] == '#' && bytes[1] == '!') {
      return new ProgramHead(Form.SCRIPT, 0, scriptInterpreter(bytes));
    }
    boolean elf =
        bytes.length >= HEADER
            && bytes[0] == 0x7f
            && bytes[1] == 'E'
            && bytes[2] == 'L'
            && bytes[3] == 'F';
    return elf
        ? new ProgramHead(Form.ELF, (int) number(bytes, 18, 2), loader(bytes))
        : new ProgramHead(Form.OTHER, 0, "");
  }

  private static String scriptInterpreter(byte[] bytes) {
    int start = 2;
    int most = Math.min(bytes.length, SCRIPT_BYTES);
    while (start < most && isBlank(bytes[start])) {
      start++;
    }
    int end = start;
    while (end < most && !isBlank(bytes[end]) && bytes[end] != '\n' && bytes[end] != 0) {
      end++;
    }
    return end == SCRIPT_BYTES ? "" : text(bytes, start, end);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static String loader(byte[] bytes) {
    boolean wide = bytes[4] == ELF64;
    long headers = wide ? number(bytes, 32, 8) : number(bytes, 28, 4);
    long size = number(bytes, wide ? 54 : 42, 2);
    long count = number(bytes, wide ? 56 : 44, 2);
    for (long i = 0; i < count; i++) {
      long at = headers + i * size;
      if (at < 0 || at + HEADER > bytes.length) {
        return "";
      }
      if (number(bytes, (int) at, 4) == PT_INTERP) {
        long start = wide ? number(bytes, (int) at + 8, 8) : number(bytes, (int) at + 4, 4);
        long length = wide ? number(bytes, (int) at + 32, 8) : number(bytes, (int) at + 16, 4);
        // A zero byte ends it.
        boolean whole = start > 0 && length > 1 && length < BYTES && start + length <= bytes.length;
        return whole ? text(bytes, (int) start, (int) (start + length) - 1) : "";
      }
    }
    return "";
  }

  /// An unsigned number in the byte order of an ELF file.
  private static long number(byte[] bytes, int at, int size) {
    long number = 0;
    for (int i = 0; i < size; i++) {
      int next = bytes[5] == BIG_ENDIAN ? at + i : at + size - 1 - i;
      number = number << 8 | (bytes[next] & 0xff);
    }
    return number;
  }

  private static String text(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
