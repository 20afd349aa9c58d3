package dev.ocicap.learn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads what a container prints, so that it never waits; looks for a text in it, and keeps the
/// end.
final class Output {
  private static final int KEPT = 64 * 1024;

  private final byte[] wanted;
  private final @Nullable OutputStream copy;
  private final Thread reader;
  private byte[] tail = new byte[0];
  private boolean found;

  /// @param wanted the text to look for; empty for none
  /// @param copy what else gets everything, or null
  Output(InputStream in, String wanted, @Nullable OutputStream copy) {
    this.wanted = wanted.getBytes(StandardCharsets.UTF_8);
    this.copy = copy;
    this.reader = new Thread(() -> read(in), "output");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream in) {
    byte[] buffer = new byte[8192];
    try (in) {
      int length = in.read(buffer);
      while (length >= 0) {
        take(buffer, length);
        if (copy != null) {
          copy.write(buffer, 0, length);
          copy.flush();
        }
        length = in.read(buffer);
      }
    } catch (IOException e) {
      // The container is gone, or nobody reads the copy: there is no more to know.
    }
  }

  private synchronized void take(byte[] bytes, int length) {
    int kept = Math.min(tail.length, KEPT);
    byte[] next = new byte[kept + length];
    System.arraycopy(tail, tail.length - kept, next, 0, kept);
    System.arraycopy(bytes, 0, next, kept, length);
    int from = Math.max(0, kept - wanted.length);
    for (int i = from; !found && wanted.length > 0 && i + wanted.length <= next.length; i++) {
      found = java.util.Arrays.equals(next, i, i + wanted.length, wanted, 0, wanted.length);
    }
    tail = next;
  }

  /// Whether the text was printed.
  synchronized boolean isFound() {
    return found;
  }

  /// Waits until everything was read, but not for processes that outlive the container.
  void await() throws InterruptedException {
    reader.join(500);
  }

  /// The last line that is not blank.
  synchronized String lastLine() {
    String text = new String(tail, StandardCharsets.UTF_8).strip();
    return text.substring(text.lastIndexOf('\n') + 1).strip();
  }
}
