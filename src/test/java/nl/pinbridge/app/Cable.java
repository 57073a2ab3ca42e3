package nl.pinbridge.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A TCP connection between two parts that a test can cut and mend, and whose one direction it can read. */
public final class Cable implements AutoCloseable {
    private final ServerSocket server;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final @Nullable ByteArrayOutputStream heard;
    private volatile boolean cut;
    private volatile long lateNanos;

    /**
     * @param port where the far side listens on loopback
     * @param listening true to keep what the near side sends
     */
    public Cable(int port, boolean listening) {
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.port = port;
        heard = listening ? new ByteArrayOutputStream() : null;
        thread("cable-accept", this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** All that the near side sent so far, as Latin-1 text. */
    String heard() {
        if (heard == null) {
            throw new IllegalStateException("This cable does not listen");
        }
        return heard.toString(StandardCharsets.ISO_8859_1);
    }

    /** Breaks every connection; new ones break at once. */
    public void cut() {
        cut = true;
        open.forEach(Cable::quietly);
    }

    public void mend() {
        cut = false;
    }

    /** Each answer of the far side comes this much later. */
    void late(Duration delay) {
        lateNanos = delay.toNanos();
    }

    boolean isCut() {
        return cut;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                if (cut) {
                    quietly(near);
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                open.add(near);
                open.add(far);
                thread("cable-out", () -> pump(near, far, true));
                thread("cable-in", () -> pump(far, near, false));
                if (cut) {
                    quietly(near);
                    quietly(far);
                }
            } catch (IOException e) {
                // The far side is gone, or this cable is closed.
                continue;
            }
        }
    }

    private void pump(Socket from, Socket to, boolean outward) {
        byte[] buffer = new byte[16_384];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read;
            while ((read = in.read(buffer)) > 0) {
                if (outward && heard != null) {
                    heard.write(buffer, 0, read);
                }
                if (!outward && lateNanos > 0) {
                    LockSupport.parkNanos(lateNanos);
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // Either end hung up; both are closed now.
            return;
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was closed before.
            return;
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(Cable::quietly);
    }
}
