/// Pages of help as values, for a terminal and for `man`.
@NullMarked
package dev.ocicap.manual;

import org.jspecify.annotations.NullMarked;
