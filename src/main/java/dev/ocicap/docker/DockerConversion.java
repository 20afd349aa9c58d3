package dev.ocicap.docker;

import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.DeviceEdits;
import dev.ocicap.edit.MountEdits;
import dev.ocicap.edit.NamespaceEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.ResourceEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.PropertyVersions;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the configuration that Docker Engine, containerd or podman would have written for a
/// command. What it writes follows the order of the document, so that flags in any order give the
/// same configuration.
public final class DockerConversion {
  private final Conversion c;
  private final List<SpecEdit> edits = new ArrayList<>();

  private DockerConversion(Conversion c) {
    this.c = c;
  }

  /// Converts a command. Nothing is written and nothing is made; what has to be made is in the
  /// result.
  ///
  /// @param command the command
  /// @param image what the image says
  /// @param rootfs the image's files
  /// @param host the machine that the bundle is for
  /// @param client where the command was typed
  /// @param options what the user of the conversion decides
  /// @throws dev.ocicap.report.OcicapException with everything that docker would refuse, or that
  ///   cannot be converted
  public static Converted convert(
      DockerRunCommand command,
      ImageConfig image,
      ImageFiles rootfs,
      TargetHost host,
      ClientEnvironment client,
      ConversionOptions options) {
    Conversion c = new Conversion(command, image, rootfs, host, client, options);
    RuntimeConfig config = new DockerConversion(c).config();
    return new Converted(config, c.reports(), c.warnings(), c.preparations());
  }

  private RuntimeConfig config() {
    checkImage();
    if (c.options.grants().engine() == DockerRunCommand.Engine.PODMAN) {
      edits.addAll(PodmanConversion.edits(c));
    } else {
      convert();
    }
    c.throwProblems();
    if (c.isBundle()) {
      edits.add(DockerConversion::oldestVersion);
    }
    return RuntimeConfig.create(DockerDefaults.OCI_VERSION, SpecEdit.all(edits));
  }

  private void convert() {
    new LifecycleSettings(c).check();
    Modes modes = Modes.of(c);
    SecuritySettings security = SecuritySettings.of(c);
    String hostname = NamespaceSettings.hostname(c, modes);
    NetworkSettings network = new NetworkSettings(c, modes);
    network.apply(hostname);
    boolean withInit = withInit(modes);

    User user = user();
    ProcessCapabilities capabilities = CapabilitySettings.of(c, user.isRoot());
    List<String> environment = EnvironmentSettings.of(c, hostname, network.linkVariables());
    process(user, environment, capabilities, security, withInit);
    edits.add(ContainerEdits.rootPath(c.options.places().root()));
    if (c.command.isOn("read-only")) {
      edits.add(ContainerEdits.readonly(true));
    }
    if (!modes.uts().equals("host") && !hostname.isEmpty()) {
      edits.add(ContainerEdits.hostname(hostname));
    }
    MountSettings mounts = new MountSettings(c, modes);
    List<Mount> mounted = mounts.mounts(withInit, security.cgroupsAreWritable(c));
    edits.add(MountEdits.replace(mounted));
    edits.add(ContainerEdits.annotations(Annotations.of(c)));
    linux(modes, security, mounts.rootfsPropagation());
    if (c.options.grants().engine() == DockerRunCommand.Engine.NERDCTL) {
      edits.add(NerdctlSettings.of(c));
    }
  }

  /// A bundle names the oldest release of the specification that knows everything in it, so that
  /// older runtimes take it.
  private static void oldestVersion(ConfigDraft draft) {
    String version = PropertyVersions.needed(draft.root()).toString();
    draft.set(JsonValues.string(version), "ociVersion");
  }

  /// No text of a process may hold a NUL character: what follows it would not be seen.
  private void checkImage() {
    List<String> texts = new ArrayList<>(c.image.entrypoint());
    texts.addAll(c.image.command());
    texts.addAll(c.image.environment());
    texts.addAll(c.image.volumes());
    texts.add(c.image.workingDirectory());
    for (String text : texts) {
      if (text.indexOf('\0') >= 0) {
        c.problem("the image's configuration: '" + text + "' contains a NUL character", null);
      }
    }
  }

  private boolean withInit(Modes modes) {
    if (!c.command.isOn("init")) {
      return false;
    }
    if (!modes.pid().isEmpty()) {
      c.report("init", new FlagMeaning.Ignored("the PID namespace has an init process already"));
      return false;
    }
    return true;
  }

