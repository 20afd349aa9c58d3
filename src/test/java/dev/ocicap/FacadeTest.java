package dev.ocicap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.cap.Capability;
import dev.ocicap.cli.InProcess;
import dev.ocicap.export.Exporters;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The library: what its public types promise, and that nothing else is reachable from them.
class FacadeTest {
  private static final Path CLASSES = Path.of("target/classes");
  private static final Pattern NAME = Pattern.compile("(?:dev/ocicap|picocli)/[A-Za-z0-9_/$]+");

  @TempDir Path directory;

  // The border.

  private static List<Class<?>> facade() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(CLASSES.resolve("dev/ocicap"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        if (!name.equals("package-info")) {
          types.add(Class.forName("dev.ocicap." + name));
        }
      }
    }
    return types;
  }

  @Test
  void public_signatures_mention_the_facade_and_the_jdk_alone() throws Exception {
    Set<String> wrong = new TreeSet<>();
    int seen = 0;
    for (Class<?> type : facade()) {
      if (!Modifier.isPublic(type.getModifiers())) {
        continue;
      }
      seen++;
      List<Type> types = new ArrayList<>();
      types.add(type.getGenericSuperclass());
      types.addAll(List.of(type.getGenericInterfaces()));
      List<Executable> members = new ArrayList<>(List.of(type.getDeclaredMethods()));
      members.addAll(List.of(type.getDeclaredConstructors()));
      for (Executable member : members) {
        if (isVisible(member.getModifiers()) && !member.isSynthetic()) {
          types.addAll(List.of(member.getGenericParameterTypes()));
          types.addAll(List.of(member.getGenericExceptionTypes()));
          if (member instanceof Method method) {
            types.add(method.getGenericReturnType());
          }
        }
      }
      for (Field field : type.getDeclaredFields()) {
        if (isVisible(field.getModifiers())) {
          types.add(field.getGenericType());
        }
      }
      for (Type one : types) {
        check(type, one, wrong);
      }
    }
    assertTrue(seen >= 10, "only " + seen);
    assertEquals(Set.of(), wrong);
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static void check(Class<?> where, Type type, Set<String> wrong) {
    switch (type) {
      case null -> {}
      case Class<?> one -> {
        Class<?> element = one;
        while (element.isArray()) {
          element = element.getComponentType();
        }
        boolean known =
            element.isPrimitive()
                || element.getName().startsWith("java.")
                || element == Capability.class
                || (element.getPackageName().equals("dev.ocicap")
                    && Modifier.isPublic(element.getModifiers()));
        if (!known) {
          wrong.add(where.getSimpleName() + ": " + element.getName());
        }
      }
      case ParameterizedType one -> {
        check(where, one.getRawType(), wrong);
        for (Type argument : one.getActualTypeArguments()) {
          check(where, argument, wrong);
        }
      }
      case GenericArrayType one -> check(where, one.getGenericComponentType(), wrong);
      case WildcardType one -> {
        for (Type bound : one.getUpperBounds()) {
          check(where, bound, wrong);
        }
      }
      case TypeVariable<?> one -> {
        for (Type bound : one.getBounds()) {
          check(where, bound, wrong);
        }
      }
      default -> wrong.add(where + ": " + type);
    }
  }

  @Test
  void no_class_that_the_facade_needs_is_of_the_command_line() throws Exception {
    Deque<String> next = new ArrayDeque<>();
    for (Class<?> type : facade()) {
      next.add(type.getName().replace('.', '/'));
    }
    Set<String> reached = new TreeSet<>();
    while (!next.isEmpty()) {
      String name = next.remove();
      if (reached.add(name) && Files.exists(CLASSES.resolve(name + ".class"))) {
        next.addAll(mentioned(name));
      }
    }
    assertTrue(reached.contains("dev/ocicap/docker/DockerFlag"), "the walk goes nowhere");
    reached.removeIf(name -> !name.startsWith("picocli") && !name.startsWith("dev/ocicap/cli/"));
    assertEquals(Set.of(), reached);
  }

  @Test
  void the_walk_would_see_picocli() throws IOException {
    assertTrue(
        mentioned("dev/ocicap/cli/Picocli").stream().anyMatch(name -> name.startsWith("picocli")));
  }

  private static Set<String> mentioned(String name) throws IOException {
    Set<String> names = new TreeSet<>();
    for (PoolEntry entry : ClassFile.of().parse(CLASSES.resolve(name + ".class")).constantPool()) {
      String text =
          switch (entry) {
            case ClassEntry one -> one.asInternalName();
            case Utf8Entry one -> one.stringValue();
            default -> "";
          };
      Matcher matcher = NAME.matcher(text);
      while (matcher.find()) {
        names.add(matcher.group());
      }
    }
    return names;
  }

  @Test
  void presets_and_targets_are_those_of_the_command_line() {
    List<String> presets =
        Stream.of(Preset.values())
            .map(preset -> preset.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .toList();
    assertEquals(dev.ocicap.host.Preset.words(), presets);
    List<String> targets =
        Stream.of(Export.Target.values())
            .map(target -> target.name().toLowerCase(Locale.ROOT))
            .toList();
    assertEquals(Exporters.names(), targets);
  }

  // Same as the command line.

  @Test
  void generate_is_what_the_command_prints() {
    for (Preset preset : Preset.values()) {
      String word = preset.name().toLowerCase(Locale.ROOT).replace('_', '-');
      assertEquals(
          InProcess.PLAIN.output("generate", "--from", word), Config.generate(preset).json());
    }
    assertEquals(
        InProcess.PLAIN.output(
            "generate", "--from", "docker", "--add", "sys_admin", "--user", "1000:1000"),
        Config.generate(Preset.DOCKER, Edit.grant(Capability.CAP_SYS_ADMIN), Edit.user(1000, 1000))
            .json());
    assertEquals(
        InProcess.PLAIN.output("generate", "--drop", "all", "--", "sleep", "1"),
        Config.generate(Preset.RUNC, Edit.dropAll(), Edit.args("sleep", "1")).json());
  }

  @Test
  void edit_is_what_the_command_does() throws IOException {
    Path file = directory.resolve("c.json");
    Config config = Config.generate(Preset.RUNC);
    config.write(file);
    InProcess.PLAIN.output(
        "edit", "--set", "/process/scheduler={\"policy\":\"SCHED_OTHER\"}", file.toString());
    Config edited = config.edit(Edit.set("/process/scheduler", "{\"policy\":\"SCHED_OTHER\"}"));
    assertEquals(Files.readString(file), edited.json());
    assertTrue(edited.json().contains("\"ociVersion\": \"1.1.0\""), "config.md of 1.1 brought it");
  }

  @Test
  void convert_is_what_the_command_prints() {
    List<String> words = List.of("docker", "run", "--cap-add", "net_admin", "-p", "1:1", "x", "sh");
    List<String> arguments = new ArrayList<>(List.of("convert", "--config-only", "--"));
    arguments.addAll(words);
    Conversion conversion = Converter.in(Path.of("")).convert(words);
    assertEquals(
        InProcess.PLAIN.output(arguments.toArray(String[]::new)), conversion.config().json());
    assertTrue(
        conversion.warnings().stream().anyMatch(one -> one.message().startsWith("--publish: ")),
        "" + conversion.warnings());
  }

  // What is said nowhere else.

  @Test
  void edits_of_capabilities_wait_for_the_user() {
    Config config =
        Config.generate(Preset.NONE, Edit.grant(Capability.CAP_KILL), Edit.user(1000, 1000));
    assertEquals(
        Capabilities.forAnyUser(Set.of(Capability.CAP_KILL)), config.capabilities().orElseThrow());
    assertEquals(
        Capabilities.forRoot(Set.of(Capability.CAP_KILL)),
        Config.generate(Preset.NONE, Edit.grant(Capability.CAP_KILL)).capabilities().orElseThrow());
  }

  @Test
  void an_edit_that_changes_nothing_gives_the_same_text() {
    Config config = Config.parse("{ \"x\" : 1e3, \"process\":{\"args\":[\"sh\"]} }");
    assertEquals(config, config.edit(Edit.args("sh")));
    assertNotEquals(config, config.edit(Edit.args("bash")));
  }

  @Test
  void values_cannot_be_changed_by_those_who_made_them() {
    EnumSet<Capability> mine = EnumSet.of(Capability.CAP_KILL);
    Capabilities sets = Capabilities.forRoot(mine);
    mine.clear();
    assertEquals(Set.of(Capability.CAP_KILL), sets.bounding());
    assertThrows(UnsupportedOperationException.class, () -> sets.bounding().clear());
    assertThrows(
        UnsupportedOperationException.class,
        () -> Config.parse("{}").validate().add(Config.parse("{}").validate().getFirst()));
  }

  @Test
  void whatever_is_refused_is_one_exception_with_a_place() throws IOException {
    RefusedException syntax = assertThrows(RefusedException.class, () -> Config.parse("{\n x }"));
    assertEquals(2, syntax.problems().getFirst().line());
    assertEquals("config.json", syntax.problems().getFirst().file());
    assertThrows(RefusedException.class, () -> Config.parse("[]"));
    assertThrows(RefusedException.class, () -> Config.read(directory.resolve("missing")));
    assertThrows(RefusedException.class, () -> Edit.args());
    assertThrows(RefusedException.class, () -> Edit.set("hostname", "1"));
    assertThrows(RefusedException.class, () -> Edit.set("/hostname", "{"));
    assertThrows(RefusedException.class, () -> Edit.patch("nothing"));
    Config config = Config.generate(Preset.RUNC);
    assertThrows(RefusedException.class, () -> config.edit(Edit.set("/hostname/x", "1")));
    assertThrows(
        RefusedException.class, () -> config.write(directory.resolve("no/such/directory.json")));
    config.createBundle(directory.resolve("b"));
    assertThrows(RefusedException.class, () -> config.createBundle(directory.resolve("b")));
    Converter converter = Converter.in(directory);
    RefusedException several =
        assertThrows(
            RefusedException.class,
            () -> converter.convert(List.of("docker", "run", "--memory", "x", "-u", "1:", "y")));
    assertFalse(several.problems().isEmpty());
    assertNull(several.problems().getFirst().file());
    assertThrows(RefusedException.class, () -> converter.convert(List.of()));
    assertThrows(RefusedException.class, () -> converter.convert(List.of("docker")));
    assertThrows(RefusedException.class, () -> converter.forHost("planet=mars"));
  }

  @Test
  void a_text_that_is_no_json_has_a_finding() {
    Finding finding = Config.validate("{").getFirst();
    assertEquals("json-syntax", finding.code());
    assertEquals(Finding.Level.MUST, finding.level());
  }

  @Test
  void a_conversion_makes_a_bundle_or_nothing() throws IOException {
    Path rootfs = Files.createDirectories(directory.resolve("rootfs/bin"));
    Files.createFile(rootfs.resolve("sh"));
    Converter converter = Converter.in(directory);
    Path bundle = directory.resolve("made");
    Conversion made =
        converter.makeBundle(
            bundle, directory.resolve("rootfs"), List.of("docker", "run", "x", "sh"));
    assertEquals(Config.read(bundle), made.config());
    assertTrue(made.config().validate().stream().noneMatch(f -> f.level() == Finding.Level.MUST));
    Path none = directory.resolve("none");
    assertThrows(
        RefusedException.class,
        () ->
            converter.makeBundle(
                none,
                directory.resolve("rootfs"),
                List.of("docker", "run", "--mount", "type=image,src=y,dst=/y", "x", "sh")));
    assertFalse(Files.exists(none));
  }

  @Test
  void a_start_that_the_kernel_refuses_is_predicted() {
    // capset(2) refuses an inheritable set beyond the bounding set.
    Config config =
        Config.generate(
            Preset.NONE,
            Edit.capabilities(
                new Capabilities(
                    Set.of(), Set.of(), Set.of(Capability.CAP_KILL), Set.of(), Set.of())));
    Prediction.Failed failed =
        assertInstanceOf(
            Prediction.Failed.class, config.predict(EnumSet.allOf(Capability.class), directory));
    assertEquals("create", failed.stage());
  }
}
