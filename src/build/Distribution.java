import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/// Builds `target/ocicap`, the distribution, from the compiled classes and the dependencies:
///
/// - `bin/`, `lib/java.options`: what `src/main/dist` holds, as it is
/// - `lib/ocicap.jar`: every class in one jar that is not compressed, as [Desugar] leaves them. Its
///   manifest carries the hash of all that is in it, where a shell can read it
/// - `lib/COMMANDS-HASH.aot`: caches of classes for that jar and no other
/// - `lib/data-HASH/`: the texts in the jar once more, where they are read faster
/// - `lib/java-home`: the JDK that made the caches, which is the only one that can use them
/// - `share/`: manual pages, completion for bash and zsh, and the texts of `--help`
///
/// Run by Maven in the package phase, as a source file: `java Distribution.java OUTPUT VERSION
/// TIMESTAMP PICOCLI-SOURCES CLASS-PATH`.
final class Distribution {
  private static final String MAIN = "dev.ocicap.cli.Main";
  private static final String TRAINING = "dev.ocicap.cli.TrainingRun";
  private static final String DOCUMENTATION = "dev.ocicap.cli.Documentation";
  private static final int RELEASE = 25;
  private static final long SMALLEST_CACHE = 1 << 20;

  private final Path output;
  private final String version;
  private final Instant timestamp;
  private final Map<String, byte[]> entries = new TreeMap<>();

  private Distribution(Path output, String version, Instant timestamp) {
    this.output = output;
    this.version = version;
    this.timestamp = timestamp;
  }

  public static void main(String[] args) throws Exception {
    Path target = Path.of(args[0]).toAbsolutePath();
    delete(target);
    Distribution distribution = new Distribution(target, args[1], Instant.parse(args[2]));
    try {
      distribution.build(Path.of(args[3]), args[4]);
    } catch (Exception | Error e) {
      delete(target);
      throw e;
    }
  }

  private void build(Path picocliSources, String classPath) throws Exception {
    for (String element : classPath.split(File.pathSeparator)) {
      addClassPathElement(Path.of(element));
    }
    compilePicocli(picocliSources);
    entries.put("help/version", version.getBytes(StandardCharsets.UTF_8));
    Desugar.in(entries);
    copyTree(Path.of("src/main/dist"), output);
    Files.setPosixFilePermissions(
        output.resolve("bin/ocicap"), PosixFilePermissions.fromString("rwxr-xr-x"));
    String hash = hash();
    Path jar = output.resolve("lib/ocicap.jar");
    writeJar(jar, hash);
    Path data = output.resolve("lib/data-" + hash);
    writeData(data);
    Files.writeString(output.resolve("lib/java-home"), System.getProperty("java.home") + "\n");
    document(jar, data);
    for (String commands : List.of("edit", "docker", "run", "insight", "runtimes")) {
      archive(jar, data, commands, output.resolve("lib/" + commands + "-" + hash + ".aot"));
    }
    train(jar, data, "validate", output.resolve("lib/validate-" + hash + ".aot"));
  }

  // The class path, merged.

