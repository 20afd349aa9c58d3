package dev.ocicap.audit;

/// One reason why a container is nearer to the host than it need be.
///
/// @param rule the rule
/// @param weight what it adds to the score
/// @param message what was found
/// @param remedy the option that mends it
/// @param pointer the JSON pointer of the property in a configuration; "" where there is none
public record AuditFinding(
    AuditRule rule, double weight, String message, String remedy, String pointer) {}
