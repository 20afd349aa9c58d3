package dev.ocicap.edit;

import dev.ocicap.spec.ConfigDraft;
import java.util.List;
import java.util.function.Consumer;

/// One change to a configuration. It does what the sentence of its factory says and no more;
/// applied twice it equals once, unless the factory says otherwise.
@FunctionalInterface
public interface SpecEdit extends Consumer<ConfigDraft> {

  /// The edit that changes nothing. (Not a constant: an ahead-of-time cache refuses the lambdas of
  /// an interface with a static initialiser.)
  static SpecEdit nothing() {
    return draft -> {};
  }

  /// This edit, then the other.
  default SpecEdit then(SpecEdit next) {
    return draft -> {
      accept(draft);
      next.accept(draft);
    };
  }

  /// All edits in their order.
  static SpecEdit all(List<SpecEdit> edits) {
    List<SpecEdit> copy = List.copyOf(edits);
    return draft -> {
      for (SpecEdit edit : copy) {
        edit.accept(draft);
      }
    };
  }
}
