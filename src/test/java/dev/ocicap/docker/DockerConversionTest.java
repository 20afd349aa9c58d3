package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.docker.DockerRunCommand.Engine;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConversionTest {
  private static final String ID = "0123456789abcdef".repeat(4);
  private static final ConversionOptions.Grants AMBIENT =
      new ConversionOptions.Grants(Engine.DOCKER, ConversionOptions.DOCKER_SETS, true);
  private static final CapabilitySet BIND = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);

  /// The same flags in another order, values of one flag keeping theirs, are the same command.
  @Test
  void the_order_of_different_flags_means_nothing() throws IOException {
    RecordedHost recorded = new RecordedHost();
    int compared = 0;
    for (EngineCase one : EngineCase.reference()) {
      if (one.config() == null || one.argv().size() < 5) {
        continue;
      }
      Converted straight;
      try {
        straight = recorded.convert(one, RecordedHost.v2Systemd());
      } catch (OcicapException e) {
        continue;
      }
      DockerRunCommand command = DockerRunCommand.parse(one.argv());
      List<FlagValue> flags = new ArrayList<>(command.flags());
      flags.sort(
          Comparator.comparing((FlagValue value) -> value.flag().canonicalName()).reversed());
      Converted sorted =
          recorded.convert(
              new DockerRunCommand(
                  command.engine(), command.create(), flags, command.image(), command.arguments()),
              one,
              RecordedHost.v2Systemd());
      assertEquals(straight.config().text(), sorted.config().text(), one.line());
      compared++;
    }
    assertTrue(compared > 300, compared + " compared");
  }

  /// Damaged commands are converted or refused; nothing else happens.
  @Test
  void any_words_are_converted_or_refused() throws IOException {
    RecordedHost recorded = new RecordedHost();
    List<EngineCase> cases = EngineCase.reference();
    Random random = new Random(8460);
    int converted = 0;
    for (int i = 0; i < 4000; i++) {
      EngineCase one = cases.get(random.nextInt(cases.size()));
      EngineCase other = cases.get(random.nextInt(cases.size()));
      List<String> words = new ArrayList<>(one.argv());
      int at = 2 + random.nextInt(Math.max(1, words.size() - 2));
      switch (random.nextInt(4)) {
        case 0 -> words.addAll(2, other.argv().subList(2, Math.min(4, other.argv().size())));
        case 1 -> words.set(Math.min(at, words.size() - 1), damaged(random, words.getLast()));
        case 2 -> words.set(2, damaged(random, words.get(2)));
        default -> words.replaceAll(word -> random.nextInt(6) == 0 ? damaged(random, word) : word);
      }
      try {
        recorded.convert(DockerRunCommand.parse(words), one, RecordedHost.v2Systemd());
        converted++;
      } catch (OcicapException e) {
        assertTrue(!e.problems().isEmpty(), words.toString());
      } catch (RuntimeException e) {
        throw new AssertionError(words.toString(), e);
      }
    }
    assertTrue(converted > 500, converted + " converted");
  }

  private static String damaged(Random random, String word) {
    StringBuilder text = new StringBuilder(word);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, ":=,-/.0 \"~ü\n@[".charAt(random.nextInt(14)));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
        default -> text.setLength(at);
      }
    }
    return text.toString();
  }

  @Test
  void every_flag_is_reported() throws IOException {
    RecordedHost recorded = new RecordedHost();
    for (EngineCase one : EngineCase.reference()) {
      if (one.config() != null) {
        DockerRunCommand command = DockerRunCommand.parse(one.argv());
        List<FlagReport> report = recorded.convert(one, RecordedHost.v2Systemd()).report();
        for (FlagValue value : command.flags()) {
          assertTrue(
              report.stream().anyMatch(r -> r.flag().name().equals(value.flag().canonicalName())),
              one.line());
        }
      }
    }
  }

  @Test
  void what_a_bundle_cannot_say_is_reported_as_lost() {
    Converted converted =
        convert(
            "docker run -p 80:80 --restart always --log-driver journald --label a=b"
                + " --health-cmd true --stop-signal INT --rm=false --network bridge --name ab x y");
    List<String> lost = new ArrayList<>();
    for (FlagReport report : converted.report()) {
      if (report.meaning().isLost()) {
        lost.add(report.flag().name());
      }
    }
    assertEquals(
        List.of("publish", "restart", "log-driver", "health-cmd", "stop-signal", "network"), lost);
  }

  @Test
  void a_container_without_a_network_is_told_so() {
    assertEquals(
        List.of("--network host"),
        convert("docker run x y").warnings().stream().map(Problem::hint).toList());
    assertEquals(List.of(), convert("docker run --network host x y").warnings());
  }

  @Test
  void what_is_lost_can_be_kept_in_annotations() {
    Converted converted = convert("docker run -p 80:80 -p 90:90 x y", bundle());
    assertEquals(
        "80:80\n90:90",
        converted.config().find("annotations", "dev.ocicap.docker.publish").orElseThrow().asText());
    assertTrue(converted.config().find("annotations", "dev.ocicap.seccomp").isPresent());
    assertEquals(Optional.empty(), convert("docker run -p 80:80 x y").config().find("annotations"));
  }

  /// What the image says fills the gaps, as docker merges it.
  @Test
  void a_bundle_keeps_labels_ports_health_and_stop_signal_in_annotations() {
    ImageConfig image =
        ImageConfig.parse(
            JsonText.parse(
                "image",
                """
                {"config": {"Labels": {"a": "image", "b": "image"}, "StopSignal": "SIGQUIT",
                 "ExposedPorts": {"80/tcp": {}},
                 "Healthcheck": {"Test": ["CMD-SHELL", "true"], "Interval": 5000000000, "Retries": 2}}}
                """));
    String line = "docker run --label a=flag -l bare --health-retries 3 -P --restart always x y";
    RuntimeConfig config =
        DockerConversion.convert(
                DockerRunCommand.parse(List.of(line.split(" "))),
                image,
                ImageFiles.none(),
                RecordedHost.v2Systemd(),
                client(),
                bundle())
            .config();
    Map<String, String> kept = new TreeMap<>();
    config
        .find("annotations")
        .orElseThrow()
        .properties()
        .forEach(member -> kept.put(member.getKey(), member.getValue().asText()));
    kept.remove("dev.ocicap.seccomp");
    assertEquals(
        Map.of(
            "dev.ocicap.docker.label.a", "flag",
            "dev.ocicap.docker.label.b", "image",
            "dev.ocicap.docker.label.bare", "",
            "dev.ocicap.docker.health-cmd", "true",
            "dev.ocicap.docker.health-interval", "5s",
            "dev.ocicap.docker.health-retries", "3",
            "dev.ocicap.docker.stop-signal", "SIGQUIT",
            "dev.ocicap.docker.expose", "80/tcp",
            "dev.ocicap.docker.publish-all", "true",
            "dev.ocicap.docker.restart", "always"),
        kept);
  }

  /// Below a file nothing is mounted: `ro` and `rro` are the same there, and crun 1.8 refuses one.
  @Test
  void a_read_only_file_is_mounted_in_the_word_that_every_runtime_takes() {
    String line = "docker run --network host --read-only -v /etc:/a:ro -v /etc/passwd:/b:ro x y";
    TargetHost here = here();
    assertEquals(
        Map.of("/a", "rro", "/b", "ro", "/etc/hosts", "ro"),
        readonlyWords(convert(line, here, bundle())));
    assertEquals(
        Map.of("/a", "rro", "/b", "rro", "/etc/hosts", "rro"),
        readonlyWords(convert(line, here, defaults())));
    ConversionOptions old =
        bundle().with(ConversionOptions.Surroundings.of(option -> false, OtherContainers.none()));
    assertEquals(
        Map.of("/a", "ro", "/b", "ro", "/etc/hosts", "ro"),
        readonlyWords(convert(line, here, old)));
  }

  private static Map<String, String> readonlyWords(Converted converted) {
    Map<String, String> words = new TreeMap<>();
    for (JsonNode mount : converted.config().find("mounts").orElseThrow()) {
      String destination = mount.get("destination").asText();
      if (List.of("/a", "/b", "/etc/hosts").contains(destination)) {
        words.put(destination, mount.get("options").get(1).asText());
      }
    }
    return words;
  }

  /// The host of the cases as if it were this machine.
  private static TargetHost here() {
    TargetHost host = RecordedHost.v2Systemd();
    return new TargetHost(
        host.cgroup(),
        host.cgroupDriver(),
        host.lsm(),
        host.kernel(),
        host.arch(),
        host.capabilities(),
        true,
        host.cpus(),
        null,
        null,
        host.hostname(),
        false);
  }

  /// moby issue 8460: what was added reaches the bounding set only.
  @Test
  void a_user_that_is_not_root_gets_what_was_added_only_when_it_is_ambient() {
    String line = "docker run --network none -u 1000 --cap-drop ALL --cap-add NET_BIND_SERVICE x y";
    Converted docker = convert(line);
    assertEquals(ProcessCapabilities.forRoot(BIND), docker.config().capabilities().orElseThrow());
    assertEquals(List.of("--ambient"), docker.warnings().stream().map(Problem::hint).toList());

    Converted ambient = convert(line, defaults().with(AMBIENT));
    assertEquals(
        ProcessCapabilities.forAnyUser(BIND), ambient.config().capabilities().orElseThrow());
    assertEquals(List.of(), ambient.warnings());
  }

  @Test
  void only_what_was_added_becomes_ambient() {
    Converted converted =
        convert("docker run -u 1000 --cap-add SYS_TIME x y", defaults().with(AMBIENT));
    ProcessCapabilities sets = converted.config().capabilities().orElseThrow();
    CapabilitySet time = CapabilitySet.of(Capability.CAP_SYS_TIME);
    assertEquals(time, sets.ambient());
    assertEquals(time, sets.inheritable());
    assertEquals(CapabilitySet.DOCKER_DEFAULT.plus(time), sets.permitted());
  }

  /// podman: pkg/specgen/generate/security_linux.go and common/pkg/capabilities: eleven defaults,
  /// no capability both added and dropped, and four sets with what was added for another user than
  /// root. nerdctl: pkg/cmd/container/run_security_linux.go: drops come after adds, unless all are
  /// dropped.
  @Test
  void each_engine_has_its_own_precedence() {
    CapabilitySet chown = CapabilitySet.of(Capability.CAP_CHOWN);
    CapabilitySet both = chown.plus(Capability.CAP_KILL);
    Engine podman = Engine.PODMAN;
    Engine nerdctl = Engine.NERDCTL;
    assertEquals(11, bounding("podman run x y", podman).size());
    assertEquals(both, bounding("podman run --cap-drop all --cap-add chown,kill x y", podman));
    assertEquals(
        CapabilitySet.ALL.minus(both),
        bounding("podman run --cap-add all --cap-drop chown,kill x y", podman));
    assertThrows(
        OcicapException.class,
        () -> bounding("podman run --cap-add chown --cap-drop chown x y", podman));
    assertThrows(
        OcicapException.class,
        () -> bounding("podman run --cap-add all --cap-drop all x y", podman));
    ProcessCapabilities user =
        convert("podman run -u 1000 --cap-add sys_time x y", defaults().with(grants(podman)))
            .config()
            .capabilities()
            .orElseThrow();
    assertEquals(CapabilitySet.of(Capability.CAP_SYS_TIME), user.ambient());
    assertEquals(user.ambient(), user.effective());
    assertEquals(12, user.bounding().size());

    assertEquals(
        CapabilitySet.DOCKER_DEFAULT.minus(chown),
        bounding("nerdctl run --cap-add chown --cap-drop chown x y", nerdctl));
    assertEquals(
        CapabilitySet.ALL, bounding("nerdctl run --cap-add all --cap-drop all x y", nerdctl));
    assertEquals(chown, bounding("nerdctl run --cap-drop all --cap-add chown x y", nerdctl));
    assertEquals(
        List.of("--engine podman"),
        convert("podman run --network none x y").warnings().stream().map(Problem::hint).toList());
  }

  /// As in the config.json of Podman 5.8.6 for the same flags, in any order.
  @Test
  void podman_mounts_volumes_and_memory_in_its_own_way() {
    String memory = "[nodev, nosuid, rprivate, rw, tmpcopyup]";
    assertEquals("[nodev, nosuid, rbind, rprivate]", podman("-v vol:/data", "/data"));
    assertEquals("[rbind]", mounted("docker run -v vol:/data x y", Engine.DOCKER, "/data"));
    assertEquals("[nodev, nosuid, rprivate, tmpcopyup]", podman("--tmpfs /t", "/t"));
    assertEquals("[exec, nodev, nosuid, rprivate]", podman("--tmpfs /t:exec,notmpcopyup", "/t"));
    for (String target : List.of("/run", "/tmp", "/var/tmp")) {
      assertEquals(memory, podman("--read-only", target));
      assertEquals("", podman("-d", target));
      assertEquals("", mounted("docker run --read-only x y", Engine.DOCKER, target));
    }
    assertEquals("[rbind, rprivate]", podman("--read-only -v /srv:/tmp", "/tmp"));
  }

  /// Asked of Docker Engine 20.10.24: it writes config.json, and fails to make the log driver.
  @Test
  void the_patterns_of_log_options_are_those_of_go() {
    List<String> bad =
        List.of(
            "labels-regex=(",
            "labels-regex=a)",
            "env-regex=[a",
            "env-regex=*a",
            "env-regex=a**",
            "labels-regex=(?=a)",
            "labels-regex=(a)\\1",
            "env-regex=a\\",
            "tag={{",
            "tag={{.Nope}}",
            "tag={{}}");
    List<String> good =
        List.of(
            "labels-regex=^(?P<a_b>x|y)+?$",
            "env-regex=[[:alpha:]]{2,}",
            "env-regex=a{,2}",
            "labels-regex=[]a^-]*",
            "labels-regex=(?i)(?:a)*",
            "env-regex=a}]",
            "tag={{.Name}}/{{.ID}}",
            "tag=plain",
            "tag={{.ImageName|lower}}",
            "labels-regex=\\Q(\\E",
            "labels-regex=");
    for (String option : bad) {
      assertEquals(1, patternWarnings(option), option);
    }
    for (String option : good) {
      assertEquals(0, patternWarnings(option), option);
    }
  }

  private static long patternWarnings(String option) {
    return convert("docker run --log-opt " + option + " x y").warnings().stream()
        .filter(warning -> warning.message().contains("Docker Engine fails to start"))
        .count();
  }

  private static String podman(String flags, String destination) {
    return mounted("podman run " + flags + " x y", Engine.PODMAN, destination);
  }

  private static String mounted(String line, Engine engine, String destination) {
    for (Mount mount : convert(line, defaults().with(grants(engine))).config().mounts()) {
      if (mount.destination().equals(destination)) {
        return mount.options().stream().sorted().toList().toString();
      }
    }
    return "";
  }

  private static CapabilitySet bounding(String line, Engine engine) {
    return convert(line, defaults().with(grants(engine)))
        .config()
        .capabilities()
        .orElseThrow()
        .bounding();
  }

  @Test
  void root_needs_nothing_ambient() {
    Converted converted =
        convert("docker run --network none --cap-add SYS_TIME x y", defaults().with(AMBIENT));
    assertTrue(converted.config().capabilities().orElseThrow().ambient().isEmpty());
    assertEquals(List.of(), converted.warnings());
  }

  @Test
  void the_sets_can_be_chosen() {
    Converted converted =
        convert(
            "docker run --cap-drop all --cap-add net_bind_service x y",
            defaults()
                .with(
                    new ConversionOptions.Grants(Engine.DOCKER, List.of(SetName.BOUNDING), false)));
    assertEquals(
        ProcessCapabilities.NONE.with(SetName.BOUNDING, BIND),
        converted.config().capabilities().orElseThrow());
  }

  @Test
  void nothing_left_is_an_empty_object() {
    assertEquals(
        "{}",
        convert("docker run --cap-drop ALL x y")
            .config()
            .find("process", "capabilities")
            .orElseThrow()
            .toString());
  }

  @Test
  void wrong_things_are_listed_together() {
    OcicapException e =
        assertThrows(
            OcicapException.class,
            () -> convert("docker run --cap-add FOO -m 1m --ulimit x=1 -v /a -w rel --pid x i y"));
    List<String> flags = new ArrayList<>();
    e.problems().forEach(p -> flags.add(p.message().substring(0, p.message().indexOf(':'))));
    assertEquals(List.of("--pid", "--cap-add", "--workdir", "--ulimit", "--memory"), flags);
  }

  @Test
  void a_host_without_a_capability_grants_it_to_nobody() {
    TargetHost host = RecordedHost.v2Systemd().described("caps=00000000a80425fb");
    assertEquals(
        CapabilitySet.DOCKER_DEFAULT,
        convert("docker run --privileged x y", host)
            .config()
            .capabilities()
            .orElseThrow()
            .bounding());
    assertThrows(OcicapException.class, () -> convert("docker run --cap-add SYS_ADMIN x y", host));
  }

  @Test
  void the_description_of_a_host_is_checked() {
    OcicapException e =
        assertThrows(
            OcicapException.class,
            () ->
                RecordedHost.v2Systemd()
                    .described("cgroup=v3,cgroups=v2,kernel=x,caps=zz,lsm=,recursive-readonly=1"));
    assertEquals(6, e.problems().size());
    assertEquals("cgroup=v2", e.problems().get(1).hint());
  }

  @Test
  void selinux_labels_follow_the_options() {
    TargetHost host = RecordedHost.v2Systemd().described("lsm=selinux");
    Converted converted =
        convert(
            "docker run --security-opt label=type:my_t --security-opt label=level:s0:c1,c2 x y",
            host);
    assertEquals(
        "system_u:system_r:my_t:s0:c1,c2",
        converted.config().find("process", "selinuxLabel").orElseThrow().asText());
    assertEquals(
        "system_u:object_r:container_file_t:s0:c1,c2",
        converted.config().find("linux", "mountLabel").orElseThrow().asText());
    assertEquals(
        Optional.empty(),
        convert("docker run --security-opt label=disable x y", host)
            .config()
            .find("process", "selinuxLabel"));
  }

  /// A source that meets Docker's directory may not keep its unmounts to itself.
  @Test
  void what_meets_dockers_directory_is_a_slave() {
    for (String source : List.of("/", "/var/lib", "/var/lib/docker/x")) {
      assertEquals(
          "rslave",
          convert("docker run -v " + source + ":/h x y")
              .config()
              .find("linux", "rootfsPropagation")
              .orElseThrow()
              .asText());
      assertThrows(
          OcicapException.class, () -> convert("docker run -v " + source + ":/h:rprivate x y"));
    }
  }

  @Test
  void the_names_of_hosts_are_written_to_files() {
    List<Preparation> preparations =
        convert("docker run --dns 1.1.1.1 --dns-search a.b --add-host db:10.0.0.5 -h web x y")
            .preparations();
    assertTrue(
        preparations.contains(
            new Preparation.WriteFile("resolv.conf", "nameserver 1.1.1.1\nsearch a.b\n")));
    assertTrue(preparations.contains(new Preparation.WriteFile("hostname", "web\n")));
    assertTrue(
        preparations.stream()
            .anyMatch(p ->
                p instanceof Preparation.WriteFile file
                    && file.name().equals("hosts")
                    && file.text().contains("10.0.0.5\tdb\n")));
  }

  @Test
  void links_in_a_root_file_system_do_not_lead_out(@TempDir Path directory) throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("usr/etc"));
    Files.writeString(root.resolve("usr/etc/passwd"), "inside");
    Files.writeString(directory.resolve("secret"), "outside");
    Files.createSymbolicLink(root.resolve("etc"), Path.of("../../usr/etc"));
    Files.createSymbolicLink(root.resolve("out"), Path.of("../secret"));
    Files.createSymbolicLink(root.resolve("absolute"), directory.resolve("secret"));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    ImageFiles rootfs = ImageFiles.in(root);
    assertEquals(Optional.of("inside"), rootfs.read("/etc/passwd"));
    assertEquals(Optional.empty(), rootfs.read("/out"));
    assertEquals(Optional.empty(), rootfs.read("/absolute"));
    assertEquals(Optional.empty(), rootfs.read("/loop"));
    assertEquals(Optional.empty(), rootfs.read("/../../secret"));
  }

  /// null(4): the null device is the character device 1:3.
  @Test
  void this_machine_has_a_null_device() {
    HostFiles.Node node = HostFiles.local().node("/dev/null").orElseThrow();
    assertEquals("c 1:3", node.type() + " " + node.major() + ":" + node.minor());
    assertEquals(Optional.empty(), HostFiles.local().node("/"));
  }

  private static ConversionOptions defaults() {
    return ConversionOptions.of(ID, ConversionOptions.Form.DOCUMENT, "/volumes");
  }

  private static ConversionOptions.Grants grants(Engine engine) {
    return new ConversionOptions.Grants(engine, ConversionOptions.DOCKER_SETS, false);
  }

  private static ConversionOptions bundle() {
    return ConversionOptions.of(ID, ConversionOptions.Form.BUNDLE, "/volumes");
  }

  private static Converted convert(String line) {
    return convert(line, defaults());
  }

  private static Converted convert(String line, ConversionOptions options) {
    return convert(line, RecordedHost.v2Systemd(), options);
  }

  private static Converted convert(String line, TargetHost host) {
    return convert(line, host, defaults());
  }

  private static Converted convert(String line, TargetHost host, ConversionOptions options) {
    return DockerConversion.convert(
        DockerRunCommand.parse(List.of(line.split(" ", -1))),
        ImageConfig.EMPTY,
        ImageFiles.none(),
        host,
        client(),
        options);
  }

  private static ClientEnvironment client() {
    return new ClientEnvironment(
        Map.of("HOME", "/nowhere")::get,
        "/",
        ClientEnvironment.Stdin.UNKNOWN,
        null,
        HostFiles.local());
  }
}
