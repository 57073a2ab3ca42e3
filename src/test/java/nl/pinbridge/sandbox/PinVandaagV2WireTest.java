package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulated Pin Vandaag V2 over real HTTP, compared with providers/pinvandaag.md §9. */
class PinVandaagV2WireTest {
    private static final String V2 = "pinvandaag-v2";
    private static final SandboxTerminal WL = Till.WORLDLINE;
    private static final SandboxTerminal CCV = Till.CCV;
    private static final List<String> ROW = List.of(
            "id",
            "status",
            "terminal",
            "amount",
            "transaction_id",
            "own_reference",
            "which_api",
            "created_at",
            "updated_at",
            "callback_url",
            "payment_url",
            "receipt",
            "incident_code",
            "error_msg",
            "cancel_counter_ccv");

    private final HttpClient http = HttpClient.newHttpClient();
    private Sandbox sandbox;

    @BeforeEach
    void start() {
        restart(PinVandaagV2Choices.DEFAULT);
    }

    private void restart(PinVandaagV2Choices choices) {
        stop();
        sandbox = Sandbox.start(SandboxOptions.defaults()
                .withTerminals(WL, CCV)
                .withPinVandaagV2(choices)
                .withCustomerDelay(Duration.ofMillis(20)));
    }

    @AfterEach
    void stop() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request, @Nullable String key) {
        try {
            return http.send(
                    (key == null ? request : request.header("X-API-KEY", key)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> post(String base, String operation, @Nullable String key, String... fields) {
        List<String> form = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            form.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return send(
                HttpRequest.newBuilder(URI.create(base + "/instore/transactions/" + operation))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(String.join("&", form))),
                key);
    }

    private HttpResponse<String> post(SandboxTerminal terminal, String operation, String... fields) {
        String[] all = new String[fields.length + 2];
        all[0] = "terminal_id";
        all[1] = terminal.id();
        System.arraycopy(fields, 0, all, 2, fields.length);
        return post(sandbox.pinVandaagV2Url(), operation, terminal.key(), all);
    }

    private HttpResponse<String> list(SandboxTerminal terminal, int limit, int page, String query) {
        return send(
                HttpRequest.newBuilder(URI.create(sandbox.pinVandaagV2Url() + "/instore/transactions/" + terminal.id()
                        + "/" + limit + "/" + page + "/" + query)),
                terminal.key());
    }

    private String started(SandboxTerminal terminal, String... fields) {
        HttpResponse<String> answer = post(terminal, "start", fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Till.json(answer).path("transaction_id").asText();
    }

    private JsonNode transaction(SandboxTerminal terminal, String id) {
        return Till.json(post(terminal, "status", "transaction_id", id)).path("transaction");
    }

    private JsonNode ended(SandboxTerminal terminal, String id) {
        return await().pollInterval(Duration.ofMillis(10))
                .until(
                        () -> transaction(terminal, id),
                        row -> !row.path("status").asText().equals("unknown"));
    }

    private String paid(SandboxTerminal terminal, String amount) {
        String id = started(terminal, "amount", amount, "ownReference", "R" + amount);
        assertThat(ended(terminal, id).path("status").asText()).isEqualTo("success");
        return id;
    }

    private String waiting(SandboxTerminal terminal) {
        sandbox.faults()
                .add(Fault.on("start").provider(V2).outcome(Outcome.NEVER_ENDS).times(1));
        return started(terminal, "amount", "1050");
    }

    private static List<String> fields(JsonNode answer) {
        List<String> names = new ArrayList<>();
        answer.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void a_start_answers_its_id_and_charges_nothing_yet() {
        sandbox.faults().add(Fault.on("start").provider(V2).outcome(Outcome.NEVER_ENDS));
        HttpResponse<String> answer = post(WL, "start", "amount", "1050", "ownReference", "so-1");
        JsonNode json = Till.json(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(fields(json)).containsExactly("status", "transaction_id");
        assertThat(json.path("status").asText()).isEqualTo("started");
        assertThat(json.path("transaction_id").asText()).matches("[0-9]+");
        assertThat(sandbox.book().charges()).isEmpty();
    }

    @Test
    void status_is_nested_and_its_top_says_nothing_of_the_money() {
        String id = waiting(WL);
        JsonNode open = Till.json(post(WL, "status", "transaction_id", id));
        assertThat(open.path("status").asText()).isEqualTo("success");
        assertThat(fields(open.path("transaction"))).containsExactlyElementsOf(ROW);
        assertThat(open.at("/transaction/status").asText()).isEqualTo("unknown");
        assertThat(fields(open.path("worldline"))).containsExactly("ssai", "ticket", "errormsg", "lastupdate");
        sandbox.act(id, Outcome.DECLINED);
        JsonNode failed = Till.json(post(WL, "status", "transaction_id", id));
        assertThat(failed.path("status").asText()).isEqualTo("success");
        assertThat(failed.at("/transaction/status").asText()).isEqualTo("failed");
        assertThat(failed.at("/transaction/incident_code").asText()).isEqualTo("2631");
    }

    @Test
    void both_brands_are_paid_and_stand_in_the_book() {
        JsonNode worldline = transaction(WL, paid(WL, "1050"));
        JsonNode ccv = transaction(CCV, paid(CCV, "2000"));
        assertThat(worldline.path("which_api").asText()).isEqualTo("Worldline");
        assertThat(worldline.path("amount").longValue()).isEqualTo(1050);
        assertThat(worldline.path("own_reference").asText()).isEqualTo("R1050");
        assertThat(worldline.path("receipt").asText()).startsWith("[[0,").contains("10,50 EUR");
        assertThat(worldline.path("cancel_counter_ccv").isNull()).isTrue();
        LocalDateTime created =
                LocalDateTime.parse(worldline.path("created_at").asText().replace(' ', 'T'));
        assertThat(created.atZone(ZoneId.of("Europe/Amsterdam")).toInstant())
                .isCloseTo(Instant.now(), Assertions.within(30, java.time.temporal.ChronoUnit.SECONDS));
        assertThat(ccv.path("which_api").asText()).isEqualTo("CCV");
        assertThat(ccv.path("transaction_id").asText()).startsWith("TL");
        assertThat(sandbox.book().charges())
                .extracting(Charge::provider, Charge::terminal, Charge::amount, Charge::type)
                .containsExactly(tuple(V2, WL.id(), 1050L, Charge.PAYMENT), tuple(V2, CCV.id(), 2000L, Charge.PAYMENT));
    }

    @Test
    void the_word_and_the_receipt_can_stand_elsewhere_or_come_late() {
        restart(PinVandaagV2Choices.DEFAULT
                .withWorldline(PinVandaagV2Choices.Worldline.WORLDLINE)
                .withReceiptLate(Duration.ofMinutes(5)));
        String id = started(WL, "amount", "1050");
        JsonNode answer = await().until(
                        () -> Till.json(post(WL, "status", "transaction_id", id)),
                        json -> json.at("/worldline/status").asText().equals("success"));
        assertThat(answer.path("transaction").has("status")).isFalse();
        assertThat(answer.at("/transaction/receipt").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"WORLDLINE, 2628", "CCV, cancelled"})
    void stop_ends_the_transaction_that_it_names_without_a_body(Brand brand, String told) {
        SandboxTerminal terminal = brand == Brand.CCV ? CCV : WL;
        String id = waiting(terminal);
        assertThat(post(terminal, "stop", "transaction_id", "7").statusCode()).isEqualTo(404);
        assertThat(transaction(terminal, id).path("status").asText()).isEqualTo("unknown");
        HttpResponse<String> answer = post(terminal, "stop", "transaction_id", id);
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        JsonNode row = transaction(terminal, id);
        assertThat(row.path("status").asText()).isEqualTo("failed");
        assertThat(row.path(brand == Brand.CCV ? "error_msg" : "incident_code").asText())
                .isEqualTo(told);
        assertThat(post(terminal, "stop", "transaction_id", id).statusCode())
                .as("it is over")
                .isEqualTo(400);
    }

    @Test
    void ccv_is_stopped_three_times_at_most_and_a_body_can_be_wanted() {
        restart(PinVandaagV2Choices.DEFAULT.withBodiless(false));
        String id = waiting(CCV);
        sandbox.faults().add(Fault.on("stop").provider(V2).outcome(Outcome.NEVER_ENDS));
        for (int i = 1; i <= 3; i++) {
            HttpResponse<String> answer = post(CCV, "stop", "transaction_id", id);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Till.json(answer).path("status").asText()).isEqualTo("stopped");
        }
        assertThat(post(CCV, "stop", "transaction_id", id).statusCode()).isEqualTo(400);
        assertThat(transaction(CCV, id).path("cancel_counter_ccv").asInt()).isEqualTo(4);
    }

    @Test
    void a_refund_is_for_worldline_and_carries_no_reference() {
        String id = Till.json(post(WL, "refund", "amount", "500", "ownReference", "so-1"))
                .path("transaction_id")
                .asText();
        JsonNode row = ended(WL, id);
        assertThat(row.path("status").asText()).isEqualTo("success");
        assertThat(row.path("own_reference").asText()).isEmpty();
        assertThat(row.path("receipt").asText()).contains("TERUGBETALING");
        assertThat(sandbox.book().refundsOn(WL.id())).singleElement().satisfies(refund -> assertThat(refund.amount())
                .isEqualTo(500));
        HttpResponse<String> refused = post(CCV, "refund", "amount", "500");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Till.json(refused).at("/message/validation_errors").isObject())
                .isTrue();
        assertThat(sandbox.book().refundsOn(CCV.id())).isEmpty();
    }

    @Test
    void the_last_transaction_is_the_row_itself_or_404() {
        assertThat(post(WL, "last_transaction").statusCode()).isEqualTo(404);
        paid(WL, "1000");
        String id = paid(WL, "2000");
        JsonNode row = Till.json(post(WL, "last_transaction"));
        assertThat(fields(row)).containsExactlyElementsOf(ROW);
        assertThat(row.path("transaction_id").asText()).isEqualTo(id);
        assertThat(post(CCV, "last_transaction").statusCode()).isEqualTo(404);
    }

    @Test
    void the_list_goes_by_seconds_and_pages_the_newest_first() {
        long before = Instant.now().getEpochSecond() - 1;
        List<String> ids = List.of(paid(WL, "1000"), paid(WL, "2000"), paid(WL, "3000"));
        paid(CCV, "4000");
        JsonNode page = Till.json(list(WL, 2, 1, "?datefrom=" + before + "&dateto=" + (before + 100)));
        assertThat(fields(page)).containsExactly("status", "message", "page", "limit", "transactions");
        assertThat(page.path("limit").asInt()).isEqualTo(2);
        assertThat(page.path("transactions").findValuesAsText("transaction_id"))
                .containsExactly(ids.get(2), ids.get(1));
        assertThat(Till.json(list(WL, 2, 2, "")).path("transactions").findValuesAsText("transaction_id"))
                .containsExactly(ids.get(0));
        assertThat(Till.json(list(WL, 2, 3, "")).path("transactions")).isEmpty();
        assertThat(Till.json(list(WL, 100, 1, "?dateto=" + (before - 10))).path("transactions"))
                .isEmpty();
        assertThat(list(WL, 101, 1, "").statusCode()).isEqualTo(400);
        assertThat(list(WL, 100, 0, "").statusCode()).isEqualTo(400);
        assertThat(list(WL, 100, 1, "?datefrom=today").statusCode()).isEqualTo(400);
    }

    @Test
    void mail_and_ctmp_are_written_down() {
        String id = paid(WL, "1000");
        assertThat(Till.json(post(WL, "mail", "transaction_id", id, "email", "klant@example.nl"))
                        .path("status")
                        .asText())
                .isEqualTo("success");
        assertThat(sandbox.outbox().all())
                .extracting(Mail::provider, Mail::to)
                .containsExactly(tuple(V2, "klant@example.nl"));
        assertThat(post(WL, "mail", "transaction_id", id).statusCode()).isEqualTo(400);
        assertThat(post(WL, "mail", "transaction_id", waiting(WL), "email", "x@example.nl")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(WL, "ctmp").statusCode()).isEqualTo(204);
        assertThat(post(CCV, "ctmp").statusCode()).isEqualTo(400);
        assertThat(sandbox.ctmps(WL.id())).isEqualTo(1);
    }

    @Test
    void keys_terminals_amounts_and_paths_are_checked_and_nothing_starts() {
        String base = sandbox.pinVandaagV2Url();
        assertThat(post(base, "start", null, "terminal_id", WL.id(), "amount", "1")
                        .statusCode())
                .isEqualTo(401);
        assertThat(post(base, "start", "odd", "terminal_id", WL.id(), "amount", "1")
                        .statusCode())
                .isEqualTo(401);
        assertThat(post(base, "start", WL.key(), "terminal_id", "7", "amount", "1")
                        .statusCode())
                .isEqualTo(404);
        assertThat(post(base, "start", WL.key(), "amount", "1").statusCode()).isEqualTo(400);
        for (String amount : List.of("", "0", "-1", "10.50", "x")) {
            assertThat(post(WL, "start", "amount", amount).statusCode())
                    .as(amount)
                    .isEqualTo(400);
        }
        assertThat(post(WL, "create", "amount", "1").statusCode()).isEqualTo(404);
        assertThat(post(sandbox.url() + "/pinvandaag-v2/elsewhere/V2", "start", WL.key(), "terminal_id", WL.id())
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(HttpRequest.newBuilder(URI.create(base + "/instore/transactions/start")), WL.key())
                        .statusCode())
                .isEqualTo(405);
        assertThat(sandbox.standIns().stream()
                        .flatMap(standIn -> standIn.payments().stream())
                        .toList())
                .isEmpty();
    }

    @Test
    void both_hosts_know_the_same_transactions_and_calls_tell_them_apart() {
        String id = waiting(WL);
        HttpResponse<String> answer =
                post(sandbox.pinVandaagV2BackupUrl(), "status", WL.key(), "terminal_id", WL.id(), "transaction_id", id);
        assertThat(Till.json(answer).at("/transaction/transaction_id").asText()).isEqualTo(id);
        assertThat(sandbox.calls().all())
                .extracting(Call::provider, Call::host, Call::operation)
                .containsExactly(
                        tuple(V2, "rest-api.pinvandaag.com", "start"),
                        tuple(V2, "api-backup.pinvandaag.com", "status"));
    }

    @Test
    void a_busy_terminal_starts_nothing_unless_it_is_told_to() {
        waiting(WL);
        assertThat(post(WL, "start", "amount", "1").statusCode()).isEqualTo(400);
        assertThat(post(WL, "refund", "amount", "1").statusCode()).isEqualTo(400);
        restart(PinVandaagV2Choices.DEFAULT.withStartBesides(true).withBusy(409));
        waiting(WL);
        assertThat(post(WL, "start", "amount", "1").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "start", "last_transaction"})
    void answers_can_be_falsified(String operation) {
        String id = paid(WL, "1000");
        sandbox.faults().add(Fault.on(operation).provider(V2).answer(new Answer.WrongAmount(9)));
        JsonNode answer = Till.json(post(WL, operation, "transaction_id", id, "amount", "1000"));
        assertThat((operation.equals("status") ? answer.path("transaction") : answer)
                        .path("amount")
                        .asInt())
                .isEqualTo(9);
        sandbox.faults().clear();
        sandbox.faults().add(Fault.on(operation).provider(V2).answer(new Answer.NoTransactionId()));
        answer = Till.json(post(WL, operation, "transaction_id", id, "amount", "1000"));
        assertThat(answer.findValue("transaction_id")).isNull();
        sandbox.faults().clear();
        sandbox.faults().add(Fault.on(operation).provider(V2).http(503));
        assertThat(post(WL, operation, "transaction_id", id, "amount", "1000").statusCode())
                .isEqualTo(503);
    }

    @Test
    void a_lost_answer_has_acted_and_a_call_that_does_not_act_has_not() {
        sandbox.faults().add(Fault.on("start").provider(V2).http(500).times(1));
        assertThat(post(WL, "start", "amount", "1000").statusCode()).isEqualTo(500);
        await().until(() -> sandbox.book().size() == 1);
        sandbox.faults()
                .add(Fault.on("start").provider(V2).withoutActing().http(500).times(1));
        assertThat(post(WL, "start", "amount", "1000").statusCode()).isEqualTo(500);
        String last =
                Till.json(post(WL, "last_transaction")).path("transaction_id").asText();
        assertThat(sandbox.book().of(last)).hasSize(1);
        assertThat(sandbox.book().size()).isEqualTo(1);
    }

    @Test
    void v1_and_v2_are_apart_and_share_no_id() {
        Till v1 = new Till(sandbox.url());
        String first = v1.started(WL, 1000, "so-1");
        String second = started(WL, "amount", "1000");
        assertThat(second).isNotEqualTo(first);
        assertThat(Till.json(post(WL, "status", "transaction_id", first))
                        .path("status")
                        .asText())
                .isEqualTo("not_found");
    }

    @Test
    void a_reset_forgets() {
        String id = paid(WL, "1000");
        post(WL, "ctmp");
        sandbox.reset();
        assertThat(post(WL, "status", "transaction_id", id).statusCode()).isEqualTo(404);
        assertThat(sandbox.ctmps(WL.id())).isZero();
        assertThat(Till.json(list(WL, 100, 1, "")).path("transactions")).isEmpty();
    }
}
