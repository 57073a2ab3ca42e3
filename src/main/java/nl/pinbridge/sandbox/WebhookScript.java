package nl.pinbridge.sandbox;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a webhook that a simulated provider sends when a payment changes.
 *
 * @param provider the stand-in; null for every one
 * @param terminal the provider's terminal id; null for every terminal
 * @param times counts for the next so many changes; null until all scripts are taken away
 * @param way how it is sent
 * @param late it is sent this long after the change
 * @param style how it is written, of those that the provider has ({@code docs/sandbox.md} lists them); null for the usual
 */
public record WebhookScript(
        @Nullable String provider,
        @Nullable String terminal,
        @Nullable Integer times,
        Way way,
        Duration late,
        @Nullable String style) {
    /** A body as the vendor's page prints it, which is no JSON. */
    static final String AS_PRINTED = "as-printed";

    /** How a webhook is sent. A provider that does not sign sends what is about signatures as it sends everything. */
    public enum Way {
        /** As documented: once, or again by the provider's scheme when the answer was not what it wants. */
        ONCE,
        /** Never. */
        LOST,
        /** Twice. */
        DOUBLED,
        /** And the same bytes again a second later, by somebody who kept them. */
        REPLAYED,
        /** First the end, and then a late one that says that the payment has started. */
        REORDERED,
        /** It names a transaction that nobody started. */
        WRONG_TRANSACTION,
        /** It says failed of what is paid, and paid of what failed; signed in good order. */
        WRONG_STATUS,
        /** The same lie by somebody who does not have the secret. */
        FORGED,
        /** Another amount, put in after it was signed. */
        TAMPERED,
        /** Without the signature that belongs to it. */
        UNSIGNED,
        /** Signed in good order by a key that nobody knows. */
        UNKNOWN_KEY;

        /** As scripts write it, for example {@code wrong-status}. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
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
        return new WebhookScript(null, null, null, way, Duration.ZERO, null);
    }

    public WebhookScript provider(String name) {
        return new WebhookScript(name, terminal, times, way, late, style);
    }

    public WebhookScript terminal(String id) {
        return new WebhookScript(provider, id, times, way, late, style);
    }

    /** Counts for the next so many changes only. */
    public WebhookScript times(int changes) {
        return new WebhookScript(provider, terminal, changes, way, late, style);
    }

    public WebhookScript late(Duration delay) {
        return new WebhookScript(provider, terminal, times, way, delay, style);
    }

    public WebhookScript style(String name) {
        return new WebhookScript(provider, terminal, times, way, late, name);
    }

    /** With the body that is no JSON. */
    public WebhookScript printed() {
        return style(AS_PRINTED);
    }

    boolean matches(Letters letters) {
        return (provider == null || provider.equals(letters.provider()))
                && (terminal == null || terminal.equals(letters.terminal()));
    }
}
