/// What ocicap tells a user: findings, places in files, errors with a hint, exit statuses.
@NullMarked
package dev.ocicap.report;

import org.jspecify.annotations.NullMarked;
