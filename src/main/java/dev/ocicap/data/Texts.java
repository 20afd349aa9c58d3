package dev.ocicap.data;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The texts of the class path. Where the distribution has unpacked them they are read from there:
/// to find the first one in a jar of thousands of files takes a tenth of a start.
public final class Texts {
  /// The system property in which the launcher names the folder of the unpacked texts.
  private static final String FOLDER = "ocicap.data";

  private Texts() {}

  /// A text that is there.
  ///
  /// @param name its absolute name in the class path: `/rules/pages.md`
  /// @throws IllegalStateException when it is not there: ocicap is not whole
  public static String get(String name) {
    return find(name).orElseThrow(() -> new IllegalStateException("no " + name));
  }

  /// A text, if there is one of that name.
  ///
  /// @param name its absolute name in the class path
  public static Optional<String> find(String name) {
    try (InputStream in = open(name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The words of a text, which have blanks between them. (What splits at any character takes ten
  /// times as long before it is compiled.)
  public static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (int start = 0, end; start < text.length(); start = end + 1) {
      end = text.indexOf(' ', start);
      end = end < 0 ? text.length() : end;
      if (end > start) {
        words.add(text.substring(start, end));
      }
    }
    return words;
  }

  private static @Nullable InputStream open(String name) {
    String folder = System.getProperty(FOLDER);
    if (folder != null) {
      try {
        return new FileInputStream(folder + name);
      } catch (IOException e) {
        // The class path has it.
      }
    }
    return Texts.class.getResourceAsStream(name);
  }
}
