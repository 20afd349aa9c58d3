package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import java.util.List;

/// What a container was denied, and what granting it would change.
///
/// @param worked whether the container worked as it is
/// @param reason what happened, in words
/// @param denials what was denied, the one that helps most first
/// @param together whether the container works with all of them, where no single one makes it work
/// @param gaps why the observation is incomplete, in words
/// @param runs how many runs there were
public record Diagnosis(
    boolean worked,
    String reason,
    List<Denial> denials,
    boolean together,
    List<String> gaps,
    int runs) {

  /// Copies the lists.
  public Diagnosis {
    denials = List.copyOf(denials);
    gaps = List.copyOf(gaps);
  }

  /// What granting a capability changes.
  public enum Effect {
    /// The container works with it.
    WORKS("granting it makes the container work"),
    /// The kernel grants what it denied, and the container fares as before.
    PASSES("granting it lets the call pass, but the container fares the same"),
    /// Nothing changes.
    NOTHING("granting it changes nothing"),
    /// It was not tried: the kernel went on without.
    UNTRIED("not tried: the kernel goes on in another way when it is denied"),
    /// This machine's own root lacks it.
    NOT_HERE("this machine has no such right to grant");

    private final String meaning;

    Effect(String meaning) {
      this.meaning = meaning;
    }

    /// The effect in words.
    public String meaning() {
      return meaning;
    }
  }

  /// A capability that was denied.
  ///
  /// @param evidence by which calls of which programs
  /// @param outcome what happened with it, in words; empty when it was not tried
  public record Denial(
      Capability capability, List<Evidence> evidence, Effect effect, String outcome) {
    /// Copies the list.
    public Denial {
      evidence = List.copyOf(evidence);
    }
  }
}
