package nl.pinbridge.outcome;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the provider showed when it was searched for a payment whose transaction is not known.
 *
 * @param rows transactions of the payment's terminal
 * @param whole true when all of the payment's time is among them: only then can one row be the only one
 */
public record Sightings(List<Row> rows, boolean whole) {
    /** Nothing could be read. */
    public static final Sightings NONE = new Sightings(List.of(), false);

    /**
     * One transaction.
     *
     * @param kind {@code PAYMENT} or {@code REFUND} where the provider marks it; null where it does not
     */
    public record Row(Reading reading, @Nullable String kind) {}
}
