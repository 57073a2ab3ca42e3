package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refund, cancel, mailreceipt, ctmp and getLatestTransaction, compared with the samples in providers/pinvandaag.md §5 to §7. */
class PinVandaagCommandsWireTest {
    private static final String REFUND = "/V1/instore/transactions/refund";
    private static final String MAIL = "/V1/instore/transactions/mailreceipt";
    private static final SandboxTerminal WL = Till.WORLDLINE;

    private Sandbox sandbox;
    private Till till;

    @BeforeEach
    void start() {
        restart(SandboxOptions.defaults().withTerminals(WL, Till.CCV).withCustomerDelay(Duration.ofMillis(20)));
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

    private String paid(SandboxTerminal terminal, long amount, String reference) {
        String id = till.started(terminal, amount, reference);
        assertThat(word(ended(terminal, id))).isEqualTo("success");
        return id;
    }

    /** A payment whose customer does nothing. */
    private String waiting(SandboxTerminal terminal, String reference) {
        sandbox.faults()
                .add(Fault.onCreate()
                        .terminal(terminal.id())
                        .outcome(Outcome.NEVER_ENDS)
                        .times(1));
        return till.started(terminal, 1050, reference);
    }

    private static String word(JsonNode answer) {
        return answer.path("status").asText();
    }

    private static List<String> fields(JsonNode answer) {
        List<String> names = new ArrayList<>();
        answer.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void refund_has_the_fields_and_types_of_the_sample() {
        HttpResponse<String> answer = till.post(REFUND, Till.form(WL, "amount", "1"));
        JsonNode json = Till.json(answer);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(fields(json))
                .containsExactly("transactionId", "status", "amount", "terminal", "createdAt", "callbackUrl");
        assertThat(json.path("transactionId").isTextual()).isTrue();
        assertThat(json.path("transactionId").asText()).matches("[0-9]+");
        assertThat(word(json)).isEqualTo("started");
        assertThat(json.path("amount").isIntegralNumber()).isTrue();
        assertThat(json.path("terminal").textValue()).isEqualTo("50303253");
        assertThat(json.path("createdAt").asText()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        assertThat(json.path("callbackUrl").isNull()).isTrue();
    }

    @Test
    void a_refund_takes_no_reference_and_no_webhook() throws Exception {
        JsonNode json = Till.json(till.postMultipart(
                REFUND,
                Till.form(WL, "amount", "250", "ownReference", "rma-1", "callbackUrl", "https://example.org/hook")));
        String id = json.path("transactionId").asText();

        assertThat(json.path("callbackUrl").isNull()).isTrue();
        assertThat(ended(WL, id).path("ownReference").isNull()).isTrue();
        assertThat(sandbox.book().refunds()).singleElement().satisfies(refund -> assertThat(refund.ownReference())
                .isNull());
    }

    @Test
    void a_refund_is_booked_when_the_card_was_presented_and_apart_from_the_charges() {
        String payment = paid(WL, 1050, "so-1");
        sandbox.faults().add(Fault.onRefund().customerDelay(Duration.ofSeconds(1)));
        String id = Till.json(till.refund(WL, 250)).path("transactionId").asText();
        assertThat(sandbox.book().refunds()).isEmpty();

        JsonNode json = ended(WL, id);

        assertThat(id).isNotEqualTo(payment);
        assertThat(word(json)).isEqualTo("success");
        assertThat(json.path("amount").asLong()).isEqualTo(250);
        assertThat(json.path("receipt").asText()).contains("TERUGBETALING", "2,50 EUR");
        assertThat(sandbox.book().refunds()).singleElement().satisfies(refund -> {
            assertThat(refund.transactionId()).isEqualTo(id);
            assertThat(refund.terminal()).isEqualTo("50303253");
            assertThat(refund.amount()).isEqualTo(250);
            assertThat(refund.type()).isEqualTo("refund");
        });
        assertThat(sandbox.book().refundsOn("50303253")).hasSize(1);
        assertThat(sandbox.book().charges()).extracting(Charge::transactionId).containsExactly(payment);
        assertThat(sandbox.book().size()).isEqualTo(1);
        assertThat(sandbox.book().total()).isEqualTo(1050);
        assertThat(sandbox.book().refunded()).isEqualTo(250);
    }

    @Test
    void f43_the_provider_checks_a_refund_against_nothing() {
        for (int i = 0; i < 2; i++) {
            ended(WL, Till.json(till.refund(WL, 99_999)).path("transactionId").asText());
        }

        assertThat(sandbox.book().total()).isZero();
        assertThat(sandbox.book().refunded()).isEqualTo(199_998);
    }

    @ParameterizedTest
    @CsvSource({
        "DECLINED,2631,Host Cancellation",
        "CANCELLED_AT_TERMINAL,2629,User Cancellation",
        "TIMED_OUT,1803,Timeout Expiration",
        "PROCESSING_ERROR,1811,Technical Problem"
    })
    void a_refund_can_fail_as_a_payment_can(Outcome outcome, String incidentCode, String words) {
        sandbox.faults().add(Fault.onRefund().outcome(outcome));
        JsonNode json =
                ended(WL, Till.json(till.refund(WL, 250)).path("transactionId").asText());

        assertThat(word(json)).isEqualTo("failed");
        assertThat(json.path("incidentCode").textValue()).isEqualTo(incidentCode);
        assertThat(json.path("errorMsg").textValue()).isEqualTo(words);
        assertThat(sandbox.book().refunds()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "2.50", "2,50", "1e3", "all"})
    void a_refund_of_no_positive_whole_number_starts_nothing(String amount) {
        assertThat(till.post(REFUND, Till.form(WL, "amount", amount)).statusCode())
                .isEqualTo(400);
        assertThat(till.post(REFUND, Till.form(WL)).statusCode()).isEqualTo(400);
        assertThat(Till.json(till.latest(WL)).path("status").asText()).isEqualTo("not_found");
    }

    @Test
    void a_refund_on_a_ccv_terminal_starts_nothing() {
        HttpResponse<String> answer = till.refund(Till.CCV, 250);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(word(Till.json(answer))).isEqualTo("error");
        assertThat(Till.json(till.latest(Till.CCV)).path("status").asText()).isEqualTo("not_found");
    }

    @Test
    void payment_and_refund_keep_each_other_off_one_terminal() {
        String payment = waiting(WL, "so-1");
        assertThat(till.refund(WL, 250).statusCode()).isEqualTo(409);
        sandbox.act(payment, Outcome.PAID);

        sandbox.faults().add(Fault.onRefund().outcome(Outcome.NEVER_ENDS));
        String refund = Till.json(till.refund(WL, 250)).path("transactionId").asText();
        assertThat(till.create(WL, 1050, "so-2").statusCode()).isEqualTo(409);
        assertThat(till.refund(WL, 250).statusCode()).isEqualTo(409);
        sandbox.act(refund, Outcome.PAID);

        assertThat(till.create(WL, 1050, "so-3").statusCode()).isEqualTo(200);
        assertThat(sandbox.book().refunded()).isEqualTo(250);
    }

    @Test
    void cancel_has_the_fields_and_words_of_the_sample() {
        waiting(WL, "so-1");
        HttpResponse<String> answer = till.cancel(WL);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Till.json(answer))
                .isEqualTo(Till.json("{\"status\":\"success\",\"message\":\"transaction has been cancelled\"}"));
    }

    @Test
    void a_cancelled_worldline_payment_ends_as_in_the_sample() {
        String id = waiting(WL, "so-1");
        till.cancel(WL);
        JsonNode json = Till.json(till.status(WL, id));

        assertThat(word(json)).isEqualTo("failed");
        assertThat(json.path("incidentCode").textValue()).isEqualTo("2628");
        assertThat(json.path("errorMsg").textValue()).isEqualTo("External Equipment Cancellation");
        assertThat(json.path("receipt").isNull()).isTrue();
        assertThat(till.create(WL, 1, "so-2").statusCode()).isEqualTo(200);
    }

    @Test
    void a_cancelled_ccv_payment_ends_with_ccvs_word() {
        String id = waiting(Till.CCV, "so-1");
        till.cancel(Till.CCV);
        JsonNode json = Till.json(till.status(Till.CCV, id));

        assertThat(word(json)).isEqualTo("failed");
        assertThat(json.path("errorMsg").textValue()).isEqualTo("cancelled");
    }

    @Test
    void a_refund_can_be_cancelled_too() {
        sandbox.faults().add(Fault.onRefund().outcome(Outcome.NEVER_ENDS));
        String id = Till.json(till.refund(WL, 250)).path("transactionId").asText();
        till.cancel(WL);

        assertThat(Till.json(till.status(WL, id)).path("incidentCode").textValue())
                .isEqualTo("2628");
        assertThat(sandbox.book().refunds()).isEmpty();
    }

    @Test
    void a_cancel_hits_whatever_runs_on_its_terminal_whoever_was_meant() {
        waiting(WL, "meant");
        String other = waiting(Till.CCV, "other terminal");
        sandbox.act(
                sandbox.calls()
                        .matching("create", WL.id(), "meant", null)
                        .get(0)
                        .transactionId(),
                Outcome.PAID);
        String next = waiting(WL, "next customer");
        till.post("/V1/instore/terminal/cancel", Till.form(WL, "transactionId", "of so-1"));

        assertThat(word(Till.json(till.status(WL, next)))).isEqualTo("failed");
        assertThat(word(Till.json(till.status(Till.CCV, other)))).isEqualTo("started");
        assertThat(sandbox.book().chargesOf("meant")).hasSize(1);
        // The list of calls tells whom it hit.
        assertThat(sandbox.calls().matching("cancel", WL.id(), "next customer", next))
                .hasSize(1);
    }

    @Test
    void a_cancel_with_nothing_running_answers_the_same_and_changes_nothing() {
        String id = paid(WL, 1050, "so-1");
        HttpResponse<String> answer = till.cancel(WL);

        assertThat(word(Till.json(answer))).isEqualTo("success");
        assertThat(word(Till.json(till.status(WL, id)))).isEqualTo("success");
        assertThat(sandbox.calls().matching("cancel", WL.id(), null, null))
                .singleElement()
                .satisfies(call -> assertThat(call.transactionId()).isNull());
    }

    @Test
    void mailreceipt_answers_as_in_the_sample_and_fills_the_outbox() throws Exception {
        String id = paid(WL, 1050, "so-1");
        HttpResponse<String> answer = till.postMultipart(
                MAIL,
                Till.form(
                        WL,
                        "transactionId",
                        id,
                        "recipientEmail",
                        "klant@example.nl",
                        "recipientName",
                        "Zoë & Co",
                        "mailSubject",
                        "Uw bon",
                        "mailBody",
                        "<p>Dank u</p>"));

        assertThat(Till.json(answer))
                .isEqualTo(Till.json("{\"status\":\"success\",\"message\":\"mail sent to klant@example.nl\"}"));
        assertThat(sandbox.outbox().of(id)).singleElement().satisfies(mail -> {
            assertThat(mail.terminal()).isEqualTo("50303253");
            assertThat(mail.to()).isEqualTo("klant@example.nl");
            assertThat(mail.name()).isEqualTo("Zoë & Co");
            assertThat(mail.subject()).isEqualTo("Uw bon");
            assertThat(mail.html()).isEqualTo("<p>Dank u</p>");
        });
    }

    @Test
    void mailreceipt_works_on_ccv_and_for_refunds_and_twice() {
        String payment = paid(Till.CCV, 1050, "so-1");
        String refund = Till.json(till.refund(WL, 250)).path("transactionId").asText();
        ended(WL, refund);

        assertThat(till.mailReceipt(Till.CCV, payment, "a@example.nl").statusCode())
                .isEqualTo(200);
        assertThat(till.mailReceipt(WL, refund, "a@example.nl").statusCode()).isEqualTo(200);
        assertThat(till.mailReceipt(WL, refund, "a@example.nl").statusCode()).isEqualTo(200);
        assertThat(sandbox.outbox().all()).extracting(Mail::transactionId).containsExactly(payment, refund, refund);
        assertThat(sandbox.outbox().all().get(0).name()).isNull();
    }

    @Test
    void mailreceipt_is_for_successful_transactions_of_its_own_terminal_only() {
        String running = waiting(WL, "so-1");
        assertThat(till.mailReceipt(WL, running, "a@example.nl").statusCode()).isEqualTo(400);
        till.cancel(WL);
        assertThat(till.mailReceipt(WL, running, "a@example.nl").statusCode()).isEqualTo(400);
        String paid = paid(WL, 1050, "so-2");
        assertThat(word(Till.json(till.mailReceipt(Till.CCV, paid, "a@example.nl"))))
                .isEqualTo("not_found");
        assertThat(word(Till.json(till.mailReceipt(WL, "7", "a@example.nl")))).isEqualTo("not_found");
        assertThat(till.mailReceipt(WL, paid, "").statusCode()).isEqualTo(400);
        assertThat(till.mailReceipt(WL, "", "a@example.nl").statusCode()).isEqualTo(400);

        assertThat(sandbox.outbox().all()).isEmpty();
    }

    @Test
    void ctmp_answers_as_in_the_sample_and_refuses_nothing() {
        waiting(WL, "so-1");
        HttpResponse<String> answer = till.ctmpLater(WL).join();
        till.ctmpLater(WL).join();
        till.ctmpLater(Till.CCV).join();

        assertThat(Till.json(answer))
                .isEqualTo(Till.json("{\"status\":\"success\",\"message\":\"CTMP request has been send\"}"));
        assertThat(sandbox.ctmps(WL.id())).isEqualTo(2);
        assertThat(sandbox.ctmps(Till.CCV.id())).isEqualTo(1);
        assertThat(sandbox.ctmps("unknown")).isZero();
    }

    @Test
    void the_latest_transaction_is_wrapped_as_the_vendors_client_reads_it() {
        assertThat(word(Till.json(till.latest(WL)))).isEqualTo("not_found");
        paid(WL, 1050, "so-1");
        String id = paid(WL, 250, "so-2");
        JsonNode json = Till.json(till.latest(WL));

        assertThat(fields(json)).containsExactly("status", "data");
        assertThat(word(json)).isEqualTo("success");
        JsonNode data = json.path("data");
        assertThat(fields(data))
                .containsExactly("transactionId", "status", "createdAt", "amount", "errorMsg", "receipt");
        assertThat(data.path("transactionId").textValue()).isEqualTo(id);
        assertThat(data.path("status").textValue()).isEqualTo("success");
        assertThat(data.path("amount").asLong()).isEqualTo(250);
        assertThat(data.path("errorMsg").isNull()).isTrue();
        assertThat(data.path("receipt").asText()).contains("2,50 EUR");
        assertThat(word(Till.json(till.latest(Till.CCV)))).isEqualTo("not_found");
    }

    @Test
    void the_latest_transaction_can_be_running_failed_or_a_refund() {
        String running = waiting(WL, "so-1");
        JsonNode first = Till.json(till.latest(WL));
        till.cancel(WL);
        JsonNode second = Till.json(till.latest(WL));
        String refund = Till.json(till.refund(WL, 250)).path("transactionId").asText();

        assertThat(first.at("/data/transactionId").asText()).isEqualTo(running);
        assertThat(word(first)).isEqualTo("success");
        assertThat(first.at("/data/status").asText()).isEqualTo("started");
        assertThat(second.at("/data/errorMsg").asText()).isEqualTo("External Equipment Cancellation");
        assertThat(Till.json(till.latest(WL)).at("/data/transactionId").asText())
                .isEqualTo(refund);
    }

    @Test
    void test_amounts_count_for_refunds_too() {
        restart(SandboxOptions.defaults()
                .withTerminals(WL)
                .withTestAmounts(true)
                .withCustomerDelay(Duration.ofMillis(20)));

        JsonNode declined =
                ended(WL, Till.json(till.refund(WL, 101)).path("transactionId").asText());
        assertThat(declined.path("incidentCode").textValue()).isEqualTo("2631");
        assertThat(till.refund(WL, 108).statusCode()).isEqualTo(502);
        await().untilAsserted(() -> assertThat(sandbox.book().refunded()).isEqualTo(108));
    }
}
