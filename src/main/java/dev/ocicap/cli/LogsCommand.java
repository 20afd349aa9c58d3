package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.ContainerLog;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.spec.ContainerState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `ocicap logs`: what a detached container has printed so far, and with `--follow` what it prints.
final class LogsCommand implements RuntimeCommand {
  private static final String FOLLOW = "--follow";
  private static final String TAIL = "--tail";
  private static final int BLOCK = 64 * 1024;
  private static final long PAUSE_MILLISECONDS = 100;

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(Options.positional(RuntimeArguments.CONTAINER, "the container's name"));
    RuntimeArguments.declare(spec, "logs");
    return spec.addOption(Options.flag("go on until the container has ended", "-f", FOLLOW))
        .addOption(
            Options.single("N|all", "begin with the last N lines; default: all", "-n", TAIL));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    RuntimeArguments arguments = new RuntimeArguments("logs", invocation, console);
    String tail = invocation.value(TAIL).orElse("all");
    long lines = tail.equals("all") ? Long.MAX_VALUE : Text.integer(TAIL, tail, 0, Long.MAX_VALUE);
    KnownContainer container = arguments.container(invocation.positionals().getFirst());
    ContainerState state =
        container
            .state(console.env())
            .orElseThrow(() -> none(container, "the runtime does not tell its bundle"));
    ContainerLog log = ContainerLog.of(Path.of(state.bundle()), container.id());
    Path file = log.file();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw none(container, "only 'ocicap run --detach' and 'ocicap create' keep any");
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(start(in, lines));
      copy(in, console);
      while (invocation.has(FOLLOW) && !console.out().checkError()) {
        boolean running = isRunning(container, console);
        Thread.sleep(PAUSE_MILLISECONDS);
        copy(in, console);
        if (!running) {
          break;
        }
      }
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(file.toString()), "cannot be read: " + e.getMessage(), null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitStatus.INTERRUPTED;
    }
    return ExitStatus.DONE;
  }

  private static OcicapException none(KnownContainer container, String reason) {
    return new OcicapException(
        ExitStatus.NO,
        List.of(Problem.of("no output of '" + container.id() + "' is kept: " + reason)));
  }

  private static boolean isRunning(KnownContainer container, Console console) {
    Optional<ContainerState> state = container.state(console.env());
    return state.isPresent() && !state.get().status().equals("stopped");
  }

  private static void copy(RandomAccessFile in, Console console) throws IOException {
    byte[] block = new byte[BLOCK];
    int length = in.read(block);
    while (length > 0) {
      console.out().write(block, 0, length);
      length = in.read(block);
    }
    console.out().flush();
  }

  /// Where the last lines begin.
  private static long start(RandomAccessFile in, long lines) throws IOException {
    if (lines == Long.MAX_VALUE) {
      return 0;
    }
    byte[] block = new byte[BLOCK];
    long found = 0;
    long end = in.length();
    long length = end;
    while (end > 0) {
      int size = (int) Math.min(BLOCK, end);
      in.seek(end - size);
      in.readFully(block, 0, size);
      for (int i = size - 1; i >= 0; i--) {
        // The line end of the last line ends no other one.
        boolean lineEnd = block[i] == '\n' && end - size + i != length - 1;
        if (lines == 0) {
          return length;
        }
        if (lineEnd && ++found == lines) {
          return end - size + i + 1;
        }
      }
      end -= size;
    }
    return 0;
  }
}
