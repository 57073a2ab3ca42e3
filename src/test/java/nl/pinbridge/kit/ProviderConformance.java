package nl.pinbridge.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import nl.pinbridge.app.Inbox;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.app.Written;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Call;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What every provider must keep on the wire: each capability from the command to the result, each refusal, each way in which an answer
 * can be late, broken, strange or missing, with what the sender is told and how many charges stand in the provider's book. Each case
 * has a terminal of its own, and those of one factory run at the same time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
abstract class ProviderConformance {
    private static final int CENTS = 1050;

    /** What the sender is told. */
    enum End {
        /** Started and paid, without a doubt. */
        PAID,
        /** The answer is lost or worthless, the provider shows what it was. */
        FOUND,
        /** Nothing shows it: a person looks. */
        UNKNOWN,
        /** It started, and what the provider says of it cannot be believed. */
        STRANGE,
        /** What the provider says contradicts what was asked for. */
        INTEGRITY,
        /** The provider said that nothing was started. */
        REFUSED,
        /** The provider said that the terminal is busy, and then took it. */
        WAITED
    }

    /**
     * A case.
     *
     * @param faults prepares the terminal
     * @param times charges, or refunds, that the book must hold
     */
    record Case(String name, Consumer<Till> faults, End end, int times) {}

    /**
     * Who sends has the stage alone, and leaves it when each command has a result: all cases at once are more than two cores carry in
     * time. What they then wait for, they wait for side by side.
     */
    private final ReentrantLock stage = new ReentrantLock(true);

    private KitSubject subject;
    private KitFolder files;
    private ProviderFolder folder;
    private TestClient client;

    /** Starts the provider and a bridge; called once for all cases, and once more for the search for secrets. */
    abstract KitSubject start();

    /** Cases of payments that only this provider has. */
    List<Case> moreCases(KitSubject started) {
        return List.of();
    }

    @BeforeAll
    void begin() {
        subject = start();
        Path path = Path.of("routes/providers").resolve(subject.provider());
        files = KitFolder.read(path, new Notes());
        folder = ProviderFolder.read(path);
        client = subject.bridge().client();
    }

    @AfterEach
    void every_result_keeps_the_contract() {
        subject.bridge().assertContract();
    }

    @AfterAll
    void end() {
        subject.close();
    }

    boolean can(String operation) {
        return folder.supports(operation, subject.brand());
    }

    void script(Fault fault) {
        subject.sandbox().faults().add(fault);
    }

    List<Call> calls(Till till, String operation) {
        return subject.sandbox().calls().matching(subject.wire(operation), till.id(), null, null);
    }

    List<Charge> charges(Till till) {
        return subject.sandbox().book().charges().stream()
                .filter(charge -> charge.terminal().equals(till.id()))
                .toList();
    }

    List<Charge> refunds(Till till) {
        return subject.sandbox().book().refundsOn(till.id());
    }

    private List<String> statuses(String key) {
        return client.results(key).stream()
                .map(result -> result.path("status").asText())
                .toList();
    }

    static String code(JsonNode result) {
        return result.path("error").path("code").asText("");
    }

    static String payment(JsonNode result) {
        return result.path("payment").path("status").asText();
    }

    static void assertEnd(JsonNode end, String status, String payment, String code) {
        assertThat(end.path("status").asText()).as("%s", end).isEqualTo(status);
        assertThat(payment(end)).isEqualTo(payment);
        assertThat(code(end)).isEqualTo(code);
    }

    static ObjectNode about(String key, String command, String payment) {
        return Json.object().put("commandId", key).put("command", command).put("payment", payment);
    }

    static ObjectNode with(ObjectNode command, long cents) {
        command.putObject("amount").put("value", cents).put("currency", "EUR");
        return command;
    }

    // Payments.

    private Case onCreate(String name, Function<Fault, Fault> script, End end, int charges) {
        return new Case(name, till -> script(script.apply(subject.on("create", till))), end, charges);
    }

    private Case onStatus(String name, Function<Fault, Fault> script, End end) {
        return new Case(name, till -> script(script.apply(subject.on("status", till))), end, 1);
    }

