package nl.pinbridge.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import nl.pinbridge.app.RunningBridge.Till;
import nl.pinbridge.app.TestClient;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * What is done to a payment after it: captures, voids, approvals, declines, and refunds without the card. Each is made once, whatever
 * comes back, and is judged by how the payment stands afterwards.
 */
final class ChangeCases {
    private static final int CENTS = 1050;
    private static final int PART = 400;

    /** What becomes of a change. */
    private enum Fate {
        /** It is taken. */
        DONE,
        /** The answer is lost or worthless, the payment shows it. */
        SEEN,
        /** It was never done, and nothing proves that. */
        UNKNOWN,
        /** The provider refused it, and the payment stands as before. */
        REFUSED
    }

    /** Something that can go wrong. */
    private record Trouble(String name, Function<Fault, Fault> script, Fate fate) {}

    /**
     * A change.
     *
     * @param operation of {@code provider.yaml}
     * @param begin the command that makes the payment to be changed
     * @param ready what the sender is told of that payment before it can be changed
     * @param change the command, by its key and the payment's
     * @param before how the payment stands while the change is not known to have been made; null for anything
     * @param after how it stands after the change
     * @param taken what is charged after it, minor units
     */
    private record Change(
            String name,
            String operation,
            Begin begin,
            String ready,
            Command change,
            @Nullable String before,
            String after,
            long taken) {}

    private interface Begin {
        ObjectNode command(String key, Till till);
    }

    private interface Command {
        ObjectNode of(String key, String payment);
    }

    private final ProviderConformance kit;
    private final KitSubject subject;
    private final TestClient client;

    ChangeCases(ProviderConformance kit, KitSubject subject, TestClient client) {
        this.kit = kit;
        this.subject = subject;
        this.client = client;
    }

