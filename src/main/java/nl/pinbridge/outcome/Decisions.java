package nl.pinbridge.outcome;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.LaneRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.ledger.WorkItemRow;
import org.jspecify.annotations.Nullable;

/**
 * What a person decides where the machine could not. Each method is one transaction; a decision is history with name and reason, and
 * is told to the sender like anything else that is learnt. A provider that contradicts it later is a conflict again.
 */
public final class Decisions {
    /** The reasons of work items that ask one and the same thing: did money move? */
    private static final Set<String> ABOUT_MONEY = Set.of("OUTCOME_UNKNOWN", "INTEGRITY", "CONFLICT");

    /** The reason of a work item that asks whether a capture, void, approval or decline was carried out. */
    public static final String CHANGE_UNKNOWN = Changes.UNKNOWN;

    private final Ledger ledger;
    private final Function<String, ProviderRules> rules;

    public Decisions(Ledger ledger, Function<String, ProviderRules> rules) {
        this.ledger = ledger;
        this.rules = rules;
    }

    /** What a work item is settled as. */
    public enum Verdict {
        PAID("paid"),
        NOT_PAID("not-paid"),
        /** A change of a payment, such as a capture, was carried out. */
        DONE("done"),
        NOT_DONE("not-done");

        private final String wire;

        Verdict(String wire) {
            this.wire = wire;
        }

        /** True where it answers what became of a change, and not whether money moved. */
        boolean isOfChange() {
            return this == DONE || this == NOT_DONE;
        }

        /** The word that people type. */
        public String wire() {
            return wire;
        }

        public static Optional<Verdict> of(String wire) {
            return List.of(values()).stream()
                    .filter(verdict -> verdict.wire.equals(wire))
                    .findFirst();
        }
    }

    /** What came of a decision. */
    public sealed interface Answer {
        /**
         * It was carried out.
         *
         * @param told the sentence that the history has, too
         * @param payment the payment or refund after it; null where none is concerned
         */
        record Done(String told, @Nullable PaymentRow payment, Nudges nudges) implements Answer {}

        /** Nothing was done, for a reason that says what to do instead. */
        record Refused(String why) implements Answer {}
    }

    /** Settles a work item: the payment or refund becomes what the person says, and its sender is told. */
    public Answer settle(String workItem, Verdict verdict, Signature signature) {
        return ledger.durably(tx -> {
            Desk desk = new Desk(tx);
            WorkItemRow seen = desk.workItem(workItem).orElse(null);
            if (seen == null) {
                return new Answer.Refused("There is no work item " + workItem + ".");
            }
            if (seen.paymentId() == null) {
                return new Answer.Refused(
                        "Work item " + workItem + " is about no payment: there is nothing to settle.");
            }
            PaymentRow found = tx.payment(seen.paymentId()).orElseThrow();
            CommandRow creator = tx.lockCommand(found.createdBy()).orElseThrow();
            PaymentRow payment = tx.lockWithOriginal(found.id()).orElseThrow();
            // Read again: whoever was first has closed it meanwhile.
            WorkItemRow item = desk.workItem(workItem).orElseThrow();
            if (item.closedAt() != null) {
                return new Answer.Refused(closed(item, payment));
            }
            boolean ofChange = item.reason().equals(Changes.UNKNOWN);
            if (ofChange != verdict.isOfChange()) {
                return new Answer.Refused(
                        ofChange
                                ? "The question is whether the change was carried out: settle it as done or not-done."
                                : "The question is whether money moved: settle it as paid or not-paid.");
            }
            if (ofChange) {
                return decideChange(tx, desk, creator, payment, item, verdict, signature);
            }
            boolean known = !payment.status().isOpen() && payment.status() != PaymentStatus.CONFLICT;
            Optional<String> refusal = known ? contradicts(payment, verdict) : tooEarly(tx, payment, verdict, creator);
            if (refusal.isPresent()) {
                return new Answer.Refused(refusal.get());
            }
            return known
                    ? closeOnly(tx, desk, creator, payment, item, verdict, signature)
                    : decide(tx, desk, creator, payment, item, verdict, signature);
        });
    }

    private static String closed(WorkItemRow item, PaymentRow payment) {
        return "Work item " + item.id() + " was closed at " + item.closedAt() + " by " + item.closedBy() + " ("
                + item.closeWhy() + "); the " + word(payment) + " is " + payment.status()
                + ". Nothing was done.";
    }

