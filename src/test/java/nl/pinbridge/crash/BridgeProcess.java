package nl.pinbridge.crash;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import nl.pinbridge.app.Bridge;
import nl.pinbridge.config.Settings;

/**
 * A bridge in a process of its own. Says {@code ready} when it takes commands. With {@code -Dcrash.at=POINT} it says
 * {@code at POINT} when it first comes there, and goes no further; with {@code -Dcrash.pause=true} it goes on at a word on its
 * standard input.
 */
public final class BridgeProcess {
    private BridgeProcess() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        String crashAt = System.getProperty("crash.at", "");
        AtomicBoolean there = new AtomicBoolean();
        CountDownLatch forever = new CountDownLatch(1);
        Bridge bridge = Bridge.start(
                Settings.load(Path.of(args[0]), System.getenv(), new java.util.Properties()),
                Clock.systemUTC(),
                point -> {
                    if (point.equals(crashAt) && there.compareAndSet(false, true)) {
                        out.println("at " + point);
                        if (Boolean.getBoolean("crash.pause")) {
                            awaitWord();
                        } else {
                            await(forever);
                        }
                    }
                });
        out.println("ready " + bridge.brokerUrl());
        forever.await();
    }

    /** Goes on when the parent writes something: while this process is stopped, that is not before it is woken. */
    private static void awaitWord() {
        try {
            System.in.read();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
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
