/// The few system calls that Java lacks, what `/proc` tells of a process, and whole directories.
@NullMarked
package dev.ocicap.os;

import org.jspecify.annotations.NullMarked;
