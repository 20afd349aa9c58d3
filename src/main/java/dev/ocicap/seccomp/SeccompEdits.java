package dev.ocicap.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.ConfigDraft;
import java.util.Optional;

/// Edits of `linux.seccomp` (config-linux.md#seccomp).
public final class SeccompEdits {
  /// The annotation that remembers what `linux.seccomp` was resolved from: `docker-28 arch=amd64
  /// kernel=6.18`, or `sha256:DIGEST arch=amd64 kernel=6.18 file=/absolute/path`.
  public static final String ANNOTATION = "dev.ocicap.seccomp";

  private SeccompEdits() {}

  /// Replaces `linux.seccomp` by what a profile resolves to for the bounding set, as the edits
  /// before this one left it, and remembers the profile in the annotation; a profile that is in no
  /// file cannot be remembered.
  ///
  /// @param goArch the machine's architecture as Go and images name it: `amd64`
  /// @param kernel the machine's kernel
  public static SpecEdit replace(SeccompProfile profile, String goArch, KernelVersion kernel) {
    FilterOrigin origin = new FilterOrigin(profile.source(), goArch, kernel);
    return draft -> {
      draft.set(profile.resolve(bounding(draft), goArch, kernel), "linux", "seccomp");
      Optional<String> remembered = origin.print();
      if (remembered.isPresent()) {
        draft.set(JsonValues.string(remembered.get()), "annotations", ANNOTATION);
      } else {
        forget(draft);
      }
    };
  }

  /// Replaces `linux.seccomp` as [#replace] does, without an annotation: later changes of the
  /// capabilities cannot be followed.
  ///
  /// @param goArch the machine's architecture as Go and images name it: `amd64`
  /// @param kernel the machine's kernel
  public static SpecEdit replaceUnremembered(
      SeccompProfile profile, String goArch, KernelVersion kernel) {
    return draft -> {
      draft.set(profile.resolve(bounding(draft), goArch, kernel), "linux", "seccomp");
      forget(draft);
    };
  }

  /// Removes `linux.seccomp`, so that every system call may be made, and the annotation.
  public static SpecEdit remove() {
    return draft -> {
      draft.remove("linux", "seccomp");
      forget(draft);
    };
  }

  private static void forget(ConfigDraft draft) {
    if (draft.find("annotations", ANNOTATION).isPresent()) {
      draft.remove("annotations", ANNOTATION);
      if (draft.object("annotations").isEmpty()) {
        draft.remove("annotations");
      }
    }
  }

  /// The bounding set of a draft; none without `process.capabilities`, so that a filter is rather
  /// too strict than too lax.
  static CapabilitySet bounding(ConfigDraft draft) {
    CapabilitySet bounding = CapabilitySet.NONE;
    Optional<JsonNode> names = draft.find("process", "capabilities", "bounding");
    if (names.isPresent()) {
      for (JsonNode name : names.get()) {
        Optional<Capability> capability = Capability.spelt(name.asText());
        bounding = capability.isPresent() ? bounding.plus(capability.get()) : bounding;
      }
    }
    return bounding;
  }
}
