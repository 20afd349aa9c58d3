package dev.ocicap.docker;

import java.util.List;

/// The values that concern a container's life around its process: nothing of them is in a
/// configuration, and all of them are checked as podman checks them.
final class PodmanChecks {
  private final Conversion c;

  private PodmanChecks(Conversion c) {
    this.c = c;
  }

  static void check(Conversion c) {
    PodmanChecks checks = new PodmanChecks(c);
    checks.numbers();
    checks.names();
    checks.life();
    checks.health();
    checks.image();
  }

  /// Numbers are refused where flags are read.
  private void numbers() {
    for (FlagValue value : c.command.flags()) {
      try {
        switch (value.flag().type()) {
          case INT -> GoSyntax.parseInt(value.text());
          case UNSIGNED -> {
            if (GoSyntax.parseInt(value.text()) < 0) {
              throw new BadValue("'" + value.text() + "' is negative");
            }
          }
          case DECIMAL -> PodmanResources.decimal(value.text());
          default -> {
            // texts
          }
        }
      } catch (BadValue e) {
        c.badValue(value.flag().name(), e);
      }
    }
  }

  private void names() {
    String name = c.command.text("name");
    if (!name.isEmpty() && !Texts.isRestrictedName(name.length() == 1 ? name + name : name)) {
      c.problem("--name: '" + name + "' is not letters, digits, '_', '.' and '-'", null);
    }
    if (c.command.isOn("replace") && name.isEmpty()) {
      c.problem("'--replace' needs '--name'", null);
    }
    for (String label : c.command.all("label")) {
      if (label.startsWith("=")) {
        c.problem("--label: '" + label + "' has no name", null);
      }
    }
    for (String file : c.command.all("label-file")) {
      EnvironmentSettings.file(c, "label-file", file);
    }
    for (String annotation : c.command.all("annotation")) {
      if (annotation.indexOf('=') < 0) {
        c.problem("--annotation: '" + annotation + "' is not KEY=VALUE", null);
      }
    }
    for (String other : c.command.all("requires")) {
      if (c.options.known().containers().find(other).isEmpty()) {
        c.problem("--requires: no container '" + other + "' is known", OtherContainers.HINT);
      }
    }
    if (!c.command.text("pod").isEmpty() && c.command.has("pod-id-file")) {
      c.conflict("--pod", "--pod-id-file");
    }
    String pod = c.command.text("pod");
    if (pod.equals("new:")) {
      c.problem("--pod: nothing behind 'new:'", null);
    }
    String file = c.command.text("pod-id-file");
    if (!file.isEmpty() && !c.client.files().exists(c.client.absolute(file))) {
      c.problem("--pod-id-file: cannot read '" + file + "'", null);
    }
    if (!pod.isEmpty()) {
      for (String flag : List.of("hostname", "publish")) {
        if (c.command.has(flag) && !c.command.has("uts")) {
          c.conflict("--" + flag, "--pod");
        }
      }
    }
    String mode = c.command.text("init-ctr");
    if (!mode.isEmpty()
        && (c.command.text("pod").isEmpty() || !List.of("always", "once").contains(mode))) {
      c.problem("--init-ctr: 'always' or 'once', with '--pod'", null);
    }
  }

  private void life() {
    String restart = c.command.text("restart");
    int colon = restart.indexOf(':');
    String policy = colon < 0 ? restart : restart.substring(0, colon);
    if (!List.of("", "no", "never", "always", "on-failure", "unless-stopped").contains(policy)
        || (colon >= 0
            && (!policy.equals("on-failure")
                || !GoSyntax.isDigits(restart.substring(colon + 1))))) {
      c.problem(
          "--restart: '"
              + restart
              + "' is not 'no', 'always', 'unless-stopped' or"
              + " 'on-failure[:COUNT]'",
          null);
    } else if (restart.isEmpty() || policy.equals("no") || policy.equals("never")) {
      c.report("restart", new FlagMeaning.Ignored("nothing is to be started again"));
    } else if (c.command.isOn("rm")) {
      c.conflict("--restart " + restart, "--rm");
    }
    oneOf("sdnotify", List.of("container", "conmon", "healthy", "ignore"));
    for (String stream : c.command.all("attach")) {
      if (!List.of("stdin", "stdout", "stderr")
          .contains(stream.toLowerCase(java.util.Locale.ROOT))) {
        c.problem("--attach: '" + stream + "' is not 'stdin', 'stdout' or 'stderr'", null);
      }
    }
    if (c.command.isOn("detach") && c.command.has("attach")) {
      c.conflict("--attach", "--detach");
    }
    for (String option : c.command.all("log-opt")) {
      if (option.indexOf('=') < 1) {
        c.problem("--log-opt: '" + option + "' is not KEY=VALUE", null);
      } else if (option.startsWith("max-size=")) {
        size("log-opt", option.substring("max-size=".length()));
      }
    }
    oneOf(
        "log-driver",
        List.of("none", "k8s-file", "json-file", "journald", "passthrough", "passthrough-tty"));
    if (c.command.has("preserve-fd") && c.command.has("preserve-fds")) {
      c.conflict("--preserve-fd", "--preserve-fds");
    }
    for (String option : c.command.all("storage-opt")) {
      if (option.indexOf('=') < 1) {
        c.problem("--storage-opt: '" + option + "' is not KEY=VALUE", null);
      }
    }
    boolean noShm = c.command.text("ipc").equals("host") || c.command.text("ipc").equals("none");
    if (c.command.has("shm-size") && noShm) {
      c.conflict("--shm-size", "--ipc " + c.command.text("ipc"));
    }
    c.bytes("shm-size");
    for (String text : c.command.all("secret")) {
      if (text.indexOf(',') >= 0 || text.indexOf('=') >= 0) {
        secret(text);
      }
    }
  }

