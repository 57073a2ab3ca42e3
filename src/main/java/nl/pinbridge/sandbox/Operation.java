package nl.pinbridge.sandbox;

/**
 * An operation of a provider, by the name that scripts and the list of calls use.
 *
 * @param kind what it does
 * @param tells true when its answer speaks of a transaction and its amount, so that a script can falsify them
 */
record Operation(String name, Kind kind, boolean tells) {
    enum Kind {
        /** It starts something that a customer then ends. */
        STARTS,
        /** It ends what a customer has not ended yet. */
        ENDS,
        /** Everything else. */
        OTHER
    }

    static Operation starting(String name) {
        return new Operation(name, Kind.STARTS, true);
    }

    /** It ends something and its answer does not say what. */
    static Operation ending(String name) {
        return new Operation(name, Kind.ENDS, false);
    }

    static Operation telling(String name) {
        return new Operation(name, Kind.OTHER, true);
    }

    static Operation other(String name) {
        return new Operation(name, Kind.OTHER, false);
    }

    Operation withAnswerOfTransaction() {
        return new Operation(name, kind, true);
    }

    boolean starts() {
        return kind == Kind.STARTS;
    }

    boolean ends() {
        return kind == Kind.ENDS;
    }
}
