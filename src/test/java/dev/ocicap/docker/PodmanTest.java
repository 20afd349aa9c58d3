package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.docker.ConversionOptions.Grants;
import dev.ocicap.docker.OtherContainers.Container;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.seccomp.KernelVersion;
import dev.ocicap.spec.Mount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Real podman is the measure: every recorded command becomes what Podman 5.8.6 wrote for it as
/// root, with crun, on a host with control groups of version 2, systemd and AppArmor, or is refused
/// as it was.
///
/// What is in the file was brought into the form that [NormalForm] describes, and beyond that: the
/// directories with a container's files are `<FILES>`, the first 32 digits of its id `<ID-32>`, the
/// network namespaces that netavark made have no path; a mount that another one hides is left out,
/// words that stand twice among a mount's options stand once, and empty ones not at all; of a
/// device's mode the permissions are kept; a bind of `/tmp`, `/dev`, `/proc` or `/sys` has not the
/// options that podman finds at its source.
class PodmanTest {
  private static final String ID =
      "7d1f0a9b3c5e2468ace013579bdf2468ace013579bdf0f1e2d3c4b5a69788796";

  /// Cases that differ, and why.
  private static final Map<String, String> DIFFERENCES = new TreeMap<>();

  static {
    because(
        "which variables the caller has is not asked, only those that are named",
        "e-ocicap",
        "env-host");
    because(
        "only podman knows its networks, its secrets and its pods, and the runtime what is loaded",
        "d-apparmor-custom",
        "d-net-bridge-ip",
        "d-net-ip6-without-subnet",
        "d-net-user-defined",
        "d-net-user-defined-ip",
        "d-net-user-defined-mac",
        "network-foo-ip-10-88-0-5",
        "network-nosuch",
        "pod-nosuch",
        "pod-pod1",
        "pod-pod1-network-host",
        "pod-pod1-pid-pod",
        "pod-pod1-uts-private",
        "privileged-security-opt-apparmor-my-profile",
        "secret-nosuch",
        "secret-sec1",
        "secret-sec1-target-bar",
        "secret-sec1-target-foo-bar-uid-5-gid-6-mode-0400",
        "secret-sec1-type-env",
        "secret-sec1-type-env-target-foo",
        "secret-source-sec1-type-mount",
        "security-opt-apparmor-my-profile");
    because(
        "the control group of the caller at the time of the start is not known", "cgroups-split");
    because(
        "no entries are made in the image's passwd and group",
        "hostuser-nosuch",
        "passwd-entry-x-x-1-1-x-bin-sh-u-4242");
    because(
        "no file system is laid above another one: it is bound read-only",
        "mount-type-image-src-ocicap-atomic-1-dst-data",
        "mount-type-image-src-ocicap-atomic-1-dst-data-rw-true",
        "mount-type-image-src-ocicap-atomic-1-dst-data-subpath-etc",
        "v-oracle-host-data-data-o",
        "v-oracle-host-data-data-o-u",
        "v-vol1-data-o");
    because(
        "podman does not know 'minKernel' and allows what the profile keeps for other kernels",
        "security-opt-seccomp-oracle-host-seccomp-json");
    because(
        "podman takes a target that hides the whole root, and a path that is relative",
        "chrootdirs-var-2",
        "tmpfs",
        "v");
    because(
        "the case was given to 'podman create', which does not look at what 'podman run' refuses",
        "a-stdout-d",
        "attach-foo",
        "d-attach-and-detach",
        "d-attach-invalid");
    because(
        "nothing is pulled, stored or logged here, and so no keys, quotas and streams are looked at",
        "cert-dir-tmp-creds-a-b-decryption-key-x",
        "log-driver-passthrough",
        "rootfs-oracle-rootfs-idmap-true",
        "storage-opt-size-1g");
    because(
        "a directory that is missing in the image is made",
        "d-cli-scalar-repeated",
        "w-foo",
        "w-foo-bar");
    because("the flags of podman's mappings are not known", "uidmap-g0-100000-100");
  }

  private static void because(String reason, String... ids) {
    for (String id : ids) {
      DIFFERENCES.put(id, reason);
    }
  }

