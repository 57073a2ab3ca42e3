package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.outcome.Decisions.Answer;
import nl.pinbridge.outcome.Decisions.Verdict;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.CallGate.NotMarkedException;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import nl.pinbridge.provider.Work;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Captures, voids, approvals and declines: judged by how the payment stands afterwards, sent once, and never two at a time. */
class ChangesTest extends RuleBench {
    private static final Signature ANS = new Signature("Ans", "operator", "the portal says so");
    private static final WireOutcome REFUSED = new WireOutcome.Answered(422, "{}", false, true, false);

    private ProviderJob payment;

    @BeforeEach
    void reserve() throws Exception {
        open(Databases.H2);
        payment = started("so-1", "100");
        looked(payment, reserved(0));
    }

    private static String reserved(long captured) {
        return says("AUTHORISED", ",\"authorised\":1050,\"captured\":" + captured);
    }

    private static String says(String state, String more) {
        return "{\"state\":\"" + state
                + "\",\"providerTransactionId\":\"100\",\"amount\":1050,\"currency\":\"EUR\",\"word\":\"said\"" + more
                + "}";
    }

    private String capture(String key, long cents) {
        return sent(
                command(key, "capture", about("so-1") + ",\"amount\":{\"value\":" + cents + ",\"currency\":\"EUR\"}"));
    }

    private String change(String key, String type) {
        return sent(command(key, type, about("so-1")));
    }

    /** Marks a command and hands in what its call brought. */
    private Nudges called(String row, WireOutcome wire, String reading) throws NotMarkedException {
        ProviderJob job = ((Work.Task.Call) refreshed(row)).job();
        Mark mark = marks.mark(job);
        return outcome.ofMarkedCall(job, mark.attempt(), wire, null, reading(reading));
    }

    private String status(String row) {
        return latest(row).path("status").asText();
    }

    private JsonNode amounts(String row) {
        return latest(row).at("/payment/amounts");
    }

    private List<WorkItemRow> items() {
        return ledger.inTransaction(tx -> tx.openWorkItems());
    }

    @Test
    void the_provider_is_asked_before_a_change_is_sent() {
        String row = capture("c-1", 1050);
        assertThat(task(row)).isInstanceOf(Work.Task.Refresh.class);
        assertThat(work.ofCommand(row, false, Work.Refreshed.IN_VAIN))
                .isInstanceOfSatisfying(Work.Task.End.class, end -> {
                    assertThat(end.error().code().name()).isEqualTo("NO_CONNECTION");
                    assertThat(end.error().code().status().name()).isEqualTo("NOT_SENT");
                });
        assertThat(refreshed(row)).isInstanceOfSatisfying(Work.Task.Call.class, call -> assertThat(
                        call.job().operation())
                .isEqualTo("capture"));
    }

    @Test
    void a_capture_is_told_when_the_payment_shows_it() throws Exception {
        String row = capture("c-1", 1050);
        Nudges taken = called(row, OK, "{\"state\":\"DONE\"}");
        assertThat(status(row)).isEqualTo("STARTED");
        assertThat(taken.looks()).hasSize(1);
        assertThat(work.ofLook(String.valueOf(payment.paymentId())))
                .as("a payment that is not open is looked at, too")
                .isInstanceOf(Work.Task.Call.class);
        looked(payment, says("PAID", ",\"captured\":1050"));
        assertThat(status(row)).isEqualTo("SUCCEEDED");
        assertThat(latest(row).at("/payment/status").asText()).isEqualTo("PAID");
        assertThat(amounts(row).path("captured").asLong()).isEqualTo(1050);
    }

    @Test
    void parts_are_captured_one_after_the_other_and_the_rest_is_given_up() throws Exception {
        String first = capture("c-1", 400);
        called(first, OK, "{\"state\":\"DONE\"}");
        looked(payment, reserved(400));
        assertThat(status(first)).isEqualTo("SUCCEEDED");
        assertThat(latest(first).at("/payment/status").asText()).isEqualTo("AUTHORISED");
        String second = capture("c-2", 300);
        called(second, LOST, "{}");
        assertThat(status(second)).isEqualTo("IN_DOUBT");
        looked(payment, reserved(400));
        assertThat(status(second))
                .as("nothing more was taken, which proves nothing")
                .isEqualTo("IN_DOUBT");
        looked(payment, reserved(700));
        assertThat(status(second)).isEqualTo("SUCCEEDED");
        String rest = change("v-1", "void");
        called(rest, OK, "{\"state\":\"DONE\"}");
        looked(payment, says("NOT_PAID", ",\"code\":\"CANCELLED_BY_COMMAND\""));
        assertThat(status(rest)).isEqualTo("SUCCEEDED");
        assertThat(latest(rest).at("/payment/status").asText())
                .as("what was taken stays taken")
                .isEqualTo("PAID");
        assertThat(amounts(rest).path("paid").asLong()).isEqualTo(700);
    }

