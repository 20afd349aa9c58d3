package dev.ocicap.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every rule.
public final class Rules {
  private Rules() {}

  /// The rules beyond the schema, in the order of the specification. The groups make theirs when
  /// they are asked, not when they are loaded: what stands before each start uses single checks of
  /// them.
  static final List<Rule> DOCUMENT =
      join(
          PropertyRules.ALL,
          RootRules.all(),
          MountRules.all(),
          ProcessRules.all(),
          CapabilityRules.all(),
          NamespaceRules.all(),
          DeviceRules.ALL,
          ResourceRules.ALL,
          KernelRules.all(),
          SeccompRules.ALL,
          HookRules.ALL,
          PlatformRules.ALL);

  /// Every rule of every layer.
  public static final List<Rule> ALL =
      join(
          List.of(Validator.SYNTAX, Validator.SIZE),
          SchemaCheck.RULES,
          DOCUMENT,
          RuntimeCheck.RULES,
          HostCheck.ofNoMachine());

  /// The rule of that code.
  public static Optional<Rule> find(String code) {
    for (Rule rule : ALL) {
      if (rule.code().equals(code)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  @SafeVarargs
  private static List<Rule> join(List<Rule>... groups) {
    List<Rule> all = new ArrayList<>();
    for (List<Rule> group : groups) {
      all.addAll(group);
    }
    return List.copyOf(all);
  }
}
