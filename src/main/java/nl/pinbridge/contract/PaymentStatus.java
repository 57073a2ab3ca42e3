package nl.pinbridge.contract;

/** What is known of a payment's money. */
public enum PaymentStatus {
    OPEN,
    IN_DOUBT,
    AUTHORISED,
    PAID,
    PARTLY_REFUNDED,
    REFUNDED,
    CHARGED_BACK,
    /** Proof that no money moved. */
    NOT_PAID,
    /** The provider contradicts a final state: a work item is open. */
    CONFLICT;

    /** True while looks go on: the payment may still become anything. */
    public boolean isOpen() {
        return this == OPEN || this == IN_DOUBT;
    }
}
