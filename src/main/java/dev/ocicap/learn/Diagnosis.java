package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import java.util.List;

/// What a container was denied, and what granting it would change.
///
/// @param worked whether the container worked as it is
/// @param started whether its program was executed
/// @param reason what happened, in words
/// @param runtimeError what the runtime says that it failed by; empty when it did not
/// @param denials what was denied, the one that helps most first
/// @param together the fewest that make the container work, where no single one does; empty when
///   they were not found
/// @param passed the fewest system calls that the filter must let pass, together with those
///   capabilities, to make the container work; empty when none must, or they were not found
/// @param refused the system calls that were refused where no capability was asked for
/// @param gaps why the observation is incomplete, in words
/// @param runs how many runs there were
public record Diagnosis(
    boolean worked,
    boolean started,
    String reason,
    String runtimeError,
    List<Denial> denials,
    CapabilitySet together,
    List<String> passed,
    List<Refused> refused,
    List<String> gaps,
    int runs) {

  /// Copies the lists.
  public Diagnosis {
    denials = List.copyOf(denials);
    passed = List.copyOf(passed);
    refused = List.copyOf(refused);
    gaps = List.copyOf(gaps);
  }

  /// What granting a capability changes.
  public enum Effect {
    /// The container works with it.
    WORKS("granting it makes the container work"),
    /// The container works with it and others.
    TOGETHER("granting it together with the others below makes the container work"),
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

  /// Who refuses a system call that no capability was asked for.
  public enum Refuser {
    /// The filter of system calls.
    FILTER("the filter of system calls (linux.seccomp)"),
    /// File permissions, a security module, or what else the call works on.
    OTHER("something other than capabilities, such as file permissions or a security module");

    private final String meaning;

    Refuser(String meaning) {
      this.meaning = meaning;
    }

    /// The refuser in words.
    public String meaning() {
      return meaning;
    }
  }

  /// Refusals without a capability.
  public record Refused(Refusal refusal, Refuser by) {}
}
