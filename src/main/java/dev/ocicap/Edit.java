package dev.ocicap;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityPlan;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.DocumentEdits;
import dev.ocicap.edit.JsonPatchEdits;
import dev.ocicap.edit.MountEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.host.Host;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.User;
import java.util.Arrays;
import java.util.List;

/// One change to a configuration, for [Config#edit] and [Config#generate]. Each says what it
/// replaces, adds or removes, and changes nothing else.
///
/// Edits apply in their order, those of capabilities after all others: where an added capability
/// has to stand depends on the user.
public final class Edit {
  private final SpecEdit change;
  private final boolean ofCapabilities;

  private Edit(SpecEdit change, boolean ofCapabilities) {
    this.change = change;
    this.ofCapabilities = ofCapabilities;
  }

  private static Edit of(SpecEdit change) {
    return new Edit(change, false);
  }

  /// Adds capabilities, to the sets in which they work for the process' user: bounding, effective
  /// and permitted for root; all five for others, since execve clears the rest. A filter of system
  /// calls that ocicap knows opens for them.
  public static Edit grant(Capability... capabilities) {
    return plan(
        new CapabilityRequest(false, CapabilitySet.of(capabilities), false, CapabilitySet.NONE));
  }

  /// Adds every capability that this process' bounding set has: more could not be started here.
  public static Edit grantAll() {
    return plan(new CapabilityRequest(true, CapabilitySet.NONE, false, CapabilitySet.NONE));
  }

  /// Removes capabilities from all five sets.
  public static Edit drop(Capability... capabilities) {
    return plan(
        new CapabilityRequest(false, CapabilitySet.NONE, false, CapabilitySet.of(capabilities)));
  }

  /// Empties all five sets; names that no kernel knows go too.
  public static Edit dropAll() {
    return plan(new CapabilityRequest(false, CapabilitySet.NONE, true, CapabilitySet.NONE));
  }

  /// Replaces the five sets by exactly these. What a runtime would make of them, and refuse, is
  /// what [Config#predict()] and [Config#validate()] say.
  public static Edit capabilities(Capabilities sets) {
    return new Edit(CapabilityEdits.replace(sets.sets()), true);
  }

  private static Edit plan(CapabilityRequest request) {
    return new Edit(
        CapabilityEdits.change(CapabilityPlan.of(request), Host.bounding(), told -> {}), true);
  }

  /// Replaces `process.args`, the program and its arguments.
  ///
  /// @throws RefusedException when there are none
  public static Edit args(String... args) {
    if (args.length == 0) {
      throw refused("process.args: a program is missing");
    }
    return of(ProcessEdits.args(List.of(args)));
  }

  /// Sets one variable of `process.env`: replaces it where it stands, or adds it at the end.
  public static Edit env(String name, String value) {
    return of(ProcessEdits.env(name, value));
  }

  /// Replaces `process.cwd`.
  public static Edit cwd(String directory) {
    return of(ProcessEdits.cwd(directory));
  }

  /// Replaces the ids of `process.user`.
  ///
  /// @param uid the user's id in the container, from 0
  /// @param gid the group's id in the container, from 0
  /// @param additionalGids further groups
  public static Edit user(long uid, long gid, long... additionalGids) {
    return of(
        ProcessEdits.user(new User(uid, gid, Arrays.stream(additionalGids).boxed().toList())));
  }

  /// Replaces `process.terminal`.
  public static Edit terminal(boolean terminal) {
    return of(ProcessEdits.terminal(terminal));
  }

  /// Replaces `process.noNewPrivileges`.
  public static Edit noNewPrivileges(boolean noNewPrivileges) {
    return of(ProcessEdits.noNewPrivileges(noNewPrivileges));
  }

  /// Replaces `hostname`.
  public static Edit hostname(String hostname) {
    return of(ContainerEdits.hostname(hostname));
  }

  /// Replaces `root.path`.
  ///
  /// @param path relative to the bundle, or absolute
  /// @param readonly what `root.readonly` becomes
  public static Edit root(String path, boolean readonly) {
    return of(ContainerEdits.rootPath(path).then(ContainerEdits.readonly(readonly)));
  }

  /// Adds a mount, or replaces the one with the same destination.
  ///
  /// @param destination the path in the container
  /// @param type the file system's type; `bind` for a bind mount
  /// @param source a device, a path on the host, or a word for a file system without one
  /// @param options options of mount(8), in the order in which they are applied
  public static Edit mount(String destination, String type, String source, String... options) {
    return of(MountEdits.add(new Mount(destination, type, source, List.of(options))));
  }

  /// Replaces or adds the value at a JSON pointer (RFC 6901); objects on the way are made.
  ///
  /// @param pointer `/linux/resources/pids/limit`; `-` names the place behind an array's end
  /// @param json the value as JSON text
  /// @throws RefusedException when the pointer is none, or the text is not JSON
  public static Edit set(String pointer, String json) {
    return RefusedException.translating(
        () -> of(DocumentEdits.set(checked(pointer), JsonText.parse("value", json).root())));
  }

  /// Removes the value at a JSON pointer (RFC 6901), if there is one.
  ///
  /// @throws RefusedException when the pointer is none
  public static Edit unset(String pointer) {
    return RefusedException.translating(() -> of(DocumentEdits.unset(checked(pointer))));
  }

  /// Applies a JSON patch (RFC 6902): all of its operations, or none.
  ///
  /// @param json the patch, a JSON array
  /// @throws RefusedException when the text is not JSON
  public static Edit patch(String json) {
    return RefusedException.translating(
        () -> of(JsonPatchEdits.apply(JsonText.parse("patch", json))));
  }

  private static String checked(String pointer) {
    if (!pointer.startsWith("/")) {
      throw OcicapException.usage("'" + pointer + "' is not a JSON pointer", "/" + pointer);
    }
    return pointer;
  }

  private static RefusedException refused(String message) {
    return RefusedException.translating(() -> {
      throw OcicapException.usage(message, null);
    });
  }

  SpecEdit change() {
    return change;
  }

  boolean isOfCapabilities() {
    return ofCapabilities;
  }
}
