/// A bundle on disk: found, made, and its config.json replaced atomically.
@NullMarked
package dev.ocicap.bundle;

import org.jspecify.annotations.NullMarked;
