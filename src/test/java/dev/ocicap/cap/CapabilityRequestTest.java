package dev.ocicap.cap;

import static dev.ocicap.cap.Capability.CAP_CHOWN;
import static dev.ocicap.cap.Capability.CAP_KILL;
import static dev.ocicap.cap.Capability.CAP_SETUID;
import static dev.ocicap.cap.Capability.CAP_SYS_RESOURCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The expectations are what Docker Engine 28 was seen to write for the same flags.
class CapabilityRequestTest {
  private static final CapabilitySet DOCKER = CapabilitySet.DOCKER_DEFAULT;
  private static final CapabilitySet HOST =
      CapabilitySet.ALL.minus(CapabilitySet.of(CAP_SYS_RESOURCE));

  private static CapabilitySet result(
      boolean addAll, CapabilitySet adds, boolean dropAll, CapabilitySet drops) {
    return new CapabilityRequest(addAll, adds, dropAll, drops).apply(DOCKER, HOST);
  }

  private static CapabilitySet set(Capability... capabilities) {
    return CapabilitySet.of(capabilities);
  }

  @Test
  void adds_join_the_default() {
    assertEquals(
        DOCKER.plus(Capability.CAP_NET_ADMIN),
        result(false, set(Capability.CAP_NET_ADMIN), false, set()));
  }

  @Test
  void drops_leave_the_default() {
    assertEquals(DOCKER.minus(set(CAP_CHOWN)), result(false, set(), false, set(CAP_CHOWN)));
  }

  @Test
  void an_add_wins_over_a_drop_of_the_same() {
    assertEquals(DOCKER, result(false, set(CAP_CHOWN), false, set(CAP_CHOWN)));
  }

  @Test
  void dropping_all_leaves_exactly_the_adds() {
    assertEquals(set(CAP_SETUID), result(false, set(CAP_SETUID), true, set()));
    assertEquals(set(), result(false, set(), true, set()));
  }

  @Test
  void adding_all_grants_what_the_host_has_but_the_named_drops() {
    assertEquals(HOST, result(true, set(), false, set()));
    assertEquals(HOST.minus(set(CAP_KILL)), result(true, set(), false, set(CAP_KILL)));
    assertEquals(HOST.minus(set(CAP_KILL)), result(true, set(CAP_KILL), false, set(CAP_KILL)));
  }

  @Test
  void adding_all_and_dropping_all_grants_all() {
    assertEquals(HOST, result(true, set(), true, set()));
  }
}
