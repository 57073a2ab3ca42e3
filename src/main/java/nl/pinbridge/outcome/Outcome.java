package nl.pinbridge.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CandidateRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Reservations;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.Unsent;
import nl.pinbridge.outcome.Settlement.Cause;
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

    private final Ledger ledger;
    private final Function<String, ProviderRules> rules;

    public Outcome(Ledger ledger, Function<String, ProviderRules> rules) {
        this.ledger = ledger;
        this.rules = rules;
    }

    /**
     * What a call behind the mark brought.
     *
     * @param attempt the ledger's id of the attempt
     * @param evidence redacted JSON of the exchange; null where there is none
     */
    public Nudges ofMarkedCall(
            ProviderJob job, String attempt, WireOutcome wire, @Nullable String evidence, Reading reading) {
        return ledger.durablyWithPatience(PATIENCE, tx -> {
            MarkedCall call = new MarkedCall(job, attempt, wire, evidence, reading);
            CommandRow command = tx.command(required(job.commandRow())).orElseThrow();
            return switch (command.type()) {
                case CAPTURE, VOID, APPROVE, DECLINE ->
                    Reservations.isChange(command)
                            ? Changes.ofCall(tx, call, rules.apply(job.provider()))
                            : ofStart(tx, call);
                case CANCEL -> ofCancel(tx, call);
                case MAIL_RECEIPT, CTMP -> ofErrand(tx, call);
                default -> ofStart(tx, call);
            };
        });
    }

    /** A payment or refund that was to start. */
    private Nudges ofStart(Tx tx, MarkedCall call) {
        CommandRow locked = tx.lockCommand(call.command()).orElseThrow();
        PaymentRow payment =
                tx.lockWithOriginal(required(call.job().paymentId())).orElseThrow();
        ProviderRules rule = rules.apply(call.job().provider());
        CommandRow command = locked.with(row -> row.routeId(call.route()).routeFingerprint(rule.fingerprint()));
        call.close(tx);
        ResultError notStarted = call.notStarted();
        if (notStarted != null) {
            Cause cause = new Cause("Nothing was started: " + call.described(), call.evidence(), notStarted);
            return Settlement.settle(tx, command, payment, Evidence.NOT_STARTED, call.reading(), rule, cause);
        }
        if (call.busy()) {
            return busy(tx, command, payment, call.evidence());
        }
        if (call.understood()) {
            Cause cause = new Cause(Settlement.said(call.reading()), call.evidence(), null);
            return Settlement.settle(
                    tx, command, payment, Settlement.evidenceOf(call.reading()), call.reading(), rule, cause);
        }
        boolean answered = call.wire() instanceof WireOutcome.Answered answer && answer.success();
        return Settlement.settle(
                tx,
                command,
                payment,
                Evidence.DOUBT,
                // An answer that makes no sense may still name the transaction, by which it can be asked for.
                answered ? call.reading() : Reading.UNREADABLE,
                rule,
                new Cause("The answer was lost or cannot be understood: " + call.described(), call.evidence(), null));
    }

    /** A cancel: what happened is only known from how the payment ends, so that is asked at once. */
    private Nudges ofCancel(Tx tx, MarkedCall call) {
        String paymentId = required(call.job().paymentId());
        CommandRow creator =
                tx.lockCommand(tx.payment(paymentId).orElseThrow().createdBy()).orElseThrow();
        CommandRow locked = tx.lockCommand(call.command()).orElseThrow();
        PaymentRow payment = tx.lockWithOriginal(paymentId).orElseThrow();
        ProviderRules rule = rules.apply(call.job().provider());
        CommandRow cancel = locked.with(row -> row.routeId(call.route()).routeFingerprint(rule.fingerprint()));
        call.close(tx);
        tx.history(
                payment.story(),
                cancel.rowId(),
                "CANCEL",
                call.understood() ? "The provider has taken the cancel" : "Of the cancel is known: " + call.described(),
                call.evidence());
        Nudges nudges = new Nudges();
        ResultError notStarted = call.busy()
                ? ResultError.of(ErrorCode.TERMINAL_BUSY, "The terminal was busy; the cancel was not taken.")
                : call.notStarted();
        boolean attended = creator.status() == CommandStatus.NEEDS_ATTENTION;
        if (cancel.isOver()) {
            tx.update(cancel);
        } else if (notStarted != null) {
            Unsent.end(tx, nudges, cancel, payment, notStarted);
        } else if (payment.status().isOpen() && !attended) {
            CommandStatus status = call.understood() ? CommandStatus.STARTED : CommandStatus.IN_DOUBT;
            // The look that is due now answers it; should that be lost, the sweep wakes it.
            ResultWriter.tell(tx, nudges, cancel.wokenAt(tx.now().plus(rule.lookIntervalMax())), status, null, payment);
        } else {
            Cancels.tell(tx, nudges, cancel, payment);
        }
        if (payment.status().isOpen() && !attended) {
            Instant now = tx.now();
            tx.update(payment.with(row -> row.nextLookAt(now)));
            nudges.look(payment.id(), now);
        } else {
            Settlement.freeLane(tx, nudges, creator, payment, rule);
        }
        return nudges;
    }

    /** Something that moves no money: done, not done, or nobody knows and it is not tried again. */
    private Nudges ofErrand(Tx tx, MarkedCall call) {
        CommandRow locked = tx.lockCommand(call.command()).orElseThrow();
        PaymentRow payment = call.job().paymentId() == null
                ? null
                : tx.payment(call.job().paymentId()).orElseThrow();
        CommandRow command = locked.with(row -> row.routeId(call.route())
                .routeFingerprint(rules.apply(call.job().provider()).fingerprint()));
        call.close(tx);
        Nudges nudges = new Nudges();
        ResultError notStarted = call.busy()
                ? ResultError.of(ErrorCode.TERMINAL_BUSY, "The terminal was busy; nothing was done.")
                : call.notStarted();
        if (command.isOver()) {
            tx.update(command);
        } else if (notStarted != null) {
            Unsent.end(tx, nudges, command, payment, notStarted);
        } else if (call.understood() && call.reading().state() == Reading.State.DONE) {
            ResultWriter.tell(tx, nudges, command, CommandStatus.SUCCEEDED, null, payment);
        } else {
            ResultWriter.tell(tx, nudges, command, CommandStatus.NEEDS_ATTENTION, maybeSent(call.described()), payment);
        }
        release(tx, nudges, command);
        return nudges;
    }

    private static ResultError maybeSent(String what) {
        return ResultError.of(
                ErrorCode.MAYBE_SENT,
                "It may or may not have been done (" + what
                        + "). No money is at stake: send a new command to do it again.");
    }

    /** Gives the lane back that an errand held. */
    private static void release(Tx tx, Nudges nudges, CommandRow command) {
        String device = command.device();
        if (device != null && tx.freeLane(device, command.rowId())) {
            tx.oldestWaiting(device, tx.now()).ifPresent(next -> nudges.wake(next, null));
        }
    }

    /** What a status call brought, for a look or a status command; anything but an answer that is understood brings nothing. */
    public Nudges ofLook(ProviderJob job, @Nullable WireOutcome wire, @Nullable String evidence, Reading reading) {
        return ledger.durably(tx -> {
            PaymentRow seen = tx.payment(required(job.paymentId())).orElseThrow();
            CommandRow creator = tx.lockCommand(seen.createdBy()).orElseThrow();
            PaymentRow payment = tx.lockWithOriginal(seen.id()).orElseThrow();
            boolean understood = wire instanceof WireOutcome.Answered answered && answered.success();
            Reading said = understood ? reading : Reading.UNREADABLE;
            String candidate = job.candidate();
            if (candidate != null && !candidate.equals(payment.providerTransactionId())) {
                return ofCandidate(tx, creator, payment, candidate, evidence, said);
            }
            Nudges nudges = Settlement.settle(
                    tx,
                    creator,
                    payment,
                    Settlement.evidenceOf(said),
                    said,
                    rules.apply(payment.provider()),
                    new Cause(Settlement.said(reading), evidence, null));
            if (job.commandRow() != null) {
                nudges.and(answerStatus(tx, job.commandRow()));
            }
            return nudges;
        });
    }

    /**
     * What the provider says was given back of a payment: before a refund without its card, so that a lost one can be told by what it
     * added; and after it, to see whether it did.
     */
    public Nudges ofGivenBack(ProviderJob job, @Nullable WireOutcome wire, @Nullable String evidence, Reading reading) {
        return ledger.durably(tx -> {
            PaymentRow seen = tx.payment(required(job.paymentId())).orElseThrow();
            CommandRow creator = tx.lockCommand(seen.createdBy()).orElseThrow();
            PaymentRow refund = tx.lockWithOriginal(seen.id()).orElseThrow();
            boolean understood = wire instanceof WireOutcome.Answered answered && answered.success();
            Long given = understood ? reading.refunded() : null;
            AttemptRow attempt = tx.openAttempt(creator.rowId()).orElse(null);
            if (attempt == null) {
                if (given != null && refund.status().isOpen()) {
                    tx.update(refund.withGivenBackBefore(given));
                }
                return new Nudges();
            }
            Long before = attempt.amountBefore();
            boolean done = given != null && before != null && given == before + refund.requested();
            if (!done) {
                return blind(tx, creator, refund);
            }
            return Settlement.settle(
                    tx,
                    creator,
                    refund,
                    Evidence.SAYS_PAID,
                    reading.asPaid(refund.requested()),
                    rules.apply(refund.provider()),
                    new Cause(
                            "The provider says that " + given + " was given back, " + before + " before this refund",
                            evidence,
                            null));
        });
    }

    /**
     * What the provider said of a transaction that only a webhook or a search named. A payment is proved by the provider's own answer
     * with our reference, and by nothing else: a sale on the same terminal of the same amount may be the customer's second try, by hand.
     */
    private Nudges ofCandidate(
            Tx tx,
            CommandRow creator,
            PaymentRow payment,
            String candidate,
            @Nullable String evidence,
            Reading reading) {
        if (payment.providerTransactionId() != null || !candidate.equals(reading.providerTransactionId())) {
            return blind(tx, creator, payment);
        }
        CandidateRow asked = tx.candidates(payment.id()).stream()
                .filter(row -> row.providerTransactionId().equals(candidate))
                .findFirst()
                .orElseThrow();
        if (!proves(payment, asked, reading) || tx.transactionBelongsToAnother(payment, candidate)) {
            tx.candidateRefuted(payment.id(), candidate, tx.now());
            tx.history(
                    payment.story(),
                    creator.rowId(),
                    asked.source().name(),
                    "The provider does not say that transaction " + candidate + ", which a " + word(asked)
                            + " named, is this one",
                    evidence);
            return blind(tx, creator, payment);
        }
        Cause cause = new Cause(
                "A " + word(asked) + " named transaction " + candidate + ". " + Settlement.said(reading),
                evidence,
                null);
        return Settlement.settle(
                tx, creator, payment, Settlement.evidenceOf(reading), reading, rules.apply(payment.provider()), cause);
    }

    /** Our reference proves it. A refund may carry none: then it is proved by being the only one that it can be. */
    private static boolean proves(PaymentRow payment, CandidateRow asked, Reading reading) {
        if (payment.kind() == PaymentRow.Kind.REFUND && reading.ownReference() == null) {
            return asked.source() == CandidateRow.Source.SEARCH
                    && reading.amount() != null
                    && reading.amount() == payment.requested();
        }
        return payment.ownReference().equals(reading.ownReference());
    }

    private static String word(CandidateRow candidate) {
        return candidate.source() == CandidateRow.Source.WEBHOOK ? "webhook" : "search";
    }

    /** A look at a payment that nobody can be asked about, because its transaction is not known. */
    public Nudges ofBlindLook(String paymentId) {
        return ledger.durably(tx -> {
            PaymentRow seen = tx.payment(paymentId).orElseThrow();
            CommandRow creator = tx.lockCommand(seen.createdBy()).orElseThrow();
            return blind(tx, creator, tx.lockWithOriginal(paymentId).orElseThrow());
        });
    }

    /** What the provider showed when it was searched for a payment whose transaction is not known. */
    public Nudges ofSearch(String paymentId, Sightings seen) {
        return ledger.durably(tx -> {
            CommandRow creator = tx.lockCommand(
                            tx.payment(paymentId).orElseThrow().createdBy())
                    .orElseThrow();
            PaymentRow payment = tx.lockWithOriginal(paymentId).orElseThrow();
            boolean lost = payment.status().isOpen() && payment.providerTransactionId() == null;
            if (lost && Searches.take(tx, payment, seen, rules.apply(payment.provider()))) {
                Instant now = tx.now();
                tx.update(payment.with(row -> row.nextLookAt(now)));
                return new Nudges().look(payment.id(), now);
            }
            return blind(tx, creator, payment);
        });
    }

    private Nudges blind(Tx tx, CommandRow creator, PaymentRow payment) {
        boolean lost = tx.openAttempt(creator.rowId())
                .filter(attempt -> attempt.outcome() == null)
                .isPresent();
        return Settlement.settle(
                tx,
                creator,
                payment,
                lost ? Evidence.DOUBT : Evidence.NOTHING,
                Reading.UNREADABLE,
                rules.apply(payment.provider()),
                new Cause(
                        lost
                                ? "The bridge was interrupted after the mark; it is not known whether the request arrived"
                                : "Nothing was learnt",
                        null,
                        null));
    }

    /**
     * A command came back to be worked on although it was marked: whoever marked it was interrupted. It is not sent again; it is in
     * doubt until something is learnt.
     */
    public Nudges ofInterruption(String commandRow) {
        CommandRow command = ledger.inTransaction(tx -> tx.command(commandRow).orElseThrow());
        if (Reservations.isChange(command)) {
            return ledger.durably(tx -> Changes.interrupted(tx, command, rules.apply(required(command.provider()))));
        }
        if (startsSomething(command.type())) {
            return ledger.durably(tx -> interruptedStart(tx, commandRow));
        }
        return ledger.durably(tx -> command.type() == CommandType.CANCEL
                ? interruptedCancel(tx, command)
                : interruptedErrand(tx, commandRow));
    }

    /**
     * A payment or refund whose sender was interrupted. It is looked at at once, however long ago that was: nobody gives up on a payment
     * that the provider was not asked about.
     */
    private Nudges interruptedStart(Tx tx, String commandRow) {
        CommandRow creator = tx.lockCommand(commandRow).orElseThrow();
        PaymentRow payment = tx.paymentCreatedBy(commandRow)
                .flatMap(started -> tx.lockWithOriginal(started.id()))
                .orElseThrow();
        Nudges nudges = new Nudges();
        if (!payment.status().isOpen() || creator.isOver()) {
            return nudges;
        }
        if (!rules.apply(payment.provider()).asks()) {
            return blind(tx, creator, payment);
        }
        Instant now = tx.now();
        PaymentRow doubtful = payment.in(PaymentStatus.IN_DOUBT).withNextLookAt(now);
        tx.update(doubtful);
        if (payment.status() != PaymentStatus.IN_DOUBT) {
            tx.history(
                    payment.story(),
                    commandRow,
                    "STATE",
                    "The bridge was interrupted after the mark; it is not known whether the request arrived: it is IN_DOUBT",
                    null);
        }
        if (creator.status() == CommandStatus.IN_DOUBT) {
            tx.update(creator);
        } else {
            ResultWriter.tell(tx, nudges, creator, CommandStatus.IN_DOUBT, null, doubtful);
        }
        return nudges.look(payment.id(), now);
    }

    private static boolean startsSomething(CommandType type) {
        return switch (type) {
            // A capture that is no change of a payment is one of an authorisation made elsewhere.
            case CREATE, AUTHORISE, REFUND, CAPTURE -> true;
            default -> false;
        };
    }

    private Nudges interruptedCancel(Tx tx, CommandRow seen) {
        PaymentRow found = tx.payment(required(seen.paymentId())).orElseThrow();
        CommandRow creator = tx.lockCommand(found.createdBy()).orElseThrow();
        CommandRow cancel = tx.lockCommand(seen.rowId()).orElseThrow();
        PaymentRow payment = tx.lockWithOriginal(found.id()).orElseThrow();
        ProviderRules rule = rules.apply(payment.provider());
        closeInterrupted(tx, cancel.rowId());
        Nudges nudges = new Nudges();
        if (payment.status().isOpen() && creator.status() != CommandStatus.NEEDS_ATTENTION) {
            ResultWriter.tell(
                    tx,
                    nudges,
                    cancel.wokenAt(tx.now().plus(rule.lookIntervalMax())),
                    CommandStatus.IN_DOUBT,
                    null,
                    payment);
            nudges.look(payment.id(), tx.now());
        } else {
            Cancels.answer(tx, nudges, payment);
            Settlement.freeLane(tx, nudges, creator, payment, rule);
        }
        return nudges;
    }

    private Nudges interruptedErrand(Tx tx, String commandRow) {
        CommandRow command = tx.lockCommand(commandRow).orElseThrow();
        Nudges nudges = new Nudges();
        if (!command.isOver()) {
            closeInterrupted(tx, commandRow);
            PaymentRow payment = command.paymentId() == null
                    ? null
                    : tx.payment(command.paymentId()).orElse(null);
            ResultWriter.tell(
                    tx,
                    nudges,
                    command,
                    CommandStatus.NEEDS_ATTENTION,
                    maybeSent("the bridge was interrupted"),
                    payment);
        }
        release(tx, nudges, command);
        return nudges;
    }

    private static void closeInterrupted(Tx tx, String commandRow) {
        tx.openAttempt(commandRow)
                .filter(attempt -> attempt.outcome() == null)
                .ifPresent(attempt -> tx.closeAttempt(attempt.id(), "UNKNOWN", false, null, tx.now()));
    }

    /**
     * A cancel that is not to be sent, or not now: the payment has not begun and never will, or it is over, or it is with a person, or
     * the provider cannot yet be asked about it.
     */
    public Nudges ofUnsentCancel(String commandRow) {
        return ledger.durably(tx -> {
            CommandRow seen = tx.command(commandRow).orElseThrow();
            PaymentRow found = seen.paymentId() == null
                    ? null
                    : tx.payment(seen.paymentId()).orElseThrow();
            CommandRow creator =
                    found == null ? null : tx.lockCommand(found.createdBy()).orElseThrow();
            CommandRow cancel = tx.lockCommand(commandRow).orElseThrow();
            Nudges nudges = new Nudges();
            if (cancel.isOver()) {
                return nudges;
            }
            if (found == null || creator == null) {
                Unsent.end(
                        tx,
                        nudges,
                        cancel,
                        null,
                        CommandStatus.FAILED,
                        ResultError.field(
                                ErrorCode.UNKNOWN_PAYMENT,
                                "payment",
                                "No payment is known by '" + cancel.target()
                                        + "'. Should its create still come within 24 hours, it will not be started."));
                return nudges;
            }
            PaymentRow payment = tx.lockWithOriginal(found.id()).orElseThrow();
            boolean attended = creator.status() == CommandStatus.NEEDS_ATTENTION;
            if (!payment.status().isOpen() || attended) {
                Cancels.answer(tx, nudges, payment);
            } else if (tx.openAttempt(creator.rowId()).isEmpty()) {
                Unsent.end(
                        tx,
                        nudges,
                        creator,
                        payment,
                        ResultError.of(
                                ErrorCode.CANCELLED_BEFORE_START,
                                "A cancel command came before the start; nothing was started."));
            } else {
                holdCancel(tx, nudges, cancel, payment);
            }
            return nudges;
        });
    }

    /** The provider cannot be asked yet; whoever learns more of the payment wakes the cancel, and so does the clock. */
    private void holdCancel(Tx tx, Nudges nudges, CommandRow cancel, PaymentRow payment) {
        Instant now = tx.now();
        if (!now.isBefore(cancel.expiresAt())) {
            Unsent.end(
                    tx,
                    nudges,
                    cancel,
                    payment,
                    ResultError.of(
                            ErrorCode.STALE,
                            "The command's time was up before it was known how the payment stands; no cancel was sent."));
            return;
        }
        Instant next = now.plus(rules.apply(payment.provider()).lookInterval());
        Instant again = next.isBefore(cancel.expiresAt()) ? next : cancel.expiresAt();
        if (cancel.status() == CommandStatus.WAITING) {
            tx.update(cancel.wokenAt(again));
        } else {
            ResultWriter.tell(tx, nudges, cancel.wokenAt(again), CommandStatus.WAITING, null, payment);
        }
        nudges.wake(cancel, again);
    }

    /** Answers a status command with the payment as the ledger has it. */
    public Nudges ofStatusCommand(String commandRow) {
        return ledger.inTransaction(tx -> answerStatus(tx, commandRow));
    }

    /** Ends a command for a reason that was found before anything was sent. */
    public Nudges ofUnsent(String commandRow, ResultError error) {
        return ledger.inTransaction(tx -> {
            CommandRow command = tx.lockCommand(commandRow).orElseThrow();
            Nudges nudges = new Nudges();
            if (command.isOver() || tx.openAttempt(commandRow).isPresent()) {
                return nudges;
            }
            if (command.type() == CommandType.STATUS) {
                return answerStatus(tx, commandRow);
            }
            PaymentRow about = tx.paymentCreatedBy(commandRow)
                    .flatMap(started -> tx.lockWithOriginal(started.id()))
                    .or(() -> Optional.ofNullable(command.paymentId()).flatMap(tx::payment))
                    .orElse(null);
            Unsent.end(tx, nudges, command, about, error);
            return nudges;
        });
    }

    /** A route failed before anything was marked: nothing was sent, and the sender hears so. */
    public Nudges ofFaultBeforeMark(String commandRow, String why) {
        return ofUnsent(
                commandRow,
                ResultError.of(
                        ErrorCode.BRIDGE_FAULT,
                        "Nothing was started: the bridge's route failed (" + why + "). Tell the integration team."));
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

    private Nudges busy(Tx tx, CommandRow command, PaymentRow payment, @Nullable String evidence) {
        Nudges nudges = new Nudges();
        if (!payment.status().isOpen() || command.isOver()) {
            return nudges;
        }
        Instant again = tx.now().plus(BUSY_PAUSE);
        tx.update(payment.in(PaymentStatus.OPEN).with(row -> row.markedAt(null).nextLookAt(null)));
        tx.history(
                payment.story(),
                command.rowId(),
                "BUSY",
                "The provider says that the terminal is busy; nothing was started",
                evidence);
        CommandRow waiting = command.wokenAt(again);
        if (command.status() == CommandStatus.WAITING) {
            tx.update(waiting);
        } else {
            ResultWriter.tell(tx, nudges, waiting, CommandStatus.WAITING, null, payment);
        }
        tx.freeLane(payment.device(), command.rowId());
        return nudges.wake(command, again);
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("The ledger lacks a value that a money command always has");
        }
        return value;
    }
}
