package nl.pinbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private final Map<String, String> env = new HashMap<>();
    private final Properties system = new Properties();

    @BeforeEach
    void a_home_with_two_providers() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.createDirectories(home.resolve("routes/providers/pinvandaag"));
        Files.createDirectories(home.resolve("routes/providers/pay-nl"));
        Files.writeString(
                home.resolve("routes/providers/pay-nl/provider.yaml"),
                "auth:\n  basic: {user: '{setting.token-code}', password: '{setting.apiToken}'}\n");
        file("");
    }

    @Test
    void without_a_word_from_the_operator_the_documented_defaults_hold() {
        Settings settings = load();

        assertThat(settings.path("pinbridge.data")).isEqualTo(home.resolve("data"));
        assertThat(settings.path("pinbridge.terminals")).isEqualTo(home.resolve("config/terminals.yaml"));
        assertThat(settings.number("pinbridge.broker.port")).isEqualTo(61616);
        assertThat(settings.number("pinbridge.http.port")).isEqualTo(8080);
        assertThat(settings.text("pinbridge.http.host")).isEqualTo("127.0.0.1");
        assertThat(settings.number("pinbridge.management.port")).isEqualTo(9876);
        assertThat(settings.duration("pinbridge.command.default-ttl")).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.duration("pinbridge.lane.wait")).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.duration("pinbridge.sweep.interval")).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.list("pinbridge.reply.allow")).containsExactly("payments.replies.*");
        assertThat(settings.list("pinbridge.reply.queues")).isEmpty();
        assertThat(settings.uri("pinbridge.public-url")).isEmpty();
        assertThat(settings.secret("pinbridge.ledger.password").reveal()).isEmpty();
        assertThat(settings.embeddedBroker()).isTrue();
        assertThat(settings.ledgerUrl()).startsWith("jdbc:h2:file:").contains("/data/ledger;WRITE_DELAY=0");
        assertThat(settings.providers()).containsExactly("pay-nl", "pinvandaag");
        ProviderOptions options = settings.forProvider("pinvandaag");
        assertThat(options.url()).isNull();
        assertThat(options.consumers()).isNull();
        assertThat(options.acceptZeroAmount()).isTrue();
    }

    @Test
    void the_environment_wins_over_the_file_and_the_command_line_over_both() throws IOException {
        file("pinbridge.http.port=1\npinbridge.management.port=2\npinbridge.broker.port=3\n");
        env.put("PINBRIDGE_MANAGEMENT_PORT", "22");
        env.put("PINBRIDGE_BROKER_PORT", "33");
        system.setProperty("pinbridge.broker.port", "333");

        Settings settings = load();

        assertThat(settings.number("pinbridge.http.port")).isEqualTo(1);
        assertThat(settings.number("pinbridge.management.port")).isEqualTo(22);
        assertThat(settings.number("pinbridge.broker.port")).isEqualTo(333);
    }

    @Test
    void a_provider_is_set_up_in_all_three_ways() throws IOException {
        file("pinbridge.provider.pinvandaag.first-look=PT1S\npinbridge.provider.pinvandaag.encoding=urlencoded\n");
        env.put("PINBRIDGE_PROVIDER_PINVANDAAG_URL", "http://127.0.0.1:9999/V1");
        env.put("PINBRIDGE_PROVIDER_PAY_NL_SECRET_TOKEN_CODE", "AT-1");
        system.setProperty("pinbridge.provider.pay-nl.secret.apiToken", "hush");
        system.setProperty("pinbridge.provider.pay-nl.consumers", "12");

        Settings settings = load();

        assertThat(settings.forProvider("pinvandaag").url()).isEqualTo(URI.create("http://127.0.0.1:9999/V1"));
        assertThat(settings.forProvider("pinvandaag").firstLook()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.forProvider("pinvandaag").encoding()).isEqualTo("urlencoded");
        assertThat(settings.forProvider("pay-nl").consumers()).isEqualTo(12);
        assertThat(settings.forProvider("pay-nl").secrets()).containsOnlyKeys("token-code", "apiToken");
        assertThat(settings.toString()).doesNotContain("hush").doesNotContain("AT-1");
    }

    @Test
    void every_fault_is_told_at_once() throws IOException {
        file("pinbridge.htp.port=1\npinbridge.lane.wait=10s\n");
        env.put("PINBRIDGE_BROKER_PROT", "1");
        system.setProperty("pinbridge.broker.port", "70000");

        assertThat(complaints())
                .extracting(Complaint::source, Complaint::key)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("config/application.properties", "pinbridge.htp.port"),
                        org.assertj.core.groups.Tuple.tuple("config/application.properties", "pinbridge.lane.wait"),
                        org.assertj.core.groups.Tuple.tuple("environment", "PINBRIDGE_BROKER_PROT"),
                        org.assertj.core.groups.Tuple.tuple("-D", "pinbridge.broker.port"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pinbridge.htp.port | 1 | Did you mean pinbridge.http.port?",
                "pinbridge.nonsense | 1 | is no setting.",
                "pinbridge.provider.pinvandag.url | http://x | Did you mean pinvandaag?",
                "pinbridge.provider.elsewhere.url | http://x | there is no folder providers/elsewhere",
                "pinbridge.provider.pinvandaag.conect-timeout | PT1S | Did you mean pinbridge.provider.pinvandaag.connect-timeout?",
                "pinbridge.provider.pay-nl.secret.other | x | does not use",
                "pinbridge.http.port | | is empty: leave it out to get 8080.",
                "pinbridge.http.port | 80a | a port is a whole number from 0 to 65535",
                "pinbridge.http.port | -1 | a port is a whole number",
                "pinbridge.http.port | 65536 | a port is a whole number",
                "pinbridge.intake.consumers | 0 | from 1 to 1000",
                "pinbridge.intake.consumers | 4.0 | from 1 to 1000",
                "pinbridge.lane.wait | five | write PT5S",
                "pinbridge.lane.wait | PT-1S | must be 0 or more",
                "pinbridge.sweep.interval | PT0S | must be above 0",
                "pinbridge.sweep.interval | PT0.0001S | shorter than a millisecond",
                "pinbridge.provider.pinvandaag.connect-timeout | 5000 | write PT5S",
                "pinbridge.provider.pinvandaag.accept-zero-amount | yes | must be true or false",
                "pinbridge.provider.pinvandaag.encoding | json | must be multipart or urlencoded",
                "pinbridge.public-url | ftp://x | must be http:// or https://",
                "pinbridge.public-url | https://x/y?z=1 | must be http:// or https://",
                "pinbridge.public-url | https:// x | is no URL",
                "pinbridge.public-url | https://x:99999 | port is not from 1 to 65535",
                "pinbridge.public-url | https://u:hush@x | must not hold a user name",
                "pinbridge.reply.allow | a,,b | empty place",
                "pinbridge.reply.queues | a,a | names a twice",
                "pinbridge.broker.url | localhost:61616 | tcp://host:61616",
                "pinbridge.broker.url | tcp://u:hush@host:61616 | must not hold user or password",
                "pinbridge.broker.url | tcp://host:61616?user=u&password=hush | must not hold user or password",
                "pinbridge.broker.username | u | pinbridge.broker.url is empty",
                "pinbridge.ledger.url | jdbc:mysql://x/y | neither jdbc:postgresql: nor jdbc:h2:file:",
                "pinbridge.ledger.url | jdbc:h2:file:/x/y | must have ;WRITE_DELAY=0",
                "pinbridge.routes | nowhere | needs the folder",
                "pinbridge.data | a;b | must not hold a semicolon",
                "pinbridge.http.port | 9876 | which is also pinbridge.http.port",
                "pinbridge.ledger.password | {{env:NOT_THERE}} | needs the environment variable NOT_THERE, which is not set",
                "pinbridge.ledger.password | {{file:nowhere}} | needs the file nowhere, which does not exist",
                "pinbridge.ledger.password | {{bean:x}} | neither {{env:NAME}} nor {{file:/path}}",
                "pinbridge.log | CHATTY | must be ERROR, WARN, INFO, DEBUG or TRACE",
            })
    void a_value_that_cannot_be_is_refused_with_a_sentence(String key, String value, String sentence) {
        system.setProperty(key, value == null ? "" : value);

        assertThat(complaints()).singleElement().satisfies(complaint -> {
            assertThat(complaint.sentence()).contains(sentence);
            assertThat(complaint.toString()).doesNotContain("hush");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server.port=1 | begins with none of pinbridge.",
                "pinbridge.config=x | set PINBRIDGE_CONFIG in the environment instead",
                "pinbridge.log=DEBUG | set PINBRIDGE_LOG in the environment instead",
            })
    void a_line_that_nothing_would_read_is_refused(String line, String sentence) throws IOException {
        file(line);
        assertThat(complaints())
                .singleElement()
                .extracting(Complaint::sentence)
                .asString()
                .contains(sentence);
    }

    @Test
    void a_key_that_stands_twice_is_refused() throws IOException {
        file("pinbridge.http.port=1\npinbridge.http.port=2\n");
        assertThat(complaints())
                .singleElement()
                .hasToString("config/application.properties: pinbridge.http.port: stands in this file twice.");
    }

    @Test
    void a_file_that_is_not_there_is_refused() {
        env.put("PINBRIDGE_CONFIG", "elsewhere.properties");
        assertThat(complaints())
                .singleElement()
                .extracting(Complaint::toString)
                .asString()
                .startsWith("elsewhere.properties: does not exist.");
    }

    @Test
    void what_kubernetes_puts_into_the_environment_is_named() {
        env.put("PINBRIDGE_SERVICE_HOST", "10.0.0.1");
        assertThat(complaints())
                .singleElement()
                .extracting(Complaint::sentence)
                .asString()
                .contains("enableServiceLinks");
    }

    @Test
    void two_intervals_the_wrong_way_round_are_refused() throws IOException {
        file(
                "pinbridge.provider.pinvandaag.look-interval=PT20S\npinbridge.provider.pinvandaag.look-interval-max=PT10S\n");
        assertThat(complaints())
                .singleElement()
                .extracting(Complaint::sentence)
                .asString()
                .contains("is longer than");
    }

    @Test
    void two_folders_that_share_a_variable_are_refused() throws IOException {
        Files.createDirectories(home.resolve("routes/providers/pay"));
        Files.writeString(home.resolve("routes/providers/pay/provider.yaml"), "'{setting.a-b}{setting.a-B}'");
        assertThat(complaints())
                .singleElement()
                .extracting(Complaint::sentence)
                .asString()
                .contains("same environment variable");
    }

    @Test
    void secrets_come_from_files_and_the_environment() throws IOException {
        Files.writeString(home.resolve("secret"), "two words \n");
        env.put("DB_USER", "bob");
        file("pinbridge.ledger.password={{file:secret}}\npinbridge.ledger.username={{env:DB_USER}}\n");

        Settings settings = load();

        assertThat(settings.secret("pinbridge.ledger.password").reveal()).isEqualTo("two words ");
        assertThat(settings.text("pinbridge.ledger.username")).isEqualTo("bob");
    }

    @Test
    void what_a_secret_file_holds_is_not_searched_for_placeholders() throws IOException {
        Files.writeString(home.resolve("secret"), "{{env:HOME}}");
        file("pinbridge.ledger.password={{file:secret}}");
        assertThat(load().secret("pinbridge.ledger.password").reveal()).isEqualTo("{{env:HOME}}");
    }

    @Test
    void keys_for_camel_and_for_own_routes_pass_through() throws IOException {
        env.put("NAME", "n");
        file("camel.main.name={{env:NAME}}\ncamel.component.x.y={{pinbridge.http.port}}\nroutes.shop=Utrecht\n");

        Settings settings = load();

        assertThat(settings.camel())
                .containsEntry("camel.main.name", "n")
                .containsEntry("camel.component.x.y", "{{pinbridge.http.port}}")
                .containsEntry("routes.shop", "Utrecht");
        assertThat(settings.placeholderValues())
                .containsEntry("routes.shop", "Utrecht")
                .containsEntry("pinbridge.http.port", "8080")
                .containsEntry("pinbridge.routes", home.resolve("routes").toString())
                .doesNotContainKeys("pinbridge.ledger.password", "pinbridge.ledger.url", "camel.main.name");
    }

    @Test
    void changed_settings_are_checked_again() {
        Settings settings = load().with(Map.of("pinbridge.http.port", "0"));
        assertThat(settings.number("pinbridge.http.port")).isZero();
        assertThatThrownBy(() -> settings.with(Map.of("pinbridge.http.port", "no")))
                .isInstanceOf(BadConfigurationException.class);
        assertThat(Settings.of(home, Map.of("pinbridge.management.port", "0")).number("pinbridge.management.port"))
                .isZero();
    }

    @Test
    void a_memory_ledger_is_for_tests_and_not_for_a_bridge() {
        Settings settings = load().with(Map.of("pinbridge.ledger.url", "jdbc:h2:mem:x"));
        assertThat(settings.ledgerComplaints(true)).isEmpty();
        assertThat(settings.ledgerComplaints(false))
                .singleElement()
                .extracting(Complaint::sentence)
                .asString()
                .contains("in memory");
    }

    @Test
    void the_data_folder_is_found_while_the_rest_is_being_edited() throws IOException {
        file("pinbridge.data=elsewhere\npinbridge.http.port=rubbish\n");
        assertThat(Settings.dataFolder(home, env, system)).isEqualTo(home.resolve("elsewhere"));
        env.put("PINBRIDGE_DATA", "/over/there");
        assertThat(Settings.dataFolder(home, env, system)).isEqualTo(Path.of("/over/there"));
    }

    @Test
    void asking_for_what_is_no_setting_is_a_mistake_in_the_program() {
        Settings settings = load();
        assertThatThrownBy(() -> settings.number("pinbridge.nothing")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings.number("pinbridge.data")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings.forProvider("elsewhere")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_report_lists_everything_under_one_sentence() {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        StartCheck check = new StartCheck();
        env.put("PINBRIDGE_HTTP_PORT", "x");
        assertThat(check.read(this::load)).isEmpty();
        assertThat(check.<String>read("f", "k", () -> {
                    throw new IllegalArgumentException("is wrong.");
                }))
                .isEmpty();
        assertThat(check.read(() -> "fine")).contains("fine");
        StartCheck.report(
                check.complaints(), new java.io.PrintStream(bytes, true, java.nio.charset.StandardCharsets.UTF_8));

        assertThat(bytes.toString(java.nio.charset.StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "PinBridge was not started: 2 things in its configuration are wrong.",
                        "  environment: PINBRIDGE_HTTP_PORT: is 'x', but a port is a whole number from 0 to 65535.",
                        "  f: k: is wrong.");
        assertThatThrownBy(check::finish).isInstanceOf(BadConfigurationException.class);
    }

    private Settings load() {
        return Settings.load(home, env, system);
    }

    private List<Complaint> complaints() {
        BadConfigurationException refused = catchThrowableOfType(BadConfigurationException.class, this::load);
        assertThat(refused).as("must be refused").isNotNull();
        return refused.complaints();
    }

    private void file(String content) throws IOException {
        Files.writeString(home.resolve("config/application.properties"), content);
    }
}
