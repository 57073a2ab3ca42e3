package nl.pinbridge.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nl.pinbridge.cli.Console;
import nl.pinbridge.contract.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/adding-a-provider.md}, followed to the letter; and then a bridge takes payments with what came of it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AddingAProviderTest {
    private static final Pattern FILE = Pattern.compile("\\*\\*`([^`]+)`\\*\\*");

    /** What the page says of the end of each of its commands, in its order. */
    private static final List<Integer> ENDS = List.of(0, 1, 0, 0);

    @TempDir
    static Path home;

    private static KlinkpinServer klinkpin;

    @BeforeAll
    static void an_installation() throws IOException {
        klinkpin = KlinkpinServer.start();
        copy(Path.of("routes"), home.resolve("routes"));
        copy(Path.of("config"), home.resolve("config"));
    }

    @AfterAll
    static void stop() {
        klinkpin.close();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }

    @Test
    @Order(1)
    void the_page_leads_to_a_folder_that_passes_the_kit() throws IOException {
        List<Integer> ends = new ArrayList<>();
        StringBuilder printed = new StringBuilder();
        List<String> lines = Files.readAllLines(Path.of("docs/adding-a-provider.md"));
        for (int i = 0; i < lines.size(); i++) {
            var named = FILE.matcher(lines.get(i));
            if (named.matches()) {
                // The block comes next.
                assertThat(lines.get(i + 1)).as(named.group(1)).startsWith("```");
                List<String> text = block(lines, i + 2);
                Path file = home.resolve(named.group(1));
                assertThat(file.getParent()).as("the folder of %s", file).isDirectory();
                Files.write(file, text);
                i += text.size() + 2;
            } else if (lines.get(i).equals("```console")) {
                for (String line : block(lines, i + 1)) {
                    assertThat(line).startsWith("$ ");
                    ends.add(run(line.substring(2), printed));
                }
            }
        }
        assertThat(ends).as(printed.toString()).isEqualTo(ENDS);
        assertThat(printed).contains("Klinkpin (klinkpin)", "  create        yes", "  refund        no");
    }

    private static List<String> block(List<String> lines, int from) {
        int end = from;
        while (!lines.get(end).equals("```")) {
            end++;
        }
        return lines.subList(from, end);
    }

    private static int run(String command, StringBuilder printed) throws IOException {
        String[] words = command.split(" ");
        if (words[0].equals("mkdir")) {
            Files.createDirectories(home.resolve(words[words.length - 1]));
            return 0;
        }
        assertThat(words[0]).isEqualTo("./pinbridge");
        return Console.run(home, printed, List.of(words).subList(1, words.length));
    }

    @Test
    @Order(2)
    void a_bridge_takes_payments_with_it_and_starts_none_twice() throws IOException {
        String line = Files.readAllLines(home.resolve("config/terminals.yaml")).get(1);
        try (RunningBridge bridge = RunningBridge.with()
                        .webhooks()
                        .set("pinbridge.routes", home.resolve("routes").toString())
                        .set("pinbridge.provider.klinkpin.url", klinkpin.url())
                        .set("pinbridge.provider.klinkpin.response-timeout", "PT2S")
                        .set("pinbridge.provider.klinkpin.first-look", "PT0.2S")
                        .set("pinbridge.provider.klinkpin.look-interval", "PT0.3S")
                        .set("pinbridge.provider.klinkpin.look-interval-max", "PT0.5S")
                        .set("pinbridge.provider.klinkpin.maximum", "PT10S")
                        .terminal(line.strip().replace("{{env:KLINKPIN_KEY_TILL_7}}", KlinkpinServer.KEY))
                        .start();
                TestClient client = bridge.client()) {
            client.send(TestClient.create("kp-paid", "till-7", 1050));
            JsonNode paid = client.awaitFinal("kp-paid");
            assertThat(told(paid)).containsExactly("SUCCEEDED", "PAID", "");
            assertThat(paid.at("/payment/card/maskedPan").asText()).isEqualTo("xxxxxxxxxxxx5008");

            klinkpin.next("declined");
            client.send(TestClient.create("kp-declined", "till-7", 2000));
            assertThat(told(client.awaitFinal("kp-declined"))).containsExactly("DECLINED", "NOT_PAID", "DECLINED");

            klinkpin.next("waiting");
            client.send(TestClient.create("kp-stopped", "till-7", 3000));
            client.awaitStatus("kp-stopped", "STARTED");
            ObjectNode cancel = Json.object()
                    .put("commandId", "kp-stop")
                    .put("command", "cancel")
                    .put("payment", "kp-stopped");
            client.send(cancel);
            assertThat(told(client.awaitFinal("kp-stop"))).containsExactly("SUCCEEDED", "NOT_PAID", "");

            klinkpin.breakNextAnswer();
            client.send(TestClient.create("kp-lost", "till-7", 4000));
            assertThat(told(client.awaitFinal("kp-lost"))).containsExactly("SUCCEEDED", "PAID", "");
            assertThat(client.results("kp-lost").get(0).path("status").asText()).isEqualTo("IN_DOUBT");

            klinkpin.busyOnce();
            client.send(TestClient.create("kp-busy", "till-7", 5000));
            assertThat(told(client.awaitFinal("kp-busy"))).containsExactly("SUCCEEDED", "PAID", "");
            bridge.assertContract();
        }
        assertThat(klinkpin.started()).containsExactly(1050L, 2000L, 3000L, 4000L, 5000L);
        assertThat(klinkpin.charged()).containsExactly(1050L, 4000L, 5000L);
    }

    private static List<String> told(JsonNode result) {
        return List.of(
                result.path("status").asText(),
                result.at("/payment/status").asText(),
                result.at("/error/code").asText(""));
    }
}
