/// The runtime configuration: the document over its JSON tree, the values in it, and the documents
/// that ocicap starts from.
@NullMarked
package dev.ocicap.spec;

import org.jspecify.annotations.NullMarked;
