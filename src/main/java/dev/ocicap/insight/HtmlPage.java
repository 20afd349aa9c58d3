package dev.ocicap.insight;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.SetName;
import dev.ocicap.report.Escape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page without anything from outside: a matrix of the sets as a picture for each
/// configuration, what differs, and what else decides. It can be read on paper, where colours may
/// be missing, since every mark has its own shape; and on a phone, since pictures shrink with it.
public final class HtmlPage {
  private static final int ROW = 22;
  private static final int NAME = 144;
  private static final int COLUMN = 58;
  private static final int HEAD = 34;
  private static final int RISK = 66;

  /// How far the names of every second column stand above the others: a phone is too narrow for all
  /// of them in a line.
  private static final int ABOVE = 16;

  /// The width of an area's name.
  private static final int AREA = 192;

  private static final int WIDTH = NAME + 5 * COLUMN + RISK;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6470;--line:#d5dae0;--paper:#fff;\
      --add:#c0362c;--gone:#1a7f4b;--same:#33527a}
      @media (prefers-color-scheme:dark){:root{--ink:#e8ebef;--soft:#a3adb9;--line:#3a424c;\
      --paper:#14181d;--add:#ff8478;--gone:#5fd39a;--same:#93b8ea}}
      @media print{:root{--ink:#000;--soft:#333;--line:#999;--paper:#fff;--add:#900;--gone:#060;\
      --same:#024}svg{break-inside:avoid}section+section{break-before:page}h1,h2,h3,dt{break-after:avoid}}
      *{box-sizing:border-box}
      body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--paper);color:var(--ink);\
      font:16px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
      h1{font-size:1.5rem}h2{font-size:1.2rem;border-bottom:1px solid var(--line)}h3{font-size:1rem}
      svg{width:100%;max-width:32rem;height:auto;display:block;font:14px system-ui,sans-serif}
      svg text{fill:var(--ink)}svg .soft{fill:var(--soft)}svg .line{stroke:var(--line)}
      .same{fill:var(--same)}.add{fill:var(--add)}.gone{fill:none;stroke:var(--gone);\
      stroke-width:2.5}.root{fill:var(--add);font-weight:600}
      dl{display:grid;grid-template-columns:minmax(6rem,auto) 1fr;gap:.15rem .8rem}
      dt{color:var(--soft)}dd{margin:0}
      p.add{color:var(--add)}p.gone{color:var(--gone)}h3,p.add,p.gone{margin:.4rem 0}\
      .bar{fill:var(--gone)}
      @media (max-width:30rem){dl{grid-template-columns:1fr}dt{margin-top:.5rem}}
      """;

  private final StringBuilder out = new StringBuilder();

  private HtmlPage() {}

  /// The page of some configurations, each compared with the same other one.
  ///
  /// @param against what to compare with, or null
  /// @param capabilitiesOnly whether only the sets of the other one are known
  public static String show(
      List<SecurityView> views, @Nullable SecurityView against, boolean capabilitiesOnly) {
    HtmlPage page = new HtmlPage();
    page.begin("What these containers may do");
    for (SecurityView view : views) {
      page.section(view, against);
      if (against != null) {
        page.difference(against, view, SecurityDiff.of(against, view, capabilitiesOnly));
      }
    }
    return page.end();
  }

  /// The page of a difference.
  public static String diff(SecurityView before, SecurityView after) {
    HtmlPage page = new HtmlPage();
    page.begin("What has changed");
    page.section(after, before);
    page.difference(before, after, SecurityDiff.of(before, after, false));
    return page.end();
  }

  private void begin(String title) {
    out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.append("<title>").append(title).append("</title>\n<style>\n").append(STYLE);
    out.append("</style>\n</head>\n<body>\n<h1>").append(title).append("</h1>\n");
  }

  private String end() {
    return out.append("</body>\n</html>\n").toString();
  }

  private void section(SecurityView view, @Nullable SecurityView against) {
    out.append("<section>\n<h2>");
    text(view.name());
    out.append("</h2>\n");
    matrix(view, against);
    if (!view.unknownNames().isEmpty()) {
      out.append("<p>No capability's name: ");
      text(String.join(", ", view.unknownNames()));
      out.append("</p>\n");
    }
    out.append("<dl>\n");
    for (SecurityView.Area area : view.areas()) {
      List<String> items = area.items();
      if (area.name().equals("privileged") && items.isEmpty()) {
        items = List.of("no");
      }
      if (!items.isEmpty()) {
        out.append("<dt>").append(area.name()).append("</dt>");
        out.append("<dd>");
        boolean first = true;
        for (String item : items) {
          out.append(first ? "" : "<br>");
          text(item);
          first = false;
        }
        out.append("</dd>\n");
      }
    }
    out.append("</dl>\n</section>\n");
  }

  private void matrix(SecurityView view, @Nullable SecurityView against) {
    CapabilitySet rows = view.capabilities().union();
    if (against != null) {
      rows = rows.plus(against.capabilities().union());
    }
    if (rows.isEmpty()) {
      out.append("<p>No capability in any set.</p>\n");
      return;
    }
    int head = HEAD + ABOVE;
    int height = head + ROW * rows.size() + (against == null ? 8 : 34);
    out.append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(height);
    out.append("\" role=\"img\" aria-label=\"the five capability sets\">\n");
    int column = 0;
    for (SetName set : SetName.values()) {
      int line = head - 12 - (column % 2 == 0 ? ABOVE : 0);
      label(NAME + column * COLUMN + COLUMN / 2, line, "middle", "soft", set.key());
      column++;
    }
    label(WIDTH - RISK + 8, head - 12, "start", "soft", "risk");
    int y = head;
    for (Capability capability : rows.members()) {
      out.append("<line class=\"line\" x1=\"0\" x2=\"").append(WIDTH);
      out.append("\" y1=\"").append(y).append("\" y2=\"").append(y).append("\"/>\n");
      CapabilityFacts facts = CapabilityFacts.of(capability);
      out.append("<g><title>");
      text("lets a process " + facts.meaning());
      out.append("</title>");
      label(0, y + 15, "start", "", capability.shortName());
      out.append("</g>\n");
      int x = NAME + COLUMN / 2;
      for (SetName set : SetName.values()) {
        boolean has = view.capabilities().set(set).contains(capability);
        boolean had = against == null ? has : against.capabilities().set(set).contains(capability);
        mark(x, y + ROW / 2, has, had);
        x += COLUMN;
      }
      label(WIDTH - RISK + 8, y + 15, "start", facts.risk().word(), facts.risk().word());
      y += ROW;
    }
    if (against != null) {
      legend(y + 18, against.name());
    }
    out.append("</svg>\n");
  }

  private void legend(int y, String name) {
    mark(10, y, true, true);
    label(22, y + 5, "start", "soft", "both");
    mark(80, y, true, false);
    label(92, y + 5, "start", "soft", "only here");
    mark(180, y, false, true);
    String shown = name.length() > 28 ? name.substring(0, 28) + "…" : name;
    label(192, y + 5, "start", "soft", "only in " + shown);
  }

  /// A square: in both; a plus: only here; a ring: only there.
  private void mark(int x, int y, boolean has, boolean had) {
    if (has && had) {
      out.append("<rect class=\"same\" x=\"").append(x - 6).append("\" y=\"").append(y - 6);
      out.append("\" width=\"12\" height=\"12\" rx=\"2\"/>\n");
    } else if (has) {
      out.append("<path class=\"add\" d=\"M").append(x - 2).append(' ').append(y - 7);
      out.append("h4v5h5v4h-5v5h-4v-5h-5v-4h5z\"/>\n");
    } else if (had) {
      out.append("<circle class=\"gone\" cx=\"").append(x).append("\" cy=\"").append(y);
      out.append("\" r=\"5.5\"/>\n");
    }
  }

  private void label(int x, int y, String anchor, String style, String label) {
    out.append("<text x=\"").append(x).append("\" y=\"").append(y);
    out.append("\" text-anchor=\"").append(anchor).append("\" class=\"").append(style);
    out.append("\">");
    text(label);
    out.append("</text>\n");
  }

  private void difference(SecurityView before, SecurityView after, SecurityDiff diff) {
    out.append("<section>\n<h2>");
    text(before.name() + " → " + after.name());
    out.append("</h2>\n");
    if (diff.isEmpty()) {
      out.append("<p>No difference.</p>\n");
    }
    bars(diff);
    for (SecurityDiff.Change change : diff.changes()) {
      out.append("<h3>");
      text(change.area());
      out.append("</h3>\n");
      items("gone", "− ", change.removed());
      items("add", "+ ", change.added());
    }
    out.append("</section>\n");
  }

  private void items(String style, String sign, List<String> items) {
    if (!items.isEmpty()) {
      out.append("<p class=\"").append(style).append("\">").append(sign);
      boolean sentences = items.getFirst().indexOf(' ') >= 0;
      text(String.join(sentences ? "; " : ", ", items));
      out.append("</p>\n");
    }
  }

  /// How many things of each area went, to the left, and came, to the right.
  private void bars(SecurityDiff diff) {
    int most = 1;
    for (SecurityDiff.Change change : diff.changes()) {
      most = Math.max(most, Math.max(change.removed().size(), change.added().size()));
    }
    if (diff.isEmpty()) {
      return;
    }
    int middle = AREA + (WIDTH - AREA) / 2;
    int room = (WIDTH - AREA) / 2 - 32;
    out.append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ');
    out.append(HEAD + ROW * diff.changes().size());
    out.append("\" role=\"img\" aria-label=\"how much was removed and added\">\n");
    label(middle - 8, HEAD - 12, "end", "soft", "removed");
    label(middle + 8, HEAD - 12, "start", "soft", "added");
    int y = HEAD;
    for (SecurityDiff.Change change : diff.changes()) {
      label(0, y + 15, "start", "", change.area());
      int gone = change.removed().size() * room / most;
      int come = change.added().size() * room / most;
      bar("bar", middle - gone, y, gone);
      bar("add", middle, y, come);
      count(middle - gone - 5, y, "end", change.removed().size());
      count(middle + come + 5, y, "start", change.added().size());
      y += ROW;
    }
    out.append("<line class=\"line\" x1=\"").append(middle).append("\" x2=\"").append(middle);
    out.append("\" y1=\"").append(HEAD - 4).append("\" y2=\"").append(y).append("\"/>\n");
    out.append("</svg>\n");
  }

  private void bar(String style, int x, int y, int width) {
    if (width > 0) {
      out.append("<rect class=\"").append(style).append("\" x=\"").append(x);
      out.append("\" y=\"").append(y + 5).append("\" width=\"").append(width);
      out.append("\" height=\"12\"/>\n");
    }
  }

  private void count(int x, int y, String anchor, int count) {
    if (count > 0) {
      label(x, y + 15, anchor, "soft", Integer.toString(count));
    }
  }

  /// Text from outside; nothing in it is markup, and control characters are shown as escapes.
  private void text(String text) {
    String safe = Escape.text(text);
    for (int i = 0; i < safe.length(); i++) {
      char c = safe.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }
}