    /** A script for the answer that says how the payment ended. */
    private Case onEnd(String name, Function<Fault, Fault> script, End end) {
        return folder.answersOnce() ? onCreate(name, script, end, 1) : onStatus(name, script, end);
    }

    /** Whether the folder says that a status with an error page in it proves that nothing was started. */
    boolean refuses(String operation, int status) {
        ObjectNode page = Json.object().put("status", status).putNull("json").put("text", "<html>");
        return folder.refusal(operation, status, page).isPresent();
    }

    /** The same faults for every call that starts something. */
    private List<Case> troubleOf(String operation) {
        List<Case> cases = new ArrayList<>();
        Function<Function<Fault, Fault>, Consumer<Till>> on = script ->
                till -> script(script.apply(subject.on(operation, till).times(1)));
        cases.add(new Case("f19_no_answer_after_acting", on.apply(Fault::neverAnswer), End.FOUND, 1));
        cases.add(new Case(
                "f19_no_answer_and_nothing_done",
                on.apply(fault -> fault.withoutActing().neverAnswer()),
                End.UNKNOWN,
                0));
        cases.add(new Case("f19_connection_broken_after_acting", on.apply(Fault::breakConnection), End.FOUND, 1));
        cases.add(new Case(
                "f19_connection_broken_and_nothing_done",
                on.apply(fault -> fault.withoutActing().breakConnection()),
                End.UNKNOWN,
                0));
        cases.add(new Case(
                "f19_lost_where_nothing_shows_it",
                till -> {
                    subject.blind(till);
                    on.apply(Fault::breakConnection).accept(till);
                },
                End.UNKNOWN,
                1));
        for (int status : new int[] {500, 502, 503, 504}) {
            cases.add(new Case("f20_" + status + "_after_acting", on.apply(fault -> fault.http(status)), End.FOUND, 1));
            cases.add(new Case(
                    "f20_" + status + "_without_acting",
                    on.apply(fault -> fault.withoutActing().http(status)),
                    End.UNKNOWN,
                    0));
        }
        cases.add(new Case("f21_empty_answer", on.apply(fault -> fault.answer(new Answer.Empty())), End.FOUND, 1));
        cases.add(new Case(
                "f21_truncated_json", on.apply(fault -> fault.answer(new Answer.Truncated(false))), End.FOUND, 1));
        cases.add(new Case(
                "f21_answer_that_breaks_off",
                on.apply(fault -> fault.answer(new Answer.Truncated(true))),
                End.FOUND,
                1));
        cases.add(new Case(
                "f21_answer_that_is_no_json", on.apply(fault -> fault.answer(new Answer.NotJson())), End.FOUND, 1));
        cases.add(new Case(
                "f21_answer_without_a_transaction",
                on.apply(fault -> fault.answer(new Answer.NoTransactionId())),
                subject.namesTransactions() ? End.FOUND : End.PAID,
                1));
        Map.of(
                        "an_empty_object", "{}",
                        "an_empty_list", "[]",
                        "a_number", "7",
                        "an_error", "{\"error\":\"kit\"}")
                .forEach((what, body) -> cases.add(new Case(
                        "f21_" + what, on.apply(fault -> fault.answer(new Answer.Http(200, body))), End.FOUND, 1)));
        for (int status : new int[] {400, 401, 403, 404, 408, 409, 422, 429}) {
            boolean refused = refuses(operation, status);
            cases.add(
                    refused
                            ? new Case(
                                    "f61_" + status + "_is_listed_as_a_refusal",
                                    on.apply(fault -> fault.withoutActing().http(status)),
                                    End.REFUSED,
                                    0)
                            : new Case(
                                    "f61_" + status + "_is_no_refusal",
                                    on.apply(fault -> fault.http(status)),
                                    End.FOUND,
                                    1));
        }
        cases.add(new Case("slow_and_in_time", on.apply(fault -> fault.late(Duration.ofMillis(900))), End.PAID, 1));
        return cases;
    }

