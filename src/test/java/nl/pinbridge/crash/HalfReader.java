package nl.pinbridge.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A provider that reads half a request and then nothing more. */
final class HalfReader implements AutoCloseable {
    private final ServerSocket server;
    private final CountDownLatch half = new CountDownLatch(1);

    HalfReader() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "half-reader");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/V1";
    }

    private void serve() {
        try (Socket socket = server.accept()) {
            if (socket.getInputStream().readNBytes(40).length == 40) {
                half.countDown();
            }
            // The connection stays open until the test is over.
            server.accept();
        } catch (IOException closed) {
            half.countDown();
        }
    }

    void awaitHalf() throws InterruptedException {
        if (!half.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("No request came");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
