package nl.pinbridge.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        line -> assertThat(results.validate(Json.read(line))).isEmpty());
    }
}
