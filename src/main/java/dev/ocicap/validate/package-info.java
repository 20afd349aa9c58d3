/// Checks of a configuration: the schema, the rules beyond it, what a runtime accepts and what a
/// host offers. The answer is findings, never an exception.
@NullMarked
package dev.ocicap.validate;

import org.jspecify.annotations.NullMarked;
