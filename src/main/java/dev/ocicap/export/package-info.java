/// A configuration in other tools' terms, one class for each target, and what could not be carried.
@NullMarked
package dev.ocicap.export;

import org.jspecify.annotations.NullMarked;
