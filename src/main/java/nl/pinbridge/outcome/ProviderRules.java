package nl.pinbridge.outcome;

import java.time.Duration;

/**
 * How a provider's payments are followed; from its folder and the operator's settings.
 *
 * @param firstLook after the start
 * @param lookInterval between the first looks; it doubles up to {@code lookIntervalMax}
 * @param maximum after the mark; what is open then becomes a work item
 * @param acceptZeroAmount true where an answered amount of 0 is accepted if the receipt's total is the amount asked
 * @param expectTest true where the provider is asked in its test mode: what it says of test or real must agree
 * @param asks true where the provider can be asked how a payment stands; without that its answers are all that there is, and what is
 *     unknown is for a person at once
 * @param finds true where the provider shows payments whose transaction is not known
 * @param lateLook true where what the provider calls not paid may still be paid: it is looked at once more
 * @param fingerprint of the provider's folder
 */
public record ProviderRules(
        Duration firstLook,
        Duration lookInterval,
        Duration lookIntervalMax,
        Duration maximum,
        boolean acceptZeroAmount,
        boolean expectTest,
        boolean asks,
        boolean finds,
        boolean lateLook,
        String fingerprint) {

    /** The pause after this many looks. */
    public Duration intervalAfter(int looks) {
        Duration interval = lookInterval.multipliedBy(1L << Math.min(Math.max(looks, 0), 16));
        return interval.compareTo(lookIntervalMax) > 0 ? lookIntervalMax : interval;
    }
}
