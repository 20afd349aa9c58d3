package dev.ocicap.fuzz;

import dev.ocicap.report.OcicapException;

/// The only exception that input may cause.
public final class Refusal {
  private Refusal() {}

  /// Does something that may refuse its input, if it says why.
  public static void allow(Runnable work) {
    try {
      work.run();
    } catch (OcicapException e) {
      require(!e.problems().isEmpty(), "refused without a reason");
    }
  }

  /// Ends the run when something does not hold.
  public static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
