package nl.pinbridge.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import nl.pinbridge.ledger.CandidateRow;
import nl.pinbridge.ledger.CandidateRow.Source;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.outcome.Sightings.Row;
import org.jspecify.annotations.Nullable;

/**
 * Which of the transactions that a provider shows may be one that was lost. None is taken from here: each becomes a question, and the
 * provider's own status answers it. What is not shown proves nothing.
 */
final class Searches {
    /** How far a provider's clock may be from ours, and how coarse its times are (providers/pinvandaag.md §2: samples differ by 79 s). */
    private static final Duration CLOCKS = Duration.ofMinutes(2);

    /** A payment is proved by its reference: a time in an hour that comes twice may be an hour off. */
    private static final Duration TWICE = Duration.ofHours(1);

    /** More transactions of one amount in one payment's time are for a person. */
    private static final int MOST = 5;

    private Searches() {}

    /** Keeps what may be the payment as questions to the provider; true when there is one to ask. */
    static boolean take(Tx tx, PaymentRow payment, Sightings seen, ProviderRules rule) {
        List<String> known = tx.candidates(payment.id()).stream()
                .map(CandidateRow::providerTransactionId)
                .toList();
        // One read shows what another has shown: each transaction counts once, by the read that says most of it.
        Map<String, Row> each = new LinkedHashMap<>();
        seen.rows().stream()
                .filter(row -> row.reading().providerTransactionId() != null)
                .forEach(row -> each.merge(id(row), row, Searches::richer));
        List<Row> possible = each.values().stream()
                .filter(row -> possible(payment, row, rule))
                .filter(row -> !tx.transactionBelongsToAnother(payment, id(row)))
                .toList();
        List<Row> ours = possible.stream()
                .filter(row -> row.reading().ownReference() != null)
                .toList();
        if (ours.size() > 1) {
            // Our reference is given out once: whatever made two of it, the machine must not choose.
            return several(tx, payment, ours, known, "More than one transaction carries the reference of this one");
        }
        if (!ours.isEmpty()) {
            return payment(tx, payment, ours, known);
        }
        return payment.kind() == PaymentRow.Kind.REFUND
                ? refund(tx, payment, seen, possible, known)
                : payment(tx, payment, possible, known);
    }

    /** For a person: none of them is asked about. */
    private static boolean several(Tx tx, PaymentRow payment, List<Row> rows, List<String> known, String why) {
        rows.stream()
                .limit(MOST)
                .filter(row -> !known.contains(id(row)))
                .forEach(row -> tx.addCandidate(payment.id(), id(row), Source.SEVERAL, tx.now()));
        note(
                tx,
                payment,
                why + " (" + rows.stream().limit(MOST).map(Searches::id).collect(Collectors.joining(", "))
                        + "): none is taken, a person has to look");
        return false;
    }

    private static Row richer(Row first, Row second) {
        boolean less = second.reading().ownReference() == null && second.kind() == null;
        return less && (first.reading().ownReference() != null || first.kind() != null) ? first : second;
    }

    /** What carries our reference in the provider's answer: each that it can be is asked about, the nearest in time first. */
    private static boolean payment(Tx tx, PaymentRow payment, List<Row> possible, List<String> known) {
        List<Row> fresh = possible.stream()
                .filter(row -> !known.contains(id(row)))
                .sorted(Comparator.comparing(row -> distance(payment, row)))
                .limit(Math.max(0, MOST - known.size()))
                .toList();
        for (Row row : fresh) {
            tx.addCandidate(payment.id(), id(row), Source.SEARCH, tx.now());
            note(tx, payment, "The provider shows transaction " + id(row) + ", which may be this payment; it is asked");
        }
        return !fresh.isEmpty();
    }

    /** A refund that carries no reference is asked about only when nothing else can be it. */
    private static boolean refund(Tx tx, PaymentRow payment, Sightings seen, List<Row> possible, List<String> known) {
        if (!seen.whole() || possible.isEmpty()) {
            return false;
        }
        if (possible.size() == 1 && known.isEmpty()) {
            Row only = possible.get(0);
            if (only.reading().createdAt() == null) {
                return false;
            }
            tx.addCandidate(payment.id(), id(only), Source.SEARCH, tx.now());
            note(
                    tx,
                    payment,
                    "Transaction " + id(only) + " is the only one on this terminal of this amount in this time that is"
                            + " nobody else's; the provider is asked");
            return true;
        }
        return possible.size() > 1
                && several(tx, payment, possible, known, "More than one transaction may be this refund");
    }

    private static boolean possible(PaymentRow payment, Row row, ProviderRules rule) {
        Reading reading = row.reading();
        boolean refund = payment.kind() == PaymentRow.Kind.REFUND;
        if (payment.markedAt() == null) {
            return false;
        }
        if ((refund ? "PAYMENT" : "REFUND").equals(row.kind())) {
            return false;
        }
        if (reading.ownReference() != null && !reading.ownReference().equals(payment.ownReference())) {
            return false;
        }
        if (reading.amount() != null && reading.amount() != payment.requested()) {
            return false;
        }
        if (reading.currency() != null && !reading.currency().equals(payment.currency())) {
            return false;
        }
        if (reading.createdAt() == null) {
            return true;
        }
        Duration apart = refund ? CLOCKS : CLOCKS.plus(TWICE);
        Instant first = payment.markedAt().minus(apart);
        Instant last = payment.markedAt().plus(rule.maximum()).plus(apart);
        return !reading.createdAt().isBefore(first) && !reading.createdAt().isAfter(last);
    }

    private static Duration distance(PaymentRow payment, Row row) {
        @Nullable Instant created = row.reading().createdAt();
        @Nullable Instant marked = payment.markedAt();
        return created == null || marked == null
                ? TWICE
                : Duration.between(marked, created).abs();
    }

    private static String id(Row row) {
        return Objects.requireNonNull(row.reading().providerTransactionId());
    }

    private static void note(Tx tx, PaymentRow payment, String text) {
        tx.historyOnce(payment.story(), payment.createdBy(), "SEARCH", text, 20);
    }
}
