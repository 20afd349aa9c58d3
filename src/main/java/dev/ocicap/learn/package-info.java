/// Observing a container and searching for the smallest set of capabilities with which it works.
@NullMarked
package dev.ocicap.learn;

import org.jspecify.annotations.NullMarked;
