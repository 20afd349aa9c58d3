package dev.ocicap.docker;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.report.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The five capability sets, as Docker Engine writes them: what is granted stands in the bounding,
/// effective and permitted sets, whoever the user is.
final class CapabilitySettings {
  private CapabilitySettings() {}

  /// The sets.
  ///
  /// @param root whether the process' user is root
  static ProcessCapabilities of(Conversion c, boolean root) {
    CapabilityRequest request = request(c);
    CapabilitySet available = c.host.capabilities();
    boolean privileged = c.isPrivileged();
    CapabilitySet granted =
        privileged ? available : request.apply(CapabilitySet.DOCKER_DEFAULT, available);
    if (privileged && !request.isEmpty()) {
      ignored(c, "cap-add");
      ignored(c, "cap-drop");
    }
    CapabilitySet added = privileged ? available : request.granted(available);
    ProcessCapabilities sets = ProcessCapabilities.NONE;
    for (SetName name : c.options.sets()) {
      sets = sets.with(name, granted);
    }
    if (!root && c.options.ambient()) {
      sets =
          sets.with(SetName.INHERITABLE, sets.inheritable().plus(added))
              .with(SetName.AMBIENT, sets.ambient().plus(added));
    }
    CapabilitySet lost = added.minus(sets.ambient());
    if (!root && !lost.isEmpty()) {
      c.warning(
          "the process' user is not root and will not have what was added ("
              + (privileged || request.addAll() ? "all" : lost.toString())
              + "): Docker grants it to the bounding set only",
          "--ambient");
    }
    return sets;
  }

  private static void ignored(Conversion c, String flag) {
    c.report(flag, new FlagMeaning.Ignored("'--privileged' grants every capability"));
  }

  private static CapabilityRequest request(Conversion c) {
    List<Capability> adds = new ArrayList<>();
    List<Capability> drops = new ArrayList<>();
    boolean addAll = read(c, "cap-add", adds);
    boolean dropAll = read(c, "cap-drop", drops);
    return new CapabilityRequest(addAll, CapabilitySet.of(adds), dropAll, CapabilitySet.of(drops));
  }

  /// Reads the names of one flag; the result is whether `ALL` is among them.
  private static boolean read(Conversion c, String flag, List<Capability> found) {
    boolean all = false;
    for (String name : c.command.all(flag)) {
      if (name.equalsIgnoreCase("ALL")) {
        all = true;
        continue;
      }
      Optional<Capability> capability = Capability.find(name);
      if (capability.isEmpty()) {
        c.problem("--" + flag + ": '" + name + "' is not a capability", hint(flag, name));
      } else if (!c.host.capabilities().contains(capability.get())) {
        c.problem(
            "--"
                + flag
                + ": '"
                + name
                + "' is not available on the host, which has "
                + c.host.capabilities().hex(),
            null);
      } else {
        found.add(capability.get());
      }
    }
    return all;
  }

  private static @Nullable String hint(String flag, String name) {
    if (name.indexOf(',') > 0) {
      return "--" + flag + " " + String.join(" --" + flag + " ", Texts.split(name, ','));
    }
    if (name.equalsIgnoreCase("CAP_ALL")) {
      return "--" + flag + " ALL";
    }
    List<String> names = new ArrayList<>();
    for (Capability capability : Capability.all()) {
      names.add(capability.shortName());
    }
    return Suggestion.nearest(name, names).map(near -> "--" + flag + " " + near).orElse(null);
  }
}
