import java.io.ByteArrayInputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.attribute.NestMembersAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Replaces what a JVM links anew at each start, call by call, by classes and methods that an
/// archive of classes holds as it holds all others: lambda expressions and method references, the
/// `equals`, `hashCode` and `toString` of records, switches over types, and texts put together in
/// libraries. So a start needs nothing of `java.lang.invoke`, which takes as long as all the rest.
///
/// What is not of these forms (a serializable lambda, a switch over an enum's constants by name)
/// stays as it is, and works.
final class Desugar {
  /// A name that the compiler gives to nothing.
  private static final String PREFIX = "ocicap$";

  private final Map<String, byte[]> classes;
  private final ClassFile files;

  /// The classes that are added to a nest, by the file of its host.
  private final Map<String, List<ClassDesc>> members = new TreeMap<>();

  private final Map<String, byte[]> done = new TreeMap<>();

  private Desugar(Map<String, byte[]> classes) {
    this.classes = classes;
    ClassHierarchyResolver here =
        ClassHierarchyResolver.ofResourceParsing(type -> {
          byte[] bytes = classes.get(file(type));
          return bytes == null ? null : new ByteArrayInputStream(bytes);
        });
    this.files =
        ClassFile.of(
            ClassHierarchyResolverOption.of(here.orElse(ClassHierarchyResolver.defaultResolver())));
  }