    private List<Case> cases() {
        List<Case> cases = new ArrayList<>(troubleOf("create"));
        cases.add(new Case("paid", till -> {}, End.PAID, 1));
        cases.add(onEnd(
                "f23_another_amount_than_asked", fault -> fault.answer(new Answer.WrongAmount(1)), End.INTEGRITY));
        if (!subject.anotherReference().isEmpty()) {
            cases.add(onEnd(
                    "f23_another_reference_than_ours",
                    fault -> fault.answer(new Answer.Changed(subject.anotherReference())),
                    End.STRANGE));
        }
        if (!subject.anotherTransaction().isEmpty()) {
            cases.add(onEnd(
                    "f23_another_transaction",
                    fault -> fault.answer(new Answer.Changed(subject.anotherTransaction())),
                    End.STRANGE));
        }
        for (String word : subject.strangeWords()) {
            cases.add(
                    onEnd("f24_unknown_word_" + word, fault -> fault.answer(new Answer.StatusWord(word)), End.STRANGE));
        }
        if (!folder.answersOnce()) {
            cases.add(onStatus(
                    "f26_not_found_at_first",
                    fault -> fault.answer(new Answer.NotFound()).times(3),
                    End.PAID));
            cases.add(onStatus(
                    "f26_status_fails_for_a_while", fault -> fault.http(502).times(3), End.PAID));
            cases.add(onStatus(
                    "f26_status_is_never_answered_at_first",
                    fault -> fault.neverAnswer().times(1),
                    End.PAID));
            cases.add(onStatus(
                    "f26_asked_too_often_for_a_while", fault -> fault.tooMany().times(3), End.PAID));
            cases.add(onStatus(
                    "f26_status_is_garbage_for_a_while",
                    fault -> fault.answer(new Answer.NotJson()).times(2),
                    End.PAID));
            cases.add(onStatus("f26_status_fails_for_ever", fault -> fault.http(500), End.STRANGE));
            cases.add(onStatus("f26_not_found_for_ever", fault -> fault.answer(new Answer.NotFound()), End.STRANGE));
        }
        if (!folder.busy().isEmpty()) {
            cases.add(onCreate(
                    "f22_busy_twice", fault -> fault.answer(new Answer.Busy()).times(2), End.WAITED, 1));
        }
        recorded(cases);
        cases.addAll(moreCases(subject));
        return cases;
    }

    /** What was recorded as an answer to create is answered, byte for byte as JSON. */
    private void recorded(List<Case> cases) {
        for (Example example : files.examples()) {
            JsonNode answer = example.input().path("answer");
            boolean judged = example.script().equals(ProviderFolder.FILE)
                    && example.input().path("operation").asText().equals("create");
            boolean mapped = files.wiring().answers("create").contains(example.script())
                    && example.job().path("operation").asText().equals("create");
            if ((!judged && !mapped) || !answer.path("status").isInt()) {
                continue;
            }
            int status = answer.path("status").intValue();
            String body =
                    answer.path("json").isNull() ? answer.path("text").asText("") : Json.write(answer.path("json"));
            boolean refused = folder.refusal("create", status, answer).isPresent();
            boolean busy = folder.busy("create", status, answer).isPresent();
            Answer.Http said = new Answer.Http(status, body);
            if (refused || busy) {
                cases.add(onCreate(
                        "f61_recorded_" + example.name(),
                        fault -> fault.withoutActing().answer(said).times(1),
                        refused ? End.REFUSED : End.WAITED,
                        refused ? 0 : 1));
            } else if (judged
                    || (GarbageCheck.isNothing(example.output())
                            && example.output().path("providerTransactionId").isNull())) {
                cases.add(onCreate(
                        "f21_recorded_" + example.name(),
                        fault -> fault.answer(said).times(1),
                        End.FOUND,
                        1));
            }
        }
    }

    /** Where the answer to create is the end, it is told at once, and of what was lost nothing is found. */
    private void judgeAtOnce(Case each, String key, JsonNode last) {
        List<String> told = statuses(key);
        switch (each.end()) {
            case PAID, WAITED -> {
                assertThat(told).endsWith("SUCCEEDED").hasSize(each.end() == End.PAID ? 1 : 2);
                assertEnd(last, "SUCCEEDED", "PAID", "");
            }
            case REFUSED -> {
                assertThat(told).containsExactly("NOT_SENT");
                assertEnd(last, "NOT_SENT", "NOT_PAID", "PROVIDER_REFUSED");
            }
            case FOUND, UNKNOWN, STRANGE -> {
                assertThat(told).containsExactly("NEEDS_ATTENTION");
                attention(last, "OUTCOME_UNKNOWN");
            }
            case INTEGRITY -> attention(last, "INTEGRITY");
        }
    }

