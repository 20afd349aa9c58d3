import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Makes of `target/ocicap` what people install, into one folder:
///
/// - `ocicap-VERSION-linux-ARCH.tar.xz`: brings a Java runtime image, and start-up caches made with
///   it
/// - `ocicap_VERSION_all.deb`: runs with the system's Java
/// - `ocicap-standalone_VERSION_ARCH.deb`: brings the runtime image
///
/// The Debian packages make their caches when they are installed, for the JVM that is there, from
/// the lists of classes that they bring.
///
/// Two builds with one JDK give the same bytes, wherever and whenever. The caches of
/// `target/ocicap` do not (one of them holds profiles, and the order of their classes is a matter
/// of time), so these here are archives of sorted lists of classes, which the JVM writes alike each
/// time but for one clock; see [#steady]. An archive also holds the path of the Java that wrote it,
/// which nobody reads when the folder is elsewhere, but whose length moves everything behind it: so
/// all builds work at one path, [#WORK].
///
/// Run by Maven with `-Prelease`, as a source file: `java Packages.java OUTPUT VERSION TIMESTAMP
/// DISTRIBUTION SBOM`. It needs dpkg-deb, strip, tar, xz and gzip.
final class Packages {
  private static final String TRAINING = "dev.ocicap.cli.TrainingRun";

  /// The kind of commands whose classes are all linked in advance.
  private static final String LINKED = "validate";

  /// All that ocicap's commands use of Java. What Jackson has for other modules is not reached.
  private static final String MODULES = "java.base";

  /// Where the header of an archive ends at the latest.
  private static final int HEADER = 4096;

  /// How a program or a library begins.
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  private static final Path SOURCES = Path.of("src/package");

  private static final Path WORK = Path.of("/tmp/ocicap-packages");

  private final Path output;
  private final Path distribution;
  private final Path sbom;
  private final String version;
  private final Instant timestamp;
  private final String arch = arch();

  private Packages(Path output, String version, Instant timestamp, Path distribution, Path sbom) {
    this.output = output;
    this.distribution = distribution;
    this.sbom = sbom;
    this.version = version;
    this.timestamp = timestamp;
  }

