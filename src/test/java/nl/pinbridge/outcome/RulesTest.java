package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.CallGate.NotMarkedException;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import nl.pinbridge.provider.Work;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of intake, mark and outcome on real databases, without a broker and without a provider. */
class RulesTest extends RuleBench {
    @ParameterizedTest
    @EnumSource
    void a_payment_goes_from_command_to_paid(Databases database) throws Exception {
        open(database);
        String row = accepted("so-1");
        ProviderJob job = job(row);
        Mark mark = marks.mark(job);
        JsonNode started = only(outcome.ofMarkedCall(
                job, mark.attempt(), OK, null, reading("{\"state\":\"STARTED\",\"providerTransactionId\":\"77\"}")));
        assertThat(started.path("status").asText()).isEqualTo("STARTED");
        assertThat(started.path("version").asInt()).isEqualTo(1);
        assertThat(started.path("payment").path("status").asText()).isEqualTo("OPEN");

        clock.forward(Duration.ofSeconds(3));
        ProviderJob look = ((Work.Task.Call) work.ofLook(java.util.Objects.requireNonNull(job.paymentId()))).job();
        JsonNode paid = only(outcome.ofLook(
                look,
                OK,
                null,
                reading("{\"state\":\"PAID\",\"providerTransactionId\":\"77\",\"amount\":1050,\"word\":\"success\"}")));
        assertThat(paid.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(paid.path("final").asBoolean()).isTrue();
        assertThat(paid.path("payment").path("status").asText()).isEqualTo("PAID");
        assertThat(paid.path("payment").path("amounts").path("paid").asLong()).isEqualTo(1050);
        assertThat(paid.path("payment").path("reference").asText()).isEqualTo("SO-1");
        assertThat(paid.path("payment").path("labels").path("shop").asText()).isEqualTo("Utrecht");
        assertThat(marks.holder(TILL.device())).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void f29_f32_the_same_command_from_many_sides_is_one_payment_and_one_mark(Databases database) throws Exception {
        open(database);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Intake.Verdict>> sends = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String correlation = "c-" + i;
                sends.add(() -> intake.accept(message(create("so-1", 1050), correlation)));
            }
            List<String> rows = new ArrayList<>();
            for (Future<Intake.Verdict> verdict : threads.invokeAll(sends)) {
                rows.add(verdict.get().commandRow());
            }
            assertThat(rows).hasSize(100).doesNotContainNull();
            assertThat(java.util.Set.copyOf(rows)).hasSize(1);

            ProviderJob job = job(rows.get(0));
            List<Callable<String>> tries = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                tries.add(() -> {
                    try {
                        return marks.mark(job).attempt();
                    } catch (NotMarkedException e) {
                        return "refused";
                    }
                });
            }
            List<String> attempts = new ArrayList<>();
            for (Future<String> attempt : threads.invokeAll(tries)) {
                attempts.add(attempt.get());
            }
            assertThat(attempts.stream().filter(attempt -> !attempt.equals("refused")))
                    .hasSize(1);

            String attempt = attempts.stream()
                    .filter(a -> !a.equals("refused"))
                    .findFirst()
                    .orElseThrow();
            Nudges told = outcome.ofMarkedCall(
                    job,
                    attempt,
                    OK,
                    null,
                    reading("{\"state\":\"PAID\",\"providerTransactionId\":\"1\",\"amount\":1050}"));
            assertThat(results(told)).hasSize(100);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void f30_a_key_with_other_content_is_refused_with_both_fingerprints(Databases database) {
        open(database);
        accepted("so-1");
        Intake.Verdict verdict = intake.accept(message(create("so-1", 999), "x"));
        assertThat(verdict.direct()).isNotNull();
        JsonNode body = verdict.direct().body();
        assertThat(body.path("status").asText()).isEqualTo("REFUSED");
        assertThat(body.path("version").asInt()).isZero();
        assertThat(body.path("payment").isNull()).isTrue();
        assertThat(body.path("error").path("code").asText()).isEqualTo("KEY_REUSED");
        assertThat(body.path("error").path("message").asText()).containsPattern("[0-9a-f]{64}.*[0-9a-f]{64}");
    }

    @ParameterizedTest
    @EnumSource
    void a_second_command_waits_for_the_lane_and_goes_when_it_is_free(Databases database) throws Exception {
        open(database);
        String first = accepted("a");
        String second = accepted("b");
        ProviderJob job = job(first);
        Mark mark = marks.mark(job);
        NotMarkedException busy = catchNotMarked(second);
        assertThat(only(busy.nudges()).path("status").asText()).isEqualTo("WAITING");
        assertThat(busy.nudges().wakes()).singleElement().satisfies(lane -> assertThat(lane.at())
                .isEqualTo(clock.instant().plusSeconds(10)));

        Nudges told = outcome.ofMarkedCall(
                job,
                mark.attempt(),
                OK,
                null,
                reading(
                        "{\"state\":\"NOT_PAID\",\"code\":\"DECLINED\",\"providerTransactionId\":\"1\",\"amount\":1050}"));
        assertThat(only(told).path("status").asText()).isEqualTo("DECLINED");
        assertThat(told.wakes()).singleElement().satisfies(lane -> assertThat(lane.commandRow())
                .isEqualTo(second));
        assertThat(marks.mark(job(second)).attempt()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource
    void of_two_commands_that_come_together_the_first_is_started_first(Databases database) throws Exception {
        open(database);
        String first = accepted("so-1");
        String second = accepted("so-2");
        NotMarkedException overtaking = catchNotMarked(second);
        assertThat(only(overtaking.nudges()).path("status").asText()).isEqualTo("WAITING");
        assertThat(overtaking.nudges().wakes())
                .extracting(Nudges.Wake::commandRow)
                .contains(first);
        assertThat(marks.holder(TILL.device())).isNull();

        marks.mark(job(first));
        assertThat(marks.holder(TILL.device())).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void a_lane_that_stays_taken_ends_in_terminal_busy_or_stale(Databases database) throws Exception {
        open(database);
        marks.mark(job(accepted("a")));
        String patient = accepted("b");
        Intake.Verdict verdict = intake.accept(message(
                create("c", 5).replace("\"reference\"", "\"expiresAt\":\"2026-11-21T10:00:04Z\",\"reference\""), "c"));
        String hasty = java.util.Objects.requireNonNull(verdict.commandRow());
        catchNotMarked(patient);
        catchNotMarked(hasty);
        clock.forward(Duration.ofSeconds(4));
        assertThat(only(catchNotMarked(hasty).nudges())
                        .path("error")
                        .path("code")
                        .asText())
                .isEqualTo("STALE");
        clock.forward(Duration.ofSeconds(6));
        JsonNode result = only(catchNotMarked(patient).nudges());
        assertThat(result.path("error").path("code").asText()).isEqualTo("TERMINAL_BUSY");
        assertThat(result.path("status").asText()).isEqualTo("NOT_SENT");
        assertThat(result.path("payment").path("status").asText()).isEqualTo("NOT_PAID");
    }

    private NotMarkedException catchNotMarked(String row) {
        ProviderJob job = job(row);
        try {
            marks.mark(job);
        } catch (NotMarkedException e) {
            return e;
        }
        throw new AssertionError("marked");
    }

    @ParameterizedTest
    @EnumSource
    void f39_a_stale_command_never_reaches_a_lane(Databases database) {
        open(database);
        Intake.Verdict verdict = intake.accept(message(
                create("a", 5).replace("\"reference\"", "\"expiresAt\":\"2026-11-21T09:59:59Z\",\"reference\""), "c"));
        assertThat(verdict.way()).isEqualTo(Intake.Way.ANSWERED);
        JsonNode result = only(verdict.nudges());
        assertThat(result.path("status").asText()).isEqualTo("NOT_SENT");
        assertThat(result.path("error").path("code").asText()).isEqualTo("STALE");
        assertThat(result.path("payment").path("status").asText()).isEqualTo("NOT_PAID");
    }

    @ParameterizedTest
    @EnumSource
    void f62_a_command_of_the_expiry_queue_that_had_begun_is_answered_from_the_ledger(Databases database)
            throws Exception {
        open(database);
        String row = accepted("a");
        ProviderJob job = job(row);
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(
                job, mark.attempt(), OK, null, reading("{\"state\":\"STARTED\",\"providerTransactionId\":\"1\"}"));
        Intake.Received expired = new Intake.Received(
                create("a", 1050), "shop", "payments.replies.shop", "a2", clock.instant(), null, true);
        Intake.Verdict verdict = intake.accept(expired);
        assertThat(only(verdict.nudges()).path("status").asText()).isEqualTo("STARTED");
    }

    @ParameterizedTest
    @EnumSource
    void f18_no_connection_is_proof_and_the_lane_is_free(Databases database) throws Exception {
        open(database);
        ProviderJob job = job(accepted("a"));
        Mark mark = marks.mark(job);
        JsonNode result = only(outcome.ofMarkedCall(
                job, mark.attempt(), new WireOutcome.NotSent("connection refused"), null, Reading.UNREADABLE));
        assertThat(result.path("status").asText()).isEqualTo("NOT_SENT");
        assertThat(result.path("error").path("code").asText()).isEqualTo("NO_CONNECTION");
        assertThat(result.path("error").path("resend").asText()).isEqualTo("safe");
        assertThat(marks.holder(TILL.device())).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void f19_a_lost_answer_is_in_doubt_and_ends_in_a_work_item_after_the_maximum(Databases database) throws Exception {
        open(database);
        ProviderJob job = job(accepted("a"));
        Mark mark = marks.mark(job);
        JsonNode doubt = only(outcome.ofMarkedCall(
                job, mark.attempt(), new WireOutcome.Unknown("read timed out"), null, Reading.UNREADABLE));
        assertThat(doubt.path("status").asText()).isEqualTo("IN_DOUBT");
        assertThat(marks.holder(TILL.device())).isEqualTo(job.commandRow());
        assertThatThrownBy(() -> marks.mark(job)).isInstanceOf(NotMarkedException.class);

        clock.forward(Duration.ofMinutes(6));
        String payment = java.util.Objects.requireNonNull(job.paymentId());
        assertThat(work.ofLook(payment)).isInstanceOf(Work.Task.BlindLook.class);
        JsonNode result = only(outcome.ofBlindLook(payment));
        assertThat(result.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(result.path("error").path("code").asText()).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(result.path("payment").path("status").asText()).isEqualTo("IN_DOUBT");
        List<WorkItemRow> open = ledger.inTransaction(Tx::openWorkItems);
        assertThat(open).hasSize(1);
        assertThat(marks.holder(TILL.device())).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void f22_busy_is_waiting_again_and_may_be_tried_again(Databases database) throws Exception {
        open(database);
        ProviderJob job = job(accepted("a"));
        Mark mark = marks.mark(job);
        Nudges told = outcome.ofMarkedCall(
                job, mark.attempt(), new WireOutcome.Answered(409, "{}", false, false, true), null, Reading.UNREADABLE);
        assertThat(only(told).path("status").asText()).isEqualTo("WAITING");
        assertThat(told.wakes()).hasSize(1);
        assertThat(marks.mark(job).attempt()).isNotEqualTo(mark.attempt());
    }

    @ParameterizedTest
    @EnumSource
    void f55_a_late_word_that_nothing_was_written_settles_a_payment_in_doubt(Databases database) throws Exception {
        open(database);
        ProviderJob job = job(accepted("a"));
        Mark mark = marks.mark(job);
        clock.forward(Duration.ofSeconds(90));
        assertThat(work.ofCommand(java.util.Objects.requireNonNull(job.commandRow()), true, Work.Refreshed.NOT_YET))
                .isInstanceOf(Work.Task.Interrupted.class);
        assertThat(only(outcome.ofInterruption(job.commandRow())).path("status").asText())
                .isEqualTo("IN_DOUBT");
        JsonNode result = only(outcome.ofMarkedCall(
                job, mark.attempt(), new WireOutcome.NotSent("mark too old"), null, Reading.UNREADABLE));
        assertThat(result.path("status").asText()).isEqualTo("NOT_SENT");
        assertThat(result.path("payment").path("status").asText()).isEqualTo("NOT_PAID");
    }

    @ParameterizedTest
    @EnumSource
    void nobody_gives_up_on_an_interrupted_payment_before_the_provider_was_asked(Databases database) throws Exception {
        open(database);
        ProviderJob job = job(accepted("a"));
        marks.mark(job);
        // The machine was off for the night.
        clock.forward(Duration.ofHours(9));
        Nudges told = outcome.ofInterruption(java.util.Objects.requireNonNull(job.commandRow()));
        assertThat(only(told).path("status").asText()).isEqualTo("IN_DOUBT");
        assertThat(told.looks()).hasSize(1);
        assertThat(work.ofLook(String.valueOf(job.paymentId()))).isInstanceOf(Work.Task.BlindLook.class);
        assertThat(only(outcome.ofBlindLook(String.valueOf(job.paymentId())))
                        .path("status")
                        .asText())
                .isEqualTo("NEEDS_ATTENTION");
    }

    @ParameterizedTest
    @EnumSource
    void what_is_with_a_person_and_still_runs_keeps_its_error(Databases database) throws Exception {
        open(database);
        ProviderJob job = job(accepted("a"));
        Mark mark = marks.mark(job);
        String runs = "{\"state\":\"OPEN\",\"providerTransactionId\":\"1\",\"amount\":1050}";
        outcome.ofMarkedCall(job, mark.attempt(), OK, null, reading(runs));
        clock.forward(Duration.ofMinutes(6));
        JsonNode given = only(outcome.ofLook(job, OK, null, reading(runs)));
        assertThat(given.at("/error/code").asText()).isEqualTo("OUTCOME_UNKNOWN");
        JsonNode again = only(outcome.ofLook(job, OK, null, reading(runs)));
        assertThat(again.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(again.at("/payment/status").asText()).isEqualTo("OPEN");
        assertThat(again.path("error")).isEqualTo(given.path("error"));
    }

    @ParameterizedTest
    @EnumSource
    void f23_another_amount_is_an_integrity_fault_and_never_success(Databases database) throws Exception {
        open(database);
        ProviderJob job = job(accepted("a"));
        Mark mark = marks.mark(job);
        JsonNode result = only(outcome.ofMarkedCall(
                job,
                mark.attempt(),
                OK,
                null,
                reading("{\"state\":\"PAID\",\"providerTransactionId\":\"1\",\"amount\":1051}")));
        assertThat(result.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(result.path("error").path("code").asText()).isEqualTo("INTEGRITY");
        assertThat(result.path("payment").path("amounts").path("paid").asLong()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void f60_paid_after_not_paid_is_a_conflict(Databases database) throws Exception {
        open(database);
        ProviderJob job = job(accepted("a"));
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(
                job,
                mark.attempt(),
                OK,
                null,
                reading(
                        "{\"state\":\"NOT_PAID\",\"code\":\"DECLINED\",\"providerTransactionId\":\"1\",\"amount\":1050}"));
        JsonNode result = only(outcome.ofLook(
                job, OK, null, reading("{\"state\":\"PAID\",\"providerTransactionId\":\"1\",\"amount\":1050}")));
        assertThat(result.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(result.path("error").path("code").asText()).isEqualTo("CONFLICT");
        assertThat(result.path("payment").path("status").asText()).isEqualTo("CONFLICT");
    }
}
