/// The command line: picocli, the commands, the error handler and `Main`.
@NullMarked
package dev.ocicap.cli;

import org.jspecify.annotations.NullMarked;
