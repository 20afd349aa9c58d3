package dev.ocicap.cap;

/// What was asked with `--cap-add` and `--cap-drop`, as Docker understands the two: an add wins
/// over a drop of the same capability, whatever their order; `ALL` among the adds grants everything
/// but the drops that were named; `ALL` among the drops leaves exactly the adds.
///
/// @param addAll whether the adds hold `ALL`
/// @param adds the adds by name
/// @param dropAll whether the drops hold `ALL`
/// @param drops the drops by name
public record CapabilityRequest(
    boolean addAll, CapabilitySet adds, boolean dropAll, CapabilitySet drops) {

  /// Asks for nothing.
  public static final CapabilityRequest NOTHING =
      new CapabilityRequest(false, CapabilitySet.NONE, false, CapabilitySet.NONE);

  /// Whether this changes nothing.
  public boolean isEmpty() {
    // Not equals(): a record's own is linked anew at every start.
    return !addAll && adds.isEmpty() && !dropAll && drops.isEmpty();
  }

  /// The capabilities to grant.
  ///
  /// @param available what `ALL` means
  public CapabilitySet granted(CapabilitySet available) {
    return addAll ? available.minus(drops) : adds;
  }

  /// The capabilities to take away; none of them is to be granted.
  ///
  /// @param available what `ALL` means
  public CapabilitySet revoked(CapabilitySet available) {
    CapabilitySet taken = dropAll && !addAll ? new CapabilitySet(-1L) : drops;
    return taken.minus(granted(available));
  }

  /// What a set becomes.
  ///
  /// @param base the set before
  /// @param available what `ALL` means
  public CapabilitySet apply(CapabilitySet base, CapabilitySet available) {
    return base.minus(revoked(available)).plus(granted(available));
  }
}
