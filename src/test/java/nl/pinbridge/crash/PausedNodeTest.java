package nl.pinbridge.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
import nl.pinbridge.broker.Delivered;
import nl.pinbridge.broker.EmbeddedBroker;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.sandbox.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one broker and one PostgreSQL; one of them stands still for longer than the broker believes in its connection, which
 * is a minute in production and three seconds here.
 */
class PausedNodeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Sandbox sandbox;
    private EmbeddedBroker broker;
    private Credentials credentials;
    private Life a;
    private Life b;

    @BeforeEach
    void start() throws IOException {
        sandbox = TestHomes.sandbox();
        BrokerSettings settings =
                new BrokerSettings(folder.resolve("broker-data"), 0, List.of(), List.of(), Delivered.providers());
        credentials = Credentials.load(settings);
        broker = EmbeddedBroker.start(settings, credentials);
        String more =
                """
                pinbridge.broker.url=%s?connectionTTL=3000&clientFailureCheckPeriod=1000
                pinbridge.broker.username=%s
                pinbridge.broker.password=%s
                pinbridge.ledger.url=%s
                pinbridge.ledger.username=postgres
                """
                        .formatted(
                                broker.url(),
                                credentials.bridge().user(),
                                credentials.bridge().password().reveal(),
                                Databases.POSTGRESQL.freshUrl().replaceFirst("\\?.*", ""));
        TestHomes.write(folder.resolve("a"), sandbox.pinVandaagUrl(), more);
        TestHomes.write(folder.resolve("b"), sandbox.pinVandaagUrl(), more);
        a = new Life(folder.resolve("a"));
        b = new Life(folder.resolve("b"));
    }

    @AfterEach
    void stop() throws Exception {
        a.close();
        b.close();
        broker.close();
        sandbox.close();
    }

    private TestClient client() {
        return new TestClient(BrokerConnections.plain(broker.url(), credentials.client()), "payments.replies.client");
    }

    @Test
    void f31_a_node_that_stood_still_before_the_mark_finds_that_another_did_the_work() throws Exception {
        a.start(Map.of());
        try (TestClient client = client()) {
            a.trap("taken", true);
            client.send(TestClient.create("so-1", "till-1", 1050));
            a.awaitTrapped("taken");
            a.signal("STOP");
            b.start(Map.of());
            JsonNode last =
                    client.await("so-1", LONG, body -> body.path("final").asBoolean());
            assertThat(last.path("status").asText()).isEqualTo("SUCCEEDED");
            a.go();
            a.signal("CONT");
            client.send(TestClient.create("so-2", "till-1", 500));
            assertThat(client.awaitFinal("so-2").path("status").asText()).isEqualTo("SUCCEEDED");
        }
        assertThat(sandbox.calls().count("create")).isEqualTo(2);
        assertThat(sandbox.book().charges()).hasSize(2);
    }

    @Test
    void f31_a_node_that_stood_still_after_the_mark_writes_nothing_and_nobody_else_does() throws Exception {
        a.start(Map.of());
        try (TestClient client = client()) {
            a.trap("before-write", true);
            client.send(TestClient.create("so-1", "till-1", 1050));
            a.awaitTrapped("before-write");
            a.signal("STOP");
            b.start(Map.of());
            JsonNode doubt = client.await("so-1", LONG, body -> true);
            assertThat(doubt.path("status").asText()).isIn("IN_DOUBT", "NEEDS_ATTENTION");
            a.go();
            a.signal("CONT");
            JsonNode last = client.await(
                    "so-1", LONG, body -> body.path("status").asText().equals("NOT_SENT"));
            assertThat(last.path("payment").path("status").asText()).isEqualTo("NOT_PAID");
        }
        assertThat(sandbox.calls().count("create")).isZero();
        assertThat(sandbox.book().charges()).isEmpty();
    }
}
