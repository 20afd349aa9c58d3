package dev.ocicap.docker;

import java.util.List;
import java.util.Locale;

/// What concerns the container's life around its process: nothing of it is in a configuration, and
/// all of it is checked as docker checks it.
final class LifecycleSettings {
  private static final long MILLISECOND = 1_000_000;
  private static final String CONTROLLED = "abcdefghijklmnopqrstuvwxyz@[\\]^_";
  private final Conversion c;

  LifecycleSettings(Conversion c) {
    this.c = c;
  }

  void check() {
    windows();
    name();
    attach();
    terminal();
    restart();
    health();
    stop();
    if (c.command.has("log-driver") || c.command.has("log-opt")) {
      LoggingOptions.check(c);
    }
    labels();
    image();
    c.integer("stop-timeout", 0);
    for (String option : c.command.all("storage-opt")) {
      c.problem(
          "--storage-opt: '"
              + option
              + "' cannot be converted: a quota belongs to the"
              + " storage",
          null);
    }
    for (String request : c.command.all("gpus")) {
      c.problem(
          "'--gpus "
              + request
              + "' cannot be converted: a GPU's devices, libraries and hooks come"
              + " from its vendor's toolkit",
          "give the nodes: --device /dev/nvidia0");
    }
  }

  private void windows() {
    for (FlagValue value : c.command.flags()) {
      if (value.flag().status() == DockerFlag.Status.WINDOWS) {
        c.problem("'" + value.spelling() + "' is known to Docker on Windows only", null);
      }
    }
    String isolation = c.command.text("isolation");
    if (!isolation.isEmpty() && !isolation.equalsIgnoreCase("default")) {
      c.problem("--isolation: '" + isolation + "' is not 'default', the only one on Linux", null);
    }
  }

  private void name() {
    String name = c.command.text("name");
    String bare = name.startsWith("/") ? name.substring(1) : name;
    if (!name.isEmpty() && !Texts.isRestrictedName(bare)) {
      c.problem(
          "--name: '"
              + name
              + "' is not two or more letters, digits, '_', '.' and '-', a letter or"
              + " digit first",
          null);
    }
    String file = c.command.text("cidfile");
    if (!file.isEmpty()) {
      cidFile(file, c.client.absolute(file));
    }
    String runtime = c.command.text("runtime");
    if (!runtime.isEmpty() && !c.options.known().runtimes().contains(runtime)) {
      c.problem("--runtime: no runtime '" + runtime + "' is known", "--runtime runc");
    }
  }

  private void cidFile(String file, String path) {
    String directory = path.substring(0, Math.max(1, path.lastIndexOf('/')));
    if (c.client.files().exists(path)) {
      c.problem("--cidfile: '" + file + "' exists already", null);
    } else if (!c.client.files().isDirectory(directory)) {
      c.problem("--cidfile: '" + file + "' is in no directory", null);
    }
  }

  private void attach() {
    for (String stream : c.command.all("attach")) {
      switch (stream.toLowerCase(Locale.ROOT)) {
        case "stdin", "stdout", "stderr" -> {
          // as it should be
        }
        default ->
            c.problem("--attach: '" + stream + "' is not 'stdin', 'stdout' or 'stderr'", null);
      }
    }
    if (c.command.isOn("detach") && c.command.has("attach")) {
      c.conflict("--attach", "--detach");
    }
    String keys = c.command.text("detach-keys");
    for (String key : keys.isEmpty() ? List.<String>of() : Texts.split(keys, ',')) {
      boolean control = key.startsWith("ctrl-") && key.length() == "ctrl-".length() + 1;
      boolean fits = control && CONTROLLED.indexOf(key.charAt(key.length() - 1)) >= 0;
      boolean single = key.length() == 1 && key.charAt(0) < 0x80;
      if (!single && !fits && !key.equals("DEL")) {
        c.problem("--detach-keys: '" + key + "' is neither a character nor 'ctrl-' and one", null);
      }
    }
  }

  /// A terminal for the container needs one at the client, unless it is detached.
  private void terminal() {
    boolean attached = c.command.isOn("interactive") || attaches("stdin");
    if (c.command.isOn("tty")
        && attached
        && !c.command.create()
        && !c.command.isOn("detach")
        && c.client.stdin() == ClientEnvironment.Stdin.OTHER) {
      c.problem("--tty: standard input is not a terminal", "leave '-t' out");
    }
  }

