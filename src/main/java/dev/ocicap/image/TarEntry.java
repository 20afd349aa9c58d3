package dev.ocicap.image;

/// One member of a tar archive.
///
/// @param path its name as the archive has it
/// @param type the type flag of ustar: `0` file, `1` hard link, `2` symbolic link, `3` and `4`
///   devices, `5` directory, `6` FIFO
/// @param link where a link points, "" for others
/// @param size the bytes of a file's content
/// @param fileCapabilities whether it has the extended attribute `security.capability`
record TarEntry(String path, char type, String link, long size, boolean fileCapabilities) {

  boolean isDirectory() {
    return type == '5';
  }

  boolean isDevice() {
    return type == '3' || type == '4';
  }
}
