package nl.pinbridge.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.ledger.LaneRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Refunds;
import nl.pinbridge.ledger.Reservations;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.Unsent;
import org.jspecify.annotations.Nullable;

/**
 * The mark: one transaction that locks command, payment and lane, looks at the world once more, takes the lane and writes the
 * attempt. It is on disk before the first byte leaves, and the database allows a command one attempt that may have started
 * something.
 */
public final class Marks implements CallGate {
    /** How long a cancel of a key that was not yet seen stands. */
    private static final Duration EARLY_CANCEL = Duration.ofHours(24);

    private final Ledger ledger;
    private final BiFunction<String, String, Duration> callTime;

    /**
     * @param callTime by provider and operation: how long after the mark nobody needs to look, because connecting and answering take
     *     at most this
     */
    public Marks(Ledger ledger, BiFunction<String, String, Duration> callTime) {
        this.ledger = ledger;
        this.callTime = callTime;
    }

    private sealed interface Decision {
        record Marked(Mark mark) implements Decision {}

        record Refused(String why, Nudges nudges) implements Decision {}
    }

    @Override
    public Mark mark(ProviderJob job) throws NotMarkedException {
        String commandRow = job.commandRow();
        if (commandRow == null) {
            throw new IllegalStateException("A money call without a command");
        }
        Decision decision = ledger.durably(tx -> decide(tx, job, commandRow));
        if (decision instanceof Decision.Refused refused) {
            throw new NotMarkedException(refused.why(), refused.nudges());
        }
        return ((Decision.Marked) decision).mark();
    }

    private Decision decide(Tx tx, ProviderJob job, String commandRow) {
        CommandRow seen = tx.command(commandRow).orElseThrow();
        if (seen.type() == CommandType.CANCEL || Reservations.isChange(seen)) {
            // The payment's own command comes first, as everywhere.
            tx.payment(payment(job)).map(PaymentRow::createdBy).ifPresent(tx::lockCommand);
        }
        CommandRow command = tx.lockCommand(commandRow).orElseThrow();
        PaymentRow about = job.paymentId() == null
                ? null
                : tx.lockWithOriginal(job.paymentId()).orElseThrow();
        if (command.isOver()) {
            return new Decision.Refused("The command is over: " + command.status(), new Nudges());
        }
        if (tx.openAttempt(commandRow).isPresent()) {
            return new Decision.Refused("The command was marked before", new Nudges());
        }
        Optional<ResultError> late = timeIsUp(command, tx.now(), false);
        if (late.isPresent()) {
            return refused(tx, command, about, late.get());
        }
        if (tx.pausedLocked(job.provider())) {
            return refused(
                    tx,
                    command,
                    about,
                    ResultError.of(
                            ErrorCode.PAUSED, "The operator has paused " + job.provider() + "; nothing was started."));
        }
        return switch (command.path()) {
            case LANE -> onLane(tx, job, command, about);
            case EXPRESS -> cancel(tx, job, command, required(about));
            case ERRAND -> errand(tx, job, command, about);
        };
    }

    /** What needs no terminal. A change of a payment is judged once more, because others may have changed it meanwhile. */
    private Decision errand(Tx tx, ProviderJob job, CommandRow command, @Nullable PaymentRow about) {
        if (Reservations.isChange(command)) {
            Optional<ResultError> refusal = Reservations.refusal(tx, command, required(about));
            if (refusal.isPresent()) {
                return refused(tx, command, about, refusal.get());
            }
        }
        return marked(tx, job, command, about);
    }

    private static String payment(ProviderJob job) {
        return job.paymentId() == null ? "" : job.paymentId();
    }

    /** What starts something: it needs the device for itself. */
    private Decision onLane(Tx tx, ProviderJob job, CommandRow command, @Nullable PaymentRow about) {
        Instant now = tx.now();
        Optional<ResultError> stopped = stopped(tx, command, about);
        if (stopped.isPresent()) {
            return refused(tx, command, about, stopped.get());
        }
        if (job.useKey() != null
                && tx.useOf(job.useKey()).filter(payment(job)::equals).isEmpty()) {
            return refused(
                    tx,
                    command,
                    about,
                    ResultError.of(
                            ErrorCode.NOT_ALLOWED_NOW,
                            "Another payment has used the same meanwhile; nothing was started."));
        }
        if (command.device() == null) {
            // A refund without its card happens on no terminal.
            PaymentRow refund = required(about);
            PaymentRow original =
                    tx.payment(Objects.requireNonNull(refund.refundOf())).orElseThrow();
            Optional<ResultError> untold = Refunds.refusalOfUntold(tx, original, refund);
            return untold.isPresent() ? refused(tx, command, about, untold.get()) : marked(tx, job, command, about);
        }
        String device = command.device();
        LaneRow lane = tx.lockLane(device);
        Optional<CommandRow> older =
                tx.oldestWaiting(device, now).filter(row -> row.rowId().compareTo(command.rowId()) < 0);
        if (lane.isTakenFor(command.rowId(), now) || older.isPresent()) {
            Optional<ResultError> late = timeIsUp(command, now, true);
            return late.isPresent()
                    ? refused(tx, command, about, late.get())
                    : waiting(tx, command, about, lane, older);
        }
        if (job.number() != null && !Objects.equals(lane.lastNumber(), job.numberBefore())) {
            return new Decision.Refused("Its number was taken meanwhile", new Nudges().wake(command, null));
        }
        tx.takeLane(device, command.rowId(), now, job.number());
        return marked(tx, job, command, about);
    }

