package dev.ocicap.docker;

import java.util.List;
import java.util.Map;

/// `--log-driver` and `--log-opt`, checked as Docker Engine's own drivers check them.
final class LoggingOptions {
  /// The options of each driver, beside those of every driver.
  private static final Map<String, List<String>> OPTIONS =
      Map.of(
          "none",
          List.of(),
          "json-file",
          List.of(
              "max-file",
              "max-size",
              "compress",
              "labels",
              "labels-regex",
              "env",
              "env-regex",
              "tag"),
          "local",
          List.of("max-file", "max-size", "compress"),
          "syslog",
          List.of(
              "syslog-address",
              "syslog-facility",
              "syslog-format",
              "syslog-tls-ca-cert",
              "syslog-tls-cert",
              "syslog-tls-key",
              "syslog-tls-skip-verify",
              "labels",
              "labels-regex",
              "env",
              "env-regex",
              "tag"),
          "journald",
          List.of("labels", "labels-regex", "env", "env-regex", "tag"),
          "gelf",
          List.of(
              "gelf-address",
              "gelf-compression-level",
              "gelf-compression-type",
              "gelf-tcp-max-reconnect",
              "gelf-tcp-reconnect-delay",
              "labels",
              "labels-regex",
              "env",
              "env-regex",
              "tag"),
          "fluentd",
          List.of(
              "fluentd-address",
              "fluentd-async",
              "fluentd-async-reconnect-interval",
              "fluentd-buffer-limit",
              "fluentd-max-retries",
              "fluentd-request-ack",
              "fluentd-retry-wait",
              "fluentd-sub-second-precision",
              "fluentd-write-timeout",
              "labels",
              "labels-regex",
              "env",
              "env-regex",
              "tag"),
          "awslogs",
          List.of(
              "awslogs-region",
              "awslogs-endpoint",
              "awslogs-group",
              "awslogs-stream",
              "awslogs-create-group",
              "awslogs-datetime-format",
              "awslogs-multiline-pattern",
              "awslogs-credentials-endpoint",
              "awslogs-force-flush-interval-seconds",
              "awslogs-max-buffered-events",
              "awslogs-format",
              "tag"),
          "splunk",
          List.of(
              "splunk-url",
              "splunk-token",
              "splunk-source",
              "splunk-sourcetype",
              "splunk-index",
              "splunk-capath",
              "splunk-caname",
              "splunk-insecureskipverify",
              "splunk-format",
              "splunk-verify-connection",
              "splunk-gzip",
              "splunk-gzip-level",
              "splunk-index-acknowledgment",
              "labels",
              "labels-regex",
              "env",
              "env-regex",
              "tag"),
          "gcplogs",
          List.of(
              "gcp-project",
              "gcp-log-cmd",
              "gcp-meta-zone",
              "gcp-meta-name",
              "gcp-meta-id",
              "labels",
              "labels-regex",
              "env",
              "env-regex"));

  /// What a driver cannot do without.
  private static final Map<String, String> REQUIRED =
      Map.of("gelf", "gelf-address", "awslogs", "awslogs-group", "splunk", "splunk-url");

  /// syslog(3).
  private static final List<String> FACILITIES =
      List.of(
          "kern",
          "user",
          "mail",
          "daemon",
          "auth",
          "syslog",
          "lpr",
          "news",
          "uucp",
          "cron",
          "authpriv",
          "ftp",
          "local0",
          "local1",
          "local2",
          "local3",
          "local4",
          "local5",
          "local6",
          "local7");

  private final Conversion c;
  private final String driver;

  private LoggingOptions(Conversion c, String driver) {
    this.c = c;
    this.driver = driver;
  }

  static void check(Conversion c) {
    String driver = c.command.text("log-driver");
    List<String> options = c.command.all("log-opt");
    if (!driver.isEmpty() && !OPTIONS.containsKey(driver)) {
      c.problem(
          "--log-driver: '"
              + driver
              + "' is not one of "
              + String.join(", ", OPTIONS.keySet().stream().sorted().toList()),
          null);
    } else if (driver.equals("none") && !options.isEmpty()) {
      c.problem("'--log-opt' with '--log-driver none', which takes no options", null);
    } else {
      new LoggingOptions(c, driver.isEmpty() ? "json-file" : driver).check(options);
    }
  }

