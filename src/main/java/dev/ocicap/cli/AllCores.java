package dev.ocicap.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The same work for many things at once.
final class AllCores {
  /// How many results may wait for their turn, per core.
  private static final int WAITING = 16;

  private AllCores() {}

  /// Reads inputs, works on them on all cores, and hands on the results in the order of the inputs.
  /// A bounded number is under way, however many there are.
  ///
  /// @param inputs the next input, or null behind the last; called in the caller's thread
  /// @param sink is called in the caller's thread; says whether to go on
  static <A, B> void each(Supplier<@Nullable A> inputs, Function<A, B> work, Predicate<B> sink) {
    int cores = Runtime.getRuntime().availableProcessors();
    Deque<Future<B>> underWay = new ArrayDeque<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      try {
        boolean more = true;
        for (A input = inputs.get(); input != null && more; input = inputs.get()) {
          A one = input;
          underWay.add(threads.submit(() -> work.apply(one)));
          more = underWay.size() < WAITING * cores || sink.test(result(underWay.remove()));
        }
        while (more && !underWay.isEmpty()) {
          more = sink.test(result(underWay.remove()));
        }
      } finally {
        threads.shutdownNow();
      }
    }
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
