package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.LaneRow;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.OperatorAction;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.outcome.Decisions.Answer;
import nl.pinbridge.outcome.Decisions.Verdict;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.ProviderJob;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person may decide, and what comes of it, on real databases. */
class DecisionsTest extends RuleBench {
    private static final Signature ANS = new Signature("operator", "Ans", "slip in the drawer");

    private Decisions decisions;

    @Override
    void open(Databases database) {
        super.open(database);
        decisions = new Decisions(ledger, provider -> RULES);
    }

    /** A payment whose answer was lost and that became a work item; its command's row. */
    private String lost(String key) throws Exception {
        String row = accepted(key);
        ProviderJob job = job(row);
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(job, mark.attempt(), LOST, "{\"outcome\":\"UNKNOWN\"}", Reading.UNREADABLE);
        clock.forward(RULES.maximum());
        outcome.ofBlindLook(paymentOf(row).id());
        assertThat(latest(row).path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        return row;
    }

    private PaymentRow paymentOf(String row) {
        return ledger.inTransaction(tx -> tx.paymentCreatedBy(row).orElseThrow());
    }

    private PaymentRow payment(String id) {
        return ledger.inTransaction(tx -> tx.payment(id).orElseThrow());
    }

    private List<WorkItemRow> items(String payment) {
        return ledger.inTransaction(tx -> tx.workItemsOf(payment));
    }

    private WorkItemRow openItem(String row) {
        return items(paymentOf(row).id()).stream()
                .filter(item -> item.closedAt() == null)
                .findFirst()
                .orElseThrow();
    }

    private static Nudges done(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return ((Answer.Done) answer).nudges();
    }

    private static String refused(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused) answer).why();
    }

    private List<String> history(String payment, String kind) {
        return ledger.inTransaction(tx -> tx.historyOf(payment).stream()
                .filter(line -> line.kind().equals(kind))
                .map(line -> line.text())
                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void settled_as_paid_is_booked_told_and_kept_with_name_and_reason(Databases database) throws Exception {
        open(database);
        String row = lost("so-1");
        int before = latest(row).path("version").asInt();
        WorkItemRow item = openItem(row);

        JsonNode told = only(done(decisions.settle(item.id(), Verdict.PAID, ANS)));

        assertThat(told.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.path("final").asBoolean()).isTrue();
        assertThat(told.path("version").asInt()).isGreaterThan(before);
        assertThat(told.path("error").isNull()).isTrue();
        assertThat(told.path("payment").path("status").asText()).isEqualTo("PAID");
        assertThat(told.path("payment").path("amounts").path("paid").asLong()).isEqualTo(1050);
        String payment = paymentOf(row).id();
        WorkItemRow closed = items(payment).get(0);
        assertThat(closed.closedBy()).isEqualTo("Ans");
        assertThat(closed.closeWhy()).isEqualTo("paid: slip in the drawer");
        assertThat(history(payment, "DECISION"))
                .singleElement()
                .asString()
                .contains("Ans settled work item", "as paid: slip in the drawer");
        List<OperatorAction> actions = ledger.inTransaction(tx -> new Desk(tx).actions(10));
        assertThat(actions).singleElement().satisfies(action -> {
            assertThat(action.action()).isEqualTo("SETTLE");
            assertThat(action.userName()).isEqualTo("operator");
        });
        assertThat(marks.holder(TILL.device())).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void settled_as_not_paid_is_failed_with_nothing_happened(Databases database) throws Exception {
        open(database);
        String row = lost("so-1");

        JsonNode told = only(done(decisions.settle(openItem(row).id(), Verdict.NOT_PAID, ANS)));

        assertThat(told.path("status").asText()).isEqualTo("FAILED");
        assertThat(told.path("error").path("code").asText()).isEqualTo("NOTHING_HAPPENED");
        assertThat(told.path("error").path("resend").asText()).isEqualTo("safe");
        assertThat(told.path("payment").path("status").asText()).isEqualTo("NOT_PAID");
        assertThat(told.path("payment").path("amounts").path("paid").asLong()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void settling_twice_does_nothing_twice_also_from_many_sides_at_once(Databases database) throws Exception {
        open(database);
        String row = lost("so-1");
        String item = openItem(row).id();
        int before = latest(row).path("version").asInt();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Answer>> tries = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Verdict verdict = i % 2 == 0 ? Verdict.PAID : Verdict.NOT_PAID;
                tries.add(() -> decisions.settle(item, verdict, ANS));
            }
            int done = 0;
            for (Future<Answer> one : threads.invokeAll(tries)) {
                Answer answer = one.get();
                if (answer instanceof Answer.Done) {
                    done++;
                } else {
                    assertThat(refused(answer)).contains("was closed at", "by Ans", "Nothing was done");
                }
            }
            assertThat(done).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(latest(row).path("version").asInt()).isEqualTo(before + 1);
        assertThat(history(paymentOf(row).id(), "DECISION")).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void what_may_still_end_by_itself_is_not_settled(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        // The answer names another amount: a work item long before the provider's maximum.
        looked(job, paid("77", 99));
        String row = Objects.requireNonNull(job.commandRow());
        assertThat(openItem(row).reason()).isEqualTo("INTEGRITY");

        assertThat(refused(decisions.settle(openItem(row).id(), Verdict.PAID, ANS)))
                .contains("may still come to an end by itself until 2026-11-21T10:06");
        assertThat(paymentOf(row).status().name()).isEqualTo("IN_DOUBT");

        clock.forward(RULES.maximum());
        only(done(decisions.settle(openItem(row).id(), Verdict.PAID, ANS)));
        assertThat(paymentOf(row).paid()).isEqualTo(1050);
    }

    @ParameterizedTest
    @EnumSource
    void what_the_machine_has_proved_meanwhile_cannot_be_settled_otherwise(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        looked(job, paid("77", 99));
        String row = Objects.requireNonNull(job.commandRow());
        clock.forward(RULES.maximum());
        looked(job, notPaid("77", "DECLINED"));
        String item = items(paymentOf(row).id()).get(0).id();
        int version = latest(row).path("version").asInt();

        if (ledger.inTransaction(tx -> new Desk(tx).workItem(item).orElseThrow())
                        .closedAt()
                == null) {
            assertThat(refused(decisions.settle(item, Verdict.PAID, ANS)))
                    .contains("meanwhile been proved that the payment is NOT_PAID");
            assertThat(results(done(decisions.settle(item, Verdict.NOT_PAID, ANS))))
                    .isEmpty();
        } else {
            assertThat(refused(decisions.settle(item, Verdict.PAID, ANS))).contains("was closed at");
        }
        assertThat(latest(row).path("version").asInt()).isEqualTo(version);
        assertThat(refused(decisions.settle("01NOSUCHITEM", Verdict.PAID, ANS))).contains("There is no work item");
    }

    @ParameterizedTest
    @EnumSource
    void f60_a_provider_that_contradicts_a_person_is_a_conflict_again(Databases database) throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        clock.forward(RULES.maximum());
        looked(job, running("77"));
        String row = Objects.requireNonNull(job.commandRow());
        only(done(decisions.settle(openItem(row).id(), Verdict.NOT_PAID, ANS)));

        JsonNode conflict = only(looked(job, paid("77", 1050)));

        assertThat(conflict.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(conflict.path("error").path("code").asText()).isEqualTo("CONFLICT");
        WorkItemRow again = openItem(row);
        assertThat(again.reason()).isEqualTo("CONFLICT");
        JsonNode last = only(done(decisions.settle(again.id(), Verdict.PAID, ANS)));
        assertThat(last.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(last.path("payment").path("status").asText()).isEqualTo("PAID");
        assertThat(last.path("version").asInt())
                .isGreaterThan(conflict.path("version").asInt());
        assertThat(history(paymentOf(row).id(), "DECISION")).hasSize(2);
    }

    /** A payment of 10.50 that is paid, and a refund of 4.00 whose answer was lost: the refund's command. */
    private String lostRefund() throws Exception {
        ProviderJob sale = started("so-1", "77");
        looked(sale, paid("77", 1050));
        String row =
                sent(command("back-1", "refund", about("so-1") + ",\"amount\":{\"value\":400,\"currency\":\"EUR\"}"));
        ProviderJob job = ((nl.pinbridge.provider.Work.Task.Call) refreshed(row)).job();
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(job, mark.attempt(), LOST, null, Reading.UNREADABLE);
        clock.forward(RULES.maximum());
        outcome.ofBlindLook(paymentOf(row).id());
        return row;
    }

    @ParameterizedTest
    @EnumSource
    void f44_a_refund_settled_as_paid_is_credited_once_and_taken_back_when_it_was_not(Databases database)
            throws Exception {
        open(database);
        String row = lostRefund();
        String sale = Objects.requireNonNull(paymentOf(row).refundOf());

        JsonNode told = only(done(decisions.settle(openItem(row).id(), Verdict.PAID, ANS)));
        assertThat(told.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.path("payment").path("status").asText()).isEqualTo("PARTLY_REFUNDED");
        assertThat(told.path("payment").path("amounts").path("refunded").asLong())
                .isEqualTo(400);
        assertThat(payment(sale).refunded()).isEqualTo(400);

        ProviderJob job = new ProviderJob(
                "pinvandaag", "status", null, paymentOf(row).id(), TILL, nl.pinbridge.contract.Json.object());
        only(outcome.ofLook(job, OK, null, reading(notPaid("88", "DECLINED"))));
        assertThat(openItem(row).reason()).isEqualTo("CONFLICT");
        assertThat(payment(sale).refunded()).isEqualTo(400);

        JsonNode last = only(done(decisions.settle(openItem(row).id(), Verdict.NOT_PAID, ANS)));
        assertThat(last.path("error").path("code").asText()).isEqualTo("NOTHING_HAPPENED");
        assertThat(payment(sale).refunded()).isZero();
        assertThat(payment(sale).status().name()).isEqualTo("PAID");
    }

    @ParameterizedTest
    @EnumSource
    void a_payment_that_was_given_back_is_not_settled_as_not_paid(Databases database) throws Exception {
        open(database);
        String row = lostRefund();
        only(done(decisions.settle(openItem(row).id(), Verdict.PAID, ANS)));
        String sale = Objects.requireNonNull(paymentOf(row).refundOf());
        String creator = payment(sale).createdBy();
        ProviderJob job =
                new ProviderJob("pinvandaag", "status", null, sale, TILL, nl.pinbridge.contract.Json.object());
        only(outcome.ofLook(job, OK, null, reading(notPaid("77", "DECLINED"))));

        assertThat(refused(decisions.settle(openItem(creator).id(), Verdict.NOT_PAID, ANS)))
                .contains("settle its refunds first");
        JsonNode told = only(done(decisions.settle(openItem(creator).id(), Verdict.PAID, ANS)));
        assertThat(told.path("payment").path("status").asText()).isEqualTo("PARTLY_REFUNDED");
        assertThat(told.path("payment").path("amounts").path("paid").asLong()).isEqualTo(1050);
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_that_could_not_be_told_the_end_hears_it_from_the_decision(Databases database) throws Exception {
        open(database);
        String row = lost("so-1");
        String cancel = sent(command("no-1", "cancel", about("so-1")));
        outcome.ofUnsentCancel(cancel);
        assertThat(latest(cancel).path("error").path("code").asText()).isEqualTo("OUTCOME_UNKNOWN");

        List<JsonNode> told = results(done(decisions.settle(openItem(row).id(), Verdict.NOT_PAID, ANS)));

        assertThat(told).hasSize(2);
        assertThat(latest(cancel).path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(latest(cancel).path("payment").path("status").asText()).isEqualTo("NOT_PAID");
    }

    @ParameterizedTest
    @EnumSource
    void a_terminal_is_freed_only_of_what_is_over_or_with_a_person(Databases database) throws Exception {
        open(database);
        String device = TILL.device();
        assertThat(refused(decisions.freeLane(device, "till-1", ANS))).contains("it is free");
        ProviderJob job = started("so-1", "77");
        assertThat(refused(decisions.freeLane(device, "till-1", ANS)))
                .contains("is OPEN", "the next customer could pay for this one");
        assertThat(marks.holder(device)).isEqualTo(job.commandRow());

        looked(job, paid("77", 1050));
        assertThat(marks.holder(device)).isNull();
        assertThat(refused(decisions.freeLane(device, "till-1", ANS))).contains("is free");

        // Left behind by something that is over: as after a restore.
        ledger.update(tx -> {
            tx.lockLane(device);
            tx.takeLane(device, Objects.requireNonNull(job.commandRow()), tx.now(), null);
        });
        String waiting = accepted("so-2");
        assertThat(refusedMark(marks, job(waiting))).isPresent();
        Nudges nudges = done(decisions.freeLane(device, "till-1", ANS));
        assertThat(nudges.wakes()).extracting(Nudges.Wake::commandRow).containsExactly(waiting);
        marks.mark(job(waiting));
    }

    @ParameterizedTest
    @EnumSource
    void a_terminal_blocked_by_a_lost_cancel_is_freed_when_the_cancel_is_known_to_be_gone(Databases database)
            throws Exception {
        open(database);
        ProviderJob job = started("so-1", "77");
        String cancel = sent(command("no-1", "cancel", about("so-1")));
        ProviderJob stop = ((nl.pinbridge.provider.Work.Task.Call) refreshed(cancel)).job();
        Mark mark = marks.mark(stop);
        looked(job, paid("77", 1050));
        assertThat(refused(decisions.freeLane(TILL.device(), "till-1", ANS)))
                .contains("A cancel is on its way to till-1", "try again after");

        outcome.ofMarkedCall(stop, mark.attempt(), LOST, null, Reading.UNREADABLE);
        LaneRow blocked = ledger.inTransaction(tx -> tx.lane(TILL.device()).orElseThrow());
        assertThat(blocked.commandRow()).isNull();
        assertThat(blocked.blockedUntil()).isAfter(clock.instant());

        done(decisions.freeLane(TILL.device(), "till-1", ANS));
        clock.forward(Duration.ofSeconds(1));
        marks.mark(job(accepted("so-2")));
        assertThat(history(Objects.requireNonNull(job.paymentId()), "LANE"))
                .anyMatch(line -> line.contains("Ans freed till-1"));
    }
}
