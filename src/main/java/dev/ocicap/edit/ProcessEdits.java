package dev.ocicap.edit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.User;
import java.util.List;
import java.util.Map;

/// Edits of `process` (config.md#process).
public final class ProcessEdits {
  private ProcessEdits() {}

  /// Replaces `process.args`.
  public static SpecEdit args(List<String> args) {
    List<String> copy = List.copyOf(args);
    return draft -> draft.set(JsonValues.strings(copy), "process", "args");
  }

  /// Replaces `process.env`.
  public static SpecEdit environment(List<String> variables) {
    List<String> copy = List.copyOf(variables);
    return draft -> draft.set(JsonValues.strings(copy), "process", "env");
  }

  /// Sets one variable of `process.env`: replaces it where it stands, or adds it at the end.
  public static SpecEdit env(String name, String value) {
    return ListProperty.ENV.add(JsonValues.string(name + "=" + value));
  }

  /// Replaces `process.cwd`.
  public static SpecEdit cwd(String directory) {
    return Property.CWD.set(JsonValues.string(directory));
  }

  /// Replaces the ids of `process.user`; `additionalGids` is removed when there are none,
  /// everything else in the object stays.
  public static SpecEdit user(User user) {
    return draft -> {
      ObjectNode object = draft.object("process", "user");
      object.set("uid", JsonValues.number(user.uid()));
      object.set("gid", JsonValues.number(user.gid()));
      if (user.additionalGids().isEmpty()) {
        object.remove("additionalGids");
      } else {
        ArrayNode gids = JsonValues.array();
        for (long gid : user.additionalGids()) {
          gids.add(JsonValues.number(gid));
        }
        object.set("additionalGids", gids);
      }
    };
  }

  /// Replaces `process.terminal`.
  public static SpecEdit terminal(boolean terminal) {
    return Property.TERMINAL.set(JsonValues.bool(terminal));
  }

  /// Replaces `process.noNewPrivileges`.
  public static SpecEdit noNewPrivileges(boolean noNewPrivileges) {
    return Property.NO_NEW_PRIVILEGES.set(JsonValues.bool(noNewPrivileges));
  }

  /// Removes `process.consoleSize`.
  public static SpecEdit removeConsoleSize() {
    return draft -> draft.remove("process", "consoleSize");
  }

  /// Replaces `process.consoleSize`, in characters.
  public static SpecEdit consoleSize(int height, int width) {
    return draft -> {
      ObjectNode size = JsonValues.object();
      size.set("height", JsonValues.number(height));
      size.set("width", JsonValues.number(width));
      draft.set(size, "process", "consoleSize");
    };
  }

  /// Adds a supplementary group.
  public static SpecEdit group(long gid) {
    return ListProperty.ADDITIONAL_GIDS.add(JsonValues.number(gid));
  }

  /// Replaces the scheduler (config.md#posix-process): the policy such as `SCHED_FIFO`, flags, and
  /// numbers by their keys.
  public static SpecEdit scheduler(String policy, Map<String, Long> numbers, List<String> flags) {
    List<String> copy = List.copyOf(flags);
    return draft -> {
      ObjectNode node = JsonValues.object();
      node.set("policy", JsonValues.string(policy));
      for (Map.Entry<String, Long> number : numbers.entrySet()) {
        node.set(number.getKey(), JsonValues.number(number.getValue()));
      }
      if (!copy.isEmpty()) {
        node.set("flags", JsonValues.strings(copy));
      }
      draft.set(node, "process", "scheduler");
    };
  }

  /// Removes the scheduler.
  public static SpecEdit removeScheduler() {
    return draft -> draft.remove("process", "scheduler");
  }

  /// Replaces the I/O priority (config.md#posix-process).
  ///
  /// @param ioClass such as `IOPRIO_CLASS_BE`
  /// @param priority 0 … 7, 0 the highest
  public static SpecEdit ioPriority(String ioClass, long priority) {
    return draft -> {
      ObjectNode node = JsonValues.object();
      node.set("class", JsonValues.string(ioClass));
      node.set("priority", JsonValues.number(priority));
      draft.set(node, "process", "ioPriority");
    };
  }

  /// Removes the I/O priority.
  public static SpecEdit removeIoPriority() {
    return draft -> draft.remove("process", "ioPriority");
  }

  /// Replaces `process.oomScoreAdj`, -1000 … 1000.
  public static SpecEdit oomScoreAdj(long score) {
    return Property.OOM_SCORE_ADJ.set(JsonValues.number(score));
  }
}
