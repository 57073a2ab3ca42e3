package nl.pinbridge.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.broker.BrokerConnections;
import org.jspecify.annotations.Nullable;

/** One bridge over many processes: what was killed goes on with the same folder. */
public final class Life implements AutoCloseable {
    private final Path home;
    private @Nullable Process process;
    private @Nullable BufferedReader output;

    public Life(Path home) {
        this.home = home;
    }

    /** Starts the bridge if it does not run. */
    public void start(Map<String, String> environment) throws IOException {
        if (process != null && process.isAlive()) {
            return;
        }
        Process started =
                Children.java(BridgeProcess.class, List.of(), home.resolve("errors.log"), environment, home.toString());
        process = started;
        output = Children.output(started);
        String line = output.readLine();
        if (line == null || !line.startsWith("ready")) {
            throw new IOException("The bridge did not start:\n" + Files.readString(home.resolve("errors.log")));
        }
    }

    /** The bridge goes no further than this point when it next comes there, or only when {@link #go} lets it. */
    void trap(String point, boolean pause) throws IOException {
        Path written = home.resolve("trap.new");
        Files.writeString(written, point + (pause ? " pause" : " stay"));
        Files.move(written, home.resolve("trap"));
    }

    void awaitTrapped(String point) throws IOException {
        String line;
        while ((line = running(output).readLine()) != null) {
            if (line.equals("at " + point)) {
                return;
            }
        }
        throw new IOException("The bridge ended before it was at '" + point + "'; see errors.log in its folder");
    }

    void go() throws IOException {
        running(process).outputWriter().append("go\n").flush();
    }

    public void signal(String signal) throws IOException, InterruptedException {
        Children.signal(running(process), signal);
    }

    public void kill() throws IOException, InterruptedException {
        if (process != null && process.isAlive()) {
            Children.kill(process);
        }
    }

    /** A client of the bridge as it runs now. */
    TestClient client() {
        return new TestClient(
                BrokerConnections.ofFile(home.resolve("data").resolve("client.properties")), "payments.replies.client");
    }

    private static <T> T running(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("The bridge was not started");
        }
        return part;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
    }
}
