package nl.pinbridge.outcome;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.AttemptRow;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Reservations;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.Unsent;
import nl.pinbridge.outcome.Settlement.Cause;
import nl.pinbridge.outcome.StateMachine.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of captures, voids, approvals and declines. Like a cancel, a change is judged by how the payment stands afterwards and
 * not by what the provider answered to it; so every answer, and every lost one, leads to a look. Of one payment one change is under
 * way at a time, which is why its effect can be told. Whoever calls holds the payment's own command.
 */
final class Changes {
    /** The reason of the work item when it cannot be established whether a change was carried out. */
    static final String UNKNOWN = "CHANGE_UNKNOWN";

    private Changes() {}

    /** What a marked change brought. */
    static Nudges ofCall(Tx tx, MarkedCall call, ProviderRules rule) {
        PaymentRow found =
                tx.payment(Objects.requireNonNull(call.job().paymentId())).orElseThrow();
        CommandRow creator = tx.lockCommand(found.createdBy()).orElseThrow();
        CommandRow locked = tx.lockCommand(call.command()).orElseThrow();
        PaymentRow payment = tx.lockWithOriginal(found.id()).orElseThrow();
        CommandRow change = locked.with(row -> row.routeId(call.route()).routeFingerprint(rule.fingerprint()));
        ResultError notSent = call.busy()
                ? ResultError.of(ErrorCode.TERMINAL_BUSY, "The provider was busy; nothing was changed.")
                : call.isRefused() ? null : call.notStarted();
        // A refusal is believed when the payment, asked afterwards, stands as before.
        call.close(tx, notSent != null);
        tx.history(
                payment.story(),
                change.rowId(),
                "CHANGE",
                call.understood()
                        ? "The provider has taken the " + change.type().wire()
                        : "Of the " + change.type().wire() + " is known: " + call.described(),
                call.evidence());
        Nudges nudges = new Nudges();
        if (change.isOver()) {
            tx.update(change);
        } else if (notSent != null) {
            Unsent.end(tx, nudges, change, payment, notSent);
            return nudges;
        } else {
            CommandStatus status = call.understood() ? CommandStatus.STARTED : CommandStatus.IN_DOUBT;
            ResultWriter.tell(tx, nudges, change.wokenAt(null), status, null, payment);
        }
        Reading said = call.understood() ? call.reading() : Reading.UNREADABLE;
        Evidence evidence = Settlement.evidenceOf(said);
        if (evidence != Evidence.NOTHING && evidence != Evidence.RUNNING) {
            // The answer itself says how the payment stands now.
            Cause cause = new Cause(Settlement.said(said), call.evidence(), null);
            return nudges.and(Settlement.settle(tx, creator, payment, evidence, said, rule, cause));
        }
        lookAt(tx, nudges, payment, tx.now());
        return nudges;
    }

    /** Whoever sent a change was interrupted: it is not sent again, and the payment is looked at. */
    static Nudges interrupted(Tx tx, CommandRow seen, ProviderRules rule) {
        PaymentRow found = tx.payment(Objects.requireNonNull(seen.paymentId())).orElseThrow();
        tx.lockCommand(found.createdBy());
        CommandRow change = tx.lockCommand(seen.rowId()).orElseThrow();
        PaymentRow payment = tx.lockWithOriginal(found.id()).orElseThrow();
        Nudges nudges = new Nudges();
        tx.openAttempt(change.rowId())
                .filter(attempt -> attempt.outcome() == null)
                .ifPresent(attempt -> tx.closeAttempt(attempt.id(), "UNKNOWN", false, null, tx.now()));
        if (!change.isOver()) {
            CommandRow doubtful =
                    change.with(row -> row.routeFingerprint(rule.fingerprint())).wokenAt(null);
            ResultWriter.tell(tx, nudges, doubtful, CommandStatus.IN_DOUBT, null, payment);
        }
        lookAt(tx, nudges, payment, tx.now());
        return nudges;
    }

    /** What is known of a change after something was learnt of its payment. */
    private record Verdict(CommandStatus status, @Nullable ResultError error) {
        static Verdict failed(ErrorCode code, String message) {
            return new Verdict(code.status(), ResultError.of(code, message));
        }

        static final Verdict DONE = new Verdict(CommandStatus.SUCCEEDED, null);
    }

