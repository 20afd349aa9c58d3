package dev.ocicap.runtime;

import dev.ocicap.report.OcicapException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The name of a container towards its runtime: letters, digits, `_`, `+`, `,`, `-` and `.`, as
/// runc demands (`libcontainer`, validateID), and not a dash in front.
///
/// @param name the name
public record ContainerId(String name) {
  private static final int LONGEST_STEM = 40;
  private static final int UNIQUE_LETTERS = 6;
  private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

  /// Checks a name that a user gave.
  ///
  /// @param option the option that it is the value of, or the positional parameter's label
  /// @throws OcicapException when no runtime takes it
  public static ContainerId parse(String option, String name) {
    if (!isValid(name)) {
      throw OcicapException.usage(
          option + ": '" + name + "' is not a container id: letters, digits, _ + , - .",
          option.startsWith("-") ? option + " " + stem(name) : "ocicap list");
    }
    return new ContainerId(name);
  }

  /// Whether a runtime takes a name.
  static boolean isValid(String name) {
    boolean valid = !name.isEmpty() && !name.equals(".") && !name.equals("..");
    for (int i = 0; i < name.length() && valid; i++) {
      valid = isLetter(name.charAt(i));
    }
    return valid && name.charAt(0) != '-';
  }

  /// The same, and no container of a runtime has it.
  ///
  /// @param taken where the runtime keeps its containers
  public static ContainerId unique(Path bundle, StateDirectory taken) {
    ContainerId id = unique(bundle);
    while (taken.holds(id)) {
      id = unique(bundle);
    }
    return id;
  }

  /// A name that no other container has: that of the bundle's directory, and six letters.
  public static ContainerId unique(Path bundle) {
    Path directory = bundle.toAbsolutePath().normalize().getFileName();
    StringBuilder name = new StringBuilder(stem(directory == null ? "" : directory.toString()));
    name.append('-');
    long number = random();
    for (int i = 0; i < UNIQUE_LETTERS; i++) {
      name.append(LETTERS.charAt((int) Long.remainderUnsigned(number, LETTERS.length())));
      number = Long.divideUnsigned(number, LETTERS.length());
    }
    return new ContainerId(name.toString());
  }

  private static String stem(String text) {
    StringBuilder stem = new StringBuilder();
    for (int i = 0; i < text.length() && stem.length() < LONGEST_STEM; i++) {
      char c = text.charAt(i);
      if (isLetter(c) && !(stem.isEmpty() && (c == '-' || c == '.'))) {
        stem.append(c);
      }
    }
    return stem.isEmpty() ? "container" : stem.toString();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_+,-.".indexOf(c) >= 0;
  }

  /// From the kernel. (Java's own generators load a hundred classes first, and so does asking for
  /// the process id.)
  private static long random() {
    try (InputStream in = new FileInputStream("/dev/urandom")) {
      return ByteBuffer.wrap(in.readNBytes(Long.BYTES)).getLong();
    } catch (IOException | BufferUnderflowException e) {
      return System.nanoTime() ^ ProcessHandle.current().pid() << 32;
    }
  }

  /// The name.
  @Override
  public String toString() {
    return name;
  }
}
