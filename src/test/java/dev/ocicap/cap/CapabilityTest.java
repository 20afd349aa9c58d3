package dev.ocicap.cap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CapabilityTest {
  // Numbers from the kernel's include/uapi/linux/capability.h, as capabilities(7) lists the names.
  @Test
  void the_numbers_are_the_kernels() {
    assertEquals(41, Capability.all().size());
    assertEquals(0, Capability.CAP_CHOWN.number());
    assertEquals(7, Capability.CAP_SETUID.number());
    assertEquals(10, Capability.CAP_NET_BIND_SERVICE.number());
    assertEquals(21, Capability.CAP_SYS_ADMIN.number());
    assertEquals(31, Capability.CAP_SETFCAP.number());
    assertEquals(40, Capability.CAP_CHECKPOINT_RESTORE.number());
    for (int i = 0; i < 41; i++) {
      assertEquals(i, Capability.all().get(i).number());
    }
  }

  @Test
  void a_name_is_found_in_any_case_with_or_without_its_prefix() {
    for (String name :
        new String[] {"setuid", "SETUID", "CAP_SETUID", "cap_setuid", "Cap_SetUid"}) {
      assertEquals(Optional.of(Capability.CAP_SETUID), Capability.find(name), name);
    }
  }

  @Test
  void what_is_no_name_is_not_found() {
    for (String name : new String[] {"", "7", "0x80", "CAP_", "setuid ", "CAP_CAP_SETUID", "ALL"}) {
      assertEquals(Optional.empty(), Capability.find(name), name);
    }
  }

  @Test
  void a_turkish_locale_changes_nothing() {
    java.util.Locale before = java.util.Locale.getDefault();
    try {
      java.util.Locale.setDefault(java.util.Locale.forLanguageTag("tr"));
      assertEquals(Optional.of(Capability.CAP_KILL), Capability.find("kill"));
      assertEquals("kill", Capability.CAP_KILL.shortName());
    } finally {
      java.util.Locale.setDefault(before);
    }
  }

  // 00000000a80425fb is the mask that every Docker container shows in /proc/1/status.
  @Test
  void dockers_default_has_the_mask_that_its_containers_show() {
    assertEquals("00000000a80425fb", CapabilitySet.DOCKER_DEFAULT.hex());
    assertEquals(14, CapabilitySet.DOCKER_DEFAULT.size());
    assertEquals(CapabilitySet.DOCKER_DEFAULT, CapabilitySet.parseHex("00000000a80425fb"));
  }

  // AUDIT_WRITE 29, KILL 5, NET_BIND_SERVICE 10.
  @Test
  void runcs_default_is_three_bits() {
    assertEquals((1L << 29) | (1L << 5) | (1L << 10), CapabilitySet.RUNC_DEFAULT.mask());
    assertEquals("kill, net_bind_service, audit_write", CapabilitySet.RUNC_DEFAULT.toString());
  }

  @Test
  void sets_are_values() {
    CapabilitySet kill = CapabilitySet.of(Capability.CAP_KILL);
    assertEquals(kill, CapabilitySet.NONE.plus(Capability.CAP_KILL));
    assertTrue(CapabilitySet.RUNC_DEFAULT.containsAll(kill));
    assertFalse(kill.containsAll(CapabilitySet.RUNC_DEFAULT));
    assertEquals(CapabilitySet.NONE, kill.minus(CapabilitySet.ALL));
    assertEquals("none", CapabilitySet.NONE.toString());
    assertEquals("000001ffffffffff", CapabilitySet.ALL.hex());
  }

  @Test
  void bits_that_only_a_newer_kernel_knows_survive() {
    assertEquals("8000000000000000", CapabilitySet.parseHex("8000000000000000").hex());
  }
}
