package dev.ocicap;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityPlan;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.VersionEdits;
import dev.ocicap.export.Exporter;
import dev.ocicap.host.Host;
import dev.ocicap.seccomp.SeccompFilter;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.validate.Validator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A runtime configuration, config.json of an OCI runtime bundle (config.md). It keeps the text
/// that it was read from: an edit changes the lines that it means, and everything else, known to
/// ocicap or not, keeps its characters.
///
/// Two are equal when their texts are.
public final class Config {
  private final RuntimeConfig config;

  private Config(RuntimeConfig config) {
    this.config = config;
  }

  static Config of(RuntimeConfig config) {
    return new Config(config);
  }

  /// A new configuration for this machine, of the oldest version of the specification that knows
  /// everything in it. All five sets of capabilities are spelt out.
  ///
  /// @throws RefusedException when an edit cannot be made
  public static Config generate(Preset preset, Edit... edits) {
    List<Edit> all = List.of(edits);
    return RefusedException.translating(() -> {
      RuntimeConfig edited = apply(preset.config(), all, true);
      return of(edited.edit(VersionEdits.oldest()));
    });
  }

  /// The configuration in a JSON text.
  ///
  /// @throws RefusedException when the text is not a JSON object
  public static Config parse(String json) {
    return RefusedException.translating(() -> of(RuntimeConfig.parse(ConfigFile.NAME, json)));
  }

  /// Reads a file, or the config.json of a bundle.
  ///
  /// @throws RefusedException when it cannot be read, or is not a JSON object in UTF-8
  public static Config read(Path bundleOrFile) {
    return RefusedException.translating(() -> of(ConfigFile.find(bundleOrFile).read()));
  }

  /// The text of the file.
  public String json() {
    return config.text();
  }

  /// What `process.capabilities` names; names that the kernel does not have are left out. Empty
  /// when the object is absent: what a process then has depends on the runtime.
  public Optional<Capabilities> capabilities() {
    return config.capabilities().map(Capabilities::of);
  }

  /// This configuration with changes. Its version rises when something was added that it does not
  /// know, and a filter of system calls that ocicap made follows the capabilities.
  ///
  /// @throws RefusedException when an edit cannot be made
  public Config edit(Edit... edits) {
    List<Edit> all = List.of(edits);
    return RefusedException.translating(() -> {
      RuntimeConfig edited = apply(config, all, false);
      Optional<VersionEdits.Rise> rise = VersionEdits.rise(config, edited);
      return of(rise.isEmpty() ? edited : edited.edit(VersionEdits.set(rise.get().to())));
    });
  }

  /// @param whole whether all five sets are to be there, even if nothing was asked of them
  private static RuntimeConfig apply(RuntimeConfig config, List<Edit> edits, boolean whole) {
    SeccompFilter filter = SeccompFilter.of(config);
    return config.edit(draft -> {
      for (Edit edit : edits) {
        if (!edit.isOfCapabilities()) {
          edit.change().accept(draft);
        }
      }
      if (whole) {
        CapabilityEdits.change(CapabilityPlan.NOTHING, CapabilitySet.ALL, told -> {}).accept(draft);
      }
      for (Edit edit : edits) {
        if (edit.isOfCapabilities()) {
          edit.change().accept(draft);
        }
      }
      filter.follow().accept(draft);
    });
  }

  /// Replaces a file, or makes it. Another process sees the old or the new content, never a part; a
  /// text that is the same is not written.
  ///
  /// @throws RefusedException when it cannot be written; the old content is then untouched
  public void write(Path file) {
    RefusedException.translating(() -> {
      new ConfigFile(file).replace(config);
      return file;
    });
  }

  /// Makes a bundle: the directory, if it is missing, and its config.json.
  ///
  /// @throws RefusedException when there is a config.json, or something cannot be written
  public void createBundle(Path directory) {
    RefusedException.translating(() -> Bundle.create(directory, config));
  }

  /// Checks it against the specification's schema and the rules that no schema can hold, in the
  /// order of the text. It is valid when no finding has the level MUST.
  public List<Finding> validate() {
    return Finding.all(Validator.standard().validate(config));
  }

  /// The same for any text, which may not even be JSON.
  public static List<Finding> validate(String json) {
    return Finding.all(
        Validator.standard().validate(ConfigFile.NAME, json.getBytes(StandardCharsets.UTF_8)));
  }

  /// What its process will have when the runtime is started by a process with this one's bounding
  /// set. The files are not looked at: the program is taken to have neither set-id bits nor file
  /// capabilities.
  public Prediction predict() {
    return Predictions.of(config, Host.bounding(), null);
  }

  /// What its process will have.
  ///
  /// @param host what the process that starts the runtime has
  /// @param bundle the bundle, whose root file system is looked at
  public Prediction predict(Set<Capability> host, Path bundle) {
    return Predictions.of(config, CapabilitySet.of(host), bundle);
  }

  /// Says it in another tool's terms.
  ///
  /// @param name the name of the container, service, pod or unit
  /// @param image the image to run
  /// @param bundle the directory that relative paths in the configuration begin at
  /// @throws RefusedException when it cannot be said at all
  public Export export(Export.Target target, String name, String image, Path bundle) {
    return RefusedException.translating(() ->
        Export.of(
            target
                .exporter()
                .export(
                    config,
                    new Exporter.Names(
                        name, image, bundle.toAbsolutePath().normalize().toString()))));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Config that && that.json().equals(json());
  }

  @Override
  public int hashCode() {
    return json().hashCode();
  }

  /// The text of the file.
  @Override
  public String toString() {
    return json();
  }
}
