package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.clearMap;
import static dev.ocicap.cli.EditOption.each;
import static dev.ocicap.cli.EditOption.old;
import static dev.ocicap.cli.EditOption.put;
import static dev.ocicap.cli.EditOption.removeKey;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import dev.ocicap.edit.MapProperty;
import java.util.List;

/// The options of `hooks` and `annotations`.
final class HookOptions {
  private HookOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Hooks and annotations",
          List.of(
              each(Notation.HOOK_CLEAR, "KIND|all", "remove all of a kind", "--hook-clear"),
              old(
                  Kind.BOOLEAN,
                  new Action.Read(Notation.OLD_PRESTART_CLEAR),
                  "--hook-clear prestart",
                  "--hooks-prestart-remove-all"),
              old(
                  Kind.BOOLEAN,
                  new Action.Read(Notation.OLD_POSTSTART_CLEAR),
                  "--hook-clear poststart",
                  "--hooks-poststart-remove-all"),
              old(
                  Kind.BOOLEAN,
                  new Action.Read(Notation.OLD_POSTSTOP_CLEAR),
                  "--hook-clear poststop",
                  "--hooks-poststop-remove-all"),
              each(Notation.HOOK_REMOVE, "KIND=PATH", "remove by path", "--hook-remove"),
              each(
                  Notation.HOOK,
                  "KIND=PATH[,ARG…]|KIND=JSON",
                  "prestart, createRuntime, createContainer, startContainer, poststart, poststop",
                  "--hook"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_PRESTART),
                  "--hook prestart=PATH|JSON",
                  "--hooks-prestart-add",
                  "--prestart"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_POSTSTART),
                  "--hook poststart=PATH|JSON",
                  "--hooks-poststart-add",
                  "--poststart"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_POSTSTOP),
                  "--hook poststop=PATH|JSON",
                  "--hooks-poststop-add",
                  "--poststop"),
              clearMap(MapProperty.ANNOTATIONS, "--annotation-clear"),
              removeKey(MapProperty.ANNOTATIONS, "KEY", "--annotation-remove"),
              put(
                  MapProperty.ANNOTATIONS,
                  "KEY=VALUE",
                  "a note for runtimes and tools",
                  "--annotation"),
              old(
                  Kind.REPEATED,
                  new Action.Put(MapProperty.ANNOTATIONS),
                  "--annotation KEY=VALUE",
                  "--label")));
}
