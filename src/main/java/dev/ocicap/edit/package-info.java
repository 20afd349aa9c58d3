/// The library of edits: each makes one change to a configuration; they compose.
@NullMarked
package dev.ocicap.edit;

import org.jspecify.annotations.NullMarked;
