package nl.pinbridge.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.CandidateRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.outcome.StateMachine.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * What follows from evidence about a payment, whoever brought it: the new state, the checks, the history, the results, the work item,
 * the next look and the lane. Inside the transaction of the caller.
 */
final class Settlement {
    static final String BRIDGE = "pinbridge";

    private Settlement() {}

    /** Why a change is made: a sentence for the history, the evidence, and the error to tell where nothing was paid. */
    record Cause(String text, @Nullable String evidence, @Nullable ResultError error) {}

    /**
     * Takes in what was learnt of a payment that is locked, as are its command and its lane.
     *
     * @param reading what the provider says; {@link Reading#UNREADABLE} where it said nothing
     */
    static Nudges settle(
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
        PaymentRow payment = foreign == null ? filled(before, reading) : before;
        Evidence said = ofReservation(learnt, before, payment, reading);
        // The rest of a reservation that was taken in part is given up: what was taken stays taken.
        boolean restGivenUp = said == Evidence.SAYS_NOT_PAID && payment.captured() > 0;
        Evidence evidence = foreign != null ? doubtUnlessKnown(before) : restGivenUp ? Evidence.SAYS_PAID : said;
        PaymentStatus next = StateMachine.after(before.status(), evidence);

        ResultError error = null;
        String attention = null;
        if (foreign != null) {
            tx.history(payment.story(), command.rowId(), "INTEGRITY", foreign, cause.evidence());
        }
        if ((next == PaymentStatus.PAID || next == PaymentStatus.AUTHORISED) && next != before.status()) {
            String wrong = IntegrityCheck.ofPaid(payment, reading, rule);
            if (wrong == null) {
                payment = booked(payment, before, next, reading);
                if (command.type() == CommandType.CAPTURE) {
                    payment = payment.withCaptured(payment.paid());
                }
                if (reading.amount() != null && reading.amount() != payment.requested()) {
                    tx.history(
                            payment.story(),
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
        } else if (next.isOpen()
                && (givenUp(payment, rule, now) || (payment.markedAt() != null && !rule.asks()))
                && command.status() != CommandStatus.NEEDS_ATTENTION) {
            next = PaymentStatus.IN_DOUBT;
            attention = "OUTCOME_UNKNOWN";
            error = ResultError.of(
                    ErrorCode.OUTCOME_UNKNOWN,
                    isRefund(payment)
                            ? "It could not be established whether the money went back. A person has to look; a work item is open."
                            : "It could not be established whether the customer paid. A person has to look; a work item is open.");
        }

        boolean attended = attention != null || command.status() == CommandStatus.NEEDS_ATTENTION;
        boolean over = !next.isOpen();
        if (error == null && over && next == PaymentStatus.NOT_PAID) {
            error = cause.error() != null ? cause.error() : notPaid(payment, reading, Cancels.wasSent(tx, payment));
        }
        CommandStatus status = commandStatus(next, attention != null, command, error, reading);
        if (status == CommandStatus.SUCCEEDED) {
            // What was reserved and is given up later takes nothing back of what its command was told.
            error = null;
        } else if (error == null && command.error() != null && status == command.status()) {
            // What the sender was told stands, also where the payment goes on.
            error = Json.read(command.error(), ResultError.class);
        }
        Instant nextLook = over || attended ? null : nextLook(tx, payment, before, rule, now);
        payment = payment.in(next).with(row -> row.nextLookAt(nextLook));
        boolean moreTaken = next == before.status() && payment.captured() != before.captured();
        if (moreTaken) {
            payment = payment.withVersion(payment.version() + 1);
        }
        boolean changed = next != before.status() || status != command.status() || moreTaken;
        tx.update(payment);
        if (next != before.status() || foreign != null || attention != null) {
            tx.history(
                    payment.story(),
                    command.rowId(),
                    "STATE",
                    cause.text() + ": the " + word(payment) + " is " + next.name(),
                    cause.evidence());
        }
        if (moreTaken) {
            tx.history(
                    payment.story(),
                    command.rowId(),
                    "STATE",
                    "Captured: " + payment.captured() + " of " + payment.authorised() + " " + payment.currency()
                            + " (minor units)",
                    cause.evidence());
        }
        if (before.providerTransactionId() == null && payment.providerTransactionId() != null) {
            tx.history(
                    payment.story(),
                    command.rowId(),
                    "TRANSACTION",
                    "The provider knows " + (isRefund(payment) ? "the refund" : "it") + " as transaction "
                            + payment.providerTransactionId(),
                    cause.evidence());
        }
        if (attention != null && error != null) {
            tx.openWorkItem(payment.id(), command.rowId(), attention, error.message() + " " + cause.text());
            tx.history(payment.story(), command.rowId(), "WORK", "Work item opened: " + attention, null);
        }
        if (over && attention == null && before.status().isOpen()) {
            int closed = tx.closeWorkItems(payment.id(), "OUTCOME_UNKNOWN", BRIDGE, cause.text());
            if (closed > 0) {
                tx.history(
                        payment.story(), command.rowId(), "WORK", "Work item closed by proof: " + cause.text(), null);
            }
        }
        if (next == PaymentStatus.PAID && before.status() != PaymentStatus.PAID && payment.refundOf() != null) {
            giveBack(tx, command, payment);
        }
        CommandRow told = command;
        if (changed && status != null) {
            told = ResultWriter.tell(tx, nudges, command, status, error, payment);
        } else {
            tx.update(command);
        }
        if (over || attended) {
            Cancels.answer(tx, nudges, payment);
            if (over && before.status().isOpen() && !rule.asks()) {
                unblock(tx, nudges, payment, rule);
            }
            freeLane(tx, nudges, told, payment, rule);
        } else if (nextLook != null) {
            nudges.look(payment.id(), nextLook);
            if (payment.providerTransactionId() != null) {
                Cancels.wake(tx, nudges, payment);
            }
        }
        if (rule.lateLook() && next == PaymentStatus.NOT_PAID) {
            mayStillBePaid(tx, payment, rule);
        }
        boolean asked = learnt != Evidence.NOTHING && learnt != Evidence.DOUBT;
        Changes.answer(tx, nudges, payment, rule, foreign == null && asked);
        return nudges;
    }

    /**
     * What a reservation has become where the provider goes on calling it one: all of it was taken, or what was not taken was given up.
     */
    private static Evidence ofReservation(Evidence learnt, PaymentRow before, PaymentRow payment, Reading reading) {
        if (learnt != Evidence.SAYS_AUTHORISED) {
            return learnt;
        }
        if (before.status() == PaymentStatus.AUTHORISED && payment.captured() >= payment.authorised()) {
            return Evidence.SAYS_PAID;
        }
        return reading.released() != null && reading.released() > 0 ? Evidence.SAYS_NOT_PAID : learnt;
    }

    /** The amounts of a payment whose money was just reserved or taken; what was reserved may be taken in part, and a tip is paid beside. */
    private static PaymentRow booked(PaymentRow payment, PaymentRow before, PaymentStatus next, Reading reading) {
        if (next == PaymentStatus.AUTHORISED) {
            PaymentRow reserved = payment.withAuthorised(payment.requested());
            return reserved.withCaptured(captured(reserved.withStatus(PaymentStatus.AUTHORISED), reading));
        }
        if (before.status() != PaymentStatus.AUTHORISED) {
            long tip = reading.tip() == null ? 0 : reading.tip();
            return payment.withTip(tip).withPaid(Math.addExact(payment.requested(), tip));
        }
        long taken = payment.captured() > 0 ? payment.captured() : payment.authorised();
        return payment.withPaid(taken).withCaptured(taken);
    }

    /** A refund is done: the payment shows what went back. */
    private static void giveBack(Tx tx, CommandRow command, PaymentRow refund) {
        PaymentRow original = tx.lockPayment(required(refund.refundOf())).orElseThrow();
        long refunded = original.refunded() + refund.paid();
        PaymentStatus whole = refunded >= original.paid() ? PaymentStatus.REFUNDED : PaymentStatus.PARTLY_REFUNDED;
        // A contradiction stays one until a person has settled it.
        PaymentStatus next = original.status() == PaymentStatus.CONFLICT ? PaymentStatus.CONFLICT : whole;
        tx.forgetGivenBack(original.id());
        // Every refund is a new version, also the second part of a payment that was partly refunded before.
        tx.update(original.with(row -> row.refunded(refunded).status(next).version(original.version() + 1)));
        tx.history(
                original.id(),
                command.rowId(),
                "STATE",
                "Given back: " + refund.paid() + " of " + original.paid() + " " + original.currency()
                        + " (minor units), in all " + refunded + ": the payment is " + next.name(),
                null);
    }

    private static @Nullable CommandStatus commandStatus(
            PaymentStatus next, boolean attention, CommandRow command, @Nullable ResultError error, Reading reading) {
        if (attention) {
            return CommandStatus.NEEDS_ATTENTION;
        }
        boolean attended = command.status() == CommandStatus.NEEDS_ATTENTION;
        return switch (next) {
            case OPEN -> attended ? command.status() : started(command, reading);
            case IN_DOUBT -> attended ? command.status() : CommandStatus.IN_DOUBT;
            case NOT_PAID ->
                command.isOver() && !attended
                        ? command.status()
                        : required(error).code().status();
            case CONFLICT -> command.status();
            default -> CommandStatus.SUCCEEDED;
        };
    }

    private static @Nullable CommandStatus started(CommandRow command, Reading reading) {
        return reading.state() == Reading.State.UNREADABLE ? command.status() : CommandStatus.STARTED;
    }

    static boolean isRefund(PaymentRow payment) {
        return payment.kind() == PaymentRow.Kind.REFUND;
    }

    private static String word(PaymentRow payment) {
        return isRefund(payment) ? "refund" : "payment";
    }

    private static ResultError notPaid(PaymentRow payment, Reading reading, boolean cancelSent) {
        ErrorCode code = reading.code() == null ? ErrorCode.PROVIDER_FAILED : reading.code();
        if (code == ErrorCode.CANCELLED_BY_COMMAND && !cancelSent) {
            // Called off by a machine, but not by us: to the sender that is somebody at the terminal.
            code = ErrorCode.CANCELLED_AT_TERMINAL;
        }
        String what = word(payment);
        String message =
                switch (code) {
                    case DECLINED ->
                        isRefund(payment)
                                ? "The refund was declined; no money went back."
                                : "The card was declined. The customer can pay another way, with a new command.";
                    case CANCELLED_AT_TERMINAL -> "The " + what + " was called off at the terminal.";
                    case CANCELLED_BY_COMMAND -> "The " + what + " was called off by a cancel command.";
                    case TIMED_OUT_AT_TERMINAL -> "The customer took too long at the terminal.";
                    default -> "The provider says that the " + what + " failed and no money moved.";
                };
        return ResultError.of(code, message).withProvider(reading.providerCode(), reading.providerMessage());
    }

    static Evidence evidenceOf(Reading reading) {
        return switch (reading.state()) {
            case STARTED, OPEN, MANUAL -> Evidence.RUNNING;
            case AUTHORISED -> Evidence.SAYS_AUTHORISED;
            case PAID -> Evidence.SAYS_PAID;
            case CHARGED_BACK -> Evidence.SAYS_CHARGED_BACK;
            case NOT_PAID -> Evidence.SAYS_NOT_PAID;
            // What was asked for was done: of the money nothing was said.
            case DONE, UNREADABLE -> Evidence.NOTHING;
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
        return p.with(row -> {
            row.providerTransactionId(either(p.providerTransactionId(), r.providerTransactionId()));
            row.test(r.test() == null ? p.test() : r.test());
            row.paymentUrl(either(r.paymentUrl(), p.paymentUrl()));
            row.card(either(r.card(), p.card()));
            row.receipts(either(r.receipts(), p.receipts()));
            row.providerCreatedAt(p.providerCreatedAt() == null ? r.createdAt() : p.providerCreatedAt());
            row.providerCreatedRaw(either(p.providerCreatedRaw(), r.createdAtRaw()));
            row.otherName(either(p.otherName(), r.otherName()));
            // What was taken is never untaken; more of it than was reserved is for the integrity check.
            row.captured(captured(p, r));
        });
    }

    private static long captured(PaymentRow p, Reading r) {
        boolean told = r.captured() != null && p.status() == PaymentStatus.AUTHORISED && r.captured() <= p.authorised();
        return told ? Math.max(p.captured(), required(r.captured())) : p.captured();
    }

    private static @Nullable String either(@Nullable String first, @Nullable String second) {
        return first != null ? first : second;
    }

    private static boolean givenUp(PaymentRow payment, ProviderRules rule, Instant now) {
        return payment.markedAt() != null && !now.isBefore(payment.markedAt().plus(rule.maximum()));
    }

    /** Such a provider may take the money after it has said that there is none, and nobody else would tell. */
    private static void mayStillBePaid(Tx tx, PaymentRow payment, ProviderRules rule) {
        if (payment.providerTransactionId() == null || payment.markedAt() == null) {
            return;
        }
        Instant late = payment.markedAt().plus(rule.maximum().multipliedBy(2));
        if (tx.now().isBefore(late)) {
            tx.lookAt(payment.id(), late);
        }
    }

    private static Instant nextLook(Tx tx, PaymentRow payment, PaymentRow before, ProviderRules rule, Instant now) {
        if (before.hintedAt() != null && before.hintedAt().equals(before.nextLookAt())) {
            // A webhook came while the provider was being asked: what was learnt may be older than what it tells of.
            return before.hintedAt();
        }
        Instant deadline = (payment.markedAt() == null ? now : payment.markedAt()).plus(rule.maximum());
        boolean found = before.providerTransactionId() == null && payment.providerTransactionId() != null;
        Duration pause = rule.intervalAfter(payment.looks() - 1);
        if (payment.providerTransactionId() == null && payment.givenBackBefore() == null) {
            List<CandidateRow> candidates = tx.candidates(payment.id());
            if (candidates.stream().anyMatch(row -> row.askedAt() == null && row.isOpen())) {
                return now;
            }
            if (!rule.finds() && candidates.stream().noneMatch(CandidateRow::isOpen)) {
                return deadline;
            }
        } else if (found) {
            // A webhook that came before this answer waited for it.
            pause = before.hintedAt() == null ? rule.firstLook() : Duration.ZERO;
        }
        Instant next = now.plus(pause);
        return next.isBefore(deadline) ? next : deadline;
    }

    /**
     * Until when a payment may still run on its terminal although a person has it: where nobody can be asked, that is as long as the
     * provider's maximum.
     *
     * @return the past where its own answer has come, or it is over
     */
    private static Instant mayRunUntil(Tx tx, PaymentRow payment, ProviderRules rule) {
        Instant marked = payment.markedAt();
        if (rule.asks() || marked == null || !payment.status().isOpen()) {
            return Instant.EPOCH;
        }
        boolean answered = tx.openAttempt(payment.createdBy())
                .filter(attempt -> "ANSWERED".equals(attempt.outcome()))
                .isPresent();
        return answered ? Instant.EPOCH : marked.plus(rule.maximum());
    }

    /** What was unknown is known after all: nobody needs to wait any longer for a payment that may still run. */
    private static void unblock(Tx tx, Nudges nudges, PaymentRow payment, ProviderRules rule) {
        Instant marked = payment.markedAt();
        if (marked != null && tx.unblockLane(payment.device(), marked.plus(rule.maximum()))) {
            tx.oldestWaiting(payment.device(), tx.now()).ifPresent(next -> nudges.wake(next, null));
        }
    }

    /**
     * Frees the lane of a payment that is over or with a person. A cancel on the wire keeps it, and frees it when it is back; a cancel
     * whose answer was lost may still arrive, so nobody new starts until it no longer can; nor before a payment that nobody can be asked
     * about can no longer run.
     */
    static void freeLane(Tx tx, Nudges nudges, CommandRow creator, PaymentRow payment, ProviderRules rule) {
        if (Cancels.isUnderWay(tx, payment) || !tx.freeLane(payment.device(), creator.rowId())) {
            return;
        }
        Instant cancelled = Cancels.mayArriveUntil(tx, creator, payment, rule.maximum());
        Instant running = mayRunUntil(tx, payment, rule);
        Instant blocked = cancelled.isAfter(running) ? cancelled : running;
        if (tx.now().isBefore(blocked)) {
            tx.blockLane(payment.device(), blocked);
            tx.history(
                    payment.story(),
                    creator.rowId(),
                    "LANE",
                    (blocked.equals(running)
                                    ? "The payment may still run, and nobody can be asked: "
                                    : "The answer to a cancel was lost and it may still arrive: ")
                            + "nothing new is started on the terminal before " + blocked,
                    null);
        } else {
            tx.oldestWaiting(payment.device(), tx.now()).ifPresent(next -> nudges.wake(next, null));
        }
    }

    static String said(Reading reading) {
        return "The provider says '" + reading.word() + "'"
                + (reading.providerCode() == null ? "" : " (" + reading.providerCode() + ")");
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("The ledger lacks a value that a money command always has");
        }
        return value;
    }
}
