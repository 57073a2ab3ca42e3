package nl.pinbridge.ledger;

/**
 * Forces what was committed to the disk, once for all who wait for it: whoever asks while it is being done shares the next one.
 * Each caller's commit is over before it asks, and a round begins after it took note of who asked, so a round covers them all.
 */
final class SharedSync {
    private final Runnable force;

    /** Guarded by this object, as is everything below: the number of the last who asked. */
    private long asked;

    /** All up to this number are on the disk. */
    private long done;

    private boolean running;

    /**
     * @param force returns when everything that was committed before is on the disk; throws when it is not known to be
     */
    SharedSync(Runnable force) {
        this.force = force;
    }

    /** Returns when everything that the caller has committed is on the disk; throws what {@code force} throws. */
    void sync() {
        long mine;
        synchronized (this) {
            mine = ++asked;
        }
        while (true) {
            long covered = takeTurn(mine);
            if (covered < mine) {
                return;
            }
            boolean forced = false;
            try {
                force.run();
                forced = true;
            } finally {
                endTurn(forced ? covered : 0);
            }
        }
    }

    /** Waits until it is done or one's own turn to do it; the number that one's own round covers, 0 when it is done. */
    private synchronized long takeTurn(long mine) {
        boolean interrupted = false;
        while (running && done < mine) {
            try {
                wait();
            } catch (InterruptedException e) {
                // The commit is made; whether it is on the disk must be known before anything is done on it.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (done >= mine) {
            return 0;
        }
        running = true;
        return asked;
    }

    /** Those whose round failed do it themselves. */
    private synchronized void endTurn(long covered) {
        running = false;
        done = Math.max(done, covered);
        notifyAll();
    }
}
