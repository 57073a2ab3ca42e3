package nl.pinbridge.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Rows;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.outcome.StateMachine.Evidence;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import org.jspecify.annotations.Nullable;

/**
 * The only place that changes a payment after its start. Each method is one transaction that may run twice, and returns what the
 * world should be told once it has committed.
 */
public final class Outcome {
    /** How long the answer of a money call waits for a ledger that is away: it exists nowhere else. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A busy terminal is asked again after this, within the command's time. */
    private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);

    private static final String BRIDGE = "pinbridge";

    private final Ledger ledger;
    private final Function<String, ProviderRules> rules;

    public Outcome(Ledger ledger, Function<String, ProviderRules> rules) {
        this.ledger = ledger;
        this.rules = rules;
    }

    /**
     * What a marked money call brought.
     *
     * @param attempt the ledger's id of the attempt
     * @param evidence redacted JSON of the exchange; null where there is none
     */
    public Nudges ofMoneyCall(
            ProviderJob job, String attempt, WireOutcome wire, @Nullable String evidence, Reading reading) {
        return ledger.durablyWithPatience(PATIENCE, tx -> {
            CommandRow command = tx.lockCommand(required(job.commandRow())).orElseThrow();
            PaymentRow payment = tx.lockPayment(required(job.paymentId())).orElseThrow();
            ProviderRules rule = rules.apply(job.provider());
            command = Rows.withRoute(command, job.provider() + "-" + job.operation(), rule.fingerprint());
            Instant now = tx.now();
            if (wire instanceof WireOutcome.NotSent notSent) {
                tx.closeAttempt(attempt, "NOT_SENT", true, evidence, now);
                return settle(
                        tx,
                        command,
                        payment,
                        Evidence.NOT_STARTED,
                        reading,
                        rule,
                        new Cause(
                                "The request did not leave: " + notSent.why(),
                                evidence,
                                ResultError.of(
                                        ErrorCode.NO_CONNECTION,
                                        "Nothing was started: " + notSent.why()
                                                + ". Send a new command when the provider can be reached.")));
            }
            if (wire instanceof WireOutcome.Answered answered && answered.busy()) {
                tx.closeAttempt(attempt, "BUSY", true, evidence, now);
                return busy(tx, command, payment, evidence);
            }
            if (wire instanceof WireOutcome.Answered answered && answered.refusal()) {
                tx.closeAttempt(attempt, "REFUSED", true, evidence, now);
                return settle(
                        tx,
                        command,
                        payment,
                        Evidence.NOT_STARTED,
                        reading,
                        rule,
                        new Cause(
                                "The provider refused with HTTP " + answered.status() + " before anything was started",
                                evidence,
                                ResultError.of(
                                                ErrorCode.PROVIDER_REFUSED,
                                                "The provider refused the request with HTTP "
                                                        + answered.status()
                                                        + "; check the terminal's id and key in the terminal directory.")
                                        .withProvider(String.valueOf(answered.status()), null)));
            }
            boolean answered = wire instanceof WireOutcome.Answered answer && answer.success();
            boolean understood = answered && reading.state() != Reading.State.UNREADABLE;
            tx.closeAttempt(attempt, understood ? "ANSWERED" : "UNKNOWN", false, evidence, now);
            if (understood) {
                return settle(
                        tx,
                        command,
                        payment,
                        evidenceOf(reading),
                        reading,
                        rule,
                        new Cause(said(reading), evidence, null));
            }
            return settle(
                    tx,
                    command,
                    payment,
                    Evidence.DOUBT,
                    // An answer that makes no sense may still name the transaction, by which it can be asked for.
                    answered ? reading : Reading.UNREADABLE,
                    rule,
                    new Cause("The answer was lost or cannot be understood: " + describe(wire), evidence, null));
        });
    }

    /** What a status call brought, for a look or a status command; anything but an answer that is understood brings nothing. */
    public Nudges ofLook(ProviderJob job, @Nullable WireOutcome wire, @Nullable String evidence, Reading reading) {
        return ledger.durably(tx -> {
            PaymentRow seen = tx.payment(required(job.paymentId())).orElseThrow();
            CommandRow creator = tx.lockCommand(seen.createdBy()).orElseThrow();
            PaymentRow payment = tx.lockPayment(seen.id()).orElseThrow();
            ProviderRules rule = rules.apply(payment.provider());
            boolean understood = wire instanceof WireOutcome.Answered answered && answered.success();
            Evidence learnt = understood ? evidenceOf(reading) : Evidence.NOTHING;
            Nudges nudges = settle(
                    tx,
                    creator,
                    payment,
                    learnt,
                    understood ? reading : Reading.UNREADABLE,
                    rule,
                    new Cause(said(reading), evidence, null));
            if (job.commandRow() != null) {
                nudges.and(answerStatus(tx, job.commandRow()));
            }
            return nudges;
        });
    }

    /** A look at a payment that nobody can be asked about, because its transaction is not known. */
    public Nudges ofBlindLook(String paymentId) {
        return ledger.durably(tx -> {
            PaymentRow seen = tx.payment(paymentId).orElseThrow();
            CommandRow creator = tx.lockCommand(seen.createdBy()).orElseThrow();
            PaymentRow payment = tx.lockPayment(paymentId).orElseThrow();
            boolean lost = tx.openAttempt(creator.rowId())
                    .filter(attempt -> attempt.outcome() == null)
                    .isPresent();
            return settle(
                    tx,
                    creator,
                    payment,
                    lost ? Evidence.DOUBT : Evidence.NOTHING,
                    Reading.UNREADABLE,
                    rules.apply(payment.provider()),
                    new Cause(
                            "The bridge was interrupted after the mark; it is not known whether the request arrived",
                            null,
                            null));
        });
    }

    /**
     * A money command came back to be worked on although it was marked: whoever marked it was interrupted. It is not sent again; it
     * is in doubt until something is learnt.
     */
    public Nudges ofInterruption(String commandRow) {
        String paymentId = ledger.inTransaction(
                tx -> tx.command(commandRow).map(CommandRow::paymentId).orElse(null));
        return paymentId == null ? new Nudges() : ofBlindLook(paymentId);
    }

    /** Answers a status command with the payment as the ledger has it. */
    public Nudges ofStatusCommand(String commandRow) {
        return ledger.inTransaction(tx -> answerStatus(tx, commandRow));
    }

    /** A route failed before anything was marked: nothing was sent, and the sender hears so. */
    public Nudges ofFaultBeforeMark(String commandRow, String why) {
        return ledger.inTransaction(tx -> {
            CommandRow command = tx.lockCommand(commandRow).orElseThrow();
            if (command.isOver() || tx.openAttempt(commandRow).isPresent()) {
                return new Nudges();
            }
            String paymentId = command.paymentId();
            ResultError error = ResultError.of(
                    ErrorCode.BRIDGE_FAULT,
                    "Nothing was started: the bridge's route failed (" + why + "). Tell the integration team.");
            if (!command.type().movesMoney() || paymentId == null) {
                tx.history(paymentId, commandRow, "FAULT", "The route failed before anything was sent", null);
                if (command.type() == nl.pinbridge.contract.CommandType.STATUS) {
                    return answerStatus(tx, commandRow);
                }
                Nudges nudges = new Nudges();
                ResultWriter.tell(tx, nudges, command, CommandStatus.NOT_SENT, error, null);
                return nudges;
            }
            PaymentRow payment = tx.lockPayment(paymentId).orElseThrow();
            return settle(
                    tx,
                    command,
                    payment,
                    Evidence.NOT_STARTED,
                    Reading.UNREADABLE,
                    rules.apply(payment.provider()),
                    new Cause("The route failed before anything was sent", null, error));
        });
    }

    private static Nudges answerStatus(Tx tx, String commandRow) {
        CommandRow status = tx.lockCommand(commandRow).orElseThrow();
        Nudges nudges = new Nudges();
        if (!status.isOver()) {
            PaymentRow payment = tx.payment(required(status.paymentId())).orElseThrow();
            ResultWriter.tell(tx, nudges, status, CommandStatus.SUCCEEDED, null, payment);
        }
        return nudges;
    }

    /** Why a change is made: a sentence for the history, the evidence, and the error to tell where nothing was paid. */
    private record Cause(String text, @Nullable String evidence, @Nullable ResultError error) {}

    private Nudges settle(
            Tx tx,
            CommandRow command,
            PaymentRow before,
            Evidence learnt,
            Reading reading,
            ProviderRules rule,
            Cause cause) {
        Instant now = tx.now();
        Nudges nudges = new Nudges();
        String foreign = belongsElsewhere(tx, before, reading);
        Evidence evidence = foreign == null ? learnt : doubtUnlessKnown(before);
        PaymentRow payment = foreign == null ? filled(before, reading) : before;
        PaymentStatus next = StateMachine.after(before.status(), evidence);

        ResultError error = null;
        String attention = null;
        if (foreign != null) {
            tx.history(payment.id(), command.rowId(), "INTEGRITY", foreign, cause.evidence());
        }
        if (next == PaymentStatus.PAID && before.status() != PaymentStatus.PAID) {
            String wrong = IntegrityCheck.ofPaid(payment, reading, rule.acceptZeroAmount());
            if (wrong == null) {
                payment = paid(payment);
                if (reading.amount() != null && reading.amount() != payment.requested()) {
                    tx.history(
                            payment.id(),
                            command.rowId(),
                            "INTEGRITY",
                            "The answer names " + reading.amount()
                                    + ", the receipt the amount asked; accepted by pinbridge.provider."
                                    + payment.provider()
                                    + ".accept-zero-amount",
                            null);
                }
            } else {
                next = PaymentStatus.IN_DOUBT;
                attention = "INTEGRITY";
                error = ResultError.of(ErrorCode.INTEGRITY, wrong + " A person has to look; a work item is open.");
            }
        } else if (next == PaymentStatus.CONFLICT && before.status() != PaymentStatus.CONFLICT) {
            attention = "CONFLICT";
            error = ResultError.of(
                            ErrorCode.CONFLICT,
                            "The provider contradicts what it said before (" + before.status()
                                    + "). A person has to look.")
                    .withProvider(reading.providerCode(), reading.word());
        } else if (next.isOpen() && givenUp(payment, rule, now) && command.status() != CommandStatus.NEEDS_ATTENTION) {
            next = PaymentStatus.IN_DOUBT;
            attention = "OUTCOME_UNKNOWN";
            error = ResultError.of(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "It could not be established whether the customer paid. A person has to look; a work item is open.");
        }

        boolean attended = attention != null || command.status() == CommandStatus.NEEDS_ATTENTION;
        boolean over = !next.isOpen();
        CommandStatus status = commandStatus(next, attention != null, command, cause, reading);
        if (error == null && over && next == PaymentStatus.NOT_PAID) {
            error = cause.error() != null ? cause.error() : notPaid(reading);
        }
        Instant nextLook = over || attended ? null : nextLook(payment, before, rule, now);
        payment = Rows.withLook(payment, next, payment.markedAt(), nextLook);
        boolean changed = next != before.status() || status != command.status();
        tx.update(payment);
        if (next != before.status() || foreign != null || attention != null) {
            tx.history(
                    payment.id(),
                    command.rowId(),
                    "STATE",
                    cause.text() + ": the payment is " + next.name(),
                    cause.evidence());
        }
        if (before.providerTransactionId() == null && payment.providerTransactionId() != null) {
            tx.history(
                    payment.id(),
                    command.rowId(),
                    "TRANSACTION",
                    "The provider knows it as transaction " + payment.providerTransactionId(),
                    cause.evidence());
        }
        if (attention != null && error != null) {
            tx.openWorkItem(payment.id(), command.rowId(), attention, error.message() + " " + cause.text());
            tx.history(payment.id(), command.rowId(), "WORK", "Work item opened: " + attention, null);
        }
        if (over && attention == null && before.status().isOpen()) {
            int closed = tx.closeWorkItems(payment.id(), "OUTCOME_UNKNOWN", BRIDGE, cause.text());
            if (closed > 0) {
                tx.history(payment.id(), command.rowId(), "WORK", "Work item closed by proof: " + cause.text(), null);
            }
        }
        if (changed && status != null) {
            ResultWriter.tell(tx, nudges, command, status, error, payment);
        } else {
            tx.update(command);
        }
        if (over || attended) {
            nudges.and(freeLane(tx, payment.device(), command.rowId()));
        } else if (nextLook != null) {
            nudges.look(payment.id(), nextLook);
        }
        return nudges;
    }

    private Nudges busy(Tx tx, CommandRow command, PaymentRow payment, @Nullable String evidence) {
        Nudges nudges = new Nudges();
        if (!payment.status().isOpen() || command.isOver()) {
            return nudges;
        }
        Instant again = tx.now().plus(BUSY_PAUSE);
        tx.update(Rows.withLook(payment, PaymentStatus.OPEN, null, null));
        tx.history(
                payment.id(),
                command.rowId(),
                "BUSY",
                "The provider says that the terminal is busy; nothing was started",
                evidence);
        CommandRow waiting = Rows.withStatus(command, command.status(), again);
        if (command.status() == CommandStatus.WAITING) {
            tx.update(waiting);
        } else {
            ResultWriter.tell(tx, nudges, waiting, CommandStatus.WAITING, null, payment);
        }
        tx.freeLane(payment.device(), command.rowId());
        return nudges.lane(payment.provider(), command.rowId(), again);
    }

    private static @Nullable CommandStatus commandStatus(
            PaymentStatus next, boolean attention, CommandRow command, Cause cause, Reading reading) {
        if (attention) {
            return CommandStatus.NEEDS_ATTENTION;
        }
        return switch (next) {
            case OPEN ->
                command.status() == CommandStatus.NEEDS_ATTENTION ? command.status() : started(command, reading);
            case IN_DOUBT ->
                command.status() == CommandStatus.NEEDS_ATTENTION ? command.status() : CommandStatus.IN_DOUBT;
            case NOT_PAID ->
                command.status() != null && command.isOver() && command.status() != CommandStatus.NEEDS_ATTENTION
                        ? command.status()
                        : (cause.error() != null ? cause.error() : notPaid(reading))
                                .code()
                                .status();
            case CONFLICT -> command.status();
            default -> CommandStatus.SUCCEEDED;
        };
    }

    private static @Nullable CommandStatus started(CommandRow command, Reading reading) {
        return reading.state() == Reading.State.UNREADABLE ? command.status() : CommandStatus.STARTED;
    }

    private static ResultError notPaid(Reading reading) {
        ErrorCode code = reading.code() == null ? ErrorCode.PROVIDER_FAILED : reading.code();
        String message =
                switch (code) {
                    case DECLINED -> "The card was declined. The customer can pay another way, with a new command.";
                    case CANCELLED_AT_TERMINAL -> "The payment was called off at the terminal.";
                    case CANCELLED_BY_COMMAND -> "The payment was called off by a cancel command.";
                    case TIMED_OUT_AT_TERMINAL -> "The customer took too long at the terminal.";
                    default -> "The provider says that the payment failed and nothing was paid.";
                };
        return ResultError.of(code, message).withProvider(reading.providerCode(), reading.providerMessage());
    }

    private static Evidence evidenceOf(Reading reading) {
        return switch (reading.state()) {
            case STARTED, OPEN, MANUAL -> Evidence.RUNNING;
            case PAID -> Evidence.SAYS_PAID;
            case NOT_PAID -> Evidence.SAYS_NOT_PAID;
            case UNREADABLE -> Evidence.NOTHING;
        };
    }

    private static Evidence doubtUnlessKnown(PaymentRow payment) {
        return payment.providerTransactionId() == null ? Evidence.DOUBT : Evidence.NOTHING;
    }

    private static @Nullable String belongsElsewhere(Tx tx, PaymentRow payment, Reading reading) {
        String id = reading.providerTransactionId();
        if (reading.ownReference() != null && !reading.ownReference().equals(payment.ownReference())) {
            return "The answer carries the own reference " + reading.ownReference() + " of something else";
        }
        if (id == null) {
            return null;
        }
        if (payment.providerTransactionId() != null
                && !payment.providerTransactionId().equals(id)) {
            return "The answer names transaction " + id + " instead of " + payment.providerTransactionId();
        }
        return tx.transactionBelongsToAnother(payment, id)
                ? "The answer names transaction " + id + ", which belongs to another payment"
                : null;
    }

    private static PaymentRow filled(PaymentRow p, Reading r) {
        return new PaymentRow(
                p.id(),
                p.createdBy(),
                p.status(),
                p.version(),
                p.provider(),
                p.terminal(),
                p.device(),
                p.ownReference(),
                either(p.providerTransactionId(), r.providerTransactionId()),
                p.currency(),
                p.requested(),
                p.tip(),
                p.authorised(),
                p.paid(),
                p.captured(),
                p.refunded(),
                p.reference(),
                r.test() == null ? p.test() : r.test(),
                either(r.paymentUrl(), p.paymentUrl()),
                either(r.card(), p.card()),
                either(r.receipts(), p.receipts()),
                p.labels(),
                p.providerCreatedAt() == null ? r.createdAt() : p.providerCreatedAt(),
                either(p.providerCreatedRaw(), r.createdAtRaw()),
                p.createdAt(),
                p.markedAt(),
                p.nextLookAt(),
                p.looks());
    }

    private static PaymentRow paid(PaymentRow p) {
        return new PaymentRow(
                p.id(),
                p.createdBy(),
                p.status(),
                p.version(),
                p.provider(),
                p.terminal(),
                p.device(),
                p.ownReference(),
                p.providerTransactionId(),
                p.currency(),
                p.requested(),
                p.tip(),
                p.authorised(),
                p.requested(),
                p.captured(),
                p.refunded(),
                p.reference(),
                p.test(),
                p.paymentUrl(),
                p.card(),
                p.receipts(),
                p.labels(),
                p.providerCreatedAt(),
                p.providerCreatedRaw(),
                p.createdAt(),
                p.markedAt(),
                p.nextLookAt(),
                p.looks());
    }

    private static @Nullable String either(@Nullable String first, @Nullable String second) {
        return first != null ? first : second;
    }

    private static boolean givenUp(PaymentRow payment, ProviderRules rule, Instant now) {
        return payment.markedAt() != null && !now.isBefore(payment.markedAt().plus(rule.maximum()));
    }

    private static Instant nextLook(PaymentRow payment, PaymentRow before, ProviderRules rule, Instant now) {
        Instant deadline = (payment.markedAt() == null ? now : payment.markedAt()).plus(rule.maximum());
        if (payment.providerTransactionId() == null) {
            return deadline;
        }
        Duration pause =
                before.providerTransactionId() == null ? rule.firstLook() : rule.intervalAfter(payment.looks() - 1);
        Instant next = now.plus(pause);
        return next.isBefore(deadline) ? next : deadline;
    }

    private static Nudges freeLane(Tx tx, String device, String commandRow) {
        Nudges nudges = new Nudges();
        if (tx.freeLane(device, commandRow)) {
            tx.oldestWaiting(device, tx.now())
                    .ifPresent(waiting -> nudges.lane(required(waiting.provider()), waiting.rowId(), null));
        }
        return nudges;
    }

    private static String said(Reading reading) {
        return "The provider says '" + reading.word() + "'"
                + (reading.providerCode() == null ? "" : " (" + reading.providerCode() + ")");
    }

    private static String describe(WireOutcome wire) {
        if (wire instanceof WireOutcome.Answered answered) {
            return "HTTP " + answered.status();
        }
        if (wire instanceof WireOutcome.Unknown unknown) {
            return unknown.why();
        }
        return wire.toString();
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("The ledger lacks a value that a money command always has");
        }
        return value;
    }

    /** True while an attempt of the command may have started something and nobody has recorded what became of it. */
    public boolean isInterrupted(String commandRow) {
        return ledger.inTransaction(
                tx -> tx.openAttempt(commandRow).map(AttemptRow::outcome).isEmpty()
                        && tx.openAttempt(commandRow).isPresent());
    }
}
