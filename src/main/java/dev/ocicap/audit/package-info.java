/// Grades how far a container is from the host: findings from what its process really has, a score,
/// and policies.
@NullMarked
package dev.ocicap.audit;

import org.jspecify.annotations.NullMarked;
