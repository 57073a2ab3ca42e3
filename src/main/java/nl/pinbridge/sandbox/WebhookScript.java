package nl.pinbridge.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a webhook that the simulated provider sends when a payment's status changes.
 *
 * @param terminal the provider's terminal id; null for every terminal
 * @param times counts for the next so many changes; null until all scripts are taken away
 * @param way how it is sent
 * @param late it is sent this long after the change
 * @param asPrinted true for a body as the vendor's page prints it: {@code ownReference} without quotes, which is no JSON
 */
public record WebhookScript(
        @Nullable String terminal, @Nullable Integer times, Way way, Duration late, boolean asPrinted) {
    /** How a webhook is sent. */
    public enum Way {
        /** Once, as documented. */
        ONCE,
        /** Never. */
        LOST,
        /** Twice. */
        DOUBLED,
        /** First the end, and then a late one that says that the payment has started. */
        REORDERED,
        /** It names a transaction that nobody started. */
        WRONG_TRANSACTION,
        /** It says failed of what is paid, and success of what failed. */
        WRONG_STATUS;

        /** As scripts write it, for example {@code wrong-status}. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        static Way of(String word) {
            for (Way way : values()) {
                if (way.word().equals(word)) {
                    return way;
                }
            }
            throw new IllegalArgumentException("unknown way " + word);
        }
    }

    public WebhookScript {
        if (times != null && times < 1) {
            throw new IllegalArgumentException("times must be at least 1");
        }
        if (late.isNegative()) {
            throw new IllegalArgumentException("a delay cannot be negative");
        }
    }

    /** For every terminal, until it is narrowed by the methods below. */
    public static WebhookScript of(Way way) {
        return new WebhookScript(null, null, way, Duration.ZERO, false);
    }

    public WebhookScript terminal(String id) {
        return new WebhookScript(id, times, way, late, asPrinted);
    }

    /** Counts for the next so many changes only. */
    public WebhookScript times(int changes) {
        return new WebhookScript(terminal, changes, way, late, asPrinted);
    }

    public WebhookScript late(Duration delay) {
        return new WebhookScript(terminal, times, way, delay, asPrinted);
    }

    /** With the body that is no JSON. */
    public WebhookScript printed() {
        return new WebhookScript(terminal, times, way, late, true);
    }

    boolean matches(String changed) {
        return terminal == null || terminal.equals(changed);
    }
}
