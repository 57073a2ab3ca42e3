package nl.pinbridge.reconciliation;

/** In what a row of a feed is not as it should be. */
public enum ExceptionClass {
    /** The ledger says that money moved, the provider's list does not know it. */
    MISSING_AT_PROVIDER(true),
    /** The provider lists money that the bridge knows nothing of: the terminal was used by hand. */
    MISSING_IN_LEDGER(true),
    AMOUNT(true),
    CURRENCY(true),
    /** One says that money moved, the other that it did not. */
    STATUS(true),
    /** One reference of ours, charged by a second transaction. */
    DUPLICATE_AT_PROVIDER(true),
    /** Two payments in the ledger claim one transaction of the provider. */
    DUPLICATE_IN_LEDGER(true),
    /** Several rows could be the one that is looked for. */
    AMBIGUOUS(true),
    /** Too young to be called a difference. */
    TIMING(false),
    STILL_IN_DOUBT(true),
    /** In order, but listed only after the day was published. */
    LATE(false),
    /** The provider's word does not say how it ended. */
    UNKNOWN_STATUS(true),
    /** Money back for a sale that the ledger does not know. */
    REFUND_WITHOUT_ORIGINAL(true);

    private final boolean open;

    ExceptionClass(boolean open) {
        this.open = open;
    }

    /** Whether it stays open over the days until it is explained. */
    boolean staysOpen() {
        return open;
    }
}
