package dev.ocicap.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images of a real registry on this machine (Debian's docker-registry), which speaks plain HTTP as
/// Docker expects of one that listens on the loopback interface.
class RegistryTest {
  private static final String PROGRAM = "docker-registry";

  /// The password is `secret` (bcrypt).
  private static final String PASSWORDS =
      "me:$2b$12$dFKmECaAgL3bq9ReFTT9Zet5d9JPItgF92pnPLotLMXAbrOAHiRSm\n";

  @TempDir Path directory;
  private Process registry;
  private String host = "";

  @BeforeEach
  void start() throws Exception {
    assumeTrue(isInstalled(), "apt-get install " + PROGRAM);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    host = "localhost:" + port;
    Files.writeString(directory.resolve("passwords"), PASSWORDS);
    Path config =
        Files.writeString(
            directory.resolve("config.yml"),
            """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: '%s/data'}}
            http: {addr: '127.0.0.1:%d'}
            auth: {htpasswd: {realm: test, path: '%s/passwords'}}
            """
                .formatted(directory, port, directory));
    registry =
        new ProcessBuilder(PROGRAM, "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("registry.log").toFile())
            .start();
    waitFor(port);
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.destroy();
    }
  }

  private static boolean isInstalled() {
    for (String path : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(path, PROGRAM))) {
        return true;
      }
    }
    return false;
  }

  private void waitFor(int port) throws Exception {
    while (registry.isAlive()) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new AssertionError(Files.readString(directory.resolve("registry.log")));
  }

  private void push(String layout, String name) throws Exception {
    Process process =
        new ProcessBuilder(
                "skopeo",
                "copy",
                "--all",
                "--dest-tls-verify=false",
                "--dest-creds=me:secret",
                layout,
                "docker://" + host + "/" + name)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private void login(String password) throws IOException {
    String secret =
        Base64.getEncoder().encodeToString(("me:" + password).getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        Files.createDirectories(directory.resolve("docker")).resolve("config.json"),
        "{\"auths\":{\"" + host + "\":{\"auth\":\"" + secret + "\"}}}");
  }

  private String open(String name) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OpenImage.class.getName(),
            "docker://" + host + "/" + name,
            directory.resolve("cache").toString(),
            Pull.ALWAYS.name());
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("DOCKER_CONFIG", directory.resolve("docker").toString());
    builder.environment().remove("REGISTRY_AUTH_FILE");
    builder.environment().remove("XDG_RUNTIME_DIR");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(60, TimeUnit.SECONDS);
    return out.strip();
  }

  @Test
  void an_image_is_found_by_tag_and_by_digest() throws Exception {
    Path layout = TestLayout.write(directory.resolve("layout"), new Tar().file("a", "1").end());
    String digest = new ImageLayout(layout, "").manifest("1", Platform.of("amd64")).digest();
    push("oci:" + layout + ":1", "some/image:tag");
    login("secret");

    String rootfs = open("some/image:tag");
    assertEquals("1", Files.readString(Path.of(rootfs, "a")));
    assertEquals(rootfs, open("some/image@" + digest));
    // Docker does not look at a tag before a digest.
    assertEquals(rootfs, open("some/image:tag@" + digest));
    assertEquals(rootfs, open("some/image:other@" + digest));

    for (String absent :
        List.of("some/image", "some/image:x", "other:1", "some/image@sha256:" + "1".repeat(64))) {
      String said = open(absent);
      assertTrue(said.startsWith("refused: skopeo failed: reading manifest"), said);
      assertTrue(said.endsWith("manifest unknown"), said);
    }
  }

  @Test
  void the_image_for_the_platform_is_taken_from_an_index() throws Exception {
    Path layout = TestLayout.writeIndex(directory.resolve("many"), List.of("arm64/v8", "amd64"));
    push("oci:" + layout + ":many", "many:1");
    login("secret");
    String rootfs = open("many:1");
    assertTrue(Files.exists(Path.of(rootfs, "amd64")), rootfs);
  }

  @Test
  void credentials_are_those_of_docker_login() throws Exception {
    Path layout = TestLayout.write(directory.resolve("layout"), new Tar().file("a", "1").end());
    push("oci:" + layout + ":1", "image:1");

    String said = open("image:1");
    assertTrue(said.endsWith("unauthorized: authentication required"), said);
    login("wrong");
    said = open("image:1");
    assertTrue(said.endsWith("unauthorized: authentication required"), said);
    login("secret");
    assertEquals("1", Files.readString(Path.of(open("image:1"), "a")));
  }
}
