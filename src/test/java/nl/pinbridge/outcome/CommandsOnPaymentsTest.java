package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.CallGate.NotMarkedException;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.Work;
import nl.pinbridge.provider.Work.Task;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of cancel, refund, mail-receipt and ctmp on real databases, without a broker and without a provider. */
class CommandsOnPaymentsTest extends RuleBench {
    private static final String DONE = "{\"state\":\"DONE\",\"word\":\"success\"}";

    private String paidPayment(String key) throws NotMarkedException {
        ProviderJob job = started(key, "tx-" + key);
        looked(job, paid("tx-" + key, 1050));
        return Objects.requireNonNull(job.paymentId());
    }

    private static String refund(String key, String payment, long cents) {
        return command(key, "refund", about(payment) + ",\"amount\":{\"value\":" + cents + ",\"currency\":\"EUR\"}");
    }

    private static void assertEnded(JsonNode result, String status, String code) {
        assertThat(result.path("status").asText()).isEqualTo(status);
        assertThat(result.path("error").path("code").asText("")).isEqualTo(code);
    }

    // ---- cancel ----

    @ParameterizedTest
    @EnumSource
    void f42_a_cancel_of_a_create_that_is_still_queued_stops_it(Databases database) throws Exception {
        open(database);
        String create = accepted("so-1");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        assertThat(task(cancel)).isEqualTo(new Task.UnsentCancel(cancel));
        outcome.ofUnsentCancel(cancel);

        assertEnded(latest(cancel), "SUCCEEDED", "");
        assertThat(latest(cancel).path("payment").path("status").asText()).isEqualTo("NOT_PAID");
        assertEnded(latest(create), "NOT_SENT", "CANCELLED_BEFORE_START");
        assertThat(task(create)).isEqualTo(new Task.Nothing());
    }

    @ParameterizedTest
    @EnumSource
    void f42_a_cancel_that_is_in_the_ledger_wins_at_the_mark(Databases database) throws Exception {
        open(database);
        String create = accepted("so-1");
        ProviderJob job = job(create);
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        assertThat(refusedMark(marks, job)).isPresent();

        assertEnded(latest(create), "NOT_SENT", "CANCELLED_BEFORE_START");
        assertEnded(latest(cancel), "SUCCEEDED", "");
    }

