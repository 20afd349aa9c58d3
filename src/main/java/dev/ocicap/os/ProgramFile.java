package dev.ocicap.os;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.FileCapabilities;
import dev.ocicap.cap.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What execve looks at in a program file, as it is on disk.
///
/// @param mode permission and set-id bits
/// @param uid the owner on the host
/// @param gid the group on the host
/// @param capabilities its file capabilities
/// @param rootId the owner of the user namespace that a version 3 attribute is for; 0 otherwise
public record ProgramFile(
    int mode, long uid, long gid, Optional<FileCapabilities> capabilities, long rootId) {
  private static final String ATTRIBUTE = "security.capability";
  private static final int SET_UID = 04000;
  private static final int SET_GID = 02000;
  private static final int GROUP_EXECUTE = 010;
  private static final int ANY_EXECUTE = 0111;

  /// Reads a regular file's attributes; a symbolic link is not followed.
  public static ProgramFile read(Path file) throws IOException {
    ProgramFile plain = mode(file);
    Optional<Attribute> parsed = FileAttributes.read(file, ATTRIBUTE).flatMap(ProgramFile::parse);
    return new ProgramFile(
        plain.mode,
        plain.uid,
        plain.gid,
        parsed.map(Attribute::capabilities),
        parsed.map(Attribute::rootId).orElse(0L));
  }

  /// Reads mode and owners only.
  static ProgramFile mode(Path file) throws IOException {
    Map<String, Object> unix =
        Files.readAttributes(file, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
    return new ProgramFile(
        (int) number(unix, "mode") & 07777,
        number(unix, "uid"),
        number(unix, "gid"),
        Optional.empty(),
        0);
  }

  private static long number(Map<String, Object> attributes, String key) {
    return attributes.get(key) instanceof Number number ? number.longValue() & 0xffffffffL : 0;
  }

  /// What the attribute says.
  record Attribute(FileCapabilities capabilities, long rootId) {}

  /// `struct vfs_cap_data` of linux/capability.h: a magic number with revision and effective bit,
  /// then permitted and inheritable words in turns, then in revision 3 the root id.
  static Optional<Attribute> parse(byte[] bytes) {
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 4) {
      return Optional.empty();
    }
    int magic = data.getInt();
    int revision = magic >>> 24;
    int words = revision == 1 ? 1 : 2;
    int length = 4 + 8 * words + (revision == 3 ? 4 : 0);
    if (revision < 1 || revision > 3 || bytes.length != length) {
      return Optional.empty();
    }
    long permitted = 0;
    long inheritable = 0;
    for (int word = 0; word < words; word++) {
      permitted |= (data.getInt() & 0xffffffffL) << (32 * word);
      inheritable |= (data.getInt() & 0xffffffffL) << (32 * word);
    }
    long rootId = revision == 3 ? data.getInt() & 0xffffffffL : 0;
    CapabilitySet known = CapabilitySet.ALL;
    return Optional.of(
        new Attribute(
            new FileCapabilities(
                new CapabilitySet(permitted).intersect(known),
                new CapabilitySet(inheritable).intersect(known),
                (magic & 1) != 0),
            rootId));
  }

  /// Whether anybody may execute it.
  public boolean isExecutable() {
    return (mode & ANY_EXECUTE) != 0;
  }

  /// Whether it has the set-user-ID bit.
  public boolean setsUid() {
    return (mode & SET_UID) != 0;
  }

  /// Whether it has the set-group-ID bit; without the group's execute bit it means locking.
  public boolean setsGid() {
    return (mode & (SET_GID | GROUP_EXECUTE)) == (SET_GID | GROUP_EXECUTE);
  }

  /// Whether execve may change ids or capabilities for it.
  public boolean isPrivileged() {
    return setsUid() || setsGid() || capabilities.isPresent();
  }

  /// What counts of it inside a container.
  ///
  /// @param uids the user ids of the container's user namespace
  /// @param gids the group ids of the container's user namespace
  public Program inside(IdMap uids, IdMap gids) {
    OptionalLong owner = uids.inside(uid);
    OptionalLong group = gids.inside(gid);
    // Set-id bits count only when both ids are mapped, whichever bit is set.
    boolean mapped = owner.isPresent() && group.isPresent();
    // The root of the container's user namespace, or of the one around it.
    boolean ours = rootId == 0 || uids.inside(rootId).equals(OptionalLong.of(0));
    return new Program(
        ours ? capabilities : Optional.empty(),
        mapped && setsUid() ? owner : OptionalLong.empty(),
        mapped && setsGid() ? group : OptionalLong.empty());
  }
}
