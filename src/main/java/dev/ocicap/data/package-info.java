/// Data: the texts that come with ocicap (facts, pages, schemas), found fast.
@NullMarked
package dev.ocicap.data;

import org.jspecify.annotations.NullMarked;
