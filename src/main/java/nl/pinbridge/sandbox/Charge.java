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
 * @param type {@link #PAYMENT}, money in, or {@link #REFUND}, money out
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

    boolean refund() {
        return type.equals(REFUND);
    }
}
