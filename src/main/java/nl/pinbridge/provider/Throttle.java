package nl.pinbridge.provider;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Keeps this node's calls to one provider below what the provider takes. Only reads are held back, and a fifth of everything is left for
 * calls that are made once: a look can wait, a customer cannot. Safe for any thread.
 */
final class Throttle {
    /** Holds nothing back. */
    static final Throttle NONE = new Throttle(new ProviderFolder.Limits(0, Duration.ofSeconds(1), 0), System::nanoTime);

    private final ProviderFolder.Limits limits;
    private final LongSupplier nanos;
    private final ArrayDeque<Long> made = new ArrayDeque<>();
    private int running;

    /** @param nanos as {@link System#nanoTime()} */
    Throttle(ProviderFolder.Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    /**
     * A call is about to be made; whoever is let through calls {@link #end} afterwards.
     *
     * @return false when it is a read that must wait
     */
    synchronized boolean begin(boolean once) {
        if (limits.calls() == 0) {
            return true;
        }
        long now = nanos.getAsLong();
        while (!made.isEmpty() && now - made.peekFirst() >= limits.per().toNanos()) {
            made.removeFirst();
        }
        boolean room = made.size() < limits.calls() / 5 * 4 && running < Math.max(1, limits.atOnce() / 5 * 4);
        if (!once && !room) {
            return false;
        }
        made.addLast(now);
        running++;
        return true;
    }

    synchronized void end() {
        running = Math.max(0, running - 1);
    }
}
