package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Fault;
import org.junit.jupiter.api.Test;

/** The key of a terminal stands in the terminal directory and nowhere else. */
class SecretsTest {
    @Test
    void no_key_of_a_terminal_is_logged_told_or_kept() throws IOException {
        try (Written.Log lines = new Written.Log();
                RunningBridge bridge = RunningBridge.with().start()) {
            List<String> told;
            try (TestClient client = bridge.client();
                    Inbox events = Inbox.ofTopic(bridge.factory(), "payments.events")) {
                Till echoing = bridge.till();
                bridge.sandbox()
                        .faults()
                        .add(Fault.onCreate()
                                .terminal(echoing.id())
                                .answer(new Answer.Http(
                                        200,
                                        "{\"status\":\"error\",\"message\":\"key " + RunningBridge.KEY
                                                + "1 is odd\"}")));
                Till refusing = bridge.till();
                bridge.sandbox()
                        .faults()
                        .add(Fault.onCreate()
                                .terminal(refusing.id())
                                .answer(new Answer.Http(403, "{\"key\":\"" + RunningBridge.KEY + "2\"}")));
                Till silent = bridge.till();
                bridge.sandbox()
                        .faults()
                        .add(Fault.onCreate().terminal(silent.id()).breakConnection());
                client.send(TestClient.create("echoed", echoing.alias(), 100));
                client.send(TestClient.create("echoed-refusal", refusing.alias(), 100));
                client.send(TestClient.create("silent", silent.alias(), 100));
                client.send(TestClient.create("fine", bridge.till().alias(), 100));
                client.send(TestClient.create("fine-ccv", bridge.till(Brand.CCV).alias(), 100));
                client.send(TestClient.create("refused-key", "wrong-key", 100));
                client.send("not json");
                for (String key : List.of("echoed", "echoed-refusal", "silent", "fine", "fine-ccv", "refused-key")) {
                    client.awaitFinal(key);
                }
                assertThat(text(client.awaitFinal("fine"), "status")).isEqualTo("SUCCEEDED");
                told = Stream.concat(
                                client.arrivals().stream().map(Object::toString),
                                events.arrivals().stream().map(Object::toString))
                        .toList();
            }
            bridge.stop();
            assertThat(told).isNotEmpty().noneMatch(line -> line.contains(RunningBridge.KEY));
            assertThat(lines.all()).isNotEmpty().noneMatch(line -> line.contains(RunningBridge.KEY));
            assertThat(Written.filesWith(bridge.home(), RunningBridge.KEY))
                    .containsExactly(bridge.home().resolve("config").resolve("terminals.yaml"));
            // The search finds what is there: this shows that neither the ledger nor the journal is packed.
            assertThat(Written.filesWith(bridge.data(), "echoed-refusal"))
                    .anyMatch(file -> file.toString().endsWith(".mv.db"))
                    .anyMatch(file -> file.toString().contains("journal"));
        }
    }
}
