package nl.pinbridge.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line in the book: money that really moved, whatever the caller was told.
 *
 * @param provider the stand-in, for example {@code pinvandaag}
 * @param terminal the provider's terminal id
 * @param transactionId the provider's transaction id
 * @param ownReference the caller's reference; null when it gave none; refunds take none
 * @param amount minor units, always positive; the type says which way it went
 * @param type {@link #PAYMENT} and {@link #CAPTURE}, money in; {@link #REFUND} and {@link #CHARGEBACK}, money out; {@link #AUTHORISATION} and {@link #RELEASE}, a
 *     reservation made and given up
 * @param at the instant at which it moved
 */
public record Charge(
        String provider,
        String terminal,
        String transactionId,
        @Nullable String ownReference,
        long amount,
        String type,
        Instant at) {
    public static final String PAYMENT = "payment";
    public static final String REFUND = "refund";
    /** Money in of what was reserved before; one reservation may be captured in parts. */
    public static final String CAPTURE = "capture";
    /** The card holder's bank took it back. */
    public static final String CHARGEBACK = "chargeback";

    public static final String AUTHORISATION = "authorisation";
    public static final String RELEASE = "release";

    boolean in() {
        return type.equals(PAYMENT) || type.equals(CAPTURE);
    }

    boolean out() {
        return type.equals(REFUND) || type.equals(CHARGEBACK);
    }
}
