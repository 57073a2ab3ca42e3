package nl.pinbridge.broker;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A STOMP 1.2 client of a few lines, so that what is on the wire is what the test says. */
public final class StompClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    public record Frame(String command, Map<String, String> headers, String body) {}

    public StompClient(int port, Login login) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        in = new BufferedInputStream(socket.getInputStream());
        send(
                "CONNECT",
                "",
                "accept-version:1.2",
                "login:" + login.user(),
                "passcode:" + login.password().reveal());
        Frame connected = receive();
        if (!connected.command().equals("CONNECTED")) {
            throw new IOException("not connected: " + connected);
        }
    }

    public void send(String command, String body, String... headers) throws IOException {
        StringBuilder frame = new StringBuilder(command).append('\n');
        for (String header : headers) {
            frame.append(header).append('\n');
        }
        frame.append('\n').append(body).append('\0');
        socket.getOutputStream().write(frame.toString().getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /**
     * The next frame.
     *
     * @throws EOFException when the broker closed the connection
     */
    public Frame receive() throws IOException {
        int first = in.read();
        while (first == '\n' || first == '\r') {
            first = in.read();
        }
        if (first < 0) {
            throw new EOFException();
        }
        String command = (char) first + line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.putIfAbsent(line.substring(0, colon), line.substring(colon + 1));
        }
        StringBuilder body = new StringBuilder();
        for (int c = in.read(); c > 0; c = in.read()) {
            body.append((char) c);
        }
        return new Frame(command, headers, body.toString());
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
