package dev.ocicap.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A standard stream that remembers why it could not be written, which a PrintStream forgets.
final class Output extends FilterOutputStream {
  /// The status of a program that wrote into a pipe which nobody reads any more: 128 + SIGPIPE.
  static final int BROKEN_PIPE_STATUS = 141;

  private @Nullable IOException failure;

  Output(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    try {
      out.write(b);
    } catch (IOException e) {
      throw remember(e);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw remember(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw remember(e);
    }
  }

  /// Whether something could not be written.
  boolean hasFailed() {
    return failure != null;
  }

  /// Whether the reader went away, as `head` does: no mistake of anybody.
  boolean isBrokenPipe() {
    return reason().equals("broken pipe");
  }

  /// The system's words for what went wrong.
  String reason() {
    return failure == null ? "" : String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
  }

  private IOException remember(IOException e) {
    failure = failure == null ? e : failure;
    return e;
  }
}