    /** What has happened since the command came in that must stop it. */
    private static Optional<ResultError> stopped(Tx tx, CommandRow command, @Nullable PaymentRow about) {
        if (about == null) {
            return Optional.empty();
        }
        if (!tx.openCancels(about.id()).isEmpty()
                || tx.wasCancelledEarly(
                        command.sender(), command.commandId(), tx.now().minus(EARLY_CANCEL))) {
            return Optional.of(ResultError.of(
                    ErrorCode.CANCELLED_BEFORE_START, "A cancel command came before the start; nothing was started."));
        }
        return about.refundOf() == null
                ? Optional.empty()
                : Refunds.refusal(tx, tx.payment(about.refundOf()).orElseThrow(), about.requested(), about.id());
    }

    /**
     * A cancel names no transaction: it hits whatever runs on the device. So it may leave only while the payment that it means is open
     * and holds the lane; until its own outcome is known the lane stays taken.
     */
    private Decision cancel(Tx tx, ProviderJob job, CommandRow command, PaymentRow payment) {
        LaneRow lane = tx.lockLane(payment.device());
        if (!payment.status().isOpen() || !payment.createdBy().equals(lane.commandRow())) {
            return new Decision.Refused("The payment no longer runs on its terminal", new Nudges().wake(command, null));
        }
        boolean anotherUnderWay =
                tx.openAttempts(payment.id(), job.operation()).stream().anyMatch(attempt -> attempt.outcome() == null);
        if (anotherUnderWay) {
            return new Decision.Refused("Another cancel of this payment is under way", new Nudges());
        }
        return marked(tx, job, command, payment);
    }

    private Decision marked(Tx tx, ProviderJob job, CommandRow command, @Nullable PaymentRow about) {
        Instant now = tx.now();
        Instant answered = now.plus(callTime.apply(job.provider(), job.operation()));
        boolean starts = about != null && about.createdBy().equals(command.rowId());
        Mark mark = new Mark(Ids.next(), now.toEpochMilli(), System.nanoTime());
        tx.insert(new AttemptRow(
                mark.attempt(),
                command.rowId(),
                about == null ? null : about.id(),
                job.operation(),
                command.rowId(),
                now,
                null,
                null,
                null,
                about == null
                        ? null
                        : about.givenBackBefore() != null ? about.givenBackBefore() : Long.valueOf(about.captured()),
                job.number()));
        // What starts something is followed up by looks at it; of anything else nobody would hear after a crash.
        tx.update(command.wokenAt(starts ? null : answered));
        if (about != null && starts) {
            tx.update(about.with(row -> row.markedAt(now).nextLookAt(answered)));
        }
        tx.history(
                about == null ? null : about.story(),
                command.rowId(),
                "MARK",
                "The bridge marked the " + job.operation()
                        + (job.number() == null ? "" : ", number " + job.number() + " of its terminal")
                        + ": from here on it is sent at most once",
                null);
        return new Decision.Marked(mark);
    }

    /** The earlier of the command's own time and the wait for a lane. */
    private static Optional<ResultError> timeIsUp(CommandRow command, Instant now, boolean laneIsTaken) {
        if (!now.isBefore(command.expiresAt())) {
            return Optional.of(ResultError.of(
                    ErrorCode.STALE, "The command's time was up before it could start; nothing reached the terminal."));
        }
        // Whoever waited its whole time is not started late, even if the lane has just become free.
        if (command.device() != null
                && (laneIsTaken || command.status() == CommandStatus.WAITING)
                && !now.isBefore(command.waitUntil())) {
            return Optional.of(
                    ResultError.of(
                            ErrorCode.TERMINAL_BUSY,
                            "The terminal stayed busy with another customer; nothing was started. Send a new command when it is free."));
        }
        return Optional.empty();
    }

    /** Ends the command before anything was sent. */
    private static Decision refused(Tx tx, CommandRow command, @Nullable PaymentRow about, ResultError error) {
        Nudges nudges = new Nudges();
        Unsent.end(tx, nudges, command, about, error);
        return new Decision.Refused(error.message(), nudges);
    }

    private static Decision waiting(
            Tx tx, CommandRow command, @Nullable PaymentRow about, LaneRow lane, Optional<CommandRow> older) {
        Instant until = command.expiresAt().isBefore(command.waitUntil()) ? command.expiresAt() : command.waitUntil();
        CommandRow changed = command.wokenAt(until);
        Nudges nudges = new Nudges();
        if (command.status() == CommandStatus.WAITING) {
            tx.update(changed);
        } else {
            ResultWriter.tell(tx, nudges, changed, CommandStatus.WAITING, null, about);
            nudges.wake(command, until);
        }
        if (lane.commandRow() == null
                && lane.isTakenFor(command.rowId(), tx.now())
                && lane.blockedUntil() != null
                && lane.blockedUntil().isBefore(until)) {
            // Nobody frees a lane that is only blocked: its time ends by itself.
            nudges.wake(command, lane.blockedUntil());
        }
        if (lane.commandRow() == null) {
            older.ifPresent(first -> nudges.wake(first, null));
        }
        return new Decision.Refused("The terminal is busy", nudges);
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("The ledger lacks a value that such a command always has");
        }
        return value;
    }

    /** Only for tests and admin: the command that holds a device. */
    public @Nullable String holder(String device) {
        return ledger.inTransaction(tx -> {
            tx.ensureLane(device);
            return tx.lockLane(device).commandRow();
        });
    }
}
