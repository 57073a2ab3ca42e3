package nl.pinbridge.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bridge that is killed while a terminal has the only answer: what became of it is for a person, and is not done again. */
class SynchronousCrashTest {
    private static final List<String> PUMPS = List.of("pump-1", "pump-2", "pump-3");

    @TempDir
    Path home;

    private Sandbox sandbox;
    private Life life;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.start(SandboxOptions.defaults().withCustomerDelay(Duration.ofMillis(200)));
        TestHomes.write(
                home,
                sandbox.pinVandaagUrl(),
                "pinbridge.provider.ccv-payproxy.response-timeout=PT3S\n"
                        + "pinbridge.provider.ccv-payproxy.maximum=PT5S\n");
        StringBuilder terminals = new StringBuilder("terminals:\n");
        for (String pump : PUMPS) {
            terminals.append("  %s: {provider: ccv-payproxy, id: \"%s\", url: \"%s\"}\n"
                    .formatted(pump, pump, sandbox.payProxyUrl(pump)));
        }
        Files.writeString(home.resolve("config").resolve("terminals.yaml"), terminals);
        life = new Life(home);
    }

    @AfterEach
    void stop() throws Exception {
        life.close();
        sandbox.close();
    }

    private static ObjectNode capture(String key, String pump) {
        ObjectNode command = TestClient.create(key, pump, 2500).put("command", "capture");
        command.putObject("provider")
                .put("authReference", "H4sIAAAAAAAAA6tWcs7PLchJ")
                .put("authReferenceVersion", "1")
                .put("terminalEnvironment", "EVCHARGING");
        return command;
    }

    private static void assertWithPerson(JsonNode last) {
        assertThat(last.path("status").asText()).as("%s", last).isEqualTo("NEEDS_ATTENTION");
        assertThat(last.at("/error/code").asText()).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(last.at("/payment/status").asText()).isEqualTo("IN_DOUBT");
    }

    private List<String> numbers(String pump) {
        return sandbox.book().charges().stream()
                .filter(charge -> charge.terminal().equals(pump))
                .map(Charge::ownReference)
                .toList();
    }

    @Test
    void f8_f9_what_was_in_flight_is_for_a_person_and_happens_once() throws Exception {
        life.start(Map.of());
        sandbox.faults()
                .add(Fault.onAnything()
                        .terminal("pump-1")
                        .customerDelay(Duration.ofSeconds(2))
                        .times(1));
        sandbox.faults()
                .add(Fault.onAnything()
                        .terminal("pump-2")
                        .customerDelay(Duration.ofSeconds(2))
                        .times(1));
        try (TestClient client = life.client()) {
            client.send(TestClient.create("sale", "pump-1", 1050));
            client.send(capture("capture", "pump-2"));
            Awaitility.await()
                    .until(() -> sandbox.calls().count("create") == 1
                            && sandbox.calls().count("capture") == 1);
            life.trap("answered", false);
            client.send(TestClient.create("answered", "pump-3", 1050));
            life.awaitTrapped("answered");
            life.kill();
        } catch (JMSRuntimeException closing) {
            // The broker died with the bridge; the client's own closing fails.
        }
        life.start(Map.of());
        try (TestClient client = life.client()) {
            assertWithPerson(client.awaitFinal("sale"));
            assertWithPerson(client.awaitFinal("capture"));
            assertWithPerson(client.awaitFinal("answered"));
            client.send(capture("again", "pump-2"));
            assertThat(client.awaitFinal("again").at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");
            // The customers paid, whoever was there to hear it; each number stands for one call.
            Awaitility.await().until(() -> sandbox.book().size() == 3);
            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                String key = "next-" + System.nanoTime();
                client.send(TestClient.create(key, "pump-3", 200));
                assertThat(client.awaitFinal(key).path("status").asText()).isEqualTo("SUCCEEDED");
            });
        }
        assertThat(sandbox.calls().count("create")).isEqualTo(3);
        assertThat(sandbox.calls().count("capture")).isEqualTo(1);
        assertThat(numbers("pump-1")).containsExactly("1");
        assertThat(numbers("pump-2")).containsExactly("1");
        assertThat(numbers("pump-3")).containsExactly("1", "2");
    }
}
