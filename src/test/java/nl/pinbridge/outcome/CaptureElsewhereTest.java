package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Confidential;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.Fingerprint;
import nl.pinbridge.contract.Json;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.Marks;
import nl.pinbridge.provider.Numbers;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import nl.pinbridge.provider.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A capture of what was authorised without the bridge starts a payment, and each authorisation is captured once. */
class CaptureElsewhereTest extends RuleBench {
    private static final String REFERENCE = "H4sIAAAAAAAAA6tWcs7PLchJLUlNCShKdSwt";
    private static final WireOutcome REFUSED = new WireOutcome.Answered(400, "{}", false, true, false);
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

    /** The first terminal takes captures of what was authorised elsewhere, and counts its calls up to 3. */
    private record Shop(ContractSchema schema) implements Work.World, Intake.Capabilities {
        @Override
        public Optional<Terminal> terminal(String device) {
            return List.of(TILL, CCV).stream()
                    .filter(till -> till.device().equals(device))
                    .findFirst();
        }

        @Override
        public boolean supports(Terminal terminal, CommandType type) {
            return type == CommandType.CREATE;
        }

        @Override
        public boolean test(Terminal terminal, CommandType type) {
            return supports(terminal, type);
        }

        @Override
        public boolean offers(Terminal terminal, String operation) {
            return terminal.equals(TILL) && operation.equals("capture-elsewhere");
        }

        @Override
        public @Nullable ContractSchema schema(Terminal terminal) {
            return terminal.equals(TILL) ? schema : null;
        }

        @Override
        public Confidential confidential() {
            return Confidential.of(Set.of("authReference"));
        }

        @Override
        public boolean refundsWithoutCardOnly(Terminal terminal) {
            return false;
        }

        @Override
        public boolean refundsWhole(Terminal terminal) {
            return false;
        }

        @Override
        public @Nullable String usedOnce(Terminal terminal, String operation, JsonNode command) {
            return useKey(terminal, operation, command);
        }

        @Override
        public @Nullable String useKey(Terminal terminal, String operation, JsonNode command) {
            return operation.equals("capture-elsewhere")
                    ? terminal.provider() + ":"
                            + Fingerprint.of(
                                    command.at("/provider/authReference").asText())
                    : null;
        }

        @Override
        public @Nullable Numbers numbers(Terminal terminal, String operation) {
            return new Numbers(1, 3);
        }

        @Override
        public Duration lookInterval(String provider) {
            return Duration.ofSeconds(15);
        }

        @Override
        public List<String> finders(String provider) {
            return List.of();
        }

        @Override
        public Duration callTime(String provider, String operation) {
            return Duration.ofSeconds(70);
        }

        @Override
        public @Nullable String callbackUrl(String provider, String paymentId) {
            return null;
        }
    }

    @BeforeEach
    void begin() {
        begin(Databases.H2);
    }

