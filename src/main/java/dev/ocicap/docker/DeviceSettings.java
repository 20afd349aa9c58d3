package dev.ocicap.docker;

import dev.ocicap.docker.HostFiles.Node;
import dev.ocicap.spec.Device;
import dev.ocicap.spec.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Device nodes and the rules about them.
final class DeviceSettings {
  private static final int MAX_DEPTH = 16;

  private final Conversion c;
  private final List<Device> devices = new ArrayList<>();
  private final List<DeviceRule> rules = new ArrayList<>();

  DeviceSettings(Conversion c) {
    this.c = c;
    rules.addAll(DockerDefaults.DEVICE_RULES);
    List<DeviceNotation> given = given();
    List<DeviceRuleNotation> extra = c.all("device-cgroup-rule", DeviceRuleNotation::parse);
    if (c.isPrivileged()) {
      privileged(given);
    } else {
      rules.addAll(DockerDefaults.DEVICE_RULES);
      for (DeviceNotation device : given) {
        add(device, true);
      }
      for (DeviceRuleNotation rule : extra) {
        rules.add(rule.rule());
      }
    }
  }

  private DeviceSettings(Conversion c, List<DeviceRule> rules) {
    this.c = c;
    this.rules.addAll(rules);
  }

  /// What podman writes: none is allowed but those that were named.
  ///
  /// @param userNamespace whether the container has a user namespace, in which no rule is needed
  static DeviceSettings ofPodman(Conversion c, boolean userNamespace) {
    boolean privileged = c.isPrivileged();
    DeviceSettings settings =
        new DeviceSettings(
            c, privileged || userNamespace ? List.of() : List.of(DeviceRule.any(false)));
    for (DeviceNotation device : settings.given()) {
      settings.add(device, !privileged);
    }
    for (DeviceRuleNotation rule : c.all("device-cgroup-rule", DeviceRuleNotation::parseOfPodman)) {
      if (!privileged) {
        settings.rules.add(rule.ruleOfPodman());
      }
    }
    if (privileged) {
      settings.rules.add(DeviceRule.any(true));
      settings.addAll();
    }
    return settings;
  }

  /// Every device of the machine that was not named.
  private void addAll() {
    if (c.host.elsewhere()) {
      c.warning("'--privileged': the devices are those of this machine, not of the target", null);
    }
    c.client
        .files()
        .devices()
        .forEach((path, node) -> {
          boolean named = false;
          for (Device device : devices) {
            named |= device.path().equals(path);
          }
          if (!named) {
            devices.add(device(path, node));
          }
        });
  }

  List<Device> devices() {
    return devices;
  }

  List<DeviceRule> rules() {
    return rules;
  }

  private List<DeviceNotation> given() {
    List<DeviceNotation> given = new ArrayList<>();
    for (String text : c.command.all("device")) {
      try {
        if (DeviceNotation.isCdi(text)) {
          throw new BadValue(
              "'"
                  + text
                  + "' is a device of the Container Device Interface, whose edits its"
                  + " vendor's files describe",
              "give its nodes: --device /dev/NAME");
        }
        given.add(DeviceNotation.parse(text));
      } catch (BadValue e) {
        c.badValue("device", e);
      }
    }
    return given;
  }

  private void privileged(List<DeviceNotation> given) {
    if (c.host.elsewhere()) {
      c.warning("'--privileged': the devices are those of this machine, not of the target", null);
    }
    c.client.files().devices().forEach((path, node) -> devices.add(device(path, node)));
    for (DeviceNotation device : given) {
      if (!device.host().equals(device.container())) {
        add(device, false);
      }
    }
    rules.add(DeviceRule.any(true));
    if (c.command.has("device-cgroup-rule")) {
      c.report("device-cgroup-rule", new FlagMeaning.Ignored("'--privileged' allows all devices"));
    }
  }

  private void add(DeviceNotation notation, boolean withRule) {
    Node node = node(notation.host());
    if (node != null) {
      add(notation.container(), node, notation.access(), withRule);
      return;
    }
    int before = devices.size();
    if (c.client.files().isDirectory(notation.host())) {
      directory(notation.host(), notation, withRule, 0);
    }
    if (devices.size() == before) {
      c.problem(
          "--device: '"
              + notation.host()
              + (c.client.files().exists(notation.host())
                  ? "' is not a device"
                  : "' does not exist"),
          null);
    }
  }

  private void directory(String path, DeviceNotation notation, boolean withRule, int depth) {
    for (String name : c.client.files().list(path)) {
      String child = path + "/" + name;
      if (c.client.files().isSymbolicLink(child)) {
        continue;
      }
      Optional<Node> node = c.client.files().node(child);
      if (node.isPresent()) {
        String target = notation.container() + child.substring(notation.host().length());
        add(target, node.get(), notation.access(), withRule);
      } else if (c.client.files().isDirectory(child) && depth < MAX_DEPTH) {
        directory(child, notation, withRule, depth + 1);
      }
    }
  }

  private void add(String path, Node node, String access, boolean withRule) {
    devices.add(device(path, node));
    if (withRule) {
      rules.add(new DeviceRule(true, node.type(), node.major(), node.minor(), access));
    }
  }

  private static Device device(String path, Node node) {
    return new Device(
        path, node.type(), node.major(), node.minor(), node.permissions(), node.uid(), node.gid());
  }

  /// The node at a path. One that this machine lacks, and whose numbers are the same on every
  /// Linux, is taken from the kernel's list when the bundle is for another machine.
  private @Nullable Node node(String path) {
    Optional<Node> node = c.client.files().node(path);
    if (node.isPresent() || !c.host.elsewhere()) {
      return node.orElse(null);
    }
    Node known =
        switch (path) {
          case "/dev/null" -> new Node("c", 1, 3, 0666, 0, 0);
          case "/dev/zero" -> new Node("c", 1, 5, 0666, 0, 0);
          case "/dev/full" -> new Node("c", 1, 7, 0666, 0, 0);
          case "/dev/random" -> new Node("c", 1, 8, 0666, 0, 0);
          case "/dev/urandom" -> new Node("c", 1, 9, 0666, 0, 0);
          case "/dev/kmsg" -> new Node("c", 1, 11, 0644, 0, 0);
          case "/dev/tty" -> new Node("c", 5, 0, 0666, 0, 0);
          case "/dev/fuse" -> new Node("c", 10, 229, 0666, 0, 0);
          case "/dev/net/tun" -> new Node("c", 10, 200, 0666, 0, 0);
          case "/dev/kvm" -> new Node("c", 10, 232, 0660, 0, 0);
          case "/dev/vhost-net" -> new Node("c", 10, 238, 0600, 0, 0);
          case "/dev/loop-control" -> new Node("c", 10, 237, 0660, 0, 0);
          default -> null;
        };
    if (known != null) {
      c.warning(
          "'" + path + "' is not on this machine: its numbers are the kernel's, its owner root",
          null);
    }
    return known;
  }
}
