package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers compared with the samples and the table of fields in providers/pinvandaag.md §3 and §4. */
class PinVandaagWireTest {
    private static final String CREATE = "/V1/instore/transactions/create";
    private static final String STATUS = "/V1/instore/transactions/status";
    private static final SandboxOptions OPTIONS =
            SandboxOptions.defaults().withTerminals(Till.WORLDLINE, Till.CCV).withCustomerDelay(Duration.ofMillis(20));

    private Sandbox sandbox;
    private Till till;

    @BeforeEach
    void start() {
        restart(OPTIONS);
    }

    private void restart(SandboxOptions options) {
        stop();
        sandbox = Sandbox.start(options);
        till = new Till(sandbox.url());
    }

    @AfterEach
    void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private JsonNode ended(SandboxTerminal terminal, String id) {
        return await().pollInterval(Duration.ofMillis(10))
                .until(
                        () -> Till.json(till.status(terminal, id)),
                        answer -> !answer.path("status").asText().equals("started"));
    }

    private static List<String> fields(JsonNode answer) {
        List<String> names = new ArrayList<>();
        answer.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void create_on_worldline_has_the_fields_and_types_of_the_sample() {
        HttpResponse<String> answer = till.post(CREATE, Till.form(Till.WORLDLINE, "amount", "1"));
        JsonNode json = Till.json(answer);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(fields(json))
                .containsExactly(
                        "transactionId", "status", "amount", "terminal", "createdAt", "callbackUrl", "ownReference");
        assertThat(json.path("transactionId").isTextual()).isTrue();
        assertThat(json.path("transactionId").asText()).matches("[0-9]+");
        assertThat(json.path("status").asText()).isEqualTo("started");
        assertThat(json.path("amount").isIntegralNumber()).isTrue();
        assertThat(json.path("amount").asLong()).isEqualTo(1);
        assertThat(json.path("terminal").isTextual()).isTrue();
        assertThat(json.path("createdAt").asText()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        assertThat(json.path("callbackUrl").isNull()).isTrue();
        assertThat(json.path("ownReference").isNull()).isTrue();
    }

    @Test
    void create_on_ccv_has_an_id_of_its_own_shape_and_a_payment_url() {
        JsonNode json = Till.json(till.create(Till.CCV, 1050, "so-1"));

        String id = json.path("transactionId").asText();
        assertThat(id).matches("TL[0-9]{15}[0-9A-F]{8}\\.[0-9]");
        assertThat(json.path("paymentUrl").asText())
                .isEqualTo("https://redirect.jforce.be/terminal/poll?reference=" + id);
        assertThat(json.path("ownReference").asText()).isEqualTo("so-1");
    }

    @Test
    void create_on_ccv_can_leave_the_payment_url_out_as_the_sample_does() {
        restart(OPTIONS.withChoices(PinVandaagChoices.DEFAULT.withPaymentUrlAtCreate(false)));

        assertThat(Till.json(till.create(Till.CCV, 1050, "so-1")).has("paymentUrl"))
                .isFalse();
    }

    @Test
    void a_multipart_form_does_the_same_as_an_urlencoded_one() throws Exception {
        HttpResponse<String> answer = till.postMultipart(
                CREATE,
                Till.form(
                        Till.WORLDLINE,
                        "amount",
                        "250",
                        "callbackUrl",
                        "https://example.org/hook?a=1&b=2",
                        "ownReference",
                        "één & twee"));
        JsonNode json = Till.json(answer);

        assertThat(json.path("amount").asLong()).isEqualTo(250);
        assertThat(json.path("callbackUrl").asText()).isEqualTo("https://example.org/hook?a=1&b=2");
        assertThat(json.path("ownReference").asText()).isEqualTo("één & twee");
    }

    @Test
    void status_of_a_paid_worldline_payment_has_the_fields_of_the_sample() {
        JsonNode json = ended(Till.WORLDLINE, till.started(Till.WORLDLINE, 1050, "so-1"));

        assertThat(fields(json))
                .containsExactly(
                        "transactionId",
                        "status",
                        "amount",
                        "terminal",
                        "createdAt",
                        "callbackUrl",
                        "incidentCode",
                        "errorMsg",
                        "ownReference",
                        "receipt");
        assertThat(json.path("status").asText()).isEqualTo("success");
        assertThat(json.path("incidentCode").isNull()).isTrue();
        assertThat(json.path("errorMsg").isNull()).isTrue();
        assertThat(json.path("receipt").asText()).contains("\\/");
        JsonNode receipt = Till.json(json.path("receipt").asText());
        assertThat(receipt).hasSize(25).allSatisfy(line -> {
            assertThat(line).hasSize(2);
            assertThat(line.path(0).asInt(-1)).isZero();
        });
        assertThat(receipt.path(0).path(1).asText()).isEqualTo("POI: 50303253\r");
        assertThat(receipt.path(12).path(1).asText()).isEqualTo("Kaart:       673703xxxxxxxxx5008\r");
        assertThat(receipt.path(20).path(1).asText()).isEqualTo("Totaal:            10,50 EUR\r");
        assertThat(receipt.path(24).path(1).asText()).isEmpty();
    }

    @Test
    void status_of_a_paid_ccv_payment_has_the_fields_of_the_sample() {
        JsonNode json = ended(Till.CCV, till.started(Till.CCV, 1, "so-1"));

        assertThat(fields(json))
                .containsExactly(
                        "transactionId",
                        "status",
                        "amount",
                        "terminal",
                        "createdAt",
                        "callbackUrl",
                        "paymentUrl",
                        "errorMsg",
                        "ownReference",
                        "receipt",
                        "journalReceipt");
        assertThat(json.path("paymentUrl").isNull()).isTrue();
        assertThat(json.path("errorMsg").isNull()).isTrue();
        JsonNode receipt = Till.json(json.path("receipt").asText());
        assertThat(receipt).allMatch(JsonNode::isTextual);
        assertThat(receipt.path(0).asText()).isEqualTo(" Kopie Kaarthouder");
        assertThat(receipt).map(JsonNode::asText).contains("Totaal:   0,01 EUR", "Kaart: 673703xxxxxxxxx5008");
        JsonNode journal = Till.json(json.path("journalReceipt").asText());
        assertThat(journal).map(JsonNode::asText).contains("        JOURNAAL", "Totaal:   0,01 EUR");
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED,2631,Host Cancellation",
        "CANCELLED_AT_TERMINAL,2629,User Cancellation",
        "TIMED_OUT,1803,Timeout Expiration",
        "PROCESSING_ERROR,1811,Technical Problem",
        "CANCELLED_BY_TILL,2628,External Equipment Cancellation"
    })
    void status_of_a_failed_worldline_payment_has_the_fields_of_the_sample(
            Outcome outcome, String incidentCode, String words) {
        sandbox.faults().add(Fault.onCreate().outcome(outcome));
        JsonNode json = ended(Till.WORLDLINE, till.started(Till.WORLDLINE, 1050, "so-1"));

        assertThat(fields(json))
                .containsExactly(
                        "transactionId",
                        "status",
                        "amount",
                        "terminal",
                        "createdAt",
                        "callbackUrl",
                        "receipt",
                        "incidentCode",
                        "errorMsg",
                        "ownReference");
        assertThat(json.path("status").asText()).isEqualTo("failed");
        assertThat(json.path("receipt").isNull()).isTrue();
        assertThat(json.path("incidentCode").textValue()).isEqualTo(incidentCode);
        assertThat(json.path("errorMsg").textValue()).isEqualTo(words);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED,card_refused",
        "CANCELLED_AT_TERMINAL,cancelled",
        "TIMED_OUT,expired",
        "PROCESSING_ERROR,processing_error"
    })
    void status_of_a_failed_ccv_payment_has_the_fields_of_the_sample(Outcome outcome, String words) {
        sandbox.faults().add(Fault.onCreate().outcome(outcome));
        JsonNode json = ended(Till.CCV, till.started(Till.CCV, 1050, "so-1"));

        assertThat(fields(json))
                .containsExactly(
                        "transactionId",
                        "status",
                        "amount",
                        "terminal",
                        "createdAt",
                        "callbackUrl",
                        "receipt",
                        "paymentUrl",
                        "errorMsg",
                        "ownReference");
        assertThat(json.path("receipt").isNull()).isTrue();
        assertThat(json.path("paymentUrl").textValue())
                .endsWith(json.path("transactionId").textValue());
        assertThat(json.path("errorMsg").textValue()).isEqualTo(words);
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2026-01-15T12:00:00Z,2026-01-15 13:00:00", "2026-07-15T22:30:00Z,2026-07-16 00:30:00"})
    void created_at_is_dutch_local_time_without_a_zone(String instant, String printed) {
        restart(OPTIONS.withClock(Clock.fixed(Instant.parse(instant), ZoneOffset.UTC)));

        assertThat(Till.json(till.create(Till.WORLDLINE, 1, "so-1"))
                        .path("createdAt")
                        .asText())
                .isEqualTo(printed);
    }

    @Test
    void the_book_gets_one_charge_at_the_moment_of_success_with_the_amount_asked() {
        sandbox.faults().add(Fault.onCreate().customerDelay(Duration.ofSeconds(2)));
        String id = till.started(Till.WORLDLINE, 1050, "so-1");
        assertThat(sandbox.book().charges()).isEmpty();

        ended(Till.WORLDLINE, id);
        ended(Till.WORLDLINE, id);

        assertThat(sandbox.book().charges()).singleElement().satisfies(charge -> {
            assertThat(charge.provider()).isEqualTo("pinvandaag");
            assertThat(charge.terminal()).isEqualTo("50303253");
            assertThat(charge.transactionId()).isEqualTo(id);
            assertThat(charge.ownReference()).isEqualTo("so-1");
            assertThat(charge.amount()).isEqualTo(1050);
            assertThat(charge.type()).isEqualTo("payment");
        });
    }

    @Test
    void the_same_reference_again_is_a_second_charge_as_the_provider_has_no_idempotency() {
        ended(Till.WORLDLINE, till.started(Till.WORLDLINE, 1050, "so-1"));
        ended(Till.WORLDLINE, till.started(Till.WORLDLINE, 1050, "so-1"));

        assertThat(sandbox.book().chargesOf("so-1")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CREATE,
                STATUS,
                "/V1/instore/terminal/cancel",
                "/V1/instore/transactions/refund",
                "/V1/instore/transactions/mailreceipt",
                "/V1/instore/terminal/ctmp",
                "/V1/instore/transactions/getLatestTransaction"
            })
    void a_wrong_key_is_401_and_an_unknown_terminal_403_by_default(String path) {
        Map<String, String> wrongKey =
                Till.form(new SandboxTerminal("50303253", "ccv-key", Brand.WORLDLINE), "amount", "1");
        Map<String, String> unknown = Till.form(new SandboxTerminal("1", "wl-key", Brand.WORLDLINE), "amount", "1");

        assertThat(till.post(path, wrongKey).statusCode()).isEqualTo(401);
        assertThat(till.post(path, unknown).statusCode()).isEqualTo(403);
        assertThat(sandbox.calls().all())
                .extracting(Call::answered)
                .containsExactly("401 wrong key", "403 unknown terminal");
    }

    @Test
    void what_is_not_documented_is_a_choice() {
        restart(OPTIONS.withChoices(PinVandaagChoices.DEFAULT
                .withWrongKey(200)
                .withUnknownTerminal(404)
                .withUnknownTransaction(404)
                .withBusy(200)));
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS));
        till.create(Till.WORLDLINE, 1, "so-1");

