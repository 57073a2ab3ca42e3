package nl.pinbridge.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import nl.pinbridge.app.Bridge;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Settings;
import nl.pinbridge.contract.Json;

/**
 * A bridge in a process of its own, so that heap and threads are the bridge's alone (with its embedded broker and ledger). Says
 * {@code ready}; answers each line on its standard input with its figures, and ends with its input.
 */
public final class BridgeUnderLoad {
    /** The most that was seen live, sampled every second where {@code bench.live} is set. */
    private static final AtomicLong PEAK = new AtomicLong();

    private BridgeUnderLoad() {}

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        try (Bridge bridge = Bridge.start(
                Settings.load(Path.of(args[0]), System.getenv(), new Properties()), Clock.systemUTC(), Probe.NONE)) {
            if (Boolean.getBoolean("bench.live")) {
                Thread sampler = new Thread(BridgeUnderLoad::sample, "sampler");
                sampler.setDaemon(true);
                sampler.start();
            }
            out.println("ready " + bridge.brokerUrl());
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (questions.readLine() != null) {
                out.println("figures " + Json.write(figures(bridge)));
            }
        }
    }

    /** Bytes in use once what nobody uses is gone. */
    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void sample() {
        while (!Thread.currentThread().isInterrupted()) {
            PEAK.accumulateAndGet(live(), Math::max);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
    }

    private static ObjectNode figures(Bridge bridge) {
        return Json.object()
                .put("heapBytes", live())
                .put("peakLiveBytes", PEAK.get())
                .put("threads", ManagementFactory.getThreadMXBean().getThreadCount())
                .put("open", bridge.ledger().<Long>inTransaction(tx -> tx.countOpenPayments()));
    }
}
