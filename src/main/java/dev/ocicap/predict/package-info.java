/// What the process of a bundle will really have, and why.
@NullMarked
package dev.ocicap.predict;

import org.jspecify.annotations.NullMarked;
