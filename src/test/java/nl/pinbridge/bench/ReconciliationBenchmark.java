package nl.pinbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
import nl.pinbridge.broker.Delivered;
import nl.pinbridge.broker.EmbeddedBroker;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Call;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day of 100,000 rows in a heap of 128 MB, beside a day of 10,000 and a bare loop that only reads the pages and sends them. */
@Tag("benchmark")
class ReconciliationBenchmark {
    private static final LocalDate DAY =
            LocalDate.now(ZoneId.of("Europe/Amsterdam")).minusDays(2);
    private static final int ROWS = Integer.getInteger("benchmark.rows", 100_000);

    @TempDir
    Path folder;

    /** Pages at either end whose time is compared. */
    private static final int ENDS = 100;

    /** What a day cost; {@code reading} of its seconds went into the pages. */
    private record Cost(int rows, double seconds, double reading, long peakHeap, String pages) {
        String line(String name) {
            return String.format(
                    Locale.ROOT,
                    "%-20s %7d rows  %7.1f s (%.1f s reading)  %6.0f rows/s  peak live heap %3d MB  a page: %s",
                    name,
                    rows,
                    seconds,
                    reading,
                    rows / seconds,
                    peakHeap >> 20,
                    pages);
        }
    }

    private static String ends(List<Double> millis) {
        int ends = Math.min(ENDS, millis.size());
        return String.format(
                Locale.ROOT,
                "%.1f ms over the first %d, %.1f ms over the last %d",
                average(millis.subList(0, ends)),
                ends,
                average(millis.subList(millis.size() - ends, millis.size())),
                ends);
    }

    private static double average(List<Double> millis) {
        return millis.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    @Test
    void a_hundred_thousand_rows_take_the_memory_of_ten_thousand() throws Exception {
        Cost small = bridge(ROWS / 10);
        Cost large = bridge(ROWS);
        Cost bare = bare(ROWS);
        System.out.println(small.line("bridge, two passes"));
        System.out.println(large.line("bridge, two passes"));
        System.out.println(bare.line("bare loop, one pass"));
        assertThat(large.peakHeap()).isLessThan(small.peakHeap() + (24L << 20));
    }

    private static Sandbox sandbox(int rows) {
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults()
                .withTerminals(new SandboxTerminal(Homes.terminalId(1), Homes.KEY, Brand.WORLDLINE)));
        sandbox.days().fill(Homes.terminalId(1), DAY, rows);
        return sandbox;
    }

    private Cost bridge(int rows) throws Exception {
        Path home = folder.resolve("bridge-" + rows);
        try (Sandbox sandbox = sandbox(rows)) {
            Homes.write(
                    home,
                    sandbox.pinVandaagUrl(),
                    1,
                    List.of("pinbridge.reconciliation.page-pause=PT0S", "pinbridge.sweep.interval=PT1M"));
            try (Child bridge = Child.start(
                    BridgeUnderLoad.class,
                    folder.resolve("bridge.log"),
                    List.of("-Xmx128m", "-Dbench.live=true"),
                    home.toString())) {
                bridge.awaitLine("ready");
                try (TestClient client = new TestClient(
                        BrokerConnections.ofFile(home.resolve("data").resolve("client.properties")),
                        "payments.replies.client")) {
                    long began = System.nanoTime();
                    client.send(Json.object()
                            .put("commandId", "recon")
                            .put("command", "reconcile")
                            .put("from", DAY.toString())
                            .put("to", DAY.toString()));
                    JsonNode last = client.await("recon", Duration.ofMinutes(30), body -> body.path("final")
                            .asBoolean());
                    double seconds = (System.nanoTime() - began) / 1e9;
                    assertThat(last.path("status").asText()).as(last.toString()).isEqualTo("SUCCEEDED");
                    List<Call> calls = sandbox.calls().matching("date", null, null, null);
                    List<Double> took = new ArrayList<>();
                    for (int i = 1; i < calls.size(); i++) {
                        took.add(Duration.between(
                                                calls.get(i - 1).at(),
                                                calls.get(i).at())
                                        .toNanos()
                                / 1e6);
                    }
                    int pass = took.size() / 2;
                    return new Cost(
                            rows,
                            seconds,
                            took.stream().mapToDouble(Double::doubleValue).sum() / 1e3,
                            Json.read(bridge.ask("figures"))
                                    .path("peakLiveBytes")
                                    .asLong(),
                            "pass 1 " + ends(took.subList(0, pass)) + "; pass 2 "
                                    + ends(took.subList(pass, took.size())));
                }
            }
        }
    }

    /** Reads the pages and sends each as it is. */
    private Cost bare(int rows) throws Exception {
        BrokerSettings wanted =
                new BrokerSettings(folder.resolve("broker"), 0, List.of(), List.of(), Delivered.providers());
        Credentials credentials = Credentials.load(wanted);
        HttpClient http = HttpClient.newHttpClient();
        try (Sandbox sandbox = sandbox(rows);
                EmbeddedBroker broker = EmbeddedBroker.start(wanted, credentials)) {
            ConnectionFactory factory = BrokerConnections.plain(broker.url(), credentials.bridge());
            List<Double> took = new ArrayList<>();
            long began = System.nanoTime();
            try (Connection connection = factory.createConnection();
                    Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
                MessageProducer producer = session.createProducer(session.createQueue("payments.reconciliation"));
                for (int page = 1; ; page++) {
                    long start = System.nanoTime();
                    String body = http.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(sandbox.pinVandaagUrl() + "/instore/transactions/date"))
                                            .header("Content-Type", "application/x-www-form-urlencoded")
                                            .POST(HttpRequest.BodyPublishers.ofString("terminalId="
                                                    + Homes.terminalId(1) + "&key=" + Homes.KEY + "&from="
                                                    + DAY.minusDays(1) + "&to=" + DAY.plusDays(2) + "&page=" + page))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
                    TextMessage message = session.createTextMessage(body);
                    producer.send(message);
                    took.add((System.nanoTime() - start) / 1e6);
                    if (Json.read(body).path("transactions").size() < 100) {
                        break;
                    }
                }
                session.commit();
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            return new Cost(rows, seconds, seconds, 0, ends(took));
        }
    }
}
