package dev.ocicap.docker;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.docker.DockerRunCommand.Engine;
import dev.ocicap.report.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The five capability sets. Docker Engine and containerd write what is granted to the bounding,
/// effective and permitted sets, whoever the user is; podman gives a user that is not root what was
/// added in the other four sets, so that the process really has it.
final class CapabilitySettings {
  private static final List<SetName> AMBIENT_BASIS =
      List.of(SetName.BOUNDING, SetName.PERMITTED, SetName.EFFECTIVE, SetName.INHERITABLE);

  private CapabilitySettings() {}

  /// The sets.
  ///
  /// @param root whether the process' user is root
  static ProcessCapabilities of(Conversion c, boolean root) {
    CapabilityRequest request = request(c);
    CapabilitySet available = c.host.capabilities();
    boolean privileged = c.isPrivileged();
    CapabilitySet granted = privileged ? available : granted(c, request, available);
    if (privileged && !request.isEmpty()) {
      ignored(c, "cap-add");
      ignored(c, "cap-drop");
    }
    noteOtherEngine(c);
    CapabilitySet added = privileged ? available : request.granted(available).intersect(granted);
    if (!root && c.options.grants().engine() == Engine.PODMAN) {
      return ProcessCapabilities.forAnyUser(request.granted(available))
          .with(SetName.BOUNDING, granted);
    }
    ProcessCapabilities sets = ProcessCapabilities.NONE;
    for (SetName name : c.options.grants().sets()) {
      sets = sets.with(name, granted);
    }
    if (!root && c.options.grants().ambient()) {
      sets = sets.with(SetName.AMBIENT, sets.ambient().plus(added));
      for (SetName name : AMBIENT_BASIS) {
        sets = sets.with(name, sets.set(name).plus(added));
      }
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

  /// What the engine makes of adds and drops. Docker: an add wins. podman: the two must not meet.
  /// nerdctl: a drop by name wins, `ALL` among the adds wins over `ALL` among the drops.
  private static CapabilitySet granted(
      Conversion c, CapabilityRequest request, CapabilitySet available) {
    return switch (c.options.grants().engine()) {
      case DOCKER -> request.apply(CapabilitySet.DOCKER_DEFAULT, available);
      case PODMAN -> {
        CapabilitySet both = request.adds().intersect(request.drops());
        if (request.addAll() && request.dropAll()) {
          c.problem("--cap-add ALL and --cap-drop ALL: podman refuses the two together", null);
        } else if (!request.addAll() && !request.dropAll() && !both.isEmpty()) {
          c.problem("--cap-add and --cap-drop: podman refuses both for " + both, null);
        }
        CapabilitySet granted = request.apply(CapabilitySet.PODMAN_DEFAULT, available);
        yield needed(c, granted.intersect(available));
      }
      case NERDCTL -> {
        CapabilitySet base = request.dropAll() ? CapabilitySet.NONE : CapabilitySet.DOCKER_DEFAULT;
        CapabilitySet with = request.addAll() ? available : base.plus(request.adds());
        yield request.dropAll() ? with : with.minus(request.drops());
      }
    };
  }

  /// What a label says that the program needs, if it is granted anyway: podman grants no more then.
  private static CapabilitySet needed(Conversion c, CapabilitySet granted) {
    String list = PodmanAnnotations.label(c, "io.containers.capabilities");
    if (list == null) {
      return granted;
    }
    List<Capability> needed = new ArrayList<>();
    for (String name : list.isEmpty() ? List.<String>of() : Texts.split(list, ',')) {
      Optional<Capability> capability = Capability.find(name.strip());
      if (capability.isEmpty()) {
        c.problem("label io.containers.capabilities: '" + name + "' is not a capability", null);
      } else {
        needed.add(capability.get());
      }
    }
    CapabilitySet wanted = CapabilitySet.of(needed);
    return wanted.minus(granted).isEmpty() ? wanted : granted;
  }

  private static void noteOtherEngine(Conversion c) {
    Engine named = c.command.engine();
    if (named != c.options.grants().engine()) {
      c.warning(
          "the command is for "
              + named.program()
              + " and is converted as "
              + c.options.grants().engine().program()
              + " would run it",
          "--engine " + named.program());
    }
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

  /// The names in the values of a flag: docker takes one in each, the others a list with commas.
  private static List<String> names(Conversion c, String flag) {
    List<String> values = c.command.all(flag);
    if (c.options.grants().engine() == Engine.DOCKER) {
      return values;
    }
    List<String> names = new ArrayList<>();
    for (String value : values) {
      names.addAll(Texts.split(value, ','));
    }
    return names;
  }

  /// Reads the names of one flag; the result is whether `ALL` is among them.
  private static boolean read(Conversion c, String flag, List<Capability> found) {
    boolean all = false;
    for (String name : names(c, flag)) {
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
