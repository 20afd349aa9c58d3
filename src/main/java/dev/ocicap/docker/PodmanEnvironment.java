package dev.ocicap.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The process' environment as podman makes it: its own variables, the image's, those of files and
/// of `--env`, and HOME and HOSTNAME where nobody named them.
final class PodmanEnvironment {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final List<String> PROXIES =
      List.of(
          "http_proxy",
          "https_proxy",
          "ftp_proxy",
          "no_proxy",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "FTP_PROXY",
          "NO_PROXY");

  private final Conversion c;
  private final Map<String, String> variables = new LinkedHashMap<>();

  private PodmanEnvironment(Conversion c) {
    this.c = c;
  }

  /// The variables in order.
  ///
  /// @param uid the user, whose home directory is HOME
  /// @param hostname the value of HOSTNAME
  static List<String> of(Conversion c, long uid, boolean systemd, String hostname) {
    PodmanEnvironment environment = new PodmanEnvironment(c);
    environment.defaults();
    environment.changes();
    environment.given();
    Map<String, String> variables = environment.variables;
    variables.putIfAbsent("HOME", home(c, uid));
    if (systemd) {
      variables.putIfAbsent("container_uuid", c.options.id().substring(0, 32));
    }
    variables.putIfAbsent("HOSTNAME", hostname);
    List<String> texts = new ArrayList<>();
    variables.forEach((name, value) -> texts.add(name + "=" + value));
    return texts;
  }

  private void defaults() {
    variables.put("PATH", PATH);
    if (!c.command.isRootfs()) {
      variables.put("container", "podman");
    }
    for (String text : c.image.environment()) {
      put(text);
    }
    if (c.command.isOn("tty")) {
      variables.putIfAbsent("TERM", "xterm");
    }
    String proxy = c.command.last("http-proxy");
    if (proxy == null || GoSyntax.parseBool(proxy)) {
      for (String name : PROXIES) {
        String value = c.client.variables().value(name);
        if (value != null) {
          variables.put(name, value);
        }
      }
    }
  }

  private void put(String text) {
    int equals = text.indexOf('=');
    if (equals > 0) {
      variables.put(text.substring(0, equals), text.substring(equals + 1));
    }
  }

  private void changes() {
    for (String text : c.command.all("env-merge")) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        c.problem("--env-merge: '" + text + "' is not NAME=VALUE", null);
      } else {
        variables.put(text.substring(0, equals), expanded(text.substring(equals + 1)));
      }
    }
    for (String name : c.command.all("unsetenv")) {
      variables.remove(name);
    }
    if (c.command.isOn("unsetenv-all")) {
      variables.clear();
    }
    if (c.command.isOn("env-host")) {
      c.report(
          "env-host",
          new FlagMeaning.Unsupported(
              "the variables of the machine at the time of the start are not known",
              "name the wanted ones: -e NAME"));
    }
  }

  /// `$NAME`, `${NAME}`, `${NAME:-OTHERWISE}` and `${NAME:+INSTEAD}` of the variables so far.
  private String expanded(String text) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char ch = text.charAt(at);
      if (ch == '\\' && at + 1 < text.length()) {
        out.append(text.charAt(at + 1));
        at += 2;
      } else if (ch != '$') {
        out.append(ch);
        at++;
      } else if (text.startsWith("${", at) && text.indexOf('}', at) > 0) {
        int end = text.indexOf('}', at);
        out.append(braced(text.substring(at + 2, end)));
        at = end + 1;
      } else {
        int end = at + 1;
        while (end < text.length()
            && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
          end++;
        }
        out.append(variables.getOrDefault(text.substring(at + 1, end), ""));
        at = end;
      }
    }
    return out.toString();
  }

  private String braced(String inner) {
    int colon = inner.indexOf(':');
    String name = colon < 0 ? inner : inner.substring(0, colon);
    String value = variables.getOrDefault(name, "");
    if (colon < 0) {
      return value;
    }
    String rest = inner.substring(colon + 1);
    if (rest.startsWith("-")) {
      return value.isEmpty() ? rest.substring(1) : value;
    }
    if (rest.startsWith("+")) {
      return value.isEmpty() ? "" : rest.substring(1);
    }
    c.problem("--env-merge: '${" + inner + "}' is not '${NAME:-…}' or '${NAME:+…}'", null);
    return "";
  }

  /// What the command line says: files in order, then `--env`.
  private void given() {
    for (String file : c.command.all("env-file")) {
      try {
        String text =
            new String(c.client.files().read(c.client.absolute(file)), StandardCharsets.UTF_8);
        for (String raw : Texts.split(text, '\n')) {
          String line =
              (raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw).stripLeading();
          if (!line.isEmpty() && !line.startsWith("#")) {
            variable("env-file", line);
          }
        }
      } catch (IOException e) {
        c.problem("--env-file: cannot read '" + file + "'", null);
      }
    }
    for (String text : c.command.all("env")) {
      variable("env", text);
    }
  }

  private void variable(String flag, String text) {
    int equals = text.indexOf('=');
    String name = (equals < 0 ? text : text.substring(0, equals)).stripLeading();
    if (equals == 0 || text.isEmpty()) {
      c.problem("--" + flag + ": '" + text + "' has no name before '='", null);
    } else if (equals > 0) {
      variables.put(name, text.substring(equals + 1));
    } else if (name.endsWith("*")) {
      c.report(
          flag,
          new FlagMeaning.Partial(
              List.of("process.env"),
              "'" + text + "': which variables begin so is not known",
              "name them: -e NAME"));
    } else {
      String value = c.client.variables().value(name);
      if (value != null) {
        variables.put(name, value);
      }
    }
  }

  /// The home directory in the image's `/etc/passwd`.
  private static String home(Conversion c, long uid) {
    for (String line : Texts.split(c.rootfs.read("/etc/passwd").orElse(""), '\n')) {
      List<String> fields = Texts.split(line.strip(), ':');
      if (fields.size() > 5 && fields.get(2).equals(Long.toString(uid))) {
        return fields.get(5).isEmpty() ? "/" : fields.get(5);
      }
    }
    return uid == 0 ? "/root" : "/";
  }
}
