/// What is tested from outside, as a user starts it: `target/ocicap`, after Maven's package phase.
@NullMarked
package dev.ocicap.distribution;

import org.jspecify.annotations.NullMarked;
