/// Linux capabilities as values: names, sets, the five sets of a process, and what execve makes of
/// them.
@NullMarked
package dev.ocicap.cap;

import org.jspecify.annotations.NullMarked;