    private void judge(Case each, String key, JsonNode last) {
        if (folder.answersOnce()) {
            judgeAtOnce(each, key, last);
            return;
        }
        List<String> told = statuses(key);
        switch (each.end()) {
            case PAID -> {
                assertThat(told).containsExactly("STARTED", "SUCCEEDED");
                assertEnd(last, "SUCCEEDED", "PAID", "");
            }
            case FOUND -> {
                assertThat(told).startsWith("IN_DOUBT").endsWith("SUCCEEDED");
                assertEnd(last, "SUCCEEDED", "PAID", "");
            }
            case WAITED -> {
                assertThat(told).containsExactly("WAITING", "STARTED", "SUCCEEDED");
                assertEnd(last, "SUCCEEDED", "PAID", "");
            }
            case REFUSED -> {
                assertThat(told).containsExactly("NOT_SENT");
                assertEnd(last, "NOT_SENT", "NOT_PAID", "PROVIDER_REFUSED");
            }
            case UNKNOWN -> {
                assertThat(told).startsWith("IN_DOUBT");
                attention(last, "OUTCOME_UNKNOWN");
            }
            case STRANGE -> {
                assertThat(told).startsWith("STARTED");
                attention(last, "OUTCOME_UNKNOWN");
            }
            case INTEGRITY -> attention(last, "INTEGRITY");
        }
    }

    private void attention(JsonNode last, String code) {
        assertEnd(last, "NEEDS_ATTENTION", "IN_DOUBT", code);
        assertThat(last.at("/error/resend").asText()).isEqualTo("never");
        assertThat(last.at("/payment/amounts/paid").asLong()).isZero();
        assertThat(workItems(last)).hasSize(1);
    }

    private List<WorkItemRow> workItems(JsonNode last) {
        String id = last.at("/payment/id").asText();
        return subject.bridge().bridge().ledger().inTransaction(tx -> tx.workItemsOf(id));
    }

    @TestFactory
    Stream<DynamicTest> no_trouble_at_the_provider_starts_a_payment_twice() {
        stage.lock();
        try {
            List<DynamicTest> tests = new ArrayList<>();
            List<String> sent = new ArrayList<>();
            for (Case each : cases()) {
                Till till = subject.till();
                each.faults().accept(till);
                String key = key("pay", each);
                client.send(TestClient.create(key, till.alias(), CENTS));
                tests.add(DynamicTest.dynamicTest(each.name(), () -> {
                    JsonNode last = client.awaitFinal(key);
                    judge(each, key, last);
                    assertThat(charges(till))
                            .as("charges")
                            .hasSize(each.times())
                            .allSatisfy(charge -> assertThat(charge.amount()).isEqualTo(CENTS));
                    long tries =
                            each.end() == End.WAITED ? calls(till, "create").size() : 1;
                    assertThat(calls(till, "create")).as("create calls").hasSize((int) tries);
                    assertThat(refunds(till)).isEmpty();
                }));
                sent.add(key);
            }
            sent.forEach(client::awaitKnown);
            return tests.stream();
        } finally {
            stage.unlock();
        }
    }

    private static String key(String kind, Case each) {
        String key = kind + "-" + each.name().replaceAll("[^A-Za-z0-9_-]+", "-");
        // The reference is made of it, and holds 64 characters.
        return key.length() <= 56 ? key : key.substring(0, 46) + "-" + Integer.toHexString(key.hashCode());
    }

    /** How a payment ends without money, in the sender's words. */
    private record Without(Outcome outcome, String status, String code) {}

