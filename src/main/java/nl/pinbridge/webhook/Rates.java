package nl.pinbridge.webhook;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Token buckets: one for everybody together, one for each payment, and one for each address that stands for all payments of a
 * provider. Only right tokens come here, so that who guesses can neither
 * use up the common one nor push others out. Safe for any thread.
 */
final class Rates {
    /** A provider sends a handful for one payment; whoever knows the address may send a burst and then one a second. */
    static final int BURST_PER_PAYMENT = 20;

    private static final int PER_SECOND_PER_PAYMENT = 1;

    /** So many payments are remembered; the one longest unheard of is forgotten, and starts with a full bucket. */
    static final int REMEMBERED = 10_000;

    private final LongSupplier nanoTime;
    private final Bucket all;
    private final int perSecond;
    private final Map<String, Bucket> byProvider = new HashMap<>();
    private final Map<String, Bucket> byPayment = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * @param perSecond for all payments together; twice as many may come at once
     * @param nanoTime a clock that only goes forward
     */
    Rates(int perSecond, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.perSecond = perSecond;
        this.all = new Bucket(2.0 * perSecond, perSecond, nanoTime.getAsLong());
    }

    /** Takes a place; false when there is none. */
    synchronized boolean take(String payment) {
        long now = nanoTime.getAsLong();
        Bucket own =
                byPayment.computeIfAbsent(payment, first -> new Bucket(BURST_PER_PAYMENT, PER_SECOND_PER_PAYMENT, now));
        // The own one first: one address alone must not use up what all share.
        return own.take(now) && all.take(now);
    }

    /** Takes a place for an address that stands for all payments: half of what there is, so that others still come through. */
    synchronized boolean takeShared(String provider) {
        long now = nanoTime.getAsLong();
        Bucket own = byProvider.computeIfAbsent(provider, first -> new Bucket(perSecond, perSecond / 2.0, now));
        return own.take(now) && all.take(now);
    }

    synchronized int remembered() {
        return byPayment.size();
    }

    private static final class Bucket {
        private final double most;
        private final double perNano;
        private double level;
        private long at;

        Bucket(double most, double perSecond, long now) {
            this.most = most;
            this.perNano = perSecond / 1e9;
            this.level = most;
            this.at = now;
        }

        boolean take(long now) {
            level = Math.min(most, level + (now - at) * perNano);
            at = now;
            if (level < 1) {
                return false;
            }
            level -= 1;
            return true;
        }
    }
}
