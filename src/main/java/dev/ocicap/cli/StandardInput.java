package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import java.io.FilterInputStream;
import java.io.InputStream;

/// Standard input, of which one option or argument can have the content.
final class StandardInput extends FilterInputStream {
  private boolean taken;

  StandardInput(InputStream in) {
    super(in);
  }

  /// This stream, for the one who asks first.
  ///
  /// @throws OcicapException when somebody has asked before
  InputStream take() {
    if (taken) {
      throw OcicapException.usage("'-' is given twice, and standard input can be read once", null);
    }
    taken = true;
    return this;
  }
}
