package dev.ocicap.validate;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Checks many configurations on all cores. The result is the one that checking them one after the
/// other has.
public final class Batch {
  /// Fewer are checked one after the other: starting threads would take longer.
  private static final int WORTH_THREADS = 4;

  private final Validator validator;

  /// A batch.
  public Batch(Validator validator) {
    this.validator = validator;
  }

  /// Is told how far a batch is.
  @FunctionalInterface
  public interface Progress {
    /// Some of all are done.
    void update(int done, int all);
  }

  /// What checking many gave.
  ///
  /// @param reports of what could be read, in the order of the targets
  /// @param problems of what could not
  public record Result(List<FileReport> reports, List<Problem> problems) {
    /// Copies the lists.
    public Result {
      reports = List.copyOf(reports);
      problems = List.copyOf(problems);
    }
  }

  /// Checks all.
  ///
  /// @param progress is called in the caller's thread
  /// @throws OcicapException when there is no usable schema
  public Result check(List<Target> targets, Progress progress) {
    int cores = Runtime.getRuntime().availableProcessors();
    Collected collected = new Collected(targets.size(), progress);
    if (targets.size() < WORTH_THREADS || cores == 1) {
      for (Target target : targets) {
        collected.add(check(target));
      }
    } else {
      onCores(targets, cores, collected);
    }
    return new Result(collected.reports, collected.problems);
  }

  /// One target: a report, or why it could not be read.
  private record Checked(@Nullable FileReport report, List<Problem> problems) {}

  private Checked check(Target target) {
    byte[] bytes;
    try {
      bytes = target.read();
    } catch (OcicapException e) {
      return new Checked(null, e.problems());
    }
    return new Checked(validator.check(target.name(), bytes), List.of());
  }

  private static final class Collected {
    private final List<FileReport> reports = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final int all;
    private final Progress progress;
    private int done;

    Collected(int all, Progress progress) {
      this.all = all;
      this.progress = progress;
    }

    void add(Checked checked) {
      if (checked.report() != null) {
        reports.add(checked.report());
      }
      problems.addAll(checked.problems());
      progress.update(++done, all);
    }
  }

  private void onCores(List<Target> targets, int cores, Collected collected) {
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      List<Future<Checked>> futures = new ArrayList<>(targets.size());
      for (Target target : targets) {
        futures.add(threads.submit(() -> check(target)));
      }
      try {
        for (Future<Checked> future : futures) {
          collected.add(future.get());
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        if (e.getCause() instanceof OcicapException problem) {
          throw problem;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
