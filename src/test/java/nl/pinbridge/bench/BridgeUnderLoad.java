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
import nl.pinbridge.app.Bridge;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Settings;
import nl.pinbridge.contract.Json;

/**
 * A bridge in a process of its own, so that heap and threads are the bridge's alone (with its embedded broker and ledger). Says
 * {@code ready}; answers each line on its standard input with its figures, and ends with its input.
 */
public final class BridgeUnderLoad {
    private BridgeUnderLoad() {}

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        try (Bridge bridge = Bridge.start(
                Settings.load(Path.of(args[0]), System.getenv(), new Properties()), Clock.systemUTC(), Probe.NONE)) {
            out.println("ready " + bridge.brokerUrl());
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (questions.readLine() != null) {
                out.println("figures " + Json.write(figures(bridge)));
            }
        }
    }

    private static ObjectNode figures(Bridge bridge) {
        System.gc();
        return Json.object()
                .put(
                        "heapBytes",
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed())
                .put("threads", ManagementFactory.getThreadMXBean().getThreadCount())
                .put("open", bridge.ledger().<Long>inTransaction(tx -> tx.countOpenPayments()));
    }
}