    @ParameterizedTest
    @EnumSource
    void f42_a_cancel_of_a_key_not_yet_seen_is_answered_and_stops_the_create_for_a_day(Databases database)
            throws Exception {
        open(database);
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        outcome.ofUnsentCancel(cancel);
        assertEnded(latest(cancel), "FAILED", "UNKNOWN_PAYMENT");

        clock.forward(Duration.ofHours(23));
        String create = accepted("so-1");
        assertThat(refusedMark(marks, job(create))).isPresent();
        assertEnded(latest(create), "NOT_SENT", "CANCELLED_BEFORE_START");
        assertThat(latest(create).path("payment").path("status").asText()).isEqualTo("NOT_PAID");

        sent(command("c-2", "cancel", about("so-2")));
        clock.forward(Duration.ofHours(25));
        assertThat(refusedMark(marks, job(accepted("so-2")))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void f42_a_cancel_that_came_first_finds_a_create_that_came_before_its_turn(Databases database) {
        open(database);
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        String create = accepted("so-1");
        assertThat(task(cancel)).isEqualTo(new Task.UnsentCancel(cancel));
        outcome.ofUnsentCancel(cancel);
        assertEnded(latest(cancel), "SUCCEEDED", "");
        assertEnded(latest(create), "NOT_SENT", "CANCELLED_BEFORE_START");
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_waits_while_the_create_is_on_the_wire_and_is_woken_by_its_answer(Databases database)
            throws Exception {
        open(database);
        ProviderJob job = job(accepted("so-1"));
        Mark mark = marks.mark(job);
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        assertThat(task(cancel)).isEqualTo(new Task.UnsentCancel(cancel));
        outcome.ofUnsentCancel(cancel);
        assertThat(latest(cancel).path("status").asText()).isEqualTo("WAITING");

        Nudges told = outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(running("77")));
        assertThat(told.wakes()).extracting(Nudges.Wake::commandRow).containsExactly(cancel);
        assertThat(task(cancel)).isInstanceOf(Task.Refresh.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_is_sent_once_the_provider_has_said_that_the_payment_runs(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        assertThat(task(cancel)).isInstanceOf(Task.Refresh.class);
        assertThat(work.ofCommand(cancel, false, Work.Refreshed.IN_VAIN)).isEqualTo(new Task.UnsentCancel(cancel));

        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        Mark mark = marks.mark(call);
        Nudges taken = outcome.ofMarkedCall(call, mark.attempt(), OK, null, reading(DONE));
        assertThat(only(taken).path("status").asText()).isEqualTo("STARTED");
        assertThat(taken.looks()).singleElement().satisfies(look -> assertThat(look.at())
                .isEqualTo(clock.instant()));

        Nudges ended = looked(job, notPaid("77", "CANCELLED_BY_COMMAND"));
        assertThat(results(ended)).hasSize(2);
        assertEnded(latest(cancel), "SUCCEEDED", "");
        assertThat(latest(cancel).path("providerTransactionId").asText()).isEqualTo("77");
        assertEnded(latest(Objects.requireNonNull(job.commandRow())), "CANCELLED", "CANCELLED_BY_COMMAND");
        assertThat(marks.holder(TILL.device())).isNull();
        assertThat(refusedMark(marks, job(accepted("so-2")))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void f41_a_cancel_that_comes_after_the_approval_says_too_late_with_the_payment_paid(Databases database)
            throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        Mark mark = marks.mark(call);
        outcome.ofMarkedCall(call, mark.attempt(), OK, null, reading(DONE));
        looked(job, paid("77", 1050));
        assertEnded(latest(cancel), "FAILED", "TOO_LATE");
        assertThat(latest(cancel).path("payment").path("status").asText()).isEqualTo("PAID");

        String after = sent(command("c-2", "cancel", about("so-1")));
        outcome.ofUnsentCancel(after);
        assertEnded(latest(after), "FAILED", "TOO_LATE");
    }

    @ParameterizedTest
    @EnumSource
    void the_read_before_a_cancel_may_find_the_payment_over_and_then_no_cancel_is_sent(Databases database)
            throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        looked(job, paid("77", 1050));
        assertEnded(latest(cancel), "FAILED", "TOO_LATE");
        assertThat(refreshed(cancel)).isEqualTo(new Task.Nothing());
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_that_was_read_for_one_customer_cannot_be_marked_for_the_next(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        looked(job, paid("77", 1050));
        started("so-2", "78");
        assertThat(refusedMark(marks, call)).isPresent();
        assertThat(attempts(call)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void while_a_cancel_is_on_the_wire_the_lane_stays_taken_though_the_payment_is_over(Databases database)
            throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        Mark mark = marks.mark(call);
        looked(job, paid("77", 1050));
        assertThat(latest(Objects.requireNonNull(job.commandRow()))
                        .path("status")
                        .asText())
                .isEqualTo("SUCCEEDED");

        String next = accepted("so-2");
        assertThat(refusedMark(marks, job(next))).isPresent();
        Nudges told = outcome.ofMarkedCall(call, mark.attempt(), OK, null, reading(DONE));
        assertEnded(latest(cancel), "FAILED", "TOO_LATE");
        assertThat(told.wakes()).extracting(Nudges.Wake::commandRow).containsExactly(next);
        assertThat(refusedMark(marks, job(next))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void after_a_cancel_whose_answer_was_lost_nobody_starts_until_it_can_no_longer_arrive(Databases database)
            throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        Mark mark = marks.mark(call);
        Nudges lost = outcome.ofMarkedCall(call, mark.attempt(), LOST, null, Reading.UNREADABLE);
        assertThat(only(lost).path("status").asText()).isEqualTo("IN_DOUBT");
        looked(job, paid("77", 1050));
        assertEnded(latest(cancel), "FAILED", "TOO_LATE");

        assertThat(refusedMark(marks, job(accepted("so-2")))).isPresent();
        clock.forward(RULES.maximum());
        assertThat(refusedMark(marks, job(accepted("so-3")))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_whose_answer_was_lost_but_that_had_its_effect_blocks_nobody(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        Mark mark = marks.mark(call);
        outcome.ofMarkedCall(call, mark.attempt(), LOST, null, Reading.UNREADABLE);
        looked(job, notPaid("77", "CANCELLED_BY_COMMAND"));
        assertEnded(latest(cancel), "SUCCEEDED", "");
        assertThat(refusedMark(marks, job(accepted("so-2")))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_that_was_interrupted_after_its_mark_is_never_sent_again(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        marks.mark(((Task.Call) refreshed(cancel)).job());
        assertThat(task(cancel)).isEqualTo(new Task.Nothing());
        assertThat(work.ofCommand(cancel, true, Work.Refreshed.NOT_YET)).isEqualTo(new Task.Interrupted(cancel));
        clock.forward(Duration.ofSeconds(71));
        assertThat(task(cancel)).isEqualTo(new Task.Interrupted(cancel));

        Nudges told = outcome.ofInterruption(cancel);
        assertThat(only(told).path("status").asText()).isEqualTo("IN_DOUBT");
        assertThat(told.looks()).hasSize(1);
        looked(job, notPaid("77", "CANCELLED_BY_COMMAND"));
        assertEnded(latest(cancel), "SUCCEEDED", "");
        assertThat(marks.holder(TILL.device())).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_that_did_not_leave_says_so_and_the_payment_goes_on(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        Mark mark = marks.mark(call);
        outcome.ofMarkedCall(call, mark.attempt(), NO_CONNECTION, null, Reading.UNREADABLE);
        assertEnded(latest(cancel), "NOT_SENT", "NO_CONNECTION");
        looked(job, paid("77", 1050));
        assertThat(refusedMark(marks, job(accepted("so-2")))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_of_a_payment_that_is_with_a_person_needs_one_too(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        Mark mark = marks.mark(call);
        outcome.ofMarkedCall(call, mark.attempt(), OK, null, reading(DONE));
        clock.forward(Duration.ofMinutes(7));
        looked(job, running("77"));
        assertEnded(latest(cancel), "NEEDS_ATTENTION", "OUTCOME_UNKNOWN");
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_on_a_terminal_that_cannot_is_refused_unless_the_create_has_not_begun(Databases database)
            throws Exception {
        open(database);
        String create = sent(create("so-1", 1050).replace("till-1", "till-2"));
        ProviderJob job = job(create);
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(running("TL1")));
        String cancel = sent(command("c-1", "cancel", about("so-1")));
        Task.End end = (Task.End) task(cancel);
        outcome.ofUnsent(end.commandRow(), end.error());
        assertEnded(latest(cancel), "REFUSED", "NOT_SUPPORTED");
        assertThat(latest(cancel).path("payment").path("status").asText()).isEqualTo("OPEN");

        sent(create("so-2", 1050).replace("till-1", "till-2"));
        String early = sent(command("c-2", "cancel", about("so-2")));
        outcome.ofUnsentCancel(early);
        assertEnded(latest(early), "SUCCEEDED", "");
    }

    // ---- refund ----

    @ParameterizedTest
    @EnumSource
    void a_refund_shows_the_payment_and_its_own_transaction(Databases database) throws Exception {
        open(database);
        String payment = paidPayment("so-1");
        String row = sent(refund("r-1", "so-1", 400));
        ProviderJob job = job(row);
        assertThat(job.view().at("/command/amount/value").asLong()).isEqualTo(400);
        assertThat(job.view().at("/original/id").asText()).isEqualTo(payment);
        assertThat(job.paymentId()).isNotEqualTo(payment);
        Mark mark = marks.mark(job);
        JsonNode begun = only(outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(running("r77"))));
        assertThat(begun.path("status").asText()).isEqualTo("STARTED");
        assertThat(begun.path("providerTransactionId").asText()).isEqualTo("r77");
        assertThat(begun.at("/payment/id").asText()).isEqualTo(payment);
        assertThat(begun.at("/payment/status").asText()).isEqualTo("PAID");

        JsonNode done = only(looked(job, paid("r77", 400)));
        assertThat(done.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(done.at("/payment/status").asText()).isEqualTo("PARTLY_REFUNDED");
        assertThat(done.at("/payment/amounts/refunded").asLong()).isEqualTo(400);
        assertThat(done.at("/payment/providerTransactionId").asText()).isEqualTo("tx-so-1");
        assertThat(marks.holder(TILL.device())).isNull();

        String rest = sent(command("r-2", "refund", about(payment)));
        ProviderJob second = job(rest);
        assertThat(second.view().at("/command/amount/value").asLong()).isEqualTo(650);
        Mark again = marks.mark(second);
        outcome.ofMarkedCall(second, again.attempt(), OK, null, reading(running("r78")));
        JsonNode all = only(looked(second, paid("r78", 650)));
        assertThat(all.at("/payment/status").asText()).isEqualTo("REFUNDED");
        assertThat(all.at("/payment/amounts/refunded").asLong()).isEqualTo(1050);
    }

    @ParameterizedTest
    @EnumSource
    void all_of_a_payment_that_was_not_over_is_given_back_when_it_is(Databases database) throws Exception {
        open(database);
        ProviderJob sale = started("so-1", "77");
        String row = sent(command("r-1", "refund", about("so-1")));
        assertThat(task(row)).isInstanceOf(Work.Task.Refresh.class);
        looked(sale, paid("77", 1050));
        ProviderJob job = ((Work.Task.Call) refreshed(row)).job();
        assertThat(job.view().at("/command/amount/value").asLong()).isEqualTo(1050);
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(running("r77")));
        JsonNode done = only(looked(job, paid("r77", 1050)));
        assertThat(done.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(done.at("/payment/status").asText()).isEqualTo("REFUNDED");
    }

    @ParameterizedTest
    @EnumSource
    void f43_no_more_is_given_back_than_was_paid(Databases database) throws Exception {
        open(database);
        paidPayment("so-1");
        assertEnded(latest(sent(refund("r-0", "so-1", 1051))), "REFUSED", "REFUND_TOO_HIGH");
        ProviderJob first = job(sent(refund("r-1", "so-1", 1000)));
        String second = sent(refund("r-2", "so-1", 1000));
        Mark mark = marks.mark(first);
        outcome.ofMarkedCall(first, mark.attempt(), OK, null, reading(running("r77")));
        looked(first, paid("r77", 1000));
        assertThat(refusedMark(marks, job(second))).isPresent();
        assertEnded(latest(second), "REFUSED", "REFUND_TOO_HIGH");
        assertThat(latest(second).at("/error/message").asText()).contains("50 is left");
        assertEnded(latest(sent(refund("r-3", "so-1", 51))), "REFUSED", "REFUND_TOO_HIGH");
    }

    @ParameterizedTest
    @EnumSource
    void f63_two_refunds_at_the_same_moment_give_back_no_more_than_was_paid(Databases database) throws Exception {
        open(database);
        paidPayment("so-1");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<ProviderJob> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                jobs.add(job(sent(refund("r-" + i, "so-1", 600))));
            }
            List<Callable<Optional<NotMarkedException>>> tries = new ArrayList<>();
            for (ProviderJob job : jobs) {
                tries.add(() -> refusedMark(marks, job));
            }
            long marked = 0;
            for (Future<Optional<NotMarkedException>> one : threads.invokeAll(tries)) {
                marked += one.get().isEmpty() ? 1 : 0;
            }
            assertThat(marked).isLessThanOrEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void f63_a_pause_stops_a_refund_at_its_mark(Databases database) throws Exception {
        open(database);
        paidPayment("so-1");
        String row = sent(refund("r-1", "so-1", 100));
        ledger.update(tx -> tx.pause("pinvandaag", true));
        assertThat(refusedMark(marks, job(row))).isPresent();
        assertEnded(latest(row), "NOT_SENT", "PAUSED");
        assertThat(latest(row).at("/payment/status").asText()).isEqualTo("PAID");
    }

    @ParameterizedTest
    @EnumSource
    void f44_while_a_refund_is_in_doubt_no_other_is_let_through(Databases database) throws Exception {
        open(database);
        paidPayment("so-1");
        ProviderJob lost = job(sent(refund("r-1", "so-1", 100)));
        Mark mark = marks.mark(lost);
        JsonNode doubt = only(outcome.ofMarkedCall(lost, mark.attempt(), LOST, null, Reading.UNREADABLE));
        assertThat(doubt.path("status").asText()).isEqualTo("IN_DOUBT");
        assertThat(doubt.at("/payment/status").asText()).isEqualTo("PAID");
        assertEnded(latest(sent(refund("r-2", "so-1", 100))), "REFUSED", "NOT_ALLOWED_NOW");

        clock.forward(Duration.ofMinutes(7));
        outcome.ofBlindLook(Objects.requireNonNull(lost.paymentId()));
        assertEnded(latest(Objects.requireNonNull(lost.commandRow())), "NEEDS_ATTENTION", "OUTCOME_UNKNOWN");
        assertEnded(latest(sent(refund("r-3", "so-1", 100))), "REFUSED", "NOT_ALLOWED_NOW");
        assertThat(marks.holder(TILL.device())).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void f45_a_refund_of_a_payment_that_is_not_over_asks_the_provider_first(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String refund = sent(refund("r-1", "so-1", 100));
        assertThat(task(refund)).isInstanceOf(Task.Refresh.class);
        looked(job, paid("77", 1050));
        assertThat(refusedMark(marks, ((Task.Call) refreshed(refund)).job())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void f45_a_refund_of_a_payment_that_is_in_doubt_is_refused(Databases database) throws Exception {
        open(database);
        ProviderJob create = job(accepted("so-1"));
        Mark mark = marks.mark(create);
        outcome.ofMarkedCall(create, mark.attempt(), LOST, null, Reading.UNREADABLE);
        clock.forward(Duration.ofMinutes(7));
        outcome.ofBlindLook(Objects.requireNonNull(create.paymentId()));
        String refund = sent(refund("r-1", "so-1", 100));
        assertThat(refusedMark(marks, job(refund))).isPresent();
        assertEnded(latest(refund), "REFUSED", "NOT_ALLOWED_NOW");
    }

    @ParameterizedTest
    @EnumSource
    void refunds_of_what_was_not_paid_or_is_not_known_or_cannot_be_are_refused(Databases database) throws Exception {
        open(database);
        ProviderJob declined = started("so-1", "77");
        looked(declined, notPaid("77", "DECLINED"));
        assertEnded(latest(sent(refund("r-1", "so-1", 1))), "REFUSED", "NOT_ALLOWED_NOW");
        assertEnded(latest(sent(refund("r-2", "so-9", 1))), "REFUSED", "UNKNOWN_PAYMENT");
        String payment = paidPayment("so-2");
        assertEnded(
                latest(sent(command("r-3", "refund", about(payment) + ",\"terminal\":\"till-2\""))),
                "REFUSED",
                "NOT_SUPPORTED");
        ProviderJob first = job(sent(refund("r-4", "so-2", 1)));
        marks.mark(first);
        assertEnded(latest(sent(refund("r-5", "r-4", 1))), "REFUSED", "UNKNOWN_PAYMENT");
    }

    @ParameterizedTest
    @EnumSource
    void a_refund_of_an_unknown_sale_goes_through_where_the_operator_allows_it(Databases database) throws Exception {
        open(database, true);
        assertEnded(latest(sent(refund("r-1", "so-9", 100))), "REFUSED", "UNKNOWN_PAYMENT");
        String row = sent(refund("r-2", "so-9", 100).replace("\"amount\"", "\"terminal\":\"till-1\",\"amount\""));
        ProviderJob job = job(row);
        Mark mark = marks.mark(job);
        JsonNode begun = only(outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(running("r1"))));
        assertThat(begun.path("payment").isNull()).isTrue();
        assertThat(begun.path("providerTransactionId").asText()).isEqualTo("r1");
        assertThat(only(looked(job, paid("r1", 100))).path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @ParameterizedTest
    @EnumSource
    void f23_a_refund_of_another_amount_than_asked_is_for_a_person(Databases database) throws Exception {
        open(database);
        paidPayment("so-1");
        ProviderJob job = job(sent(refund("r-1", "so-1", 400)));
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(running("r77")));
        JsonNode wrong = only(looked(job, paid("r77", 4000)));
        assertEnded(wrong, "NEEDS_ATTENTION", "INTEGRITY");
        assertThat(wrong.at("/payment/amounts/refunded").asLong()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void a_refund_can_be_cancelled_like_a_payment(Databases database) throws Exception {
        open(database);
        paidPayment("so-1");
        ProviderJob job = job(sent(refund("r-1", "so-1", 400)));
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(running("r77")));
        String cancel = sent(command("c-1", "cancel", about("r-1")));
        ProviderJob call = ((Task.Call) refreshed(cancel)).job();
        Mark marked = marks.mark(call);
        outcome.ofMarkedCall(call, marked.attempt(), OK, null, reading(DONE));
        looked(job, notPaid("r77", "CANCELLED_BY_COMMAND").replace("1050", "400"));
        assertEnded(latest(cancel), "SUCCEEDED", "");
        assertThat(latest(cancel).at("/payment/status").asText()).isEqualTo("PAID");
        assertEnded(latest(Objects.requireNonNull(job.commandRow())), "CANCELLED", "CANCELLED_BY_COMMAND");
        // What was not given back is still left.
        assertThat(job(sent(command("r-2", "refund", about("so-1"))))
                        .view()
                        .at("/command/amount/value")
                        .asLong())
                .isEqualTo(1050);
    }

    // ---- errands ----

    @ParameterizedTest
    @EnumSource
    void f46_a_receipt_whose_mailing_was_lost_is_not_mailed_again(Databases database) throws Exception {
        open(database);
        paidPayment("so-1");
        String row = sent(command("m-1", "mail-receipt", about("so-1") + ",\"receipt\":{\"to\":\"a@example.nl\"}"));
        ProviderJob job = job(row);
        assertThat(job.view().at("/command/receipt/to").asText()).isEqualTo("a@example.nl");
        Mark mark = marks.mark(job);
        assertThat(refusedMark(marks, job)).isPresent();
        outcome.ofMarkedCall(job, mark.attempt(), LOST, null, Reading.UNREADABLE);
        assertEnded(latest(row), "NEEDS_ATTENTION", "MAYBE_SENT");
        assertThat(latest(row).at("/error/resend").asText()).isEqualTo("safe");
        assertThat(task(row)).isEqualTo(new Task.Nothing());
        List<WorkItemRow> items = ledger.inTransaction(tx -> tx.openWorkItems());
        assertThat(items).isEmpty();
        assertThat(refusedMark(marks, job(accepted("so-2")))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void there_is_a_receipt_to_mail_only_of_what_succeeded(Databases database) throws Exception {
        open(database);
        looked(started("so-1", "77"), notPaid("77", "DECLINED"));
        String row = sent(command("m-1", "mail-receipt", about("so-1") + ",\"receipt\":{\"to\":\"a@example.nl\"}"));
        Task.End end = (Task.End) task(row);
        outcome.ofUnsent(row, end.error());
        assertEnded(latest(row), "REFUSED", "NOT_ALLOWED_NOW");
    }

    @ParameterizedTest
    @EnumSource
    void ctmp_takes_the_lane_and_gives_it_back(Databases database) throws Exception {
        open(database);
        String row = sent(command("t-1", "ctmp", "\"terminal\":\"till-1\""));
        ProviderJob job = job(row);
        Mark mark = marks.mark(job);
        String next = accepted("so-1");
        assertThat(refusedMark(marks, job(next))).isPresent();
        Nudges told = outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(DONE));
        assertEnded(only(told), "SUCCEEDED", "");
        assertThat(told.wakes()).extracting(Nudges.Wake::commandRow).containsExactly(next);
        assertThat(refusedMark(marks, job(next))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void f46_ctmp_is_refused_where_the_terminal_cannot_and_frees_the_lane_when_it_was_interrupted(Databases database)
            throws Exception {
        open(database);
        assertEnded(latest(sent(command("t-0", "ctmp", "\"terminal\":\"till-2\""))), "REFUSED", "NOT_SUPPORTED");
        String row = sent(command("t-1", "ctmp", "\"terminal\":\"till-1\""));
        marks.mark(job(row));
        clock.forward(Duration.ofSeconds(71));
        assertThat(task(row)).isEqualTo(new Task.Interrupted(row));
        outcome.ofInterruption(row);
        assertEnded(latest(row), "NEEDS_ATTENTION", "MAYBE_SENT");
        assertThat(marks.holder(TILL.device())).isNull();
    }

    // ---- questions ----

    @ParameterizedTest
    @EnumSource
    void list_terminals_and_terminal_status_say_what_the_bridge_knows(Databases database) throws Exception {
        open(database);
        started("so-1", "77");
        JsonNode list = latest(sent(command("l-1", "list-terminals", "")));
        assertThat(list.path("terminals")).hasSize(2);
        assertThat(list.at("/terminals/0/state").asText()).isEqualTo("BUSY");
        assertThat(list.at("/terminals/0/labels/shop").asText()).isEqualTo("Utrecht");
        assertThat(list.at("/terminals/1/state").asText()).isEqualTo("FREE");
        ledger.update(tx -> tx.pause("pinvandaag", true));
        JsonNode one = latest(sent(command("l-2", "terminal-status", "\"terminal\":\"till-2\"")));
        assertThat(one.at("/terminal/alias").asText()).isEqualTo("till-2");
        assertThat(one.at("/terminal/state").asText()).isEqualTo("PAUSED");
        assertThat(one.has("terminals")).isFalse();
        Intake.Verdict unknown =
                intake.accept(message(command("l-3", "terminal-status", "\"terminal\":\"till-9\""), "l-3"));
        assertEnded(latest(Objects.requireNonNull(unknown.commandRow())), "REFUSED", "UNKNOWN_TERMINAL");
    }

    private long attempts(ProviderJob job) {
        return ledger.inTransaction(
                tx -> tx.attemptsOf(Objects.requireNonNull(job.commandRow())).size());
    }

    @ParameterizedTest
    @EnumSource
    void f23_a_test_payment_where_real_ones_are_expected_is_for_a_person(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        JsonNode wrong = only(looked(job, paid("77", 1050).replace("{", "{\"test\":true,")));
        assertEnded(wrong, "NEEDS_ATTENTION", "INTEGRITY");
        assertThat(wrong.at("/payment/amounts/paid").asLong()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void f23_another_currency_than_asked_is_for_a_person(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        JsonNode wrong = only(looked(job, paid("77", 1050).replace("{", "{\"currency\":\"USD\",")));
        assertEnded(wrong, "NEEDS_ATTENTION", "INTEGRITY");
    }

    @ParameterizedTest
    @EnumSource
    void f27_a_provider_that_says_paid_and_later_not_paid_makes_a_conflict(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        looked(job, paid("77", 1050));
        JsonNode conflict = only(looked(job, notPaid("77", "PROVIDER_FAILED")));
        assertEnded(conflict, "NEEDS_ATTENTION", "CONFLICT");
        assertThat(conflict.at("/payment/status").asText()).isEqualTo("CONFLICT");
        PaymentRow row = ledger.inTransaction(
                tx -> tx.payment(Objects.requireNonNull(job.paymentId())).orElseThrow());
        assertThat(row.status()).isEqualTo(PaymentStatus.CONFLICT);
        assertThat(row.paid()).isEqualTo(1050);
        assertEnded(latest(sent(refund("r-1", "so-1", 1))), "REFUSED", "NOT_ALLOWED_NOW");
    }
}