    private List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        // First: what waits for a judgement does not wait for ever.
        for (String judgement : List.of("approve", "decline")) {
            if (kit.can(judgement)) {
                boolean approves = judgement.equals("approve");
                changes.add(new Change(
                        judgement,
                        judgement,
                        subject::check,
                        "STARTED",
                        (key, payment) -> about(key, judgement, payment),
                        null,
                        approves ? "PAID" : "NOT_PAID",
                        approves ? CENTS : 0));
            }
        }
        if (kit.can("capture")) {
            changes.add(new Change(
                    "capture",
                    "capture",
                    subject::reservation,
                    "SUCCEEDED",
                    (key, payment) -> ProviderConformance.with(about(key, "capture", payment), CENTS),
                    "AUTHORISED",
                    "PAID",
                    CENTS));
            changes.add(new Change(
                    "capture-part",
                    kit.can("capture-amount") ? "capture-amount" : "capture",
                    subject::reservation,
                    "SUCCEEDED",
                    (key, payment) -> ProviderConformance.with(about(key, "capture", payment), PART),
                    "AUTHORISED",
                    "AUTHORISED",
                    PART));
        }
        if (kit.can("void")) {
            changes.add(new Change(
                    "void",
                    "void",
                    subject::reservation,
                    "SUCCEEDED",
                    (key, payment) -> about(key, "void", payment),
                    "AUTHORISED",
                    "NOT_PAID",
                    0));
        }
        return changes;
    }

    private static ObjectNode about(String key, String command, String payment) {
        return ProviderConformance.about(key, command, payment);
    }

    private List<Trouble> troubles(String operation) {
        List<Trouble> troubles = new ArrayList<>(List.of(
                new Trouble("made", fault -> fault.late(Duration.ofMillis(1)), Fate.DONE),
                new Trouble("f19_no_answer_after_acting", Fault::neverAnswer, Fate.SEEN),
                new Trouble("f19_connection_broken_after_acting", Fault::breakConnection, Fate.SEEN),
                new Trouble("f20_500_after_acting", fault -> fault.http(500), Fate.SEEN),
                new Trouble("f21_empty_answer", fault -> fault.answer(new Answer.Empty()), Fate.SEEN),
                new Trouble("f21_answer_that_is_no_json", fault -> fault.answer(new Answer.NotJson()), Fate.SEEN),
                new Trouble("f21_answer_that_breaks_off", fault -> fault.answer(new Answer.Truncated(true)), Fate.SEEN),
                new Trouble(
                        "f19_no_answer_and_nothing_done",
                        fault -> fault.withoutActing().neverAnswer(),
                        Fate.UNKNOWN),
                new Trouble(
                        "f19_connection_broken_and_nothing_done",
                        fault -> fault.withoutActing().breakConnection(),
                        Fate.UNKNOWN),
                new Trouble(
                        "f20_503_without_acting", fault -> fault.withoutActing().http(503), Fate.UNKNOWN)));
        for (int status : new int[] {400, 401, 409, 422}) {
            troubles.add(
                    kit.refuses(operation, status)
                            ? new Trouble(
                                    "f61_" + status + "_is_listed_as_a_refusal",
                                    fault -> fault.withoutActing().http(status),
                                    Fate.REFUSED)
                            : new Trouble("f61_" + status + "_is_no_refusal", fault -> fault.http(status), Fate.SEEN));
        }
        return troubles;
    }

    Stream<DynamicTest> ofPayments() {
        record Run(Change change, Trouble trouble, Till till, String payment, String key) {}
        List<Run> runs = new ArrayList<>();
        for (Change change : changes()) {
            for (Trouble trouble : troubles(change.operation())) {
                String key = change.name() + "-" + trouble.name();
                runs.add(new Run(change, trouble, subject.till(), "held-" + key, key));
            }
        }
        runs.forEach(run -> client.send(run.change().begin().command(run.payment(), run.till())));
        for (Run run : runs) {
            client.awaitStatus(run.payment(), run.change().ready());
            kit.script(run.trouble()
                    .script()
                    .apply(subject.on(run.change().operation(), run.till()))
                    .times(1));
            client.send(run.change().change().of(run.key(), run.payment()));
        }
        runs.forEach(run -> client.awaitKnown(run.key()));
        return runs.stream()
                .map(run -> DynamicTest.dynamicTest(
                        run.key(), () -> judge(run.change(), run.trouble(), run.till(), run.payment(), run.key())));
    }

    private void judge(Change change, Trouble trouble, Till till, String payment, String key) {
        JsonNode end = client.awaitFinal(key);
        if (trouble.fate() == Fate.DONE || trouble.fate() == Fate.SEEN) {
            ProviderConformance.assertEnd(end, "SUCCEEDED", change.after(), "");
            assertThat(taken(till)).isEqualTo(change.taken());
        } else {
            boolean refused = trouble.fate() == Fate.REFUSED;
            assertThat(end.path("status").asText()).as("%s", end).isEqualTo(refused ? "NOT_SENT" : "NEEDS_ATTENTION");
            assertThat(ProviderConformance.code(end)).isEqualTo(refused ? "PROVIDER_REFUSED" : "OUTCOME_UNKNOWN");
            if (change.before() != null) {
                assertThat(ProviderConformance.payment(end)).isEqualTo(change.before());
            }
            assertThat(taken(till)).isZero();
        }
        assertThat(kit.calls(till, change.operation())).as("calls").hasSize(1);
        if (trouble.fate() == Fate.UNKNOWN) {
            // What may have been done is not done again.
            client.send(change.change().of(key + "-again", payment));
            assertThat(ProviderConformance.code(client.awaitFinal(key + "-again")))
                    .isEqualTo("NOT_ALLOWED_NOW");
            assertThat(kit.calls(till, change.operation())).as("calls").hasSize(1);
        } else if (trouble.fate() == Fate.REFUSED) {
            client.send(change.change().of(key + "-again", payment));
            ProviderConformance.assertEnd(client.awaitFinal(key + "-again"), "SUCCEEDED", change.after(), "");
            assertThat(taken(till)).isEqualTo(change.taken());
        }
    }

    private long taken(Till till) {
        return kit.charges(till).stream().mapToLong(Charge::amount).sum();
    }

    /** Money that goes back without the customer. */
    Stream<DynamicTest> ofRefundsWithoutCard() {
        String operation = "refund-without-card";
        if (!kit.can(operation)) {
            return Stream.empty();
        }
        record Run(Trouble trouble, Till till, String payment, String key) {}
        List<Run> runs = new ArrayList<>();
        for (Trouble trouble : troubles(operation)) {
            String key = "card-free-" + trouble.name();
            runs.add(new Run(trouble, subject.till(), "sold-" + key, key));
        }
        runs.forEach(
                run -> client.send(TestClient.create(run.payment(), run.till().alias(), CENTS)));
        for (Run run : runs) {
            client.awaitFinal(run.payment());
            kit.script(run.trouble()
                    .script()
                    .apply(subject.on(operation, run.till()))
                    .times(1));
            client.send(withoutCard(run.key(), run.payment()));
        }
        runs.forEach(run -> client.awaitKnown(run.key()));
        return runs.stream()
                .map(run -> DynamicTest.dynamicTest(run.key(), () -> {
                    JsonNode end = client.awaitFinal(run.key());
                    boolean done =
                            run.trouble().fate() == Fate.DONE || run.trouble().fate() == Fate.SEEN;
                    long back = subject.partialRefunds() ? PART : CENTS;
                    if (done) {
                        ProviderConformance.assertEnd(
                                end, "SUCCEEDED", subject.partialRefunds() ? "PARTLY_REFUNDED" : "REFUNDED", "");
                    } else if (run.trouble().fate() == Fate.REFUSED) {
                        ProviderConformance.assertEnd(end, "NOT_SENT", "PAID", "PROVIDER_REFUSED");
                    } else {
                        ProviderConformance.assertEnd(end, "NEEDS_ATTENTION", "PAID", "OUTCOME_UNKNOWN");
                        // What may have gone back is not given back again.
                        client.send(withoutCard(run.key() + "-again", run.payment()));
                        ProviderConformance.assertEnd(
                                client.awaitFinal(run.key() + "-again"), "REFUSED", "PAID", "NOT_ALLOWED_NOW");
                    }
                    assertThat(kit.refunds(run.till()))
                            .hasSize(done ? 1 : 0)
                            .allSatisfy(each -> assertThat(each.amount()).isEqualTo(back));
                    assertThat(kit.calls(run.till(), operation)).as("calls").hasSize(1);
                    assertThat(kit.charges(run.till())).as("charges").hasSize(1);
                }));
    }

    private ObjectNode withoutCard(String key, String payment) {
        ObjectNode command = about(key, "refund", payment);
        if (subject.partialRefunds()) {
            ProviderConformance.with(command, PART);
        }
        if (kit.can("refund")) {
            command.putObject("provider").put("withoutCard", true);
        }
        return command;
    }
}
