/// Running processes with their capabilities, and the containers that they belong to.
@NullMarked
package dev.ocicap.processes;

import org.jspecify.annotations.NullMarked;
