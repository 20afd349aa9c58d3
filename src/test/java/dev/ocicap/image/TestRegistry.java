package dev.ocicap.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A registry (distribution-spec, pull only) that has the image of a layout under every name and
/// tag. Whoever wants to speak TLS is hung up on at once.
final class TestRegistry implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Path layout;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  TestRegistry(Path layout) throws IOException {
    this.layout = layout;
    Thread.ofPlatform().daemon().start(this::serve);
  }

  String host() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /// The paths that were asked for since the last time.
  List<String> takeAsked() {
    List<String> taken = List.copyOf(asked);
    asked.clear();
    return taken;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofPlatform().daemon().start(() -> answer(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket connection) {
    try (connection;
        PushbackInputStream in = new PushbackInputStream(connection.getInputStream())) {
      int first = in.read();
      if (first != 'G') {
        return;
      }
      in.unread(first);
      String path = path(in);
      asked.add(path);
      byte[] body = body(path);
      OutputStream out = connection.getOutputStream();
      String type = path.contains("/manifests/") ? Descriptor.MANIFEST : "application/octet-stream";
      out.write(
          ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
                  + type
                  + "\r\nDocker-Content-Digest: sha256:"
                  + Sha256.of(body)
                  + "\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      out.flush();
    } catch (IOException e) {
      // The client went away: its test says what that means.
      return;
    }
  }

  private static String path(InputStream in) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
    String request = String.valueOf(reader.readLine());
    String header = reader.readLine();
    while (header != null && !header.isEmpty()) {
      header = reader.readLine();
    }
    return request.split(" ", -1)[1];
  }

  private byte[] body(String path) throws IOException {
    if (!path.contains("/manifests/") && !path.contains("/blobs/")) {
      return "{}".getBytes(StandardCharsets.UTF_8);
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    String digest =
        name.startsWith("sha256:")
            ? name
            : new ImageLayout(layout, "registry").manifest("1", Platform.of("amd64")).digest();
    return Files.readAllBytes(
        layout.resolve("blobs/sha256").resolve(digest.substring("sha256:".length())));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
