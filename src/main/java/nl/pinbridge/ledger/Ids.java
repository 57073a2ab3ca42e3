package nl.pinbridge.ledger;

import com.github.f4b6a3.ulid.UlidCreator;

/** Identifiers that sort by the time at which they were made, also within one millisecond on one node. */
public final class Ids {
    private Ids() {}

    /** A new ULID, 26 characters. */
    public static String next() {
        return UlidCreator.getMonotonicUlid().toString();
    }
}
