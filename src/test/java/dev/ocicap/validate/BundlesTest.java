package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ocicap.report.Level;
import dev.ocicap.spec.DefaultConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundlesTest {

  @Test
  void every_example_bundle_is_clean() {
    List<Target> targets = Target.find(Path.of("bundles")).targets();
    assertFalse(targets.isEmpty());
    Batch batch = new Batch(Validator.standard().atLeast(Level.SHOULD));
    for (FileReport report : batch.check(targets, (done, all) -> {}).reports()) {
      assertEquals(List.of(), report.findings(), report.path());
    }
  }

  @Test
  void the_default_document_is_clean_without_a_note() {
    for (boolean cgroupNamespace : new boolean[] {true, false}) {
      assertEquals(List.of(), Validator.standard().validate(DefaultConfig.runc(cgroupNamespace)));
    }
  }
}
