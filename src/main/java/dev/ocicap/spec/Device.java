package dev.ocicap.spec;

/// One device node to make in the container (config-linux.md#devices).
///
/// @param path the path in the container
/// @param type `c`, `b` or `p`
/// @param major the kernel's major number
/// @param minor the kernel's minor number
/// @param fileMode the permission bits
/// @param uid the owner
/// @param gid the group
public record Device(
    String path, String type, long major, long minor, int fileMode, long uid, long gid) {}
