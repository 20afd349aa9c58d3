package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// What many pieces of work under way at once have to say, each kept until its turn has come.
final class Answers implements AutoCloseable {
  private final Console console;
  private final Runnable between;
  private final ProgressLine progress;
  private ExitStatus status = ExitStatus.DONE;
  private int count;

  /// No answers yet.
  ///
  /// @param between what is said between two answers
  Answers(Console console, Runnable between) {
    this.console = console;
    this.between = between;
    this.progress = new ProgressLine(console);
  }

  /// One answer.
  ///
  /// @param out what it says on standard output
  /// @param err what it says on standard error
  /// @param end its status
  record Answer(ByteArrayOutputStream out, ByteArrayOutputStream err, ExitStatus end) {}

  /// The answer of one piece of work, which any thread may do.
  ///
  /// @param work says what it has to say to the console it is given, and returns its status
  Answer of(Function<Console, ExitStatus> work) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream(0);
    Console aside = console.with(print(out), print(err));
    ExitStatus end = work.apply(aside);
    aside.out().flush();
    aside.err().flush();
    return new Answer(out, err, end);
  }

  private static PrintStream print(ByteArrayOutputStream out) {
    return new PrintStream(out, false, StandardCharsets.UTF_8);
  }

  /// Says an answer.
  ///
  /// @return whether anybody listens still
  boolean tell(Answer answer) {
    progress.clear();
    if (count++ > 0) {
      between.run();
    }
    console.out().writeBytes(answer.out().toByteArray());
    console.err().writeBytes(answer.err().toByteArray());
    console.err().flush();
    if (answer.end().code() > status.code()) {
      status = answer.end();
    }
    if (!console.outIsTerminal()) {
      progress.update(count);
    }
    return !console.out().checkError();
  }

  /// The gravest status of all that were told.
  ExitStatus status() {
    return status;
  }

  @Override
  public void close() {
    progress.close();
  }
}