    private void begin(Databases database) {
        close();
        ledger = database.open(database.freshUrl(), clock);
        Shop shop;
        try {
            shop = new Shop(ContractSchema.of(
                    Json.read(Files.readString(Path.of("routes/providers/ccv-payproxy/command.schema.json")))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        intake = new Intake(
                ledger,
                alias -> List.of(TILL, CCV).stream()
                        .filter(till -> till.alias().equals(alias))
                        .findFirst(),
                () -> List.of(TILL, CCV),
                shop,
                false,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                clock,
                Probe.NONE);
        marks = new Marks(ledger, shop::callTime);
        work = new Work(ledger, shop);
        outcome = new Outcome(ledger, provider -> ANSWERS_ONCE);
    }

    private static ObjectNode capture(String key, long cents) {
        ObjectNode command = Json.object()
                .put("commandId", key)
                .put("command", "capture")
                .put("terminal", "till-1")
                .put("reference", "SO-1");
        command.putObject("amount").put("value", cents).put("currency", "EUR");
        command.putObject("provider")
                .put("authReference", REFERENCE)
                .put("authReferenceVersion", "1")
                .put("terminalEnvironment", "EVCHARGING");
        return command;
    }

    private String taken(ObjectNode command) {
        Intake.Verdict verdict = intake.accept(message(command.toString(), "c"));
        assertThat(verdict.way()).isEqualTo(Intake.Way.LANE);
        return Objects.requireNonNull(verdict.commandRow());
    }

    private JsonNode refused(ObjectNode command) {
        Intake.Verdict verdict = intake.accept(message(command.toString(), "c"));
        assertThat(verdict.way()).isEqualTo(Intake.Way.ANSWERED);
        return verdict.direct() != null
                ? verdict.direct().body()
                : latest(Objects.requireNonNull(verdict.commandRow()));
    }

    private Optional<String> keptBack(String row) {
        return ledger.inTransaction(tx -> tx.keptBack(row));
    }

    private Nudges end(String row, WireOutcome wire, String reading) throws Exception {
        ProviderJob job = job(row);
        Mark mark = marks.mark(job);
        return outcome.ofMarkedCall(
                job, mark.attempt(), wire, null, reading.isEmpty() ? Reading.UNREADABLE : reading(reading));
    }

    @Test
    void it_starts_a_payment_that_is_paid_and_captured() throws Exception {
        String row = taken(capture("ev-1", 2500));
        ProviderJob job = job(row);
        assertThat(job.operation()).isEqualTo("capture-elsewhere");
        assertThat(job.view().at("/command/provider/authReference").asText()).isEqualTo(REFERENCE);
        assertThat(job.view().at("/command/amount/value").asLong()).isEqualTo(2500);
        JsonNode told = only(end(row, OK, paid("1", 2500)));
        assertThat(told.path("command").asText()).isEqualTo("capture");
        assertThat(told.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(told.at("/payment/status").asText()).isEqualTo("PAID");
        assertThat(told.at("/payment/amounts/paid").asLong()).isEqualTo(2500);
        assertThat(told.at("/payment/amounts/captured").asLong()).isEqualTo(2500);
        assertThat(told.toString()).doesNotContain(REFERENCE);
    }

    @Test
    void what_names_the_authorisation_is_shown_to_nobody_and_forgotten_when_it_is_over() throws Exception {
        String row = taken(capture("ev-1", 2500));
        CommandRow kept = ledger.inTransaction(tx -> tx.command(row).orElseThrow());
        assertThat(kept.toString()).doesNotContain(REFERENCE).contains("***", "EVCHARGING");
        assertThat(keptBack(row)).hasValueSatisfying(json -> assertThat(json).contains(REFERENCE));
        end(row, OK, paid("1", 2500));
        assertThat(keptBack(row)).isEmpty();
        // It is still the same command when it comes again.
        Intake.Verdict again = intake.accept(message(capture("ev-1", 2500).toString(), "c"));
        assertThat(again.commandRow()).isEqualTo(row);
        ObjectNode other = capture("ev-1", 2500);
        other.withObject("/provider").put("authReference", "another");
        assertThat(refused(other).at("/error/code").asText()).isEqualTo("KEY_REUSED");
    }

    @Test
    void nothing_is_captured_only_with_a_reason() throws Exception {
        assertThat(refused(capture("ev-0", 0)).at("/error/field").asText()).isEqualTo("amount.value");
        ObjectNode with = capture("ev-1", 0);
        with.withObject("/provider").put("captureCancellationReasonCode", "AMOUNT_ZERO_OR_NO_VOLUME");
        JsonNode told = only(end(taken(with), OK, paid("1", 0)));
        assertThat(told.at("/payment/status").asText()).isEqualTo("PAID");
        assertThat(told.at("/payment/amounts/paid").asLong()).isZero();
    }

    @Test
    void it_is_refused_where_the_provider_takes_none() {
        ObjectNode other = capture("ev-1", 2500).put("terminal", "till-2");
        JsonNode told = refused(other);
        assertThat(told.at("/error/code").asText()).isEqualTo("NOT_SUPPORTED");
    }

    @Test
    void a_provider_object_that_breaks_the_providers_rules_is_refused_and_not_remembered() {
        ObjectNode misspelt = capture("ev-1", 2500);
        misspelt.withObject("/provider").put("authRefrence", "x");
        JsonNode told = refused(misspelt);
        assertThat(told.at("/error/code").asText()).isEqualTo("INVALID");
        assertThat(told.at("/error/field").asText()).isEqualTo("provider.authRefrence");
        assertThat(told.at("/error/message").asText()).contains("Did you mean \"authReference\"");

        ObjectNode without = capture("ev-1", 2500);
        without.withObject("/provider").remove("authReferenceVersion");
        assertThat(refused(without).at("/error/field").asText()).isEqualTo("provider.authReferenceVersion");

        ObjectNode empty = capture("ev-1", 2500);
        empty.withObject("/provider").put("authReference", "");
        assertThat(refused(empty).at("/error/field").asText()).isEqualTo("provider.authReference");

        ObjectNode word = capture("ev-1", 2500);
        word.withObject("/provider").put("captureCancellationReasonCode", "no error");
        assertThat(refused(word).at("/error/field").asText()).isEqualTo("provider.captureCancellationReasonCode");
        assertThat(refused(word).at("/error/message").asText()).contains("WRONG_PRODUCT");

        ObjectNode sale =
                Json.object().put("commandId", "so-1").put("command", "create").put("terminal", "till-1");
        sale.putObject("amount").put("value", 5).put("currency", "EUR");
        sale.putObject("provider").put("authReference", "x");
        assertThat(refused(sale).at("/error/message").asText()).contains("does not belong in create");

        assertThat(taken(capture("ev-1", 2500))).isNotEmpty();
    }

    @Test
    void an_authorisation_is_captured_once_and_again_only_when_nothing_was_done() throws Exception {
        String first = taken(capture("ev-1", 2500));
        assertThat(refused(capture("ev-2", 2500)).at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");
        end(first, NO_CONNECTION, "");
        assertThat(latest(first).path("status").asText()).isEqualTo("NOT_SENT");

        String second = taken(capture("ev-3", 2500));
        end(second, REFUSED, "");
        String third = taken(capture("ev-4", 2500));
        end(third, OK, notPaid("4", "PROVIDER_FAILED"));

        String fourth = taken(capture("ev-5", 2500));
        end(fourth, LOST, "");
        assertThat(latest(fourth).path("status").asText()).isEqualTo("NEEDS_ATTENTION");
        assertThat(refused(capture("ev-6", 2500)).at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");

        clock.forward(Duration.ofMinutes(7));
        Decisions decisions = new Decisions(ledger, provider -> ANSWERS_ONCE);
        String item = ledger.inTransaction(tx -> tx.openWorkItems()).get(0).id();
        decisions.settle(item, Decisions.Verdict.NOT_PAID, new Signature("admin", "Ada", "looked"));
        String fifth = taken(capture("ev-7", 2500));
        end(fifth, OK, paid("7", 2500));
        assertThat(refused(capture("ev-8", 2500)).at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");
        // What a command used no longer is another's: its mark looks once more.
        ObjectNode other = capture("ev-9", 2500);
        other.withObject("/provider").put("authReference", "another");
        String sixth = taken(other);
        ProviderJob job = job(sixth);
        ledger.update(tx -> tx.use(tx.lockUse(job.view().path("useKey").asText()), "01SOMEBODYELSE"));
        assertThat(refusedMark(marks, job)).isPresent();
        assertThat(latest(sixth).at("/error/code").asText()).isEqualTo("NOT_ALLOWED_NOW");
    }

    @Test
    void a_person_who_says_that_it_was_paid_says_that_it_was_captured() throws Exception {
        String row = taken(capture("ev-1", 2500));
        end(row, LOST, "");
        clock.forward(Duration.ofMinutes(7));
        Decisions decisions = new Decisions(ledger, provider -> ANSWERS_ONCE);
        String item = ledger.inTransaction(tx -> tx.openWorkItems()).get(0).id();
        decisions.settle(item, Decisions.Verdict.PAID, new Signature("admin", "Ada", "the receipt shows it"));
        assertThat(latest(row).at("/payment/amounts/captured").asLong()).isEqualTo(2500);
    }

    @Test
    void an_interrupted_capture_is_not_sent_again() throws Exception {
        String row = taken(capture("ev-1", 2500));
        marks.mark(job(row));
        assertThat(work.ofCommand(row, true, Work.Refreshed.NOT_YET)).isInstanceOf(Work.Task.Interrupted.class);
        outcome.ofInterruption(row);
        assertThat(latest(row).at("/error/code").asText()).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(keptBack(row)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void f63_two_captures_of_one_authorisation_at_the_same_moment_are_one(Databases database) throws Exception {
        begin(database);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Intake.Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ObjectNode command = capture("ev-" + i, 2500);
            verdicts.add(threads.submit(() -> intake.accept(message(command.toString(), "c"))));
        }
        int lanes = 0;
        for (Future<Intake.Verdict> verdict : verdicts) {
            lanes += verdict.get().way() == Intake.Way.LANE ? 1 : 0;
        }
        threads.shutdown();
        assertThat(lanes).isEqualTo(1);
    }

    // The numbers of a terminal's calls.

    private @Nullable Long number(String row) {
        return ledger.inTransaction(tx -> tx.attemptsOf(row)).stream()
                .map(AttemptRow::callNumber)
                .reduce((first, second) -> second)
                .orElse(null);
    }

    @ParameterizedTest
    @EnumSource
    void each_call_has_the_next_number_which_stands_with_its_mark(Databases database) throws Exception {
        begin(database);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String row = accepted("so-" + i);
            ProviderJob job = job(row);
            // Chosen twice and sent once is one number.
            assertThat(job(row).view().path("number")).isEqualTo(job.view().path("number"));
            Mark mark = marks.mark(job);
            assertThat(number(row)).isEqualTo(job.view().path("number").longValue());
            outcome.ofMarkedCall(job, mark.attempt(), i == 1 ? LOST : OK, null, reading(paid("t" + i, 1050)));
            numbers.add(number(row));
            clock.forward(Duration.ofMinutes(6));
        }
        assertThat(numbers).containsExactly(1L, 2L, 3L, 1L, 2L);
    }

    @Test
    void a_number_that_was_taken_meanwhile_is_not_used_twice() throws Exception {
        String first = accepted("so-1");
        String second = accepted("so-2");
        ProviderJob late = job(second);
        end(first, OK, paid("1", 1050));
        assertThat(refusedMark(marks, late))
                .hasValueSatisfying(refused -> assertThat(refused.nudges().wakes())
                        .extracting(Nudges.Wake::commandRow)
                        .containsExactly(second));
        end(second, OK, paid("2", 1050));
        assertThat(number(first)).isEqualTo(1);
        assertThat(number(second)).isEqualTo(2);
        String story = ledger.inTransaction(tx ->
                        tx.historyOf(tx.paymentCreatedBy(second).orElseThrow().id()))
                .toString();
        assertThat(story).contains("number 2 of its terminal");
    }
}