  public static void main(String[] args) throws Exception {
    Path output = Path.of(args[0]).toAbsolutePath();
    delete(output);
    Files.createDirectories(output);
    try {
      Files.createDirectory(
          WORK, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      throw new IllegalStateException(
          "another build works in " + WORK + "; remove it if there is none", e);
    }
    try {
      new Packages(
              output,
              args[1],
              Instant.parse(args[2]),
              Path.of(args[3]).toAbsolutePath(),
              Path.of(args[4]).toAbsolutePath())
          .build();
    } finally {
      delete(WORK);
    }
  }

  /// Debian's name of this machine's processor.
  private static String arch() {
    String name = System.getProperty("os.arch");
    return switch (name) {
      case "amd64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> throw new IllegalStateException("no packages are made on " + name);
    };
  }

  private void build() throws Exception {
    Path home = standalone();
    Path lists = classLists(home);
    caches(home, lists);
    archive(home);
    deb("ocicap", home, lists);
    deb("ocicap-standalone", home, lists);
    copyTree(home.resolve("runtime"), debian("ocicap-standalone").resolve("runtime"));
    pack("ocicap");
    pack("ocicap-standalone");
    Files.copy(sbom, output.resolve("ocicap-" + version + ".cdx.json"));
  }

  // The folder that needs nothing.

  private Path standalone() throws Exception {
    Path home = WORK.resolve("ocicap-" + version + "-linux-" + arch);
    copyTree(distribution, home);
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".aot") || name.equals("java-home")) {
          Files.delete(file);
        }
      }
    }
    Files.copy(Path.of("LICENSE"), home.resolve("LICENSE"));
    Files.copy(sbom, home.resolve("ocicap.cdx.json"));
    Path runtime = home.resolve("runtime");
    run(
        WORK,
        List.of(
            System.getProperty("java.home") + "/bin/jlink",
            "--add-modules",
            MODULES,
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            runtime.toString()));
    // What starts no program and is read by other Javas only.
    Files.delete(runtime.resolve("bin/keytool"));
    Files.delete(runtime.resolve("lib/jrt-fs.jar"));
    strip(runtime);
    // For starts that no cache fits.
    Path archive = runtime.resolve("lib/server/classes.jsa");
    List<String> dump = List.of("runtime/bin/java", "-XX:+UseSerialGC", "-Xshare:dump");
    run(home, dump);
    Path first = Files.move(archive, WORK.resolve("first"));
    run(home, dump);
    Files.write(archive, steady(first, archive));
    Files.delete(first);
    Files.delete(runtime.resolve("lib/classlist"));
    settle(home);
    return home;
  }

  /// Takes the symbols out of programs and libraries that nothing looks up at run time.
  private static void strip(Path tree) throws Exception {
    List<String> command = new ArrayList<>(List.of("strip", "--strip-unneeded"));
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          if (Arrays.equals(in.readNBytes(ELF.length), ELF)) {
            command.add(file.toString());
          }
        }
      }
    }
    run(tree, command);
  }

  /// What the JDK loads when one of its threads has waited for another, which is a matter of time.
  private static final Pattern RACING =
      Pattern.compile(
          "java/util/concurrent/(locks/.*|CompletableFuture\\$.*|ForkJoin.*|.*Queue\\$.*)");

  /// The classes of each kind of command, by what its training loads; but for those that are a
  /// matter of time, and what the JDK's classes had resolved.
  private Path classLists(Path home) throws Exception {
    Path lists = Files.createDirectories(WORK.resolve("lists"));
    for (String kind : kinds()) {
      Path list = lists.resolve(kind + ".classes");
      Path training = Files.createTempDirectory("ocicap");
      List<String> command = new ArrayList<>(java(kind));
      command.addAll(
          List.of(
              "-Xint",
              "-XX:DumpLoadedClassList=" + list,
              "-Docicap.data=" + home.resolve("lib/data-" + hash(home)),
              TRAINING,
              kind,
              training.toString()));
      run(home, command);
      delete(training);
      TreeSet<String> classes = new TreeSet<>();
      TreeSet<String> lambdas = new TreeSet<>();
      TreeSet<String> resolved = new TreeSet<>();
      for (String line : Files.readAllLines(list)) {
        if (line.startsWith("@cp ")) {
          if (!line.matches("@cp (java|javax|jdk|sun)/.*")) {
            resolved.add(line);
          }
        } else if (line.startsWith("@")) {
          lambdas.add(line);
        } else if (!line.startsWith("#")) {
          String name = line.replaceFirst(" id: [0-9]+$", "");
          if (!RACING.matcher(name).matches()) {
            classes.add(name);
          }
        }
      }
      // Loaded where the path of the jar, as a URL, has escapes: the builder's folder decides.
      classes.addAll(List.of("java/nio/charset/CharsetDecoder", "sun/nio/cs/UTF_8$Decoder"));
      List<String> all = new ArrayList<>(classes);
      all.addAll(lambdas);
      all.addAll(resolved);
      Files.write(list, all);
    }
    return lists;
  }

  /// The hash that the files beside the jar are named after.
  private static String hash(Path home) throws IOException {
    String key = "Ocicap-Build: ";
    try (Stream<String> lines =
        Files.lines(home.resolve("lib/ocicap.jar"), StandardCharsets.ISO_8859_1)) {
      return lines.filter(l -> l.startsWith(key)).findFirst().orElseThrow().substring(key.length());
    }
  }

  /// The kinds of commands that have a cache of their own, as the distribution's caches are named.
  private TreeSet<String> kinds() throws IOException {
    TreeSet<String> kinds = new TreeSet<>();
    try (Stream<Path> files = Files.list(distribution.resolve("lib"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".aot")) {
          kinds.add(name.substring(0, name.indexOf('-')));
        }
      }
    }
    return kinds;
  }

  private void caches(Path home, Path lists) throws Exception {
    for (String kind : kinds()) {
      String cache = "lib/" + kind + "-" + hash(home) + ".aot";
      Path first = dump(home, kind, lists.resolve(kind + ".classes"), cache + ".1");
      Path second = dump(home, kind, lists.resolve(kind + ".classes"), cache + ".2");
      Files.write(home.resolve(cache), steady(first, second));
      ClassArchive.forgetTime(home.resolve(cache), home.resolve("lib/ocicap.jar"));
      Files.delete(first);
      Files.delete(second);
    }
    settle(home);
  }

  private static Path dump(Path home, String kind, Path list, String cache) throws Exception {
    List<String> command = new ArrayList<>(java(kind));
    command.addAll(
        List.of(
            // Tables that grow do so beside the dump, and end up in another order each time.
            "-XX:StringTableSize=65536",
            "-XX:SymbolTableSize=131072",
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + list,
            "-XX:SharedArchiveFile=" + cache));
    run(home, command);
    return home.resolve(cache);
  }

  /// The JVM that makes the caches of a kind, as the launcher starts those that use them.
  private static List<String> java(String kind) {
    return List.of(
        "runtime/bin/java",
        "@lib/java.options",
        kind.equals(LINKED) ? "-XX:+AOTClassLinking" : "-Xbootclasspath/a:lib/ocicap.jar",
        "-cp",
        "lib/ocicap.jar");
  }

  /// What two archives of the same classes have in common. They differ in the checksums of header
  /// and heap, which a JVM reads with `-XX:+VerifySharedSpaces` only, and in
  /// `java.lang.ref.SoftReference.timestamp`: a time in milliseconds since the machine's start.
  /// Zero there means "not used lately".
  private static byte[] steady(Path first, Path second) throws IOException {
    ByteBuffer a = ByteBuffer.wrap(Files.readAllBytes(first)).order(ByteOrder.nativeOrder());
    ByteBuffer b = ByteBuffer.wrap(Files.readAllBytes(second)).order(ByteOrder.nativeOrder());
    if (a.capacity() != b.capacity()) {
      throw new IllegalStateException("two archives of the same classes differ in size: " + first);
    }
    for (int i = 0; i + Long.BYTES <= a.capacity(); i += Long.BYTES) {
      if (a.getLong(i) == b.getLong(i)) {
        continue;
      }
      if (i < HEADER) {
        for (int half = i; half < i + Long.BYTES; half += Integer.BYTES) {
          a.putInt(half, a.getInt(half) == b.getInt(half) ? a.getInt(half) : 0);
        }
      } else if (isRecent(a.getLong(i)) && isRecent(b.getLong(i))) {
        a.putLong(i, 0);
      } else {
        throw new IllegalStateException(
            "archives differ in more than a clock, at " + Integer.toHexString(i) + ": " + first);
      }
    }
    return a.array();
  }

  /// Whether a number is a time of this minute on the clock of soft references.
  private static boolean isRecent(long milliseconds) {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    return milliseconds <= now && milliseconds > now - 60_000;
  }

  private void archive(Path home) throws Exception {
    Path tar = WORK.resolve("tar");
    run(
        WORK,
        List.of(
            "tar",
            "--create",
            "--file=" + tar,
            "--format=gnu",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--mode=u=rwX,go=rX",
            "--mtime=@" + timestamp.getEpochSecond(),
            home.getFileName().toString()));
    // The caches resemble each other, a dictionary's length apart. One thread: more would cut the
    // stream elsewhere. Slower presets take minutes to save a seventh.
    run(WORK, List.of("xz", "--threads=1", "--lzma2=preset=1,dict=128MiB", tar.toString()));
    Files.move(WORK.resolve("tar.xz"), output.resolve(home.getFileName() + ".tar.xz"));
  }

  // Debian.

  /// Where a package has everything that is ocicap's alone.
  private Path debian(String name) {
    return WORK.resolve(name).resolve("usr/lib/ocicap");
  }

  private void deb(String name, Path home, Path lists) throws Exception {
    Path root = Files.createDirectories(WORK.resolve(name));
    Path installed = debian(name);
    copyTree(home.resolve("bin"), installed.resolve("bin"));
    copyTree(home.resolve("lib"), installed.resolve("lib"));
    for (String kind : kinds()) {
      Files.delete(installed.resolve("lib/" + kind + "-" + hash(home) + ".aot"));
    }
    copyTree(lists, installed.resolve("lib"));
    Files.copy(SOURCES.resolve("make-caches"), installed.resolve("lib/make-caches"));
    // The launcher looks for help beside itself.
    link(installed.resolve("share"), "../../share");
    link(root.resolve("usr/bin/ocicap"), "../lib/ocicap/bin/ocicap");
    Path from = home.resolve("share");
    Path share = root.resolve("usr/share");
    copyTree(from.resolve("ocicap"), share.resolve("ocicap"));
    copyTree(from.resolve("bash-completion"), share.resolve("bash-completion"));
    copyTree(from.resolve("zsh/site-functions"), share.resolve("zsh/vendor-completions"));
    copyTree(from.resolve("man"), share.resolve("man"));
    try (Stream<Path> pages = Files.walk(share.resolve("man"))) {
      for (Path page : pages.filter(Files::isRegularFile).toList()) {
        run(root, List.of("gzip", "-9n", page.toString()));
      }
    }
    Path overrides = Files.createDirectories(share.resolve("lintian/overrides"));
    Files.copy(SOURCES.resolve("debian/" + name + ".lintian-overrides"), overrides.resolve(name));
    Path doc = Files.createDirectories(share.resolve("doc").resolve(name));
    Files.copy(sbom, doc.resolve("ocicap.cdx.json"));
    String copyright = Files.readString(SOURCES.resolve("debian/copyright"));
    if (name.equals("ocicap-standalone")) {
      copyright += Files.readString(SOURCES.resolve("debian/copyright.runtime"));
    }
    Files.writeString(doc.resolve("copyright"), copyright);
    Files.writeString(
        doc.resolve("changelog"), filled("changelog", 0).replaceFirst("ocicap", name));
    run(root, List.of("gzip", "-9n", doc.resolve("changelog").toString()));
  }

  private void pack(String name) throws Exception {
    Path root = WORK.resolve(name);
    control(name, root);
    settle(root);
    run(
        root,
        List.of(
            "env",
            "SOURCE_DATE_EPOCH=" + timestamp.getEpochSecond(),
            "dpkg-deb",
            "--build",
            "--root-owner-group",
            "-Zxz",
            "-z2",
            root.toString(),
            output.toString()));
  }

  private void control(String name, Path root) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
    }
    long kib = 0;
    StringBuilder sums = new StringBuilder();
    for (Path file : files) {
      kib += (Files.size(file) + 1023) / 1024;
      byte[] sum = MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file));
      sums.append(HexFormat.of().formatHex(sum)).append("  ").append(root.relativize(file));
      sums.append('\n');
    }
    Path control = Files.createDirectories(root.resolve("DEBIAN"));
    Files.writeString(control.resolve("md5sums"), sums);
    Files.writeString(control.resolve("control"), filled(name + ".control", kib));
    for (String script : List.of("postinst", "prerm")) {
      Files.copy(SOURCES.resolve("debian").resolve(script), control.resolve(script));
    }
    Path triggers = SOURCES.resolve("debian").resolve(name + ".triggers");
    if (Files.exists(triggers)) {
      Files.copy(triggers, control.resolve("triggers"));
    }
  }

  private String filled(String name, long kib) throws IOException {
    return Files.readString(SOURCES.resolve("debian").resolve(name))
        .replace("@VERSION@", version)
        .replace("@ARCH@", arch)
        .replace("@SIZE@", Long.toString(kib))
        .replace(
            "@DATE@",
            DateTimeFormatter.RFC_1123_DATE_TIME
                .format(timestamp.atOffset(ZoneOffset.UTC))
                .replace("GMT", "+0000"));
  }

  // Files and programs.

  private static void link(Path link, String target) throws IOException {
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(target));
  }

  /// Gives every file the build's time, and the mode that its kind has. The JVM notes the time of
  /// the jar in a cache, and takes the cache for no other.
  private void settle(Path tree) throws IOException {
    FileTime time = FileTime.from(timestamp);
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (Files.isSymbolicLink(file)) {
          continue;
        }
        String folder = file.getParent().getFileName().toString();
        String name = file.getFileName().toString();
        boolean runs =
            Files.isDirectory(file)
                || folder.equals("bin")
                || List.of("make-caches", "postinst", "prerm", "jexec", "jspawnhelper")
                    .contains(name);
        Files.setPosixFilePermissions(
            file, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
        Files.setLastModifiedTime(file, time);
      }
    }
  }

  private static void run(Path directory, List<String> command) throws Exception {
    Path log = Files.createTempFile("ocicap-packages", null);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("TZ", "UTC");
    Process process = builder.redirectOutput(log.toFile()).start();
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " failed:\n" + Files.readString(log));
      }
    } finally {
      Files.delete(log);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
