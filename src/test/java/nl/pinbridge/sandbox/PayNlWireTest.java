package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers compared with the samples and tables in providers/paynl.md §3 to §13. */
class PayNlWireTest {
    private static final SandboxOptions OPTIONS =
            SandboxOptions.defaults().withPayNl(PayNlTill.SETUP).withCustomerDelay(Duration.ofMillis(20));

    private @Nullable Sandbox started;
    private Sandbox sandbox;
    private PayNlTill till;

    @BeforeEach
    void start() {
        restart(OPTIONS);
    }

    private void restart(SandboxOptions options) {
        stop();
        sandbox = Sandbox.start(options);
        started = sandbox;
        till = new PayNlTill(sandbox);
    }

    private void restart(PayNlChoices choices) {
        restart(OPTIONS.withPayNl(PayNlTill.SETUP.withChoices(choices)));
    }

    @AfterEach
    void stop() {
        if (started != null) {
            started.close();
        }
    }

    private JsonNode ended(String id) {
        return await().pollInterval(Duration.ofMillis(10)).until(() -> till.order(id), order -> {
            int code = order.at("/status/code").asInt();
            return code != 20 && code != 50;
        });
    }

    private JsonNode paid(long cents, String reference) {
        return ended(till.started(PayNlTill.pin(cents, reference)));
    }