        assertThat(till.create(Till.WORLDLINE, 1, "so-2").statusCode()).isEqualTo(200);
        assertThat(till.status(Till.WORLDLINE, "7").statusCode()).isEqualTo(404);
        assertThat(till.create(new SandboxTerminal("1", "k", Brand.CCV), 1, "so-3")
                        .statusCode())
                .isEqualTo(404);
        assertThat(Till.json(till.create(new SandboxTerminal("50303253", "k", Brand.CCV), 1, "so-4"))
                        .path("status")
                        .asText())
                .isEqualTo("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "10.50", "10,50", "1e3", "ten"})
    void an_amount_that_is_no_positive_whole_number_starts_nothing(String amount) {
        HttpResponse<String> answer = till.post(CREATE, Till.form(Till.WORLDLINE, "amount", amount));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Till.json(till.create(Till.WORLDLINE, 1, "so-1"))
                        .path("status")
                        .asText())
                .isEqualTo("started");
    }

    @Test
    void a_transaction_is_found_only_on_its_own_terminal() {
        String id = till.started(Till.WORLDLINE, 1, "so-1");

        assertThat(Till.json(till.status(Till.CCV, id)).path("status").asText()).isEqualTo("not_found");
        assertThat(Till.json(till.status(Till.WORLDLINE, "1")).path("status").asText())
                .isEqualTo("not_found");
    }

