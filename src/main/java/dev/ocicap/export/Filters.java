package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.seccomp.KernelVersion;
import dev.ocicap.seccomp.SeccompEdits;
import dev.ocicap.seccomp.SeccompProfile;
import java.util.Optional;

/// Where a filter of system calls came from.
final class Filters {
  private static final String[] MACHINES = {"amd64", "arm64", "arm", "s390x", "ppc64le", "riscv64"};
  private static final KernelVersion[] KERNELS = {new KernelVersion(6, 0), new KernelVersion(4, 0)};
  private static final String FILE = " file=";

  private Filters() {}

  /// Whether the filter is what Docker's built-in profile gives for these capabilities, which an
  /// engine would make again by itself.
  static boolean isDockers(Source source) {
    Optional<JsonNode> filter = source.get("linux.seccomp");
    if (filter.isEmpty()) {
      return false;
    }
    CapabilitySet bounding =
        source.config().capabilities().orElse(ProcessCapabilities.NONE).bounding();
    SeccompProfile profile = SeccompProfile.dockerDefault();
    for (String machine : MACHINES) {
      for (KernelVersion kernel : KERNELS) {
        if (profile.resolve(bounding, machine, kernel).equals(filter.get())) {
          return true;
        }
      }
    }
    return false;
  }

  /// The user's own profile that the filter was resolved from, or "".
  static String file(Source source) {
    String origin =
        source
            .config()
            .find("annotations", SeccompEdits.ANNOTATION)
            .map(JsonNode::asText)
            .orElse("");
    int at = origin.startsWith("sha256:") ? origin.indexOf(FILE) : -1;
    return at < 0 ? "" : origin.substring(at + FILE.length());
  }
}
