package nl.pinbridge.reconciliation;

/** In what a row of a feed is not as it should be, whose it is to find out, and how. */
public enum ExceptionClass {
    MISSING_AT_PROVIDER(
            Owner.PROVIDER,
            "The ledger says that money moved, the provider does not list it.",
            "Ask the provider for this transaction; with its answer, close it."),
    MISSING_IN_LEDGER(
            Owner.SHOP,
            "The provider lists money that the bridge knows nothing of.",
            "The terminal was used by hand, or charged twice: find the receipt in the shop. If the customer paid twice, give one"
                    + " back; then close it."),
    AMOUNT(
            Owner.PROVIDER,
            "Both know it, with different amounts.",
            "Compare with the receipt and ask the provider; there is no tolerance. Then close it."),
    CURRENCY(
            Owner.PROVIDER,
            "Both know it, in different currencies.",
            "Compare with the receipt and ask the provider. Then close it."),
    STATUS(
            Owner.PROVIDER,
            "One says that money moved, the other that it did not or has not yet.",
            "Compare with the receipt and ask the provider which it is. The ledger is not changed by hand: book the difference,"
                    + " then close it."),
    DUPLICATE_AT_PROVIDER(
            Owner.SHOP,
            "A second transaction with the same reference of ours: the customer may have paid twice.",
            "If both were paid, give one back in the provider's portal; then close it."),
    DUPLICATE_IN_LEDGER(
            Owner.OPERATOR,
            "Two payments in the ledger claim one transaction of the provider.",
            "Look at both with './pinbridge payments show'; one of them is not what it says. Report it to whoever maintains the"
                    + " bridge, then close it."),
    AMBIGUOUS(
            Owner.SHOP,
            "Several rows could be the one that is looked for; none was taken.",
            "Compare the receipts of that minute. If a payment is in doubt, its work item is settled by what you find; then close"
                    + " it."),
    TIMING(
            Owner.NOBODY,
            "Too young to be called a difference when the day was read.",
            "Nothing: the next night looks again."),
    STILL_IN_DOUBT(
            Owner.OPERATOR,
            "The bridge does not know how the payment ended.",
            "Its work item says what is known: './pinbridge work show' with the payment. Once that is settled, the next reading of"
                    + " the day closes this."),
    LATE(
            Owner.NOBODY,
            "In order, but listed only after the day was published.",
            "Nothing: it is in the new version of the day."),
    UNKNOWN_STATUS(
            Owner.PROVIDER,
            "The provider's word does not say how it ended.",
            "Ask the provider what it means and whether money moved; then close it."),
    REFUND_WITHOUT_ORIGINAL(
            Owner.SHOP,
            "Money back for a sale that the ledger does not know.",
            "Find out which sale it was for and who gave it back; then close it.");

    /** Whose it is to find out. */
    public enum Owner {
        PROVIDER,
        SHOP,
        OPERATOR,
        NOBODY
    }

    private final Owner owner;
    private final String meaning;
    private final String action;

    ExceptionClass(Owner owner, String meaning, String action) {
        this.owner = owner;
        this.meaning = meaning;
        this.action = action;
    }

    public Owner owner() {
        return owner;
    }

    /** A sentence for people. */
    public String meaning() {
        return meaning;
    }

    /** What a person should do. */
    public String action() {
        return action;
    }

    /** Whether it stays open over the days until it is explained. */
    boolean staysOpen() {
        return owner != Owner.NOBODY;
    }
}
