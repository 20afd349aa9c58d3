package dev.ocicap.learn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a capability check tells about the program's needs, by the kernel functions that asked.
enum CheckKind {
  /// Every growth of memory asks for SYS_ADMIN, to choose a reserve: no need of the program.
  OVERCOMMIT(""),
  /// An overlay checks with the credentials of whoever mounted it: no need of the program.
  FOREIGN_CREDENTIAL(""),
  /// Asked in or by a user namespace inside the container.
  OTHER_NAMESPACE("in a user namespace inside the container"),
  /// Asked without an audit record: the kernel goes on in another way when it is denied.
  SILENT("asked silently: the kernel may go on without"),
  /// The program changes ids; it may only set those it has.
  SET_ID(""),
  /// The program changes its own capabilities.
  SELF_EDIT("the program edits its own capabilities"),
  /// Asked by a system call that fails without.
  ORDINARY(""),
  /// The kernel functions are not known.
  UNCLASSIFIED("of unknown origin");

  private static final String OVERLAY = "ovl_";

  private final String remark;

  CheckKind(String remark) {
    this.remark = remark;
  }

  /// What to say of it; empty when there is nothing.
  String remark() {
    return remark;
  }

  /// Whether it says nothing about the program.
  boolean isNoise() {
    return this == OVERCOMMIT || this == FOREIGN_CREDENTIAL;
  }

  /// Whether the program may well do without.
  boolean isWeak() {
    return this == OTHER_NAMESPACE || this == SILENT;
  }

  /// The kind of a check.
  ///
  /// @param namespace the container's user namespace; null when it is not known
  static CheckKind of(TraceEvent.Check check, @Nullable String namespace) {
    List<String> stack = check.stack();
    if (stack.contains("security_vm_enough_memory_mm") || stack.contains("cap_vm_enough_memory")) {
      return OVERCOMMIT;
    }
    if (isForeign(stack)) {
      return FOREIGN_CREDENTIAL;
    }
    if (isElsewhere(check, namespace)) {
      return OTHER_NAMESPACE;
    }
    if (stack.isEmpty()) {
      return UNCLASSIFIED;
    }
    if (stack.contains("ns_capable_noaudit")
        || stack.contains("has_ns_capability_noaudit")
        || stack.contains("ptracer_capable")) {
      return SILENT;
    }
    if (stack.contains("ns_capable_setid")) {
      return SET_ID;
    }
    return stack.contains("cap_capset") ? SELF_EDIT : ORDINARY;
  }

  /// Where capabilities of the container do not count, or were not what counted. A denial names no
  /// owner.
  private static boolean isElsewhere(TraceEvent.Check check, @Nullable String namespace) {
    if (namespace == null) {
      return check.granted() && !check.owner().equals(check.target());
    }
    return !check.target().equals(namespace)
        || (check.granted() && !check.owner().equals(namespace));
  }

  /// Whether an overlay asks for itself. It asks for the caller only through the two functions that
  /// every file system uses, called by the overlay directly.
  private static boolean isForeign(List<String> stack) {
    int innermost = 0;
    while (innermost < stack.size() && !stack.get(innermost).startsWith(OVERLAY)) {
      innermost++;
    }
    if (innermost == stack.size()) {
      return false;
    }
    String inside = innermost == 0 ? "" : stack.get(innermost - 1);
    if (!inside.equals("generic_permission") && !inside.equals("setattr_prepare")) {
      return true;
    }
    int outside = innermost;
    while (outside < stack.size() && stack.get(outside).startsWith(OVERLAY)) {
      outside++;
    }
    while (outside < stack.size() && !stack.get(outside).startsWith(OVERLAY)) {
      outside++;
    }
    return outside < stack.size();
  }
}
