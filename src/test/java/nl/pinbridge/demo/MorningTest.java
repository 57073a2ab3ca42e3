package nl.pinbridge.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nl.pinbridge.config.Settings;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo that the README promises ends as it should. */
class MorningTest {
    /** As the command line starts it: the audience is not kept waiting. */
    private static final Map<String, String> IMPATIENT =
            Map.of("pinbridge.lane.wait", "PT1.5S", "pinbridge.provider.pinvandaag.maximum", "PT5S");

    @Test
    void the_morning_ends_with_both_sides_agreeing_and_prints_nothing_but_results_as_json(@TempDir Path home)
            throws Exception {
        String routes = Path.of("routes").toAbsolutePath().toString();
        Settings settings = Settings.of(home, Map.of("pinbridge.routes", routes));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (SandboxedBridge bridge = SandboxedBridge.start(settings, IMPATIENT, true)) {
            PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
            assertThat(new Morning(bridge, out, true, false).play()).isTrue();
        }
        ContractSchema results = ContractSchema.ofResults();
        List<JsonNode> lines =
                printed.toString(StandardCharsets.UTF_8).lines().map(Json::read).toList();
        List<JsonNode> reconciliation =
                lines.stream().filter(line -> line.has("reconciliation")).toList();
        assertThat(lines)
                .hasSizeGreaterThan(20)
                .filteredOn(line -> !line.has("reconciliation"))
                .allSatisfy(line -> assertThat(results.validate(line)).isEmpty());

        // It ends with the accounts of its own day, and the answer that was lost is found in the provider's list.
        assertThat(reconciliation).hasSize(1);
        JsonNode day = reconciliation.get(0).path("reconciliation");
        assertThat(day.path("provisional").asBoolean()).isTrue();
        assertThat(day.path("exceptions").asInt()).isZero();
        assertThat(day.path("providerTotal").asLong())
                .isEqualTo(day.path("ledgerTotal").asLong())
                .isEqualTo(1_050 + 1_835 + 4_200 + 6_000 - 250);
        Path report = Path.of(day.path("report").asText());
        assertThat(report).isAbsolute().exists();
        assertThat(Files.readString(report))
                .contains("(provisional)", "This day was not over", "€ 128,35", "no exceptions", "till-4");
        assertThat(lines)
                .as("an order of PAY. whose answer was lost")
                .filteredOn(line -> line.path("commandId").asText().endsWith("-elsewhere"))
                .extracting(line -> line.path("status").asText() + " "
                        + line.at("/payment/provider").asText())
                .containsExactly("IN_DOUBT paynl", "SUCCEEDED paynl");
        assertThat(lines)
                .as("the sender hears of it")
                .filteredOn(line -> line.path("commandId").asText().endsWith("-lost"))
                .last()
                .satisfies(line -> assertThat(line.path("status").asText()).isEqualTo("SUCCEEDED"));
    }
}
