package nl.pinbridge.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was really charged, given back and reserved: the judge of every reliability test. Charges, refunds and reservations stand apart, and lines are only ever added.
 * Safe for any thread.
 */
public final class Book {
    private final List<Charge> charges = new ArrayList<>();
    private final List<Charge> refunds = new ArrayList<>();
    private final List<Charge> reservations = new ArrayList<>();

    Book() {}

    synchronized void add(Charge line) {
        (line.in() ? charges : line.out() ? refunds : reservations).add(line);
    }

    /** All charges, money in, oldest first. */
    public synchronized List<Charge> charges() {
        return List.copyOf(charges);
    }

    /** The charges that carry this reference, oldest first; more than one is a double charge, unless they are captures in parts. */
    public List<Charge> chargesOf(String ownReference) {
        return charges().stream()
                .filter(charge -> ownReference.equals(charge.ownReference()))
                .toList();
    }

    /** All refunds, money out, oldest first. */
    public synchronized List<Charge> refunds() {
        return List.copyOf(refunds);
    }

    /** The refunds done on this terminal, oldest first: with some providers they carry no reference and name no payment. */
    public List<Charge> refundsOn(String terminal) {
        return refunds().stream()
                .filter(refund -> terminal.equals(refund.terminal()))
                .toList();
    }

    /** Reservations on cards, made and given up, oldest first; the money itself is among the charges once it is captured. */
    public synchronized List<Charge> reservations() {
        return List.copyOf(reservations);
    }

    /** Everything that moved or was reserved with this transaction: charges, then refunds, then reservations. */
    public synchronized List<Charge> of(String transactionId) {
        return Stream.of(charges, refunds, reservations)
                .flatMap(List::stream)
                .filter(line -> transactionId.equals(line.transactionId()))
                .toList();
    }

    /** How many charges there are, refunds not counted. */
    public synchronized int size() {
        return charges.size();
    }

    /** The sum of all charges in minor units, refunds not taken off. */
    public long total() {
        return charges().stream().mapToLong(Charge::amount).sum();
    }

    /** The sum of all refunds in minor units. */
    public long refunded() {
        return refunds().stream().mapToLong(Charge::amount).sum();
    }

    synchronized void clear() {
        charges.clear();
        refunds.clear();
        reservations.clear();
    }
}
