package nl.pinbridge.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Sandbox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bridge that is killed with kill -9 while it reconciles; the next life goes on, and the feed appears once and whole. */
class ReconciliationCrashTest {
    private static final int ROWS = 350;
    private static final int PAGES = 4;

    /** Two days ago: it is over in every time zone. */
    private static final LocalDate DAY =
            LocalDate.now(ZoneId.of("Europe/Amsterdam")).minusDays(2);

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"page-stored 3", "feed-sent 1"})
    void f17_killed_once(String where) throws Exception {
        killAndJudge(where);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run-taken 1",
                "page-stored 1",
                "page-stored 2",
                "page-stored 4",
                "page-stored 5",
                "page-stored 6",
                "page-stored 7",
                "page-stored 8",
                "looked 1",
                "looked 4",
                "looked 8",
                "feed-written 1"
            })
    @Tag("crash-20")
    void f17_killed_everywhere(String where) throws Exception {
        killAndJudge(where);
    }

    private void killAndJudge(String where) throws Exception {
        String point = where.split(" ", -1)[0];
        int time = Integer.parseInt(where.split(" ", -1)[1]);
        try (Sandbox sandbox = TestHomes.sandbox();
                Life life = new Life(home)) {
            sandbox.days().fill("50303253", DAY, ROWS);
            TestHomes.write(
                    home,
                    sandbox.pinVandaagUrl(),
                    """
                    pinbridge.reconciliation.page-pause=PT0S
                    pinbridge.reconciliation.retry-interval=PT1S
                    pinbridge.reconciliation.lease=PT3S
                    """);
            life.start(Map.of());
            String command = "{\"commandId\":\"recon-1\",\"command\":\"reconcile\",\"from\":\"" + DAY + "\",\"to\":\""
                    + DAY + "\"}";
            try (TestClient client = life.client()) {
                life.trap(String.join(">", Collections.nCopies(time, point)), false);
                client.send(Json.read(command));
                life.awaitTrapped(point);
                life.kill();
            } catch (JMSRuntimeException closing) {
                // The broker died with the bridge; the client's own closing fails.
            }
            life.start(Map.of());
            try (TestClient client = life.client()) {
                JsonNode last = client.await("recon-1", Duration.ofSeconds(60), body -> body.path("final")
                        .asBoolean());
                assertThat(last.path("status").asText()).isEqualTo("SUCCEEDED");
            }
            List<JsonNode> parts = feed();
            assertThat(parts)
                    .extracting(part -> part.path("part").asText())
                    .as("one whole feed")
                    .containsExactly("HEADER", "ROWS", "TRAILER");
            assertThat(parts.get(1).path("rows")).hasSize(ROWS);
            assertThat(parts.get(0).path("pagesRead").asInt()).isEqualTo(2 * PAGES);
            int calls = sandbox.calls().matching("date", null, null, null).size();
            assertThat(calls)
                    .as("two passes, and the page in flight at the kill")
                    .isBetween(2 * PAGES, 2 * PAGES + 1);
            assertThat(home.resolve("data/reconciliation/" + DAY + "/pinvandaag-v1.html"))
                    .exists();
        }
    }

    private List<JsonNode> feed() throws Exception {
        ConnectionFactory factory =
                BrokerConnections.ofFile(home.resolve("data").resolve("client.properties"));
        List<JsonNode> parts = new ArrayList<>();
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer consumer = session.createConsumer(session.createQueue("payments.reconciliation"))) {
            connection.start();
            for (Message message = consumer.receive(3_000); message != null; message = consumer.receive(1_000)) {
                parts.add(Json.read(((TextMessage) message).getText()));
            }
        }
        return parts;
    }
}
