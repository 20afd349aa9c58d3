package dev.ocicap.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciRuntimeTest {
  @TempDir Path directory;

  private Path program(String name, boolean executable) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n");
    assertTrue(!executable || file.toFile().setExecutable(true));
    return file;
  }

  private static void fails(
      ExitStatus status, String message, @Nullable String named, Map<String, String> env) {
    OcicapException e = assertThrows(OcicapException.class, () -> OciRuntime.find(named, env));
    assertEquals(status, e.status());
    assertEquals(message, e.problems().getFirst().message());
  }

  @Test
  void a_name_is_looked_for_along_path() throws IOException {
    program("a/oci-x", false);
    Path second = program("b/oci-x", true);
    program("c/oci-x", true);
    Map<String, String> env =
        Map.of(
            "PATH",
            directory + "/none:" + directory + "/a:" + directory + "/b:" + directory + "/c");
    assertEquals(second, OciRuntime.find("oci-x", env).executable());
    assertEquals(
        second,
        OciRuntime.find(null, Map.of("PATH", env.get("PATH"), "OCICAP_RUNTIME", "oci-x"))
            .executable());
  }

  @Test
  void runc_comes_before_crun_and_both_before_youki() throws IOException {
    program("runc", true);
    program("crun", true);
    program("youki", true);
    assertEquals(
        directory.resolve("runc"),
        OciRuntime.find(null, Map.of("PATH", directory.toString())).executable());
  }

  @Test
  void the_option_wins_over_the_variable() throws IOException {
    Path named = program("one", true);
    assertEquals(
        named, OciRuntime.find(named.toString(), Map.of("OCICAP_RUNTIME", "/two")).executable());
  }

  @Test
  void what_is_not_there_is_127() {
    fails(ExitStatus.NOT_FOUND, "--runtime: no program 'oci-y' was found", "oci-y", Map.of());
    fails(ExitStatus.NOT_FOUND, "--runtime: no program '' was found", "", Map.of());
    fails(
        ExitStatus.NOT_FOUND,
        "OCICAP_RUNTIME: '/none/runc' does not exist",
        null,
        Map.of("OCICAP_RUNTIME", "/none/runc"));
  }

  @Test
  void what_cannot_be_executed_is_126() throws IOException {
    Path file = program("oci-z", false);
    fails(
        ExitStatus.NOT_EXECUTABLE,
        "--runtime: '" + file + "' cannot be executed",
        "oci-z",
        Map.of("PATH", directory.toString()));
    fails(
        ExitStatus.NOT_EXECUTABLE,
        "--runtime: '" + directory + "' cannot be executed",
        directory.toString(),
        Map.of());
  }

  @Test
  void the_working_directory_is_no_part_of_path() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    String name = "pom.xml";
    assertTrue(Files.exists(here.resolve(name)));
    fails(
        ExitStatus.NOT_FOUND,
        "--runtime: no program 'pom.xml' was found",
        name,
        Map.of("PATH", ":.:"));
  }

  @Test
  void options_stand_on_the_side_of_run_where_the_runtime_wants_them() {
    Map<RuntimeOption, String> options = new EnumMap<>(RuntimeOption.class);
    options.put(RuntimeOption.DETACH, "");
    options.put(RuntimeOption.PID_FILE, "-x");
    options.put(RuntimeOption.ROOT, "/run/x");
    options.put(RuntimeOption.SYSTEMD_CGROUP, "");
    assertEquals(
        List.of(
            "/sbin/runc",
            "--root=/run/x",
            "--systemd-cgroup",
            "run",
            "--pid-file=-x",
            "--detach",
            "--bundle=-b",
            "id"),
        new OciRuntime(Path.of("/sbin/runc")).run(Path.of("-b"), new ContainerId("id"), options));
  }

  @Test
  void controllers_below_cgroup_v1_make_a_host_hybrid() throws IOException {
    assertTrue(!OciRuntime.hasHybridCgroups(directory));
    Files.writeString(directory.resolve("cgroup.controllers"), "\n");
    assertTrue(!OciRuntime.hasHybridCgroups(directory));
    Files.writeString(directory.resolve("cgroup.controllers"), "hugetlb\n");
    assertTrue(OciRuntime.hasHybridCgroups(directory));
  }

  @Test
  void an_id_is_what_runc_takes() {
    for (String name : List.of("a", "A_b+c,d-e.f", "9", "..a")) {
      assertEquals(name, ContainerId.parse("--id", name).name());
    }
    for (String name : List.of("", ".", "..", "a/b", "a b", "é", "-a", "a\n", "a:b")) {
      OcicapException e =
          assertThrows(OcicapException.class, () -> ContainerId.parse("--id", name), name);
      assertEquals(ExitStatus.USAGE, e.status());
    }
  }

  @Test
  void an_id_of_ocicaps_own_tells_the_bundle_and_differs() {
    ContainerId id = ContainerId.unique(Path.of("/x/my bundle/"));
    assertTrue(id.name().matches("mybundle-[a-z2-9]{6}"), id.name());
    assertNotEquals(id, ContainerId.unique(Path.of("/x/my bundle/")));
    for (Path path : List.of(Path.of("/"), Path.of("/é"), Path.of("--"), Path.of("/.x"))) {
      ContainerId other = ContainerId.unique(path);
      assertEquals(other, ContainerId.parse("--id", other.name()));
    }
  }
}