    @Test
    void a_reservation_of_which_all_was_taken_is_paid_whatever_the_provider_calls_it() throws Exception {
        String first = capture("c-1", 400);
        called(first, OK, "{\"state\":\"DONE\"}");
        looked(payment, reserved(400));
        assertThat(latest(first).at("/payment/status").asText()).isEqualTo("AUTHORISED");
        String second = capture("c-2", 650);
        called(second, LOST, "{}");
        looked(payment, reserved(1050));
        assertThat(status(second)).isEqualTo("SUCCEEDED");
        assertThat(latest(second).at("/payment/status").asText()).isEqualTo("PAID");
        assertThat(amounts(second).path("paid").asLong()).isEqualTo(1050);
        assertThat(amounts(second).path("captured").asLong()).isEqualTo(1050);
        looked(payment, reserved(1050));
        assertThat(latest(second).at("/payment/status").asText()).isEqualTo("PAID");
    }

    @Test
    void a_reservation_that_was_given_up_is_over_whatever_the_provider_calls_it() throws Exception {
        String released = says("AUTHORISED", ",\"authorised\":1050,\"released\":1050");
        String all = change("v-1", "void");
        called(all, LOST, "{}");
        looked(payment, says("AUTHORISED", ",\"authorised\":1050,\"released\":0"));
        assertThat(status(all)).as("nothing was given up, which proves nothing").isEqualTo("IN_DOUBT");
        looked(payment, released);
        assertThat(status(all)).isEqualTo("SUCCEEDED");
        assertThat(latest(all).at("/payment/status").asText()).isEqualTo("NOT_PAID");
        looked(payment, released);
        assertThat(latest(all).at("/payment/status").asText()).isEqualTo("NOT_PAID");
    }

    @Test
    void what_was_taken_before_the_rest_was_given_up_stays_taken() throws Exception {
        String part = capture("c-1", 400);
        called(part, OK, "{\"state\":\"DONE\"}");
        looked(payment, reserved(400));
        String rest = change("v-1", "void");
        called(rest, OK, "{\"state\":\"DONE\"}");
        String released = says("AUTHORISED", ",\"authorised\":1050,\"captured\":400,\"released\":650");
        looked(payment, released);
        assertThat(status(rest)).isEqualTo("SUCCEEDED");
        assertThat(latest(rest).at("/payment/status").asText()).isEqualTo("PAID");
        assertThat(amounts(rest).path("paid").asLong()).isEqualTo(400);
        looked(payment, released);
        assertThat(latest(rest).at("/payment/status").asText()).isEqualTo("PAID");
    }