    @TestFactory
    Stream<DynamicTest> what_was_not_paid_is_told_as_what_it_was() {
        stage.lock();
        try {
            List<DynamicTest> tests = new ArrayList<>();
            for (Without each : List.of(
                    new Without(Outcome.DECLINED, "DECLINED", "DECLINED"),
                    new Without(Outcome.CANCELLED_AT_TERMINAL, "CANCELLED", "CANCELLED_AT_TERMINAL"),
                    new Without(Outcome.TIMED_OUT, "EXPIRED", "TIMED_OUT_AT_TERMINAL"),
                    new Without(Outcome.PROCESSING_ERROR, "FAILED", "PROVIDER_FAILED"))) {
                if (subject.untold().contains(each.outcome())) {
                    continue;
                }
                Till till = subject.till();
                script(subject.on("create", till).outcome(each.outcome()).times(1));
                String key = "not-" + each.outcome();
                client.send(TestClient.create(key, till.alias(), CENTS));
                tests.add(DynamicTest.dynamicTest(each.outcome().word(), () -> {
                    boolean why = subject.saysWhyNotPaid();
                    assertEnd(
                            client.awaitFinal(key),
                            why ? each.status() : "FAILED",
                            "NOT_PAID",
                            why ? each.code() : "PROVIDER_FAILED");
                    assertThat(charges(till)).isEmpty();
                    // The terminal is free again.
                    client.send(TestClient.create(key + "-again", till.alias(), CENTS));
                    assertEnd(client.awaitFinal(key + "-again"), "SUCCEEDED", "PAID", "");
                    assertThat(charges(till)).hasSize(1);
                }));
            }
            return tests.stream();
        } finally {
            stage.unlock();
        }
    }

    @Test
    void f61_a_login_that_is_not_accepted_and_an_unknown_terminal_are_refusals() {
        stage.lock();
        try {
            for (String stranger : subject.strangers()) {
                client.send(TestClient.create("from-" + stranger, stranger, 100));
            }
            for (String stranger : subject.strangers()) {
                assertEnd(client.awaitFinal("from-" + stranger), "NOT_SENT", "NOT_PAID", "PROVIDER_REFUSED");
            }
        } finally {
            stage.unlock();
        }
    }

    @Test
    void exact_amounts_stand_in_the_book_and_in_the_result() {
        stage.lock();
        try {
            for (long cents :
                    new long[] {folder.leastAmount(), Math.max(29, folder.leastAmount() + 4), 1_050, 1_999, 99_999_999
                    }) {
                Till till = subject.till();
                String key = "exact-" + cents;
                client.send(TestClient.create(key, till.alias(), cents));
                JsonNode end = client.awaitFinal(key);
                assertEnd(end, "SUCCEEDED", "PAID", "");
                assertThat(end.at("/payment/amounts/paid").asLong()).isEqualTo(cents);
                assertThat(charges(till)).singleElement().satisfies(charge -> assertThat(charge.amount())
                        .isEqualTo(cents));
            }
        } finally {
            stage.unlock();
        }
    }

    @Test
    void a_repeated_command_and_a_question_call_for_nothing_new() {
        stage.lock();
        try {
            Till till = subject.till();
            ObjectNode create = TestClient.create("once", till.alias(), CENTS);
            client.send(create);
            client.send(create);
            assertEnd(client.awaitFinal("once"), "SUCCEEDED", "PAID", "");
            client.send(create);
            client.send(about("asked", "status", "once"));
            assertEnd(client.awaitFinal("asked"), "SUCCEEDED", "PAID", "");
            assertThat(calls(till, "create")).hasSize(1);
            assertThat(charges(till)).hasSize(1);
        } finally {
            stage.unlock();
        }
    }

    // Refunds.

