package nl.pinbridge.sandbox;

/**
 * What the readable pages of the CCV Payment API leave open, and the sandbox therefore had to choose (providers/ccv.md part B and its table of unknowns). A test
 * that depends on one of these says so by setting it.
 *
 * @param started HTTP status of what was taken
 * @param refused HTTP status of what cannot be done
 * @param amountsAsText true when amounts are told as a text, else as a number
 * @param refundRepeats what a refund repeats of its request and of its payment
 * @param heedsIdempotency true when a second request with the same {@code Idempotency-Reference} is answered with the first transaction; else it is carried out
 *     again, and the book shows it
 * @param startBesides true when a busy terminal starts a second payment beside the first
 * @param related true when the list of what is related is there also where it is empty
 * @param pageSize transactions that a search shows at most
 */
public record CcvChoices(
        int started,
        int refused,
        boolean amountsAsText,
        Repeats refundRepeats,
        boolean heedsIdempotency,
        boolean startBesides,
        boolean related,
        int pageSize) {
    /** What a refund shows beside its own reference. */
    public enum Repeats {
        /** Its own description, and its payment's merchantOrderReference, as in the sample. */
        DESCRIPTION,
        /** A description of CCV's making. */
        NOTHING
    }

    public static final CcvChoices DEFAULT =
            new CcvChoices(200, 400, false, Repeats.DESCRIPTION, false, false, true, 50);

    public CcvChoices withAmountsAsText(boolean text) {
        return new CcvChoices(started, refused, text, refundRepeats, heedsIdempotency, startBesides, related, pageSize);
    }

    public CcvChoices withRefundRepeats(Repeats what) {
        return new CcvChoices(started, refused, amountsAsText, what, heedsIdempotency, startBesides, related, pageSize);
    }

    public CcvChoices withHeedsIdempotency(boolean heeds) {
        return new CcvChoices(started, refused, amountsAsText, refundRepeats, heeds, startBesides, related, pageSize);
    }

    public CcvChoices withStartBesides(boolean allowed) {
        return new CcvChoices(
                started, refused, amountsAsText, refundRepeats, heedsIdempotency, allowed, related, pageSize);
    }

    public CcvChoices withRelated(boolean always) {
        return new CcvChoices(
                started, refused, amountsAsText, refundRepeats, heedsIdempotency, startBesides, always, pageSize);
    }
}
