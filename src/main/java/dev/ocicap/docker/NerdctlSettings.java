package dev.ocicap.docker;

import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import java.util.ArrayList;
import java.util.List;

/// What nerdctl's own flags decide.
final class NerdctlSettings {
  private NerdctlSettings() {}

  static SpecEdit of(Conversion c) {
    List<SpecEdit> edits = new ArrayList<>();
    edits.add(PodmanResources.unified(c));
    String umask = c.command.text("umask");
    if (!umask.isEmpty()) {
      edits.add(PodmanResources.umask(c, umask));
    }
    String rdt = c.command.text("rdt-class");
    if (!rdt.isEmpty()) {
      edits.add(draft -> draft.set(JsonValues.string(rdt), "linux", "intelRdt", "closID"));
    }
    return SpecEdit.all(edits);
  }
}
