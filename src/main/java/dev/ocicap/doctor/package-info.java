/// What this machine offers to containers, and what of ocicap works here.
@NullMarked
package dev.ocicap.doctor;

import org.jspecify.annotations.NullMarked;
