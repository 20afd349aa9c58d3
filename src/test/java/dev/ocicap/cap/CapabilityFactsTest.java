package dev.ocicap.cap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilityFactsTest {
  @Test
  void every_capability_has_its_facts() {
    for (Capability capability : Capability.all()) {
      CapabilityFacts facts = CapabilityFacts.of(capability);
      assertTrue(!facts.since().isEmpty(), capability + ": since");
      assertTrue(!facts.meaning().isEmpty(), capability + ": meaning");
      assertTrue(!facts.because().isEmpty(), capability + ": because");
      assertTrue(facts.reference().startsWith("https://"), capability + ": reference");
      assertTrue(!facts.words().isEmpty(), capability + ": words");
    }
  }

  @Test
  void exactly_dockers_defaults_have_advice() {
    for (Capability capability : Capability.all()) {
      CapabilityFacts facts = CapabilityFacts.of(capability);
      boolean granted = CapabilitySet.DOCKER_DEFAULT.contains(capability);
      assertEquals(granted, !facts.advice().isEmpty(), capability + ": advice");
      assertEquals(granted, !facts.needs().isEmpty(), capability + ": needs");
    }
  }

  /// The kernels of capabilities(7).
  @ParameterizedTest
  @CsvSource({
    "CHOWN, 2.2",
    "SYS_TTY_CONFIG, 2.2",
    "MKNOD, 2.4",
    "LEASE, 2.4",
    "AUDIT_WRITE, 2.6.11",
    "AUDIT_CONTROL, 2.6.11",
    "SETFCAP, 2.6.24",
    "MAC_OVERRIDE, 2.6.25",
    "MAC_ADMIN, 2.6.25",
    "SYSLOG, 2.6.37",
    "WAKE_ALARM, 3.0",
    "BLOCK_SUSPEND, 3.5",
    "AUDIT_READ, 3.16",
    "PERFMON, 5.8",
    "BPF, 5.8",
    "CHECKPOINT_RESTORE, 5.9"
  })
  void the_kernel_that_brought_it(String name, String since) {
    assertEquals(since, CapabilityFacts.of(Capability.find(name).orElseThrow()).since());
  }

  @ParameterizedTest
  @CsvSource({
    "bind port 80, NET_BIND_SERVICE",
    "ping, NET_RAW",
    "change owner, CHOWN",
    "set time, SYS_TIME",
    "switch user, SETUID",
    "low port, NET_BIND_SERVICE",
    "become another group, SETGID",
    "load kernel module, SYS_MODULE",
    "change clock, SYS_TIME",
    "mount, SYS_ADMIN",
    "strace, SYS_PTRACE",
    "su drop privileges, SETGID",
    "device nodes, MKNOD",
    "ulimit, SYS_RESOURCE",
    "dmesg, SYSLOG",
    "iptables, NET_ADMIN",
    "reboot the machine, SYS_BOOT"
  })
  void words_find_the_capability(String words, String first) {
    assertEquals("CAP_" + first, CapabilityFacts.search(words).getFirst().name());
  }

  @Test
  void what_no_capability_is_about_finds_nothing() {
    assertEquals(List.of(), CapabilityFacts.search("xyzzy"));
    assertEquals(List.of(), CapabilityFacts.search(""));
    assertEquals(List.of(), CapabilityFacts.search("the of \u001b[31m"));
  }

  /// The list of docker-bench-security issue 476: capabilities that are known to allow escapes.
  @ParameterizedTest
  @CsvSource({"SYS_ADMIN", "DAC_READ_SEARCH", "SYS_MODULE"})
  void known_escapes_are_root(String name) {
    assertEquals(Risk.ROOT, CapabilityFacts.of(Capability.find(name).orElseThrow()).risk());
  }

  @Test
  void podman_leaves_out_three_of_dockers() {
    assertEquals(11, Baseline.PODMAN.granted().size());
  }
}