    @TestFactory
    Stream<DynamicTest> no_trouble_at_the_provider_gives_money_back_twice() {
        stage.lock();
        try {
            if (!can("refund")) {
                return Stream.empty();
            }
            List<Case> cases = troubleOf("refund");
            cases.add(new Case("given_back", till -> {}, End.PAID, 1));
            List<Till> tills = new ArrayList<>();
            for (Case each : cases) {
                Till till = subject.till();
                tills.add(till);
                client.send(TestClient.create(key("sold", each), till.alias(), CENTS));
            }
            List<DynamicTest> tests = new ArrayList<>();
            for (int i = 0; i < cases.size(); i++) {
                Case each = cases.get(i);
                Till till = tills.get(i);
                String key = key("refund", each);
                assertEnd(client.awaitFinal(key("sold", each)), "SUCCEEDED", "PAID", "");
                each.faults().accept(till);
                client.send(with(about(key, "refund", key("sold", each)), 400));
                tests.add(DynamicTest.dynamicTest(each.name(), () -> {
                    JsonNode last = client.awaitFinal(key);
                    switch (each.end()) {
                        case PAID, WAITED -> assertEnd(last, "SUCCEEDED", "PARTLY_REFUNDED", "");
                        case FOUND -> {
                            assertThat(statuses(key)).startsWith("IN_DOUBT");
                            assertEnd(last, "SUCCEEDED", "PARTLY_REFUNDED", "");
                        }
                        case REFUSED -> assertEnd(last, "NOT_SENT", "PAID", "PROVIDER_REFUSED");
                        default -> {
                            assertThat(statuses(key)).startsWith("IN_DOUBT");
                            assertEnd(last, "NEEDS_ATTENTION", "PAID", "OUTCOME_UNKNOWN");
                            // What may have gone back is not given back again.
                            client.send(with(about(key + "-again", "refund", key("sold", each)), 400));
                            assertEnd(client.awaitFinal(key + "-again"), "REFUSED", "PAID", "NOT_ALLOWED_NOW");
                        }
                    }
                    assertThat(calls(till, "refund")).as("refund calls").hasSize(1);
                    assertThat(refunds(till))
                            .as("refunds")
                            .hasSize(each.times())
                            .allSatisfy(back -> assertThat(back.amount()).isEqualTo(400));
                    assertThat(charges(till)).as("charges").hasSize(1);
                }));
            }
            cases.forEach(each -> client.awaitKnown(key("refund", each)));
            return tests.stream();
        } finally {
            stage.unlock();
        }
    }

    @Test
    void f43_refunds_in_parts_end_where_the_money_does() {
        stage.lock();
        try {
            if (!can("refund")) {
                return;
            }
            Till till = subject.till();
            client.send(TestClient.create("parts", till.alias(), CENTS));
            client.awaitFinal("parts");
            client.send(with(about("part-1", "refund", "parts"), 50));
            assertEnd(client.awaitFinal("part-1"), "SUCCEEDED", "PARTLY_REFUNDED", "");
            client.send(with(about("part-too-much", "refund", "parts"), 1_001));
            assertThat(code(client.awaitFinal("part-too-much"))).isEqualTo("REFUND_TOO_HIGH");
            client.send(about("part-2", "refund", "parts"));
            assertEnd(client.awaitFinal("part-2"), "SUCCEEDED", "REFUNDED", "");
            assertThat(refunds(till)).extracting(Charge::amount).containsExactly(50L, 1_000L);
        } finally {
            stage.unlock();
        }
    }

    // Cancels.

    private void running(String key, Till till) {
        script(subject.on("create", till).outcome(Outcome.NEVER_ENDS).times(1));
        client.send(TestClient.create(key, till.alias(), CENTS));
    }

    @TestFactory
    Stream<DynamicTest> a_cancel_is_made_once_and_the_payment_tells_what_happened() {
        stage.lock();
        try {
            if (!can("cancel")) {
                return Stream.empty();
            }
            record Stop(String name, Function<Fault, Fault> script, boolean stopped) {}
            List<Stop> stops = List.of(
                    new Stop("cancelled", fault -> fault.late(Duration.ofMillis(1)), true),
                    new Stop("f41_paid_meanwhile", fault -> fault.outcome(Outcome.PAID), false),
                    new Stop("lost_after_acting", Fault::breakConnection, true),
                    new Stop("no_answer_after_acting", Fault::neverAnswer, true),
                    new Stop("500_after_acting", fault -> fault.http(500), true),
                    new Stop("409_after_acting", fault -> fault.http(409), true),
                    new Stop("no_json_after_acting", fault -> fault.answer(new Answer.NotJson()), true));
            List<Till> tills = new ArrayList<>();
            for (Stop each : stops) {
                Till till = subject.till();
                tills.add(till);
                running("stop-" + each.name(), till);
                script(each.script().apply(subject.on("cancel", till)));
            }
            // All of them here: a case that waits for its turn would find its payment given up.
            for (Stop each : stops) {
                String key = "stop-" + each.name();
                client.awaitStatus(key, "STARTED");
                client.send(about(key + "-c", "cancel", key));
            }
            List<DynamicTest> tests = new ArrayList<>();
            for (int i = 0; i < stops.size(); i++) {
                Stop each = stops.get(i);
                Till till = tills.get(i);
                String key = "stop-" + each.name();
                tests.add(DynamicTest.dynamicTest(each.name(), () -> {
                    if (each.stopped()) {
                        assertEnd(client.awaitFinal(key), "CANCELLED", "NOT_PAID", "CANCELLED_BY_COMMAND");
                        assertEnd(client.awaitFinal(key + "-c"), "SUCCEEDED", "NOT_PAID", "");
                        assertThat(charges(till)).isEmpty();
                    } else {
                        assertEnd(client.awaitFinal(key), "SUCCEEDED", "PAID", "");
                        assertEnd(client.awaitFinal(key + "-c"), "FAILED", "PAID", "TOO_LATE");
                        assertThat(charges(till)).hasSize(1);
                    }
                    assertThat(calls(till, "cancel")).hasSize(1);
                    assertThat(calls(till, "create")).hasSize(1);
                }));
            }
            return tests.stream();
        } finally {
            stage.unlock();
        }
    }

