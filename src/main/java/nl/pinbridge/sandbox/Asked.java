package nl.pinbridge.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * What a script is held against.
 *
 * @param provider the stand-in
 * @param host the provider's host at which the call came in; null for a provider that has one only
 * @param terminal the provider's terminal id; empty when the call names none and its transaction has none
 * @param reference the caller's reference, as sent or of the transaction that is named; null when there is none
 */
record Asked(
        String provider, @Nullable String host, Operation operation, String terminal, @Nullable String reference) {}