    /**
     * Tells the changes of a payment what became of them, as far as that shows, and sees to it that the payment is looked at until it
     * does.
     *
     * @param payment locked, as it is now
     * @param fresh true when the provider was asked and answered
     */
    static void answer(Tx tx, Nudges nudges, PaymentRow payment, ProviderRules rule, boolean fresh) {
        for (CommandRow change : underWay(tx, payment)) {
            AttemptRow attempt = tx.openAttempt(change.rowId()).orElseThrow();
            if (attempt.outcome() == null) {
                // On the wire: its own answer will have it looked at.
                continue;
            }
            Verdict verdict = verdict(change, attempt, payment);
            boolean attended = change.status() == CommandStatus.NEEDS_ATTENTION;
            if (verdict == null && fresh && "REFUSED".equals(attempt.outcome()) && !attended) {
                verdict = refused(change);
                tx.closeAttempt(attempt.id(), "REFUSED", true, attempt.evidence(), tx.now());
            }
            if (verdict != null && verdict.status() != CommandStatus.NEEDS_ATTENTION) {
                ResultWriter.tell(tx, nudges, change, verdict.status(), verdict.error(), payment);
                closeItem(tx, change, payment);
            } else if (!attended) {
                undecided(tx, nudges, change, attempt, payment, rule, verdict);
            }
        }
    }

    /** Changes that were sent and of which it is not known what became of them. */
    private static List<CommandRow> underWay(Tx tx, PaymentRow payment) {
        return tx.commandsOf(payment.id()).stream()
                .filter(row -> Reservations.isChange(row))
                .filter(row -> !row.isOver() || row.status() == CommandStatus.NEEDS_ATTENTION)
                .filter(row -> tx.openAttempt(row.rowId()).isPresent())
                .map(row -> tx.lockCommand(row.rowId()).orElseThrow())
                .toList();
    }

    /** What the payment's state proves of a change; null while it proves nothing. */
    private static @Nullable Verdict verdict(CommandRow change, AttemptRow attempt, PaymentRow payment) {
        if (payment.status() == PaymentStatus.CONFLICT) {
            return Verdict.failed(
                    ErrorCode.CONFLICT, "The provider contradicts itself on the payment. A person has to look.");
        }
        boolean over = !payment.status().isOpen() && payment.status() != PaymentStatus.AUTHORISED;
        boolean paid = over && payment.status() != PaymentStatus.NOT_PAID;
        long before = attempt.amountBefore() == null ? 0 : attempt.amountBefore();
        long taken = payment.captured() - before;
        return switch (change.type()) {
            case CAPTURE -> captured(Reservations.asked(change), taken, over, payment);
            case VOID ->
                !over
                        ? null
                        : !paid || (before > 0 && taken == 0)
                                ? Verdict.DONE
                                : Verdict.failed(
                                        ErrorCode.TOO_LATE,
                                        "The money had already been captured; nothing was given up. Send a refund to give"
                                                + " it back.");
            case APPROVE ->
                payment.status() == PaymentStatus.AUTHORISED || paid
                        ? Verdict.DONE
                        : over
                                ? Verdict.failed(
                                        ErrorCode.PROVIDER_FAILED, "The payment did not succeed; no money moved.")
                                : null;
            default ->
                payment.status() == PaymentStatus.NOT_PAID
                        ? Verdict.DONE
                        : over || payment.status() == PaymentStatus.AUTHORISED
                                ? Verdict.failed(
                                        ErrorCode.TOO_LATE,
                                        "The payment had already gone through; nothing was declined.")
                                : null;
        };
    }

    private static @Nullable Verdict captured(long asked, long taken, boolean over, PaymentRow payment) {
        if (taken == asked) {
            return Verdict.DONE;
        }
        if (taken > 0) {
            return Verdict.failed(
                    ErrorCode.INTEGRITY,
                    "The provider says that " + taken + " was captured, asked was " + asked + " (minor units of "
                            + payment.currency() + "). A person has to look; a work item is open.");
        }
        return over
                ? Verdict.failed(
                        ErrorCode.PROVIDER_FAILED,
                        "The reservation was given up or has lapsed; nothing was captured by this command.")
                : null;
    }

    private static Verdict refused(CommandRow change) {
        return Verdict.failed(
                ErrorCode.PROVIDER_REFUSED,
                "The provider refused the " + change.type().wire()
                        + " and, asked afterwards, says that the payment stands as before.");
    }