  /// Replaces all of it in these classes.
  ///
  /// @param classes what is in the files, by their names, `a/B.class`; other files stay as they are
  static void in(Map<String, byte[]> classes) {
    Desugar desugar = new Desugar(classes);
    for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
      if (entry.getKey().endsWith(".class")) {
        desugar.replace(entry.getValue());
      }
    }
    classes.putAll(desugar.done);
    desugar.members.forEach((host, added) -> classes.put(host, desugar.host(host, added)));
  }

  private static String file(ClassDesc type) {
    String descriptor = type.descriptorString();
    return descriptor.substring(1, descriptor.length() - 1) + ".class";
  }

  /// One class while its calls are replaced.
  private final class Rewriting {
    private final ClassModel model;
    private final ClassDesc type;
    private final boolean isInterface;
    private final ClassDesc host;

    /// The methods that it gets.
    private final List<Consumer<ClassBuilder>> methods = new ArrayList<>();

    private int count;

    Rewriting(ClassModel model) {
      this.model = model;
      this.type = model.thisClass().asSymbol();
      this.isInterface = model.flags().has(AccessFlag.INTERFACE);
      this.host =
          model
              .findAttribute(Attributes.nestHost())
              .map(attribute -> attribute.nestHost().asSymbol())
              .orElse(type);
    }

    byte[] bytes() {
      ClassTransform bodies = ClassTransform.transformingMethodBodies(this::copy);
      ClassTransform version =
          (builder, element) ->
              // An older class has no nest.
              builder.with(
                  element instanceof ClassFileVersion
                      ? ClassFileVersion.of(ClassFile.JAVA_25_VERSION, 0)
                      : element);
      return files.transformClass(
          model,
          bodies
              .andThen(version)
              .andThen(
                  ClassTransform.endHandler(builder -> methods.forEach(m -> m.accept(builder)))));
    }

    private void copy(CodeBuilder code, CodeElement element) {
      if (!(element instanceof InvokeDynamicInstruction call) || !replaced(code, call)) {
        code.with(element);
      }
    }

    private boolean replaced(CodeBuilder code, InvokeDynamicInstruction call) {
      String factory = call.bootstrapMethod().owner().displayName();
      return switch (factory + "." + call.bootstrapMethod().methodName()) {
        case "LambdaMetafactory.metafactory" -> lambda(code, call);
        case "ObjectMethods.bootstrap" -> ofRecord(code, call);
        case "SwitchBootstraps.typeSwitch" -> typeSwitch(code, call);
        case "StringConcatFactory.makeConcatWithConstants" -> concatenation(code, call);
        default -> false;
      };
    }

    /// Calls a new method of this class instead, with the same arguments.
    private boolean method(
        CodeBuilder code, InvokeDynamicInstruction call, Consumer<CodeBuilder> body) {
      String name = PREFIX + count++;
      methods.add(builder ->
          builder.withMethodBody(
              name,
              call.typeSymbol(),
              ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
              body));
      code.invokestatic(type, name, call.typeSymbol(), isInterface);
      return true;
    }

    private boolean lambda(CodeBuilder code, InvokeDynamicInstruction call) {
      ClassDesc made =
          ClassDesc.ofInternalName(model.thisClass().asInternalName() + "$" + PREFIX + count++);
      done.put(file(made), new Lambda(made, host, call).bytes());
      members.computeIfAbsent(file(host), _ -> new ArrayList<>()).add(made);
      code.invokestatic(made, Lambda.MAKE, call.typeSymbol());
      return true;
    }

    /// As `java.lang.runtime.ObjectMethods` says.
    private boolean ofRecord(CodeBuilder code, InvokeDynamicInstruction call) {
      List<DirectMethodHandleDesc> fields =
          call.bootstrapArgs().stream().skip(2).map(DirectMethodHandleDesc.class::cast).toList();
      return method(
          code,
          call,
          switch (call.name().stringValue()) {
            case "equals" -> body -> recordEquals(body, fields);
            case "hashCode" -> body -> recordHash(body, fields);
            case "toString" -> body -> recordText(body, fields);
            default -> throw new IllegalStateException(call.toString());
          });
    }

    private void field(CodeBuilder body, DirectMethodHandleDesc field) {
      body.getfield(type, field.methodName(), field.invocationType().returnType());
    }

    private void recordEquals(CodeBuilder body, List<DirectMethodHandleDesc> fields) {
      Label differs = body.newLabel();
      Label same = body.newLabel();
      body.aload(0).aload(1).if_acmpeq(same);
      body.aload(1).instanceOf(type).ifeq(differs);
      for (DirectMethodHandleDesc field : fields) {
        body.aload(0);
        field(body, field);
        body.aload(1).checkcast(type);
        field(body, field);
        ClassDesc of = field.invocationType().returnType();
        switch (TypeKind.from(of)) {
          case REFERENCE ->
              body.invokestatic(
                      OBJECTS,
                      "equals",
                      MethodTypeDesc.of(
                          ConstantDescs.CD_boolean,
                          ConstantDescs.CD_Object,
                          ConstantDescs.CD_Object))
                  .ifeq(differs);
          case LONG, FLOAT, DOUBLE ->
              body.invokestatic(
                      BOXES.get(of), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, of, of))
                  .ifne(differs);
          default -> body.if_icmpne(differs);
        }
      }
      body.labelBinding(same).iconst_1().ireturn();
      body.labelBinding(differs).iconst_0().ireturn();
    }

    private void recordHash(CodeBuilder body, List<DirectMethodHandleDesc> fields) {
      body.iconst_0();
      for (DirectMethodHandleDesc field : fields) {
        ClassDesc of = field.invocationType().returnType();
        body.bipush(31).imul().aload(0);
        field(body, field);
        body.invokestatic(
                of.isPrimitive() ? BOXES.get(of) : OBJECTS,
                "hashCode",
                MethodTypeDesc.of(
                    ConstantDescs.CD_int, of.isPrimitive() ? of : ConstantDescs.CD_Object))
            .iadd();
      }
      body.ireturn();
    }

    private void recordText(CodeBuilder body, List<DirectMethodHandleDesc> fields) {
      begin(body);
      // As getSimpleName(): of a class in another one, or in a method, what the source calls it.
      append(body, type.displayName().replaceFirst(".*\\$[0-9]*", "") + "[");
      String separator = "";
      for (DirectMethodHandleDesc field : fields) {
        append(body, separator + field.methodName() + "=");
        body.aload(0);
        field(body, field);
        append(body, field.invocationType().returnType());
        separator = ", ";
      }
      append(body, "]");
      end(body);
    }

    /// As `java.lang.runtime.SwitchBootstraps` says, for labels that are types or texts.
    private boolean typeSwitch(CodeBuilder code, InvokeDynamicInstruction call) {
      List<ConstantDesc> labels = call.bootstrapArgs();
      if (!labels.stream().allMatch(l -> l instanceof ClassDesc || l instanceof String)) {
        return false;
      }
      return method(code, call, body -> choose(body, labels));
    }

    private static void choose(CodeBuilder body, List<ConstantDesc> labels) {
      Label isNull = body.newLabel();
      body.aload(0).ifnull(isNull);
      for (int i = 0; i < labels.size(); i++) {
        Label next = body.newLabel();
        body.iload(1).loadConstant(i).if_icmpgt(next);
        if (labels.get(i) instanceof ClassDesc wanted) {
          body.aload(0).instanceOf(wanted).ifeq(next);
        } else {
          body.loadConstant(labels.get(i))
              .aload(0)
              .invokevirtual(
                  ConstantDescs.CD_String,
                  "equals",
                  MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object))
              .ifeq(next);
        }
        body.loadConstant(i).ireturn().labelBinding(next);
      }
      body.loadConstant(labels.size()).ireturn();
      body.labelBinding(isNull).iconst_m1().ireturn();
    }

    /// As `java.lang.invoke.StringConcatFactory` says.
    private boolean concatenation(CodeBuilder code, InvokeDynamicInstruction call) {
      return method(code, call, body -> join(body, call));
    }

    private static void join(CodeBuilder body, InvokeDynamicInstruction call) {
      String recipe = (String) call.bootstrapArgs().getFirst();
      int constant = 1;
      int argument = 0;
      begin(body);
      StringBuilder literal = new StringBuilder();
      for (char c : (recipe + "\0").toCharArray()) {
        if (c > 2) {
          literal.append(c);
        } else if (c == 2) {
          literal.append(call.bootstrapArgs().get(constant++));
        } else {
          append(body, literal.toString());
          literal.setLength(0);
          if (c == 1) {
            ClassDesc of = call.typeSymbol().parameterType(argument);
            body.loadLocal(TypeKind.from(of), body.parameterSlot(argument++));
            append(body, of);
          }
        }
      }
      end(body);
    }
  }

  private void replace(byte[] bytes) {
    ClassModel model = files.parse(bytes);
    boolean links =
        model.methods().stream()
            .flatMap(method -> method.code().stream())
            .flatMap(code -> code.elementStream())
            .anyMatch(InvokeDynamicInstruction.class::isInstance);
    if (links) {
      done.put(file(model.thisClass().asSymbol()), new Rewriting(model).bytes());
    }
  }

  /// The host of a nest with more members.
  private byte[] host(String file, List<ClassDesc> added) {
    ClassModel model = files.parse(classes.get(file));
    List<ClassDesc> all = new ArrayList<>();
    model
        .findAttribute(Attributes.nestMembers())
        .ifPresent(present -> present.nestMembers().forEach(member -> all.add(member.asSymbol())));
    all.addAll(added);
    ClassTransform others =
        ClassTransform.dropping((ClassElement element) -> element instanceof NestMembersAttribute);
    return files.transformClass(
        model,
        others.andThen(
            ClassTransform.endHandler(
                builder -> builder.with(NestMembersAttribute.ofSymbols(all)))));
  }

  // Texts.

  private static final ClassDesc BUILDER = StringBuilder.class.describeConstable().orElseThrow();

  private static void begin(CodeBuilder body) {
    body.new_(BUILDER)
        .dup()
        .invokespecial(BUILDER, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
  }

  private static void append(CodeBuilder body, String literal) {
    if (!literal.isEmpty()) {
      body.loadConstant(literal);
      append(body, ConstantDescs.CD_String);
    }
  }

  private static void append(CodeBuilder body, ClassDesc type) {
    ClassDesc taken =
        switch (TypeKind.from(type)) {
          case REFERENCE -> type.equals(ConstantDescs.CD_String) ? type : ConstantDescs.CD_Object;
          case BYTE, SHORT -> ConstantDescs.CD_int;
          default -> type;
        };
    body.invokevirtual(BUILDER, "append", MethodTypeDesc.of(BUILDER, taken));
  }

  private static void end(CodeBuilder body) {
    body.invokevirtual(BUILDER, "toString", MethodTypeDesc.of(ConstantDescs.CD_String)).areturn();
  }

  private static final ClassDesc OBJECTS =
      java.util.Objects.class.describeConstable().orElseThrow();

  private static final Map<ClassDesc, ClassDesc> BOXES =
      Map.of(
          ConstantDescs.CD_boolean, ConstantDescs.CD_Boolean,
          ConstantDescs.CD_byte, ConstantDescs.CD_Byte,
          ConstantDescs.CD_char, ConstantDescs.CD_Character,
          ConstantDescs.CD_short, ConstantDescs.CD_Short,
          ConstantDescs.CD_int, ConstantDescs.CD_Integer,
          ConstantDescs.CD_long, ConstantDescs.CD_Long,
          ConstantDescs.CD_float, ConstantDescs.CD_Float,
          ConstantDescs.CD_double, ConstantDescs.CD_Double);

  /// The class of one lambda expression: what it captured are its fields, and its method calls the
  /// one that the compiler made of the body, or that was referred to. It is in the nest of its
  /// class, since that method may be private.
  private record Lambda(ClassDesc type, ClassDesc host, InvokeDynamicInstruction call) {
    static final String MAKE = "make";

    private List<ClassDesc> captured() {
      return call.typeSymbol().parameterList();
    }

    private MethodTypeDesc constructor() {
      return MethodTypeDesc.of(ConstantDescs.CD_void, captured());
    }

    byte[] bytes() {
      return ClassFile.of()
          .build(
              type,
              builder -> {
                builder
                    .withVersion(ClassFile.JAVA_25_VERSION, 0)
                    .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC)
                    .withInterfaceSymbols(call.typeSymbol().returnType())
                    .with(NestHostAttribute.of(host));
                for (int i = 0; i < captured().size(); i++) {
                  builder.withField(
                      name(i), captured().get(i), ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
                }
                builder.withMethodBody(
                    ConstantDescs.INIT_NAME, constructor(), ClassFile.ACC_PRIVATE, this::keep);
                builder.withMethodBody(MAKE, call.typeSymbol(), ClassFile.ACC_STATIC, this::make);
                builder.withMethodBody(
                    call.name().stringValue(),
                    (MethodTypeDesc) call.bootstrapArgs().get(0),
                    ClassFile.ACC_PUBLIC,
                    this::run);
              });
    }

    private static String name(int field) {
      return "c" + field;
    }

    private void keep(CodeBuilder body) {
      body.aload(0)
          .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
      for (int i = 0; i < captured().size(); i++) {
        body.aload(0)
            .loadLocal(TypeKind.from(captured().get(i)), body.parameterSlot(i))
            .putfield(type, name(i), captured().get(i));
      }
      body.return_();
    }

    private void make(CodeBuilder body) {
      body.new_(type).dup();
      for (int i = 0; i < captured().size(); i++) {
        body.loadLocal(TypeKind.from(captured().get(i)), body.parameterSlot(i));
      }
      body.invokespecial(type, ConstantDescs.INIT_NAME, constructor()).areturn();
    }

    /// As `java.lang.invoke.LambdaMetafactory` says: arguments are given as the interface declares
    /// them, are of the types that the expression has, and become what the method takes.
    private void run(CodeBuilder body) {
      MethodTypeDesc declared = (MethodTypeDesc) call.bootstrapArgs().get(0);
      DirectMethodHandleDesc method = (DirectMethodHandleDesc) call.bootstrapArgs().get(1);
      MethodTypeDesc real = (MethodTypeDesc) call.bootstrapArgs().get(2);
      MethodTypeDesc taken = method.invocationType();
      boolean makes = method.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR;
      if (makes) {
        body.new_(method.owner()).dup();
      }
      for (int i = 0; i < captured().size(); i++) {
        body.aload(0).getfield(type, name(i), captured().get(i));
      }
      for (int i = 0; i < declared.parameterCount(); i++) {
        ClassDesc given = declared.parameterType(i);
        body.loadLocal(TypeKind.from(given), body.parameterSlot(i));
        convert(body, given, real.parameterType(i));
        convert(body, real.parameterType(i), taken.parameterType(captured().size() + i));
      }
      invoke(body, method);
      ClassDesc returned = declared.returnType();
      if (returned.equals(ConstantDescs.CD_void)) {
        switch (TypeKind.from(taken.returnType()).slotSize()) {
          case 1 -> body.pop();
          case 2 -> body.pop2();
          default -> {}
        }
      } else {
        convert(body, taken.returnType(), real.returnType());
        convert(body, real.returnType(), returned);
      }
      body.return_(TypeKind.from(returned));
    }

    private static void invoke(CodeBuilder body, DirectMethodHandleDesc method) {
      ClassDesc owner = method.owner();
      String name = method.methodName();
      MethodTypeDesc type = MethodTypeDesc.ofDescriptor(method.lookupDescriptor());
      switch (method.kind()) {
        case STATIC, INTERFACE_STATIC ->
            body.invokestatic(owner, name, type, method.isOwnerInterface());
        case CONSTRUCTOR -> body.invokespecial(owner, ConstantDescs.INIT_NAME, type);
        // What is special about them is that they are private: a method of super has one around it.
        case VIRTUAL, SPECIAL -> body.invokevirtual(owner, name, type);
        case INTERFACE_VIRTUAL, INTERFACE_SPECIAL -> body.invokeinterface(owner, name, type);
        default -> throw new IllegalStateException(method.toString());
      }
    }

    private static void convert(CodeBuilder body, ClassDesc from, ClassDesc to) {
      if (from.equals(to)) {
        return;
      }
      if (from.isPrimitive() && to.isPrimitive()) {
        body.conversion(TypeKind.from(from), TypeKind.from(to));
      } else if (from.isPrimitive()) {
        ClassDesc box = BOXES.get(from);
        body.invokestatic(box, "valueOf", MethodTypeDesc.of(box, from));
      } else if (to.isPrimitive()) {
        unbox(body, from, to);
      } else if (!to.equals(ConstantDescs.CD_Object)) {
        body.checkcast(to);
      }
    }

    private static void unbox(CodeBuilder body, ClassDesc from, ClassDesc to) {
      ClassDesc value = to;
      for (Map.Entry<ClassDesc, ClassDesc> box : BOXES.entrySet()) {
        value = box.getValue().equals(from) ? box.getKey() : value;
      }
      ClassDesc box = BOXES.get(value);
      if (!box.equals(from)) {
        body.checkcast(box);
      }
      body.invokevirtual(box, value.displayName() + "Value", MethodTypeDesc.of(value));
      convert(body, value, to);
    }
  }
}
