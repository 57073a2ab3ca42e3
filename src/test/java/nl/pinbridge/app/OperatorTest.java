package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.JMSContext;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
import nl.pinbridge.broker.Delivered;
import nl.pinbridge.broker.Login;
import nl.pinbridge.cli.Cli;
import nl.pinbridge.cli.Cli.Ran;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The operator's command line against a running bridge, over its broker. */
@ExtendWith(SharedBridge.class)
class OperatorTest {
    private static final Duration UNTIL_WITH_A_PERSON = Duration.ofSeconds(40);

    private static Ran cli(RunningBridge bridge, String... args) {
        return Cli.run(bridge.home(), args);
    }

    private static String[] signed(String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        Collections.addAll(words, "--by", "Ans", "--why", "slip in the drawer");
        return words.toArray(String[]::new);
    }

    private static Credentials credentials(RunningBridge bridge) {
        return Credentials.load(
                new BrokerSettings(bridge.data(), 0, List.of("kassa"), List.of(), Delivered.providers()));
    }

    /** A payment whose answer was lost, until it is with a person: its work item. */
    private static String lost(RunningBridge bridge, TestClient client, String key, Till till) {
        bridge.sandbox().faults().add(Fault.onCreate().terminal(till.id()).breakConnection());
        // Nor does anything show it afterwards.
        for (String read : List.of("getLatestTransaction", "date")) {
            bridge.sandbox().faults().add(Fault.on(read).terminal(till.id()).http(500));
        }
        client.send(TestClient.create(key, till.alias(), 1050));
        JsonNode last = client.await(key, UNTIL_WITH_A_PERSON, BridgeTest::isFinal);
        assertThat(text(last, "status")).isEqualTo("NEEDS_ATTENTION");
        Ran list = cli(bridge, "work", "list", "--json");
        assertThat(list.code()).isZero();
        return StreamSupport.stream(list.json().path("items").spliterator(), false)
                .filter(item -> text(item, "commandId").equals(key))
                .map(item -> text(item, "id"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_work_item_is_listed_shown_and_settled_and_the_sender_hears_it(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            String item = lost(bridge, client, "op-lost", till);

            Ran list = cli(bridge, "work", "list");
            assertThat(list.out()).contains("OUTCOME_UNKNOWN", "op-lost", "EUR 10,50", till.alias(), item);

            Ran shown = cli(bridge, "work", "show", "op-lost");
            assertThat(shown.code()).isZero();
            assertThat(shown.out())
                    .contains("Work item  " + item)
                    .contains("EUR 10,50")
                    .contains("create: UNKNOWN")
                    .contains("What you can do:")
                    .contains("Look in the portal of pinvandaag")
                    .contains("./pinbridge work settle " + item + " --as paid --by NAME --why TEXT")
                    .contains("./pinbridge work settle " + item + " --as not-paid --by NAME --why TEXT")
                    .contains("do not charge the customer again")
                    .doesNotContain(RunningBridge.KEY);
            JsonNode json = cli(bridge, "work", "show", item, "--json").json();
            assertThat(text(json.path("item"), "reason")).isEqualTo("OUTCOME_UNKNOWN");
            assertThat(json.path("exchanges")).hasSize(1);
            assertThat(json.path("exchanges").get(0).path("evidence").isObject())
                    .isTrue();
            assertThat(json.path("actions")).hasSizeGreaterThanOrEqualTo(4);

            // What happened in truth: the sandbox's book, as the provider's portal would show it.
            boolean charged = !bridge.charges(till).isEmpty();
            Ran settled = cli(bridge, signed("work", "settle", item, "--as", charged ? "paid" : "not-paid"));
            assertThat(settled.code()).as(settled.err()).isZero();
            assertThat(settled.out()).contains("Ans settled work item " + item);

            JsonNode told = client.await(
                    "op-lost",
                    Duration.ofSeconds(10),
                    one -> !text(one, "status").equals("NEEDS_ATTENTION") && BridgeTest.isFinal(one));
            assertThat(text(told, "status")).isEqualTo(charged ? "SUCCEEDED" : "FAILED");
            assertThat(text(told.path("payment"), "status")).isEqualTo(charged ? "PAID" : "NOT_PAID");

            Ran again = cli(bridge, signed("work", "settle", item, "--as", "paid"));
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.err()).contains("was closed at", "by Ans");
            assertThat(cli(bridge, "work", "list", "--all").out()).contains(item);
            assertThat(cli(bridge, "work", "decisions").out()).contains("SETTLE", item, "slip in the drawer");
            assertThat(cli(bridge, "payments", "show", "op-lost").out()).contains("Ans settled work item");
            assertThat(bridge.charges(till)).extracting(Charge::amount).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void what_does_not_exist_is_said_and_ends_with_1(RunningBridge bridge) {
        for (String[] line : new String[][] {
            {"work", "show", "nothing"},
            signed("work", "settle", "nothing", "--as", "paid"),
            signed("lane", "free", "nothing"),
            signed("pause", "nothing"),
            signed("resume", "nothing"),
            {"payments", "resend", "nothing"},
            {"dead", "show", "nothing"},
            signed("dead", "requeue", "nothing"),
            signed("dead", "discard", "nothing"),
        }) {
            Ran ran = cli(bridge, line);
            assertThat(ran.code()).as(String.join(" ", line)).isEqualTo(1);
            assertThat(ran.err()).contains("nothing");
            assertThat(ran.out()).isEmpty();
        }
        String tooLong = "x".repeat(101);
        Ran unnamed = cli(bridge, "pause", "pinvandaag", "--by", tooLong, "--why", "x");
        assertThat(unnamed.code()).isEqualTo(1);
        assertThat(unnamed.err()).contains("at most 100 characters");
    }

    @Test
    void a_client_user_is_no_operator(RunningBridge bridge, @TempDir Path elsewhere) throws IOException {
        Files.createDirectories(elsewhere.resolve("data"));
        Files.copy(bridge.data().resolve("client.properties"), elsewhere.resolve("data/operator.properties"));

        Ran ran = Cli.run(elsewhere, signed("pause", "pinvandaag"));

        assertThat(ran.code()).isEqualTo(78);
        assertThat(ran.err()).contains("is no operator");
        boolean paused = bridge.bridge().ledger().inTransaction(tx -> tx.paused("pinvandaag"));
        assertThat(paused).isFalse();
    }

    @Test
    void a_terminal_is_listed_and_not_freed_under_a_customer(RunningBridge bridge) {
        Till till = bridge.till();
        bridge.sandbox().faults().add(Fault.onCreate().terminal(till.id()).outcome(Outcome.NEVER_ENDS));
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("op-busy", till.alias(), 200));
            String transaction = text(client.awaitStatus("op-busy", "STARTED"), "providerTransactionId");
            JsonNode lane = lane(bridge, till);
            assertThat(text(lane, "state")).isEqualTo("TAKEN");
            assertThat(text(lane, "command")).isEqualTo("op-busy");
            assertThat(cli(bridge, "lane", "list").out()).contains("TERMINAL", "op-busy");

            Ran refused = cli(bridge, signed("lane", "free", till.alias()));
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("is OPEN", "the next customer could pay for this one");

            bridge.sandbox().act(transaction, Outcome.PAID);
            client.awaitFinal("op-busy");
            assertThat(text(lane(bridge, till), "state")).isEqualTo("FREE");
            assertThat(cli(bridge, signed("lane", "free", till.alias())).err()).contains("is free");
        }
    }

    private static JsonNode lane(RunningBridge bridge, Till till) {
        return StreamSupport.stream(
                        cli(bridge, "lane", "list", "--json")
                                .json()
                                .path("lanes")
                                .spliterator(),
                        false)
                .filter(lane -> text(lane, "terminal").equals(till.alias()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void f40_results_that_a_consumer_lost_come_again_with_the_same_result_id(RunningBridge bridge) {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            String since = Instant.now().toString();
            client.send(TestClient.create("op-again", till.alias(), 300));
            JsonNode last = client.awaitFinal("op-again");
            Awaitility.await().until(() -> client.results("op-again").size() == 2);

            Ran one = cli(bridge, "payments", "resend", "op-again");
            assertThat(one.code()).as(one.err()).isZero();
            assertThat(one.out().strip()).isEqualTo("2 results were published again, in 2 messages.");
            Awaitility.await().until(() -> client.results("op-again").size() == 4);
            assertThat(client.results("op-again").stream()
                            .filter(result -> text(result, "resultId").equals(text(last, "resultId"))))
                    .hasSize(2);

            Ran many = cli(bridge, "payments", "resend", "--since", since, "--json");
            assertThat(many.code()).as(many.err()).isZero();
            assertThat(many.json().path("results").asInt()).isGreaterThanOrEqualTo(2);
            Awaitility.await().until(() -> client.results("op-again").size() == 6);
            assertThat(bridge.charges(till)).hasSize(1);

            Ran never = cli(bridge, "payments", "resend", "--since", "2026-01-02", "--until", "2026-01-01");
            assertThat(never.code()).isEqualTo(1);
            assertThat(never.err()).contains("before it begins");
        }
    }

    /** Lays a message among the dead as the broker would have: with a note of where it came from. */
    private static void bury(RunningBridge bridge, long id, String origin, String body) throws Exception {
        Login login = credentials(bridge).bridge();
        try (JMSContext context =
                BrokerConnections.plain(bridge.bridge().brokerUrl(), login).createContext()) {
            TextMessage message = context.createTextMessage(body);
            message.setLongProperty("_AMQ_ORIG_MESSAGE_ID", id);
            message.setStringProperty("_AMQ_ORIG_QUEUE", origin);
            message.setStringProperty("_AMQ_ORIG_ADDRESS", origin);
            context.createProducer().send(context.createQueue("pinbridge.dead"), message);
        }
    }

    @Test
    void a_dead_letter_of_a_money_command_in_doubt_does_not_go_back(RunningBridge bridge) throws Exception {
        Till till = bridge.till();
        try (TestClient client = bridge.client()) {
            String item = lost(bridge, client, "op-dead", till);
            int calls = bridge.createCalls(till);
            String row = bridge.bridge()
                    .ledger()
                    .inTransaction(tx -> tx.commandsNamed("op-dead").get(0).rowId());
            bury(bridge, 900_001, "pinbridge.lane.pinvandaag", row);

            assertThat(cli(bridge, "dead", "list").out()).contains("900001", "nudge", row, "pinbridge.lane.pinvandaag");
            Ran shown = cli(bridge, "dead", "show", "900001");
            assertThat(shown.out()).contains("It must not go back.", "./pinbridge work show " + item);
            Ran refused = cli(bridge, signed("dead", "requeue", "900001"));
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("was marked as being sent", "never sent again", item);
            assertThat(cli(bridge, "dead", "show", "900001").code()).isZero();

            assertThat(cli(bridge, signed("dead", "discard", "900001")).code()).isZero();
            assertThat(cli(bridge, "dead", "show", "900001").code()).isEqualTo(1);
            assertThat(cli(bridge, "work", "decisions", "--json").out()).contains("DEAD_DISCARD", "900001", row);
            assertThat(bridge.createCalls(till)).isEqualTo(calls);
            cli(
                    bridge,
                    signed("work", "settle", item, "--as", bridge.charges(till).isEmpty() ? "not-paid" : "paid"));
        }
    }

    @Test
    void other_dead_letters_go_back_where_they_came_from(RunningBridge bridge) throws Exception {
        bury(bridge, 900_011, "payments.replies.kassa", "{\"commandId\":\"op-result\",\"status\":\"SUCCEEDED\"}");
        bury(bridge, 900_012, "pinbridge.lane.pinvandaag", "01NOSUCHCOMMAND");
        bury(bridge, 900_013, "pinbridge.admin", "{\"ask\":\"pause\"}");
        bury(bridge, 900_014, "payments.replies.gone", "{\"commandId\":\"op-result\"}");
        Till till = bridge.till();
        bury(
                bridge,
                900_015,
                "payments.commands",
                nl.pinbridge.contract.Json.write(TestClient.create("op-buried", till.alias(), 400)));
        try (Inbox inbox = Inbox.ofQueue(
                BrokerConnections.plain(
                        bridge.bridge().brokerUrl(), credentials(bridge).of("kassa")),
                "payments.replies.kassa")) {
            Ran back = cli(bridge, signed("dead", "requeue", "900011", "--json"));
            assertThat(back.code()).as(back.err()).isZero();
            assertThat(text(back.json(), "to")).isEqualTo("payments.replies.kassa");
            inbox.await(one -> text(one.body(), "commandId").equals("op-result"));
        }
        assertThat(cli(bridge, signed("dead", "requeue", "900012")).err())
                .contains("The ledger knows no command 01NOSUCHCOMMAND");
        assertThat(cli(bridge, signed("dead", "requeue", "900013")).err()).contains("Nobody waits for the answer");
        assertThat(cli(bridge, signed("dead", "requeue", "900014")).err()).contains("not requeued");

        Ran command = cli(bridge, signed("dead", "requeue", "900015"));
        assertThat(command.code()).as(command.err()).isZero();
        assertThat(command.out()).contains("under its sender's name (pinbridge)");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> bridge.charges(till).size() == 1);
        for (String id : List.of("900012", "900013", "900014")) {
            assertThat(cli(bridge, signed("dead", "discard", id)).code()).isZero();
        }
        assertThat(cli(bridge, "dead", "show", "900011").code()).isEqualTo(1);
    }

    @Test
    void a_paused_provider_is_sent_nothing_new_until_it_is_resumed() throws Exception {
        try (RunningBridge bridge = RunningBridge.with().start();
                TestClient client = bridge.client()) {
            Till till = bridge.till(Brand.CCV);
            Ran paused = cli(bridge, signed("pause", "pinvandaag"));
            assertThat(paused.code()).as(paused.err()).isZero();
            assertThat(paused.out()).contains("NOT_SENT/PAUSED");
            assertThat(cli(bridge, signed("pause", "pinvandaag")).out())
                    .contains("was paused already", "by Ans", "slip in the drawer");
            client.send(TestClient.create("op-paused", till.alias(), 100));
            assertThat(text(client.awaitFinal("op-paused").path("error"), "code"))
                    .isEqualTo("PAUSED");
            assertThat(text(lane(bridge, till), "state")).isEqualTo("PAUSED");
            client.send("{\"commandId\":\"op-list\",\"command\":\"list-terminals\"}");
            assertThat(client.awaitFinal("op-list").toString()).contains("\"state\":\"PAUSED\"");
            awaitFigure(bridge, "pinbridge_provider_paused{provider=\"pinvandaag\"} 1.0");

            assertThat(cli(bridge, signed("resume", "pinvandaag", "--json"))
                            .json()
                            .path("changed")
                            .asBoolean())
                    .isTrue();
            client.send(TestClient.create("op-resumed", till.alias(), 100));
            assertThat(text(client.awaitFinal("op-resumed"), "status")).isEqualTo("SUCCEEDED");
            assertThat(cli(bridge, "work", "decisions").out()).contains("PAUSE", "RESUME");
            figures(bridge);
        }
    }

    private static void figures(RunningBridge bridge) {
        awaitFigure(bridge, "pinbridge_results_total{command=\"create\",status=\"SUCCEEDED\"} 1.0");
        awaitFigure(bridge, "pinbridge_ledger_up 1.0");
        awaitFigure(bridge, "pinbridge_broker_up 1.0");
        assertThat(scrape(bridge))
                .contains("pinbridge_payments_open{status=\"IN_DOUBT\"} 0.0")
                .contains("pinbridge_payments_in_doubt_oldest_seconds 0.0")
                .contains("pinbridge_work_items_open{reason=\"CONFLICT\"} 0.0")
                .contains("pinbridge_queue_messages{queue=\"pinbridge.dead\"} 0.0")
                .contains("pinbridge_queue_oldest_seconds{queue=\"payments.replies\"} 0.0")
                .contains("pinbridge_results_unpublished 0.0")
                .contains("pinbridge_looks_due ")
                .contains("pinbridge_lanes_taken ")
                .contains("pinbridge_figures_age_seconds ")
                .contains("pinbridge_provider_call_seconds_count{");
    }

    static void awaitFigure(RunningBridge bridge, String line) {
        Awaitility.await(line)
                .atMost(Duration.ofSeconds(25))
                .pollInterval(Duration.ofMillis(250))
                .until(() -> scrape(bridge).contains(line));
    }

    static String scrape(RunningBridge bridge) {
        return get(bridge, "/observe/metrics").body();
    }

    static HttpResponse<String> get(RunningBridge bridge, String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + bridge.bridge().managementPort() + path))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of a figure without a label, or with all its labels written out. */
    static double figure(RunningBridge bridge, String name) {
        return scrape(bridge)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line ->
                        Double.parseDouble(line.substring(name.length() + 1).toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
