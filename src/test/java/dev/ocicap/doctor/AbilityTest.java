package dev.ocicap.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.os.Cgroups;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeProbe;
import dev.ocicap.seccomp.KernelVersion;
import dev.ocicap.validate.HostFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Machines made of values: root on a healthy one, and what is taken from it.
class AbilityTest {
  private long uid;
  private CapabilitySet held = CapabilitySet.ALL;
  private boolean proc = true;
  private Cgroups.Layout layout = Cgroups.Layout.V2;
  private boolean writable = true;

  /// The ids of a machine's own user namespace, as its `/proc/self/uid_map` has them.
  private static final long MACHINE = 4_294_967_295L;

  private UserNamespaces namespaces =
      new UserNamespaces(
          MACHINE,
          Optional.of(1000L),
          Optional.empty(),
          false,
          Optional.of(true),
          mapper("newuidmap", true),
          mapper("newgidmap", true));
  private List<HostFacts.IdRange> ranges = List.of(new HostFacts.IdRange(100_000, 65_536));
  private Optional<List<String>> actions = Optional.of(List.of("errno", "allow"));
  private Optional<List<String>> modules = Optional.of(List.of("apparmor"));
  private List<InstalledRuntime> runtimes =
      List.of(
          runtime("runc", "runc version 1.3.0\nspec: 1.2.1\n", "{}"),
          runtime("crun", "crun version 1.8.1\n+SYSTEMD +SECCOMP\n", ""));
  private String tracing = "";
  private Map<String, Optional<Path>> tools =
      Map.of("skopeo", Optional.of(Path.of("/s")), "umoci", Optional.of(Path.of("/u")));
  private JavaMachine java = new JavaMachine("25", "/java", true, Optional.of(Path.of("/x.aot")));

  private static Optional<UserNamespaces.Mapper> mapper(String name, boolean privileged) {
    return Optional.of(new UserNamespaces.Mapper(Path.of("/usr/bin", name), privileged));
  }

  private static InstalledRuntime runtime(String name, String banner, String features) {
    return new InstalledRuntime(
        new OciRuntime(Path.of("/sbin", name)),
        Optional.of(
            new RuntimeProbe(
                banner, features.isEmpty() ? Optional.empty() : Optional.of(features))),
        Optional.empty());
  }

  private HostSurvey host() {
    ProcessCapabilities sets = ProcessCapabilities.NONE;
    for (SetName set : List.of(SetName.BOUNDING, SetName.EFFECTIVE, SetName.PERMITTED)) {
      sets = sets.with(set, held);
    }
    ProcessStatus.Ids ids = new ProcessStatus.Ids(uid, uid, uid, uid);
    Cgroups cgroups =
        layout == Cgroups.Layout.NONE
            ? new Cgroups(layout, List.of())
            : new Cgroups(
                layout,
                List.of(
                    new Cgroups.Hierarchy(
                        layout == Cgroups.Layout.V2,
                        List.of("cpu", "memory"),
                        Path.of("/c"),
                        Path.of("/c"),
                        writable)));
    return new HostSurvey(
        "6.1",
        "amd64",
        CapabilitySet.ALL,
        proc
            ? Optional.of(new ProcessStatus(sets, ids, ids, List.of(), false, 0, 0, 0))
            : Optional.empty(),
        cgroups,
        new HostFacts(
            uid,
            held,
            held,
            proc ? Set.of("user", "pid") : Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            true,
            Set.of(),
            Map.of(),
            Set.of(),
            Set.of(),
            ranges,
            ranges,
            new KernelVersion(6, 1),
            false,
            Set.of(),
            Set.of(),
            Set.of()),
        namespaces,
        actions,
        modules,
        runtimes,
        tracing,
        tools,
        java);
  }

  private Verdict ask(String name) {
    for (Ability ability : Ability.ALL) {
      if (ability.name().equals(name)) {
        return ability.on(host());
      }
    }
    throw new IllegalArgumentException(name);
  }

  private void is(String expected, String name) {
    Verdict verdict = ask(name);
    assertEquals(
        expected,
        verdict.answer().word()
            + " | "
            + verdict.reason()
            + verdict.remedy().map(remedy -> " | " + remedy).orElse(""));
  }

