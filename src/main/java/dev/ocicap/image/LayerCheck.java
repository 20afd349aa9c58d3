package dev.ocicap.image;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads all layers of an image before any of them is unpacked, and refuses what leads out of the
/// image, costs more than the limits, or is not what its digest promises.
///
/// umoci, which unpacks, keeps members inside of the root file system with one exception: it takes
/// `.wh...` for a whiteout of the directory above, and removes that. It knows no limits.
final class LayerCheck {
  private static final long REPORT_EVERY = 8 << 20;

  private final String name;
  private final Limits limits;
  private final boolean root;
  private final Progress progress;
  private final LayeredTree tree = new LayeredTree();
  private final List<String> withFileCapabilities = new ArrayList<>();
  private boolean linksRefused;
  private OutputStream copy = OutputStream.nullOutputStream();
  private long bytes;
  private long contents;
  private long entries;

  /// A check of one image.
  ///
  /// @param name how errors name the image
  /// @param root whether root unpacks, who may make device nodes
  LayerCheck(String name, Limits limits, boolean root, Progress progress) {
    this.name = name;
    this.limits = limits;
    this.root = root;
    this.progress = progress;
  }

  /// The digests of a layer.
  ///
  /// @param packed of the file, in hexadecimal digits
  /// @param unpacked of the tar archive in it, in hexadecimal digits
  record Digests(String packed, String unpacked) {}

  /// Checks every layer.
  ///
  /// @throws OcicapException for the first thing that is refused
  void check(ImageLayout layout, ImageLayout.Found image) {
    for (int i = 0; i < image.layers().size(); i++) {
      Descriptor layer = image.layers().get(i);
      String what = "layer " + (i + 1) + " of " + image.layers().size();
      boolean gzip = layer.mediaType().equals(Descriptor.LAYER_GZIP);
      Digests digests = check(layout.blob(layer), gzip, layer.size(), i, what);
      if (!digests.packed().equals(layer.hex())) {
        throw refuse(what, "is damaged: its digest is not '" + layer.digest() + "'");
      }
      if (!image.diffIds().get(i).equals("sha256:" + digests.unpacked())) {
        throw refuse(what, "is not the one of the image's configuration: its digest differs");
      }
    }
  }

  /// Checks one layer, on top of those before it.
  ///
  /// @param size the file's size, which is not to be exceeded
  /// @param number which layer it is, from 0
  /// @param what how errors name it
  Digests check(Path blob, boolean gzip, long size, int number, String what) {
    MessageDigest packed = Sha256.digest();
    MessageDigest unpacked = Sha256.digest();
    try (Counted file =
        new Counted(new DigestInputStream(Files.newInputStream(blob), packed), size)) {
      InputStream plain =
          gzip ? new GZIPInputStream(file, 1 << 16) : new BufferedInputStream(file, 1 << 16);
      Limited content = new Limited(new DigestInputStream(plain, unpacked), file, what, size);
      members(new TarReader(content), number, what);
      drain(content);
      drain(file);
    } catch (ZipException e) {
      throw refuse(what, "is damaged: " + e.getMessage());
    } catch (EOFException e) {
      throw refuse(what, "is damaged: it ends too early");
    } catch (TarReader.BadArchive e) {
      throw refuse(what, "cannot be used: " + e.getMessage());
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(name), what + " cannot be read: " + e.getMessage(), null, e);
    }
    progress.report("checking " + what, size, size);
    return new Digests(Sha256.hex(packed), Sha256.hex(unpacked));
  }

  /// Checks an archive that holds an image: its members are plain files with plain names.
  ///
  /// @param links whether links are allowed
  /// @param plain gets the archive without compression
  void checkOuter(Path file, boolean gzip, boolean links, OutputStream plain) throws IOException {
    linksRefused = !links;
    copy = plain;
    check(file, gzip, Files.size(file), 0, "the archive");
  }

  /// What the files need on disk, about.
  long size() {
    return contents + entries * 4096;
  }

  /// The files that have capabilities of their own (capabilities(7), "File capabilities").
  List<String> withFileCapabilities() {
    return withFileCapabilities;
  }

  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[1 << 16];
    int read = in.read(buffer);
    while (read >= 0) {
      read = in.read(buffer);
    }
  }

  private void members(TarReader reader, int layer, String what) throws IOException {
    TarEntry entry = reader.next();
    while (entry != null) {
      if (++entries > limits.entries()) {
        throw refuse(what, "brings the image to more than " + limits.entries() + " files");
      }
      contents += entry.size();
      if (linksRefused && entry.type() != '0' && entry.type() != '5') {
        throw refuse(what, "'" + entry.path() + "' is neither a file nor a directory");
      }
      if (entry.isDevice() && !root) {
        throw refuse(what, "'" + entry.path() + "' is a device node, which only root can make");
      }
      try {
        tree.add(entry, layer);
      } catch (LayeredTree.Refused e) {
        throw refuse(what, "'" + entry.path() + "' " + e.why());
      }
      if (entry.fileCapabilities()) {
        withFileCapabilities.add(entry.path());
      }
      entry = reader.next();
    }
  }

  private OcicapException refuse(String what, String why) {
    return OcicapException.input(Place.file(name), what + ": " + why, null);
  }

  /// Counts what is read of a file, and reads no more than it should have.
  private static final class Counted extends InputStream {
    private final InputStream in;
    private final long max;
    private long count;

    Counted(InputStream in, long max) {
      this.in = in;
      this.max = max;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int read = in.read(to, offset, length);
      count += Math.max(0, read);
      if (count > max) {
        throw new TarReader.BadArchive("it is longer than the manifest says");
      }
      return read;
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// Counts what comes out of a layer, and stops at the limits.
  private final class Limited extends InputStream {
    private final InputStream in;
    private final Counted packed;
    private final String what;
    private final long total;
    private long count;
    private long reported;
    private final byte[] buffer = new byte[1 << 16];

    Limited(InputStream in, Counted packed, String what, long total) {
      this.in = in;
      this.packed = packed;
      this.what = what;
      this.total = total;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int read = in.read(to, offset, length);
      int more = Math.max(0, read);
      count += more;
      bytes += more;
      if (bytes > limits.bytes()) {
        throw refuse(what, "brings the image to more than " + limits.bytes() + " bytes");
      }
      if (count > limits.ratioFrom() && count / limits.ratio() > packed.count) {
        throw refuse(what, "grows to more than " + limits.ratio() + " times its size");
      }
      copy.write(to, offset, more);
      if (packed.count - reported > REPORT_EVERY) {
        reported = packed.count;
        progress.report("checking " + what, packed.count, total);
      }
      return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
      return bytes <= 0 ? 0 : Math.max(0, read(buffer, 0, (int) Math.min(bytes, buffer.length)));
    }
  }
}