    /** The machine has found proof meanwhile: a person can no longer say otherwise. */
    private static Optional<String> contradicts(PaymentRow payment, Verdict verdict) {
        boolean paid = payment.status() != PaymentStatus.NOT_PAID;
        return paid == (verdict == Verdict.PAID)
                ? Optional.empty()
                : Optional.of("It has meanwhile been proved that the " + word(payment) + " is " + payment.status()
                        + ". Nothing was done; settle it as "
                        + (paid ? Verdict.PAID : Verdict.NOT_PAID).wire()
                        + " to close the work item.");
    }

    private Optional<String> tooEarly(Tx tx, PaymentRow payment, Verdict verdict, CommandRow creator) {
        if (payment.status().isOpen()) {
            Instant until = payment.markedAt() == null
                    ? Instant.EPOCH
                    : payment.markedAt().plus(rules.apply(payment.provider()).maximum());
            if (tx.now().isBefore(until) || creator.status() != CommandStatus.NEEDS_ATTENTION) {
                return Optional.of("The " + word(payment) + " may still come to an end by itself until " + until
                        + ": the machine is finding out. Nothing was done; settle it after that.");
            }
        }
        boolean movedBack = tx.refundsOf(payment.id()).stream()
                .filter(refund -> refund.status() != PaymentStatus.NOT_PAID)
                .anyMatch(refund -> refund.status() != PaymentStatus.OPEN || refund.markedAt() != null);
        return verdict == Verdict.NOT_PAID && movedBack
                ? Optional.of("Money was or may have been given back on this payment: what was not paid cannot be given"
                        + " back. Nothing was done; settle its refunds first, or settle it as paid.")
                : Optional.empty();
    }

    /** The question was answered by proof before the person came: the answers agree, and the item is closed. */
    private static Answer closeOnly(
            Tx tx,
            Desk desk,
            CommandRow creator,
            PaymentRow payment,
            WorkItemRow item,
            Verdict verdict,
            Signature signature) {
        String told = signature.by() + " closed work item " + item.id() + " (" + item.reason() + ") as "
                + verdict.wire() + ", which had been proved: " + signature.why();
        desk.closeWorkItem(item.id(), signature.by(), verdict.wire() + ": " + signature.why());
        journal(tx, desk, creator, payment, item, verdict, signature, told);
        return new Answer.Done(told, payment, new Nudges());
    }

    private Answer decide(
            Tx tx,
            Desk desk,
            CommandRow creator,
            PaymentRow before,
            WorkItemRow item,
            Verdict verdict,
            Signature signature) {
        boolean paid = verdict == Verdict.PAID;
        long amount = paid ? (before.paid() > 0 ? before.paid() : before.requested()) : 0;
        PaymentStatus next = paid ? paidStatus(amount, before.refunded()) : PaymentStatus.NOT_PAID;
        boolean capture = creator.type() == CommandType.CAPTURE;
        PaymentRow payment =
                before.over(next).with(row -> row.paid(amount).captured(capture ? amount : before.captured()));
        tx.update(payment);
        String told = signature.by() + " settled work item " + item.id() + " (" + item.reason() + ") as "
                + verdict.wire() + ": " + signature.why() + ". The " + word(payment) + " is " + next.name();
        journal(tx, desk, creator, payment, item, verdict, signature, told);
        for (WorkItemRow same : tx.workItemsOf(payment.id())) {
            boolean asksTheSame = same.id().equals(item.id()) || ABOUT_MONEY.contains(same.reason());
            if (same.closedAt() == null
                    && asksTheSame
                    && desk.closeWorkItem(same.id(), signature.by(), verdict.wire() + ": " + signature.why())) {
                tx.history(
                        payment.story(),
                        creator.rowId(),
                        "WORK",
                        "Work item closed by " + signature.by() + ": " + same.reason(),
                        null);
            }
        }
        if (payment.refundOf() != null) {
            giveBack(tx, creator, payment, amount - before.paid());
        }
        Nudges nudges = new Nudges();
        CommandRow after = ResultWriter.tell(
                tx,
                nudges,
                creator,
                paid ? CommandStatus.SUCCEEDED : ErrorCode.NOTHING_HAPPENED.status(),
                paid ? null : ResultError.of(ErrorCode.NOTHING_HAPPENED, nothingHappened(payment)),
                payment);
        Cancels.answer(tx, nudges, payment);
        Changes.answer(tx, nudges, payment, rules.apply(payment.provider()), false);
        Settlement.freeLane(tx, nudges, after, payment, rules.apply(payment.provider()));
        return new Answer.Done(told, payment, nudges);
    }

