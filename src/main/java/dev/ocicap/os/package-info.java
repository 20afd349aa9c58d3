/// The few system calls that Java lacks, and what `/proc` tells of a process.
@NullMarked
package dev.ocicap.os;

import org.jspecify.annotations.NullMarked;
