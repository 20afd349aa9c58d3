package dev.ocicap.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The process' environment: Docker Engine's own variables, then those of links, of files, of
/// `--env`, of the client's proxies, of the image.
final class EnvironmentSettings {
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String[] PROXIES = {
    "httpProxy", "HTTP_PROXY",
    "httpsProxy", "HTTPS_PROXY",
    "ftpProxy", "FTP_PROXY",
    "noProxy", "NO_PROXY",
    "allProxy", "ALL_PROXY",
  };

  private EnvironmentSettings() {}

  /// The variables in order.
  ///
  /// @param hostname the value of HOSTNAME
  /// @param links variables of `--link`
  static List<String> of(Conversion c, String hostname, List<String> links) {
    List<String> own = new ArrayList<>();
    own.add(PATH);
    own.add("HOSTNAME=" + hostname);
    if (c.command.isOn("tty")) {
      own.add("TERM=xterm");
    }
    own.addAll(links);
    List<String> given = given(c);
    // Docker looks at the image's variables one by one only where the command line has any, and
    // then drops repeated ones.
    boolean any = !given.isEmpty();
    for (String variable : c.image.environment()) {
      if (!any || !names(given, name(variable))) {
        given.add(variable);
      }
    }
    return merge(own, given);
  }

  /// What the command line says: files in order, then `--env`, the last value of each name.
  private static List<String> given(Conversion c) {
    List<String> given = new ArrayList<>();
    for (String file : c.command.all("env-file")) {
      given.addAll(file(c, "env-file", file));
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (String text : c.command.all("env")) {
      variable(c, text, variables);
    }
    proxies(c, variables);
    given.addAll(variables.values());
    return given;
  }

  private static void variable(Conversion c, String text, Map<String, String> variables) {
    String name = name(text);
    if (name.isEmpty()) {
      c.problem("--env: '" + text + "' has no name before '='", null);
      return;
    }
    String value = name.length() == text.length() ? c.client.variables().value(name) : null;
    variables.put(name, value == null ? text : name + "=" + value);
  }

  /// The lines of a file of variables or labels; none when it cannot be used, which is noted.
  static List<String> file(Conversion c, String flag, String path) {
    try {
      byte[] content = c.client.files().read(c.client.absolute(path));
      return EnvFileNotation.parse(content, c.client.variables());
    } catch (BadValue e) {
      c.problem("--" + flag + ": " + path + ": " + e.reason(), e.hint());
    } catch (IOException e) {
      c.problem("--" + flag + ": cannot read '" + path + "'", null);
    }
    return List.of();
  }

  /// Adds the variables for the proxies in the client's settings that `--env` does not name.
  private static void proxies(Conversion c, Map<String, String> variables) {
    JsonNode proxies = proxySettings(c);
    if (proxies == null) {
      return;
    }
    for (int i = 0; i < PROXIES.length; i += 2) {
      JsonNode value = proxies.get(PROXIES[i]);
      if (value == null || value.asText().isEmpty()) {
        continue;
      }
      for (String name :
          List.of(PROXIES[i + 1], PROXIES[i + 1].toLowerCase(java.util.Locale.ROOT))) {
        if (!variables.containsKey(name)) {
          variables.put(name, name + "=" + value.asText());
        }
      }
    }
  }

  private static @Nullable JsonNode proxySettings(Conversion c) {
    String directory = c.client.variables().value("DOCKER_CONFIG");
    if (directory == null || directory.isEmpty()) {
      String home = c.client.variables().value("HOME");
      if (home == null || home.isEmpty()) {
        return null;
      }
      directory = home + "/.docker";
    }
    String path = c.client.absolute(directory + "/config.json");
    if (!c.client.files().exists(path)) {
      return null;
    }
    try {
      JsonNode proxies = JsonText.parse(path, c.client.files().read(path)).root().get("proxies");
      if (proxies == null) {
        return null;
      }
      String host = c.client.variables().value("DOCKER_HOST");
      JsonNode own = proxies.get(host == null ? "unix:///var/run/docker.sock" : host);
      return own == null ? proxies.get("default") : own;
    } catch (IOException | OcicapException e) {
      c.warning("'" + path + "' cannot be read: proxy settings in it are not passed on", null);
      return null;
    }
  }

  /// Puts the given variables over the engine's own: one of the same name takes its place, a name
  /// alone removes it, any other follows.
  private static List<String> merge(List<String> own, List<String> given) {
    List<String> merged = new ArrayList<>(own);
    for (String variable : given) {
      int at = position(own, name(variable));
      if (variable.indexOf('=') < 0) {
        if (at >= 0) {
          merged.set(at, "");
        }
      } else if (at >= 0) {
        merged.set(at, variable);
      } else {
        merged.add(variable);
      }
    }
    List<String> kept = new ArrayList<>();
    for (String variable : merged) {
      if (!variable.isEmpty()) {
        kept.add(variable);
      }
    }
    return kept;
  }

  private static boolean names(List<String> variables, String name) {
    return position(variables, name) >= 0;
  }

  private static int position(List<String> variables, String name) {
    for (int i = 0; i < variables.size(); i++) {
      if (name(variables.get(i)).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static String name(String variable) {
    int equals = variable.indexOf('=');
    return equals < 0 ? variable : variable.substring(0, equals);
  }
}
