package dev.ocicap.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.RuntimeConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `linux.seccomp` of a configuration before an edit, and whether it can follow the capabilities:
/// it can when the annotation [SeccompEdits#ANNOTATION] says what it was resolved from, the profile
/// is still to be had, and resolving it for the same capabilities gives this filter. Any other
/// filter was written or changed by hand, and stays as it is.
public final class SeccompFilter {
  private final RuntimeConfig config;
  private final CapabilitySet bounding;
  private @Nullable Verdict verdict;

  /// What an examination found: an origin, or the reason why there is none.
  private record Verdict(
      @Nullable FilterOrigin origin, @Nullable SeccompProfile profile, String reason) {
    static Verdict because(String reason) {
      return new Verdict(null, null, reason);
    }
  }

  private SeccompFilter(RuntimeConfig config, CapabilitySet bounding) {
    this.config = config;
    this.bounding = bounding;
  }

  /// The filter of a configuration that is about to be edited.
  public static SeccompFilter of(RuntimeConfig config) {
    return new SeccompFilter(
        config,
        config.capabilities().map(ProcessCapabilities::bounding).orElse(CapabilitySet.NONE));
  }

  /// Replaces `linux.seccomp` by what its profile resolves to for the bounding set, as the edits
  /// before this one left it. Comes after the edits of capabilities. Nothing happens when the
  /// bounding set is what it was, when the filter cannot follow, and when an edit before this one
  /// has changed the filter or the annotation.
  public SpecEdit follow() {
    return draft -> {
      if (isUntouched(draft) && !SeccompEdits.bounding(draft).equals(bounding)) {
        Verdict found = verdict();
        FilterOrigin origin = found.origin();
        SeccompProfile profile = found.profile();
        if (origin != null && profile != null) {
          SeccompEdits.replace(profile, origin.goArch(), origin.kernel()).accept(draft);
        }
      }
    };
  }

  /// What to say when the edit changed the bounding set and left the filter alone: the reason why
  /// it did not follow.
  ///
  /// @param after the configuration that the edit made
  public Optional<Problem> warning(RuntimeConfig after) {
    Optional<JsonNode> filter = filter(config);
    if (filter.isEmpty()
        || !filter(after).equals(filter)
        || of(after).bounding.equals(bounding)
        || verdict().origin() != null) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            config.place("/linux/seccomp"),
            "linux.seccomp stays as it is and does not follow the capabilities: "
                + verdict().reason(),
            null));
  }

  /// The capabilities any of which would make the filter let a system call pass: none when it
  /// cannot follow the capabilities.
  ///
  /// @param call its name, as rules spell it
  public CapabilitySet opening(String call) {
    FilterOrigin origin = verdict().origin();
    SeccompProfile profile = verdict().profile();
    CapabilitySet opening = CapabilitySet.NONE;
    if (origin != null && profile != null) {
      for (Capability capability : Capability.all()) {
        if (profile.opens(capability, origin.goArch(), origin.kernel()).contains(call)) {
          opening = opening.plus(capability);
        }
      }
    }
    return opening;
  }

  private boolean isUntouched(ConfigDraft draft) {
    Optional<JsonNode> filter = filter(config);
    return filter.isPresent()
        && draft.find("linux", "seccomp").equals(filter)
        && draft.find("annotations", SeccompEdits.ANNOTATION).equals(annotation());
  }

  private static Optional<JsonNode> filter(RuntimeConfig config) {
    return config.find("linux", "seccomp").filter(node -> !node.isNull());
  }

  private Optional<JsonNode> annotation() {
    return config.find("annotations", SeccompEdits.ANNOTATION);
  }

  private Verdict verdict() {
    Verdict known = verdict;
    if (known == null) {
      known = examine();
      verdict = known;
    }
    return known;
  }

  private Verdict examine() {
    Optional<JsonNode> annotation = annotation();
    if (annotation.isEmpty()) {
      return Verdict.because(
          "the annotation " + SeccompEdits.ANNOTATION + " does not say what it was made from");
    }
    Optional<FilterOrigin> origin = FilterOrigin.find(annotation.get().asText());
    if (origin.isEmpty()) {
      return Verdict.because(
          "the annotation "
              + SeccompEdits.ANNOTATION
              + " '"
              + annotation.get().asText()
              + "' is none of ocicap's");
    }
    SeccompProfile profile;
    try {
      profile = origin.get().profile();
    } catch (OcicapException e) {
      Problem first = e.problems().getFirst();
      return Verdict.because(
          first.place() == null ? first.message() : first.place() + ": " + first.message());
    }
    JsonNode resolved = profile.resolve(bounding, origin.get().goArch(), origin.get().kernel());
    if (!filter(config).equals(Optional.of(resolved))) {
      return Verdict.because("it was changed after it was made from its profile");
    }
    return new Verdict(origin.get(), profile, "");
  }
}