    @Test
    void a_capture_above_what_is_left_is_refused_and_so_is_one_beside_another() throws Exception {
        String high = capture("c-1", 1051);
        assertThat(refreshed(high)).isInstanceOfSatisfying(Work.Task.End.class, end -> {
            assertThat(end.error().code().name()).isEqualTo("NOT_ALLOWED_NOW");
            assertThat(end.error().field()).isEqualTo("amount.value");
        });
        String first = capture("c-2", 500);
        String second = capture("c-3", 500);
        ProviderJob late = ((Work.Task.Call) refreshed(second)).job();
        called(first, LOST, "{}");
        assertThat(refusedMark(marks, late)).isPresent();
        assertThat(status(second)).isEqualTo("REFUSED");
        assertThat(latest(second).at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");
    }

    @Test
    void a_lost_capture_is_not_sent_again_and_becomes_a_work_item() throws Exception {
        String row = capture("c-1", 400);
        called(row, LOST, "{}");
        assertThat(work.ofCommand(row, true, Work.Refreshed.NOT_YET)).isInstanceOf(Work.Task.Nothing.class);
        clock.forward(Duration.ofMinutes(6));
        looked(payment, reserved(0));
        assertThat(status(row)).isEqualTo("NEEDS_ATTENTION");
        assertThat(items()).singleElement().satisfies(item -> assertThat(item.reason())
                .isEqualTo("CHANGE_UNKNOWN"));
        String another = capture("c-2", 400);
        assertThat(refreshed(another)).as("it may yet have been taken").isInstanceOf(Work.Task.End.class);
        // Later proof, from whoever looks, still counts.
        looked(payment, reserved(400));
        assertThat(status(row)).isEqualTo("SUCCEEDED");
        assertThat(items()).isEmpty();
    }

    @Test
    void a_person_says_what_became_of_a_lost_capture() throws Exception {
        Decisions decisions = new Decisions(ledger, provider -> RULES);
        String row = capture("c-1", 400);
        called(row, LOST, "{}");
        clock.forward(Duration.ofMinutes(6));
        looked(payment, reserved(0));
        String item = items().get(0).id();
        assertThat(decisions.settle(item, Verdict.PAID, ANS))
                .isInstanceOfSatisfying(Answer.Refused.class, refused -> assertThat(refused.why())
                        .contains("done or not-done"));
        assertThat(decisions.settle(item, Verdict.NOT_DONE, ANS)).isInstanceOf(Answer.Done.class);
        assertThat(status(row)).isEqualTo("FAILED");
        assertThat(items()).isEmpty();
        String again = capture("c-2", 1050);
        called(again, LOST, "{}");
        clock.forward(Duration.ofMinutes(6));
        looked(payment, reserved(0));
        assertThat(decisions.settle(items().get(0).id(), Verdict.DONE, ANS)).isInstanceOf(Answer.Done.class);
        assertThat(status(again)).isEqualTo("SUCCEEDED");
        assertThat(latest(again).at("/payment/status").asText()).isEqualTo("PAID");
        assertThat(amounts(again).path("paid").asLong()).isEqualTo(1050);
        assertThat(decisions.settle(item, Verdict.DONE, ANS))
                .as("an item is closed once")
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    void another_amount_captured_than_asked_is_for_a_person() throws Exception {
        String row = capture("c-1", 400);
        called(row, OK, "{\"state\":\"DONE\"}");
        looked(payment, reserved(300));
        assertThat(status(row)).isEqualTo("NEEDS_ATTENTION");
        assertThat(latest(row).at("/error/code").asText()).isEqualTo("INTEGRITY");
        assertThat(new Decisions(ledger, provider -> RULES)
                        .settle(items().get(0).id(), Verdict.NOT_DONE, ANS))
                .isInstanceOf(Answer.Refused.class);
    }

    @Test
    void a_refusal_is_believed_when_the_payment_stands_as_before() throws Exception {
        String row = change("v-1", "void");
        called(row, REFUSED, "{}");
        assertThat(status(row)).as("a refusal alone proves nothing").isEqualTo("IN_DOUBT");
        looked(payment, reserved(0));
        assertThat(status(row)).isEqualTo("NOT_SENT");
        assertThat(latest(row).at("/error/code").asText()).isEqualTo("PROVIDER_REFUSED");
        String captured = capture("c-1", 1050);
        called(captured, REFUSED, "{}");
        looked(payment, says("PAID", ",\"captured\":1050"));
        assertThat(status(captured)).as("what the payment shows goes before it").isEqualTo("SUCCEEDED");
    }

    @Test
    void f45_what_is_in_doubt_is_not_captured() throws Exception {
        ProviderJob doubtful = job(accepted("so-3"));
        outcome.ofMarkedCall(doubtful, marks.mark(doubtful).attempt(), LOST, null, Reading.UNREADABLE);
        String unknown =
                sent(command("c-1", "capture", about("so-3") + ",\"amount\":{\"value\":1050,\"currency\":\"EUR\"}"));
        assertThat(task(unknown)).isInstanceOfSatisfying(Work.Task.End.class, end -> assertThat(
                        end.error().code().name())
                .isEqualTo("NOT_ALLOWED_NOW"));
    }

    @Test
    void f45_what_still_runs_is_asked_about_first_and_not_captured() throws Exception {
        ProviderJob running = started("so-4", "104");
        String early =
                sent(command("c-2", "capture", about("so-4") + ",\"amount\":{\"value\":1050,\"currency\":\"EUR\"}"));
        assertThat(task(early)).isInstanceOf(Work.Task.Refresh.class);
        looked(running, running("104"));
        assertThat(refreshed(early)).isInstanceOfSatisfying(Work.Task.End.class, end -> assertThat(
                        end.error().code().name())
                .isEqualTo("NOT_ALLOWED_NOW"));
    }

    @Test
    void a_void_of_what_was_captured_meanwhile_is_too_late() throws Exception {
        String row = change("v-1", "void");
        called(row, LOST, "{}");
        looked(payment, says("PAID", ",\"captured\":1050"));
        assertThat(status(row)).isEqualTo("FAILED");
        assertThat(latest(row).at("/error/code").asText()).isEqualTo("TOO_LATE");
        assertThat(status(change("v-2", "void"))).isEqualTo("REFUSED");
    }

    @Test
    void a_void_is_done_when_the_reservation_is_gone() throws Exception {
        String row = change("v-1", "void");
        called(row, LOST, "{}");
        looked(payment, says("NOT_PAID", ",\"code\":\"CANCELLED_BY_COMMAND\""));
        assertThat(status(row)).isEqualTo("SUCCEEDED");
        assertThat(latest(row).at("/payment/status").asText()).isEqualTo("NOT_PAID");
    }

    @Test
    void nothing_left_the_bridge_is_not_sent() throws Exception {
        String row = capture("c-1", 1050);
        called(row, NO_CONNECTION, "{}");
        assertThat(status(row)).isEqualTo("NOT_SENT");
        String again = capture("c-2", 1050);
        called(again, OK, says("PAID", ",\"captured\":1050"));
        assertThat(status(again))
                .as("an answer that says how the payment stands is enough")
                .isEqualTo("SUCCEEDED");
    }

    @Test
    void a_change_whose_sender_was_interrupted_is_looked_after_and_not_sent_again() throws Exception {
        String row = capture("c-1", 1050);
        ProviderJob job = ((Work.Task.Call) refreshed(row)).job();
        marks.mark(job);
        assertThat(work.ofCommand(row, true, Work.Refreshed.NOT_YET)).isInstanceOf(Work.Task.Interrupted.class);
        Nudges nudges = outcome.ofInterruption(row);
        assertThat(status(row)).isEqualTo("IN_DOUBT");
        assertThat(nudges.looks()).hasSize(1);
        looked(payment, says("PAID", ",\"captured\":1050"));
        assertThat(status(row)).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_look_whose_taker_vanished_is_taken_again() throws Exception {
        called(capture("c-1", 1050), LOST, "{}");
        String id = String.valueOf(payment.paymentId());
        assertThat(work.ofLook(id)).isInstanceOf(Work.Task.Call.class);
        assertThat(work.ofLook(id)).as("by two at once").isInstanceOf(Work.Task.Nothing.class);
        clock.forward(Duration.ofSeconds(16));
        List<String> overdue = ledger.inTransaction(tx -> tx.overdueLooks(tx.now(), 10));
        assertThat(overdue).as("what the sweep finds").contains(id);
        assertThat(work.ofLook(id)).isInstanceOf(Work.Task.Call.class);
        looked(payment, says("PAID", ",\"captured\":1050"));
        clock.forward(Duration.ofMinutes(1));
        assertThat(work.ofLook(id)).as("once it is known").isInstanceOf(Work.Task.Nothing.class);
    }

    @Test
    void what_waits_for_a_judgement_is_approved_or_declined() throws Exception {
        ProviderJob other = started("so-2", "101");
        Function<String, String> of = state -> "{\"state\":\"" + state
                + "\",\"providerTransactionId\":\"101\",\"amount\":1050,\"currency\":\"EUR\",\"word\":\"said\"}";
        String approve = sent(command("a-1", "approve", about("so-2")));
        called(approve, OK, "{\"state\":\"DONE\"}");
        looked(other, of.apply("OPEN"));
        assertThat(status(approve)).isEqualTo("STARTED");
        looked(other, of.apply("PAID"));
        assertThat(status(approve)).isEqualTo("SUCCEEDED");
        assertThat(status(sent(command("d-0", "decline", about("so-2"))))).isEqualTo("REFUSED");
    }

    @Test
    void a_decline_gives_everything_back() throws Exception {
        ProviderJob other = started("so-2", "101");
        String decline = sent(command("d-1", "decline", about("so-2")));
        called(decline, LOST, "{}");
        looked(
                other,
                "{\"state\":\"NOT_PAID\",\"code\":\"CANCELLED_AT_TERMINAL\",\"providerTransactionId\":\"101\",\"amount\":1050}");
        assertThat(status(decline)).isEqualTo("SUCCEEDED");
    }
}