    @Test
    void a_busy_terminal_refuses_and_starts_nothing_and_is_free_again_at_the_end() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS).times(1));
        String first = till.started(Till.WORLDLINE, 1, "so-1");
        HttpResponse<String> second = till.create(Till.WORLDLINE, 1, "so-2");
        sandbox.act(first, Outcome.PAID);
        HttpResponse<String> third = till.create(Till.WORLDLINE, 1, "so-3");

        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(Till.json(second).path("status").asText()).isEqualTo("error");
        assertThat(third.statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(sandbox.book().charges())
                .extracting(Charge::ownReference)
                .containsExactly("so-1", "so-3"));
    }

    @Test
    void a_busy_terminal_can_be_made_to_charge_twice() {
        restart(OPTIONS.withChoices(PinVandaagChoices.DEFAULT.withStartBesides(true)));
        till.create(Till.WORLDLINE, 1, "so-1");
        till.create(Till.WORLDLINE, 2, "so-2");

        await().untilAsserted(() -> assertThat(sandbox.book().total()).isEqualTo(3));
    }

    @Test
    void any_terminal_is_taken_when_asked_but_a_known_one_keeps_its_key() {
        restart(OPTIONS.withAnyTerminal(true));

        assertThat(Till.json(till.create(new SandboxTerminal("123456789", "x", Brand.CCV), 1, "a"))
                        .path("transactionId")
                        .asText())
                .startsWith("TL");
        assertThat(Till.json(till.create(new SandboxTerminal("12345678", "x", Brand.CCV), 1, "b"))
                        .path("transactionId")
                        .asText())
                .matches("[0-9]+");
        assertThat(till.create(new SandboxTerminal("50303253", "x", Brand.CCV), 1, "c")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void date_wants_its_days_and_terminal_status_is_specified_nowhere() {
        assertThat(till.post("/V1/instore/transactions/date", Till.form(Till.WORLDLINE))
                        .statusCode())
                .isEqualTo(400);
        assertThat(till.post("/V1/instore/terminal/status", Till.form(Till.WORLDLINE))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void unknown_paths_and_other_methods_are_refused() {
        assertThat(till.send("POST", "/V1/instore/transactions/nothing", "").statusCode())
                .isEqualTo(404);
        assertThat(till.send("GET", CREATE, "").statusCode()).isEqualTo(405);
        assertThat(till.send("POST", CREATE, "{}").statusCode()).isEqualTo(400);
        assertThat(till.sendJson(CREATE, "{\"terminalId\":\"50303253\"}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void euros_are_written_without_rounding() {
        assertThat(PinVandaagText.euros(5)).isEqualTo("0,05");
        assertThat(PinVandaagText.euros(100)).isEqualTo("1,00");
        assertThat(PinVandaagText.euros(999_999_999_999L)).isEqualTo("9999999999,99");
    }
}
