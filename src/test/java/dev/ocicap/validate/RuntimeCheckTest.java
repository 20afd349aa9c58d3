package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.Finding;
import dev.ocicap.report.Layer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is known of the releases of runc and crun, from their histories.
class RuntimeCheckTest {

  /// `code level pointer` of everything that a release has against a document.
  private static List<String> check(String version, boolean hybridCgroups, String document) {
    List<String> found = new ArrayList<>();
    RuntimeCheck check =
        new RuntimeCheck(RuntimeRelease.parse(version), Features.UNKNOWN, hybridCgroups);
    for (Finding finding :
        Validator.standard()
            .with(check)
            .validate("config.json", document.getBytes(StandardCharsets.UTF_8))) {
      if (finding.layer() == Layer.RUNTIME) {
        found.add(finding.code() + " " + finding.level().word() + " " + finding.pointer());
      }
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    "runc version 1.1.5+ds1, runc, 1, 1, 5",
    "crun version 1.14.3, crun, 1, 14, 3",
    "youki version 0.5.7, youki, 0, 5, 7",
    "runc version 1.2.0-rc.1, runc, 1, 2, 0",
    "crun version 1, crun, 1, 0, 0",
    "crun version unknown, crun, -1, 0, 0",
    "crun version 99999999.1, crun, -1, 0, 0"
  })
  void a_release_is_read_from_the_output(
      String output, String name, int major, int minor, int patch) {
    assertEquals(
        new RuntimeRelease(name, major, minor, patch),
        RuntimeRelease.parse(output + "\ncommit: x\n"));
  }

  /// container.c of crun 1.8.1: `strstr (def->oci_version, "1.0") == NULL`; gone in 1.14.3.
  @ParameterizedTest
  @CsvSource({
    "crun version 1.8.1, 1.2.0, true",
    "crun version 1.14.2, 1.3.0, true",
    "crun version 1.14.3, 1.2.0, false",
    "crun version 1.8.1, 1.0.2, false",
    "crun version 1.8.1, 1.1.0, false",
    "runc version 1.1.5, 1.2.0, false"
  })
  void old_crun_refuses_a_version_without_1_0(String release, String version, boolean refused) {
    assertEquals(
        refused ? List.of("runtime-version must /ociVersion") : List.of(),
        check(release, false, "{\"ociVersion\": \"" + version + "\"}"));
  }

  @Test
  void crun_starts_nothing_on_hybrid_cgroups() {
    String document = "{\"ociVersion\": \"1.0.2\"}";
    assertEquals(List.of("runtime-cgroup must "), check("crun version 1.29.1", true, document));
    assertEquals(List.of(), check("crun version 1.29.1", false, document));
    assertEquals(List.of(), check("runc version 1.1.5", true, document));
  }

  @ParameterizedTest
  @CsvSource({
    "runc version 1.1.15, runc version 1.2.0, '\"domainname\": \"a\"', /domainname",
    "crun version 1.6, crun version 1.7, '\"domainname\": \"a\"', /domainname",
    "crun version 1.21, crun version 1.22, '\"linux\": {\"netDevices\": {}}', /linux/netDevices",
    "runc version 1.3.4, runc version 1.4.0, '\"linux\": {\"netDevices\": {}}', /linux/netDevices",
    "crun version 1.23.1, crun version 1.24, '\"linux\": {\"memoryPolicy\": {}}', /linux/memoryPolicy",
    "crun version 1.8.4, crun version 1.8.5, '\"process\": {\"capabilities\": {}, \"scheduler\": {}}', /process/scheduler"
  })
  void an_older_release_ignores_a_property(
      String before, String since, String member, String pointer) {
    String document = "{\"ociVersion\": \"1.0.2\", " + member + "}";
    assertEquals(List.of("runtime-release should " + pointer), check(before, false, document));
    assertEquals(List.of(), check(since, false, document));
  }

  @Test
  void a_release_that_nobody_knows_is_no_release() {
    assertFalse(RuntimeRelease.parse("").isKnown());
    assertFalse(RuntimeRelease.parse("GNU coreutils").isKnown());
    assertTrue(RuntimeRelease.parse("crun version 1.8").isKnown());
  }
}
