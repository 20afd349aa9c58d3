package dev.ocicap;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// The five sets of capabilities that a configuration names or a process has (capabilities(7)). The
/// sets cannot be changed, and iterate in the order of the kernel's numbers.
///
/// @param bounding what no process of the container can get beyond
/// @param effective what the kernel checks
/// @param inheritable what programs with file capabilities may pass on
/// @param permitted what the process may make effective
/// @param ambient what stays over execve of a program without file capabilities
public record Capabilities(
    Set<Capability> bounding,
    Set<Capability> effective,
    Set<Capability> inheritable,
    Set<Capability> permitted,
    Set<Capability> ambient) {

  /// None at all.
  public static final Capabilities NONE =
      new Capabilities(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

  /// Copies the sets.
  public Capabilities {
    bounding = copy(bounding);
    effective = copy(effective);
    inheritable = copy(inheritable);
    permitted = copy(permitted);
    ambient = copy(ambient);
  }

  /// The sets that let root have some capabilities and no others: bounding, effective and permitted
  /// hold them, the others are empty.
  public static Capabilities forRoot(Collection<Capability> granted) {
    return of(ProcessCapabilities.forRoot(CapabilitySet.of(granted)));
  }

  /// The sets that let any user have some capabilities and no others: all five hold them.
  public static Capabilities forAnyUser(Collection<Capability> granted) {
    return of(ProcessCapabilities.forAnyUser(CapabilitySet.of(granted)));
  }

  static Capabilities of(ProcessCapabilities sets) {
    return new Capabilities(
        members(sets.bounding()),
        members(sets.effective()),
        members(sets.inheritable()),
        members(sets.permitted()),
        members(sets.ambient()));
  }

  ProcessCapabilities sets() {
    return new ProcessCapabilities(
        CapabilitySet.of(bounding),
        CapabilitySet.of(effective),
        CapabilitySet.of(inheritable),
        CapabilitySet.of(permitted),
        CapabilitySet.of(ambient));
  }

  static Set<Capability> members(CapabilitySet set) {
    return copy(set.members());
  }

  private static Set<Capability> copy(Collection<Capability> members) {
    EnumSet<Capability> copy = EnumSet.noneOf(Capability.class);
    copy.addAll(members);
    return Collections.unmodifiableSet(copy);
  }
}