    @Test
    void a_cancel_that_was_lost_before_it_acted_leaves_the_payment_to_a_person() {
        stage.lock();
        try {
            if (!can("cancel")) {
                return;
            }
            Till till = subject.till();
            running("unstopped", till);
            script(subject.on("cancel", till).withoutActing().breakConnection());
            client.awaitStatus("unstopped", "STARTED");
            client.send(about("unstopped-c", "cancel", "unstopped"));
            attention(client.awaitFinal("unstopped"), "OUTCOME_UNKNOWN");
            assertThat(calls(till, "cancel")).hasSize(1);
            assertThat(charges(till)).isEmpty();
        } finally {
            stage.unlock();
        }
    }

    // What is done to a payment after it.

    @TestFactory
    Stream<DynamicTest> a_change_is_made_once_and_the_payment_tells_what_happened() {
        stage.lock();
        try {
            return new ChangeCases(this, subject, client).ofPayments();
        } finally {
            stage.unlock();
        }
    }

    @TestFactory
    Stream<DynamicTest> a_refund_without_the_card_is_made_once_and_told_by_what_was_given_back() {
        stage.lock();
        try {
            return new ChangeCases(this, subject, client).ofRefundsWithoutCard();
        } finally {
            stage.unlock();
        }
    }

    // Everything else.

    private JsonNode paid(String key, Till till) {
        client.send(TestClient.create(key, till.alias(), CENTS));
        return client.awaitFinal(key);
    }

    private static ObjectNode receipt(String key, String payment) {
        ObjectNode command = about(key, "mail-receipt", payment);
        command.putObject("receipt").put("to", "klant@example.nl");
        return command;
    }

    @Test
    void a_receipt_is_mailed_once_and_f46_never_again_when_the_answer_was_lost() {
        stage.lock();
        try {
            if (!can("mail-receipt")) {
                return;
            }
            Till till = subject.till();
            paid("mailed", till);
            client.send(receipt("mail-1", "mailed"));
            assertThat(client.awaitFinal("mail-1").path("status").asText()).isEqualTo("SUCCEEDED");
            script(subject.on("mail-receipt", till).breakConnection());
            client.send(receipt("mail-2", "mailed"));
            JsonNode lost = client.awaitFinal("mail-2");
            assertThat(lost.path("status").asText()).isEqualTo("NEEDS_ATTENTION");
            assertThat(code(lost)).isEqualTo("MAYBE_SENT");
            assertThat(calls(till, "mail-receipt")).hasSize(2);
        } finally {
            stage.unlock();
        }
    }

    @Test
    void a_terminal_calls_its_host() {
        stage.lock();
        try {
            if (!can("ctmp")) {
                return;
            }
            Till till = subject.till();
            client.send(Json.object()
                    .put("commandId", "call-home")
                    .put("command", "ctmp")
                    .put("terminal", till.alias()));
            assertThat(client.awaitFinal("call-home").path("status").asText()).isEqualTo("SUCCEEDED");
            assertThat(calls(till, "ctmp")).hasSize(1);
        } finally {
            stage.unlock();
        }
    }

