package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulated CCV Payment API over real HTTP, compared with providers/ccv.md part B. */
class CcvWireTest {
    private static final String TERMINAL = "1234567";
    private static final CcvSetup SETUP = CcvSetup.defaults().withTerminals(TERMINAL, "1234568");

    private final HttpClient http = HttpClient.newHttpClient();
    private Sandbox sandbox;

    @BeforeEach
    void start() {
        restart(CcvChoices.DEFAULT);
    }

    private void restart(CcvChoices choices) {
        stop();
        sandbox = Sandbox.start(
                SandboxOptions.defaults().withCcv(SETUP.withChoices(choices)).withCustomerDelay(Duration.ofMillis(20)));
    }

    @AfterEach
    void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String key) {
        try {
            String login = Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
            return http.send(request.header("Authorization", "Basic " + login).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> post(String what, JsonNode body, @Nullable String idempotency) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.ccvUrl() + what))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()));
        return send(idempotency == null ? request : request.header("Idempotency-Reference", idempotency), SETUP.key());
    }

    private HttpResponse<String> get(String query) {
        return send(HttpRequest.newBuilder(URI.create(sandbox.ccvUrl() + "/transaction" + query)), SETUP.key());
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Till.json(json);
    }

    /** The request of the documentation. */
    private static ObjectNode payment(String amount, String reference) {
        return object(
                "{\"amount\":" + amount + ",\"currency\":\"eur\",\"method\":\"terminal\","
                        + "\"returnUrl\":\"https://shop/return?order=123456\",\"merchantOrderReference\":\"" + reference
                        + "\","
                        + "\"description\":\"Order 123456\",\"language\":\"eng\",\"details\":{\"port\":6235,"
                        + "\"managementSystemId\":\"000103030\",\"ip\":\"127.0.0.1\",\"terminalId\":\"" + TERMINAL
                        + "\",\"accessProtocol\":\"OPI_NL\",\"operatingEnvironment\":\"ATTENDED\",\"merchantLanguage\":\"NLD\"}}");
    }

    private JsonNode started(ObjectNode payment) {
        HttpResponse<String> answer = post("/payment", payment, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Till.json(answer);
    }

    private JsonNode ended(String reference) {
        return await().pollInterval(Duration.ofMillis(10))
                .until(
                        () -> Till.json(get("?reference=" + reference)),
                        told -> !told.path("status").asText().equals("pending"));
    }

    private String paid(String reference) {
        String id = started(payment("9.99", reference)).path("reference").asText();
        assertThat(ended(id).path("status").asText()).isEqualTo("success");
        return id;
    }

    private static void assertError(HttpResponse<String> answer, int status, @Nullable String failure) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode told = Till.json(answer);
        assertThat(told.path("type").asText()).isNotEmpty();
        assertThat(told.path("message").asText()).isNotEmpty();
        assertThat(told.path("reference").asText()).matches("[0-9a-f]{8}");
        assertThat(told.path("failureCode").asText(null)).isEqualTo(failure);
    }

    @Test
    void a_payment_is_pending_first_and_then_has_its_receipts() {
        JsonNode told = started(payment("9.99", "123456"));
        assertThat(told.path("status").asText()).isEqualTo("pending");
        assertThat(told.path("reference").asText()).startsWith("TL");
        assertThat(told.path("payUrl").asText()).startsWith("https://onlinepayments.ccv.eu/terminal/poll?reference=TL");
        assertThat(told.path("created").isIntegralNumber()).isTrue();
        assertThat(told.toString()).contains("\"amount\":9.99", "\"wakeUpType\":\"CLOUD_CONNECT\"");
        JsonNode ended = ended(told.path("reference").asText());
        assertThat(ended.path("status").asText()).isEqualTo("success");
        assertThat(ended.path("type").asText()).isEqualTo("sale");
        assertThat(ended.path("currency").asText()).isEqualTo("eur");
        assertThat(ended.path("merchantOrderReference").asText()).isEqualTo("123456");
        assertThat(Till.json(ended.at("/details/customerReceipt").asText())
                        .get(0)
                        .asText())
                .isEqualTo("Kopie Kaarthouder");
        assertThat(sandbox.book().charges()).singleElement().satisfies(charge -> {
            assertThat(charge.provider()).isEqualTo("ccv");
            assertThat(charge.amount()).isEqualTo(999);
            assertThat(charge.ownReference()).isEqualTo("123456");
        });
    }

    @ParameterizedTest
    @CsvSource({"0.01, 1", "10, 1000", "10.5, 1050", "'\"9.99\"', 999", "'\"10.00\"', 1000", "1234567.89, 123456789"})
    void amounts_are_decimals_as_number_or_text(String amount, long minor) {
        ended(started(payment(amount, "a")).path("reference").asText());
        assertThat(sandbox.book().charges())
                .singleElement()
                .extracting(Charge::amount)
                .isEqualTo(minor);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "9.999", "'\"9,99\"'", "null", "'\"\"'", "true", "1e400"})
    void what_is_no_amount_is_refused(String amount) {
        assertError(post("/payment", payment(amount, "a"), null), 400, null);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @Test
    void amounts_may_be_told_as_texts() {
        restart(CcvChoices.DEFAULT.withAmountsAsText(true));
        assertThat(started(payment("9.9", "a")).path("amount").textValue()).isEqualTo("9.90");
    }

    @Test
    void what_is_wrong_is_told_with_an_error_id_that_is_no_transaction() {
        assertError(
                send(
                        HttpRequest.newBuilder(URI.create(sandbox.ccvUrl() + "/payment"))
                                .POST(BodyPublishers.ofString(
                                        payment("9.99", "a").toString())),
                        "t_wrong"),
                401,
                "bad_credentials");
        for (String field : List.of("method", "currency", "returnUrl", "language")) {
            ObjectNode without = payment("9.99", "a");
            without.remove(field);
            assertError(post("/payment", without, null), 400, null);
        }
        ObjectNode plain = payment("9.99", "a").put("webhookUrl", "http://127.0.0.1:1/hook");
        assertError(post("/payment", plain, null), 400, null);
        ObjectNode stranger = payment("9.99", "a");
        ((ObjectNode) stranger.path("details")).put("terminalId", "7654321");
        assertError(post("/payment", stranger, null), 400, "invalid_config");
        assertError(post("/payment", payment("9.99", "a").put("currency", "usd"), null), 400, "unsupported_currency");
        assertError(post("/payment", Till.json("[]"), null), 400, null);
        assertError(post("/payment", payment("9.99", "a"), "x".repeat(51)), 400, null);
        assertError(get("?reference=TL0"), 404, "unknown_reference");
        assertError(post("/nothing", payment("9.99", "a"), null), 404, null);
        assertError(send(HttpRequest.newBuilder(URI.create(sandbox.ccvUrl() + "/payment")), SETUP.key()), 405, null);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED, card_refused",
        "CANCELLED_AT_TERMINAL, cancelled",
        "TIMED_OUT, expired",
        "PROCESSING_ERROR, processing_error"
    })
    void what_fails_says_why(Outcome outcome, String failure) {
        sandbox.faults().add(Fault.onCreate().provider("ccv").outcome(outcome));
        JsonNode ended = ended(started(payment("9.99", "a")).path("reference").asText());
        assertThat(ended.path("status").asText()).isEqualTo("failed");
        assertThat(ended.path("failureCode").asText()).isEqualTo(failure);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @Test
    void a_repeat_is_carried_out_again_unless_the_idempotency_reference_is_heeded() {
        post("/payment", payment("9.99", "a"), "same");
        await().until(() -> sandbox.book().charges().size() == 1);
        post("/payment", payment("9.99", "a"), "same");
        await().until(() -> sandbox.book().charges().size() == 2);
        restart(CcvChoices.DEFAULT.withHeedsIdempotency(true));
        String first = Till.json(post("/payment", payment("9.99", "a"), "same"))
                .path("reference")
                .asText();
        assertThat(Till.json(post("/payment", payment("9.99", "a"), "same"))
                        .path("reference")
                        .asText())
                .isEqualTo(first);
        ended(first);
        assertThat(sandbox.book().charges()).hasSize(1);
    }

    @Test
    void a_search_is_by_our_reference_or_by_the_original() {
        String one = paid("one");
        paid("two");
        assertThat(Till.json(get("?merchantOrderReference=one")))
                .singleElement()
                .satisfies(told -> assertThat(told.path("reference").asText()).isEqualTo(one));
        assertThat(Till.json(get("?merchantOrderReference=ONE"))).isEmpty();
        assertThat(Till.json(get("?type=sale"))).hasSize(2);
        assertThat(Till.json(get("?type=refund"))).isEmpty();
        String refund = refund(one, "4.00", "back-1");
        assertThat(Till.json(get("?originalReferences=" + one + "&type=refund")))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.path("reference").asText()).isEqualTo(refund);
                    assertThat(told.path("description").asText()).isEqualTo("back-1");
                    assertThat(told.path("merchantOrderReference").asText()).isEqualTo("one");
                });
        assertThat(sandbox.calls().matching("search", TERMINAL, null, null)).isNotEmpty();
    }

    private static ObjectNode back(String original, String amount, String description) {
        return object("{\"reference\":\"" + original + "\",\"amount\":\"" + amount + "\",\"description\":\""
                + description + "\"}");
    }

    private String refund(String original, String amount, String description) {
        JsonNode told = Till.json(post("/refund", back(original, amount, description), null));
        assertThat(told.path("originalReference").asText()).as("%s", told).isEqualTo(original);
        assertThat(told.path("type").asText()).isEqualTo("refund");
        return ended(told.path("reference").asText()).path("reference").asText();
    }

    @Test
    void refunds_go_up_to_120_in_100() {
        String sale = paid("sale");
        refund(sale, "6.00", "a");
        assertError(post("/refund", back(sale, "5.99", "b"), null), 400, "refund_limit");
        refund(sale, "5.98", "c");
        assertThat(sandbox.book().refunds()).extracting(Charge::amount).containsExactly(600L, 598L);
        assertError(post("/refund", back("TL0", "1.00", "d"), null), 404, "unknown_reference");
        sandbox.faults().add(Fault.onCreate().provider("ccv").outcome(Outcome.DECLINED));
        String declined = started(payment("9.99", "x")).path("reference").asText();
        ended(declined);
        assertError(post("/refund", back(declined, "1.00", "e"), null), 400, "unsufficient_balance");
    }

    @Test
    void a_refund_may_repeat_nothing_of_its_own() {
        restart(CcvChoices.DEFAULT.withRefundRepeats(CcvChoices.Repeats.NOTHING));
        String sale = paid("sale");
        String refund = refund(sale, "4.00", "mine");
        assertThat(Till.json(get("?reference=" + refund)).path("description").asText())
                .isEqualTo("Refund of " + sale);
    }

    @Test
    void an_authorisation_is_captured_and_reversed_by_transactions_of_their_own() {
        String id = started(payment("9.99", "a").put("transactionType", "authorise"))
                .path("reference")
                .asText();
        JsonNode reserved = ended(id);
        assertThat(reserved.path("type").asText()).isEqualTo("authorise");
        assertThat(reserved.has("relatedTransactions")).isFalse();
        assertThat(sandbox.book().charges()).isEmpty();
        JsonNode capture =
                Till.json(post("/capture", object("{\"reference\":\"" + id + "\",\"amount\":\"4.00\"}"), null));
        assertThat(capture.path("type").asText()).isEqualTo("capture");
        assertThat(capture.path("originalReference").asText()).isEqualTo(id);
        assertError(
                post("/capture", object("{\"reference\":\"" + id + "\",\"amount\":\"6.00\"}"), null), 400, "rejected");
        JsonNode reversal = Till.json(post("/reversal", object("{\"reference\":\"" + id + "\"}"), null));
        assertThat(reversal.path("type").asText()).isEqualTo("reversal");
        assertError(post("/reversal", object("{\"reference\":\"" + id + "\"}"), null), 400, "rejected");
        JsonNode told = Till.json(get("?reference=" + id + "&includeRelatedTransactions=true"));
        assertThat(told.path("relatedTransactions"))
                .extracting(each -> each.path("type").asText())
                .containsExactly("capture", "reversal");
        assertThat(Till.json(get("?originalReferences=" + id))).hasSize(2);
        assertThat(Till.json(get("?reference=" + capture.path("reference").asText()))
                        .path("type")
                        .asText())
                .isEqualTo("capture");
        assertThat(sandbox.book().charges()).singleElement().satisfies(charge -> {
            assertThat(charge.type()).isEqualTo(Charge.CAPTURE);
            assertThat(charge.amount()).isEqualTo(400);
        });
        String sale = paid("b");
        assertError(post("/capture", object("{\"reference\":\"" + sale + "\"}"), null), 400, "rejected");
    }

    @Test
    void scripts_falsify_what_is_told_and_the_book_stays_true() {
        sandbox.faults()
                .add(Fault.onStatus()
                        .provider("ccv")
                        .answer(new Answer.WrongAmount(1))
                        .times(1));
        String id = started(payment("9.99", "a")).path("reference").asText();
        assertThat(Till.json(get("?reference=" + id)).path("amount").decimalValue())
                .isEqualByComparingTo("0.01");
        ended(id);
        sandbox.faults().add(Fault.on("search").provider("ccv").http(503).times(1));
        assertThat(get("?merchantOrderReference=a").statusCode()).isEqualTo(503);
        sandbox.faults()
                .add(Fault.on("search")
                        .provider("ccv")
                        .answer(new Answer.NotJson())
                        .times(1));
        assertThat(get("?merchantOrderReference=a").body()).startsWith("<html>");
        sandbox.faults()
                .add(Fault.onCreate()
                        .provider("ccv")
                        .answer(new Answer.NoTransactionId())
                        .times(1));
        assertThat(Till.json(post("/payment", payment("9.99", "b"), null)).has("reference"))
                .isFalse();
        sandbox.faults().add(Fault.onCreate().provider("ccv").tooMany().times(1));
        assertError(post("/payment", payment("9.99", "c"), null), 429, null);
        await().until(() -> sandbox.book().charges().size() == 2);
        assertThat(sandbox.book().charges()).extracting(Charge::amount).containsOnly(999L);
    }

    @Test
    void the_webhook_names_the_transaction_and_nothing_else() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/hook?order=7";
            String id = started(payment("9.99", "a").put("webhookUrl", url))
                    .path("reference")
                    .asText();
            await().until(() -> sandbox.webhooks().sent().stream().anyMatch(SentWebhook::taken));
            assertThat(heard).containsExactly("{\"id\":\"" + id + "\"}");
            sandbox.act(id, Outcome.DECLINED);
            await().until(() -> heard.size() == 2);
            assertThat(Till.json(get("?reference=" + id)).path("status").asText())
                    .isEqualTo("failed");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void the_page_and_the_list_show_its_terminals_and_a_reset_forgets() {
        paid("a");
        assertThat(sandbox.standIns())
                .filteredOn(standIn -> standIn.name().equals("ccv"))
                .singleElement()
                .satisfies(standIn -> assertThat(standIn.terminals())
                        .extracting(StandIn.TerminalState::id)
                        .containsExactly("1234567", "1234568"));
        sandbox.reset();
        assertThat(Till.json(get("?type=sale"))).isEmpty();
        assertThat(SETUP.toString()).doesNotContain(SETUP.key());
        Assertions.assertThatIllegalArgumentException().isThrownBy(() -> SETUP.withTerminals("1", "2"));
    }
}
