package dev.ocicap.learn;

import static dev.ocicap.cap.Capability.CAP_CHOWN;
import static dev.ocicap.cap.Capability.CAP_DAC_OVERRIDE;
import static dev.ocicap.cap.Capability.CAP_KILL;
import static dev.ocicap.cap.Capability.CAP_NET_RAW;
import static dev.ocicap.cap.Capability.CAP_SETFCAP;
import static dev.ocicap.cap.Capability.CAP_SYS_ADMIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The search without containers: a set works when it holds what the test says.
class SearchTest {
  private final List<CapabilitySet> tried = new ArrayList<>();

  private Search needing(CapabilitySet needed) {
    return new Search((set, purpose) -> {
      tried.add(set);
      return set.containsAll(needed);
    });
  }

  @Test
  void a_program_that_needs_nothing_takes_two_runs() throws Exception {
    Search.Result result =
        needing(CapabilitySet.NONE)
            .search(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.ALL);
    assertEquals(CapabilitySet.NONE, result.needed());
    assertEquals(2, tried.size());
    assertTrue(result.repeated());
  }

  @Test
  void what_was_used_and_is_not_needed_goes() throws Exception {
    CapabilitySet used = CapabilitySet.of(CAP_CHOWN, CAP_KILL);
    CapabilitySet needed = CapabilitySet.of(CAP_KILL);
    Search.Result result = needing(needed).search(used, CapabilitySet.NONE, CapabilitySet.ALL);
    assertEquals(needed, result.needed());
  }

  @Test
  void what_is_weak_is_tried_when_what_was_used_is_too_little() throws Exception {
    CapabilitySet needed = CapabilitySet.of(CAP_KILL, CAP_SYS_ADMIN);
    Search.Result result =
        needing(needed)
            .search(
                CapabilitySet.of(CAP_KILL),
                CapabilitySet.of(CAP_SYS_ADMIN, CAP_SETFCAP),
                CapabilitySet.ALL);
    assertEquals(needed, result.needed());
  }

  @Test
  void what_nobody_saw_is_found_by_division() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      CapabilitySet needed = CapabilitySet.NONE;
      for (Capability capability : Capability.all()) {
        needed = random.nextInt(8) == 0 ? needed.plus(capability) : needed;
      }
      Search.Result result =
          needing(needed).search(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.ALL);
      assertEquals(needed, result.needed());
    }
  }

  @Test
  void nothing_beyond_the_bundles_own_set_is_ever_tried() throws Exception {
    CapabilitySet ceiling = CapabilitySet.of(CAP_CHOWN, CAP_KILL);
    Search.Result result =
        needing(CapabilitySet.of(CAP_NET_RAW))
            .search(CapabilitySet.of(CAP_NET_RAW), CapabilitySet.ALL, ceiling);
    assertTrue(!result.found());
    for (CapabilitySet set : tried) {
      assertTrue(ceiling.containsAll(set), set.toString());
    }
  }

  @Test
  void one_that_can_go_only_after_another_goes() throws Exception {
    // As with tar: without CHOWN nothing belongs to somebody else, and DAC_OVERRIDE has no use.
    Search search =
        new Search((set, purpose) -> set.contains(CAP_DAC_OVERRIDE) || !set.contains(CAP_CHOWN));
    Search.Result result =
        search.search(
            CapabilitySet.of(CAP_CHOWN, CAP_DAC_OVERRIDE), CapabilitySet.NONE, CapabilitySet.ALL);
    assertEquals(CapabilitySet.NONE, result.needed());
    assertEquals(CapabilitySet.NONE, result.flaky());
  }

  @Test
  void a_check_that_answers_differently_is_called_flaky() throws Exception {
    int[] count = {0};
    Search search = new Search((set, purpose) -> set.contains(CAP_KILL) || ++count[0] % 2 == 0);
    Search.Result result =
        search.search(CapabilitySet.of(CAP_KILL), CapabilitySet.NONE, CapabilitySet.ALL);
    assertEquals(CapabilitySet.of(CAP_KILL), result.needed());
    assertEquals(CapabilitySet.of(CAP_KILL), result.flaky());
  }

  /// As a server that is asked after it listens and before it gives up its rights.
  @Test
  void a_set_that_worked_by_luck_is_not_the_result() throws Exception {
    boolean[] lucky = {true};
    Search search =
        new Search((set, purpose) -> {
          boolean works = set.containsAll(CapabilitySet.of(CAP_CHOWN, CAP_KILL));
          boolean luck = lucky[0] && set.equals(CapabilitySet.of(CAP_KILL));
          lucky[0] &= !luck;
          return works || luck;
        });
    Search.Result result =
        search.search(CapabilitySet.of(CAP_CHOWN, CAP_KILL), CapabilitySet.NONE, CapabilitySet.ALL);
    assertEquals(CapabilitySet.of(CAP_CHOWN, CAP_KILL), result.needed());
    assertEquals(CapabilitySet.of(CAP_CHOWN), result.flaky());
    assertTrue(result.repeated());
  }

  @Test
  void what_never_works_twice_is_said_to() throws Exception {
    int[] count = {0};
    Search search = new Search((set, purpose) -> ++count[0] == 1);
    Search.Result result =
        search.search(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.of(CAP_KILL));
    assertTrue(!result.found());
    assertTrue(count[0] < 10);
  }
}
