package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.BytesMessage;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.contract.CardNumbers;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Whole card numbers, wherever they come from, are neither told nor kept nor logged. Each place has a number of its own. */
class CardNumbersTest {
    /** Made-up card numbers, by the place that they were put into. */
    private static final class Cards {
        private final Map<String, String> byPlace = new LinkedHashMap<>();

        /** A new number, bare. */
        String bare(String place) {
            String digits =
                    "4%011d".formatted(58_300_000_000L + byPlace.size() * 7_919L) + "%03d".formatted(byPlace.size());
            String number = digits + check(digits);
            byPlace.put(place, number);
            assertThat(CardNumbers.isIn(number)).isTrue();
            return number;
        }

        /** A new number in groups of four. */
        String grouped(String place, String separator) {
            String number = String.join(separator, bare(place).split("(?<=\\G.{4})"));
            byPlace.put(place, number);
            return number;
        }

        private static int check(String digits) {
            int sum = 0;
            for (int i = 0; i < digits.length(); i++) {
                int value = (digits.charAt(digits.length() - 1 - i) - '0') * (i % 2 == 0 ? 2 : 1);
                sum += value > 9 ? value - 9 : value;
            }
            return (10 - sum % 10) % 10;
        }

        /** The places whose number stands in the text, in the form that was sent or bare. */
        List<String> in(String text) {
            return byPlace.entrySet().stream()
                    .filter(card -> text.contains(card.getValue())
                            || text.contains(card.getValue().replaceAll("[^0-9]", "")))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private final Cards cards = new Cards();

    @Test
    void what_a_provider_sends_is_masked_before_it_is_used() throws Exception {
        try (Written.Log log = new Written.Log();
                RunningBridge bridge = RunningBridge.with()
                        .set("pinbridge.provider.pinvandaag.maximum", "PT4S")
                        .start()) {
            List<String> told = new ArrayList<>();
            try (TestClient client = bridge.client();
                    Inbox events = Inbox.ofTopic(bridge.factory(), "payments.events")) {
                Map<String, Till> tills = new LinkedHashMap<>();
                for (String key :
                        List.of("paid", "failed", "worded", "foreign", "no-json", "broken", "refused", "cut")) {
                    tills.put(key, bridge.till());
                }
                // Every field that the vendor's samples show, and some that they do not.
                onCreate(bridge, tills.get("paid"), 200, create("paid", "7001"));
                onStatus(bridge, tills.get("paid"), 200, status("paid", "7001", "success"));
                onCreate(bridge, tills.get("failed"), 200, create("failed", "7002"));
                onStatus(bridge, tills.get("failed"), 200, status("failed", "7002", "failed"));
                onCreate(bridge, tills.get("worded"), 200, create("worded", "7003"));
                onStatus(bridge, tills.get("worded"), 200, status("worded", "7003", "card " + cards.bare("word")));
                onCreate(bridge, tills.get("foreign"), 200, create("foreign", "7004"));
                ObjectNode foreign = status("foreign", "7004", "success");
                foreign.put("ownReference", cards.bare("own reference of another"));
                foreign.put("terminal", cards.bare("terminal of another"));
                onStatus(bridge, tills.get("foreign"), 200, foreign);
                onCreateText(bridge, tills.get("no-json"), 200, "<p>Card " + cards.bare("page") + " busy</p>");
                onCreateText(bridge, tills.get("broken"), 500, "{\"trace\":\"" + cards.grouped("trace", "-") + "\"}");
                onCreateText(
                        bridge,
                        tills.get("refused"),
                        403,
                        "{\"message\":\"no " + cards.grouped("refusal", " ") + "\"}");
                onCreateText(
                        bridge, tills.get("cut"), 200, "{\"transactionId\":\"7008\",\"card\":\"" + cards.bare("half"));

                tills.forEach((key, till) -> client.send(TestClient.create(key, till.alias(), 100)));
                tills.keySet().forEach(client::awaitFinal);
                client.send("{\"commandId\":\"look-failed\",\"command\":\"status\",\"payment\":\"failed\"}");
                client.awaitFinal("look-failed");

                JsonNode paid = client.awaitFinal("paid");
                assertThat(text(paid.path("payment"), "status")).isEqualTo("PAID");
                assertThat(text(paid.path("payment"), "providerTransactionId")).isEqualTo("7001");
                assertThat(paid.at("/payment/receipts/customer").toString())
                        .containsPattern("Kaart: +xxxxxxxxxxxx[0-9]{4}")
                        .containsPattern("xxxx xxxx xxxx [0-9]{4}")
                        .contains("Totaal:            1,00 EUR");
                JsonNode failed = client.awaitFinal("failed");
                assertThat(text(failed.path("error"), "providerMessage")).matches("Card xxxxxxxxxxxx[0-9]{4} refused");
                client.arrivals().forEach(arrival -> told.add(arrival.toString()));
                events.arrivals().forEach(arrival -> told.add(arrival.toString()));
            }
            List<Path> files = new ArrayList<>();
            bridge.stop();
            for (String number : cards.byPlace.values()) {
                files.addAll(Written.filesWith(bridge.home(), number));
                files.addAll(Written.filesWith(bridge.home(), number.replaceAll("[^0-9]", "")));
            }
            assertThat(cards.byPlace).hasSizeGreaterThan(40);
            assertThat(cards.in(String.join("\n", told))).as("told").isEmpty();
            assertThat(cards.in(String.join("\n", log.all()))).as("logged").isEmpty();
            assertThat(cards.in(tables(bridge))).as("in the ledger").isEmpty();
            assertThat(files).isEmpty();
            // The evidence is there, masked: this shows that the search looked at the right thing.
            assertThat(tables(bridge)).contains("xxxxxxxxxxxx", "<p>Card ");
        }
    }

    private ObjectNode create(String key, String transaction) {
        ObjectNode answer = Json.object();
        answer.put("transactionId", transaction).put("status", "started").put("amount", 100);
        answer.put("callbackUrl", "https://shop.example/" + cards.bare(key + " create callbackUrl"));
        answer.put("createdAt", cards.bare(key + " create createdAt"));
        answer.put("paymentUrl", "https://pay.example/?card=" + cards.bare(key + " create paymentUrl"));
        answer.put("errorMsg", "card " + cards.grouped(key + " create errorMsg", " "));
        answer.put("incidentCode", cards.bare(key + " create incidentCode"));
        return answer;
    }

    private ObjectNode status(String key, String transaction, String word) {
        ObjectNode answer = Json.object();
        answer.put("transactionId", transaction).put("status", word).put("amount", 100);
        answer.put("callbackUrl", "https://shop.example/" + cards.bare(key + " callbackUrl"));
        answer.put("createdAt", "card " + cards.bare(key + " createdAt"));
        answer.put("paymentUrl", "https://pay.example/" + cards.grouped(key + " paymentUrl", "-"));
        answer.put("errorMsg", "Card " + cards.bare(key + " errorMsg") + " refused");
        answer.put("incidentCode", Long.parseLong(cards.bare(key + " incidentCode as a number")));
        answer.put(
                "receipt",
                Json.write(Json.MAPPER.valueToTree(List.of(
                        List.of(0, "Kaart:       " + cards.bare(key + " receipt") + "\r"),
                        List.of(0, "Nummer " + cards.grouped(key + " receipt in groups", " ") + "\r"),
                        List.of(0, cards.grouped(key + " receipt with dashes", "-")),
                        List.of(0, "Track2 " + cards.bare(key + " track 2") + "=25121010000012345678"),
                        List.of(0, "Totaal:            1,00 EUR\r")))));
        answer.put("journalReceipt", "[\"Kaart: " + cards.bare(key + " journal") + "\"]");
        answer.put("pan", Long.parseLong(cards.bare(key + " number")));
        answer.putObject("card")
                .putArray("numbers")
                .add(cards.bare(key + " nested"))
                .add(cards.grouped(key + " dots", "."));
        answer.put(cards.bare(key + " name of a field"), true);
        return answer;
    }

    private static void onCreate(RunningBridge bridge, Till till, int status, JsonNode answer) {
        onCreateText(bridge, till, status, Json.write(answer));
    }

    private static void onCreateText(RunningBridge bridge, Till till, int status, String answer) {
        bridge.sandbox()
                .faults()
                .add(Fault.onCreate()
                        .terminal(till.id())
                        .outcome(Outcome.NEVER_ENDS)
                        .answer(new Answer.Http(status, answer)));
    }

    private static void onStatus(RunningBridge bridge, Till till, int status, JsonNode answer) {
        bridge.sandbox()
                .faults()
                .add(Fault.onStatus().terminal(till.id()).answer(new Answer.Http(status, Json.write(answer))));
    }

    /** All that stands in the ledger, as SQL; the bridge must be stopped. */
    private static String tables(RunningBridge bridge) throws IOException, SQLException {
        Path database;
        try (Stream<Path> files = java.nio.file.Files.walk(bridge.data())) {
            database = files.filter(file -> file.toString().endsWith(".mv.db"))
                    .findFirst()
                    .orElseThrow();
        }
        String url = "jdbc:h2:file:" + database.toString().replaceFirst("\\.mv\\.db$", "") + ";IFEXISTS=TRUE";
        StringBuilder all = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(url, "pinbridge", "");
                Statement statement = connection.createStatement();
                ResultSet lines = statement.executeQuery("SCRIPT")) {
            while (lines.next()) {
                all.append(lines.getString(1)).append('\n');
            }
        }
        assertThat(all).contains("INSERT INTO");
        return all.toString();
    }

