package dev.ocicap.docker;

/// A container's SELinux label: `USER:ROLE:TYPE:LEVEL`, and the same for its files.
///
/// @param user the SELinux user
/// @param role the role
/// @param type the process' type
/// @param level the level with two categories that keep containers apart
/// @param fileType the type of its files
record SelinuxLabel(String user, String role, String type, String level, String fileType) {

  /// The label of a container that asks for nothing; the categories follow from its id.
  static SelinuxLabel standard(String id) {
    int first = Integer.parseInt(id.substring(0, 3), 16) % 1024;
    int second = Integer.parseInt(id.substring(3, 6), 16) % 1024;
    if (first == second) {
      second = (second + 1) % 1024;
    }
    return new SelinuxLabel(
        "system_u",
        "system_r",
        "container_t",
        "s0:c" + Math.min(first, second) + ",c" + Math.max(first, second),
        "container_file_t");
  }

  /// The label with one option of `label=` applied.
  SelinuxLabel with(String option) {
    int colon = option.indexOf(':');
    String key = colon < 0 ? option : option.substring(0, colon);
    String value = colon < 0 ? "" : option.substring(colon + 1);
    if (option.equals("disable") || option.equals("nested")) {
      return this;
    }
    if (value.isEmpty()) {
      throw new BadValue("'label=" + option + "' is not KEY:VALUE");
    }
    return switch (key) {
      case "user" -> new SelinuxLabel(value, role, type, level, fileType);
      case "role" -> new SelinuxLabel(user, value, type, level, fileType);
      case "type" -> new SelinuxLabel(user, role, value, level, fileType);
      case "level" -> new SelinuxLabel(user, role, type, value, fileType);
      case "filetype" -> new SelinuxLabel(user, role, type, level, value);
      default ->
          throw new BadValue(
              "'label="
                  + option
                  + "' is not 'disable', 'user:', 'role:', 'type:', 'level:' or"
                  + " 'filetype:'");
    };
  }

  String process() {
    return user + ":" + role + ":" + type + ":" + level;
  }

  String files() {
    return user + ":object_r:" + fileType + ":" + level;
  }
}
