package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import nl.pinbridge.config.Probe;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.LaneRow;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.Marks;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import nl.pinbridge.provider.Work;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that answers when all is over, and can be asked nothing afterwards. */
class SynchronousTest extends RuleBench {
    private static final ProviderRules ANSWERS_ONCE = new ProviderRules(
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(15),
            Duration.ofMinutes(6),
            false,
            false,
            false,
            false,
            false,
            "sha256:test");
    private static final WireOutcome BUSY = new WireOutcome.Answered(423, "{}", false, false, true);
    private static final WireOutcome REFUSED = new WireOutcome.Answered(400, "{}", false, true, false);
    private static final WireOutcome GARBAGE = new WireOutcome.Answered(200, "<html>", true, false, false);
    private static final WireOutcome TROUBLE = new WireOutcome.Answered(502, "<html>", false, false, false);

    @BeforeEach
    void begin() {
        open(Databases.H2);
        TestWorld world = new TestWorld(
                device -> Stream.of(TILL, CCV)
                        .filter(till -> till.device().equals(device))
                        .findFirst(),
                (terminal, type) -> type == CommandType.CREATE);
        intake = new Intake(
                ledger,
                alias -> Stream.of(TILL, CCV)
                        .filter(till -> till.alias().equals(alias))
                        .findFirst(),
                () -> List.of(TILL, CCV),
                world::supports,
                false,
                Duration.ofMinutes(20),
                Duration.ofMinutes(10),
                clock,
                Probe.NONE);
        marks = new Marks(ledger, world::callTime);
        work = new Work(ledger, world);
        outcome = new Outcome(ledger, provider -> ANSWERS_ONCE);
    }

    private record Sent(String row, ProviderJob job, Mark mark) {}

    private Sent marked(String key) throws Exception {
        String row = accepted(key);
        ProviderJob job = job(row);
        return new Sent(row, job, marks.mark(job));
    }

    private Nudges answered(Sent sent, WireOutcome wire, String reading) {
        return outcome.ofMarkedCall(
                sent.job(),
                sent.mark().attempt(),
                wire,
                "{}",
                reading.isEmpty() ? Reading.UNREADABLE : reading(reading));
    }

    private PaymentRow payment(Sent sent) {
        return ledger.inTransaction(
                tx -> tx.payment(Objects.requireNonNull(sent.job().paymentId())).orElseThrow());
    }

    private LaneRow lane() {
        return ledger.inTransaction(tx -> tx.lane(TILL.device()).orElseThrow());
    }

    private List<WorkItemRow> items() {
        return ledger.inTransaction(tx -> tx.openWorkItems());
    }

