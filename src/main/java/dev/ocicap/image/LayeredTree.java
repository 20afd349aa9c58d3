package dev.ocicap.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names that an image's layers make, one on top of the other (image-spec layer.md), to find
/// out whether a member leads out of the image before anything is written. Contents are not kept.
final class LayeredTree {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final int MAX_LINKS = 40;

  /// Longer paths cannot be named to the kernel, which allows 4096 bytes with what is before them.
  private static final int MAX_PATH = 3000;

  private static final int MAX_NAME = 255;

  private final Node root = new Node(0, true, null, 0, null);

  /// A name: a directory, a symbolic link with its target, or anything else.
  private static final class Node {
    private int layer;
    private final @Nullable Map<String, Node> children;
    private final @Nullable String target;
    private final int pathLength;
    private final @Nullable Node parent;

    Node(
        int layer,
        boolean directory,
        @Nullable String target,
        int pathLength,
        @Nullable Node parent) {
      this.layer = layer;
      this.children = directory ? new HashMap<>() : null;
      this.target = target;
      this.pathLength = pathLength;
      this.parent = parent;
    }
  }

  /// A member that is not unpacked: the message says why, after its name.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  /// Puts a member on top of what is there.
  ///
  /// @param layer the number of the layer it comes from, from 0
  void add(TarEntry entry, int layer) throws Refused {
    Deque<String> names = names(entry.path(), "its path");
    if (names.isEmpty()) {
      if (!entry.isDirectory()) {
        throw new Refused("is the root directory, but not a directory");
      }
      return;
    }
    String name = names.removeLast();
    Node directory = directory(names, layer, "its path");
    if (name.startsWith(WHITEOUT)) {
      whiteout(directory, name, layer);
      return;
    }
    int pathLength = directory.pathLength + 1 + name.getBytes(StandardCharsets.UTF_8).length;
    if (pathLength > MAX_PATH) {
      throw new Refused("has a path of more than " + MAX_PATH + " bytes");
    }
    Map<String, Node> siblings = children(directory);
    switch (entry.type()) {
      case '1' -> checkHardLink(entry.link());
      case '2' -> {
        if (entry.link().isEmpty()) {
          throw new Refused("is a symbolic link to nothing");
        }
      }
      default -> {
        // Files and directories are what they are.
      }
    }
    Node there = siblings.get(name);
    if (entry.isDirectory() && there != null && there.children != null) {
      there.layer = layer;
      return;
    }
    String target = entry.type() == '2' ? entry.link() : null;
    siblings.put(name, new Node(layer, entry.isDirectory(), target, pathLength, directory));
  }

  private void whiteout(Node directory, String name, int layer) throws Refused {
    if (name.equals(OPAQUE)) {
      removeBelow(directory, layer);
      return;
    }
    String hidden = name.substring(WHITEOUT.length());
    if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
      throw new Refused("is a whiteout of a directory that is not in the layer's reach");
    }
    children(directory).remove(hidden);
  }

  /// Removes what lower layers have put into a directory. Paths are short, and so is the recursion.
  private static void removeBelow(Node directory, int layer) {
    Iterator<Node> children = children(directory).values().iterator();
    while (children.hasNext()) {
      Node child = children.next();
      if (child.layer < layer) {
        children.remove();
      } else if (child.children != null) {
        removeBelow(child, layer);
      }
    }
  }

  private void checkHardLink(String link) throws Refused {
    Deque<String> names = names(link, "its hard link's target '" + link + "'");
    if (names.isEmpty()) {
      throw new Refused("is a hard link to a directory");
    }
    String name = names.removeLast();
    Node found = children(directory(names, -1, "its hard link's target '" + link + "'")).get(name);
    if (found == null) {
      throw new Refused("is a hard link to '" + link + "', which the image does not have");
    }
    if (found.children != null) {
      throw new Refused("is a hard link to a directory");
    }
  }

  /// The names of a relative path without `.`.
  private static Deque<String> names(String path, String what) throws Refused {
    if (path.startsWith("/")) {
      throw new Refused("leads out of the image: " + what + " is absolute");
    }
    Deque<String> names = new ArrayDeque<>();
    int start = 0;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String name = path.substring(start, end);
      if (name.equals("..")) {
        throw new Refused("leads out of the image: " + what + " contains '..'");
      }
      if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
        throw new Refused("has a name of more than " + MAX_NAME + " bytes");
      }
      if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
      start = end + 1;
    }
    return names;
  }

  /// The directory at a path, through symbolic links that stay in the image. Directories that are
  /// missing are made, but not behind a symbolic link.
  ///
  /// @param layer the layer for which to make directories; -1 to make none
  private Node directory(Deque<String> path, int layer, String what) throws Refused {
    Deque<String> rest = new ArrayDeque<>(path);
    Node at = root;
    int links = 0;
    int ofLinks = 0;
    while (!rest.isEmpty()) {
      String name = rest.removeFirst();
      boolean ofLink = ofLinks > 0;
      ofLinks -= ofLink ? 1 : 0;
      if (name.equals("..")) {
        if (at.parent == null) {
          throw new Refused(
              "leads out of the image: " + what + " passes a symbolic link that does");
        }
        at = at.parent;
        continue;
      }
      Node next = children(at).get(name);
      if (next == null) {
        if (ofLink) {
          throw new Refused(
              "leads out of the image: "
                  + what
                  + " passes a symbolic link to what the image does not have");
        }
        if (layer < 0) {
          throw new Refused(what + " is not in the image");
        }
        next = makeDirectory(at, name, layer);
      } else if (next.target != null) {
        if (++links > MAX_LINKS) {
          throw new Refused("passes more than " + MAX_LINKS + " symbolic links");
        }
        int before = rest.size();
        at = pushTarget(next.target, rest) ? root : at;
        ofLinks += rest.size() - before;
        continue;
      } else if (next.children == null) {
        throw new Refused(what + " passes '" + name + "', which is not a directory");
      } else if (layer >= 0) {
        next.layer = layer;
      }
      at = next;
    }
    return at;
  }

  private static Node makeDirectory(Node parent, String name, int layer) throws Refused {
    int length = parent.pathLength + 1 + name.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_PATH) {
      throw new Refused("has a path of more than " + MAX_PATH + " bytes");
    }
    Node made = new Node(layer, true, null, length, parent);
    children(parent).put(name, made);
    return made;
  }

  /// Puts the names of a link's target before the rest of a path; whether it starts at the root.
  private static boolean pushTarget(String target, Deque<String> rest) {
    int end = target.length();
    while (end > 0) {
      int slash = target.lastIndexOf('/', end - 1);
      String name = target.substring(slash + 1, end);
      if (!name.isEmpty() && !name.equals(".")) {
        rest.addFirst(name);
      }
      end = slash;
    }
    return target.startsWith("/");
  }

  private static Map<String, Node> children(Node directory) {
    Map<String, Node> children = directory.children;
    if (children == null) {
      throw new IllegalStateException("not a directory");
    }
    return children;
  }
}