  private void check(List<String> options) {
    String mode = "";
    boolean buffered = false;
    String required = REQUIRED.getOrDefault(driver, "");
    for (String option : options) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      required = name.equals(required) ? "" : required;
      buffered |= name.equals("max-buffer-size");
      mode = name.equals("mode") ? value : mode;
      option(name, value);
    }
    if (buffered && !mode.equals("non-blocking")) {
      c.problem("--log-opt: 'max-buffer-size' goes with 'mode=non-blocking' only", null);
    }
    together(options);
    if (!required.isEmpty()) {
      c.problem("--log-driver " + driver + " needs '" + required + "='", null);
    }
  }

  private void option(String name, String value) {
    try {
      switch (name) {
        case "mode" -> {
          if (!value.isEmpty() && !value.equals("blocking") && !value.equals("non-blocking")) {
            throw new BadValue("'mode=" + value + "' is neither 'blocking' nor 'non-blocking'");
          }
        }
        case "max-buffer-size" -> ByteSize.parse(value);
        case "cache-disabled" -> {
          if (!value.isEmpty()) {
            GoSyntax.parseBool(value);
          }
        }
        case "cache-max-size", "cache-max-file", "cache-compress" -> {
          // Of the copy that Docker keeps for 'docker logs'; looked at when the container starts.
        }
        default -> {
          if (!OPTIONS.getOrDefault(driver, List.of()).contains(name)) {
            throw new BadValue("'" + name + "' is not an option of the log driver " + driver);
          }
          check(name, value);
        }
      }
    } catch (BadValue e) {
      c.badValue("log-opt", e);
    }
  }

  /// The values that Docker Engine looks at before a container starts.
  private void check(String name, String value) {
    switch (name) {
      case "max-size" -> {
        if (ByteSize.parse(value).bytes() == 0) {
          throw new BadValue("'max-size=" + value + "' leaves no room");
        }
      }
      case "max-file" -> {
        if (GoSyntax.parseDecimal(value) < 1) {
          throw new BadValue("'max-file=" + value + "' is less than 1");
        }
      }
      case "labels-regex", "env-regex", "tag" -> checkPattern(name, value);
      case "compress",
          "awslogs-create-group",
          "fluentd-async",
          "fluentd-request-ack",
          "fluentd-sub-second-precision" ->
          GoSyntax.parseBool(value);
      case "syslog-address" -> {
        if (!value.isEmpty()) {
          String path = scheme(name, value, "udp", "tcp", "tcp+tls", "unix", "unixgram");
          if (value.startsWith("unix") && !c.client.files().exists(path)) {
            throw new BadValue("'" + name + "=" + value + "' does not exist");
          }
        }
      }
      case "syslog-facility" -> {
        boolean number = GoSyntax.isDigits(value) && value.length() < 3;
        if (number ? Integer.parseInt(value) > 23 : !FACILITIES.contains(value)) {
          throw new BadValue("'" + value + "' is no facility of syslog");
        }
      }
      case "syslog-format" -> oneOf(name, value, "", "rfc3164", "rfc5424", "rfc5424micro");
      case "gelf-address" -> {
        String address = scheme(name, value, "udp", "tcp");
        int colon = address.lastIndexOf(':');
        if (colon < 0 || colon + 1 == address.length()) {
          throw new BadValue("'" + name + "=" + value + "' names no port");
        }
      }
      case "gelf-compression-type" -> oneOf(name, value, "gzip", "zlib", "none");
      case "gelf-compression-level" ->
          oneOf(name, value, "-1", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
      case "fluentd-address" -> {
        String address = value.contains("://") ? scheme(name, value, "tcp", "tls", "unix") : value;
        int colon = address.lastIndexOf(':');
        boolean path = value.startsWith("unix:");
        if (path
            ? address.isEmpty()
            : !GoSyntax.isDigits(address.substring(colon + 1)) && colon >= 0) {
          throw new BadValue("'" + name + "=" + value + "' is no address");
        }
      }
      case "fluentd-buffer-limit" -> ByteSize.parse(value);
      case "fluentd-retry-wait", "fluentd-async-reconnect-interval" ->
          GoSyntax.parseDuration(value);
      case "fluentd-max-retries" -> {
        if (!GoSyntax.isDigits(value)) {
          throw new BadValue("'" + name + "=" + value + "' is not a number");
        }
      }
      default -> {
        // any text
      }
    }
  }

  /// Docker Engine looks at a pattern after it has written the configuration, which a bundle has.
  private void checkPattern(String name, String value) {
    try {
      if (name.equals("tag")) {
        LogPatterns.checkTemplate(name, value);
      } else {
        LogPatterns.checkRegex(name, value);
      }
    } catch (BadValue e) {
      c.warning(
          "--log-opt: " + e.reason() + ", so that Docker Engine fails to start the container",
          null);
    }
  }

  private static void oneOf(String name, String value, String... known) {
    if (!List.of(known).contains(value)) {
      throw new BadValue(
          "'" + name + "=" + value + "' is none of " + String.join(", ", known).strip());
    }
  }

  /// What stands behind `SCHEME://`.
  private static String scheme(String name, String value, String... known) {
    int end = value.indexOf("://");
    if (end < 0 || !List.of(known).contains(value.substring(0, end))) {
      throw new BadValue(
          "'"
              + name
              + "="
              + value
              + "' does not begin with one of "
              + String.join("://, ", known)
              + "://");
    }
    return value.substring(end + 3);
  }

  /// Options that do not go with each other.
  private void together(List<String> options) {
    String address = last(options, "gelf-address");
    boolean compresses =
        options.stream().anyMatch(option -> option.startsWith("gelf-compression-"));
    if (address.startsWith("tcp:") && compresses) {
      c.problem("--log-opt: only over UDP is anything compressed for gelf", null);
    }
    if (address.startsWith("udp:")
        && options.stream().anyMatch(option -> option.startsWith("gelf-tcp-"))) {
      c.problem("--log-opt: 'gelf-tcp-…' goes with a TCP address only", null);
    }
    String files = last(options, "max-file");
    boolean one = files.isEmpty() ? driver.equals("json-file") : files.equals("1");
    if (one && last(options, "compress").equals("true")) {
      c.problem("--log-opt: 'compress' needs 'max-file' of 2 or more", null);
    }
  }

  private static String last(List<String> options, String name) {
    String value = "";
    for (String option : options) {
      value = option.startsWith(name + "=") ? option.substring(name.length() + 1) : value;
    }
    return value;
  }
}
