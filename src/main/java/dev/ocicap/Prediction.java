package dev.ocicap;

import java.util.List;

/// What a container's process will have once runc (its newest known release) has started it, and
/// the kernel's execve has had its say.
public sealed interface Prediction {

  /// What was assumed, in words.
  List<String> notes();

  /// The program runs.
  ///
  /// @param capabilities what the process has
  /// @param uid its effective user id
  /// @param gid its effective group id
  /// @param lost what the configuration names and the process does not have in force
  /// @param notes what was assumed
  record Started(Capabilities capabilities, long uid, long gid, List<Lost> lost, List<String> notes)
      implements Prediction {
    /// Copies the lists.
    public Started {
      lost = List.copyOf(lost);
      notes = List.copyOf(notes);
    }
  }

  /// The container does not start.
  ///
  /// @param stage `create` when the runtime gives up, `exec` when the kernel refuses the program
  /// @param reason why
  /// @param remedy what to do
  /// @param notes what was assumed
  record Failed(String stage, String reason, String remedy, List<String> notes)
      implements Prediction {
    /// Copies the list.
    public Failed {
      notes = List.copyOf(notes);
    }
  }

  /// A capability that is named and not in force.
  ///
  /// @param capability its name, or what stands in the configuration instead of one
  /// @param reason why it is lost
  /// @param remedy what to do
  record Lost(String capability, String reason, String remedy) {}
}
