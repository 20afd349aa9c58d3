/// Findings in SARIF 2.1.0 (OASIS), which code scanning services read.
@NullMarked
package dev.ocicap.sarif;

import org.jspecify.annotations.NullMarked;
