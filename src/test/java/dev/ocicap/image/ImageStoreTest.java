package dev.ocicap.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ocicap.os.DirectoryTree;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Unpacks images with the real umoci and skopeo. As root the files get their owners; the rest
/// holds for every user.
class ImageStoreTest {
  @TempDir Path directory;

  private static long uid() throws IOException {
    return ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
  }

  private ImageStore store() throws IOException {
    return store(Limits.DEFAULT);
  }

  private ImageStore store(Limits limits) throws IOException {
    return new ImageStore(
        directory.resolve("cache"), uid(), Platform.of("amd64"), limits, Progress.NONE);
  }

  private Image open(String source) throws IOException {
    return store().open(ImageSource.parse(source, directory), Pull.MISSING);
  }

  private Image layers(Tar... layers) throws IOException {
    byte[][] bytes = new byte[layers.length][];
    for (int i = 0; i < layers.length; i++) {
      bytes[i] = layers[i].end();
    }
    return open("oci:" + TestLayout.write(directory.resolve("layout"), bytes) + ":1");
  }

  /// The error of an image that is refused; nothing may be left of it, and nothing outside.
  private String refused(Tar... layers) throws IOException {
    Files.writeString(directory.resolve("bystander"), "untouched");
    Files.createDirectories(directory.resolve("cache/ocicap/images"));
    Files.setPosixFilePermissions(
        directory.resolve("cache/ocicap"), PosixFilePermissions.fromString("rwx------"));
    OcicapException e = assertThrows(OcicapException.class, () -> layers(layers));
    assertNothingIsLeft();
    return e.problems().getFirst().message();
  }

  private void assertNothingIsLeft() throws IOException {
    assertEquals("untouched", Files.readString(directory.resolve("bystander")));
    assertEquals(List.of(), names(directory.resolve("cache/ocicap/images")));
    for (String name : names(directory)) {
      assertTrue(List.of("bystander", "cache", "layout", "archive").contains(name), name);
    }
  }

