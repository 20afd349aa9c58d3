package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.report.Finding;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What youki 0.7 said, built from its sources and made to fail in these ways.
class YoukiFailuresTest {
  private static final String CONFIG =
      """
      {"process": {"cwd": "/", "args": ["/bin/data"], "user": {"uid": 0, "gid": 0},
        "capabilities": {"bounding": [], "permitted": [], "effective": ["CAP_KILL"]},
        "rlimits": [{"type": "RLIMIT_MSGQUEUE", "hard": 99999999999, "soft": 1}]},
       "mounts": [{"destination": "/mnt", "type": "bind", "source": "/no/such", "options": ["rbind"]}],
       "linux": {"rootfsPropagation": "foo", "sysctl": {"net.ipv4.ip_forward": "abc"},
        "namespaces": [{"type": "mount"}]}}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "/process/capabilities/effective/0 | ERROR libcontainer::process::init::process: failed to"
            + " drop capabilities err=SetCaps(CapsError(\"capset failure: Operation not permitted (os"
            + " error 1)\"))",
        "/process/rlimits/0/hard | ERROR libcontainer::process::container_intermediate_process:"
            + " failed to set rlimit err=Nix(EPERM) rlimit=PosixRlimit { typ: RlimitMsgqueue, hard:"
            + " 99999999999, soft: 1 }",
        "/mounts/0/source | ERROR libcontainer::rootfs::mount: failed to canonicalize \"/no/such\":"
            + " No such file or directory (os error 2)",
        "/linux/rootfsPropagation | ERROR libcontainer::process::init::process: failed to prepare"
            + " rootfs err=UnknownRootfsPropagation(\"foo\")",
        "/linux/sysctl/net.ipv4.ip_forward | ERROR youki: error in executing command: sysctl"
            + " net.ipv4.ip_forward not allowed in host network namespace",
        "/linux/sysctl/net.ipv4.ip_forward | ERROR libcontainer::process::init::process: failed to"
            + " set sysctl net.ipv4.ip_forward=abc: Invalid argument (os error 22)"
      })
  void a_message_names_the_property(String pointer, String message) {
    RuntimeConfig config = RuntimeConfig.parse("config.json", CONFIG);
    List<Finding> found =
        new Failures(new HostCheck(HostFacts.NONE, Path.of(""))).explain(config, message);
    assertEquals(pointer, found.isEmpty() ? "nothing" : found.getFirst().pointer());
  }
}
