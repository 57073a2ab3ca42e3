package nl.pinbridge.crash;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import nl.pinbridge.app.Bridge;
import nl.pinbridge.config.Settings;
import org.jspecify.annotations.Nullable;

/**
 * A bridge in a process of its own. Says {@code ready} when it takes commands. A file {@code trap} in its folder that holds
 * {@code POINT stay} makes it say {@code at POINT} when it next comes there, and go no further; {@code POINT pause} lets it go on at
 * a word on its standard input.
 */
public final class BridgeProcess {
    private static volatile boolean stopped;

    private BridgeProcess() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Path trap = Path.of(args[0], "trap");
        CountDownLatch forever = new CountDownLatch(1);
        Bridge bridge = Bridge.start(
                Settings.load(Path.of(args[0]), System.getenv(), new java.util.Properties()),
                Clock.systemUTC(),
                point -> {
                    if (stopped) {
                        // Other threads must not run on while the kill is on its way: the point would be any point.
                        await(forever);
                    }
                    String word = sprung(trap, point);
                    if (word != null) {
                        out.println("at " + point);
                        if (word.equals("pause")) {
                            awaitWord();
                        } else {
                            await(forever);
                        }
                    }
                });
        out.println("ready " + bridge.brokerUrl());
        forever.await();
    }

    /** The trap's word if it was set for this point; it catches once. A point such as {@code outcome>told} is the latter after the former. */
    private static @Nullable String sprung(Path trap, String point) {
        synchronized (BridgeProcess.class) {
            try {
                if (!Files.exists(trap)) {
                    return null;
                }
                String[] set = Files.readString(trap).split(" ", -1);
                String[] points = set[0].split(">", 2);
                if (set.length != 2 || !points[0].equals(point)) {
                    return null;
                }
                if (points.length == 2) {
                    Files.writeString(trap, points[1] + " " + set[1]);
                    return null;
                }
                Files.delete(trap);
                stopped = !set[1].equals("pause");
                return set[1];
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Goes on when the parent writes something: while this process is stopped, that is not before it is woken. */
    private static void awaitWord() {
        try {
            System.in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
