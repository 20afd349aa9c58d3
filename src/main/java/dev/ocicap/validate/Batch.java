package dev.ocicap.validate;

import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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

  /// The reports, in the order of the targets.
  ///
  /// @param progress is called in the caller's thread
  /// @throws OcicapException when a target cannot be read
  public List<FileReport> check(List<Target> targets, Progress progress) {
    int cores = Runtime.getRuntime().availableProcessors();
    return targets.size() < WORTH_THREADS || cores == 1
        ? inTurn(targets, progress)
        : onCores(targets, cores, progress);
  }

  private List<FileReport> inTurn(List<Target> targets, Progress progress) {
    List<FileReport> reports = new ArrayList<>(targets.size());
    for (Target target : targets) {
      reports.add(check(target));
      progress.update(reports.size(), targets.size());
    }
    return reports;
  }

  private List<FileReport> onCores(List<Target> targets, int cores, Progress progress) {
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      List<Future<FileReport>> futures = new ArrayList<>(targets.size());
      for (Target target : targets) {
        futures.add(threads.submit(() -> check(target)));
      }
      List<FileReport> reports = new ArrayList<>(targets.size());
      try {
        for (Future<FileReport> future : futures) {
          reports.add(future.get());
          progress.update(reports.size(), targets.size());
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
      return reports;
    }
  }

  private FileReport check(Target target) {
    return validator.check(target.name(), target.read());
  }
}
