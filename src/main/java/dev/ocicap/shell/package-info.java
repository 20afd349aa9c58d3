/// The language of shells, as far as it decides the words of a command: quotes, expansions, braces,
/// patterns, redirections, and the prompts that are pasted along. Nothing is executed.
@NullMarked
package dev.ocicap.shell;

import org.jspecify.annotations.NullMarked;
