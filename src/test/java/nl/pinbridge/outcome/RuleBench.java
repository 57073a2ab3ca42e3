package nl.pinbridge.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import nl.pinbridge.app.TestClock;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.Delivery;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.provider.CallGate.NotMarkedException;
import nl.pinbridge.provider.Marks;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import nl.pinbridge.provider.Work;
import org.junit.jupiter.api.AfterEach;

/** Intake, mark and outcome on a real database, worked by hand: no broker, no provider, a clock that the test moves. */
abstract class RuleBench {
    static final Terminal TILL =
            new Terminal("till-1", "pinvandaag", "50303253", "WORLDLINE", null, Map.of("shop", "Utrecht"));
    static final Terminal CCV = new Terminal("till-2", "pinvandaag", "706249441", "CCV", null, Map.of());
    static final ProviderRules RULES = new ProviderRules(
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(15),
            Duration.ofMinutes(6),
            true,
            false,
            true,
            false,
            false,
            "sha256:test");
    static final WireOutcome OK = new WireOutcome.Answered(200, "{}", true, false, false);
    static final WireOutcome LOST = new WireOutcome.Unknown("no answer");
    static final WireOutcome NO_CONNECTION = new WireOutcome.NotSent("connection refused");

    final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
    Ledger ledger;
    Intake intake;
    Marks marks;
    Work work;
    Outcome outcome;

    void open(Databases database) {
        open(database, false);
    }

    void open(Databases database, boolean refundUnknownSales) {
        TestWorld world = new TestWorld(
                device -> Stream.of(TILL, CCV)
                        .filter(till -> till.device().equals(device))
                        .findFirst(),
                RuleBench::can);
        open(database, refundUnknownSales, world, world::supports);
    }

    void open(Databases database, boolean refundUnknownSales, Work.World world, Intake.Capabilities capabilities) {
        ledger = database.open(database.freshUrl(), clock);
        intake = new Intake(
                ledger,
                alias -> Stream.of(TILL, CCV)
                        .filter(till -> till.alias().equals(alias))
                        .findFirst(),
                () -> List.of(TILL, CCV),
                capabilities,
                refundUnknownSales,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                clock,
                Probe.NONE);
        marks = new Marks(ledger, world::callTime);
        work = new Work(ledger, world);
        outcome = new Outcome(ledger, provider -> RULES);
    }

    /** As Pin Vandaag V1: a CCV terminal can neither refund nor be cancelled nor call its host. */
    private static boolean can(Terminal terminal, CommandType type) {
        return switch (type) {
            case CREATE, STATUS, MAIL_RECEIPT -> true;
            case CANCEL, REFUND, CTMP, CAPTURE, VOID, APPROVE, DECLINE -> terminal.equals(TILL);
            default -> false;
        };
    }

    @AfterEach
    void close() {
        if (ledger != null) {
            ledger.close();
        }
    }

    Intake.Received message(String json, String correlation) {
        return new Intake.Received(json, "shop", "payments.replies.shop", correlation, clock.instant(), null, false);
    }

    static String create(String key, long cents) {
        return "{\"commandId\":\"" + key + "\",\"command\":\"create\",\"terminal\":\"till-1\",\"amount\":{\"value\":"
                + cents + ",\"currency\":\"EUR\"},\"reference\":\"SO-1\"}";
    }

    static String command(String key, String type, String more) {
        return "{\"commandId\":\"" + key + "\",\"command\":\"" + type + "\"" + (more.isEmpty() ? "" : "," + more) + "}";
    }

    static String about(String payment) {
        return "\"payment\":\"" + payment + "\"";
    }

    /** Sends a command; its row in the ledger. */
    String sent(String json) {
        return Objects.requireNonNull(intake.accept(
                        message(json, "c-" + Json.read(json).path("commandId").asText()))
                .commandRow());
    }

    String accepted(String key) {
        Intake.Verdict verdict = intake.accept(message(create(key, 1050), key));
        assertThat(verdict.way()).isEqualTo(Intake.Way.LANE);
        return Objects.requireNonNull(verdict.commandRow());
    }

    Work.Task task(String row) {
        return work.ofCommand(row, false, Work.Refreshed.NOT_YET);
    }

    Work.Task refreshed(String row) {
        return work.ofCommand(row, false, Work.Refreshed.ANSWERED);
    }

    ProviderJob job(String row) {
        return ((Work.Task.Call) task(row)).job();
    }

    static Reading reading(String json) {
        return Reading.from(Json.read(json));
    }

    static List<JsonNode> results(Nudges nudges) {
        return nudges.deliveries().stream()
                .filter(delivery -> delivery.address() != null)
                .map(Delivery::body)
                .map(Json::read)
                .toList();
    }

    static JsonNode only(Nudges nudges) {
        List<JsonNode> results = results(nudges);
        assertThat(results).hasSize(1);
        return results.get(0);
    }

    /** The newest result of a command, as a back office would have it. */
    JsonNode latest(String row) {
        return ledger.inTransaction(
                tx -> Json.read(tx.latestResult(row).orElseThrow().body()));
    }

    /** A payment that was started and is known to its provider by this transaction. */
    ProviderJob started(String key, String transaction) throws NotMarkedException {
        ProviderJob job = job(accepted(key));
        Mark mark = marks.mark(job);
        outcome.ofMarkedCall(
                job,
                mark.attempt(),
                OK,
                null,
                reading("{\"state\":\"STARTED\",\"providerTransactionId\":\"" + transaction + "\"}"));
        return job;
    }

    /** What a look at a payment brings when the provider says this. */
    Nudges looked(ProviderJob of, String reading) {
        return outcome.ofLook(
                new ProviderJob("pinvandaag", "status", null, of.paymentId(), TILL, of.view()),
                OK,
                null,
                reading(reading));
    }

    static String paid(String transaction, long cents) {
        return "{\"state\":\"PAID\",\"providerTransactionId\":\"" + transaction + "\",\"amount\":" + cents
                + ",\"word\":\"success\"}";
    }

    static String notPaid(String transaction, String code) {
        return "{\"state\":\"NOT_PAID\",\"code\":\"" + code + "\",\"providerTransactionId\":\"" + transaction
                + "\",\"amount\":1050,\"word\":\"failed\"}";
    }

    static String running(String transaction) {
        return "{\"state\":\"STARTED\",\"providerTransactionId\":\"" + transaction
                + "\",\"amount\":1050,\"word\":\"started\"}";
    }

    static Optional<NotMarkedException> refusedMark(Marks marks, ProviderJob job) {
        try {
            marks.mark(job);
            return Optional.empty();
        } catch (NotMarkedException e) {
            return Optional.of(e);
        }
    }
}
