package dev.ocicap.docker;

import dev.ocicap.image.Healthcheck;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The annotations: those of `--annotation`, and in a bundle what no runtime acts on, under keys
/// that begin with `dev.ocicap.docker.`: each label as `label.NAME`, and every other flag under its
/// name with one value in a line. What the image says of the same fills the gaps. (Labels keep the
/// prefix because runtimes act on some annotations, and an image's author is not to decide that.)
final class Annotations {
  private static final String PREFIX = "dev.ocicap.docker.";

  private final Conversion c;
  private final Map<String, String> annotations = new LinkedHashMap<>();

  private Annotations(Conversion c) {
    this.c = c;
  }

  /// The annotations in order.
  static Map<String, String> of(Conversion c) {
    Annotations annotations = new Annotations(c);
    annotations.given();
    if (c.isBundle()) {
      annotations.flags();
      annotations.labels();
      annotations.image();
    }
    return annotations.annotations;
  }

  private void given() {
    for (String text : c.command.all("annotation")) {
      annotations.put(key(text), value(text));
    }
  }

  private void flags() {
    for (FlagReport report : c.reports()) {
      String name = report.flag().name();
      boolean isLabel = name.equals("label") || name.equals("label-file");
      if (report.meaning() instanceof FlagMeaning.Kept && !isLabel) {
        keep(name, String.join("\n", report.values()));
      }
    }
  }

  /// As docker merges them: files first, then flags, the last of a name; the image's for the rest.
  private void labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String file : c.command.all("label-file")) {
      for (String text : EnvironmentSettings.file(c, "label-file", file)) {
        labels.put(key(text), value(text));
      }
    }
    for (String text : c.command.all("label")) {
      labels.put(key(text), value(text));
    }
    c.image.labels().forEach(labels::putIfAbsent);
    labels.forEach((name, value) -> keep("label." + name, value));
  }

  private void image() {
    keep("stop-signal", c.image.stopSignal());
    keep("expose", String.join("\n", c.image.exposedPorts()));
    Healthcheck health = c.image.healthcheck();
    if (c.command.isOn("no-healthcheck") || health.test().equals(List.of("NONE"))) {
      return;
    }
    keep("health-cmd", test(health.test()));
    keep("health-interval", GoSyntax.printDuration(health.interval()));
    keep("health-timeout", GoSyntax.printDuration(health.timeout()));
    keep("health-start-period", GoSyntax.printDuration(health.startPeriod()));
    keep("health-start-interval", GoSyntax.printDuration(health.startInterval()));
    keep("health-retries", health.retries() == 0 ? "" : Long.toString(health.retries()));
  }

  /// The shell line of a check; words stay an array.
  private static String test(List<String> test) {
    if (test.isEmpty()) {
      return "";
    }
    return test.size() == 2 && test.getFirst().equals("CMD-SHELL")
        ? test.getLast()
        : JsonText.compact(JsonValues.strings(test));
  }

  private void keep(String name, String value) {
    boolean isLabel = name.startsWith("label.");
    if (isLabel || !value.isEmpty()) {
      annotations.putIfAbsent(PREFIX + name, value);
    }
  }

  private static String key(String text) {
    int equals = text.indexOf('=');
    return equals < 0 ? text : text.substring(0, equals);
  }

  private static String value(String text) {
    int equals = text.indexOf('=');
    return equals < 0 ? "" : text.substring(equals + 1);
  }
}
