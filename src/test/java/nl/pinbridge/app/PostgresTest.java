package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.ConnectionFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
import nl.pinbridge.broker.Delivered;
import nl.pinbridge.broker.EmbeddedBroker;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Sandbox;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On PostgreSQL: several nodes on one broker, and a database that goes away. */
class PostgresTest {
    private static final Duration AFTER_OUTAGE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void f32_two_nodes_charge_each_of_fifty_commands_once() throws Exception {
        twoNodes(1);
    }

    @Test
    @Tag("crash-20")
    void f32_two_nodes_charge_each_of_fifty_commands_once_twenty_times() throws Exception {
        twoNodes(20);
    }

    private void twoNodes(int rounds) throws Exception {
        BrokerSettings wanted =
                new BrokerSettings(folder.resolve("broker"), 0, List.of(), List.of(), Delivered.providers());
        Credentials credentials = Credentials.load(wanted);
        String ledger = freshUrl();
        try (EmbeddedBroker broker = EmbeddedBroker.start(wanted, credentials);
                Sandbox sandbox = RunningBridge.startSandbox();
                RunningBridge a = node(broker, credentials, ledger, sandbox).start();
                RunningBridge b = node(broker, credentials, ledger, sandbox).start()) {
            ConnectionFactory outside = BrokerConnections.plain(broker.url(), credentials.client());
            List<Till> tills = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                tills.add(a.till());
            }
            for (int round = 0; round < rounds; round++) {
                fifty(a, outside, tills, round);
            }
            Till till = a.till(Brand.CCV);
            for (int round = 0; round < rounds; round++) {
                hundred(a, b, outside, till, round);
            }
        }
    }

    @Test
    void two_nodes_that_reconcile_the_same_day_publish_one_feed() throws Exception {
        LocalDate day = LocalDate.now(ZoneId.of("Europe/Amsterdam")).minusDays(2);
        BrokerSettings wanted =
                new BrokerSettings(folder.resolve("broker"), 0, List.of(), List.of(), Delivered.providers());
        Credentials credentials = Credentials.load(wanted);
        String ledger = freshUrl();
        Path terminals = Files.writeString(
                folder.resolve("two-tills.yaml"),
                """
                terminals:
                  wl-1: {provider: pinvandaag, id: "50303001", brand: WORLDLINE, key: "%s1"}
                  wl-2: {provider: pinvandaag, id: "50303002", brand: WORLDLINE, key: "%s2"}
                """
                        .formatted(RunningBridge.KEY, RunningBridge.KEY));
        try (EmbeddedBroker broker = EmbeddedBroker.start(wanted, credentials);
                Sandbox sandbox = RunningBridge.startSandbox();
                RunningBridge a = node(broker, credentials, ledger, sandbox)
                        .set("pinbridge.terminals", terminals.toString())
                        .start();
                RunningBridge b = node(broker, credentials, ledger, sandbox)
                        .set("pinbridge.terminals", terminals.toString())
                        .start();
                Inbox feed = Inbox.ofQueue(
                        BrokerConnections.plain(broker.url(), credentials.client()), "payments.reconciliation")) {
            sandbox.days().fill("50303001", day, 1_000);
            sandbox.days().fill("50303002", day, 50);
            CountDownLatch start = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Future<?>> nodes = new ArrayList<>();
            for (RunningBridge node : List.of(a, b)) {
                nodes.add(threads.submit(() -> {
                    start.await();
                    return node.bridge().reconcile("pinvandaag", day);
                }));
            }
            start.countDown();
            for (Future<?> node : nodes) {
                node.get();
            }
            threads.shutdown();
            Awaitility.await().until(() -> feed.arrivals().stream()
                    .anyMatch(part -> text(part.body(), "part").equals("TRAILER")));
            // A second feed would begin with a header of its own, on whichever node.
            a.bridge().reconcile("pinvandaag", day);
            b.bridge().reconcile("pinvandaag", day);
            assertThat(feed.arrivals())
                    .extracting(part -> text(part.body(), "part"))
                    .containsExactly("HEADER", "ROWS", "ROWS", "ROWS", "TRAILER");
            assertThat(feed.arrivals().get(0).body().path("version").asInt()).isEqualTo(1);
            assertThat(feed.arrivals().get(4).body().path("rows").asInt()).isEqualTo(1_050);
        }
    }

    private static void fifty(RunningBridge bridge, ConnectionFactory outside, List<Till> tills, int round) {
        try (TestClient one = bridge.client(outside, null);
                TestClient two = bridge.client(outside, null)) {
            for (int i = 0; i < 50; i++) {
                JsonNode command = TestClient.create(
                        "fifty-" + round + "-" + i, tills.get(i % tills.size()).alias(), 100 + i);
                one.send(command);
                two.send(command);
            }
            for (int i = 0; i < 50; i++) {
                String key = "fifty-" + round + "-" + i;
                JsonNode last = one.await(
                        key, Duration.ofSeconds(60), body -> body.path("final").asBoolean());
                assertThat(text(last, "status")).as(last.toString()).isEqualTo("SUCCEEDED");
                assertThat(two.awaitFinal(key)).isEqualTo(last);
                assertThat(bridge.charges(last)).extracting(Charge::amount).containsExactly(100L + i);
                assertThat(bridge.createCalls(last)).isEqualTo(1);
            }
        }
        bridge.assertContract();
    }

    private static void hundred(RunningBridge a, RunningBridge b, ConnectionFactory outside, Till till, int round)
            throws Exception {
        List<Crowd.Heard> heard = Crowd.send(
                List.of(outside),
                10,
                10,
                TestClient.create("hundred-" + round, till.alias(), 1050),
                Duration.ofSeconds(30));
        Crowd.assertOneResult(heard, 100);
        JsonNode last = heard.get(0).last();
        assertThat(text(last, "status")).isEqualTo("SUCCEEDED");
        assertThat(a.charges(last)).hasSize(1);
        assertThat(a.createCalls(last)).isEqualTo(1);
        assertThat(a.createCalls(till)).isEqualTo(round + 1);
        assertThat(b.sandbox()).isSameAs(a.sandbox());
    }

    /** The settings want the user in a line of its own. */
    private static String freshUrl() {
        return Databases.POSTGRESQL.freshUrl().replaceFirst("\\?.*", "");
    }

    private static RunningBridge.Options node(
            EmbeddedBroker broker, Credentials credentials, String ledger, Sandbox sandbox) {
        return RunningBridge.with()
                .sandbox(sandbox)
                .set("pinbridge.broker.url", broker.url())
                .set("pinbridge.broker.username", credentials.bridge().user())
                .set(
                        "pinbridge.broker.password",
                        credentials.bridge().password().reveal())
                .set("pinbridge.ledger.url", ledger)
                .set("pinbridge.ledger.username", Databases.POSTGRESQL.username())
                .set("pinbridge.lane.wait", "PT60S")
                .set("pinbridge.provider.pinvandaag.maximum", "PT60S");
    }

    @Test
    void f34_an_answer_waits_for_the_database() {
        try (Cut cut = new Cut(Map.of())) {
            RunningBridge bridge = cut.bridge;
            Till till = bridge.till();
            try (TestClient client = bridge.client()) {
                AtomicBoolean once = new AtomicBoolean();
                bridge.at("answered", () -> {
                    if (once.compareAndSet(false, true)) {
                        cut.cable.cut();
                    }
                });
                client.send(TestClient.create("kept", till.alias(), 1050));
                Awaitility.await().until(cut.cable::isCut);
                Awaitility.await()
                        .during(Duration.ofSeconds(3))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> client.arrivals().isEmpty());
                cut.cable.mend();
                JsonNode last = client.awaitFinal("kept");
                assertThat(text(last, "status")).isEqualTo("SUCCEEDED");
                assertThat(bridge.charges(last)).hasSize(1);
                assertThat(bridge.createCalls(till)).isEqualTo(1);
            }
        }
    }

    @Test
    void f33_f34_an_outage_that_outlasts_an_answer_starts_nothing_twice_and_loses_no_command() {
        // One reader, so that the order of sending is the order of intake.
        try (Cut cut = new Cut(Map.of("pinbridge.intake.consumers", "1"))) {
            RunningBridge bridge = cut.bridge;
            Till till = bridge.till();
            List<Till> others = List.of(bridge.till(), bridge.till());
            try (TestClient client = bridge.client()) {
                AtomicBoolean once = new AtomicBoolean();
                bridge.at("answered", () -> {
                    if (once.compareAndSet(false, true)) {
                        cut.cable.cut();
                    }
                });
                client.send(TestClient.create("lost", till.alias(), 1050));
                Awaitility.await().until(cut.cable::isCut);
                for (int i = 0; i < 8; i++) {
                    client.send(
                            TestClient.create("during-" + i, others.get(i % 2).alias(), 100 + i));
                }
                // Longer than an answer waits for the ledger.
                Awaitility.await()
                        .during(Duration.ofSeconds(37))
                        .atMost(Duration.ofSeconds(40))
                        .until(() -> client.arrivals().isEmpty()
                                && bridge.sandbox().calls().count("create") == 1);
                cut.cable.mend();
                JsonNode last = client.await("lost", AFTER_OUTAGE, BridgeTest::isFinal);
                // What its answer said is gone; the provider is asked, and shows it.
                assertThat(text(last, "status")).isEqualTo("SUCCEEDED");
                assertThat(text(last.path("payment"), "status")).isEqualTo("PAID");
                assertThat(bridge.charges(last)).hasSize(1);
                assertThat(bridge.createCalls(till)).isEqualTo(1);

                Map<String, List<Long>> sent = new TreeMap<>();
                for (int i = 0; i < 8; i++) {
                    JsonNode each = client.await("during-" + i, AFTER_OUTAGE, BridgeTest::isFinal);
                    assertThat(text(each, "status")).isEqualTo("SUCCEEDED");
                    assertThat(bridge.charges(each)).hasSize(1);
                    assertThat(bridge.createCalls(each)).isEqualTo(1);
                    sent.computeIfAbsent(others.get(i % 2).id(), id -> new ArrayList<>())
                            .add(100L + i);
                }
                sent.forEach((id, amounts) -> assertThat(bridge.sandbox().book().charges().stream()
                                .filter(charge -> charge.terminal().equals(id))
                                .map(Charge::amount)
                                .toList())
                        .as("order on " + id)
                        .isEqualTo(amounts));
            }
        }
    }

    /** A bridge whose way to the database can be cut. */
    private static final class Cut implements AutoCloseable {
        private static final Pattern PORT = Pattern.compile("localhost:([0-9]+)|127\\.0\\.0\\.1:([0-9]+)");

        final Cable cable;
        final RunningBridge bridge;

        Cut(Map<String, String> settings) {
            String url = freshUrl();
            Matcher port = PORT.matcher(url);
            assertThat(port.find()).as(url).isTrue();
            cable = new Cable(Integer.parseInt(port.group(1) == null ? port.group(2) : port.group(1)), false);
            RunningBridge.Options options = RunningBridge.with()
                    .set("pinbridge.ledger.url", port.replaceFirst("127.0.0.1:" + cable.port()))
                    .set("pinbridge.ledger.username", Databases.POSTGRESQL.username())
                    .set("pinbridge.lane.wait", "PT60S");
            settings.forEach(options::set);
            bridge = options.start();
        }

        @Override
        public void close() {
            cable.mend();
            bridge.assertContract();
            bridge.close();
            cable.close();
        }
    }
}