  private User user() {
    String text = c.command.text("user");
    if (text.isEmpty()) {
      text = c.image.user();
    }
    try {
      User user = UserNotation.parse(text).resolve(c.rootfs);
      List<Long> groups = new ArrayList<>(user.additionalGids());
      groups.addAll(c.all("group-add", group -> UserNotation.resolveGroup(group, c.rootfs)));
      return new User(user.uid(), user.gid(), groups);
    } catch (BadValue e) {
      c.badValue("user", e);
      return User.ROOT;
    }
  }

  private void process(
      User user,
      List<String> environment,
      ProcessCapabilities capabilities,
      SecuritySettings security,
      boolean withInit) {
    if (c.command.isOn("tty")) {
      edits.add(ProcessEdits.terminal(true));
      ClientEnvironment.ConsoleSize size = c.client.consoleSize();
      if (size != null) {
        edits.add(ProcessEdits.consoleSize(size.height(), size.width()));
      }
    }
    edits.add(ProcessEdits.user(user));
    edits.add(ProcessEdits.args(args(withInit)));
    edits.add(ProcessEdits.environment(environment));
    edits.add(ProcessEdits.cwd(workingDirectory()));
    edits.add(CapabilityEdits.replaceCompactly(capabilities));
    edits.add(ResourceEdits.rlimits(ResourceSettings.rlimits(c)));
    if (security.noNewPrivileges()) {
      edits.add(ProcessEdits.noNewPrivileges(true));
    }
    edits.add(security.apparmorProfile(c));
    edits.add(ProcessEdits.oomScoreAdj(ResourceSettings.oomScoreAdj(c)));
    edits.add(security.selinuxLabels(c));
  }

  /// Entry point and command; an entry point on the command line replaces the image's command too.
  private List<String> args(boolean withInit) {
    List<String> args = new ArrayList<>();
    if (withInit) {
      args.add("/sbin/docker-init");
      args.add("--");
    }
    int before = args.size();
    boolean replaced = c.command.has("entrypoint");
    if (replaced) {
      String entrypoint = c.command.text("entrypoint");
      if (!entrypoint.isEmpty()) {
        args.add(entrypoint);
      }
    } else {
      // An image whose only word is empty has taken back the one of the image that it was made of.
      List<String> entrypoint = c.image.entrypoint();
      args.addAll(entrypoint.equals(List.of("")) ? List.of() : entrypoint);
    }
    if (!c.command.arguments().isEmpty() || replaced) {
      args.addAll(c.command.arguments());
    } else {
      args.addAll(c.image.command());
    }
    if (args.size() == before) {
      c.problem(
          "'" + c.command.image() + "' names no command, and the command line none",
          "write one behind the image, such as sh, or say what the image is: --image, --image-config");
    }
    return args;
  }

  private String workingDirectory() {
    String given = c.command.text("workdir");
    String text = given.isEmpty() ? c.image.workingDirectory() : given;
    if (text.isEmpty()) {
      return "/";
    }
    if (!text.startsWith("/")) {
      c.problem("--workdir: '" + text + "' is not an absolute path", null);
    }
    String directory = Texts.cleanPath(text);
    for (int slash = directory.indexOf('/', 1); ; slash = directory.indexOf('/', slash + 1)) {
      String above = slash < 0 ? directory : directory.substring(0, slash);
      if (c.isFile(above)) {
        c.problem("--workdir: '" + above + "' is a file in the image, not a directory", null);
      }
      if (slash < 0) {
        break;
      }
    }
    c.prepare(new Preparation.MakeWorkingDirectory(directory));
    // The engine cleans its users' path, and writes the image's as it is.
    return given.isEmpty() ? text : directory;
  }

  private void linux(Modes modes, SecuritySettings security, @Nullable String rootfsPropagation) {
    edits.add(NamespaceEdits.sysctls(NamespaceSettings.sysctls(c, modes)));
    DeviceSettings devices = new DeviceSettings(c);
    edits.add(DeviceEdits.rules(devices.rules()));
    edits.add(ResourceSettings.of(c));
    String cgroup = ResourceSettings.cgroupsPath(c);
    if (!cgroup.isEmpty()) {
      edits.add(ResourceEdits.cgroupsPath(cgroup));
    }
    edits.add(NamespaceEdits.replace(NamespaceSettings.of(c, modes)));
    edits.add(DeviceEdits.devices(devices.devices()));
    edits.add(SeccompSettings.of(c, security.seccomp()));
    if (rootfsPropagation != null) {
      edits.add(MountEdits.rootfsPropagation(rootfsPropagation));
    }
    edits.add(security.systemPaths(c));
  }
}
