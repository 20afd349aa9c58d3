package dev.ocicap.bench;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cli.Main;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.spec.DefaultConfig;
import dev.ocicap.spec.RuntimeConfig;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// How many configurations one warm JVM with one thread makes in a second, text included.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class BundlesPerSecond {
  private static final SpecEdit GRANT =
      CapabilityEdits.replace(
          ProcessCapabilities.forRoot(CapabilitySet.RUNC_DEFAULT.plus(Capability.CAP_SETUID)));

  private final RuntimeConfig config = DefaultConfig.runc(false);
  private final String text = config.text();

  /// The default configuration with one capability more.
  @Benchmark
  public String generate() {
    return DefaultConfig.runc(false).edit(GRANT).text();
  }

  /// The same change to a configuration that must be read first.
  @Benchmark
  public String readAndEdit() {
    return RuntimeConfig.parse("config.json", text).edit(GRANT).text();
  }

  /// The same change to a configuration that is in memory.
  @Benchmark
  public String edit() {
    return config.edit(GRANT).text();
  }

  /// A whole command line in this JVM: options, conversion, output.
  @Benchmark
  public int convertCommand() {
    return Main.run(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        System.getenv(),
        "convert",
        "--config-only",
        "--",
        "docker",
        "run",
        "--cap-drop=all",
        "--cap-add=setuid",
        "-v",
        "/a:/b:ro",
        "busybox",
        "sh");
  }
}