    @TestFactory
    Stream<DynamicTest> what_the_folder_does_not_offer_is_refused_before_any_call() {
        stage.lock();
        try {
            Till till = subject.till();
            // A webhook that comes after a look has found the same is one more reason to look.
            subject.blind(till);
            paid("asked-too-much", till);
            List<DynamicTest> tests = new ArrayList<>();
            for (CommandType type : List.of(
                    CommandType.AUTHORISE,
                    CommandType.CAPTURE,
                    CommandType.REFUND,
                    CommandType.CANCEL,
                    CommandType.VOID,
                    CommandType.APPROVE,
                    CommandType.DECLINE,
                    CommandType.MAIL_RECEIPT,
                    CommandType.CTMP)) {
                if (can(type.wire()) || (type == CommandType.REFUND && can("refund-without-card"))) {
                    continue;
                }
                tests.add(DynamicTest.dynamicTest(type.wire(), () -> {
                    String key = "not-offered-" + type.wire();
                    int before = subject.sandbox()
                            .calls()
                            .matching(null, till.id(), null, null)
                            .size();
                    client.send(
                            switch (type) {
                                case AUTHORISE ->
                                    TestClient.create(key, till.alias(), CENTS).put("command", type.wire());
                                case CTMP ->
                                    Json.object()
                                            .put("commandId", key)
                                            .put("command", type.wire())
                                            .put("terminal", till.alias());
                                case MAIL_RECEIPT -> receipt(key, "asked-too-much");
                                case CAPTURE -> with(about(key, type.wire(), "asked-too-much"), 100);
                                default -> about(key, type.wire(), "asked-too-much");
                            });
                    JsonNode end = client.awaitFinal(key);
                    // What is over is told so first.
                    boolean over = type == CommandType.CANCEL && code(end).equals("TOO_LATE");
                    assertThat(end.path("status").asText()).isEqualTo(over ? "FAILED" : "REFUSED");
                    assertThat(code(end)).isIn("NOT_SUPPORTED", "NOT_ALLOWED_NOW", over ? "TOO_LATE" : "NOT_SUPPORTED");
                    assertThat(subject.sandbox().calls().matching(null, till.id(), null, null))
                            .hasSize(before);
                }));
            }
            return tests.stream();
        } finally {
            stage.unlock();
        }
    }

    @Test
    void no_secret_is_logged_told_or_kept() throws IOException {
        stage.lock();
        try {
            try (Written.Log lines = new Written.Log();
                    KitSubject other = start()) {
                List<String> told = new ArrayList<>();
                try (TestClient office = other.bridge().client();
                        Inbox events = Inbox.ofTopic(other.bridge().factory(), "payments.events")) {
                    List<String> keys = new ArrayList<>();
                    for (int status : new int[] {200, 403, 500}) {
                        Till till = other.till();
                        String secret = other.secretOf(till);
                        String body = "{\"status\":\"error\",\"message\":\"" + secret + " is odd\",\"key\":\"" + secret
                                + "\"}";
                        other.sandbox().faults().add(other.on("create", till).answer(new Answer.Http(status, body)));
                        keys.add("echo-" + status);
                        office.send(TestClient.create("echo-" + status, till.alias(), 100));
                    }
                    Till silent = other.till();
                    other.sandbox().faults().add(other.on("create", silent).breakConnection());
                    office.send(TestClient.create("silent", silent.alias(), 100));
                    office.send(TestClient.create("fine", other.till().alias(), 100));
                    keys.addAll(List.of("silent", "fine"));
                    keys.forEach(office::awaitFinal);
                    office.arrivals().forEach(arrival -> told.add(arrival.toString()));
                    events.arrivals().forEach(arrival -> told.add(arrival.toString()));
                }
                other.bridge().stop();
                for (String secret : other.secrets()) {
                    assertThat(told).isNotEmpty().noneMatch(line -> line.contains(secret));
                    assertThat(lines.all()).isNotEmpty().noneMatch(line -> line.contains(secret));
                    assertThat(Written.filesWith(other.bridge().data(), secret)).isEmpty();
                }
                // The search finds what is there: neither the ledger nor the journal is packed.
                assertThat(Written.filesWith(other.bridge().data(), "silent"))
                        .anyMatch(file -> file.toString().endsWith(".mv.db"));
            }
        } finally {
            stage.unlock();
        }
    }
}