  @Test
  void a_command_becomes_what_podman_writes() throws IOException {
    RecordedHost recorded = new RecordedHost();
    List<EngineCase> cases = EngineCase.podman();
    Map<String, String> wrong = new TreeMap<>();
    for (EngineCase one : cases) {
      String difference = difference(one, recorded);
      if (!difference.isEmpty()) {
        wrong.put(one.id(), one.line() + "\n" + difference);
      }
    }
    System.out.println((cases.size() - wrong.size()) + " / " + cases.size() + " cases match");
    List<String> unexpected = new ArrayList<>();
    wrong.forEach((id, text) -> {
      if (!DIFFERENCES.containsKey(id)) {
        unexpected.add(id + ": " + text);
      }
    });
    TreeSet<String> settled = new TreeSet<>(DIFFERENCES.keySet());
    settled.removeAll(wrong.keySet());
    assertEquals("", String.join("\n", unexpected));
    assertEquals(new TreeSet<>(), settled, "listed as different, and not different");
  }

  /// A bundle may be started by somebody who cannot raise limits: none is written that nobody asked
  /// for.
  @Test
  void a_bundle_keeps_the_limits_of_its_caller() {
    assertEquals(List.of(), limits("podman run x y"));
    assertEquals(List.of("RLIMIT_CORE"), limits("podman run --ulimit core=0 x y"));
  }

  private static List<String> limits(String line) {
    Converted converted =
        DockerConversion.convert(
            DockerRunCommand.parse(List.of(line.split(" ", -1))),
            ImageConfig.EMPTY,
            ImageFiles.none(),
            host(),
            new ClientEnvironment(
                name -> null, "/", ClientEnvironment.Stdin.UNKNOWN, null, new NoFiles()),
            ConversionOptions.of(ID, ConversionOptions.Form.BUNDLE, "/volumes")
                .with(
                    new Grants(
                        DockerRunCommand.Engine.PODMAN, ConversionOptions.DOCKER_SETS, false)));
    List<String> types = new ArrayList<>();
    for (JsonNode rlimit : converted.config().json().root().at("/process/rlimits")) {
      types.add(rlimit.path("type").asText());
    }
    return types;
  }

  private static String difference(EngineCase one, RecordedHost recorded) {
    JsonNode expected = one.config();
    JsonNode actual;
    try {
      DockerRunCommand command = DockerRunCommand.parse(one.argv());
      Converted converted = recorded.convert(command, one, host(), options());
      String text = JsonText.compact(converted.config().json().root());
      text = text.replace(ID, "<ID>").replace(ID.substring(0, 32), "<ID-32>");
      text = text.replace(ID.substring(0, 12), "<SHORT-ID>");
      actual = NormalForm.of(JsonText.parse("test", text).root(), RecordedHost.ID);
    } catch (OcicapException e) {
      boolean started = one.stage().equals("ok");
      return started ? "refused: " + e.problems() : "";
    }
    if (expected == null) {
      return one.stage().equals("runtime") ? "" : "not refused (" + one.stage() + ")";
    }
    List<String> lines = new ArrayList<>();
    EngineTest.compare("", NormalForm.reparsed(expected), actual, lines);
    return String.join("\n", lines);
  }

  private static TargetHost host() {
    return new TargetHost(
        TargetHost.CgroupVersion.V2,
        TargetHost.CgroupDriver.SYSTEMD,
        TargetHost.Lsm.APPARMOR,
        new KernelVersion(7, 2),
        "amd64",
        CapabilitySet.ALL,
        true,
        1,
        null,
        null,
        "vm",
        false);
  }

  private static ConversionOptions options() {
    return new ConversionOptions(
        ID,
        ConversionOptions.Form.DOCUMENT,
        new ConversionOptions.Places(
            "<ROOTFS>",
            "<FILES>",
            "<DATA-ROOT>/volumes",
            "/var/lib/docker",
            "/usr/libexec/podman/catatonit",
            true),
        new Grants(DockerRunCommand.Engine.PODMAN, ConversionOptions.DOCKER_SETS, false),
        new ConversionOptions.Surroundings(
            List.of("crun"), ConversionOptions.RuntimeFeatures.all(), PodmanTest::container));
  }

  private static Optional<Container> container(String name) {
    if (!name.equals("peer")) {
      return Optional.empty();
    }
    List<String> volume = List.of("rprivate", "nosuid", "nodev", "rbind");
    return Optional.of(
        new Container(
            4711,
            "peerhost",
            "<PEER-FILES>",
            true,
            "<PEER-FILES>/shm",
            List.of(
                new Mount("/peerdata", "bind", "<DATA-ROOT>/volumes/peervol/_data", volume),
                new Mount(
                    "/peeranon",
                    "bind",
                    "<DATA-ROOT>/volumes/" + "c3".repeat(32) + "/_data",
                    volume),
                new Mount(
                    "/hostdata",
                    "bind",
                    "/oracle/host/data",
                    List.of("ro", "rprivate", "rbind")))));
  }
}
