package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxFaultsTest {
    private static final SandboxTerminal WL = Till.WORLDLINE;

    private Sandbox sandbox;
    private Till till;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(
                SandboxOptions.defaults().withTerminals(WL, Till.CCV).withCustomerDelay(Duration.ofMillis(20)));
        till = new Till(sandbox.url());
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void charged(int times) {
        // A payment that was started is booked within the customer's delay; one that was not never is.
        await().pollDelay(Duration.ofMillis(times == 0 ? 150 : 0))
                .untilAsserted(() -> assertThat(sandbox.book().charges()).hasSize(times));
    }

    private String answered() {
        return sandbox.calls().all().get(sandbox.calls().all().size() - 1).answered();
    }

    private static String word(HttpResponse<String> answer) {
        return Till.json(answer).path("status").asText();
    }

    @Test
    void a_script_for_one_terminal_leaves_the_others_alone() {
        sandbox.faults().add(Fault.onCreate().terminal(WL.id()).outcome(Outcome.DECLINED));
        till.create(WL, 100, "declined");
        till.create(Till.CCV, 200, "paid");

        await().untilAsserted(() -> assertThat(sandbox.book().charges())
                .extracting(Charge::ownReference)
                .containsExactly("paid"));
    }

    @Test
    void a_script_for_the_next_calls_goes_before_a_standing_one_and_is_used_up() {
        sandbox.faults().add(Fault.onCreate().http(500).withoutActing());
        sandbox.faults().add(Fault.onCreate().http(502).withoutActing().times(2));

        assertThat(till.create(WL, 1, "a").statusCode()).isEqualTo(502);
        assertThat(till.create(WL, 1, "b").statusCode()).isEqualTo(502);
        assertThat(till.create(WL, 1, "c").statusCode()).isEqualTo(500);
        sandbox.faults().clear();
        assertThat(till.create(WL, 1, "d").statusCode()).isEqualTo(200);
    }

    @Test
    void a_script_can_count_for_one_reference_only() {
        sandbox.faults().add(Fault.onCreate().ownReference("b").http(503).withoutActing());

        assertThat(till.create(WL, 1, "a").statusCode()).isEqualTo(200);
        assertThat(till.create(Till.CCV, 1, "b").statusCode()).isEqualTo(503);
    }

    @Test
    void outcome_and_answer_are_scripted_apart() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.DECLINED).times(1));
        sandbox.faults().add(Fault.onCreate().http(504).times(1));

        assertThat(till.create(WL, 1, "a").statusCode()).isEqualTo(504);
        charged(0);
        String id = Objects.requireNonNull(sandbox.calls().all().get(0).transactionId());
        assertThat(word(till.status(WL, id))).isEqualTo("failed");
        assertThat(sandbox.faults().inForce()).isEmpty();
    }

    @Test
    void a_refused_call_uses_up_no_outcome() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS).times(1));
        till.create(WL, 1, "a");
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.DECLINED).times(1));

        assertThat(till.create(WL, 1, "b").statusCode()).isEqualTo(409);
        assertThat(sandbox.faults().inForce()).hasSize(1);
    }

    @Test
    void a_payment_that_never_ends_stays_started_until_somebody_acts() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS));
        String id = till.started(WL, 100, "a");
        charged(0);
        assertThat(word(till.status(WL, id))).isEqualTo("started");

        sandbox.act(id, Outcome.PAID);

        assertThat(word(till.status(WL, id))).isEqualTo("success");
        charged(1);
    }

    @Test
    void a_provider_can_contradict_itself_and_books_once() {
        String id = till.started(WL, 100, "a");
        sandbox.act(id, Outcome.DECLINED);
        assertThat(word(till.status(WL, id))).isEqualTo("failed");
        sandbox.act(id, Outcome.PAID);
        sandbox.act(id, Outcome.DECLINED);
        sandbox.act(id, Outcome.PAID);

        assertThat(word(till.status(WL, id))).isEqualTo("success");
        charged(1);
    }

    @Test
    void the_customer_who_was_overtaken_does_nothing_more() {
        sandbox.faults().add(Fault.onCreate().customerDelay(Duration.ofSeconds(2)));
        String id = till.started(WL, 100, "a");
        sandbox.act(id, Outcome.CANCELLED_AT_TERMINAL);

        await().during(Duration.ofMillis(2_300)).until(() -> sandbox.book().size() == 0);
        assertThat(word(till.status(WL, id))).isEqualTo("failed");
    }

    @Test
    void an_answer_can_come_late_while_the_payment_goes_on() {
        sandbox.faults().add(Fault.onCreate().late(Duration.ofSeconds(2)));
        long before = System.nanoTime();
        CompletableFuture<HttpResponse<String>> answer = till.createLater(WL, 100, "a");
        charged(1);
        assertThat(answer).isNotDone();

        assertThat(word(answer.join())).isEqualTo("started");
        assertThat(System.nanoTime() - before)
                .isGreaterThan(Duration.ofMillis(1_990).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"true,1", "false,0"})
    void an_answer_can_never_come(boolean act, int charges) {
        Fault fault = Fault.onCreate().neverAnswer();
        sandbox.faults().add(act ? fault : fault.withoutActing());
        CompletableFuture<HttpResponse<String>> answer = till.createLater(WL, 100, "a");

        await().until(() -> !sandbox.calls().all().isEmpty());
        charged(charges);
        assertThat(answer).isNotDone();
        assertThat(answered()).isEqualTo(act ? "never answered after acting" : "never answered without acting");
    }

    @ParameterizedTest
    @CsvSource({"true,1", "false,0"})
    void a_connection_can_break_after_or_without_acting(boolean act, int charges) {
        Fault fault = Fault.onCreate().breakConnection().times(1);
        sandbox.faults().add(act ? fault : fault.withoutActing());

        assertThatThrownBy(() -> till.create(WL, 100, "a"))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IOException.class);
        charged(charges);
        assertThat(sandbox.calls().count("create", "a")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"500,true,1", "502,false,0", "503,true,1", "408,true,1", "429,false,0", "404,false,0"})
    void any_http_status_can_come_with_or_without_acting(int status, boolean act, int charges) {
        Fault fault = Fault.onCreate().http(status);
        sandbox.faults().add(act ? fault : fault.withoutActing());

        assertThat(till.create(WL, 100, "a").statusCode()).isEqualTo(status);
        charged(charges);
    }

    @Test
    void an_http_status_can_have_a_body_of_the_scripts_choice() {
        sandbox.faults()
                .add(Fault.onCreate()
                        .answer(new Answer.Http(400, "{\"why\":1}"))
                        .withoutActing());

        assertThat(till.create(WL, 100, "a").body()).isEqualTo("{\"why\":1}");
    }

    @Test
    void a_body_can_be_cut_short_in_good_http() {
        sandbox.faults().add(Fault.onCreate().answer(new Answer.Truncated(false)));
        HttpResponse<String> answer = till.create(WL, 100, "a");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("{\"transactionId\"");
        assertThatThrownBy(() -> Till.JSON.readTree(answer.body())).isInstanceOf(JsonProcessingException.class);
        charged(1);
    }

    @Test
    void a_body_can_end_with_the_connection() {
        sandbox.faults().add(Fault.onCreate().answer(new Answer.Truncated(true)).times(1));

        assertThatThrownBy(() -> till.create(WL, 100, "a")).hasCauseInstanceOf(IOException.class);
        charged(1);
    }

    @Test
    void a_body_can_be_empty() {
        sandbox.faults().add(Fault.onStatus().answer(new Answer.Empty()));
        HttpResponse<String> answer = till.status(WL, till.started(WL, 100, "a"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void a_body_can_be_something_else_than_json() {
        sandbox.faults().add(Fault.onCreate().answer(new Answer.NotJson()));

        assertThat(till.create(WL, 100, "a").body()).startsWith("<html>");
        charged(1);
    }

    @Test
    void an_amount_can_be_wrong_while_book_and_receipt_are_right() {
        sandbox.faults().add(Fault.onAnything().answer(new Answer.WrongAmount(0)));
        JsonNode created = Till.json(till.create(Till.CCV, 1050, "a"));
        charged(1);
        JsonNode status =
                Till.json(till.status(Till.CCV, created.path("transactionId").asText()));

        assertThat(created.path("amount").asLong(-1)).isZero();
        assertThat(status.path("amount").asLong(-1)).isZero();
        assertThat(status.path("receipt").asText()).contains("10,50 EUR");
        assertThat(sandbox.book().total()).isEqualTo(1050);
    }

    @ParameterizedTest
    @ValueSource(strings = {"manualintervention", "final", "QUEUED", "pending"})
    void a_status_word_can_be_any(String word) {
        sandbox.faults()
                .add(Fault.onStatus().answer(new Answer.StatusWord(word)).times(1));
        String id = till.started(WL, 100, "a");
        charged(1);

        assertThat(word(till.status(WL, id))).isEqualTo(word);
        assertThat(word(till.status(WL, id))).isEqualTo("success");
    }

    @Test
    void a_transaction_can_be_not_found_right_after_accept() {
        sandbox.faults().add(Fault.onStatus().answer(new Answer.NotFound()).times(1));
        String id = till.started(WL, 100, "a");

        assertThat(word(till.status(WL, id))).isEqualTo("not_found");
        assertThat(word(till.status(WL, id))).isIn("started", "success");
        charged(1);
    }

    @Test
    void a_transaction_id_can_be_missing() {
        sandbox.faults().add(Fault.onCreate().answer(new Answer.NoTransactionId()));
        JsonNode answer = Till.json(till.create(WL, 100, "a"));

        assertThat(answer.has("transactionId")).isFalse();
        assertThat(answer.path("status").asText()).isEqualTo("started");
        charged(1);
    }

    @Test
    void an_answer_can_tell_of_a_start_that_never_was() {
        sandbox.faults()
                .add(Fault.onCreate()
                        .answer(new Answer.StatusWord("started"))
                        .withoutActing()
                        .times(1));
        String ghost = till.started(WL, 100, "a");

        assertThat(word(till.status(WL, ghost))).isEqualTo("not_found");
        charged(0);
    }

    @Test
    void busy_can_be_answered_by_a_free_terminal() {
        sandbox.faults().add(Fault.onCreate().answer(new Answer.Busy()).times(1));

        assertThat(till.create(WL, 100, "a").statusCode()).isEqualTo(409);
        charged(0);
        assertThat(till.create(WL, 100, "b").statusCode()).isEqualTo(200);
    }

    @Test
    void a_held_answer_comes_with_the_release() {
        sandbox.faults().add(Fault.onCreate().held());
        CompletableFuture<HttpResponse<String>> answer = till.createLater(WL, 100, "a");
        charged(1);
        await().until(() -> sandbox.held() == 1);
        assertThat(answer).isNotDone();
        assertThat(answered()).isEqualTo("holding: 200 started");

        assertThat(sandbox.release()).isEqualTo(1);

        assertThat(word(answer.join())).isEqualTo("started");
        assertThat(answered()).isEqualTo("200 started");
        assertThat(sandbox.held()).isZero();
    }

    @Test
    void a_call_held_without_acting_is_closed_with_the_release() {
        sandbox.faults().add(Fault.onCreate().held().withoutActing().times(1));
        CompletableFuture<HttpResponse<String>> answer = till.createLater(WL, 100, "a");
        await().until(() -> sandbox.held() == 1);
        sandbox.release();

        assertThatThrownBy(answer::join).hasCauseInstanceOf(IOException.class);
        charged(0);
    }

    @Test
    void a_caller_who_dies_while_held_is_noticed_and_the_payment_goes_on() throws Exception {
        sandbox.faults().add(Fault.onCreate().held());
        String form = "terminalId=50303253&key=wl-key&amount=100&ownReference=a";
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), sandbox.port())) {
            write(caller, form.length(), form);
            await().until(() -> sandbox.held() == 1);
        }

        await().until(() -> sandbox.held() == 0);
        assertThat(answered()).isEqualTo("holding: 200 started, caller gone");
        charged(1);
    }

    @Test
    void half_a_request_starts_nothing_and_is_on_record() throws Exception {
        String form = "terminalId=50303253&key=wl-key&amount=100";
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), sandbox.port())) {
            write(caller, form.length() + 20, form);
        }

        await().until(() -> sandbox.calls().count("create") == 1);
        assertThat(answered()).startsWith("the request was not read to its end");
        charged(0);
    }

    private static void write(Socket caller, int length, String form) throws IOException {
        caller.getOutputStream()
                .write(("POST /V1/instore/transactions/create HTTP/1.1\r\nHost: sandbox\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + length
                                + "\r\n\r\n" + form)
                        .getBytes(StandardCharsets.US_ASCII));
        caller.getOutputStream().flush();
    }

    @Test
    void the_list_of_calls_shows_what_was_asked_and_answered_and_never_the_key() {
        String id = till.started(WL, 100, "a");
        till.status(WL, id);
        sandbox.faults().add(Fault.onCreate().terminal(Till.CCV.id()).http(503).times(1));
        till.create(Till.CCV, 100, "b");

        assertThat(sandbox.calls().all())
                .extracting(Call::operation, Call::ownReference, Call::answered)
                .contains(tuple("create", "a", "200 started"), tuple("create", "b", "503 after acting"));
        assertThat(sandbox.calls().matching("status", null, "a", id)).hasSize(1);
        assertThat(sandbox.calls().all().toString()).doesNotContain("wl-key");
    }

    @Test
    void scripts_that_can_never_do_anything_are_refused() {
        assertThatThrownBy(() -> sandbox.faults().add(Fault.on("craete").http(500)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sandbox.faults().add(Fault.onCreate())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sandbox.faults().add(Fault.onStatus().outcome(Outcome.PAID)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_reset_forgets_everything_and_a_customer_of_before_charges_nobody() {
        sandbox.faults().add(Fault.onCreate().customerDelay(Duration.ofMillis(60)));
        String id = till.started(WL, 100, "a");
        sandbox.reset();

        charged(0);
        assertThat(sandbox.calls().all()).isEmpty();
        assertThat(sandbox.faults().inForce()).isEmpty();
        assertThat(word(till.status(WL, id))).isEqualTo("not_found");
        assertThat(till.started(WL, 100, "b")).isNotEqualTo(id);
    }

    @Test
    void test_amounts_choose_what_happens_where_they_are_switched_on() {
        till.create(WL, 1001, "off");
        charged(1);
        sandbox.close();
        sandbox = Sandbox.start(SandboxOptions.defaults()
                .withAnyTerminal(true)
                .withTestAmounts(true)
                .withCustomerDelay(Duration.ofMillis(20)));
        till = new Till(sandbox.url());

        String declined = till.started(WL, 1001, "declined");
        String paid = till.started(Till.CCV, 1050, "paid");
        assertThat(till.create(new SandboxTerminal("8", "k", Brand.CCV), 2008, "lost")
                        .statusCode())
                .isEqualTo(502);
        await().untilAsserted(() -> assertThat(word(till.status(WL, declined))).isEqualTo("failed"));
        await().untilAsserted(
                        () -> assertThat(word(till.status(Till.CCV, paid))).isEqualTo("success"));
        await().untilAsserted(() -> assertThat(sandbox.book().charges())
                .extracting(Charge::ownReference)
                .containsExactlyInAnyOrder("paid", "lost"));
    }
}
