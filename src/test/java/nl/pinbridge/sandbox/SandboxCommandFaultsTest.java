package nl.pinbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of fault on every operation that does something beside create: whether it acted is judged by what it left behind. */
class SandboxCommandFaultsTest {
    private static final SandboxTerminal WL = Till.WORLDLINE;

    /** What is called, and on which path of the API. */
    enum Op {
        REFUND("refund"),
        CANCEL("cancel"),
        MAIL("mailreceipt"),
        CTMP("ctmp");

        final String name;

        Op(String name) {
            this.name = name;
        }

        Fault fault() {
            return Fault.on(name);
        }
    }

    private Sandbox sandbox;
    private Till till;
    private String before = "";

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

    /** What the operation needs: something that runs, or something that was paid. */
    private void prepare(Op op) {
        if (op == Op.CANCEL) {
            sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS).times(1));
            before = till.started(WL, 1050, "so-1");
        } else if (op == Op.MAIL) {
            before = till.started(WL, 1050, "so-1");
            await().until(() -> sandbox.book().size() == 1);
        }
    }

    private CompletableFuture<HttpResponse<String>> callLater(Op op) {
        return switch (op) {
            case REFUND -> till.refundLater(WL, 250);
            case CANCEL -> till.cancelLater(WL);
            case MAIL -> till.mailReceiptLater(WL, before, "klant@example.nl");
            case CTMP -> till.ctmpLater(WL);
        };
    }

    private HttpResponse<String> call(Op op) {
        return callLater(op).join();
    }

    private int traces(Op op) {
        return switch (op) {
            case REFUND -> sandbox.book().refunds().size();
            case CANCEL -> word(till.status(WL, before)).equals("failed") ? 1 : 0;
            case MAIL -> sandbox.outbox().of(before).size();
            case CTMP -> (int) sandbox.ctmps(WL.id());
        };
    }

    private void acted(Op op, boolean expected) {
        await().pollDelay(Duration.ofMillis(expected ? 0 : 120))
                .untilAsserted(() -> assertThat(traces(op)).isEqualTo(expected ? 1 : 0));
    }

    private String answered(Op op) {
        List<Call> calls = sandbox.calls().matching(op.name, null, null, null);
        return calls.get(calls.size() - 1).answered();
    }

    private static String word(HttpResponse<String> answer) {
        return Till.json(answer).path("status").asText();
    }

    static Stream<Arguments> with_and_without_acting() {
        return Stream.of(Op.values()).flatMap(op -> Stream.of(Arguments.of(op, true), Arguments.of(op, false)));
    }

    private static Fault acting(Fault fault, boolean act) {
        return act ? fault : fault.withoutActing();
    }

    @ParameterizedTest
    @MethodSource("with_and_without_acting")
    void a_connection_can_break_after_or_without_acting(Op op, boolean act) {
        prepare(op);
        sandbox.faults().add(acting(op.fault().breakConnection().times(1), act));

        assertThatThrownBy(() -> call(op)).hasCauseInstanceOf(IOException.class);
        acted(op, act);
        assertThat(sandbox.calls().count(op.name)).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("with_and_without_acting")
    void an_answer_can_never_come(Op op, boolean act) {
        prepare(op);
        sandbox.faults().add(acting(op.fault().neverAnswer(), act));
        CompletableFuture<HttpResponse<String>> answer = callLater(op);

        await().until(() -> sandbox.calls().count(op.name) == 1);
        acted(op, act);
        assertThat(answer).isNotDone();
        assertThat(answered(op)).isEqualTo(act ? "never answered after acting" : "never answered without acting");
    }

    @ParameterizedTest
    @MethodSource("with_and_without_acting")
    void any_http_status_can_come_with_or_without_acting(Op op, boolean act) {
        prepare(op);
        sandbox.faults().add(acting(op.fault().http(502), act));

        assertThat(call(op).statusCode()).isEqualTo(502);
        acted(op, act);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void an_answer_can_come_late_while_the_call_acted_at_once(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().late(Duration.ofSeconds(1)));
        long sent = System.nanoTime();
        CompletableFuture<HttpResponse<String>> answer = callLater(op);
        acted(op, true);
        assertThat(answer).isNotDone();

        assertThat(answer.join().statusCode()).isEqualTo(200);
        assertThat(System.nanoTime() - sent)
                .isGreaterThan(Duration.ofMillis(990).toNanos());
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void a_call_can_act_late_and_is_answered_after_that(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().actAfter(Duration.ofMillis(700)));
        CompletableFuture<HttpResponse<String>> answer = callLater(op);
        await().until(() -> sandbox.calls().count(op.name) == 1);
        acted(op, false);
        assertThat(answer).isNotDone();

        assertThat(answer.join().statusCode()).isEqualTo(200);
        acted(op, true);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void what_acts_late_does_not_act_after_a_reset(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().actAfter(Duration.ofMillis(300)));
        CompletableFuture<HttpResponse<String>> answer = callLater(op);
        await().until(() -> sandbox.calls().count(op.name) == 1);
        sandbox.reset();
        prepare(op);

        assertThatThrownBy(answer::join).hasCauseInstanceOf(IOException.class);
        acted(op, false);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void a_body_can_be_cut_short_or_empty_or_no_json(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().answer(new Answer.Truncated(false)).times(1));
        HttpResponse<String> cut = call(op);
        acted(op, true);

        assertThat(cut.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> Till.JSON.readTree(cut.body())).isInstanceOf(JsonProcessingException.class);
        sandbox.faults().add(op.fault().answer(new Answer.Truncated(true)).times(1));
        assertThatThrownBy(() -> call(op)).hasCauseInstanceOf(IOException.class);
        sandbox.faults()
                .add(op.fault().answer(new Answer.Empty()).withoutActing().times(1));
        assertThat(call(op).body()).isEmpty();
        sandbox.faults()
                .add(op.fault().answer(new Answer.NotJson()).withoutActing().times(1));
        assertThat(call(op).body()).startsWith("<html>");
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void a_status_word_can_be_any(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().answer(new Answer.StatusWord("QUEUED")));

        assertThat(word(call(op))).isEqualTo("QUEUED");
        acted(op, true);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void an_answer_can_tell_of_what_never_was(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().answer(new Answer.StatusWord("success")).withoutActing());

        assertThat(word(call(op))).isEqualTo("success");
        acted(op, false);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void busy_and_not_found_can_be_answered_whatever_the_truth_is(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().answer(new Answer.Busy()).times(1));
        assertThat(call(op).statusCode()).isEqualTo(409);
        acted(op, false);

        sandbox.faults().add(op.fault().answer(new Answer.NotFound()).times(1));
        assertThat(word(call(op))).isEqualTo("not_found");
        acted(op, true);
    }

    @ParameterizedTest
    @EnumSource(Op.class)
    void an_answer_can_be_held(Op op) {
        prepare(op);
        sandbox.faults().add(op.fault().held());
        CompletableFuture<HttpResponse<String>> answer = callLater(op);
        await().until(() -> sandbox.held() == 1);
        acted(op, true);
        assertThat(answer).isNotDone();
        sandbox.release();

        assertThat(answer.join().statusCode()).isEqualTo(200);
    }

    @Test
    void a_refund_can_come_back_with_a_wrong_amount_or_without_its_id() {
        sandbox.faults().add(Fault.onRefund().answer(new Answer.WrongAmount(1)).times(1));
        assertThat(Till.json(till.refund(WL, 250)).path("amount").asLong()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(sandbox.book().refunded()).isEqualTo(250));

        sandbox.faults()
                .add(Fault.onRefund().answer(new Answer.NoTransactionId()).times(1));
        JsonNode answer = Till.json(till.refund(WL, 100));
        assertThat(answer.has("transactionId")).isFalse();
        await().untilAsserted(() -> assertThat(sandbox.book().refunded()).isEqualTo(350));
    }

    @Test
    void the_latest_transaction_can_be_told_wrong_where_it_is_read() {
        String id = till.started(WL, 1050, "so-1");
        Fault latest = Fault.on("getLatestTransaction").times(1);
        sandbox.faults().add(latest.answer(new Answer.WrongAmount(7)));
        assertThat(Till.json(till.latest(WL)).at("/data/amount").asLong()).isEqualTo(7);
        sandbox.faults().add(latest.answer(new Answer.StatusWord("final")));
        JsonNode answer = Till.json(till.latest(WL));
        assertThat(answer.path("status").asText()).isEqualTo("success");
        assertThat(answer.at("/data/status").asText()).isEqualTo("final");
        sandbox.faults().add(latest.answer(new Answer.NoTransactionId()));
        assertThat(Till.json(till.latest(WL)).path("data").has("transactionId")).isFalse();
        assertThat(Till.json(till.latest(WL)).at("/data/transactionId").asText())
                .isEqualTo(id);
        sandbox.faults().add(latest.http(500));
        assertThat(till.latest(WL).statusCode()).isEqualTo(500);
    }

    @Test
    void f41_a_cancel_can_be_too_late_for_a_card_that_was_approved_just_now() {
        prepare(Op.CANCEL);
        sandbox.faults().add(Fault.onCancel().outcome(Outcome.PAID));

        assertThat(word(call(Op.CANCEL))).isEqualTo("success");
        assertThat(word(till.status(WL, before))).isEqualTo("success");
        assertThat(sandbox.book().chargesOf("so-1")).hasSize(1);
    }

    @Test
    void f41_a_cancel_can_be_too_late_and_its_answer_lost() {
        prepare(Op.CANCEL);
        sandbox.faults().add(Fault.onCancel().outcome(Outcome.PAID).breakConnection());

        assertThatThrownBy(() -> call(Op.CANCEL)).hasCauseInstanceOf(IOException.class);
        assertThat(sandbox.book().chargesOf("so-1")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void f41_a_slow_cancel_hits_whoever_is_there_when_it_arrives(boolean next) {
        prepare(Op.CANCEL);
        sandbox.faults().add(Fault.onCancel().actAfter(Duration.ofMillis(500)));
        CompletableFuture<HttpResponse<String>> answer = callLater(Op.CANCEL);
        await().until(() -> sandbox.calls().count("cancel") == 1);
        sandbox.act(before, Outcome.PAID);
        if (next) {
            prepare(Op.CANCEL);
        }

        assertThat(word(answer.join())).isEqualTo("success");
        assertThat(sandbox.book().chargesOf("so-1")).hasSize(1);
        assertThat(word(till.status(WL, before))).isEqualTo(next ? "failed" : "success");
    }

    @Test
    void a_cancel_can_count_for_the_payment_that_it_hits_only() {
        prepare(Op.CANCEL);
        sandbox.faults().add(Fault.onCancel().ownReference("so-2").http(500));
        assertThat(call(Op.CANCEL).statusCode()).isEqualTo(200);

        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS).times(1));
        till.started(WL, 100, "so-2");
        assertThat(call(Op.CANCEL).statusCode()).isEqualTo(500);
    }

    @Test
    void what_customers_do_is_no_business_of_a_cancel_unless_its_script_says_so() {
        prepare(Op.CANCEL);
        sandbox.faults().add(Fault.onAnything().outcome(Outcome.PAID).times(1));
        call(Op.CANCEL);

        assertThat(word(till.status(WL, before))).isEqualTo("failed");
        assertThat(sandbox.faults().inForce()).hasSize(1);
    }

    @Test
    void scripts_that_can_never_do_anything_are_refused() {
        for (Fault fault : List.of(
                Fault.onMailReceipt().outcome(Outcome.PAID),
                Fault.onCtmp().outcome(Outcome.PAID),
                Fault.on("getLatestTransaction").outcome(Outcome.PAID),
                Fault.onStatus().customerDelay(Duration.ofSeconds(1)),
                Fault.onCancel().customerDelay(Duration.ofSeconds(1)),
                Fault.onCancel().answer(new Answer.WrongAmount(1)),
                Fault.onMailReceipt().answer(new Answer.NoTransactionId()),
                Fault.onCtmp().answer(new Answer.WrongAmount(1)))) {
            assertThatThrownBy(() -> sandbox.faults().add(fault))
                    .as(fault.toString())
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Fault.onCancel().actAfter(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
