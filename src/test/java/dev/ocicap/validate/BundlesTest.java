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
    List<Target> targets = Target.find(Path.of("bundles"));
    assertFalse(targets.isEmpty());
    for (FileReport report : new Batch(Validator.standard()).check(targets, (done, all) -> {})) {
      assertEquals(List.of(), report.atLeast(Level.SHOULD).findings());
    }
  }

  @Test
  void the_default_document_is_clean_without_a_note() {
    for (boolean cgroupNamespace : new boolean[] {true, false}) {
      assertEquals(List.of(), Validator.standard().validate(DefaultConfig.runc(cgroupNamespace)));
    }
  }
}
