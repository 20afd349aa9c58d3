package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The same work for many things at once.
final class AllCores {
  /// Fewer are not worth a thread.
  private static final int WORTH_THREADS = 4;

  private AllCores() {}

  /// The results in the order of the inputs. All inputs are tried, and all that is wrong is said at
  /// once.
  ///
  /// @throws OcicapException with the problems of every input, under the first one's status
  static <A, B> List<B> map(List<A> inputs, Function<A, B> work) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (inputs.size() < WORTH_THREADS || cores == 1) {
      return results(inputs.size(), i -> work.apply(inputs.get(i)));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      List<Future<B>> futures = new ArrayList<>(inputs.size());
      for (A input : inputs) {
        futures.add(threads.submit(() -> work.apply(input)));
      }
      return results(inputs.size(), i -> result(futures.get(i)));
    }
  }

  private static <B> List<B> results(int size, Function<Integer, B> result) {
    List<B> results = new ArrayList<>(size);
    List<Problem> problems = new ArrayList<>();
    @Nullable OcicapException first = null;
    for (int i = 0; i < size; i++) {
      try {
        results.add(result.apply(i));
      } catch (OcicapException e) {
        first = first == null ? e : first;
        problems.addAll(e.problems());
      }
    }
    if (first != null) {
      throw new OcicapException(first.status(), problems);
    }
    return results;
  }

  private static <B> B result(Future<B> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
