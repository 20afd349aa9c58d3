package dev.ocicap.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.RuntimeConfig;
import java.util.SortedSet;
import java.util.TreeSet;

/// What `linux.seccomp` of a configuration does with system calls (config-linux.md#seccomp,
/// seccomp(2)).
public final class FilterDecisions {
  private static final String ERRNO = "SCMP_ACT_ERRNO";
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  /// Every call passes.
  public static final FilterDecisions NONE = new FilterDecisions(JsonValues.missing());

  private final JsonNode filter;

  private FilterDecisions(JsonNode filter) {
    this.filter = filter;
  }

  /// Of a configuration; without a filter every call passes.
  public static FilterDecisions of(RuntimeConfig config) {
    return config
        .find("linux", "seccomp")
        .filter(node -> !node.isNull())
        .map(FilterDecisions::new)
        .orElse(NONE);
  }

  /// What is decided about a system call.
  public enum Decision {
    /// The kernel gets to see it.
    PASSES,
    /// Its arguments decide.
    DEPENDS,
    /// It is refused, whatever its arguments are.
    REFUSES
  }

  /// The decision about a system call.
  ///
  /// @param call its name, as rules spell it
  public Decision about(String call) {
    if (filter.isMissingNode()) {
      return Decision.PASSES;
    }
    boolean passes = passes(filter.path("defaultAction").asText());
    boolean conditionally = false;
    for (JsonNode rule : filter.path("syscalls")) {
      if (isAbout(rule, call)) {
        boolean pass = passes(rule.path("action").asText());
        if (rule.path("args").isEmpty()) {
          passes = pass;
        } else {
          conditionally = true;
        }
      }
    }
    return conditionally ? Decision.DEPENDS : passes ? Decision.PASSES : Decision.REFUSES;
  }

  private static boolean isAbout(JsonNode rule, String call) {
    for (JsonNode name : rule.path("names")) {
      if (name.asText().equals(call)) {
        return true;
      }
    }
    return false;
  }

  private static boolean passes(String action) {
    return action.equals("SCMP_ACT_ALLOW") || action.equals("SCMP_ACT_LOG");
  }

  /// Whether a process may be ended by SIGSYS for a system call: there is nothing that it could
  /// tell anybody afterwards.
  public boolean endProcesses() {
    if (ends(filter.path("defaultAction").asText())) {
      return true;
    }
    for (JsonNode rule : filter.path("syscalls")) {
      if (ends(rule.path("action").asText())) {
        return true;
      }
    }
    return false;
  }

  private static boolean ends(String action) {
    return action.startsWith("SCMP_ACT_KILL") || action.equals("SCMP_ACT_TRAP");
  }

  /// The numbers of the errors that refused calls fail with (errno(3)); a call that a tracer is to
  /// be told of fails with ENOSYS where there is none.
  public SortedSet<Integer> errors() {
    SortedSet<Integer> errors = new TreeSet<>();
    error(filter.path("defaultAction"), filter.path("defaultErrnoRet"), errors);
    for (JsonNode rule : filter.path("syscalls")) {
      error(rule.path("action"), rule.path("errnoRet"), errors);
    }
    return errors;
  }

  private static void error(JsonNode action, JsonNode number, SortedSet<Integer> errors) {
    if (action.asText().equals(ERRNO)) {
      errors.add(number.asInt(EPERM));
    } else if (action.asText().equals("SCMP_ACT_TRACE")) {
      errors.add(ENOSYS);
    }
  }

  /// Lets the system calls fail that would end a process.
  ///
  /// @param errno the error number that they fail with
  public static SpecEdit failInsteadOfEnding(int errno) {
    return draft -> {
      if (draft.find("linux", "seccomp").isEmpty()) {
        return;
      }
      ObjectNode filter = draft.object("linux", "seccomp");
      if (ends(filter.path("defaultAction").asText())) {
        filter.set("defaultAction", JsonValues.string(ERRNO));
        filter.set("defaultErrnoRet", JsonValues.number(errno));
      }
      for (JsonNode node : filter.path("syscalls")) {
        if (node instanceof ObjectNode rule && ends(rule.path("action").asText())) {
          rule.set("action", JsonValues.string(ERRNO));
          rule.set("errnoRet", JsonValues.number(errno));
        }
      }
    };
  }
}
