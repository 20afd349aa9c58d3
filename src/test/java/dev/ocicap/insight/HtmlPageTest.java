package dev.ocicap.insight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.cap.Baseline;
import dev.ocicap.containers.Containers;
import dev.ocicap.spec.RuntimeConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlPageTest {
  private static final Path BROWSER = Path.of("/usr/bin/chromium");

  @TempDir Path directory;

  private static final String CONFIG =
      """
      {"process": {"user": {"uid": 0, "gid": 0}, "capabilities": {
         "bounding": ["CAP_KILL", "CAP_SYS_ADMIN"], "permitted": ["CAP_KILL"],
         "effective": ["CAP_KILL"], "ambient": ["<b>CAP_X"]}},
       "mounts": [{"destination": "/x", "type": "bind",
         "source": "/a<script>alert(1)</script>\\u001b[31m"}]}
      """;

  private static String page() {
    SecurityView view = SecurityView.of("a<b>", RuntimeConfig.parse("config.json", CONFIG));
    return HtmlPage.show(List.of(view), SecurityView.of(Baseline.DOCKER), true);
  }

  @Test
  void text_from_outside_is_never_markup() {
    String page = page();
    assertFalse(page.contains("<script"), page);
    assertFalse(page.contains("<b>"), page);
    assertFalse(page.contains("\u001b"), page);
    assertTrue(page.contains("/a&lt;script&gt;alert(1)&lt;/script&gt;\\u001b[31m"), page);
  }

  @Test
  void the_page_brings_everything_along() {
    String page = page();
    for (String outside :
        new String[] {"http://", "https://", "src=", "href=", "url(", "@import"}) {
      assertFalse(page.contains(outside), outside);
    }
  }

  /// By hand: docker grants 14 in three sets; here KILL is in three and SYS_ADMIN in one.
  @Test
  void each_cell_of_the_matrix_has_its_mark() {
    String page = page();
    assertEquals(3 + 1, count(page, "<rect class=\"same\""), "KILL thrice, and the legend");
    assertEquals(1 + 1, count(page, "<path class=\"add\""), "SYS_ADMIN, and the legend");
    assertEquals(13 * 3 + 1, count(page, "<circle class=\"gone\""), "the others, and the legend");
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  /// The page in a frame of a phone's width: nothing sticks out, every picture has a size, and no
  /// word of a picture is cut off or runs into the next one of its line.
  @Test
  void a_browser_shows_it_on_a_phone() throws Exception {
    Path frame = directory.resolve("frame.html");
    Files.writeString(
        frame,
        """
        <!DOCTYPE html><iframe id="f" style="width:360px;height:800px;border:0"></iframe>
        <script>
        const f = document.getElementById("f");
        f.onload = () => {
          const d = f.contentDocument, sizes = [...d.querySelectorAll("svg")].map(
              s => Math.round(s.getBoundingClientRect().width) + "x"
                  + Math.round(s.getBoundingClientRect().height));
          let clipped = 0, overlapping = 0;
          for (const svg of d.querySelectorAll("svg")) {
            const words = [...svg.querySelectorAll("text")].map(t => t.getBBox());
            for (const w of words) {
              clipped += w.x < -1 || w.x + w.width > svg.viewBox.baseVal.width + 1 ? 1 : 0;
              overlapping += words.filter(v => v !== w && v.y === w.y && v.x > w.x
                  && v.x < w.x + w.width).length;
            }
          }
          document.body.dataset.answer = "overflow "
              + (d.documentElement.scrollWidth - d.documentElement.clientWidth)
              + " errors " + d.querySelectorAll("parsererror").length
              + " clipped " + clipped + " overlapping " + overlapping
              + " pictures " + sizes.filter(s => parseInt(s) > 200).length;
        };
        f.srcdoc = PAGE;
        </script>
        """
            .replace("PAGE", quoted(page())));
    String dom = browse("--dump-dom", "--virtual-time-budget=4000", frame.toUri().toString());
    assertTrue(dom.contains("overflow 0 errors 0 clipped 0 overlapping 0 pictures 2"), dom);
  }

  @Test
  void a_browser_draws_it() throws Exception {
    Path page = directory.resolve("page.html");
    Path picture = directory.resolve("page.png");
    Files.writeString(page, page());
    browse("--screenshot=" + picture, "--window-size=900,1400", page.toUri().toString());
    var image = ImageIO.read(picture.toFile());
    assertEquals(900, image.getWidth());
    boolean red = false;
    boolean green = false;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y) & 0xffffff;
        red |= rgb == 0xc0362c;
        green |= rgb == 0x1a7f4b;
      }
    }
    assertTrue(red && green, "the marks' colours");
  }

  /// On paper, in the darker colours that the page has for it: a few sheets, none of them empty,
  /// with the words of the matrix (15 capabilities, five sets, the risks) and its marks.
  @Test
  void a_browser_prints_it() throws Exception {
    Path page = directory.resolve("page.html");
    Path paper = directory.resolve("page.pdf");
    Files.writeString(page, page());
    browse("--no-pdf-header-footer", "--print-to-pdf=" + paper, page.toUri().toString());
    List<String> sheets = sheets(Files.readString(paper, StandardCharsets.ISO_8859_1));
    assertTrue(!sheets.isEmpty() && sheets.size() <= 4, sheets.size() + " sheets");
    int words = 0;
    for (String sheet : sheets) {
      assertTrue(sheet.contains(" Tj"), "an empty sheet");
      words += count(sheet, " Tj");
    }
    assertTrue(words >= 15 + 5 + 15, words + " runs of text");
    String all = String.join("", sheets);
    // #900 and #060
    assertTrue(all.contains(".6 0 0 rg") && all.contains("0 .4 0 rg"), "the marks' colours");
  }

  /// What is drawn on each page: the compressed streams of a PDF that set text.
  private static List<String> sheets(String pdf) throws Exception {
    List<String> sheets = new ArrayList<>();
    Matcher begin = Pattern.compile("(?<!end)stream\\r?\\n").matcher(pdf);
    while (begin.find()) {
      int end = pdf.indexOf("endstream", begin.end());
      byte[] packed = pdf.substring(begin.end(), end).getBytes(StandardCharsets.ISO_8859_1);
      try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
        String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        if (text.contains(" Tf")) {
          sheets.add(text);
        }
      } catch (ZipException e) {
        // A picture or a font in another format.
      }
    }
    return sheets;
  }

  private String browse(String... args) throws IOException, InterruptedException {
    Containers.need(Files.isExecutable(BROWSER), "chromium is not installed");
    List<String> command =
        new ArrayList<>(
            List.of(
                BROWSER.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + directory.resolve("profile")));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return out;
  }

  private static String quoted(String text) {
    return "\""
        + text.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("</", "<\\/")
        + "\"";
  }
}
