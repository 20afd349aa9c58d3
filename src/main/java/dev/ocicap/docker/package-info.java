/// What `docker run` means for a bundle: the table of its flags, the notations they take, and the
/// conversion into the configuration that Docker Engine would have written.
@NullMarked
package dev.ocicap.docker;

import org.jspecify.annotations.NullMarked;