    @Test
    void what_a_sender_sends_is_refused_with_the_field_named_and_told_to_nobody() throws Exception {
        try (Written.Log log = new Written.Log();
                RunningBridge bridge = RunningBridge.with().start()) {
            List<String> told = new ArrayList<>();
            try (TestClient client = bridge.client();
                    Inbox events = Inbox.ofTopic(bridge.factory(), "payments.events");
                    Inbox refused = Inbox.ofQueue(bridge.factory(), "payments.refused")) {
                String till = bridge.till().alias();
                Map<String, String> fields = new LinkedHashMap<>();
                refuse(
                        client,
                        fields,
                        "reference",
                        TestClient.create("r-1", till, 100).put("reference", cards.bare("reference")));
                refuse(
                        client,
                        fields,
                        "reference",
                        TestClient.create("r-2", till, 100)
                                .put("reference", "nr " + cards.grouped("reference in groups", " ")));
                refuse(
                        client,
                        fields,
                        "returnUrl",
                        TestClient.create("r-3", till, 100)
                                .put("returnUrl", "https://shop.example/" + cards.bare("returnUrl")));
                refuse(
                        client,
                        fields,
                        "terminal",
                        TestClient.create("r-4", till, 100).put("terminal", cards.bare("terminal")));
                ObjectNode nested = TestClient.create("r-5", till, 100);
                nested.putObject("provider")
                        .putArray("products")
                        .addObject()
                        .put("note", cards.grouped("provider", "-"));
                refuse(client, fields, "provider.products[0].note", nested);
                ObjectNode number = TestClient.create("r-6", till, 100);
                number.putObject("provider").put("n", Long.parseLong(cards.bare("number in provider")));
                refuse(client, fields, "provider.n", number);
                refuse(client, fields, "payment", (ObjectNode)
                        Json.read("{\"commandId\":\"r-7\",\"command\":\"status\",\"payment\":\"" + cards.bare("payment")
                                + "\"}"));
                refuse(
                        client,
                        fields,
                        "command",
                        TestClient.create("r-8", till, 100).put("command", "card " + cards.bare("command")));
                refuse(client, fields, null, TestClient.create("r-9", till, 100).put(cards.bare("name"), 1));
                ObjectNode amount = TestClient.create("r-10", till, 100);
                ((ObjectNode) amount.path("amount")).put("value", Long.parseLong(cards.bare("amount")));
                refuse(client, fields, "amount.value", amount);
                refuse(client, fields, "receipt.subject", (ObjectNode) Json.read(
                        "{\"commandId\":\"r-11\",\"command\":\"mail-receipt\",\"payment\":\"p\",\"receipt\":{\"to\":\"a@b.example\",\"subject\":\""
                                + cards.bare("subject") + "\"}}"));
                client.send("{\"commandId\":\"r-12\",\"command\":\"ping\",\"a " + cards.bare("doubled") + "\":1,\"a "
                        + last("doubled") + "\":1}");
                fields.put("r-12", "");

                List<Message> unreadable = new ArrayList<>();
                unreadable.add(client.session()
                        .createTextMessage("{\"commandId\":\"" + cards.bare("commandId") + "\",\"command\":\"ping\"}"));
                unreadable.add(client.session()
                        .createTextMessage("{\"commandId\":\"so " + cards.grouped("commandId in groups", "-")
                                + "\",\"command\":\"ping\"}"));
                unreadable.add(client.session().createTextMessage("card " + cards.bare("no JSON")));
                unreadable.add(client.session().createTextMessage("{\"commandID\":\"" + cards.bare("no key") + "\"}"));
                unreadable.add(client.session()
                        .createTextMessage(" ".repeat(65_530) + cards.bare("where the body is cut") + " ".repeat(100)));
                TextMessage property = client.session().createTextMessage("nothing");
                property.setStringProperty("card", cards.bare("property"));
                property.setStringProperty("long", "-".repeat(990) + cards.bare("property that is cut"));
                property.setLongProperty("number", Long.parseLong(cards.bare("property as a number")));
                unreadable.add(property);
                BytesMessage bytes = client.session().createBytesMessage();
                bytes.writeBytes(cards.bare("bytes").getBytes(StandardCharsets.UTF_8));
                unreadable.add(bytes);
                for (Message message : unreadable) {
                    client.send(message, Duration.ZERO);
                }
                TextMessage correlated =
                        client.session().createTextMessage("{\"commandId\":\"correlated\",\"command\":\"ping\"}");
                correlated.setJMSCorrelationID("for " + cards.bare("correlation id"));
                client.send(correlated, Duration.ZERO);
                assertThat(text(client.awaitFinal("correlated"), "status")).isEqualTo("SUCCEEDED");

                fields.forEach((key, field) -> {
                    JsonNode result = client.awaitFinal(key);
                    assertThat(text(result, "status")).as(key).isEqualTo("REFUSED");
                    assertThat(text(result.path("error"), "code")).as(key).isEqualTo("INVALID");
                    if (!field.isEmpty()) {
                        assertThat(text(result.path("error"), "field")).as(key).isEqualTo(field);
                        assertThat(text(result.path("error"), "message"))
                                .as(key)
                                .contains("card number");
                    }
                });
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> refused.arrivals().size() >= unreadable.size());
                assertThat(refused.arrivals()).hasSize(unreadable.size());
                client.arrivals().forEach(arrival -> told.add(arrival.toString()));
                events.arrivals().forEach(arrival -> told.add(arrival.toString()));
                refused.arrivals().forEach(arrival -> told.add(arrival.toString()));
            }
            bridge.stop();
            assertThat(cards.in(String.join("\n", told))).as("told").isEmpty();
            assertThat(cards.in(String.join("\n", log.all()))).as("logged").isEmpty();
            assertThat(cards.in(tables(bridge))).as("in the ledger").isEmpty();
            List<Path> files = new ArrayList<>();
            for (String number : cards.byPlace.values()) {
                files.addAll(Written.filesWith(bridge.data(), number));
            }
            // What a sender sent lies in the broker's journal until the broker reuses that piece of it.
            assertThat(files).allMatch(file -> file.startsWith(bridge.data().resolve("broker")));
        }
    }

    private String last(String place) {
        return cards.byPlace.get(place);
    }

    private static void refuse(TestClient client, Map<String, String> fields, String field, ObjectNode command) {
        client.send(command);
        fields.put(text(command, "commandId"), field == null ? "" : field);
    }

    @Test
    void long_numbers_that_are_no_card_pass_unchanged() {
        try (RunningBridge bridge = RunningBridge.with().start();
                TestClient client = bridge.client()) {
            for (String number : List.of(
                    "4111111111111112",
                    "2026112100012345",
                    "1234567812345670",
                    "8710400012345678",
                    "4006381333931",
                    "000000000000000000",
                    "so-41111111111111111111-1",
                    "20261121101530123")) {
                client.send(
                        TestClient.create(number, bridge.till().alias(), 100).put("reference", "nr " + number));
                JsonNode result = client.awaitFinal(number);
                assertThat(text(result.path("payment"), "status")).isEqualTo("PAID");
                assertThat(text(result.path("payment"), "reference")).isEqualTo("nr " + number);
                assertThat(bridge.createCalls(result)).isEqualTo(1);
            }
        }
    }
}