  private void asUser() {
    // Nobody has this number, and so a control group of systemd's for his session.
    uid = 1_999_999_999;
    held = CapabilitySet.NONE;
  }

  @Test
  void on_a_healthy_machine_root_lacks_nothing_but_another_module() {
    for (Ability ability : Ability.ALL) {
      Verdict verdict = ability.on(host());
      boolean missing = List.of("selinux", "pids-limits", "io-limits").contains(ability.name());
      assertEquals(
          missing ? Verdict.Answer.NO : Verdict.Answer.YES,
          verdict.answer(),
          ability.name() + ": " + verdict.reason());
    }
    is("yes | with runc 1.3.0, crun 1.8.1", "run-root");
  }

  @Test
  void each_gap_of_a_user_has_the_command_that_mends_it() {
    asUser();
    is("no | this is user 1999999999 | sudo ocicap run BUNDLE", "run-root");
    is("yes | with runc 1.3.0, crun 1.8.1", "run-rootless");
    is("yes | 65536 ids from 100000", "many-ids");
    is(
        "partly | in a user namespace only: this user has none of its own | sudo ocicap run BUNDLE",
        "all-capabilities");
    is("no | the caller lacks sys_resource | sudo ocicap run BUNDLE", "raise-limits");
    ranges = List.of();
    is(
        "no | only one id: /etc/subuid has no range for this user | sudo usermod --add-subuids"
            + " 100000-165535 --add-subgids 100000-165535 \"$USER\"",
        "many-ids");
    namespaces =
        new UserNamespaces(
            MACHINE,
            Optional.of(0L),
            Optional.empty(),
            false,
            Optional.of(false),
            mapper("newuidmap", false),
            Optional.empty());
    is(
        "no | user.max_user_namespaces is 0 | sudo sysctl -w user.max_user_namespaces=10000",
        "run-rootless");
    is(
        "no | only one id: /usr/bin/newuidmap lost its set-user-ID bit"
            + " | sudo apt-get install --reinstall uidmap",
        "many-ids");
    writable = false;
    assertTrue(
        ask("memory-limits").remedy().orElseThrow().contains("Delegate=cpu cpuset io memory pids"));
    layout = Cgroups.Layout.HYBRID;
    is("no | control groups of version 1 are root's | sudo ocicap run BUNDLE", "memory-limits");
    tracing = "tracing is for root only";
    is("no | tracing is for root only | sudo ocicap learn BUNDLE", "learn-trace");
    tools = Map.of("skopeo", Optional.of(Path.of("/s")), "umoci", Optional.empty());
    is("no | umoci is not installed | sudo apt-get install umoci", "fetch-images");
    is("no | umoci is not installed | sudo apt-get install umoci", "unpack-images");
  }

