package nl.pinbridge.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A receipt that the provider was asked to mail. The sandbox sends nothing.
 *
 * @param provider the stand-in
 * @param terminal the provider's terminal id
 * @param transactionId the provider's transaction id
 * @param to the address as it was sent
 * @param name of the recipient; null when it was not sent
 * @param subject null when it was not sent
 * @param html the body; null when it was not sent
 * @param at when the provider took it
 */
public record Mail(
        String provider,
        String terminal,
        String transactionId,
        String to,
        @Nullable String name,
        @Nullable String subject,
        @Nullable String html,
        Instant at) {}
