package nl.pinbridge.provider;

import org.jspecify.annotations.Nullable;

/**
 * The numbers that a provider wants the calls on a terminal to carry: counted per device, in the ledger.
 *
 * @param from the first
 * @param to the last; after it comes the first again
 */
public record Numbers(long from, long to) {
    public Numbers {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("numbers go from 0 or above to more than that: " + from + ", " + to);
        }
    }

    /**
     * The number that comes next.
     *
     * @param last the last one that was used; null where none was
     */
    long after(@Nullable Long last) {
        return last == null || last < from || last >= to ? from : last + 1;
    }
}
