package nl.pinbridge.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * What was really charged and what was really given back: the judge of every reliability test. Charges and refunds stand apart, and lines are only ever added.
 * Safe for any thread.
 */
public final class Book {
    private final List<Charge> charges = new ArrayList<>();
    private final List<Charge> refunds = new ArrayList<>();

    Book() {}

    synchronized void add(Charge line) {
        (line.refund() ? refunds : charges).add(line);
    }

    /** All charges, money in, oldest first. */
    public synchronized List<Charge> charges() {
        return List.copyOf(charges);
    }

    /** The charges that carry this reference, oldest first; more than one is a double charge. */
    public List<Charge> chargesOf(String ownReference) {
        return charges().stream()
                .filter(charge -> ownReference.equals(charge.ownReference()))
                .toList();
    }

    /** All refunds, money out, oldest first. */
    public synchronized List<Charge> refunds() {
        return List.copyOf(refunds);
    }

    /** The refunds done on this terminal, oldest first: they carry no reference and name no payment. */
    public List<Charge> refundsOn(String terminal) {
        return refunds().stream()
                .filter(refund -> terminal.equals(refund.terminal()))
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
    }
}
