package dev.ocicap.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The control groups of this machine as the calling process sees them (cgroups(7)).
///
/// @param layout how the versions are mixed
/// @param hierarchies those that are mounted, in the order of the mounts
public record Cgroups(Layout layout, List<Hierarchy> hierarchies) {
  /// How the two versions are mixed.
  public enum Layout {
    /// Version 1 alone: each controller has a hierarchy.
    V1,
    /// Version 2 alone.
    V2,
    /// Version 1, and version 2 beside it.
    HYBRID,
    /// Nothing is mounted, or there is no `/proc`.
    NONE
  }

  /// One mounted hierarchy.
  ///
  /// @param unified whether it is version 2
  /// @param controllers what it controls: version 2 names those that the process' own cgroup has
  /// @param mountPoint where it is mounted
  /// @param own the directory of the process' own cgroup
  /// @param writable whether the process may make cgroups below its own
  public record Hierarchy(
      boolean unified, List<String> controllers, Path mountPoint, Path own, boolean writable) {
    /// Copies the list.
    public Hierarchy {
      controllers = List.copyOf(controllers);
    }
  }

  /// Copies the list.
  public Cgroups {
    hierarchies = List.copyOf(hierarchies);
  }

  /// One line of `/proc/PID/cgroup`.
  private record Membership(List<String> controllers, String path) {}

  /// Reads what the calling process sees.
  ///
  /// @param root where `/proc` and `/sys` are: `/`
  public static Cgroups read(Path root) {
    List<Membership> memberships = new ArrayList<>();
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3) {
        memberships.add(new Membership(words(fields[1], ","), fields[2]));
      }
    }
    List<Hierarchy> hierarchies = new ArrayList<>();
    for (String line : lines(root.resolve("proc/self/mountinfo"))) {
      String[] halves = line.split(" - ", 2);
      String[] mount = halves[0].split(" ", -1);
      String[] type = halves.length < 2 ? new String[0] : halves[1].split(" ", 3);
      if (mount.length > 5 && type.length == 3 && type[0].startsWith("cgroup")) {
        hierarchy(root, mount, type, memberships, hierarchies);
      }
    }
    return new Cgroups(layout(hierarchies), hierarchies);
  }

  private static void hierarchy(
      Path root,
      String[] mount,
      String[] type,
      List<Membership> memberships,
      List<Hierarchy> hierarchies) {
    Path point;
    try {
      point = root.resolve(Mounts.unescaped(mount[4]).substring(1));
    } catch (InvalidPathException e) {
      return;
    }
    boolean unified = type[0].equals("cgroup2");
    List<String> options = words(type[2], ",");
    for (Membership membership : memberships) {
      boolean its =
          unified
              ? membership.controllers().isEmpty()
              : !membership.controllers().isEmpty()
                  && options.containsAll(membership.controllers());
      if (its) {
        Path own = own(point, Mounts.unescaped(mount[3]), membership.path());
        List<String> controllers = membership.controllers();
        if (unified) {
          controllers = controllersOf(own);
        }
        boolean writable = Files.isWritable(own) && Files.isWritable(own.resolve("cgroup.procs"));
        hierarchies.add(new Hierarchy(unified, controllers, point, own, writable));
        return;
      }
    }
  }

  /// The part of the hierarchy that is mounted may begin below its root, as in a container.
  private static Path own(Path point, String mounted, String path) {
    String below = path;
    if (!mounted.equals("/") && (path.equals(mounted) || path.startsWith(mounted + "/"))) {
      below = path.substring(mounted.length());
    }
    return below.startsWith("/..")
        ? point
        : point.resolve(below.isEmpty() ? "" : below.substring(1));
  }

  private static Layout layout(List<Hierarchy> hierarchies) {
    boolean first = false;
    boolean second = false;
    for (Hierarchy hierarchy : hierarchies) {
      first |= !hierarchy.unified() && !hierarchy.controllers().getFirst().startsWith("name=");
      second |= hierarchy.unified();
    }
    if (first) {
      return second ? Layout.HYBRID : Layout.V1;
    }
    return second ? Layout.V2 : Layout.NONE;
  }

  /// The controllers of every hierarchy, in the order of the alphabet.
  public Set<String> controllers() {
    return controllers(false);
  }

  /// The controllers that the process can use for cgroups of its own making.
  public Set<String> delegated() {
    return controllers(true);
  }

  private Set<String> controllers(boolean writable) {
    Set<String> controllers = new TreeSet<>();
    for (Hierarchy hierarchy : hierarchies) {
      for (String controller : hierarchy.controllers()) {
        if (!controller.startsWith("name=") && (hierarchy.writable() || !writable)) {
          controllers.add(controller);
        }
      }
    }
    return controllers;
  }

  /// The controllers of a cgroup of version 2; none where there is no such cgroup.
  public static List<String> controllersOf(Path cgroup) {
    List<String> lines = lines(cgroup.resolve("cgroup.controllers"));
    return lines.isEmpty() ? List.of() : words(lines.getFirst(), " ");
  }

  private static List<String> words(String text, String separator) {
    List<String> words = new ArrayList<>(List.of(text.strip().split(separator, -1)));
    words.removeIf(String::isEmpty);
    return words;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }
}
