package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static nl.pinbridge.app.CommandsTest.about;
import static nl.pinbridge.app.CommandsTest.command;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.sandbox.Fault;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The terminal directory of a running bridge is edited. */
class TerminalReloadTest {
    @Test
    void tills_come_and_go_while_the_bridge_runs_and_a_wrong_edit_changes_nothing() throws IOException {
        try (RunningBridge bridge = RunningBridge.with().start();
                TestClient client = bridge.client()) {
            Path file = bridge.home().resolve("config").resolve("terminals.yaml");
            String before = Files.readString(file);
            Till till = bridge.till();
            Till other = bridge.till();
            bridge.sandbox()
                    .faults()
                    .add(Fault.onCreate().terminal(till.id()).times(1).customerDelay(Duration.ofSeconds(20)));
            client.send(TestClient.create("so-1", till.alias(), 1050));
            client.awaitStatus("so-1", "STARTED");

            // An alias is given to another device, and a till is added, while a payment runs.
            String line = before.lines()
                    .filter(each -> each.contains("\"" + till.id() + "\""))
                    .findFirst()
                    .orElseThrow();
            String moved = before.replace(line + "\n", "")
                    .replace("  " + other.alias() + ":", "  " + till.alias() + ":")
                    .concat(line.replace("  " + till.alias() + ":", "  new-till:") + "\n");
            Files.writeString(file, moved);
            awaitTerminal(client, "new-till", "SUCCEEDED");
            JsonNode gone = ask(client, other.alias());
            assertThat(gone.at("/error/code").asText()).isEqualTo("UNKNOWN_TERMINAL");

            // The running payment is still followed, and cancelled, on the device that it runs on.
            client.send(about("so-1-c", "cancel", "so-1"));
            assertThat(text(client.awaitFinal("so-1-c"), "status")).isEqualTo("SUCCEEDED");
            assertThat(bridge.calls(till, "cancel")).isEqualTo(1);
            assertThat(bridge.calls(other, null)).isZero();

            // A file that is wrong is refused whole.
            Files.writeString(file, before + "  broken: {provider: nobody, id: \"1\"}\n");
            Awaitility.await()
                    .during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> text(ask(client, "new-till"), "status").equals("SUCCEEDED"));
            Files.writeString(file, before);
            awaitTerminal(client, other.alias(), "SUCCEEDED");
        }
    }

    private static int asked;

    private static JsonNode ask(TestClient client, String alias) {
        String key = "ask-" + ++asked;
        client.send(command(key, "terminal-status").put("terminal", alias));
        return client.awaitFinal(key);
    }

    private static void awaitTerminal(TestClient client, String alias, String status) {
        Awaitility.await(alias).atMost(Duration.ofSeconds(15)).until(() -> text(ask(client, alias), "status")
                .equals(status));
    }
}