    /** Looks again, until the provider can no longer be expected to show it; then a person is asked. */
    private static void undecided(
            Tx tx,
            Nudges nudges,
            CommandRow change,
            AttemptRow attempt,
            PaymentRow payment,
            ProviderRules rule,
            @Nullable Verdict verdict) {
        Instant now = tx.now();
        Instant deadline = attempt.markedAt().plus(rule.maximum());
        if (verdict == null && now.isBefore(deadline)) {
            Instant next = now.plus(rule.lookIntervalMax());
            lookAt(tx, nudges, payment, next.isBefore(deadline) ? next : deadline);
            return;
        }
        ResultError error = verdict != null && verdict.error() != null
                ? verdict.error()
                : ResultError.of(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "It could not be established whether the "
                                + change.type().wire()
                                + " was carried out. A person has to look; a work item is open.");
        ResultWriter.tell(tx, nudges, change, CommandStatus.NEEDS_ATTENTION, error, payment);
        tx.openWorkItem(payment.id(), change.rowId(), UNKNOWN, error.message());
        tx.history(payment.story(), change.rowId(), "WORK", "Work item opened: " + UNKNOWN, null);
    }

    private static void closeItem(Tx tx, CommandRow change, PaymentRow payment) {
        String why = "How the payment stands shows what became of the "
                + change.type().wire();
        if (change.status() == CommandStatus.NEEDS_ATTENTION
                && tx.closeWorkItems(payment.id(), UNKNOWN, Settlement.BRIDGE, why) > 0) {
            tx.history(payment.story(), change.rowId(), "WORK", "Work item closed by proof: " + why, null);
        }
    }

    /** Also a payment that is not open is looked at while it is not known what became of a change. */
    private static void lookAt(Tx tx, Nudges nudges, PaymentRow payment, Instant at) {
        tx.lookAt(payment.id(), at);
        nudges.look(payment.id(), at);
    }

    /** Why a person can not say so of a change; empty when he can. */
    static Optional<String> mayBeDecided(Tx tx, CommandRow change, PaymentRow payment, boolean done) {
        if (payment.status() == PaymentStatus.CONFLICT) {
            return Optional.of("The payment is CONFLICT: settle the work item of the contradiction first.");
        }
        boolean taken = payment.captured() > before(tx, change);
        return change.type() == CommandType.CAPTURE && taken && !done
                ? Optional.of("The provider says that " + payment.captured() + " of " + payment.authorised()
                        + " was captured, more than before this capture. Nothing was done; settle it as done.")
                : Optional.empty();
    }

    /** The payment after a change that a person knows to have been carried out. */
    static PaymentRow carriedOut(Tx tx, CommandRow change, PaymentRow payment) {
        if (payment.status() != PaymentStatus.AUTHORISED && !payment.status().isOpen()) {
            return payment;
        }
        return switch (change.type()) {
            case CAPTURE ->
                taken(payment, Math.max(payment.captured(), before(tx, change) + Reservations.asked(change)));
            case VOID, DECLINE ->
                payment.captured() > 0
                        ? payment.over(PaymentStatus.PAID).withPaid(payment.captured())
                        : payment.over(PaymentStatus.NOT_PAID);
            // The looks that follow tell how it goes on.
            default -> payment;
        };
    }

    private static PaymentRow taken(PaymentRow payment, long captured) {
        PaymentRow more = payment.withCaptured(captured);
        return captured >= payment.authorised()
                ? more.over(PaymentStatus.PAID).withPaid(captured)
                : more.withVersion(payment.version() + 1);
    }

    private static long before(Tx tx, CommandRow change) {
        return tx.openAttempt(change.rowId())
                .map(AttemptRow::amountBefore)
                .map(Long::longValue)
                .orElse(0L);
    }

    /** What was established not to have been carried out no longer stands in the way of other changes. */
    static void release(Tx tx, CommandRow change, boolean done) {
        tx.openAttempt(change.rowId())
                .filter(attempt -> !done)
                .ifPresent(attempt -> tx.closeAttempt(
                        attempt.id(),
                        attempt.outcome() == null ? "UNKNOWN" : attempt.outcome(),
                        true,
                        attempt.evidence(),
                        tx.now()));
    }
}