  private void secret(String text) {
    String source = "";
    boolean env = false;
    boolean mountOnly = false;
    List<String> options = Texts.split(text, ',');
    for (int i = 0; i < options.size(); i++) {
      String option = options.get(i);
      int equals = option.indexOf('=');
      String value = option.substring(equals + 1);
      String key = equals < 0 ? (i == 0 ? "source" : "") : option.substring(0, equals);
      switch (key) {
        case "source" -> source = value;
        case "target" -> {}
        case "type" -> {
          env = value.equals("env");
          if (!env && !value.equals("mount")) {
            c.problem("--secret: 'type=" + value + "' is neither 'mount' nor 'env'", null);
          }
        }
        case "mode", "uid", "gid", "UID", "GID" -> {
          mountOnly = true;
          boolean octal =
              key.equals("mode") && (value.indexOf('8') >= 0 || value.indexOf('9') >= 0);
          if (octal || !GoSyntax.isDigits(value)) {
            c.problem("--secret: '" + option + "' is not a number", null);
          }
        }
        default -> c.problem("--secret: '" + option + "' is not an option", null);
      }
    }
    if (source.isEmpty()) {
      c.problem("--secret: '" + text + "' names no secret", null);
    }
    if (env && mountOnly) {
      c.problem("--secret: 'type=env' has no owner and no mode", null);
    }
  }

  private void size(String flag, String text) {
    try {
      ByteSize.parse(text);
    } catch (BadValue e) {
      c.badValue(flag, e);
    }
  }

  private void oneOf(String flag, List<String> words) {
    String text = c.command.text(flag);
    if (!text.isEmpty() && !words.contains(text)) {
      c.problem("--" + flag + ": '" + text + "' is not one of " + String.join(", ", words), null);
    }
  }

  private void health() {
    boolean none = c.command.isOn("no-healthcheck");
    for (String flag : List.of("health-cmd", "health-startup-cmd")) {
      if (none && !c.command.text(flag).isEmpty()) {
        c.conflict("--" + flag, "--no-healthcheck");
      }
    }
    oneOf("health-on-failure", List.of("none", "kill", "restart", "stop"));
    String destination = c.command.text("health-log-destination");
    boolean path = destination.startsWith("/") && c.client.files().isDirectory(destination);
    if (!destination.isEmpty()
        && !path
        && !List.of("local", "events_logger").contains(destination)) {
      c.problem("--health-log-destination: '" + destination + "' is no directory", null);
    }
    if (c.command.text("health-cmd").isEmpty() && c.command.has("health-startup-cmd")) {
      c.problem("'--health-startup-cmd' needs '--health-cmd'", null);
    }
    String interval = c.command.text("health-interval");
    if (!interval.equals("disable")) {
      duration("health-interval", 0);
    }
    duration("health-timeout", 1);
    duration("health-start-period", 0);
    if (c.command.has("health-retries") && c.integer("health-retries", 1) < 1) {
      c.problem("--health-retries: less than 1", null);
    }
  }

  private void duration(String flag, long least) {
    if (c.command.text(flag).isEmpty()) {
      return;
    }
    long nanoseconds = c.last(flag, least, GoSyntax::parseDuration);
    if (nanoseconds < least) {
      c.problem("--" + flag + ": '" + c.command.text(flag) + "' is too little", null);
    }
  }

  private void image() {
    oneOf("pull", List.of("always", "missing", "never", "newer", "ifmissing", "ifnotpresent"));
    if (!c.command.text("platform").isEmpty()) {
      if (c.command.has("arch") || c.command.has("os")) {
        c.problem("'--platform' excludes '--arch' and '--os'", null);
      }
      try {
        PlatformNotation.parse(c.command.text("platform")).check(c.image);
      } catch (BadValue e) {
        c.badValue("platform", e);
      }
    }
    for (String request : c.command.all("gpus")) {
      c.problem(
          "'--gpus "
              + request
              + "' cannot be converted: a GPU's devices, libraries and hooks come"
              + " from its vendor's toolkit",
          "give the nodes: --device /dev/nvidia0");
    }
    String authfile = c.command.text("authfile");
    if (!authfile.isEmpty() && !c.client.files().exists(c.client.absolute(authfile))) {
      c.problem("--authfile: '" + authfile + "' does not exist", null);
    }
  }
}