    private String authorised(long cents) {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.AUTHORISED).times(1));
        return paid(cents, "reserved").path("id").asText();
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void error(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = Till.json(answer);
        assertThat(fields(error)).startsWith("type", "code", "title", "detail");
        assertThat(error.path("type").asText()).isEqualTo("https://developer.pay.nl/docs/error-codes");
        assertThat(error.path("code").asText()).isEqualTo(code);
    }

    @Test
    void create_answers_with_the_whole_order_and_a_pending_code() {
        HttpResponse<String> answer = till.create(PayNlTill.pin(150, "REF1234"));
        JsonNode order = Till.json(answer);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(fields(order))
                .containsExactly(
                        "id",
                        "type",
                        "serviceId",
                        "description",
                        "reference",
                        "manualTransferCode",
                        "orderId",
                        "uuid",
                        "customerKey",
                        "status",
                        "receipt",
                        "integration",
                        "stats",
                        "transferData",
                        "amount",
                        "authorizedAmount",
                        "capturedAmount",
                        "checkoutData",
                        "payments",
                        "createdAt",
                        "createdBy",
                        "modifiedAt",
                        "modifiedBy",
                        "expiresAt",
                        "completedAt",
                        "links");
        assertThat(order.path("status").toString()).isEqualTo("{\"code\":20,\"action\":\"INIT\"}");
        assertThat(order.path("amount").toString()).isEqualTo("{\"value\":150,\"currency\":\"EUR\"}");
        assertThat(order.path("type").asText()).isEqualTo("sale");
        assertThat(order.path("orderId").asText()).matches("[0-9]{11}X[0-9a-f]{4}");
        assertThat(order.path("id").asText()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(order.path("uuid").asText()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(order.path("manualTransferCode").asText()).matches("9000 [0-9]{4} [0-9]{4} [0-9]{4}");
        assertThat(order.at("/payments/0/supplierData").isNull()).isTrue();
        assertThat(order.at("/payments/0/paymentMethod").toString())
                .isEqualTo("{\"id\":1927,\"input\":{\"terminalCode\":\"TH-1234-5678\",\"terminalPin\":null}}");
        assertThat(order.at("/integration/pointOfInteraction").asText()).isEqualTo("IN_PERSON");
        assertThat(order.path("createdBy").asText()).isEqualTo("AT-1234-5678");
        assertThat(order.path("receipt").isNull()).isTrue();
    }

    @Test
    void a_paid_order_has_exactly_the_fields_of_the_sample_when_the_newer_ones_are_left_out() throws Exception {
        restart(PayNlChoices.DEFAULT.withNewerFields(false));
        JsonNode order = paid(150, "REF1234");
        JsonNode sample = Till.JSON.readTree(getClass().getResourceAsStream("/sandbox/paynl-order-paid.json"));

        assertThat(shape(order)).isEqualTo(shape(sample));
        for (String same : List.of(
                "/type",
                "/serviceId",
                "/reference",
                "/status",
                "/integration",
                "/amount",
                "/payments/0/paymentMethod",
                "/payments/0/customerKey",
                "/payments/0/customerId",
                "/payments/0/paymentVerificationMethod",
                "/payments/0/status",
                "/payments/0/currencyAmount",
                "/payments/0/supplierData/incident_code",
                "/payments/0/supplierData/incident_text",
                "/payments/0/supplierData/ticket_data/transaction_amount",
                "/payments/0/supplierData/ticket_data/card_number",
                "/createdBy",
                "/completedAt")) {
            assertThat(order.at(same)).as(same).isEqualTo(sample.at(same));
        }
        assertThat(order.at("/payments/0/supplierData/ticket_data/merchant_reference"))
                .isEqualTo(order.path("manualTransferCode"));
    }

    /** Names and kinds of everything, in order; null goes with every kind. */
    private static String shape(JsonNode node) {
        StringBuilder shape = new StringBuilder();
        node.fields().forEachRemaining(field -> {
            shape.append(field.getKey());
            JsonNode value = field.getValue();
            if (value.isObject() || value.isArray()) {
                shape.append('{')
                        .append(shape(value.isArray() ? value.path(0) : value))
                        .append('}');
            } else if (value.isNumber() || value.isBoolean()) {
                shape.append(value.getNodeType());
            }
            shape.append(' ');
        });
        return shape.toString();
    }

    @Test
    void the_receipt_is_base64_of_a_list_of_lines() throws Exception {
        JsonNode order = paid(1050, "a");
        JsonNode lines = Till.JSON.readTree(
                new String(Base64.getDecoder().decode(order.path("receipt").asText()), StandardCharsets.UTF_8));

        assertThat(lines).allMatch(JsonNode::isTextual);
        assertThat(lines)
                .extracting(JsonNode::asText)
                .startsWith(" Customer's receipt", " ", "  Jasper's Bedrijf  ")
                .contains("Totaal: 10,50 EUR");
    }

    @Test
    void the_book_gets_one_charge_whatever_was_told() {
        String id = paid(1050, "so-1").path("id").asText();

        assertThat(sandbox.book().charges())
                .extracting(
                        Charge::provider,
                        Charge::terminal,
                        Charge::transactionId,
                        Charge::ownReference,
                        Charge::amount,
                        Charge::type)
                .containsExactly(tuple("paynl", PayNlTill.TERMINAL, id, "so-1", 1050L, "payment"));
    }

    @Test
    void a_status_without_login_lacks_the_data_of_the_store() {
        String id = paid(150, "a").path("id").asText();
        JsonNode order = Till.json(till.send("GET", sandbox.payNlUrl() + "/v1/orders/" + id + "/status", null, null));

        assertThat(order.at("/status/code").asInt()).isEqualTo(100);
        assertThat(order.path("receipt").isTextual()).isTrue();
        assertThat(order.at("/payments/0/supplierData").isNull()).isTrue();
        assertThat(order.at("/payments/0/customerId").isNull()).isTrue();
        assertThat(order.at("/payments/0/customerKey").asText()).contains("****");
    }

    @Test
    void the_links_lead_to_the_same_core_and_work() {
        JsonNode order = paid(150, "a");

        assertThat(order.at("/links/status").asText())
                .isEqualTo(sandbox.payNlUrl() + "/v1/orders/" + order.path("id").asText() + "/status");
        assertThat(till.send("GET", order.at("/links/status").asText(), PayNlTill.TOKEN, null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(fields(order.path("links")))
                .containsExactly(
                        "status",
                        "abort",
                        "approve",
                        "decline",
                        "void",
                        "capture",
                        "captureAmount",
                        "captureProducts",
                        "debug",
                        "checkout",
                        "redirect");
    }

    @Test
    void an_order_is_also_found_by_its_order_id() {
        JsonNode order = paid(150, "a");

        assertThat(till.order(order.path("orderId").asText()).path("id")).isEqualTo(order.path("id"));
        error(till.status("67f531c2-5114-8d75-136c-2265038314b1"), 404, "PAY-001");
    }

    @Test
    void ids_begin_with_any_digit() {
        List<String> ids = List.of(
                till.started(PayNlTill.order(1927, PayNlTill.TERMINAL, 1, "a")),
                till.started(PayNlTill.order(1927, PayNlTill.OTHER, 1, "b")));

        assertThat(ids).anyMatch(id -> id.startsWith("0")).anyMatch(id -> !id.startsWith("0"));
    }

    @Test
    void both_logins_work_and_the_calls_tell_them_apart() {
        String orders = sandbox.payNlUrl() + "/v1/orders";
        String sample = PayNlTill.basic("token", PayNlTill.SETUP.token());
        for (String login : List.of(PayNlTill.TOKEN, PayNlTill.SERVICE, sample)) {
            assertThat(till.send("POST", orders, login, PayNlTill.pin(100, "a").toString())
                            .statusCode())
                    .isEqualTo(200);
            await().until(() -> sandbox.book().size() == sandbox.calls().count("create", "a"));
        }

        assertThat(sandbox.calls().matching("create", null, null, null))
                .extracting(Call::login)
                .containsExactly("AT-1234-5678", "SL-1234-5678", "AT-1234-5678");
        assertThat(sandbox.calls().all().toString())
                .doesNotContain(
                        PayNlTill.SETUP.token(), PayNlTill.SETUP.service().secret());
    }

    @Test
    void a_wrong_or_missing_login_does_nothing() {
        String orders = sandbox.payNlUrl() + "/v1/orders";
        String body = PayNlTill.pin(100, "a").toString();
        String id = paid(100, "b").path("id").asText();
        String wrong = PayNlTill.basic("AT-1234-5678", "guess");

        error(till.send("POST", orders, null, body), 401, "");
        error(till.send("POST", orders, wrong, body), 401, "");
        error(till.send("POST", orders, "Basic %%%", body), 401, "");
        error(till.send("GET", orders + "/" + id + "/status", wrong, null), 401, "");
        error(till.send("PATCH", orders + "/" + id + "/abort", null, null), 401, "");
        error(till.send("GET", sandbox.payNlRestUrl() + "/terminals", null, null), 401, "");
        assertThat(sandbox.book().charges()).hasSize(1);
    }

    @Test
    void a_sales_location_sees_its_own_orders_only() {
        restart(OPTIONS.withPayNl(PayNlTill.SETUP.withService("SL-2222-2222", "second")));
        String id = paid(100, "a").path("id").asText();
        String other = PayNlTill.basic("SL-2222-2222", "second");

        error(till.send("GET", sandbox.payNlUrl() + "/v1/orders/" + id + "/status", other, null), 404, "PAY-001");
        error(
                till.send(
                        "POST",
                        sandbox.payNlUrl() + "/v1/orders",
                        other,
                        PayNlTill.pin(1, "b").toString()),
                403,
                "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/amount/value|0|PAY-1400",
                "/amount/value|-1|PAY-1400",
                "/amount/value|1.5|PAY-1400",
                "/amount/value|\"150\"|PAY-1400",
                "/amount/value|null|PAY-1400",
                "/amount/currency|\"USD\"|PAY-1400",
                "/serviceId|null|PAY-1400",
                "/serviceId|\"SL-0000-0000\"|PAY-004",
                "/paymentMethod/id|10|PAY-408",
                "/paymentMethod/id|null|PAY-405",
                "/paymentMethod/input/terminalCode|\"TH-0000-0000\"|PAY-1400",
                "/reference|\"so_1\"|PAY-1400",
                "/integration|{\"pointOfInteraction\":\"ECOMMERCE\"}|PAY-1400"
            })
    void a_wrong_field_starts_nothing(String pointer, String value, String code) throws Exception {
        ObjectNode order = PayNlTill.pin(150, "a");
        Fields.put(order, java.util.Map.of(pointer, Till.JSON.readTree(value)));

        error(till.create(order), 400, code);
        assertThat(sandbox.standIns().get(1).payments()).isEmpty();
    }

    @Test
    void a_wrong_field_is_named_as_the_clients_read_it() {
        JsonNode error = Till.json(till.create(PayNlTill.pin(0, "a")));

        assertThat(error.path("title").asText()).isEqualTo("Foute aanvraag");
        assertThat(error.at("/violations/0/propertyPath").asText()).isEqualTo("amount.value");
        assertThat(fields(error.at("/violations/0"))).containsExactly("propertyPath", "message", "code");
    }

    @Test
    void what_is_no_json_and_what_is_no_path_is_refused() {
        error(till.send("POST", sandbox.payNlUrl() + "/v1/orders", PayNlTill.TOKEN, "{"), 400, "PAY-1400");
        error(till.send("GET", sandbox.payNlUrl() + "/v1/orders", PayNlTill.TOKEN, null), 405, "");
        error(till.send("GET", sandbox.payNlUrl() + "/v2/orders/1/status", PayNlTill.TOKEN, null), 404, "");
        error(till.send("POST", sandbox.url() + "/paynl/core9/v1/orders", PayNlTill.TOKEN, "{}"), 404, "");
        error(till.rest("GET", "/merchants", null), 404, "");
    }

    @Test
    void the_same_reference_twice_is_two_charges_and_there_is_no_finding_by_reference() {
        paid(100, "same");
        paid(100, "same");

        assertThat(sandbox.book().chargesOf("same")).hasSize(2);
        error(till.status("same"), 404, "PAY-001");
    }

    @Test
    void a_busy_terminal_starts_nothing() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS));
        till.started(PayNlTill.pin(100, "a"));

        error(till.create(PayNlTill.pin(100, "b")), 400, "PAY-9206");
        assertThat(till.create(PayNlTill.order(1927, PayNlTill.OTHER, 100, "c")).statusCode())
                .isEqualTo(200);
        assertThat(sandbox.standIns().get(1).payments()).hasSize(2);
    }

    @Test
    void a_terminal_that_is_off_says_so() {
        restart(OPTIONS.withPayNl(
                PayNlTill.SETUP.withTerminals(List.of(new PayNlSetup.Terminal(PayNlTill.TERMINAL, true, false)))));
        HttpResponse<String> answer = till.create(PayNlTill.pin(100, "a"));

        error(answer, 400, "PAY-1400");
        assertThat(Till.json(answer).path("detail").asText()).isEqualTo("terminal not connected");
        assertThat(Till.json(till.rest("GET", "/terminals/" + PayNlTill.TERMINAL, null))
                        .path("connectionStatus")
                        .asText())
                .isEqualTo("UNKNOWN");
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED,-63,DENIED,2631,HOST CANCELLATION",
        "CANCELLED_AT_TERMINAL,-90,CANCEL,2629,USER_CANCELLATION",
        "TIMED_OUT,-80,EXPIRED,1803,TIMEOUT_EXPIRATION",
        "PROCESSING_ERROR,-60,FAILURE,1811,TECHNICAL_PROBLEM"
    })
    void what_is_not_paid_has_a_code_and_an_incident(
            Outcome outcome, int code, String action, String incident, String text) {
        sandbox.faults().add(Fault.onCreate().outcome(outcome));
        JsonNode order = paid(150, "a");

        assertThat(order.at("/status/code").asInt()).isEqualTo(code);
        assertThat(order.at("/payments/0/status/action").asText()).isEqualTo(action);
        assertThat(order.at("/payments/0/supplierData/incident_code").asText()).isEqualTo(incident);
        assertThat(order.at("/payments/0/supplierData/incident_text").asText()).isEqualTo(text);
        assertThat(order.at("/payments/0/supplierData/authorization_code").isNull())
                .isTrue();
        assertThat(order.path("receipt").isNull()).isTrue();
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-60, -63, -64, -90, -80})
    void a_declined_card_can_have_any_code_beside_its_incident(int code) {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.DECLINED).code(Integer.toString(code)));
        JsonNode order = paid(150, "a");

        assertThat(order.at("/status/code").asInt()).isEqualTo(code);
        assertThat(order.at("/payments/0/supplierData/incident_code").asText()).isEqualTo("2631");
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1803", "2629", "2630", "2631", "4100", "1822", "1811", "4101", "1802", "1000", "9999"})
    void every_incident_code_can_be_scripted(String incident) {
        sandbox.faults().add(Fault.onCreate().code("-60").incident(incident));

        assertThat(paid(150, "a").at("/payments/0/supplierData/incident_code").asText())
                .isEqualTo(incident);
    }

    @ParameterizedTest
    @CsvSource({
        "20,true,0",
        "25,true,0",
        "40,true,0",
        "60,true,0",
        "75,true,0",
        "76,true,0",
        "80,true,0",
        "85,false,0",
        "90,true,0",
        "95,false,0",
        "97,false,0",
        "98,true,0",
        "100,false,1",
        "-51,false,1",
        "-60,false,0",
        "-61,false,0",
        "-63,false,0",
        "-64,false,0",
        "-70,false,0",
        "-71,false,0",
        "-72,false,0",
        "-80,false,0",
        "-81,false,0",
        "-82,false,0",
        "-90,false,0",
        "77,true,0",
        "-77,false,0"
    })
    void every_status_code_can_be_scripted(int code, boolean busy, int charges) {
        sandbox.faults().add(Fault.onCreate().code(Integer.toString(code)).incident("0000"));
        String id = till.started(PayNlTill.pin(150, "a"));
        await().until(() -> till.code(id) == code);

        assertThat(sandbox.book().charges()).hasSize(charges);
        assertThat(sandbox.standIns().get(1).terminals().get(0).running()).isEqualTo(busy ? 1 : 0);
    }

    @Test
    void a_card_can_be_charged_another_amount_than_was_asked() {
        sandbox.faults().add(Fault.onCreate().code("-51").charged(140));
        JsonNode order = paid(150, "a");

        assertThat(order.at("/status/action").asText()).isEqualTo("PAID_CHECKAMOUNT");
        assertThat(order.at("/amount/value").asLong()).isEqualTo(150);
        assertThat(order.at("/capturedAmount/value").asLong()).isEqualTo(140);
        assertThat(sandbox.book().total()).isEqualTo(140);
    }

    @Test
    void f60_an_order_that_was_cancelled_can_be_paid_afterwards() {
        sandbox.faults()
                .add(Fault.onCreate()
                        .outcome(Outcome.CANCELLED_AT_TERMINAL)
                        .then(Outcome.PAID, Duration.ofMillis(300)));
        JsonNode order = paid(150, "a");
        assertThat(order.at("/status/code").asInt()).isEqualTo(-90);
        assertThat(sandbox.book().charges()).isEmpty();

        await().until(() -> till.code(order.path("id").asText()) == 100);
        assertThat(sandbox.book().charges()).hasSize(1);
    }

    @Test
    void fields_can_have_any_form_in_everything_that_is_told() throws Exception {
        sandbox.faults()
                .add(Fault.onCreate()
                        .field("/transferData", Till.JSON.readTree("[]"))
                        .field("/payments/0/paymentMethod/input", Till.JSON.readTree("[]"))
                        .field("/payments/0/customerMethod", Till.JSON.readTree("{\"type\":\"iban\"}"))
                        .field("/nowhere/at/all", Till.JSON.readTree("1")));
        ObjectNode sent = PayNlTill.pin(150, "a");
        sent.putObject("stats").put("extra1", "4711");
        JsonNode order = ended(till.started(sent));

        assertThat(order.path("transferData").isArray()).isTrue();
        assertThat(order.at("/payments/0/paymentMethod/input").isArray()).isTrue();
        assertThat(order.at("/payments/0/customerMethod/type").asText()).isEqualTo("iban");
        assertThat(order.at("/stats/extra1").asText()).isEqualTo("4711");
        assertThat(fields(order.path("stats"))).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"key\":\"value\"}", "null"})
    void transfer_data_comes_back_as_it_was_sent(String form) throws Exception {
        ObjectNode sent = PayNlTill.pin(150, "a");
        sent.set("transferData", Till.JSON.readTree(form));

        assertThat(Till.json(till.create(sent)).path("transferData").toString()).isEqualTo(form);
    }

    @Test
    void abort_cancels_what_is_pending_and_frees_the_terminal() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS).times(1));
        String id = till.started(PayNlTill.pin(150, "a"));
        HttpResponse<String> answer = till.call("PATCH", id, "abort");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Till.json(answer).path("status").toString()).isEqualTo("{\"code\":-90,\"action\":\"CANCEL\"}");
        assertThat(till.create(PayNlTill.pin(100, "b")).statusCode()).isEqualTo(200);
        error(till.call("PATCH", id, "abort"), 400, "PAY-406");
    }

    @Test
    void abort_of_a_paid_order_is_refused_in_the_documented_words() {
        HttpResponse<String> answer =
                till.call("PATCH", paid(150, "a").path("id").asText(), "abort");

        error(answer, 400, "PAY-406");
        assertThat(Till.json(answer).path("detail").asText()).isEqualTo("Transaction cannot be aborted in this state");
    }

    @Test
    void f41_a_card_can_be_approved_in_the_moment_of_the_abort() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS));
        sandbox.faults().add(Fault.on("abort").outcome(Outcome.PAID));
        String id = till.started(PayNlTill.pin(150, "a"));

        error(till.call("PATCH", id, "abort"), 400, "PAY-406");
        assertThat(till.code(id)).isEqualTo(100);
        assertThat(sandbox.book().charges()).hasSize(1);
    }

    @Test
    void f60_an_aborted_order_can_be_paid_afterwards() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS));
        sandbox.faults()
                .add(Fault.on("abort").outcome(Outcome.CANCELLED_BY_TILL).then(Outcome.PAID, Duration.ofMillis(200)));
        String id = till.started(PayNlTill.pin(150, "a"));

        assertThat(Till.json(till.call("PATCH", id, "abort")).at("/status/code").asInt())
                .isEqualTo(-90);
        await().until(() -> till.code(id) == 100);
        assertThat(sandbox.book().charges()).hasSize(1);
    }

    @Test
    void a_reservation_is_booked_apart_and_captured_whole() {
        String id = authorised(10_000);
        assertThat(till.order(id).at("/authorizedAmount/value").asLong()).isEqualTo(10_000);
        assertThat(sandbox.book().charges()).isEmpty();
        assertThat(sandbox.book().reservations()).extracting(Charge::type).containsExactly("authorisation");

        JsonNode order = Till.json(till.call("PATCH", id, "capture"));

        assertThat(order.at("/status/code").asInt()).isEqualTo(100);
        assertThat(order.at("/capturedAmount/value").asLong()).isEqualTo(10_000);
        assertThat(sandbox.book().charges())
                .extracting(Charge::type, Charge::amount)
                .containsExactly(tuple("capture", 10_000L));
        error(till.call("PATCH", id, "capture"), 400, "PAY-1400");
    }

    @ParameterizedTest
    @ValueSource(ints = {97, 95})
    void partial_captures_add_up(int partly) {
        restart(PayNlChoices.DEFAULT.withCodes(PayNlChoices.DEFAULT.codes().withPartlyCaptured(partly)));
        String id = authorised(10_000);
        JsonNode first = Till.json(till.callLater("PATCH", id, "capture/amount", "{\"amount\":4242}")
                .join());
        assertThat(first.at("/status/code").asInt()).isEqualTo(partly);
        assertThat(first.at("/authorizedAmount/value").asLong()).isEqualTo(10_000);
        assertThat(first.at("/capturedAmount/value").asLong()).isEqualTo(4_242);

        error(till.callLater("PATCH", id, "capture/amount", "{\"amount\":5759}").join(), 400, "PAY-1400");
        error(till.callLater("PATCH", id, "capture/amount", "{}").join(), 400, "PAY-1400");
        JsonNode second = Till.json(till.callLater("PATCH", id, "capture/amount", "{\"amount\":5758}")
                .join());

        assertThat(second.at("/status/code").asInt()).isEqualTo(100);
        assertThat(sandbox.book().charges()).extracting(Charge::amount).containsExactly(4_242L, 5_758L);
    }

    @Test
    void products_are_captured_at_their_price() throws Exception {
        ObjectNode sent = PayNlTill.pin(1_000, "a");
        sent.putObject("order")
                .set("products", Till.JSON.readTree("[{\"id\":\"P1\",\"price\":{\"value\":300},\"quantity\":2}]"));
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.AUTHORISED));
        String id = ended(till.started(sent)).path("id").asText();
        JsonNode order = Till.json(
                till.callLater("PATCH", id, "capture/products", "{\"products\":[{\"id\":\"P1\",\"quantity\":2}]}")
                        .join());

        assertThat(order.at("/capturedAmount/value").asLong()).isEqualTo(600);
        error(
                till.callLater("PATCH", id, "capture/products", "{\"products\":[{\"id\":\"P2\",\"quantity\":1}]}")
                        .join(),
                400,
                "PAY-1400");
    }

    @Test
    void void_gives_a_reservation_up_and_nothing_else() {
        String id = authorised(10_000);
        JsonNode order = Till.json(till.call("PATCH", id, "void"));

        assertThat(order.path("status").toString()).isEqualTo("{\"code\":-61,\"action\":\"CANCEL\"}");
        assertThat(sandbox.book().reservations()).extracting(Charge::type).containsExactly("authorisation", "release");
        assertThat(sandbox.book().charges()).isEmpty();
        error(till.call("PATCH", paid(1, "b").path("id").asText(), "void"), 400, "PAY-1400");
    }

    @Test
    void approve_and_decline_are_for_what_waits_for_a_check() {
        sandbox.faults().add(Fault.onCreate().code("85").times(2));
        String good = paid(150, "a").path("id").asText();
        String bad = paid(150, "b").path("id").asText();

        assertThat(Till.json(till.call("PATCH", good, "approve"))
                        .at("/status/code")
                        .asInt())
                .isEqualTo(100);
        assertThat(Till.json(till.call("PATCH", bad, "decline"))
                        .at("/status/code")
                        .asInt())
                .isEqualTo(-64);
        assertThat(sandbox.book().charges()).extracting(Charge::transactionId).containsExactly(good);
        error(till.call("PATCH", good, "approve"), 400, "PAY-1400");
        error(till.call("PATCH", good, "decline"), 400, "PAY-1400");
    }

    @Test
    void a_card_refund_is_a_new_order_of_type_credit() {
        String sale = paid(500, "sale").path("id").asText();
        JsonNode answer = Till.json(till.create(PayNlTill.order(2351, PayNlTill.TERMINAL, 200, "back")));
        JsonNode credit = ended(answer.path("id").asText());

        assertThat(answer.path("type").asText()).isEqualTo("credit");
        assertThat(credit.at("/status/code").asInt()).isEqualTo(100);
        assertThat(credit.at("/payments/0/paymentMethod/id").asInt()).isEqualTo(2351);
        assertThat(credit.path("id").asText()).isNotEqualTo(sale);
        assertThat(till.code(sale)).isEqualTo(100);
        assertThat(sandbox.book().refunds())
                .extracting(Charge::ownReference, Charge::amount, Charge::type)
                .containsExactly(tuple("back", 200L, "refund"));
        assertThat(sandbox.calls().count("refund", "back")).isEqualTo(1);
    }

    @Test
    void a_terminal_that_may_not_refund_does_not() {
        restart(OPTIONS.withPayNl(
                PayNlTill.SETUP.withTerminals(List.of(new PayNlSetup.Terminal(PayNlTill.TERMINAL, false, true)))));

        error(till.create(PayNlTill.order(2351, PayNlTill.TERMINAL, 200, "back")), 400, "PAY-408");
        assertThat(Till.json(till.rest("GET", "/terminals", null))
                        .at("/terminals/0/paymentTypes")
                        .toString())
                .isEqualTo("[\"PAYMENT\"]");
    }

    @Test
    void a_refund_without_card_names_the_order_id_and_adds_up() {
        restart(PayNlChoices.DEFAULT.withRefundPause(Duration.ZERO));
        JsonNode order = paid(500, "a");
        String path = "/transactions/" + order.path("orderId").asText() + "/refund";
        JsonNode answer = Till.json(till.rest(
                "PATCH", path, "{\"amount\":{\"value\":200,\"currency\":\"EUR\"},\"description\":\"Item returned\"}"));

        assertThat(fields(answer))
                .containsExactly(
                        "orderId",
                        "transactionId",
                        "description",
                        "processDate",
                        "amount",
                        "amountRefunded",
                        "refundedTransactions",
                        "createdAt",
                        "createdBy");
        assertThat(answer.at("/amountRefunded/value").asLong()).isEqualTo(200);
        assertThat(answer.path("transactionId").asText()).matches("EX-[0-9]{4}-[0-9]{4}-[0-9]{4}");
        assertThat(answer.at("/refundedTransactions/0/refund/id").asText()).matches("RF-[0-9]{4}-[0-9]{4}-[0-9]{4}");
        assertThat(till.code(order.path("id").asText())).isEqualTo(-82);

        String byCode = "/transactions/" + answer.path("transactionId").asText();
        assertThat(till.rest("PATCH", byCode + "/refund", null).statusCode()).isEqualTo(200);
        JsonNode transaction = Till.json(till.rest("GET", byCode, null));
        assertThat(transaction.at("/amountRefunded/value").asLong()).isEqualTo(500);
        assertThat(transaction.at("/amountPaid/value").asLong()).isEqualTo(500);
        assertThat(till.code(order.path("id").asText())).isEqualTo(-81);
        assertThat(sandbox.book().refunds()).extracting(Charge::amount).containsExactly(200L, 300L);
    }

    private static void restError(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(Till.json(answer).at("/errors/general/code").asText()).isEqualTo(code);
    }

    @Test
    void a_second_refund_within_six_seconds_is_too_fast() {
        String path = "/transactions/" + paid(500, "a").path("orderId").asText() + "/refund";
        String part = "{\"amount\":{\"value\":100}}";

        assertThat(till.rest("PATCH", path, part).statusCode()).isEqualTo(200);
        restError(till.rest("PATCH", path, part), 400, "PAY-014");
        assertThat(sandbox.book().refunded()).isEqualTo(100);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> till.rest("PATCH", path, part).statusCode() == 200);
        assertThat(sandbox.book().refunded()).isEqualTo(200);
    }

    @Test
    void a_refund_that_cannot_be_is_refused() {
        String path = "/transactions/" + paid(500, "a").path("orderId").asText() + "/refund";
        restError(till.rest("PATCH", path, "{\"amount\":{\"value\":501}}"), 400, "PAY-015");
        restError(till.rest("PATCH", path, "{\"amount\":{\"value\":0}}"), 400, "PAY-015");
        restError(till.rest("PATCH", "/transactions/EX-0000-0000-0000/refund", null), 404, "PAY-001");
        sandbox.act(
                java.util.Objects.requireNonNull(sandbox.calls()
                        .matching("create", null, null, null)
                        .get(0)
                        .transactionId()),
                Ending.ofCode("-71"));
        restError(till.rest("PATCH", path, null), 400, "PAY-013");
        assertThat(sandbox.book().refunds()).extracting(Charge::type).containsExactly("chargeback");

        restart(PayNlChoices.DEFAULT.withCardlessRefunds(false));
        String never = "/transactions/" + paid(500, "a").path("orderId").asText() + "/refund";
        restError(till.rest("PATCH", never, null), 400, "INVALID_TRANSACTION_STATUS");
    }

    @Test
    void terminals_come_in_pages_with_the_fields_of_the_sample() {
        JsonNode first = Till.json(till.rest("GET", "/terminals?limit=1&page=1", null));

        assertThat(first.path("total").asInt()).isEqualTo(2);
        assertThat(first.path("count").asInt()).isEqualTo(1);
        assertThat(first.path("pages").asInt()).isEqualTo(2);
        assertThat(first.path("_links")).hasSize(1);
        JsonNode terminal = first.at("/terminals/0");
        assertThat(fields(terminal))
                .startsWith("code", "name", "attribution", "status", "connectionStatus", "merchant", "service");
        assertThat(terminal.path("code").asText()).isEqualTo(PayNlTill.TERMINAL);
        assertThat(terminal.path("connectionStatus").asText()).isEqualTo("ONLINE");
        assertThat(terminal.path("paymentTypes").toString()).contains("REFUND");
        assertThat(Till.json(till.rest("GET", "/terminals?limit=1&page=2", null))
                        .at("/terminals/0/code")
                        .asText())
                .isEqualTo(PayNlTill.OTHER);
        assertThat(Till.json(till.rest("GET", "/terminals?limit=1&page=3", null))
                        .path("terminals"))
                .isEmpty();
        assertThat(Till.json(till.rest("GET", "/terminals?merchant%5Bneq%5D=M-3421-2120", null))
                        .path("total")
                        .asInt())
                .isZero();
        assertThat(Till.json(till.rest("GET", "/terminals/" + PayNlTill.OTHER, null))
                        .path("code")
                        .asText())
                .isEqualTo(PayNlTill.OTHER);
        restError(till.rest("GET", "/terminals/TH-0000-0000", null), 404, "PAY-1400");
        error(till.send("GET", sandbox.payNlRestUrl() + "/terminals", PayNlTill.SERVICE, null), 403, "");
    }

    @Test
    void every_core_is_told_apart_and_a_create_at_two_of_them_is_two_orders() {
        restart(PayNlChoices.DEFAULT.withStartBesides(true));
        String body = PayNlTill.pin(100, "a").toString();
        String id = Till.json(till.send("POST", sandbox.payNlUrl() + "/v1/orders", PayNlTill.TOKEN, body))
                .path("id")
                .asText();
        till.send("POST", sandbox.payNlCoreUrl(2) + "/v1/orders", PayNlTill.TOKEN, body);
        for (int core = 2; core <= 4; core++) {
            assertThat(till.send(
                                    "GET",
                                    sandbox.payNlCoreUrl(core) + "/v1/orders/" + id + "/status",
                                    PayNlTill.TOKEN,
                                    null)
                            .statusCode())
                    .isEqualTo(200);
        }
        till.rest("GET", "/terminals", null);

        assertThat(sandbox.calls().all())
                .extracting(Call::host)
                .containsExactly(
                        "connect.pay.nl",
                        "connect.payments.nl",
                        "connect.payments.nl",
                        "connect.achterelkebetaling.nl",
                        "connect.premium-pay.nl",
                        "rest.pay.nl");
        assertThat(sandbox.calls().at("connect.payments.nl"))
                .extracting(Call::operation)
                .containsExactly("create", "status");
        await().until(() -> sandbox.book().chargesOf("a").size() == 2);
    }

    @Test
    void too_many_calls_are_refused_and_do_nothing() {
        restart(PayNlChoices.DEFAULT.withLimits(2, 150));
        till.started(PayNlTill.pin(100, "a"));
        till.create(PayNlTill.order(1927, PayNlTill.OTHER, 100, "b"));

        error(till.create(PayNlTill.pin(100, "c")), 429, "");
        assertThat(sandbox.standIns().get(1).payments()).hasSize(2);
    }

    @Test
    void too_many_calls_at_once_are_refused_and_do_nothing() {
        restart(PayNlChoices.DEFAULT.withLimits(1_500, 1));
        sandbox.faults().add(Fault.onCreate().held().times(1));
        var first = till.createLater(PayNlTill.pin(100, "a"));
        await().until(() -> sandbox.held() == 1);

        error(till.create(PayNlTill.order(1927, PayNlTill.OTHER, 100, "b")), 429, "");
        sandbox.release();
        assertThat(first.join().statusCode()).isEqualTo(200);
        assertThat(till.create(PayNlTill.order(1927, PayNlTill.OTHER, 100, "c")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void test_amounts_choose_here_too() {
        restart(OPTIONS.withTestAmounts(true));

        assertThat(paid(1_001, "a").at("/payments/0/supplierData/incident_code").asText())
                .isEqualTo("2631");
        assertThat(till.create(PayNlTill.pin(1_008, "b")).statusCode()).isEqualTo(502);
    }

    @Test
    void the_http_status_of_create_can_be_another() {
        restart(PayNlChoices.DEFAULT.withHttp(PayNlChoices.DEFAULT.http().withCreated(201)));

        assertThat(till.create(PayNlTill.pin(1, "a")).statusCode()).isEqualTo(201);
    }
}
