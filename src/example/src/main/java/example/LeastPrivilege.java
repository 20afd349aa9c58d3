package example;

import dev.ocicap.Capabilities;
import dev.ocicap.Config;
import dev.ocicap.Conversion;
import dev.ocicap.Converter;
import dev.ocicap.Edit;
import dev.ocicap.Export;
import dev.ocicap.Finding;
import dev.ocicap.Prediction;
import dev.ocicap.Preset;
import dev.ocicap.RefusedException;
import dev.ocicap.cap.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;

/// Makes a bundle for a web server that may do one thing, looks at it from all sides, and reads
/// what a docker command would have given it.
public final class LeastPrivilege {
  private LeastPrivilege() {}

  /// Works in the directory that the first argument names.
  public static void main(String[] args) throws IOException {
    Path bundle = Path.of(args[0]).resolve("web");

    // Generate: nothing but binding port 80, for a user that is not root.
    Config web =
        Config.generate(
            Preset.RUNC,
            Edit.dropAll(),
            Edit.grant(Capability.CAP_NET_BIND_SERVICE),
            Edit.user(1000, 1000),
            Edit.terminal(false),
            Edit.args("httpd", "-f", "-p", "80"));
    web.createBundle(bundle);
    Files.createDirectories(bundle.resolve("rootfs"));
    System.out.println("generate: " + web.capabilities().orElseThrow().ambient());

    // Edit: the file changes where it must and nowhere else.
    Config read = Config.read(bundle);
    Config named = read.edit(Edit.hostname("web"));
    named.write(bundle.resolve("config.json"));
    System.out.println("edit: " + differences(read, named) + " line differs");

    // Validate, a good one and a bad one.
    System.out.println("validate: " + must(named.validate()));
    Config misspelt = named.edit(Edit.set("/process/capabilities/bounding/-", "\"CAP_SETUD\""));
    for (Finding finding : misspelt.validate()) {
      if (finding.level() != Finding.Level.ADVICE) {
        System.out.println("validate: " + finding + ", hint: " + finding.hint());
      }
    }

    // Predict what the kernel makes of it.
    switch (named.predict(EnumSet.allOf(Capability.class), bundle)) {
      case Prediction.Started started ->
          System.out.println(
              "predict: user " + started.uid() + " has " + started.capabilities().effective());
      case Prediction.Failed failed -> System.out.println("predict: " + failed.reason());
    }

    // Convert a docker command.
    Conversion docker =
        Converter.in(Path.of(args[0]))
            .convert(
                List.of(
                    "docker",
                    "run",
                    "--network",
                    "host",
                    "--user",
                    "1000",
                    "--cap-drop",
                    "all",
                    "--cap-add",
                    "net_raw",
                    "alpine",
                    "ping",
                    "localhost"));
    Capabilities granted = docker.config().capabilities().orElseThrow();
    System.out.println("convert: bounding " + granted.bounding());
    System.out.println("convert: ambient " + granted.ambient());
    docker.warnings().forEach(warning -> System.out.println("convert: " + warning.hint()));

    // Export to another tool.
    Export compose = named.export(Export.Target.DOCKER, "web", "httpd", bundle);
    System.out.println("export: " + option(compose.text(), "--cap-add"));

    // What cannot be used is refused, with the place.
    try {
      Config.parse("{ \"process\": nothing }");
    } catch (RefusedException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }

  private static long must(List<Finding> findings) {
    return findings.stream().filter(finding -> finding.level() == Finding.Level.MUST).count();
  }

  private static int differences(Config before, Config after) {
    List<String> old = before.json().lines().toList();
    List<String> now = after.json().lines().toList();
    int differences = 0;
    for (int i = 0; i < old.size(); i++) {
      differences += old.get(i).equals(now.get(i)) ? 0 : 1;
    }
    return differences;
  }

  private static String option(String command, String option) {
    int at = command.indexOf(option);
    return command.substring(at).split("\\s", 2)[0];
  }
}
