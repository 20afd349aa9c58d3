package dev.ocicap.docker;

import dev.ocicap.docker.PodmanModes.IdMapping;
import java.util.ArrayList;
import java.util.List;

/// The mappings of one mount, as podman writes them behind `idmap=`: `uids=C-H-N#…;gids=C-H-N#…`.
///
/// @param uids those of users
/// @param gids those of groups
record IdMappings(List<IdMapping> uids, List<IdMapping> gids) {
  IdMappings {
    uids = List.copyOf(uids);
    gids = List.copyOf(gids);
  }

  static IdMappings parse(String text) {
    List<IdMapping> uids = new ArrayList<>();
    List<IdMapping> gids = new ArrayList<>();
    for (String part : Texts.split(text, ';')) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? "" : part.substring(0, equals);
      boolean users = key.equals("uids");
      if (!users && !key.equals("gids")) {
        throw invalid(text);
      }
      for (String range : Texts.split(part.substring(equals + 1), '#')) {
        (users ? uids : gids).add(mapping(range, text));
      }
    }
    return new IdMappings(uids, gids);
  }

  private static IdMapping mapping(String range, String text) {
    List<String> numbers = Texts.split(range, '-');
    boolean fits = numbers.size() == 3;
    for (String number : numbers) {
      fits &= GoSyntax.isDigits(number) && number.length() <= 10;
    }
    if (!fits) {
      throw invalid(text);
    }
    return new IdMapping(
        Long.parseLong(numbers.get(0)),
        Long.parseLong(numbers.get(1)),
        Long.parseLong(numbers.get(2)));
  }

  private static BadValue invalid(String text) {
    return new BadValue("'idmap=" + text + "' is not 'uids=CONTAINER-HOST-SIZE;gids=…'");
  }
}