    private void assertWithPerson(Sent sent) {
        JsonNode told = latest(sent.row());
        assertThat(told.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(told.at("/error/code").asText()).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(told.at("/payment/status").asText()).isEqualTo("IN_DOUBT");
        assertThat(items()).singleElement().extracting(WorkItemRow::reason).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(payment(sent).nextLookAt()).isNull();
    }

    @Test
    void the_answer_to_the_start_is_the_end() throws Exception {
        Sent sent = marked("so-1");
        JsonNode told = only(answered(sent, OK, paid("1", 1050)));
        assertThat(told.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.path("version").asInt()).isEqualTo(1);
        assertThat(told.at("/payment/status").asText()).isEqualTo("PAID");
        assertThat(payment(sent).nextLookAt()).isNull();
        assertThat(lane().isTakenFor("", clock.instant())).isFalse();
    }

    @Test
    void a_no_is_the_end_too() throws Exception {
        Sent sent = marked("so-1");
        JsonNode told = only(answered(sent, OK, notPaid("1", "PROVIDER_FAILED")));
        assertThat(told.path("status").asText()).isEqualTo("FAILED");
        assertThat(told.at("/payment/status").asText()).isEqualTo("NOT_PAID");
        assertThat(lane().isTakenFor("", clock.instant())).isFalse();
        assertThat(items()).isEmpty();
    }

    @Test
    void another_amount_than_asked_is_for_a_person_and_the_terminal_is_free() throws Exception {
        Sent sent = marked("so-1");
        JsonNode told = only(answered(sent, OK, paid("1", 1051)));
        assertThat(told.at("/error/code").asText()).isEqualTo("INTEGRITY");
        assertThat(lane().isTakenFor("", clock.instant())).isFalse();
    }

    @Test
    void f19_f20_f21_what_is_unknown_goes_to_a_person_at_once() throws Exception {
        for (WireOutcome wire : List.of(LOST, GARBAGE, TROUBLE)) {
            begin();
            Sent sent = marked("so-1");
            JsonNode told = only(answered(sent, wire, ""));
            assertThat(told.path("version").asInt()).isEqualTo(1);
            assertWithPerson(sent);
            // The customer may still be standing there.
            assertThat(lane().isTakenFor("", clock.instant().plus(Duration.ofMinutes(5))))
                    .isTrue();
            assertThat(lane().isTakenFor("", clock.instant().plus(Duration.ofMinutes(6))))
                    .isFalse();
            close();
        }
    }

    @Test
    void an_answer_that_says_that_it_still_runs_is_for_a_person_as_nobody_can_be_asked() throws Exception {
        Sent sent = marked("so-1");
        answered(sent, OK, running("1"));
        JsonNode told = latest(sent.row());
        assertThat(told.at("/error/code").asText()).isEqualTo("OUTCOME_UNKNOWN");
    }

    @Test
    void refused_and_busy_are_what_they_are_everywhere() throws Exception {
        Sent busy = marked("so-1");
        assertThat(only(answered(busy, BUSY, "")).path("status").asText()).isEqualTo("WAITING");
        ProviderJob again = job(busy.row());
        Mark second = marks.mark(again);
        JsonNode told = only(outcome.ofMarkedCall(again, second.attempt(), REFUSED, null, Reading.UNREADABLE));
        assertThat(told.path("status").asText()).isEqualTo("NOT_SENT");
        assertThat(lane().isTakenFor("", clock.instant())).isFalse();
    }

    @Test
    void a_command_that_was_interrupted_goes_to_a_person_at_once_and_is_not_sent_again() throws Exception {
        Sent sent = marked("so-1");
        Work.Task task = work.ofCommand(sent.row(), true, Work.Refreshed.NOT_YET);
        assertThat(task).isInstanceOf(Work.Task.Interrupted.class);
        assertThat(only(outcome.ofInterruption(sent.row())).path("status").asText())
                .isEqualTo("NEEDS_ATTENTION");
        assertWithPerson(sent);
        assertThat(work.ofCommand(sent.row(), true, Work.Refreshed.NOT_YET)).isInstanceOf(Work.Task.Nothing.class);
        assertThat(refusedMark(marks, sent.job())).isPresent();
    }

    @Test
    void a_node_that_vanished_is_found_by_the_look_that_the_mark_has_set() throws Exception {
        Sent sent = marked("so-1");
        clock.forward(Duration.ofSeconds(71));
        String payment = Objects.requireNonNull(sent.job().paymentId());
        assertThat(work.ofLook(payment)).isEqualTo(new Work.Task.BlindLook(payment));
        outcome.ofBlindLook(payment);
        assertWithPerson(sent);
        assertThat(results(outcome.ofBlindLook(payment))).isEmpty();
    }

    @Test
    void an_answer_after_all_is_evidence_closes_the_work_item_and_frees_the_terminal() throws Exception {
        Sent sent = marked("so-1");
        outcome.ofInterruption(sent.row());
        assertWithPerson(sent);
        JsonNode told = only(answered(sent, OK, paid("1", 1050)));
        assertThat(told.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.path("version").asInt()).isEqualTo(2);
        assertThat(items()).isEmpty();
        assertThat(lane().isTakenFor("", clock.instant())).isFalse();
    }

    @Test
    void who_waits_for_the_terminal_is_woken_when_what_may_still_run_no_longer_can() throws Exception {
        Sent sent = marked("so-1");
        answered(sent, LOST, "");
        Instant free = payment(sent).markedAt().plus(ANSWERS_ONCE.maximum());
        String next = accepted("so-2");
        Nudges waiting = refusedMark(marks, job(next)).orElseThrow().nudges();
        assertThat(waiting.wakes()).extracting(Nudges.Wake::at).contains(free);
        clock.forward(Duration.ofMinutes(6));
        marks.mark(job(next));
        assertThat(marks.holder(TILL.device())).isEqualTo(next);
    }

    @Test
    void a_person_decides_only_when_it_can_no_longer_run() throws Exception {
        Sent sent = marked("so-1");
        answered(sent, LOST, "");
        Decisions decisions = new Decisions(ledger, provider -> ANSWERS_ONCE);
        String item = items().get(0).id();
        Signature signature = new Signature("admin", "Ada", "looked at the terminal");
        assertThat(decisions.settle(item, Decisions.Verdict.NOT_PAID, signature))
                .isInstanceOf(Decisions.Answer.Refused.class);
        clock.forward(Duration.ofMinutes(6));
        assertThat(decisions.settle(item, Decisions.Verdict.PAID, signature)).isInstanceOf(Decisions.Answer.Done.class);
        assertThat(latest(sent.row()).at("/payment/status").asText()).isEqualTo("PAID");
    }

    @Test
    void status_is_answered_from_the_ledger() throws Exception {
        Sent sent = marked("so-1");
        answered(sent, OK, "{\"state\":\"OPEN\",\"providerTransactionId\":\"1\"}");
        String asked = sent(command("q-1", "status", about("so-1")));
        assertThat(task(asked)).isEqualTo(new Work.Task.AnswerStatus(asked));
    }

    @Test
    void a_cancel_before_the_start_stops_it_and_one_after_it_is_not_supported() throws Exception {
        String early = accepted("so-1");
        String first = sent(command("c-1", "cancel", about("so-1")));
        assertThat(task(first)).isEqualTo(new Work.Task.UnsentCancel(first));
        outcome.ofUnsentCancel(first);
        assertThat(latest(early).at("/error/code").asText()).isEqualTo("CANCELLED_BEFORE_START");

        Sent sent = marked("so-2");
        String second = sent(command("c-2", "cancel", about("so-2")));
        assertThat(task(second)).isInstanceOfSatisfying(Work.Task.End.class, end -> assertThat(
                        end.error().code().name())
                .isEqualTo("NOT_SUPPORTED"));
        answered(sent, OK, paid("1", 1050));
        String third = sent(command("c-3", "cancel", about("so-2")));
        assertThat(task(third)).isEqualTo(new Work.Task.UnsentCancel(third));
        outcome.ofUnsentCancel(third);
        assertThat(latest(third).at("/error/code").asText()).isEqualTo("TOO_LATE");
    }

    @Test
    void a_provider_that_can_be_asked_is_still_looked_at_first() throws Exception {
        outcome = new Outcome(ledger, provider -> RULES);
        Sent sent = marked("so-1");
        assertThat(only(answered(sent, LOST, "")).path("status").asText()).isEqualTo("IN_DOUBT");
        assertThat(items()).isEmpty();
    }
}
