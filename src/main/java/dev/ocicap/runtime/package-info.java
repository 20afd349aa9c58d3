/// Finding runc and crun, and replacing this process by them.
@NullMarked
package dev.ocicap.runtime;

import org.jspecify.annotations.NullMarked;
