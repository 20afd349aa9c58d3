/// JSON text ↔ tree, without losing anything: key order, number spelling, white space, places.
@NullMarked
package dev.ocicap.json;

import org.jspecify.annotations.NullMarked;
