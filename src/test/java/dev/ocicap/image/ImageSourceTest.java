package dev.ocicap.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourceTest {
  @TempDir Path directory;

  private ImageSource parse(String text) {
    return ImageSource.parse(text, directory);
  }

  private String wrong(String text) {
    OcicapException e = assertThrows(OcicapException.class, () -> parse(text));
    return e.problems().getFirst().message();
  }

  @Test
  void names_are_kept_for_skopeo() {
    assertEquals(
        new ImageSource.Named("docker://alpine:3", "docker://", "alpine:3", ""),
        parse("docker://alpine:3"));
    assertEquals(
        new ImageSource.Named("containers-storage:x", "containers-storage:", "x", ""),
        parse("containers-storage:x"));
    assertEquals("'docker://': a name is expected after 'docker://'", wrong("docker://"));
  }

  @Test
  void a_tag_is_what_follows_the_first_colon_behind_a_path_that_exists() throws IOException {
    Path layout = Files.createDirectory(directory.resolve("a:b"));
    Files.writeString(layout.resolve("oci-layout"), "{}");
    assertEquals(new ImageSource.Layout("oci:a:b", layout, ""), parse("oci:a:b"));
    assertEquals(new ImageSource.Layout("oci:a:b:1", layout, "1"), parse("oci:a:b:1"));
    assertEquals(
        new ImageSource.Layout("oci:a:b:host/x:1", layout, "host/x:1"), parse("oci:a:b:host/x:1"));
    assertEquals(new ImageSource.Layout("a:b", layout, ""), parse("a:b"));
  }

  @Test
  void what_is_not_there_is_told() throws IOException {
    Files.createDirectory(directory.resolve("plain"));
    Files.writeString(directory.resolve("file.tar"), "");
    assertEquals(new ImageSource.Directory("plain", directory.resolve("plain")), parse("plain"));
    assertEquals(
        new ImageSource.Archive(
            "docker-archive:file.tar:x:1", "docker-archive", directory.resolve("file.tar"), "x:1"),
        parse("docker-archive:file.tar:x:1"));
    assertEquals("'alpine' is neither a directory nor an image's source", wrong("alpine"));
    assertEquals("'file.tar' is a file: say what it holds", wrong("file.tar"));
    assertEquals(
        "'oci:plain': '"
            + directory.resolve("plain")
            + "' is not an image layout: it has no file 'oci-layout'",
        wrong("oci:plain"));
    assertEquals(
        "'oci-archive:no.tar': '" + directory.resolve("no.tar") + "' does not exist",
        wrong("oci-archive:no.tar"));
    assertEquals("'oci:': a path is missing", wrong("oci:"));
  }
}
