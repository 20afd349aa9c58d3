/// The machine that ocicap runs on: what its kernel, control groups and security modules allow, and
/// the documents that are made for it.
@NullMarked
package dev.ocicap.host;

import org.jspecify.annotations.NullMarked;
