package nl.pinbridge.sandbox;

import java.time.Instant;

/**
 * What is a provider's own about the life of its payments. Called with the floor's lock held: it must neither block nor call the floor.
 *
 * @param <D> what only this provider knows of a payment
 */
interface House<D> {
    /** A new transaction id. */
    String id(Floor.Wish<D> wish, long sequence, Instant now);

    /**
     * The payment as it is after this ending, with the money that moved. An ending that {@linkplain Ending#never() never comes} is not asked about. It may be over
     * already: then the provider contradicts itself.
     */
    Payment<D> settled(Payment<D> payment, Ending ending, Instant now);

    /** It has just become what it is: the moment for a webhook. */
    void changed(Payment<D> before, Payment<D> after);
}
