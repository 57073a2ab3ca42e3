package nl.pinbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import nl.pinbridge.config.Settings;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.ProviderFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

class ProvidersCommandTest {
    private static final String TESTER =
            """
            name: tester
            title: "Tes\\x1bter"
            url: https://pay.example.nl
            encoding: json
            operations:
              create: {method: POST, path: /create, once: true, lost-answer: Ask the provider for it by our own reference., success: [200]}
              status: {method: POST, path: /status, once: false, success: [200]}
            cadence: {first-look: PT2S, look-interval: PT3S, look-interval-max: PT15S, maximum: PT6M}
            consumers: 8
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void an_installation() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/application.properties"), "");
        folder("pinvandaag", Files.readString(Path.of("routes/providers/pinvandaag/provider.yaml")));
    }

    @Test
    void the_matrix_of_pin_vandaag_is_as_its_page_says() {
        assertThat(run("providers")).isZero();

        assertThat(err()).isEmpty();
        List<String> lines = out().lines().toList();
        assertThat(lines)
                .startsWith(
                        "Pin Vandaag (pinvandaag)",
                        "",
                        "  COMMAND       CCV         WORLDLINE",
                        "  create        yes         yes",
                        "  authorise     no          no",
                        "  capture       no          no",
                        "  refund        no          yes",
                        "  cancel        on request  yes",
                        "  void          no          no",
                        "  approve       no          no",
                        "  decline       no          no",
                        "  status        yes         yes",
                        "  mail-receipt  yes         yes",
                        "  ctmp          no          yes",
                        "",
                        "  on request: pinbridge.provider.pinvandaag.allow=cancel/CCV",
                        "",
                        "  Made once only, never sent again. When the answer is lost:");
        assertThat(lines)
                .allMatch(line -> line.length() <= 100)
                .anyMatch(line -> line.startsWith(
                        "  create        The terminal's last transaction and the day's list are searched"))
                .anyMatch(line -> line.startsWith("  cancel        The payment's own status tells"))
                .anyMatch(line -> line.startsWith("  refund        "))
                .anyMatch(line -> line.startsWith("  mail-receipt  "))
                .anyMatch(line -> line.startsWith("  ctmp          "))
                .noneMatch(line -> line.startsWith("  status        The"));
    }

    @Test
    void the_matrix_in_json_says_the_same_on_one_line() {
        assertThat(run("providers", "--json")).isZero();

        assertThat(out().lines()).hasSize(1);
        JsonNode provider = Json.read(out()).at("/providers/0");
        assertThat(provider.path("name").asText()).isEqualTo("pinvandaag");
        assertThat(provider.path("brands")).map(JsonNode::asText).containsExactly("CCV", "WORLDLINE");
        assertThat(provider.path("setting").asText()).isEqualTo("pinbridge.provider.pinvandaag.allow");
        assertThat(provider.path("onRequest")).map(JsonNode::asText).containsExactly("cancel/CCV");
        assertThat(support(provider, "cancel")).isEqualTo("{\"CCV\":\"on-request\",\"WORLDLINE\":\"yes\"}");
        assertThat(support(provider, "refund")).isEqualTo("{\"CCV\":\"no\",\"WORLDLINE\":\"yes\"}");
        assertThat(support(provider, "mail-receipt")).isEqualTo("{\"CCV\":\"yes\",\"WORLDLINE\":\"yes\"}");
        assertThat(support(provider, "void")).isEqualTo("{\"CCV\":\"no\",\"WORLDLINE\":\"no\"}");
        assertThat(command(provider, "cancel").path("once").asBoolean()).isTrue();
        assertThat(command(provider, "cancel").path("lostAnswer").asText()).contains("status");
        assertThat(command(provider, "status").path("once").asBoolean()).isFalse();
        assertThat(command(provider, "status").path("lostAnswer").isNull()).isTrue();
        assertThat(command(provider, "ping").isMissingNode()).isTrue();
    }

    @Test
    void what_the_operator_allows_is_shown_as_allowed() {
        ProvidersText text = new ProvidersText(
                ProviderFolder.readAll(home.resolve("routes/providers")).values(), name -> Set.of("cancel/CCV"));

        assertThat(text.lines()).contains("  cancel        allowed  yes");
        assertThat(support(text.json().at("/providers/0"), "cancel"))
                .isEqualTo("{\"CCV\":\"allowed\",\"WORLDLINE\":\"yes\"}");
    }

    @Test
    void a_provider_without_brands_has_one_column_and_providers_stand_in_order() throws IOException {
        folder("tester", TESTER);
        assertThat(run("providers")).isZero();

        List<String> lines = out().lines().toList();
        assertThat(lines)
                .startsWith(
                        "All providers",
                        "",
                        "                pinvandaag             tester",
                        "  COMMAND       CCV         WORLDLINE  ALL",
                        "  create        yes         yes        yes")
                .contains("  cancel        on request  yes        no");
        int second = lines.indexOf("Tes?ter (tester)");
        assertThat(second).isPositive();
        assertThat(lines.subList(second, lines.size()))
                .contains(
                        "  COMMAND       ALL",
                        "  create        yes",
                        "  refund        no",
                        "  create  Ask the provider for it by our own reference.")
                .noneMatch(line -> line.contains("on request"));
    }

    @Test
    void no_provider_at_all_is_said() throws IOException {
        Files.delete(home.resolve("routes/providers/pinvandaag/provider.yaml"));

        assertThat(run("providers")).isZero();
        assertThat(out().strip()).isEqualTo("There are no providers.");
    }

    @Test
    void a_mistake_in_a_folder_ends_with_78_naming_file_and_key() throws IOException {
        folder("tester", TESTER.replace("once: false", "money: false"));

        assertThat(run("providers")).isEqualTo(78);
        assertThat(err()).contains("provider.yaml", "operations.status.once is missing");
        assertThat(out()).isEmpty();
    }

    @Test
    void a_wrong_configuration_or_no_folder_ends_with_78() throws IOException {
        Files.writeString(home.resolve("config/application.properties"), "pinbridge.rutes=x\n");
        assertThat(run("providers")).isEqualTo(78);
        assertThat(err()).contains("Did you mean pinbridge.routes?");

        Files.writeString(home.resolve("config/application.properties"), "pinbridge.routes=elsewhere\n");
        assertThat(run("providers")).isEqualTo(78);
        assertThat(err()).contains("elsewhere");
        assertThat(out()).isEmpty();
    }

    @Test
    void a_provider_that_answers_once_and_captures_what_was_authorised_elsewhere_is_told_so() throws IOException {
        Files.delete(home.resolve("routes/providers/pinvandaag/provider.yaml"));
        Files.delete(home.resolve("routes/providers/pinvandaag"));
        folder("ccv-payproxy", Files.readString(Path.of("routes/providers/ccv-payproxy/provider.yaml")));
        assertThat(run("providers")).isZero();
        assertThat(out().lines())
                .contains(
                        "  capture       elsewhere",
                        "  status        ledger",
                        "  elsewhere: of an authorisation that was made without the bridge; it names the terminal",
                        "  ledger: the provider cannot be asked; the bridge tells what it knows")
                .doesNotContain("All providers");
    }

    @Test
    void a_wrong_command_line_ends_with_2() {
        assertThat(run("providers", "pinvandaag")).isEqualTo(2);
    }

    private static String support(JsonNode provider, String command) {
        return command(provider, command).path("support").toString();
    }

    private static JsonNode command(JsonNode provider, String name) {
        for (JsonNode command : provider.path("commands")) {
            if (command.path("command").asText().equals(name)) {
                return command;
            }
        }
        return Json.object().path("none");
    }

    @Test
    void check_takes_a_folder_anywhere_and_says_what_is_wrong_and_what_to_do() throws IOException {
        Path shipped = Path.of("routes/providers/pinvandaag").toAbsolutePath();
        assertThat(run("providers", "check", shipped.toString())).isZero();
        assertThat(out())
                .startsWith("Pin Vandaag (pinvandaag)")
                .contains("exact money")
                .doesNotContain("wrong");
        out.reset();

        Path broken = Files.createDirectories(home.resolve("elsewhere/newpay"));
        Files.writeString(broken.resolve("provider.yaml"), "name: newpay\n");
        assertThat(run("providers", "check", broken.toString(), "--json")).isEqualTo(ExitCode.NOT_SUCCEEDED);
        JsonNode told = Json.read(out());
        assertThat(told.path("ok").asBoolean(true)).isFalse();
        JsonNode finding = told.at("/providers/0/findings/0");
        assertThat(finding.path("file").asText()).isEqualTo("provider.yaml");
        assertThat(finding.path("rule").asText()).isEqualTo("provider-yaml");
        assertThat(finding.path("wrong").asText()).contains("title");
        assertThat(finding.path("todo").asText()).isNotBlank();
        assertThat(err()).isEmpty();
    }

    @Test
    void check_takes_all_providers_of_the_installation_or_one_by_name() throws IOException {
        folder("tester", TESTER);
        assertThat(run("providers", "check")).isEqualTo(ExitCode.NOT_SUCCEEDED);
        assertThat(out()).contains("(pinvandaag)", "(tester)", "To do:").doesNotContain("\u001b");
        out.reset();
        assertThat(run("providers", "check", "tester")).isEqualTo(ExitCode.NOT_SUCCEEDED);
        assertThat(out()).contains("(tester)").doesNotContain("(pinvandaag)");
        assertThat(run("providers", "check", "nowhere")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("There is no provider and no folder nowhere.");
    }

    private void folder(String name, String yaml) throws IOException {
        Path folder = Files.createDirectories(home.resolve("routes/providers").resolve(name));
        Files.writeString(folder.resolve("provider.yaml"), yaml);
    }

    private int run(String... args) {
        Surroundings surroundings = new Surroundings(
                home,
                Map.of(),
                new Properties(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Clock.systemUTC(),
                ZoneOffset.UTC,
                Ansi.OFF,
                false);
        return PinBridge.execute(
                surroundings,
                new BridgeLauncher() {
                    @Override
                    public int run(Settings settings, boolean sandbox) {
                        throw new AssertionError("no bridge is wanted");
                    }

                    @Override
                    public int demo(Path at, boolean json, boolean stay) {
                        throw new AssertionError("no demo is wanted");
                    }
                },
                args);
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }
}