    /** What became of a capture, void, approval or decline; the payment becomes what that makes of it. */
    private Answer decideChange(
            Tx tx,
            Desk desk,
            CommandRow creator,
            PaymentRow before,
            WorkItemRow item,
            Verdict verdict,
            Signature signature) {
        boolean done = verdict == Verdict.DONE;
        CommandRow change = tx.lockCommand(required(item.commandRow())).orElseThrow();
        String what = change.type().wire();
        Optional<String> refusal = Changes.mayBeDecided(tx, change, before, done);
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        PaymentRow payment = done ? Changes.carriedOut(tx, change, before) : before;
        tx.update(payment);
        Changes.release(tx, change, done);
        String told = signature.by() + " settled work item " + item.id() + " (" + item.reason() + ") as "
                + verdict.wire() + ": " + signature.why() + ". The " + what + " was " + (done ? "" : "not ")
                + "carried out; the payment is " + payment.status();
        desk.closeWorkItem(item.id(), signature.by(), verdict.wire() + ": " + signature.why());
        journal(tx, desk, change, payment, item, verdict, signature, told);
        Nudges nudges = new Nudges();
        ResultWriter.tell(
                tx,
                nudges,
                change,
                done ? CommandStatus.SUCCEEDED : ErrorCode.NOTHING_HAPPENED.status(),
                done
                        ? null
                        : ResultError.of(
                                ErrorCode.NOTHING_HAPPENED,
                                "A person has established that the " + what + " was not carried out."),
                payment);
        if (payment.status() != before.status()) {
            ResultWriter.tell(
                    tx,
                    nudges,
                    creator,
                    payment.status() == PaymentStatus.NOT_PAID
                            ? ErrorCode.NOTHING_HAPPENED.status()
                            : CommandStatus.SUCCEEDED,
                    payment.status() == PaymentStatus.NOT_PAID
                            ? ResultError.of(ErrorCode.NOTHING_HAPPENED, nothingHappened(payment))
                            : null,
                    payment);
            Cancels.answer(tx, nudges, payment);
            Settlement.freeLane(tx, nudges, creator, payment, rules.apply(payment.provider()));
        }
        return new Answer.Done(told, payment, nudges);
    }

    private static String required(@Nullable String commandRow) {
        if (commandRow == null) {
            throw new IllegalStateException("A work item about a change names its command");
        }
        return commandRow;
    }

    private static String nothingHappened(PaymentRow payment) {
        return payment.kind() == PaymentRow.Kind.REFUND
                ? "A person has established that no money went back."
                : "A person has established that nothing was charged.";
    }

    private static PaymentStatus paidStatus(long paid, long refunded) {
        return refunded == 0
                ? PaymentStatus.PAID
                : refunded >= paid ? PaymentStatus.REFUNDED : PaymentStatus.PARTLY_REFUNDED;
    }

    /** Credits a refund to the payment that it gives back, or takes the credit away again; 0 changes nothing. */
    private static void giveBack(Tx tx, CommandRow command, PaymentRow refund, long difference) {
        if (difference == 0 || refund.refundOf() == null) {
            return;
        }
        PaymentRow original = tx.lockPayment(refund.refundOf()).orElseThrow();
        long refunded = original.refunded() + difference;
        boolean settled = !original.status().isOpen()
                && original.status() != PaymentStatus.CONFLICT
                && original.status() != PaymentStatus.NOT_PAID;
        // A payment that is itself in question stays so: a refund answers nothing about it.
        PaymentStatus next = settled ? paidStatus(original.paid(), refunded) : original.status();
        tx.update(original.with(row -> row.refunded(refunded).status(next).version(original.version() + 1)));
        tx.history(
                original.id(),
                command.rowId(),
                "STATE",
                (difference > 0 ? "Given back: " : "Not given back after all: ") + Math.abs(difference) + " of "
                        + original.paid() + " " + original.currency() + " (minor units), in all " + refunded
                        + ": the payment is " + next.name(),
                null);
    }

    private static void journal(
            Tx tx,
            Desk desk,
            CommandRow creator,
            PaymentRow payment,
            WorkItemRow item,
            Verdict verdict,
            Signature signature,
            String told) {
        ObjectNode detail = Json.object();
        detail.put("workItem", item.id());
        detail.put("reason", item.reason());
        detail.put("payment", payment.id());
        detail.put("as", verdict.wire());
        detail.put("by", signature.by());
        detail.put("user", signature.user());
        detail.put("why", signature.why());
        tx.history(payment.story(), creator.rowId(), "DECISION", told, Json.write(detail));
        desk.record("SETTLE", item.id(), signature.user(), signature.by(), signature.why(), Json.write(detail));
    }

