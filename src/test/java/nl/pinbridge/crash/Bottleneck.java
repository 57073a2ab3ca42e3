package nl.pinbridge.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The way to the provider: passes everything on, until it is told to take half of the next request and nothing more. */
final class Bottleneck implements AutoCloseable {
    private static final int HALF = 40;

    private final ServerSocket server;
    private final URI provider;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch half = new CountDownLatch(0);

    Bottleneck(String provider) throws IOException {
        this.provider = URI.create(provider);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + provider.getPath();
    }

    /** The next request stops half-way. */
    void block() {
        half = new CountDownLatch(1);
    }

    void awaitHalf() throws InterruptedException {
        if (!half.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("No request came");
        }
    }

    private void serve() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                daemon(() -> pass(client));
            }
        } catch (IOException closed) {
            half.countDown();
        }
    }

    private void pass(Socket client) {
        try {
            if (half.getCount() > 0) {
                // What is read here reaches nobody; the rest stays in the connection.
                client.getInputStream().readNBytes(HALF);
                half.countDown();
                return;
            }
            Socket behind = new Socket(provider.getHost(), provider.getPort());
            open.add(behind);
            daemon(() -> copy(behind, client));
            copy(client, behind);
        } catch (IOException broken) {
            close(client);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8_192];
            int read;
            while ((read = in.read(buffer)) > 0) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException broken) {
            // One side is gone; so goes the other.
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "bottleneck");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(Bottleneck::close);
    }
}
