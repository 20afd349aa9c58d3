package dev.ocicap.seccomp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.json.JsonValues;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One rule of a profile.
///
/// @param names the system calls
/// @param action what happens to them: `SCMP_ACT_ALLOW`
/// @param errnoRet the error number that the action returns, or null
/// @param arguments what the arguments have to be for the rule to match
/// @param includes what the rule needs
/// @param excludes what switches the rule off
record ProfileRule(
    List<String> names,
    String action,
    @Nullable Long errnoRet,
    List<Argument> arguments,
    Condition includes,
    Condition excludes) {
  static final String ALLOW = "SCMP_ACT_ALLOW";

  ProfileRule {
    names = List.copyOf(names);
    arguments = List.copyOf(arguments);
  }

  /// A comparison of one argument of a system call.
  ///
  /// @param index which argument, 0 … 5
  /// @param value what it is compared with, 0 … 2⁶⁴−1; for a masked comparison the mask
  /// @param valueTwo what is left after a mask, 0 … 2⁶⁴−1
  /// @param operator the comparison: `SCMP_CMP_EQ`
  record Argument(long index, BigInteger value, BigInteger valueTwo, String operator) {
    private ObjectNode toJson() {
      ObjectNode argument = JsonValues.object();
      argument.set("index", JsonValues.number(index));
      argument.set("value", JsonValues.number(value));
      if (valueTwo.signum() != 0) {
        argument.set("valueTwo", JsonValues.number(valueTwo));
      }
      argument.set("op", JsonValues.string(operator));
      return argument;
    }
  }

  boolean applies(CapabilitySet bounding, Architecture architecture, KernelVersion kernel) {
    return includes.includes(bounding, architecture, kernel)
        && !excludes.excludes(bounding, architecture, kernel);
  }

  /// Whether the rule lets its system calls pass whatever their arguments are.
  boolean allowsAll() {
    return action.equals(ALLOW) && arguments.isEmpty();
  }

  /// The rule as an element of `linux.seccomp.syscalls`.
  ///
  /// @param shared the names, which no edit may change
  ObjectNode toJson(ArrayNode shared) {
    ObjectNode rule = JsonValues.object();
    rule.set("names", shared);
    rule.set("action", JsonValues.string(action));
    if (errnoRet != null) {
      rule.set("errnoRet", JsonValues.number(errnoRet));
    }
    if (!arguments.isEmpty()) {
      ArrayNode args = JsonValues.array();
      for (Argument argument : arguments) {
        args.add(argument.toJson());
      }
      rule.set("args", args);
    }
    return rule;
  }
}
