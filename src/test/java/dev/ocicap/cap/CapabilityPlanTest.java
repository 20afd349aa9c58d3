package dev.ocicap.cap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever is asked of whatever sets: the result is one that runtimes take as it stands, and a
/// second time changes nothing. The relations are those of capabilities(7) and capset(2).
class CapabilityPlanTest {
  private final Random random = new Random(11);

  @Test
  void no_plan_leaves_sets_that_a_runtime_refuses_or_changes() {
    for (int i = 0; i < 20_000; i++) {
      CapabilityPlan plan = plan();
      ProcessCapabilities base = sets(0.3);
      boolean root = random.nextBoolean();
      ProcessCapabilities after = plan.apply(base, root, CapabilitySet.ALL).sets();
      String what = plan + " of " + base;
      assertTrue(after.permitted().containsAll(after.effective()), what);
      assertTrue(after.bounding().containsAll(after.permitted()), what);
      assertTrue(after.bounding().containsAll(after.inheritable()), what);
      assertTrue(after.permitted().containsAll(after.ambient()), what);
      assertTrue(after.inheritable().containsAll(after.ambient()), what);
    }
  }

  @Test
  void a_plan_applied_twice_equals_once() {
    for (int i = 0; i < 20_000; i++) {
      CapabilityPlan plan = plan();
      boolean root = random.nextBoolean();
      ProcessCapabilities once = plan.apply(sets(0.3), root, CapabilitySet.ALL).sets();
      assertEquals(once, plan.apply(once, root, CapabilitySet.ALL).sets(), plan::toString);
    }
  }

  @Test
  void nothing_is_granted_that_was_neither_there_nor_asked_for() {
    for (int i = 0; i < 20_000; i++) {
      CapabilityPlan plan = plan();
      ProcessCapabilities base = sets(0.3);
      CapabilitySet asked =
          plan.request().granted(CapabilitySet.ALL).plus(plan.additions().union());
      CapabilitySet replacement = plan.replacement();
      CapabilitySet before = replacement == null ? base.union() : replacement;
      CapabilitySet after = plan.apply(base, true, CapabilitySet.ALL).sets().union();
      assertTrue(before.plus(asked).containsAll(after), plan::toString);
    }
  }

  @Test
  void what_is_added_to_a_set_is_there_whatever_is_dropped() {
    for (int i = 0; i < 20_000; i++) {
      CapabilityPlan plan = plan();
      ProcessCapabilities after = plan.apply(sets(0.3), true, CapabilitySet.ALL).sets();
      for (SetName name : SetName.values()) {
        assertTrue(after.set(name).containsAll(plan.additions().set(name)), plan::toString);
      }
    }
  }

  @Test
  void what_left_without_a_basis_is_said() {
    ProcessCapabilities spec11 =
        ProcessCapabilities.forRoot(CapabilitySet.RUNC_DEFAULT)
            .with(SetName.AMBIENT, CapabilitySet.RUNC_DEFAULT);
    CapabilityPlan.Outcome outcome = CapabilityPlan.NOTHING.apply(spec11, false, CapabilitySet.ALL);
    assertEquals(CapabilitySet.NONE, outcome.sets().ambient());
    assertEquals(1, outcome.mends().size());
    assertEquals(SetName.AMBIENT, outcome.mends().getFirst().set());
    assertFalse(outcome.mends().getFirst().joins());
  }

  private CapabilityPlan plan() {
    List<SetName> sets = new ArrayList<>();
    for (SetName name : SetName.values()) {
      if (random.nextInt(4) == 0) {
        sets.add(name);
      }
    }
    CapabilityRequest request =
        new CapabilityRequest(random.nextInt(8) == 0, set(0.05), random.nextInt(8) == 0, set(0.05));
    return new CapabilityPlan(
        random.nextInt(4) == 0 ? set(0.1) : null,
        request,
        random.nextBoolean() ? List.of() : sets,
        sets(0.05),
        sets(0.05),
        random.nextInt(4) == 0);
  }

  private ProcessCapabilities sets(double share) {
    return new ProcessCapabilities(set(share), set(share), set(share), set(share), set(share));
  }

  private CapabilitySet set(double share) {
    CapabilitySet set = CapabilitySet.NONE;
    for (Capability capability : Capability.all()) {
      set = random.nextDouble() < share ? set.plus(capability) : set;
    }
    return set;
  }
}
