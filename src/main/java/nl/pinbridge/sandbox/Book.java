package nl.pinbridge.sandbox;

import java.util.ArrayList;
import java.util.List;

/** What was really charged: the judge of every reliability test. Lines are only ever added. Safe for any thread. */
public final class Book {
    private final List<Charge> charges = new ArrayList<>();

    Book() {}

    synchronized void add(Charge charge) {
        charges.add(charge);
    }

    /** All charges, oldest first. */
    public synchronized List<Charge> charges() {
        return List.copyOf(charges);
    }

    /** The charges that carry this reference, oldest first; more than one is a double charge. */
    public List<Charge> chargesOf(String ownReference) {
        return charges().stream()
                .filter(charge -> ownReference.equals(charge.ownReference()))
                .toList();
    }

    public synchronized int size() {
        return charges.size();
    }

    /** The sum of all payments in minor units. */
    public long total() {
        return charges().stream()
                .filter(charge -> charge.type().equals(Charge.PAYMENT))
                .mapToLong(Charge::amount)
                .sum();
    }

    synchronized void clear() {
        charges.clear();
    }
}