  private static List<String> names(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Set<String> tree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      TreeSet<String> names = new TreeSet<>();
      files.skip(1).forEach(file -> names.add(root.relativize(file).toString()));
      return names;
    }
  }

  @Test
  void layers_are_put_on_top_of_each_other() throws IOException {
    Image image =
        layers(
            new Tar()
                .directory("etc/")
                .file("etc/kept", "lower")
                .file("etc/replaced", "lower")
                .file("etc/removed", "lower")
                .directory("opaque/")
                .file("opaque/lower", "lower")
                .directory("usr/")
                .directory("usr/bin/")
                .symbolicLink("bin", "usr/bin")
                .directory("run/")
                .directory("var/")
                .symbolicLink("var/run", "/run"),
            new Tar()
                .file("etc/replaced", "upper")
                .file("etc/.wh.removed", "")
                .directory("opaque/")
                .file("opaque/.wh..wh..opq", "")
                .file("opaque/upper", "upper")
                .file("bin/tool", "upper", 04755, 0, 0)
                .hardLink("bin/alias", "usr/bin/tool")
                .file("var/run/pid", "1"));
    assertEquals(
        new TreeSet<>(
            List.of(
                "bin",
                "etc",
                "etc/kept",
                "etc/replaced",
                "opaque",
                "opaque/upper",
                "run",
                "run/pid",
                "usr",
                "usr/bin",
                "usr/bin/alias",
                "usr/bin/tool",
                "var",
                "var/run")),
        tree(image.rootfs()));
    assertEquals("upper", Files.readString(image.rootfs().resolve("etc/replaced")));
    assertEquals(
        Files.getAttribute(image.rootfs().resolve("usr/bin/tool"), "unix:ino"),
        Files.getAttribute(image.rootfs().resolve("usr/bin/alias"), "unix:ino"));
    assertEquals(
        04755,
        (int) Files.getAttribute(image.rootfs().resolve("usr/bin/tool"), "unix:mode") & 07777);
    assertEquals(List.of("sh", "-c", "id"), image.config().command());
    assertEquals("app:staff", image.config().user());
  }

  @Test
  void owners_devices_and_file_capabilities_survive_unpacking_and_copying_as_root()
      throws IOException, InterruptedException {
    assumeTrue(uid() == 0, "only root can make what this test makes");
    // A file capability set of version 2 with net_bind_service permitted and effective.
    String capability =
        new String(
            new byte[] {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
            StandardCharsets.ISO_8859_1);
    Image image =
        layers(
            new Tar()
                .file("app", "x", 0640, 1000, 50)
                .directory("dev/")
                .device("dev/null", 1, 3)
                .extended('x', "SCHILY.xattr.security.capability", capability)
                .file("server", "x"));
    assertEquals(List.of(), image.notes());
    Path copy = directory.resolve("bundle/rootfs");
    Files.createDirectories(directory.resolve("bundle"));
    image.copyTo(copy, Progress.NONE);
    for (Path root : List.of(image.rootfs(), copy)) {
      Map<String, Object> app = Files.readAttributes(root.resolve("app"), "unix:uid,gid");
      assertEquals(1000, app.get("uid"));
      assertEquals(50, app.get("gid"));
      assertEquals(0640, (int) Files.getAttribute(root.resolve("app"), "unix:mode") & 07777);
      assertEquals(0x103L, Files.getAttribute(root.resolve("dev/null"), "unix:rdev"));
      Process getcap = new ProcessBuilder("getcap", root.resolve("server").toString()).start();
      String shown = new String(getcap.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, getcap.waitFor());
      assertTrue(shown.strip().endsWith(" cap_net_bind_service=ep"), shown);
    }
    assertEquals(List.of("rootfs"), names(directory.resolve("bundle")));
  }

  @Test
  void files_that_nobody_may_read_are_unpacked_and_copied() throws IOException {
    Image image = layers(new Tar().directory("etc").file("etc/shadow", "secret", 0, 0, 0));
    Path copy = directory.resolve("copy");
    image.copyTo(copy, Progress.NONE);
    assertEquals("secret", Files.readString(copy.resolve("etc/shadow")));
    int mode = (int) Files.getAttribute(copy.resolve("etc/shadow"), "unix:mode") & 07777;
    assertEquals(uid() == 0 ? 0 : 0400, mode);
  }

  @Test
  void the_second_time_the_image_comes_from_the_cache() throws IOException {
    Image first = layers(new Tar().file("a", "1"));
    Files.writeString(first.rootfs().resolve("mark"), "");
    Image second = layers(new Tar().file("a", "1"));
    assertEquals(first.rootfs(), second.rootfs());
    assertEquals(first.config(), second.config());
    assertTrue(Files.exists(second.rootfs().resolve("mark")));
    assertFalse(
        Files.exists(layers(new Tar().file("a", "2")).rootfs().resolve("mark")),
        "another image with the same name");
  }

  @Test
  void members_that_lead_out_of_the_image_are_refused() throws IOException {
    String outside = directory.resolve("outside").toString();
    assertEquals(
        "layer 1 of 1: '/etc/passwd' leads out of the image: its path is absolute",
        refused(new Tar().file("/etc/passwd", "x")));
    assertEquals(
        "layer 1 of 1: '../../x' leads out of the image: its path contains '..'",
        refused(new Tar().file("../../x", "x")));
    assertEquals(
        "layer 1 of 1: 'a/../../x' leads out of the image: its path contains '..'",
        refused(new Tar().directory("a").file("a/../../x", "x")));
    assertEquals(
        "layer 1 of 1: 'e/x' leads out of the image:"
            + " its path passes a symbolic link to what the image does not have",
        refused(new Tar().symbolicLink("e", outside).file("e/x", "x")));
    assertEquals(
        "layer 2 of 2: 'e/x' leads out of the image: its path passes a symbolic link that does",
        refused(new Tar().symbolicLink("e", "../../../tmp"), new Tar().file("e/x", "x")));
    assertEquals(
        "layer 1 of 1: 'h' leads out of the image:"
            + " its hard link's target '/etc/shadow' is absolute",
        refused(new Tar().hardLink("h", "/etc/shadow")));
    assertEquals(
        "layer 1 of 1: 'h' leads out of the image:"
            + " its hard link's target '../bystander' contains '..'",
        refused(new Tar().hardLink("h", "../bystander")));
    assertEquals(
        "layer 1 of 1: 'h' is a hard link to 'nothing', which the image does not have",
        refused(new Tar().hardLink("h", "nothing")));
    assertEquals(
        "layer 1 of 1: 'a/b' passes more than 40 symbolic links",
        refused(new Tar().symbolicLink("a", "a").file("a/b", "x")));
    assertEquals(
        "layer 1 of 1: '.' is the root directory, but not a directory",
        refused(new Tar().symbolicLink(".", outside)));
    assertEquals(
        "layer 1 of 1: '/tmp/x' leads out of the image: its path is absolute",
        refused(new Tar().extended('x', "path", "/tmp/x").file("harmless", "x")));
    assertEquals(
        "layer 1 of 1: '/tmp/y' leads out of the image: its path is absolute",
        refused(
            new Tar()
                .member("././@LongLink", 'L', "", "/tmp/y\0".getBytes(StandardCharsets.UTF_8))
                .file("harmless", "x")));
  }

  @Test
  void whiteouts_of_what_is_outside_of_their_directory_are_refused() throws IOException {
    String why = " is a whiteout of a directory that is not in the layer's reach";
    // umoci 0.4.7 removes the directory above the root file system for the first of these.
    for (String name : List.of(".wh...", ".wh..", ".wh.", "a/.wh...", "a/.wh..")) {
      assertEquals(
          "layer 1 of 1: '" + name + "'" + why, refused(new Tar().directory("a").file(name, "")));
    }
    assertEquals(
        "layer 1 of 1: '../.wh.bystander' leads out of the image: its path contains '..'",
        refused(new Tar().file("../.wh.bystander", "")));
    assertEquals(
        "layer 2 of 2: 'a/.wh.bystander' leads out of the image:"
            + " its path passes a symbolic link to what the image does not have",
        refused(
            new Tar().symbolicLink("a", directory.toString()),
            new Tar().file("a/.wh.bystander", "")));
  }

  @Test
  void archives_that_programs_read_differently_are_refused() throws IOException {
    String cannot = "layer 1 of 1: cannot be used: ";
    assertEquals(
        cannot + "a member with two names or an empty one",
        refused(new Tar().extended('x', "path", "a", "path", "b").file("c", "x")));
    assertEquals(
        cannot + "a sparse file, which is not supported",
        refused(
            new Tar()
                .extended('x', "GNU.sparse.major", "1", "GNU.sparse.realsize", "99999999999")
                .file("c", "x")));
    assertEquals(
        cannot + "a global extended header, which is not supported",
        refused(new Tar().extended('g', "path", "/etc/passwd").file("c", "x")));
    assertEquals(
        cannot + "'x' is of the unknown type 'Z'",
        refused(new Tar().member("x", 'Z', "", new byte[0])));
    assertEquals(
        cannot + "'x/' is a file with the name of a directory",
        refused(new Tar().file("x/", "content")));
    byte[] damaged = new Tar().file("a", "x").end();
    damaged[0] = 'b';
    Path layout = TestLayout.write(directory.resolve("layout"), damaged);
    OcicapException e = assertThrows(OcicapException.class, () -> open("oci:" + layout));
    assertEquals(
        cannot + "not a tar archive, or a damaged header", e.problems().getFirst().message());
  }

  @Test
  void device_nodes_need_root() throws IOException {
    byte[] layer = new Tar().directory("dev").device("dev/sda", 8, 0).end();
    Path layout = TestLayout.write(directory.resolve("layout"), layer);
    LayerCheck check = new LayerCheck("img", Limits.DEFAULT, false, Progress.NONE);
    ImageLayout found = new ImageLayout(layout, "img");
    OcicapException e =
        assertThrows(
            OcicapException.class,
            () -> check.check(found, found.image(found.manifest("1", Platform.of("amd64")))));
    assertEquals(
        "layer 1 of 1: 'dev/sda' is a device node, which only root can make",
        e.problems().getFirst().message());
  }

  @Test
  void an_image_that_costs_too_much_is_refused_before_it_is_unpacked() throws IOException {
    byte[] zeros = new Tar().member("zeros", '0', "", new byte[80 << 20]).end();
    Path layout = TestLayout.write(directory.resolve("layout"), zeros);
    ImageSource source = ImageSource.parse("oci:" + layout, directory);
    Map<Limits, String> cases =
        Map.of(
            Limits.DEFAULT,
            "layer 1 of 1: grows to more than 200 times its size",
            new Limits(10 << 20, 10, 100_000, 0),
            "layer 1 of 1: brings the image to more than 10485760 bytes",
            new Limits(1L << 40, 0, 100_000, 0),
            "layer 1 of 1: brings the image to more than 0 files");
    for (Map.Entry<Limits, String> limited : cases.entrySet()) {
      ImageStore store = store(limited.getKey());
      OcicapException e =
          assertThrows(OcicapException.class, () -> store.open(source, Pull.MISSING));
      assertEquals(limited.getValue(), e.problems().getFirst().message());
      assertEquals(List.of(), names(directory.resolve("cache/ocicap/images")));
    }
  }

  @Test
  void what_differs_from_its_digest_is_refused() throws IOException {
    byte[] layer = new Tar().file("a", "right").end();
    Path layout = TestLayout.write(directory.resolve("layout"), layer);
    Path blobs = layout.resolve("blobs/sha256");
    Path blob = blobs.resolve(Sha256.of(TestLayout.gzip(layer)));
    byte[] right = Files.readAllBytes(blob);
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      byte[] wrong = right.clone();
      wrong[10 + random.nextInt(wrong.length - 10)] ^= (byte) (1 + random.nextInt(255));
      Files.write(blob, wrong);
      OcicapException e = assertThrows(OcicapException.class, () -> open("oci:" + layout));
      assertTrue(e.problems().getFirst().message().startsWith("layer 1 of 1: "));
    }
    Files.write(blob, new byte[0]);
    assertThrows(OcicapException.class, () -> open("oci:" + layout));
    Files.delete(blob);
    assertThrows(OcicapException.class, () -> open("oci:" + layout));
    Files.createSymbolicLink(blob, Path.of("/dev/zero"));
    assertThrows(OcicapException.class, () -> open("oci:" + layout));

    Path other =
        TestLayout.write(
            directory.resolve("other"),
            TestLayout.CONFIG,
            List.of("sha256:" + "0".repeat(64)),
            layer);
    OcicapException e = assertThrows(OcicapException.class, () -> open("oci:" + other));
    assertEquals(
        "layer 1 of 1: is not the one of the image's configuration: its digest differs",
        e.problems().getFirst().message());
    assertEquals(List.of(), names(directory.resolve("cache/ocicap/images")));
  }

  @Test
  void digests_that_are_paths_are_refused() throws IOException {
    Path layout = TestLayout.write(directory.resolve("layout"), new Tar().file("a", "b").end());
    Path index = layout.resolve("index.json");
    String text = Files.readString(index);
    int digest = text.indexOf("sha256:");
    for (String wrong : List.of("sha256:../../../../etc/passwd", "sha256:", "sha512:00", "x")) {
      Files.writeString(index, text.substring(0, digest) + wrong + text.substring(digest + 71));
      OcicapException e = assertThrows(OcicapException.class, () -> open("oci:" + layout));
      assertEquals(
          "the digest '" + wrong + "' is not 'sha256:' and 64 hexadecimal digits",
          e.problems().getFirst().message());
    }
  }

  @Test
  void an_image_is_chosen_by_its_tag_and_its_platform() throws IOException {
    Path layout = TestLayout.write(directory.resolve("layout"), new Tar().file("a", "b").end());
    assertEquals(List.of("a"), names(open("oci:" + layout + ":1").rootfs()));
    assertEquals(List.of("a"), names(open(layout.toString()).rootfs()));
    OcicapException e = assertThrows(OcicapException.class, () -> open("oci:" + layout + ":2"));
    assertEquals(
        "the layout has no image '2' for amd64: it has 1", e.problems().getFirst().message());
  }

  /// The index of a registry's image has one for each platform (image-spec image-index.md).
  @Test
  void of_an_index_the_image_for_the_platform_is_taken() throws IOException {
    Path layout =
        TestLayout.writeIndex(
            directory.resolve("layout"), List.of("amd64", "arm/v6", "arm/v7", "arm64"));
    assertEquals("amd64", forPlatform(layout, Platform.of("amd64")));
    assertEquals("arm64", forPlatform(layout, new Platform("arm64", "v8")));
    assertEquals("arm-v6", forPlatform(layout, Platform.of("arm")), "any variant: the first");
    assertEquals("arm-v7", forPlatform(layout, new Platform("arm", "v7")));
    assertEquals(
        "the image does not exist for linux/arm/v5",
        assertThrows(OcicapException.class, () -> forPlatform(layout, new Platform("arm", "v5")))
            .problems()
            .getFirst()
            .message());
  }

  private String forPlatform(Path layout, Platform platform) throws IOException {
    Image image =
        new ImageStore(directory.resolve("cache"), uid(), platform, Limits.DEFAULT, Progress.NONE)
            .open(ImageSource.parse("oci:" + layout + ":many", directory), Pull.MISSING);
    return names(image.rootfs()).getFirst();
  }

  @Test
  void archives_of_layouts_are_read_also_compressed() throws IOException {
    Path layout =
        TestLayout.write(directory.resolve("layout"), new Tar().file("a", "from an archive").end());
    Tar tar = new Tar();
    tar.member("oci-layout", '0', "", Files.readAllBytes(layout.resolve("oci-layout")));
    tar.member("index.json", '0', "", Files.readAllBytes(layout.resolve("index.json")));
    tar.directory("blobs/").directory("blobs/sha256/");
    for (String blob : names(layout.resolve("blobs/sha256"))) {
      tar.member(
          "blobs/sha256/" + blob,
          '0',
          "",
          Files.readAllBytes(layout.resolve("blobs/sha256").resolve(blob)));
    }
    Path archive = directory.resolve("a:colon.tar");
    Files.write(archive, tar.end());
    Path compressed = directory.resolve("a.tar.gz");
    Files.write(compressed, TestLayout.gzip(tar.end()));
    for (Path file : List.of(archive, compressed)) {
      Image image = open("oci-archive:" + file + ":1");
      assertEquals("from an archive", Files.readString(image.rootfs().resolve("a")));
      assertEquals("/app", image.config().workingDirectory());
    }
  }

  @Test
  void an_archive_of_a_layout_holds_plain_files_only() throws IOException {
    Path archive = directory.resolve("archive");
    for (Tar tar :
        List.of(
            new Tar().file("../bystander", "x"),
            new Tar().symbolicLink("blobs", "/etc"),
            new Tar().hardLink("index.json", "oci-layout"),
            new Tar().file("/tmp/x", "x"))) {
      Files.write(archive, tar.end());
      OcicapException e = assertThrows(OcicapException.class, () -> open("oci-archive:" + archive));
      assertTrue(e.problems().getFirst().message().startsWith("the archive: "));
    }
    assertEquals(List.of(), names(directory.resolve("cache/ocicap/images")));
  }

  @Test
  void forms_that_umoci_does_not_know_are_converted() throws IOException, InterruptedException {
    Path layout = TestLayout.write(directory.resolve("layout"), new Tar().file("a", "b").end());
    Path zstd = directory.resolve("zstd");
    Process skopeo =
        new ProcessBuilder(
                "skopeo",
                "copy",
                "--quiet",
                "--dest-compress-format",
                "zstd",
                "oci:" + layout + ":1",
                "oci:" + zstd + ":1")
            .start();
    assertEquals(0, skopeo.waitFor());
    Descriptor manifest = new ImageLayout(zstd, "").manifest("1", Platform.of("amd64"));
    assertFalse(new ImageLayout(zstd, "").image(manifest).isForUmoci());
    assertEquals("b", Files.readString(open("oci:" + zstd + ":1").rootfs().resolve("a")));
  }

  /// The members of what `docker save` writes (image-spec of Docker 1.2).
  private Tar dockerArchive(byte[] layer, String diffId) {
    String config =
        """
        {"architecture":"amd64","os":"linux","config":{"Entrypoint":["/init"],\
        "Healthcheck":{"Test":["CMD","true"],"Interval":30000000000,"Retries":3}},\
        "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
        """
            .replace("%s", diffId);
    byte[] bytes = config.getBytes(StandardCharsets.UTF_8);
    String name = Sha256.of(bytes) + ".json";
    return new Tar()
        .member(name, '0', "", bytes)
        .directory("l")
        .member("l/layer.tar", '0', "", layer)
        .file(
            "manifest.json",
            "[{\"Config\":\""
                + name
                + "\",\"RepoTags\":[\"test/image:1\"],\"Layers\":[\"l/layer.tar\"]}]");
  }

  @Test
  void archives_of_docker_are_read_with_what_only_docker_knows() throws IOException {
    byte[] layer = new Tar().file("init", "#!/bin/sh").end();
    byte[] archive = dockerArchive(layer, Sha256.of(layer)).end();
    Path plain = directory.resolve("d.tar");
    Files.write(plain, archive);
    Path compressed = directory.resolve("d.tar.gz");
    Files.write(compressed, TestLayout.gzip(archive));
    for (String source :
        List.of(
            "docker-archive:" + plain,
            "docker-archive:" + plain + ":test/image:1",
            "docker-archive:" + compressed)) {
      Image image = open(source);
      assertEquals(List.of("init"), names(image.rootfs()));
      assertEquals(List.of("/init"), image.config().entrypoint());
      assertEquals(
          new Healthcheck(List.of("CMD", "true"), 30_000_000_000L, 0, 0, 0, 3),
          image.config().healthcheck());
    }
  }

  @Test
  void an_archive_of_docker_with_a_wrong_layer_is_refused() throws IOException {
    byte[] layer = new Tar().file("init", "evil").end();
    Path archive = directory.resolve("archive");
    Files.write(archive, dockerArchive(layer, "0".repeat(64)).end());
    assertThrows(OcicapException.class, () -> open("docker-archive:" + archive));
    byte[] hostile = new Tar().file(".wh...", "").end();
    Files.write(archive, dockerArchive(hostile, Sha256.of(hostile)).end());
    OcicapException e =
        assertThrows(OcicapException.class, () -> open("docker-archive:" + archive));
    assertTrue(e.problems().getFirst().message().contains("whiteout"));
    assertEquals(List.of(), names(directory.resolve("cache/ocicap/images")));
  }

  @Test
  void the_export_of_a_container_is_a_root_file_system() throws IOException {
    byte[] tar = new Tar().directory("etc/").file("etc/hostname", "box").end();
    Path archive = directory.resolve("export.tar");
    for (byte[] bytes : List.of(tar, TestLayout.gzip(tar))) {
      Files.write(archive, bytes);
      Image image = open("rootfs-archive:" + archive);
      assertEquals("box", Files.readString(image.rootfs().resolve("etc/hostname")));
      assertEquals(List.of(), image.config().command());
    }
    Files.write(archive, new Tar().file("../x", "").end());
    assertThrows(OcicapException.class, () -> open("rootfs-archive:" + archive));
  }

  @Test
  void a_directory_is_a_root_file_system() throws IOException {
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.writeString(root.resolve("file"), "x");
    Files.createSymbolicLink(root.resolve("link"), Path.of("/etc/passwd"));
    Image image = open("root");
    assertEquals(ImageConfig.EMPTY, image.config());
    Path copy = directory.resolve("copy");
    image.copyTo(copy, Progress.NONE);
    assertEquals(List.of("file", "link"), names(copy));
    assertTrue(Files.isSymbolicLink(copy.resolve("link")));
    OcicapException e =
        assertThrows(OcicapException.class, () -> image.copyTo(copy, Progress.NONE));
    assertEquals("exists already", e.problems().getFirst().message());
  }

  @Test
  void a_cache_that_others_can_change_is_not_used() throws IOException {
    layers(new Tar().file("a", "1"));
    Files.setPosixFilePermissions(
        directory.resolve("cache/ocicap"), PosixFilePermissions.fromString("rwxrwxrwx"));
    OcicapException e = assertThrows(OcicapException.class, () -> layers(new Tar().file("a", "1")));
    assertEquals(
        "the cache belongs to another user, or others may write into it",
        e.problems().getFirst().message());
  }

  @Test
  void a_copy_that_fails_leaves_nothing() throws IOException {
    Image image =
        new Image(
            ImageSource.parse(".", directory),
            ImageConfig.EMPTY,
            directory.resolve("missing"),
            List.of());
    Path target = directory.resolve("target");
    OcicapException e =
        assertThrows(OcicapException.class, () -> image.copyTo(target, Progress.NONE));
    assertTrue(e.problems().getFirst().message().startsWith("cp failed: "));
    assertEquals(List.of(), names(directory));
  }

  @Test
  void a_missing_program_is_told_with_the_command_that_installs_it() {
    OcicapException e =
        assertThrows(
            OcicapException.class,
            () -> new Tool("ocicap-no-such-program", "some-package").run("x", List.of()));
    assertEquals(
        List.of(
            new Problem(
                null,
                "'ocicap-no-such-program' is needed for this and cannot be run: is it installed?",
                "sudo apt-get install some-package")),
        e.problems());
  }

  @Test
  void progress_is_told_step_by_step() throws IOException {
    List<String> steps = new ArrayList<>();
    Path layout = TestLayout.write(directory.resolve("layout"), new Tar().file("a", "b").end());
    new ImageStore(
            directory.resolve("cache"),
            uid(),
            Platform.of("amd64"),
            Limits.DEFAULT,
            (step, done, total) -> steps.add(step))
        .open(ImageSource.parse("oci:" + layout, directory), Pull.MISSING);
    assertEquals(List.of("checking layer 1 of 1", "unpacking"), steps);
  }

  @Test
  void a_directory_that_its_modes_protect_is_removed_all_the_same() throws IOException {
    Path locked = Files.createDirectories(directory.resolve("locked/inner"));
    Files.writeString(locked.resolve("file"), "");
    Files.createSymbolicLink(directory.resolve("locked/link"), Path.of("/etc"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    DirectoryTree.delete(directory.resolve("locked"));
    assertFalse(Files.exists(directory.resolve("locked"), LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(Path.of("/etc/passwd")));
  }
}