    /**
     * Frees a terminal that is held by something that is over or with a person, or blocked because a cancel was lost.
     *
     * @param terminal its alias, for sentences
     */
    public Answer freeLane(String device, String terminal, Signature signature) {
        return ledger.durably(tx -> {
            String holder = tx.lane(device).map(LaneRow::commandRow).orElse(null);
            CommandRow command = holder == null ? null : tx.lockCommand(holder).orElse(null);
            PaymentRow payment = command == null
                    ? null
                    : tx.paymentCreatedBy(command.rowId())
                            .flatMap(started -> tx.lockWithOriginal(started.id()))
                            .orElse(null);
            if (tx.lane(device).isEmpty()) {
                return new Answer.Refused("Nothing ever ran on " + terminal + ": it is free.");
            }
            LaneRow lane = tx.lockLane(device);
            if (holder == null ? lane.commandRow() != null : !holder.equals(lane.commandRow())) {
                return new Answer.Refused(
                        "What holds " + terminal + " has just changed. Nothing was done; look again with 'lane list'.");
            }
            boolean blocked = lane.blockedUntil() != null && tx.now().isBefore(lane.blockedUntil());
            if (holder == null && !blocked) {
                return new Answer.Refused(terminal + " is free; nothing was done.");
            }
            Optional<String> refusal = command == null ? Optional.empty() : stillBusy(tx, terminal, command, payment);
            if (refusal.isPresent()) {
                return new Answer.Refused(refusal.get());
            }
            return free(tx, lane, terminal, command, payment, signature);
        });
    }

    private Optional<String> stillBusy(Tx tx, String terminal, CommandRow holder, @Nullable PaymentRow payment) {
        if (payment == null) {
            return holder.isOver()
                    ? Optional.empty()
                    : Optional.of(
                            terminal + " is busy with the " + holder.type().wire() + " " + holder.commandId()
                                    + ", which ends by itself. Nothing was done.");
        }
        boolean withPerson = tx.workItemsOf(payment.id()).stream().anyMatch(item -> item.closedAt() == null);
        if (payment.status().isOpen() && !withPerson) {
            return Optional.of("The " + word(payment) + " " + payment.id() + " (command " + holder.commandId()
                    + ") on " + terminal + " is " + payment.status()
                    + ": the next customer could pay for this one. Nothing was done; it ends by itself, at the latest"
                    + until(payment) + ", or cancel it.");
        }
        Instant latest = tx.openAttempts(payment.id(), "cancel").stream()
                .filter(attempt -> attempt.outcome() == null)
                .map(attempt ->
                        attempt.markedAt().plus(rules.apply(payment.provider()).maximum()))
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        return tx.now().isBefore(latest)
                ? Optional.of("A cancel is on its way to " + terminal
                        + " and would hit whoever is next. Nothing was done; try again after " + latest + ".")
                : Optional.empty();
    }

    private String until(PaymentRow payment) {
        return payment.markedAt() == null
                ? " soon"
                : " at "
                        + payment.markedAt()
                                .plus(rules.apply(payment.provider()).maximum());
    }

    private static Answer free(
            Tx tx,
            LaneRow lane,
            String terminal,
            @Nullable CommandRow holder,
            @Nullable PaymentRow payment,
            Signature signature) {
        Desk desk = new Desk(tx);
        if (lane.commandRow() != null) {
            tx.freeLane(lane.device(), lane.commandRow());
        }
        desk.unblockLane(lane.device());
        String told = signature.by() + " freed " + terminal
                + (holder == null ? "" : ", held by command " + holder.commandId())
                + (lane.blockedUntil() == null ? "" : ", blocked until " + lane.blockedUntil()) + ": "
                + signature.why();
        PaymentRow about =
                payment != null ? payment : desk.lastMarkedOn(lane.device()).orElse(null);
        if (about != null) {
            tx.history(about.story(), about.createdBy(), "LANE", told, null);
        }
        desk.record("LANE_FREE", terminal, signature.user(), signature.by(), signature.why(), null);
        Nudges nudges = new Nudges();
        tx.oldestWaiting(lane.device(), tx.now()).ifPresent(next -> nudges.wake(next, null));
        return new Answer.Done(told, about, nudges);
    }

    private static String word(PaymentRow payment) {
        return payment.kind() == PaymentRow.Kind.REFUND ? "refund" : "payment";
    }
}
