package nl.pinbridge.app;

import static nl.pinbridge.app.BridgeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.ledger.WorkItemRow;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Fault;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers that are late, broken, strange or missing. Each case has a terminal of its own, and all of them run at the same time. */
@ExtendWith(SharedBridge.class)
class ProviderTroubleTest {
    /**
     * A case.
     *
     * @param faults for the terminal with this id
     * @param charges what the book must hold for it
     */
    private record Case(String name, Function<String, List<Fault>> faults, int charges, Consumer<Judged> judge) {}

    private record Judged(RunningBridge bridge, Till till, List<String> statuses, JsonNode last) {}

    private static Function<String, List<Fault>> create(Function<Fault, Fault> script) {
        return id -> List.of(script.apply(Fault.onCreate().terminal(id)));
    }

    private static Function<String, List<Fault>> status(Function<Fault, Fault> script) {
        return id -> List.of(script.apply(Fault.onStatus().terminal(id)));
    }

    /** The answer is lost, and so is one of the reads by which the payment could be found, or both. */
    private static Function<String, List<Fault>> lostAnd(String... reads) {
        return id -> Stream.concat(
                        Stream.of(Fault.onCreate().terminal(id).breakConnection()),
                        Stream.of(reads)
                                .map(read ->
                                        Fault.on(read).terminal(id).http(500).times(1_000)))
                .toList();
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("f19_no_answer_after_acting", create(Fault::neverAnswer), 1, ProviderTroubleTest::found));
        cases.add(new Case(
                "f19_no_answer_and_nothing_done",
                create(fault -> fault.withoutActing().neverAnswer()),
                0,
                ProviderTroubleTest::inDoubtThenAttention));
        cases.add(new Case(
                "f19_connection_broken_after_acting", create(Fault::breakConnection), 1, ProviderTroubleTest::found));
        cases.add(new Case("resolved_by_the_last_transaction_alone", lostAnd("date"), 1, ProviderTroubleTest::found));
        cases.add(
                new Case("resolved_by_the_list_alone", lostAnd("getLatestTransaction"), 1, ProviderTroubleTest::found));
        cases.add(new Case(
                "not_resolved_where_nothing_shows_it",
                lostAnd("getLatestTransaction", "date"),
                1,
                ProviderTroubleTest::inDoubtThenAttention));
        for (int status : new int[] {502, 503, 504}) {
            cases.add(new Case(
                    "f20_" + status + "_after_acting",
                    create(fault -> fault.http(status)),
                    1,
                    ProviderTroubleTest::found));
            cases.add(new Case(
                    "f20_" + status + "_without_acting",
                    create(fault -> fault.withoutActing().http(status)),
                    0,
                    ProviderTroubleTest::inDoubtThenAttention));
        }
        cases.add(new Case(
                "f21_empty_answer", create(fault -> fault.answer(new Answer.Empty())), 1, ProviderTroubleTest::found));
        cases.add(new Case(
                "f21_truncated_json",
                create(fault -> fault.answer(new Answer.Truncated(false))),
                1,
                ProviderTroubleTest::found));
        cases.add(new Case(
                "f21_answer_that_breaks_off",
                create(fault -> fault.answer(new Answer.Truncated(true))),
                1,
                ProviderTroubleTest::found));
        cases.add(new Case(
                "f21_answer_that_is_no_json",
                create(fault -> fault.answer(new Answer.NotJson())),
                1,
                ProviderTroubleTest::found));
        cases.add(new Case(
                "f21_answer_without_a_transaction",
                create(fault -> fault.answer(new Answer.NoTransactionId())),
                1,
                ProviderTroubleTest::found));
        for (int status : new int[] {400, 408, 409, 429}) {
            cases.add(new Case(
                    "f61_" + status + "_is_no_refusal",
                    create(fault -> fault.http(status)),
                    1,
                    ProviderTroubleTest::found));
        }
        for (int status : new int[] {401, 403}) {
            cases.add(new Case(
                    "f61_" + status + "_is_listed_as_a_refusal",
                    create(fault -> fault.withoutActing().http(status)),
                    0,
                    ProviderTroubleTest::refused));
        }
        cases.add(new Case(
                "f23_another_amount_than_asked",
                status(fault -> fault.answer(new Answer.WrongAmount(1))),
                1,
                judged -> attention(judged, "INTEGRITY")));
        for (String word : new String[] {"manualintervention", "final", "betaald"}) {
            cases.add(new Case(
                    "f24_unknown_word_" + word,
                    status(fault -> fault.answer(new Answer.StatusWord(word))),
                    1,
                    judged -> {
                        assertThat(judged.statuses()).startsWith("STARTED");
                        attention(judged, "OUTCOME_UNKNOWN");
                    }));
        }
        cases.add(new Case(
                "f26_not_found_at_first",
                status(fault -> fault.answer(new Answer.NotFound()).times(3)),
                1,
                ProviderTroubleTest::succeeded));
        cases.add(new Case(
                "f26_status_fails_for_a_while",
                status(fault -> fault.http(502).times(3)),
                1,
                ProviderTroubleTest::succeeded));
        return cases;
    }

    /** The answer is lost; the terminal's last transaction or the day's list shows which it was, and its status has our reference. */
    private static void found(Judged judged) {
        assertThat(judged.statuses()).startsWith("IN_DOUBT").endsWith("SUCCEEDED");
        assertThat(text(judged.last().path("payment"), "status")).isEqualTo("PAID");
    }

    private static void inDoubtThenAttention(Judged judged) {
        assertThat(judged.statuses()).startsWith("IN_DOUBT");
        attention(judged, "OUTCOME_UNKNOWN");
    }

    private static void attention(Judged judged, String code) {
        JsonNode last = judged.last();
        assertThat(text(last, "status")).isEqualTo("NEEDS_ATTENTION");
        assertThat(text(last.path("error"), "code")).isEqualTo(code);
        assertThat(text(last.path("error"), "resend")).isEqualTo("never");
        assertThat(text(last.path("payment"), "status")).isEqualTo("IN_DOUBT");
        assertThat(last.path("payment").path("amounts").path("paid").asLong()).isZero();
        String payment = text(last.path("payment"), "id");
        List<WorkItemRow> items = judged.bridge().bridge().ledger().inTransaction(tx -> tx.workItemsOf(payment));
        assertThat(items).hasSize(1);
    }

    private static void refused(Judged judged) {
        assertThat(judged.statuses()).containsExactly("NOT_SENT");
        assertThat(text(judged.last().path("error"), "code")).isEqualTo("PROVIDER_REFUSED");
        assertThat(text(judged.last().path("payment"), "status")).isEqualTo("NOT_PAID");
    }

    private static void succeeded(Judged judged) {
        assertThat(judged.statuses()).containsExactly("STARTED", "SUCCEEDED");
        assertThat(text(judged.last().path("payment"), "status")).isEqualTo("PAID");
    }

    @TestFactory
    Stream<DynamicTest> no_trouble_at_the_provider_starts_a_payment_twice(RunningBridge bridge) {
        TestClient client = bridge.client();
        List<DynamicTest> tests = new ArrayList<>();
        for (Case each : cases()) {
            Till till = bridge.till();
            each.faults().apply(till.id()).forEach(bridge.sandbox().faults()::add);
            client.send(TestClient.create(each.name(), till.alias(), 1050));
            tests.add(DynamicTest.dynamicTest(each.name(), () -> {
                JsonNode last = client.awaitFinal(each.name());
                List<String> statuses = client.results(each.name()).stream()
                        .map(body -> text(body, "status"))
                        .toList();
                each.judge().accept(new Judged(bridge, till, statuses, last));
                assertThat(bridge.createCalls(till)).as("create calls").isEqualTo(1);
                assertThat(bridge.charges(last)).as("charges").hasSize(each.charges());
            }));
        }
        return tests.stream();
    }

    @Test
    void f61_a_wrong_key_and_an_unknown_terminal_are_refusals(RunningBridge bridge) {
        try (TestClient client = bridge.client()) {
            client.send(TestClient.create("with-wrong-key", "wrong-key", 100));
            client.send(TestClient.create("as-stranger", "stranger", 100));
            for (String key : List.of("with-wrong-key", "as-stranger")) {
                JsonNode last = client.awaitFinal(key);
                assertThat(text(last, "status")).isEqualTo("NOT_SENT");
                assertThat(text(last.path("error"), "code")).isEqualTo("PROVIDER_REFUSED");
                assertThat(text(last.path("payment"), "status")).isEqualTo("NOT_PAID");
                assertThat(bridge.charges(last)).isEmpty();
            }
        }
    }
}
