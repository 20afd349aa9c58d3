/// Arbitrary input for everything that reads what comes from outside. A target lives in the room
/// that it tests, is called `…Fuzz`, and has the method that Jazzer looks for; `src/fuzz.sh` runs
/// them for as long as it is told, [FuzzCorpusTest] plays what was found before.
@NullMarked
package dev.ocicap.fuzz;

import org.jspecify.annotations.NullMarked;
