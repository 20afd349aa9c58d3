/// Images and root file systems: where they come from, what an image says about its containers, and
/// unpacking, which trusts nothing that an image says.
@NullMarked
package dev.ocicap.image;

import org.jspecify.annotations.NullMarked;