  private boolean attaches(String stream) {
    for (String given : c.command.all("attach")) {
      if (given.equalsIgnoreCase(stream)) {
        return true;
      }
    }
    return false;
  }

  private void restart() {
    if (!c.command.has("restart")) {
      return;
    }
    String policy = c.command.text("restart");
    int colon = policy.indexOf(':');
    String name = colon < 0 ? policy : policy.substring(0, colon);
    String count = colon < 0 ? "" : policy.substring(colon + 1);
    boolean known =
        switch (name) {
          case "no", "always", "unless-stopped", "on-failure" -> true;
          default -> policy.isEmpty();
        };
    if (!known) {
      c.problem(
          "--restart: '"
              + policy
              + "' is not 'no', 'always', 'unless-stopped' or"
              + " 'on-failure[:COUNT]'",
          null);
    } else if (!count.isEmpty()) {
      try {
        long number = GoSyntax.parseDecimal(count);
        if (number < 0 || (number > 0 && !name.equals("on-failure"))) {
          throw new BadValue("'" + policy + "': a count goes with 'on-failure' only");
        }
      } catch (BadValue e) {
        c.badValue("restart", e);
      }
    }
    if (policy.isEmpty() || name.equals("no")) {
      c.report("restart", new FlagMeaning.Ignored("nothing is to be started again"));
    } else if (c.command.isOn("rm")) {
      c.conflict("--restart " + policy, "--rm");
    }
  }

  private void health() {
    long interval = c.last("health-interval", 0L, GoSyntax::parseDuration);
    long timeout = c.last("health-timeout", 0L, GoSyntax::parseDuration);
    long start = c.last("health-start-period", 0L, GoSyntax::parseDuration);
    long startInterval = c.last("health-start-interval", 0L, GoSyntax::parseDuration);
    long retries = c.integer("health-retries", 0);
    atLeastMillisecond("health-interval", interval);
    atLeastMillisecond("health-timeout", timeout);
    atLeastMillisecond("health-start-period", start);
    atLeastMillisecond("health-start-interval", startInterval);
    if (retries < 0) {
      c.problem("--health-retries: '" + retries + "' is negative", null);
    }
    boolean asked =
        !c.command.text("health-cmd").isEmpty()
            || interval != 0
            || timeout != 0
            || start != 0
            || startInterval != 0
            || retries != 0;
    if (asked && c.command.isOn("no-healthcheck")) {
      c.problem("'--no-healthcheck' contradicts the '--health-…' flags", null);
    }
  }

  private void atLeastMillisecond(String flag, long nanoseconds) {
    if (nanoseconds != 0 && nanoseconds < MILLISECOND) {
      c.problem("--" + flag + ": '" + c.command.text(flag) + "' is less than '1ms'", null);
    }
  }

  private void stop() {
    String signal = c.command.text("stop-signal");
    if (!signal.isEmpty() && !SignalName.isSignal(signal)) {
      c.problem("--stop-signal: '" + signal + "' is not a signal", "--stop-signal SIGTERM");
    }
  }

  private void labels() {
    for (String label : c.command.all("label")) {
      int equals = label.indexOf('=');
      String name = (equals < 0 ? label : label.substring(0, equals)).stripLeading();
      if (name.isEmpty()) {
        c.problem("--label: '" + label + "' has no name", null);
      } else if (name.indexOf(' ') >= 0 || name.indexOf('\t') >= 0) {
        c.problem("--label: the name in '" + label + "' contains a blank", null);
      }
    }
    for (String file : c.command.all("label-file")) {
      EnvironmentSettings.file(c, "label-file", file);
    }
    for (String annotation : c.command.all("annotation")) {
      if (annotation.isEmpty() || annotation.startsWith("=")) {
        c.problem("--annotation: '" + annotation + "' has no key", null);
      }
    }
  }

  private void image() {
    if (c.command.has("pull")) {
      switch (c.command.text("pull")) {
        case "always", "missing", "never", "" -> {
          // as it should be
        }
        default ->
            c.problem(
                "--pull: '" + c.command.text("pull") + "' is not 'always', 'missing' or 'never'",
                null);
      }
    }
    if (c.command.has("disable-content-trust") && !c.command.isOn("disable-content-trust")) {
      c.problem("--disable-content-trust=false: an image's signature cannot be checked here", null);
    }
    String platform = c.command.platform(c.client);
    if (!platform.isEmpty()) {
      try {
        PlatformNotation.parse(platform).check(c.image);
      } catch (BadValue e) {
        c.badValue("platform", e);
      }
    }
  }
}
