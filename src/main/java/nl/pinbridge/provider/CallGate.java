package nl.pinbridge.provider;

import nl.pinbridge.ledger.Nudges;

/** What stands between a provider route and a money call: the ledger's mark. */
public interface CallGate {
    /**
     * Writes the mark, on disk before this returns.
     *
     * @throws NotMarkedException when the world has changed (cancelled, stale, lane taken, paused, already sent):
     *     nothing may be sent, and the ledger already holds what the command became
     */
    Mark mark(ProviderJob job) throws NotMarkedException;

    /**
     * A mark.
     *
     * @param attempt the ledger's id of the attempt
     * @param wallMillis epoch milliseconds at the mark
     * @param nanos {@link System#nanoTime()} at the mark
     */
    record Mark(String attempt, long wallMillis, long nanos) {
        /** The exchange property that holds the mark of the route's money call. */
        public static final String PROPERTY = "pinbridge.mark";
    }

    /** The mark was refused. */
    final class NotMarkedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Nudges nudges;

        public NotMarkedException(String why) {
            this(why, new Nudges());
        }

        public NotMarkedException(String why, Nudges nudges) {
            super(why, null, false, false);
            this.nudges = nudges;
        }

        /** What the world should be told of the refusal. */
        public Nudges nudges() {
            return nudges;
        }
    }
}
