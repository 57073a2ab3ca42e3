package nl.pinbridge.provider;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider reduced to its socket: keeps every byte that arrives and does what the test says. */
final class WireServer implements AutoCloseable {
    /** What to do with a connection on which a request has arrived. */
    @FunctionalInterface
    interface Behaviour {
        void answer(Socket socket) throws Exception;
    }

    private final ServerSocket server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Behaviour behaviour;

    WireServer(Behaviour behaviour) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), behaviour);
    }

    WireServer(ServerSocket server, Behaviour behaviour) {
        this.server = server;
        this.behaviour = behaviour;
        thread(this::accept);
    }

    static Behaviour json(int status, String body) {
        return json(status, body, "");
    }

    static Behaviour json(int status, String body, String headers) {
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        return raw("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\n" + headers + "Content-Length: "
                + text.length + "\r\n\r\n" + body);
    }

    static Behaviour raw(String answer) {
        return socket -> {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        };
    }

    static Behaviour hangUp() {
        return Socket::close;
    }

    static Behaviour silence() {
        return socket -> {};
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Whole requests, head and body, as they arrived. */
    List<String> requests() {
        return requests;
    }

    int connections() {
        return connections.get();
    }

    /** Every byte that arrived, in requests or not. */
    String received() {
        synchronized (bytes) {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                thread(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                String request = request(in);
                if (request.isEmpty()) {
                    return;
                }
                requests.add(request);
                behaviour.answer(socket);
            }
        } catch (Exception e) {
            // The client went away, which some tests are about.
            open.remove(socket);
        }
    }

    private String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = next(in);
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        int length = 0;
        for (String line : head.toString().split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < length; i++) {
            body.write(next(in));
        }
        return head + body.toString(StandardCharsets.UTF_8);
    }

    private int next(InputStream in) throws IOException {
        int next = in.read();
        if (next >= 0) {
            synchronized (bytes) {
                bytes.write(next);
            }
        }
        return next;
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "wire-server");
        thread.setDaemon(true);
        thread.start();
    }
}
