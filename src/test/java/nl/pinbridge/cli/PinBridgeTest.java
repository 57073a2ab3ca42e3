package nl.pinbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import nl.pinbridge.config.Settings;
import nl.pinbridge.contract.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class PinBridgeTest {
    private static final String STARTED =
            """
            {"resultId":"r1","commandId":"so-1","command":"create","status":"STARTED","final":false,"version":1,
             "providerTransactionId":null,"payment":{"id":"P1","status":"OPEN","version":1,"provider":"pinvandaag","terminal":"till-1",
             "providerTransactionId":null,"reference":"SO-4711","test":false,"paymentUrl":null,
             "amounts":{"currency":"EUR","requested":1050,"tip":0,"authorised":0,"paid":0,"captured":0,"refunded":0}},
             "error":null,"occurredAt":"2026-11-21T10:14:02.113Z","route":null}
            """;
    private static final String PAID = STARTED.replace("STARTED", "SUCCEEDED")
            .replace("\"final\":false", "\"final\":true")
            .replace("\"OPEN\"", "\"PAID\"")
            .replace("\"paid\":0", "\"paid\":1050")
            .replace(
                    "\"providerTransactionId\":null,\"reference\"",
                    "\"providerTransactionId\":\"2405102\",\"reference\"")
            .replace("10:14:02", "10:14:20");
    private static final String REFUSED =
            """
            {"resultId":"r1","commandId":"so-1","command":"create","status":"REFUSED","final":true,"version":1,"payment":null,
             "error":{"code":"UNKNOWN_TERMINAL","message":"There is no terminal till-9.","field":"terminal","resend":"safe"},
             "occurredAt":"2026-11-21T10:14:02Z"}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private final Map<String, String> env = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> launched = new ArrayList<>();

    @BeforeEach
    void an_installation() throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.createDirectories(home.resolve("routes/providers/pinvandaag"));
        Files.writeString(home.resolve("config/application.properties"), "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "demo",
                "send",
                "payments",
                "payments show",
                "payments resend",
                "work",
                "work list",
                "work show",
                "work settle",
                "work decisions",
                "lane",
                "lane list",
                "lane free",
                "pause",
                "resume",
                "dead",
                "dead list",
                "dead show",
                "dead requeue",
                "dead discard",
                "reconcile",
                "exceptions",
                "exceptions list",
                "exceptions explain",
                "exceptions close",
                "providers",
                "version"
            })
    void every_command_has_help_with_examples_and_exit_codes(String command) {
        List<String> words = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command.split(" ")));
        words.add("--help");

        assertThat(run(words.toArray(String[]::new))).isZero();

        assertThat(out())
                .contains("Usage: pinbridge" + (command.isEmpty() ? "" : " " + command))
                .contains("Example");
        if (!command.equals("version")) {
            assertThat(out()).contains("Exit codes:");
        }
        assertThat(err()).isEmpty();
        words.set(words.size() - 1, "--version");
        out.reset();
        assertThat(run(words.toArray(String[]::new))).isZero();
        assertThat(out()).startsWith("pinbridge ");
    }

    @Test
    void version_tells_the_program_and_java() {
        assertThat(run("version")).isZero();
        assertThat(out()).startsWith("pinbridge ").contains("java " + Runtime.version());
    }

    @Test
    void nothing_asked_is_a_usage_error() {
        assertThat(run()).isEqualTo(2);
        assertThat(err()).contains("Say what to do.").contains("Usage: pinbridge");
    }

    @Test
    void run_and_demo_go_to_the_bridge() {
        assertThat(run("run", "--sandbox")).isEqualTo(11);
        assertThat(run("demo", "--json", "--stay")).isEqualTo(12);
        assertThat(launched).containsExactly("run 8080 true", "demo " + home + " true true");
    }

    @Test
    void a_wrong_configuration_ends_with_78_and_every_complaint() throws IOException {
        Files.writeString(
                home.resolve("config/application.properties"), "pinbridge.htp.port=1\npinbridge.lane.wait=soon\n");

        assertThat(run("run")).isEqualTo(78);

        assertThat(err())
                .contains("2 things")
                .contains("Did you mean pinbridge.http.port?")
                .contains("pinbridge.lane.wait");
        assertThat(out()).isEmpty();
        assertThat(launched).isEmpty();
    }

    @Test
    void send_shows_results_as_they_come_and_ends_with_the_final_one() throws Exception {
        try (TestBroker broker = answering(STARTED, PAID)) {
            int code = run(
                    "send",
                    "create",
                    "--terminal",
                    "till-1",
                    "--amount",
                    "10,50",
                    "--reference",
                    "SO-4711",
                    "--command-id",
                    "so-1",
                    "--expires-in",
                    "2m",
                    "--return-url",
                    "https://shop/x",
                    "--wait");

            assertThat(code).isZero();
            assertThat(out().lines())
                    .containsExactly(
                            "11:14:02  STARTED          EUR 10,50 asked  the provider has it, the customer is busy",
                            "11:14:20  SUCCEEDED        EUR 10,50 paid  done",
                            "          payment P1 is PAID, pinvandaag at till-1, transaction 2405102");
            assertThat(err().strip()).isEqualTo("Sent as so-1");
            TextMessage sent = (TextMessage) broker.received().take();
            assertThat(sent.getJMSCorrelationID()).isEqualTo("so-1");
            assertThat(sent.getJMSDeliveryMode()).isEqualTo(jakarta.jms.DeliveryMode.PERSISTENT);
            assertThat(Json.read(sent.getText()))
                    .isEqualTo(
                            Json.read(
                                    """
                                    {"commandId":"so-1","command":"create","terminal":"till-1","amount":{"value":1050,"currency":"EUR"},
                                     "reference":"SO-4711","expiresAt":"2026-11-21T10:02:00Z","returnUrl":"https://shop/x"}
                                    """));
        }
    }

    @Test
    void send_in_json_prints_one_ascii_line_for_each_result_and_nothing_else() throws Exception {
        try (TestBroker broker = answering(STARTED.replace("SO-4711", "Café"), PAID)) {
            assertThat(run("send", "create", "--terminal", "till-1", "--amount", "10.50", "--json"))
                    .isZero();

            List<String> lines = out().lines().toList();
            assertThat(lines).hasSize(2).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 127));
            assertThat(lines)
                    .extracting(line -> Json.read(line).path("status").asText())
                    .containsExactly("STARTED", "SUCCEEDED");
            assertThat(Json.read(lines.get(0)).at("/payment/reference").asText())
                    .isEqualTo("Café");
            assertThat(sent(broker).path("commandId").asText())
                    .startsWith("cli-")
                    .hasSize(30);
        }
    }

    @Test
    void a_final_result_without_success_ends_with_1_and_says_why() throws Exception {
        try (TestBroker broker = answering(REFUSED)) {
            assertThat(run("send", "create", "--terminal", "till-9", "--amount", "10.50"))
                    .isEqualTo(1);
            assertThat(out().strip())
                    .isEqualTo("11:14:02  REFUSED          UNKNOWN_TERMINAL in terminal: There is no terminal till-9.");
        }
    }

    @Test
    void no_final_result_in_time_ends_with_75_and_the_way_to_ask() throws Exception {
        try (TestBroker broker = answering(STARTED)) {
            assertThat(run(
                            "send",
                            "create",
                            "--terminal",
                            "till-1",
                            "--amount",
                            "10.50",
                            "--command-id",
                            "so-1",
                            "--timeout",
                            "0.3s"))
                    .isEqualTo(75);
            assertThat(err()).contains("pinbridge send status --payment so-1");
        }
    }

    @Test
    void a_refund_without_answer_is_asked_about_by_its_payment() throws Exception {
        try (TestBroker broker = answering()) {
            assertThat(run("send", "refund", "--payment", "so-1", "--timeout", "0.3s"))
                    .isEqualTo(75);
            assertThat(err()).contains("pinbridge send status --payment so-1");
            assertThat(sent(broker).has("amount")).isFalse();
        }
    }

    @Test
    void a_connection_lost_while_waiting_ends_with_69_and_does_not_say_that_nothing_happened() throws Exception {
        TestBroker[] self = new TestBroker[1];
        try (TestBroker broker = new TestBroker("payments.commands", (message, replies) -> {
            Thread stop = new Thread(() -> {
                try {
                    self[0].stop();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            stop.start();
        })) {
            self[0] = broker;
            broker.writeFile(home.resolve("data/client.properties"), TestBroker.PASSWORD);
            assertThat(run("send", "create", "--terminal", "till-1", "--amount", "1.00", "--command-id", "so-1"))
                    .isEqualTo(69);
            assertThat(err()).contains("it may have the command").contains("send status --payment so-1");
        }
    }

    @Test
    void without_waiting_the_command_is_only_put_on_the_queue() throws Exception {
        try (TestBroker broker = new TestBroker("payments.commands", (message, replies) -> {})) {
            broker.writeFile(home.resolve("data/client.properties"), TestBroker.PASSWORD);
            assertThat(run("send", "ping", "--no-wait", "--command-id", "p-1")).isZero();
            Message sent = broker.received().take();
            assertThat(sent.getJMSReplyTo()).isNull();
            assertThat(err().strip()).isEqualTo("Sent as p-1");
            assertThat(out()).isEmpty();
        }
    }

    @Test
    void the_other_fields_of_the_contract_can_be_sent() throws Exception {
        Path html = Files.writeString(home.resolve("mail.html"), "<p>Dank u</p>");
        try (TestBroker broker = answering(REFUSED)) {
            run(
                    "send",
                    "mail-receipt",
                    "--payment",
                    "so-1",
                    "--to",
                    "a@b.nl",
                    "--name",
                    "A",
                    "--subject",
                    "S",
                    "--html",
                    html.toString());
            assertThat(sent(broker).path("receipt"))
                    .isEqualTo(Json.read(
                            "{\"to\":\"a@b.nl\",\"name\":\"A\",\"subject\":\"S\",\"html\":\"<p>Dank u</p>\"}"));
            run(
                    "send",
                    "reconcile",
                    "--from",
                    "2026-11-19",
                    "--until",
                    "2026-11-20",
                    "--terminals",
                    "a,b",
                    "--provider",
                    "{\"x\":\"1\"}");
            JsonNode reconcile = sent(broker);
            assertThat(reconcile.path("to").asText()).isEqualTo("2026-11-20");
            assertThat(reconcile.path("terminals")).hasSize(2);
            assertThat(reconcile.at("/provider/x").asText()).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "send | Missing required parameter",
                "send creat | 'creat' is no command",
                "send create --terminal till-1 | needs --amount",
                "send create --terminal till-1 --amount 10.5 | all 2 decimals",
                "send create --terminal till-1 --amount 1050 | all 2 decimals",
                "send create --terminal till-1 --amount 10.50 --currency EURO | ISO 4217",
                "send create --terminal till-1 --amount 10.50 --expires-in soon | write 90s",
                "send create --terminal till-1 --amount 10.50 --timeout -5s | write 90s",
                "send create --terminal till-1 --ammount 10.50 | --ammount",
                "send create --terminal till-1 --amount 10.50 --provider [] | must be a JSON object",
                "send create --terminal till-1 --amount 10.50 --provider { | is no JSON",
                "send mail-receipt --payment x --to a@b --html /not/there | cannot be read",
                "payments --limit 0 | 1 to 1000",
                "payments show | Missing required parameter",
                "payments resend | Name a payment, or a period",
                "payments resend so-1 --since 2026-11-21 | Name a payment, or a period",
                "payments resend --since yesterday | 'yesterday' is no time",
                "work | Say what to do: list, show, settle or decisions",
                "work settle W --as maybe --by Ans --why x | --as must be paid or not-paid",
                "work settle W --as paid | Missing required options: '--by=NAME', '--why=TEXT'",
                "lane | Say what to do: list or free",
                "lane free till-1 --by Ans | Missing required option: '--why=TEXT'",
                "pause pinvandaag --why x | Missing required option: '--by=NAME'",
                "dead | Say what to do: list, show, requeue or discard",
                "dead discard 1 --by Ans | Missing required option: '--why=TEXT'",
                "exceptions | Say what to do: list, explain or close",
                "exceptions list --day yesterday | Invalid value for option '--day'",
                "exceptions list --day 2026-11-20 --to 2026-11-21 | --day goes without --from and --to",
                "exceptions list --from 2026-11-20 --to 2026-11-19 | --to must not lie before --from",
                "exceptions close X --by Ans | Missing required option: '--why=TEXT'",
                "reconcile --from 2026-11-20 | Missing required option: '--to=DATE'",
                "reconcile --from 20-11-2026 --to 2026-11-20 | Invalid value for option '--from'",
                "reconcile --from 2026-11-20 --to 2026-11-19 | --to must not lie before --from",
                "nonsense | nonsense",
            })
    void a_wrong_command_line_ends_with_2_before_anything_is_sent(String line, String sentence) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err()).contains(sentence);
        assertThat(out()).isEmpty();
    }

    @Test
    void without_a_bridge_it_ends_with_69() throws IOException {
        assertThat(run("send", "ping")).isEqualTo(69);
        assertThat(err()).contains("no bridge has run").contains("./pinbridge run");
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        clientFile("url=tcp://127.0.0.1:" + nobody + "\nusername=u\npassword=p\n");
        assertThat(run("send", "ping")).isEqualTo(69);
        assertThat(err()).contains("cannot be reached at tcp://127.0.0.1:" + nobody);
    }

    @Test
    void an_unusable_client_file_ends_with_78() throws IOException {
        clientFile("url=tcp://127.0.0.1:1\nusername=u\n");
        assertThat(run("send", "ping")).isEqualTo(78);
        assertThat(err()).contains("password is missing");
        clientFile("url=nonsense\nusername=u\npassword=p\n");
        assertThat(run("send", "ping")).isEqualTo(78);
        assertThat(err()).contains("is no address of the broker");
    }

    @Test
    void a_password_that_the_broker_does_not_know_ends_with_78() throws Exception {
        try (TestBroker broker = answering(PAID)) {
            broker.writeFile(home.resolve("data/client.properties"), "wrong-one");
            assertThat(run("send", "ping")).isEqualTo(78);
            assertThat(err()).contains("does not accept the user").doesNotContain("wrong-one");
        }
    }

    @Test
    void payments_are_a_table() throws Exception {
        try (TestBroker broker = operator(
                """
                {"payments":[
                 {"id":"P1","status":"PAID","provider":"pinvandaag","terminal":"till-1","reference":"SO-4711","createdAt":"2026-11-21T10:14:02Z",
                  "commandId":"so-1","amounts":{"currency":"EUR","requested":1050,"tip":0,"authorised":0,"paid":1050,"captured":0,"refunded":500}},
                 {"id":"P2","status":"IN_DOUBT","provider":"pinvandaag","terminal":"till-22","reference":null,"createdAt":"2026-11-21T10:15:02Z",
                  "commandId":"so-2","amounts":{"currency":"EUR","requested":100,"tip":0,"authorised":0,"paid":0,"captured":0,"refunded":0}}]}
                """)) {
            assertThat(run("payments", "--limit", "2")).isZero();

            assertThat(out().lines())
                    .containsExactly(
                            "CREATED              STATUS    PROVIDER    TERMINAL  AMOUNT                             REFERENCE  COMMAND  PAYMENT",
                            "2026-11-21 11:14:02  PAID      pinvandaag  till-1    EUR 10,50 paid, EUR 5,00 refunded  SO-4711    so-1     P1",
                            "2026-11-21 11:15:02  IN_DOUBT  pinvandaag  till-22   EUR 1,00 asked                                so-2     P2");
            assertThat(sent(broker)).isEqualTo(Json.read("{\"ask\":\"payments\",\"limit\":2}"));
        }
    }

    @Test
    void one_payment_is_a_story_in_order_of_time() throws Exception {
        try (TestBroker broker = operator(
                """
                {"payment":{"id":"P1","status":"PAID","provider":"pinvandaag","terminal":"till-1","reference":"SO-\\u001b[31m4711",
                  "providerTransactionId":"2405102","test":false,"card":{"brand":"Maestro","maskedPan":"673703xxxxxxxxx5008"},
                  "amounts":{"currency":"EUR","requested":1050,"tip":50,"authorised":0,"paid":1100,"captured":0,"refunded":0}},
                 "history":[{"at":"2026-11-21T22:59:59Z","kind":"STATE","text":"The provider accepted it.","detail":{"cause":"answer","more":{}}},
                            {"at":"2026-11-21T23:00:20Z","kind":"STATE","text":"Paid.","detail":null}],
                 "commands":[{"commandId":"so-1","command":"create","sender":"client","status":"SUCCEEDED","version":3,"receivedAt":"2026-11-21T22:59:57Z"}],
                 "attempts":[{"id":"a","operation":"create","markedAt":"2026-11-21T22:59:58Z","outcome":"ANSWERED","evidence":{}}],
                 "results":[{"resultId":"r","commandId":"so-1","version":3,"status":"SUCCEEDED","createdAt":"2026-11-21T23:00:21Z"}],
                 "work":[{"id":"w","reason":"LATE","text":"Look at it.","openedAt":"2026-11-21T23:00:22Z","closedAt":null,"closedBy":null}]}
                """)) {
            assertThat(run("payments", "show", "so-1")).isZero();

            assertThat(out().lines())
                    .containsExactly(
                            "Payment    P1",
                            "Status     PAID",
                            "Amount     EUR 11,00 paid, with EUR 0,50 tip",
                            "Terminal   till-1 (pinvandaag)",
                            "Reference  SO-?[31m4711",
                            "Provider's 2405102",
                            "Card       Maestro 673703xxxxxxxxx5008",
                            "Attention  LATE: Look at it.",
                            "           ./pinbridge work show w",
                            "",
                            "What happened (times in Europe/Amsterdam):",
                            "  Saturday 2026-11-21",
                            "  23:59:59  The provider accepted it.",
                            "  Sunday 2026-11-22",
                            "  00:00:20  Paid.");
            assertThat(sent(broker)).isEqualTo(Json.read("{\"ask\":\"payment\",\"id\":\"so-1\"}"));
        }
    }

    @Test
    void an_unknown_payment_ends_with_1_and_the_bridges_sentence() throws Exception {
        try (TestBroker broker = operator("{\"error\":\"No payment is known by 'x'.\"}")) {
            assertThat(run("payments", "show", "x", "--json")).isEqualTo(1);
            assertThat(err().strip()).isEqualTo("No payment is known by 'x'.");
            assertThat(out()).isEmpty();
        }
    }

    @Test
    void payments_in_json_are_the_answer_on_one_line() throws Exception {
        try (TestBroker broker = operator("{\"payments\": []}")) {
            assertThat(run("payments", "--json")).isZero();
            assertThat(out().strip()).isEqualTo("{\"payments\":[]}");
            assertThat(run("payments")).isZero();
            assertThat(out()).contains("There are no payments yet.");
        }
    }

    @Test
    void a_bridge_that_does_not_answer_ends_with_75() throws Exception {
        try (TestBroker broker = new TestBroker("pinbridge.admin", (message, replies) -> {})) {
            broker.writeFile(home.resolve("data/operator.properties"), TestBroker.PASSWORD);
            assertThat(run("payments", "--timeout", "0.3s")).isEqualTo(75);
            assertThat(err()).contains("does not answer");
        }
    }

    @Test
    void colours_are_for_terminals_only() {
        HumanText coloured = new HumanText(ZoneOffset.UTC, Ansi.ON);
        assertThat(coloured.status("PAID", 6)).contains("\u001b[32mPAID\u001b[").endsWith("  ");
        assertThat(new HumanText(ZoneOffset.UTC, Ansi.OFF).status("PAID", 6)).isEqualTo("PAID  ");
    }

    private TestBroker answering(String... results) throws Exception {
        TestBroker broker = new TestBroker("payments.commands", (message, replies) -> {
            for (String result : results) {
                replies.send(result);
            }
        });
        broker.writeFile(home.resolve("data/client.properties"), TestBroker.PASSWORD);
        return broker;
    }

    private TestBroker operator(String answer) throws Exception {
        TestBroker broker = new TestBroker("pinbridge.admin", (message, replies) -> replies.send(answer));
        broker.writeFile(home.resolve("data/operator.properties"), TestBroker.PASSWORD);
        return broker;
    }

    private static JsonNode sent(TestBroker broker) throws Exception {
        return Json.read(((TextMessage) broker.received().take()).getText());
    }

    private void clientFile(String content) throws IOException {
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data/client.properties"), content);
    }

    private int run(String... args) {
        Surroundings surroundings = new Surroundings(
                home,
                env,
                new Properties(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC),
                ZoneId.of("Europe/Amsterdam"),
                Ansi.OFF,
                false);
        return PinBridge.execute(
                surroundings,
                new BridgeLauncher() {
                    @Override
                    public int run(Settings settings, boolean sandbox) {
                        launched.add("run " + settings.number("pinbridge.http.port") + " " + sandbox);
                        return 11;
                    }

                    @Override
                    public int demo(Path at, boolean json, boolean stay) {
                        launched.add("demo " + at + " " + json + " " + stay);
                        return 12;
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
