package dev.ocicap.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.cap.ExecTransformation.Host;
import dev.ocicap.json.JsonText;
import dev.ocicap.predict.Prediction;
import dev.ocicap.predict.RuntimeModel;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditTest {
  private static Subject subject(RuntimeConfig config) {
    RuntimeModel runtime = new RuntimeModel(RuntimeModel.Kind.RUNC, RuntimeModel.Version.NEWEST);
    return Subjects.of(
        "x",
        config,
        Prediction.of(config, new Prediction.Circumstances(runtime, Host.FULL, null, "x")),
        null);
  }

  private static Audit audit(String json, Policy policy) {
    return Audit.of(subject(RuntimeConfig.parse("config.json", json)), policy);
  }

  private static Audit inspect(String container) {
    return Audit.of(
        Subjects.ofInspect("-", JsonText.parse("-", "[" + container + "]").root()).getFirst(),
        Policy.NONE);
  }

  private static List<String> codes(Audit audit) {
    List<String> codes = new ArrayList<>();
    for (AuditFinding finding : audit.findings()) {
      codes.add(finding.rule().code());
    }
    return codes;
  }

  private static final String HARDENED =
      """
      {"process": {"args": ["a"], "user": {"uid": 1000, "gid": 1000}, "noNewPrivileges": true,
         "apparmorProfile": "docker-default", "capabilities": {}},
       "root": {"readonly": true},
       "linux": {"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"},
           {"type": "uts"}, {"type": "mount"}],
         "maskedPaths": ["/proc/kcore"], "seccomp": {"defaultAction": "SCMP_ACT_ERRNO"},
         "resources": {"memory": {"limit": 1000000}, "pids": {"limit": 10},
           "devices": [{"allow": false, "access": "rwm"}]}}}
      """;

  @Test
  void nothing_is_left_to_say_of_a_hardened_container() {
    Audit audit = audit(HARDENED, Policy.find("restricted").orElseThrow());
    assertEquals(List.of(), codes(audit));
    assertEquals(0.0, audit.score());
    assertEquals("PERFECT", audit.word());
  }

  /// The resulting sets count: what is in bounding only cannot be won with noNewPrivileges.
  @Test
  void a_bounding_set_counts_only_where_it_can_be_reached() {
    String bounding =
        HARDENED.replace(
            "\"capabilities\": {}", "\"capabilities\": {\"bounding\": [\"CAP_SYS_ADMIN\"]}");
    assertEquals(List.of(), codes(audit(bounding, Policy.NONE)));
    String reachable = bounding.replace("\"noNewPrivileges\": true,", "");
    Audit audit = audit(reachable, Policy.NONE);
    assertEquals(List.of("capability-root", "new-privileges"), codes(audit));
    // Half of 2.5, and 0.6.
    assertEquals(1.9, audit.score());
  }

  @ParameterizedTest
  @CsvSource({
    "/var/run/docker.sock, runtime-socket",
    "/run//containerd/./containerd.sock, runtime-socket",
    "/, sensitive-path",
    "/etc, sensitive-path",
    "/srv/../etc/shadow, sensitive-path",
    "/root/.ssh, sensitive-path",
    "/var/lib/docker, sensitive-path",
    "/proc, sensitive-path"
  })
  void paths_that_decide_over_the_host_are_known(String source, String code) {
    String json =
        HARDENED.replace(
            "\"root\":",
            "\"mounts\": [{\"destination\": \"/x\", \"type\": \"bind\", \"source\": \""
                + source
                + "\", \"options\": [\"ro\"]}], \"root\":");
    assertEquals(List.of(code), codes(audit(json, Policy.NONE)));
  }

  @ParameterizedTest
  @CsvSource({"/srv/data", "/etc/localtime", "/home/me/work", "/var/lib/docker/volumes/x/_data"})
  void other_paths_are_not_held_against_it(String source) {
    assertFalse(Audit.isSensitive(source));
  }

  @Test
  void privileged_is_recognised_by_what_it_leaves() {
    Audit audit = inspect("{\"Name\": \"/a\", \"HostConfig\": {\"Privileged\": true}}");
    assertTrue(codes(audit).contains("privileged"), audit.toString());
    assertEquals(10.0, audit.score());
    assertEquals("DANGEROUS", audit.word());
  }

  /// Docker's flags, answered with the sets that they give: drop ALL and two of the defaults back
  /// is better than the default, not worse.
  @Test
  void few_capabilities_are_better_than_dockers_default() {
    Audit some =
        inspect(
            "{\"HostConfig\": {\"CapDrop\": [\"ALL\"], \"CapAdd\": [\"CAP_KILL\", \"chown\"]}}");
    Audit standard = inspect("{\"HostConfig\": {}}");
    assertTrue(some.score() < standard.score(), some.score() + " " + standard.score());
    assertEquals(2, some.subject().inForce().size());
    assertEquals(14, standard.subject().inForce().size());
  }

  /// What moby's oldest wish is about: nothing is in force for a user who is not root.
  @Test
  void a_user_who_is_not_root_has_nothing_in_force() {
    Audit audit =
        inspect(
            "{\"Config\": {\"User\": \"1000:0\"}, \"HostConfig\": {\"CapAdd\": [\"NET_RAW\"]}}");
    assertTrue(audit.subject().inForce().isEmpty());
    assertFalse(codes(audit).contains("root-user"));
  }

  @ParameterizedTest
  @CsvSource({
    // Docker's defaults but no user: root, programs may gain privileges, too many capabilities.
    "docker-default, restricted, true",
    "docker-default, baseline, false",
    "docker-default, article, true",
    "docker-default, cis-docker, true",
    // runc's defaults have no seccomp filter, which both levels want.
    "setuid, baseline, true",
    "docker-hardened, baseline, false",
    // Only that it is root.
    "docker-hardened, restricted, true",
    "docker-hardened, article, false",
    "host-network, baseline, true"
  })
  void policies_decide_over_the_examples(String bundle, String policy, boolean violated) {
    Subject subject = subject(Bundle.open(Path.of("bundles", bundle)).config());
    Audit audit = Audit.of(subject, Policy.find(policy).orElseThrow());
    assertEquals(violated, audit.violatesPolicy(), audit.findings().toString());
  }

  private static Policy policy(String text) {
    return Policy.parse("allow.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void an_allow_list_is_read_from_yaml_and_json() {
    Policy yaml =
        policy(
            """
            # what our services may do
            capabilities: [net_bind_service, CAP_KILL]
            namespaces:
              - network   # for the proxy
            paths: ["/srv/data", '/opt']
            require:
            - seccomp
            ignore: [writable-root]
            """);
    Policy json =
        policy(
            """
            {"capabilities": ["net_bind_service", "kill"], "namespaces": ["network"],
             "paths": ["/srv/data", "/opt"], "require": ["seccomp"], "ignore": ["writable-root"]}
            """);
    assertEquals(json, yaml);
    assertEquals(2, yaml.capabilities().size());
    assertEquals(List.of("network"), yaml.namespaces());
    assertEquals(List.of(AuditRule.WRITABLE_ROOT), yaml.ignore());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "capabilties: [kill]|'capabilties' is none of",
        "capabilities: [kil]|unknown capability 'kil'",
        "capabilities: kill|'capabilities' needs a list",
        "ignore: [nothing]|unknown rule 'nothing'",
        "require: [luck]|'luck' is none of",
        "  x|expected a key with a list",
        "paths: [&a]|is not a plain word"
      })
  void a_wrong_allow_list_is_refused(String text, String message) {
    OcicapException e = assertThrows(OcicapException.class, () -> policy(text));
    String said = e.problems().getFirst().message();
    assertTrue(said.contains(message), said);
  }

  @Test
  void an_allow_list_lets_exactly_its_own_pass() {
    String json =
        HARDENED.replace(
            "\"root\":",
            "\"mounts\": [{\"destination\": \"/x\", \"type\": \"bind\", \"source\": \"/srv/database\","
                + " \"options\": [\"ro\"]}], \"root\":");
    assertFalse(audit(json, policy("paths: [/srv/database]")).violatesPolicy());
    assertTrue(audit(json, policy("paths: [/srv/data]")).violatesPolicy());
  }

  private static String withMount(String source, String options) {
    return HARDENED.replace(
        "\"root\":",
        "\"mounts\": [{\"destination\": \"/x\", \"type\": \"bind\", \"source\": \""
            + source
            + "\", \"options\": ["
            + options
            + "]}], \"root\":");
  }

  /// A path with `..` is not below what its text begins with.
  @Test
  void an_allow_list_is_not_fooled_by_parents() {
    String json = withMount("/srv/data/../../opt/x", "\"ro\"");
    assertTrue(audit(json, policy("paths: [/srv/data]")).violatesPolicy());
    assertFalse(audit(json, policy("paths: [/opt]")).violatesPolicy());
  }

  /// The last option decides (mount(8)).
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"ro,rw|writable", "rw,ro|read-only", "ro|read-only", "rbind|writable"})
  void a_mount_is_writable_as_its_last_option_says(String options, String word) {
    String json = withMount("/etc", "\"" + options.replace(",", "\",\"") + "\"");
    assertTrue(
        audit(json, Policy.NONE).findings().getFirst().message().contains("host, " + word),
        options);
  }

  /// Section 5.31 of the CIS Docker Benchmark, and 5.19.
  @Test
  void the_benchmark_names_its_recommendations() {
    List<String> said = new ArrayList<>();
    Policy cis = Policy.find("cis-docker").orElseThrow();
    for (AuditFinding finding :
        audit(withMount("/var/run/docker.sock", "\"rshared\""), cis).findings()) {
      said.add(finding.message());
    }
    assertTrue(
        said.contains("policy cis-docker 5.31 does not allow the host's '/var/run/docker.sock'"),
        said.toString());
    assertTrue(
        said.contains(
            "policy cis-docker 5.19 does not allow shared propagation of '/var/run/docker.sock'"),
        said.toString());
  }

  /// Rules that open a disk do so whether or not there is a node: MKNOD makes one.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"allow\": true, \"type\": \"b\", \"major\": 8, \"access\": \"r\"}|the device 'b 8:*'",
        "{\"allow\": true, \"type\": \"b\", \"access\": \"m\"}|",
        "{\"allow\": true, \"access\": \"rwm\"}|every device of the host may be opened",
        "{\"allow\": true, \"type\": \"a\", \"access\": \"m\"}|",
        "{\"allow\": true, \"type\": \"c\", \"major\": 1, \"minor\": 3, \"access\": \"rw\"}|"
      })
  void rules_that_open_devices_are_found(String rule, String message) {
    String json =
        HARDENED.replace(
            "{\"allow\": false, \"access\": \"rwm\"}",
            "{\"allow\": false, \"access\": \"rwm\"}, " + rule);
    List<String> said = new ArrayList<>();
    for (AuditFinding finding : audit(json, Policy.NONE).findings()) {
      said.add(finding.message());
    }
    assertEquals(message == null ? List.of() : List.of(message), said);
  }

  /// What podman inspect says outright is not worked out anew.
  @Test
  void podmans_own_list_counts() {
    Audit audit =
        inspect(
            "{\"Name\": \"x\", \"BoundingCaps\": [\"CAP_KILL\", \"CAP_CHOWN\"],"
                + " \"HostConfig\": {\"CapAdd\": [\"CAP_SYS_ADMIN\"]}}");
    assertEquals("chown, kill", audit.subject().inForce().toString());
  }

  /// On a host without AppArmor and SELinux Docker's profile and label are empty.
  @ParameterizedTest
  @CsvSource({"'', '', true", "docker-default, '', false", "'', u:r:t:s0, false"})
  void dockers_own_word_on_confinement_counts(String profile, String label, boolean unconfined) {
    Audit audit =
        inspect(
            "{\"AppArmorProfile\": \""
                + profile
                + "\", \"ProcessLabel\": \""
                + label
                + "\", \"HostConfig\": {}}");
    assertEquals(unconfined, codes(audit).contains("unconfined"));
  }

  @Test
  void no_container_is_no_finding() {
    assertTrue(Subjects.isInspect(JsonText.parse("-", "[]").root()));
    assertEquals(List.of(), Subjects.ofInspect("-", JsonText.parse("-", "[]").root()));
  }

  @Test
  void every_rule_names_a_public_page() {
    for (AuditRule rule : AuditRule.values()) {
      assertTrue(rule.reference().startsWith("https://"), rule.code());
    }
  }
}
