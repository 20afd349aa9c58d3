/// What a configuration means for security, said so that a person sees it: one view of it, the
/// difference of two, and a page with pictures.
@NullMarked
package dev.ocicap.insight;

import org.jspecify.annotations.NullMarked;
