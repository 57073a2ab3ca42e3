package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.WebhookScript.Way;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulated Bavindo over real HTTP, compared with providers/bavindo.md. */
class BavindoWireTest {
    private static final String TILL = "P400Plus-100000001";
    private static final BavindoSetup.Store OTHER =
            new BavindoSetup.Store("OTHER", "key-of-the-other-store", "test", List.of("V400m-200000001"));
    private static final List<String> DETAILS = List.of(
            "payment_id",
            "store_id",
            "terminal_id",
            "pos_id",
            "date",
            "updated_date",
            "payment_amount",
            "status",
            "payment_method",
            "synchronous_method",
            "metadata",
            "adyen_response",
            "logs",
            "environment");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private Sandbox sandbox;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            received.add(Json.read(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        restart(BavindoSetup.Choices.DEFAULT);
    }

    private void restart(BavindoSetup.Choices choices) {
        if (sandbox != null) {
            sandbox.close();
        }
        sandbox = Sandbox.start(SandboxOptions.defaults()
                .withBavindo(BavindoSetup.defaults()
                        .withTerminals(List.of(TILL))
                        .withStore(OTHER)
                        .withChoices(choices)
                        .withWebhookUrl(
                                "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook"))
                .withCustomerDelay(Duration.ofMillis(20)));
    }

    @AfterEach
    void stop() {
        sandbox.close();
        receiver.stop(0);
    }

    private static String key() {
        return BavindoSetup.defaults().store().key();
    }

    private HttpResponse<String> call(String method, String path, @Nullable String key, @Nullable JsonNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(sandbox.bavindoUrl() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.write(body)));
        try {
            return http.send(
                    (key == null ? request : request.header("Authorization", "Bearer " + key)).build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode wish(long cents) {
        ObjectNode body = Json.object()
                .put("terminal_id", TILL)
                .put("pos_id", "till-1")
                .put("currency", "EUR")
                .put("amount", cents)
                .put("synchronous_method", "async");
        body.putObject("metadata").put("pinbridge_payment", "REF-1").put("reference", "SO-1");
        return body;
    }

    private String created() {
        HttpResponse<String> answer = call("POST", "/v1/payment/pos/create", key(), wish(1000));
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.read(answer.body()).path("payment_id").asText();
    }

    private JsonNode details(String id) {
        HttpResponse<String> answer = call("GET", "/v1/payment/" + id, key(), null);
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.read(answer.body());
    }

    private JsonNode over(String id) {
        return await().atMost(Duration.ofSeconds(5))
                .until(() -> details(id), told -> !told.path("status").asText().equals("inprogress"));
    }

    private static JsonNode nexo(JsonNode details) {
        return details.at("/adyen_response/SaleToPOIResponse/TransactionStatusResponse");
    }

    private static JsonNode inner(JsonNode details) {
        return nexo(details).at("/RepeatedMessageResponse/RepeatedResponseMessageBody/PaymentResponse");
    }

    private ObjectNode about(String id) {
        return Json.object().put("payment_id", id);
    }

    @Test
    void a_payment_runs_and_is_paid() {
        sandbox.faults().add(Fault.onCreate().provider("bavindo").customerDelay(Duration.ofMillis(300)));
        String id = created();
        assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{8}");
        JsonNode running = details(id);
        List<String> fields = new ArrayList<>();
        running.fieldNames().forEachRemaining(fields::add);
        assertThat(fields).containsExactlyElementsOf(DETAILS);
        assertThat(running.path("status").asText()).isEqualTo("inprogress");
        assertThat(nexo(running).at("/Response/Result").asText()).isEqualTo("Failure");
        assertThat(nexo(running).at("/Response/ErrorCondition").asText()).isEqualTo("InProgress");

        JsonNode paid = over(id);
        assertThat(paid.path("status").asText()).isEqualTo("success");
        assertThat(paid.path("payment_amount"))
                .isEqualTo(
                        Json.read(
                                "{\"currency\":\"EUR\",\"amount\":1000,\"amount_tip\":0,\"amount_total\":1000,\"amount_refunded\":0}"));
        assertThat(paid.at("/metadata/reference").asText()).isEqualTo("SO-1");
        assertThat(paid.path("environment").asText()).isEqualTo("live");
        assertThat(nexo(paid).at("/Response/Result").asText()).isEqualTo("Success");
        assertThat(nexo(paid).at("/MessageReference/ServiceID"))
                .isEqualTo(nexo(paid).at("/RepeatedMessageResponse/MessageHeader/ServiceID"));
        assertThat(inner(paid).at("/Response/Result").asText()).isEqualTo("Success");
        assertThat(inner(paid).at("/PaymentResult/AmountsResp/AuthorizedAmount").decimalValue())
                .isEqualByComparingTo("10.00");
        assertThat(inner(paid)
                        .at("/PaymentReceipt/0/OutputContent/OutputText/3/Text")
                        .asText())
                .startsWith("name=Datum&value=")
                .contains("%2F");
        assertThat(sandbox.book().chargesOf("REF-1")).singleElement().satisfies(charge -> assertThat(charge.amount())
                .isEqualTo(1000));
    }

    @Test
    void a_tip_comes_on_top() {
        sandbox.faults().add(Fault.onCreate().provider("bavindo").charged(1050));
        JsonNode paid = over(created());
        assertThat(paid.at("/payment_amount/amount").asLong()).isEqualTo(1000);
        assertThat(paid.at("/payment_amount/amount_tip").asLong()).isEqualTo(50);
        assertThat(paid.at("/payment_amount/amount_total").asLong()).isEqualTo(1050);
        assertThat(inner(paid).at("/PaymentResult/AmountsResp/AuthorizedAmount").decimalValue())
                .isEqualByComparingTo("10.50");
        assertThat(sandbox.book().total()).isEqualTo(1050);
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED, Refusal",
        "CANCELLED_AT_TERMINAL, Cancel",
        "CANCELLED_BY_TILL, Aborted",
        "TIMED_OUT, Cancel",
        "PROCESSING_ERROR, DeviceOut"
    })
    void what_is_not_paid_has_adyens_condition(Outcome outcome, String condition) {
        sandbox.faults().add(Fault.onCreate().provider("bavindo").outcome(outcome));
        JsonNode failed = over(created());
        assertThat(failed.path("status").asText()).isEqualTo("failure");
        assertThat(nexo(failed).at("/Response/Result").asText()).isEqualTo("Success");
        assertThat(inner(failed).at("/Response/Result").asText()).isEqualTo("Failure");
        assertThat(inner(failed).at("/Response/ErrorCondition").asText()).isEqualTo(condition);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @Test
    void requests_that_cannot_be_right_are_refused_and_start_nothing() {
        assertThat(call("POST", "/v1/payment/pos/create", null, wish(1000)).statusCode())
                .isEqualTo(401);
        assertThat(call("POST", "/v1/payment/pos/create", "nobody's", wish(1000))
                        .statusCode())
                .isEqualTo(401);
        assertThat(call("POST", "/v1/payment/pos/create", OTHER.key(), wish(1000))
                        .statusCode())
                .isEqualTo(403);
        assertThat(call("POST", "/v1/payment/pos/create", key(), wish(34)).statusCode())
                .isEqualTo(400);
        assertThat(call("POST", "/v1/payment/pos/create", key(), wish(1000).put("amount", "1000"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(call("POST", "/v1/payment/pos/create", key(), wish(1000).put("currency", "USD"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(call("POST", "/v1/payment/pos/create", key(), null).statusCode())
                .isEqualTo(400);
        assertThat(call("GET", "/v1/payment/pos/create", key(), null).statusCode())
                .isEqualTo(405);
        assertThat(call("GET", "/v1/payments", key(), null).statusCode()).isEqualTo(404);
        assertThat(call("GET", "/v1/payment/unknown", key(), null).statusCode()).isEqualTo(404);
        String id = created();
        assertThat(call("GET", "/v1/payment/" + id, OTHER.key(), null).statusCode())
                .isEqualTo(403);
        over(id);
        assertThat(sandbox.book().charges()).hasSize(1);
    }

    @Test
    void a_busy_terminal_takes_no_second_payment() {
        sandbox.faults()
                .add(Fault.onCreate()
                        .provider("bavindo")
                        .outcome(Outcome.NEVER_ENDS)
                        .times(1));
        created();
        HttpResponse<String> second = call("POST", "/v1/payment/pos/create", key(), wish(1000));
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @Test
    void a_cancel_ends_what_runs_and_nothing_else() {
        sandbox.faults()
                .add(Fault.onCreate()
                        .provider("bavindo")
                        .outcome(Outcome.NEVER_ENDS)
                        .times(1));
        String id = created();
        JsonNode answer = Json.read(
                call("POST", "/v1/payment/pos/cancel", key(), about(id)).body());
        assertThat(answer.path("event_type").asText()).isEqualTo("service.abort.request");
        assertThat(answer.path("event").asText()).isEqualTo("success");
        assertThat(answer.path("event_condition").asText()).isEqualTo("aborted");
        assertThat(inner(over(id)).at("/Response/AdditionalResponse").asText())
                .contains("refusalReason=104%20Merchant%20cancelled%20tx");
        JsonNode late = Json.read(
                call("POST", "/v1/payment/pos/cancel", key(), about(id)).body());
        assertThat(late.path("event").asText()).isEqualTo("failure");
        assertThat(call("POST", "/v1/payment/pos/cancel", key(), about("unknown"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_refund_gives_all_of_it_back_once_and_shows_when_it_does() {
        restart(BavindoSetup.Choices.DEFAULT.withRefundShows(Duration.ofMillis(400)));
        sandbox.faults().add(Fault.onCreate().provider("bavindo").charged(1050));
        String id = created();
        over(id);
        JsonNode answer = Json.read(call("POST", "/v1/payment/pos/refund/referenced", key(), about(id))
                .body());
        assertThat(answer.path("event").asText()).isEqualTo("success");
        assertThat(details(id).at("/payment_amount/amount_refunded").asLong()).isZero();
        assertThat(Json.read(call("POST", "/v1/payment/pos/refund/referenced", key(), about(id))
                                .body())
                        .path("event")
                        .asText())
                .isEqualTo("failure");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> details(id).at("/payment_amount/amount_refunded").asLong() == 1050);
        assertThat(details(id).path("status").asText()).isEqualTo("success");
        assertThat(sandbox.book().refunds()).singleElement().satisfies(back -> assertThat(back.amount())
                .isEqualTo(1050));
    }

    @Test
    void the_store_knows_its_terminals() {
        JsonNode own =
                Json.read(call("GET", "/v1/connected_terminals", key(), null).body());
        assertThat(own.findValuesAsText("terminal_id")).containsExactly(TILL);
        assertThat(own.at("/0/status").asText()).isEqualTo("initialised");
        JsonNode others = Json.read(
                call("GET", "/v1/connected_terminals", OTHER.key(), null).body());
        assertThat(others.findValuesAsText("terminal_id")).containsExactly("V400m-200000001");
    }

    @Test
    void the_event_comes_once_when_it_is_over() {
        String id = created();
        await().atMost(Duration.ofSeconds(5)).until(() -> received.size() == 1);
        JsonNode event = received.get(0);
        assertThat(event.path("event_type").asText()).isEqualTo("service.payment.response");
        assertThat(event.path("event").asText()).isEqualTo("success");
        assertThat(event.path("event_condition").isNull()).isTrue();
        assertThat(event.path("payment_id").asText()).isEqualTo(id);
        assertThat(event.at("/metadata/pinbridge_payment").asText()).isEqualTo("REF-1");
        assertThat(event.path("amount_total").asLong()).isEqualTo(1000);
        assertThat(event.at("/adyen_payload/SaleToPOIResponse/PaymentResponse/Response/Result")
                        .asText())
                .isEqualTo("Success");
    }

    @Test
    void the_display_comes_before_the_event_and_tells_neither() {
        restart(BavindoSetup.Choices.DEFAULT.withDisplay(true));
        sandbox.webhooks().add(WebhookScript.of(Way.ONCE).provider("bavindo").style("repeated"));
        sandbox.faults().add(Fault.onCreate().provider("bavindo").outcome(Outcome.DECLINED));
        created();
        await().atMost(Duration.ofSeconds(5)).until(() -> received.size() == 2);
        assertThat(received)
                .extracting(each -> each.path("event").asText())
                .containsExactlyInAnyOrder("tender_final", "failure");
        JsonNode event = received.stream()
                .filter(each -> each.path("event").asText().equals("failure"))
                .findFirst()
                .orElseThrow();
        assertThat(event.path("event_condition").asText()).isEqualTo("refusal");
        assertThat(event.at("/adyen_payload/SaleToPOIResponse/TransactionStatusResponse/Response/Result")
                        .asText())
                .isEqualTo("Success");
    }

    @Test
    void scripts_falsify_what_is_told_and_not_the_book() {
        sandbox.faults().add(Fault.onStatus().provider("bavindo").answer(new Answer.WrongAmount(7)));
        String id = created();
        JsonNode told = over(id);
        assertThat(told.at("/payment_amount/amount_total").asLong()).isEqualTo(7);
        assertThat(inner(told).at("/PaymentResult/AmountsResp/AuthorizedAmount").decimalValue())
                .isEqualByComparingTo("0.07");
        sandbox.faults().clear();
        sandbox.faults()
                .add(Fault.onCreate()
                        .provider("bavindo")
                        .outcome(Outcome.PAID)
                        .field(
                                "/adyen_response/SaleToPOIResponse/TransactionStatusResponse/RepeatedMessageResponse/RepeatedResponseMessageBody/PaymentResponse/Response/Result",
                                TextNode.valueOf("Failure")));
        assertThat(inner(over(created())).at("/Response/Result").asText()).isEqualTo("Failure");
        assertThat(sandbox.book().total()).isEqualTo(2000);
    }

    @Test
    void after_two_days_adyen_says_nothing_more() {
        restart(BavindoSetup.Choices.DEFAULT.withAdyenResponse(false));
        assertThat(over(created()).path("adyen_response").isNull()).isTrue();
    }

    @Test
    void the_address_of_the_webhooks_can_be_set_over_http() throws Exception {
        HttpRequest set = HttpRequest.newBuilder(URI.create(sandbox.url() + "/sandbox/bavindo/webhook"))
                .PUT(BodyPublishers.ofString("{\"url\": null}"))
                .build();
        assertThat(http.send(set, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        over(created());
        assertThat(sandbox.webhooks().sent()).isEmpty();
    }
}
