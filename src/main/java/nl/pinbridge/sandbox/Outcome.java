package nl.pinbridge.sandbox;

import java.util.Locale;

/** What the simulated customer, bank, terminal or till does with a payment or a refund. */
public enum Outcome {
    PAID,
    /** Refused by bank or host. */
    DECLINED,
    /** The customer pressed stop. */
    CANCELLED_AT_TERMINAL,
    /** Nobody presented a card. */
    TIMED_OUT,
    PROCESSING_ERROR,
    /** The till called it off; {@code cancel} does this. */
    CANCELLED_BY_TILL,
    /** The amount is reserved on the card and waits to be captured; with a provider that has no reservations the same as paid. */
    AUTHORISED,
    /** Stays {@code started}, and the terminal busy, until {@link Sandbox#act} or a reset. */
    NEVER_ENDS;

    /** The name in the control API, for example {@code timed-out}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when there is no such outcome */
    public static Outcome of(String word) {
        for (Outcome outcome : values()) {
            if (outcome.word().equals(word.replace('_', '-'))) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("unknown outcome " + word);
    }
}