  private void addClassPathElement(Path element) throws IOException {
    if (Files.isDirectory(element)) {
      try (Stream<Path> files = Files.walk(element)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = element.relativize(file).toString().replace(File.separatorChar, '/');
          add(name, Files.readAllBytes(file), "");
        }
      }
      return;
    }
    String library = element.getFileName().toString().replaceFirst("\\.jar$", "");
    Map<String, byte[]> contents = new TreeMap<>();
    Map<Integer, Map<String, byte[]>> versioned = new TreeMap<>();
    try (ZipFile zip = new ZipFile(element.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
          bytes = in.readAllBytes();
        }
        String name = entry.getName();
        String[] parts = name.split("/", 4);
        if (parts.length == 4 && name.startsWith("META-INF/versions/")) {
          versioned
              .computeIfAbsent(Integer.parseInt(parts[2]), v -> new TreeMap<>())
              .put(parts[3], bytes);
        } else {
          contents.put(name, bytes);
        }
      }
    }
    // What a multi-release jar would show to this release, without asking at every look-up.
    versioned.forEach((release, files) -> {
      if (release <= RELEASE) {
        contents.putAll(files);
      }
    });
    for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
      add(entry.getKey(), entry.getValue(), library);
    }
  }

  private void add(String name, byte[] bytes, String library) {
    String upper = name.toUpperCase();
    String last = upper.substring(upper.lastIndexOf('/') + 1);
    if (name.endsWith("module-info.class")
        || name.startsWith("META-INF/maven/")
        || upper.equals("META-INF/MANIFEST.MF")
        || upper.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC|LIST)")
        || name.startsWith("picocli/")) {
      return;
    }
    if (!library.isEmpty() && (last.startsWith("LICENSE") || last.startsWith("NOTICE"))) {
      entries.put("META-INF/licenses/" + library + name.substring(name.lastIndexOf('/')), bytes);
      return;
    }
    byte[] present = entries.putIfAbsent(name, bytes);
    if (present == null || Arrays.equals(present, bytes)) {
      return;
    }
    if (!name.startsWith("META-INF/services/")) {
      throw new IllegalStateException(name + " differs between libraries; the last is " + library);
    }
    String both = new String(present, StandardCharsets.UTF_8) + "\n";
    entries.put(
        name, (both + new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
  }

  /// The published jar holds Java 5 class files, which an ahead-of-time cache refuses.
  private void compilePicocli(Path sources) throws IOException {
    Path work = output.resolve("picocli");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                String.valueOf(RELEASE),
                "-proc:none",
                "-nowarn",
                "-Xlint:none",
                "-XDstringConcat=inline",
                "-d",
                work.resolve("classes").toString()));
    try (ZipFile zip = new ZipFile(sources.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (entry.getName().startsWith("picocli/") && entry.getName().endsWith(".java")) {
          Path file = work.resolve("sources").resolve(entry.getName());
          Files.createDirectories(file.getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
          }
          arguments.add(file.toString());
        }
      }
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("picocli does not compile:\n" + messages);
    }
    Path classes = work.resolve("classes");
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    delete(work);
  }

  // The jar.

  private String hash() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      digest.update((entry.getKey() + "\n" + entry.getValue().length + "\n").getBytes());
      digest.update(entry.getValue());
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  /// The manifest comes first, its lines end in a line feed alone and nothing is compressed: so the
  /// launcher finds the hash with the shell's own `read`.
  private void writeJar(Path jar, String hash) throws IOException {
    String manifest =
        String.join(
            "\n",
            "Manifest-Version: 1.0",
            "Ocicap-Build: " + hash,
            "Main-Class: " + MAIN,
            "Implementation-Title: ocicap",
            "Implementation-Version: " + version,
            "Enable-Native-Access: ALL-UNNAMED",
            "Add-Opens: java.base/sun.nio.fs java.base/sun.nio.ch",
            "",
            "");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      writeEntry(zip, "META-INF/MANIFEST.MF", manifest.getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        writeEntry(zip, entry.getKey(), entry.getValue());
      }
    }
  }

  private void writeEntry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(LocalDateTime.ofInstant(timestamp, ZoneOffset.UTC));
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private static final List<String> DATA =
      List.of("capabilities/", "help/", "rules/", "schemas/", "seccomp/");

  private void writeData(Path folder) throws IOException {
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (DATA.stream().anyMatch(entry.getKey()::startsWith)) {
        Path file = folder.resolve(entry.getKey());
        Files.createDirectories(file.getParent());
        Files.write(file, entry.getValue());
      }
    }
  }

  // What a JVM with the new jar makes.

  /// An archive of the classes that some commands load, each for when it is needed.
  private void archive(Path jar, Path data, String commands, Path cache) throws Exception {
    Path work = Files.createTempDirectory("ocicap");
    Path classes = work.resolve("classes");
    Path training = Files.createDirectory(work.resolve("training"));
    String boot = "-Xbootclasspath/a:" + jar;
    run(
        jar,
        List.of(boot, "-Xint", "-XX:DumpLoadedClassList=" + classes, "-Docicap.data=" + data),
        List.of(TRAINING, commands, training.toString()));
    run(
        jar,
        List.of(
            boot,
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + classes,
            "-XX:SharedArchiveFile=" + cache),
        List.of());
    delete(work);
    settle(cache);
    ClassArchive.forgetTime(cache, jar);
  }

  /// A cache for commands that last: all classes that they load, linked, and what was hot.
  private void train(Path jar, Path data, String commands, Path cache) throws Exception {
    Path work = Files.createTempDirectory("ocicap");
    run(
        jar,
        List.of(
            "-XX:AOTCacheOutput=" + cache,
            // The cache may travel to another processor.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTAdapterCaching",
            "-XX:-AOTStubCaching",
            "-Docicap.data=" + data),
        List.of(TRAINING, commands, work.toString()));
    delete(work);
    settle(cache);
  }

  private static void settle(Path cache) throws IOException {
    // A JVM that cannot write its cache says so and exits with 0.
    if (!Files.exists(cache) || Files.size(cache) < SMALLEST_CACHE) {
      throw new IllegalStateException("no ahead-of-time cache was written to " + cache);
    }
    Files.setLastModifiedTime(cache, FileTime.from(Instant.now()));
  }

  private void document(Path jar, Path data) throws Exception {
    String date = timestamp.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    run(
        jar,
        List.of(),
        List.of(DOCUMENTATION, output.resolve("share").toString(), data.toString(), version, date));
  }

  private void run(Path jar, List<String> options, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("@" + output.resolve("lib/java.options"));
    command.addAll(options);
    command.addAll(List.of("-cp", jar.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    Path log = Files.createTempFile(output, "log", null);
    builder.redirectOutput(log.toFile());
    Process process = builder.start();
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " failed:\n" + Files.readString(log));
    }
    Files.delete(log);
  }

  // Files.

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
