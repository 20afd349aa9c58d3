package dev.ocicap.cap;

/// The five capability sets of one process or configuration.
public record ProcessCapabilities(
    CapabilitySet bounding,
    CapabilitySet effective,
    CapabilitySet inheritable,
    CapabilitySet permitted,
    CapabilitySet ambient) {

  /// All five sets empty.
  public static final ProcessCapabilities NONE =
      new ProcessCapabilities(
          CapabilitySet.NONE,
          CapabilitySet.NONE,
          CapabilitySet.NONE,
          CapabilitySet.NONE,
          CapabilitySet.NONE);

  /// Bounding, effective and permitted are the given set, inheritable and ambient are empty: how
  /// runc and Docker grant capabilities, and enough for a root user.
  public static ProcessCapabilities forRoot(CapabilitySet granted) {
    return new ProcessCapabilities(
        granted, granted, CapabilitySet.NONE, granted, CapabilitySet.NONE);
  }

  /// All five sets are the given set: the only way to give a program without file capabilities
  /// something when the user is not root.
  public static ProcessCapabilities forAnyUser(CapabilitySet granted) {
    return new ProcessCapabilities(granted, granted, granted, granted, granted);
  }

  /// One of the five.
  public CapabilitySet set(SetName name) {
    return switch (name) {
      case BOUNDING -> bounding;
      case EFFECTIVE -> effective;
      case INHERITABLE -> inheritable;
      case PERMITTED -> permitted;
      case AMBIENT -> ambient;
    };
  }

  /// The same with one of the five replaced.
  public ProcessCapabilities with(SetName name, CapabilitySet set) {
    return new ProcessCapabilities(
        name == SetName.BOUNDING ? set : bounding,
        name == SetName.EFFECTIVE ? set : effective,
        name == SetName.INHERITABLE ? set : inheritable,
        name == SetName.PERMITTED ? set : permitted,
        name == SetName.AMBIENT ? set : ambient);
  }

  /// Every capability that stands in any of the five.
  public CapabilitySet union() {
    return bounding.plus(effective).plus(inheritable).plus(permitted).plus(ambient);
  }

  /// The members of effective that permitted lacks: a runtime refuses them.
  public CapabilitySet effectiveBeyondPermitted() {
    return effective.minus(permitted);
  }

  /// The members of inheritable that bounding lacks: a runtime refuses them.
  public CapabilitySet inheritableBeyondBounding() {
    return inheritable.minus(bounding);
  }

  /// The members of ambient that permitted or inheritable lacks: a runtime drops them in silence.
  public CapabilitySet ambientWithoutBasis() {
    return ambient.minus(permitted.intersect(inheritable));
  }
}