  @Test
  void each_setting_that_keeps_user_namespaces_from_users_is_named() {
    namespaces = settings(Optional.of(false), false, Optional.of(false));
    is(
        "no | kernel.unprivileged_userns_clone is 0 | sysctl -w kernel.unprivileged_userns_clone=1",
        "run-rootless");
    namespaces = settings(Optional.empty(), true, Optional.of(true));
    is(
        "no | AppArmor keeps user namespaces from users"
            + " | sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        "run-rootless");
    namespaces = settings(Optional.of(true), false, Optional.of(false));
    is("no | 'unshare --user true' is refused: a container around this forbids it", "run-rootless");
    namespaces = settings(Optional.of(true), false, Optional.empty());
    assertEquals(Verdict.Answer.YES, ask("run-rootless").answer());
  }

  private static UserNamespaces settings(
      Optional<Boolean> unprivileged, boolean restricted, Optional<Boolean> tried) {
    return new UserNamespaces(
        MACHINE,
        Optional.empty(),
        unprivileged,
        restricted,
        tried,
        Optional.empty(),
        Optional.empty());
  }

  /// Root of a user namespace: its capabilities are not the machine's (capabilities(7)).
  @Test
  void a_user_namespace_has_ids_and_no_limits_of_its_own() {
    for (long ids : new long[] {1, 65_536}) {
      namespaces =
          new UserNamespaces(
              ids,
              Optional.empty(),
              Optional.empty(),
              false,
              Optional.of(true),
              Optional.empty(),
              Optional.empty());
      is(
          "no | sys_resource counts for nothing in a user namespace | sudo ocicap run BUNDLE",
          "raise-limits");
      is(
          ids == 1
              ? "no | this user namespace has one id | unshare --map-auto --map-root-user ocicap"
                  + " run BUNDLE"
              : "yes | root maps the 65536 ids of this user namespace",
          "many-ids");
    }
    tracing = "tracing is for root only";
    is("no | tracing is for root only | sudo ocicap learn BUNDLE", "learn-trace");
  }

  @Test
  void a_runtime_that_does_not_answer_or_is_refused_is_none() {
    runtimes =
        List.of(
            new InstalledRuntime(
                new OciRuntime(Path.of("/sbin/runc")),
                Optional.empty(),
                Optional.of(Problem.of("does not answer"))));
    is("no | does not answer", "runc");
    is("no | not installed | apt-get install crun", "crun");
    is("no | no installed runtime works here | apt-get install runc", "run-root");
    is("no | no installed runtime works here | apt-get install runc", "learn-trials");
    is("no | no container runtime answers | apt-get install runc", "seccomp");
    runtimes = List.of();
    is("no | no container runtime is installed | apt-get install runc", "run-root");
  }

  @Test
  void what_runtimes_were_built_without_is_said() {
    runtimes =
        List.of(
            runtime(
                "runc", "runc version 1.3.0\n", "{\"linux\":{\"seccomp\":{\"enabled\":false}}}"),
            runtime("crun", "crun version 1.8.1\n+SECCOMP\n", ""));
    is("partly | the kernel and crun; not runc", "seccomp");
    runtimes = List.of(runtime("crun", "crun version 1.8.1\n+SYSTEMD\n", ""));
    is("no | crun was built without it | apt-get install --reinstall crun", "seccomp");
    actions = Optional.empty();
    is("no | this kernel has no seccomp filters", "seccomp");
  }

  @Test
  void a_root_that_is_in_a_container_itself_is_told_apart() {
    held = CapabilitySet.DOCKER_DEFAULT;
    is(
        "no | this root lacks sys_admin: it is in a container itself"
            + " | docker run --privileged IMAGE",
        "run-root");
    held = CapabilitySet.ALL.minus(CapabilitySet.of(Capability.CAP_SYS_RESOURCE));
    String again =
        Files.isDirectory(Path.of("/run/systemd/system"))
            ? "systemd-run --pty --same-dir ocicap run BUNDLE"
            : "docker run --cap-add sys_resource IMAGE";
    is("partly | the caller lacks sys_resource | " + again, "all-capabilities");
    is("no | the caller lacks sys_resource | " + again, "raise-limits");
    writable = false;
    is(
        "no | the control groups cannot be written: they are another container's | docker run"
            + " --cgroupns host --volume /sys/fs/cgroup:/sys/fs/cgroup IMAGE",
        "run-root");
    layout = Cgroups.Layout.NONE;
    is("no | no control groups are mounted | mount -t cgroup2 cgroup2 /sys/fs/cgroup", "run-root");
  }

  @Test
  void what_cannot_be_seen_is_unknown() {
    proc = false;
    modules = Optional.empty();
    actions = Optional.empty();
    for (String name :
        List.of(
            "run-root",
            "run-rootless",
            "many-ids",
            "memory-limits",
            "all-capabilities",
            "raise-limits",
            "seccomp")) {
      is("unknown | there is no /proc | mount -t proc proc /proc", name);
    }
    assertEquals(Verdict.Answer.UNKNOWN, ask("apparmor").answer());
  }

  @Test
  void a_slow_start_is_said_to_be_one() {
    java = new JavaMachine("25", "/java", true, Optional.empty());
    is("partly | no cache fits this ocicap: each start takes longer | mvn package", "fast-start");
    java = new JavaMachine("25", "/java", false, Optional.empty());
    is(
        "partly | started without bin/ocicap: each start takes longer | bin/ocicap doctor",
        "fast-start");
  }
}
