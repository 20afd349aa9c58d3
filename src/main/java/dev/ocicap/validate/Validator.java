package dev.ocicap.validate;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.Lines;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.SpecVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks configurations, layer by layer. What a file holds is answered by findings, never by an
/// exception. An instance may be used by several threads.
public final class Validator {
  /// Documents of more values are not checked further: each could be a finding, and a check has to
  /// end within a second. What may be read is limited elsewhere.
  static final int MAX_VALUES = 50_000;

  static final Rule SYNTAX = Rule.outside("json-syntax", Level.MUST, Layer.SYNTAX, "config.md");
  static final Rule SIZE = Rule.outside("document-size", Level.MUST, Layer.SYNTAX, "config.md");

  private final boolean schemaOnly;
  private final SchemaCheck schemas;
  private final List<Rule> rules;
  private final Level level;

  private Validator(boolean schemaOnly, SchemaCheck schemas, List<Rule> rules, Level level) {
    this.schemaOnly = schemaOnly;
    this.schemas = schemas;
    this.rules = List.copyOf(rules);
    this.level = level;
  }

  /// Checks syntax, schema and rules.
  public static Validator standard() {
    return new Validator(
        false, new SchemaCheck(new SchemaSource.Own()), Rules.DOCUMENT, Level.ADVICE);
  }

  /// The same without the rules.
  public Validator schemaOnly() {
    return new Validator(true, schemas, rules, level);
  }

  /// The same with the schemas of another folder: `VERSION/config.schema.json` for each version, or
  /// one schema for all, such as the specification's own `config-schema.json` with the files that
  /// it refers to.
  public Validator withSchemas(Path folder) {
    return new Validator(
        schemaOnly, new SchemaCheck(new SchemaSource.Folder(folder)), rules, level);
  }

  /// The same that says only what weighs at least as much.
  public Validator atLeast(Level least) {
    return new Validator(schemaOnly, schemas, rules, least);
  }

  /// The same with what a runtime adds.
  public Validator with(RuntimeCheck check) {
    return with(check.rules());
  }

  /// The same with what a host adds.
  public Validator with(HostCheck check) {
    return with(check.rules());
  }

  private Validator with(List<Rule> more) {
    List<Rule> all = new ArrayList<>(rules);
    all.addAll(more);
    return new Validator(schemaOnly, schemas, all, level);
  }

  /// Checks a configuration.
  ///
  /// @param file how places name it
  /// @param bytes its content, whatever that is
  /// @return in the order of the text
  public List<Finding> validate(String file, byte[] bytes) {
    return check(file, bytes).findings();
  }

  /// Checks a configuration.
  public List<Finding> validate(RuntimeConfig config) {
    return check(config.json().file(), config.text().getBytes(StandardCharsets.UTF_8)).findings();
  }

  /// Checks a configuration and keeps the lines that the findings stand in.
  ///
  /// @param file how places name it
  /// @param bytes its content, whatever that is
  public FileReport check(String file, byte[] bytes) {
    if (bytes.length > ConfigFile.MAX_BYTES) {
      return FileReport.of(
          file,
          finding(
              SIZE,
              Place.file(file),
              "larger than " + ConfigFile.MAX_BYTES / 1024 / 1024 + " MiB: not checked",
              null));
    }
    JsonText json;
    try {
      json = JsonText.parse(file, bytes);
    } catch (OcicapException e) {
      return syntax(file, bytes, e.problems().getFirst());
    }
    List<Findings.Raw> raw = new ArrayList<>();
    int values = Sizes.values(json.root());
    if (values > MAX_VALUES) {
      new Findings(SIZE, raw)
          .add(Value.root(json.root()), "more than " + MAX_VALUES + " values: not checked", null);
    } else {
      check(json, raw);
    }
    raw.removeIf(found -> found.level().compareTo(level) > 0);
    return located(json, raw);
  }

  private void check(JsonText json, List<Findings.Raw> raw) {
    Value root = Value.root(json.root());
    SpecVersion version = SpecVersion.parse(root.get("ociVersion").text()).orElse(Schemas.NEWEST);
    schemas.check(version, root, raw);
    if (schemaOnly || !root.isObject()) {
      return;
    }
    Document document = Document.of(RuntimeConfig.of(json));
    for (Rule rule : rules) {
      Findings findings = new Findings(rule, raw);
      rule.check().check(document, findings);
      findings.close();
    }
  }

  private static FileReport syntax(String file, byte[] bytes, Problem problem) {
    Place place = problem.place() == null ? Place.file(file) : problem.place();
    Finding finding = finding(SYNTAX, place, problem.message(), problem.hint());
    String text = new String(bytes, StandardCharsets.UTF_8);
    return new FileReport(file, List.of(finding), List.of(Excerpt.find(text, place)));
  }

  private static Finding finding(Rule rule, Place place, String message, @Nullable String hint) {
    return new Finding(
        rule.code(), rule.level(), rule.layer(), "", place, message, hint, rule.reference());
  }

  /// A finding at its place. Compared by hand: chained comparators are linked anew at each start.
  private record Located(int offset, Findings.Raw raw) implements Comparable<Located> {
    @Override
    public int compareTo(Located other) {
      int order = Integer.compare(offset, other.offset);
      order = order != 0 ? order : raw.level().compareTo(other.raw.level());
      order = order != 0 ? order : raw.rule().layer().compareTo(other.raw.rule().layer());
      order = order != 0 ? order : raw.rule().code().compareTo(other.raw.rule().code());
      return order != 0 ? order : raw.message().compareTo(other.raw.message());
    }
  }

  /// The findings in the order of the text; at one place the heavier first, then by code.
  static FileReport located(JsonText json, List<Findings.Raw> all) {
    List<Located> located = new ArrayList<>(all.size());
    for (Findings.Raw raw : all) {
      located.add(new Located(json.offset(raw.pointer(), raw.key()), raw));
    }
    Collections.sort(located);
    Lines lines = new Lines(json.file(), json.text());
    List<Finding> findings = new ArrayList<>(located.size());
    List<Excerpt> excerpts = new ArrayList<>(located.size());
    for (Located found : located) {
      Place place = lines.place(found.offset());
      Findings.Raw raw = found.raw();
      findings.add(
          new Finding(
              raw.rule().code(),
              raw.level(),
              raw.rule().layer(),
              raw.pointer(),
              place,
              raw.message(),
              raw.hint(),
              raw.rule().reference()));
      excerpts.add(Excerpt.of(json.text(), lines.lineStart(), found.offset()));
    }
    return new FileReport(json.file(), findings, excerpts);
  }
}
