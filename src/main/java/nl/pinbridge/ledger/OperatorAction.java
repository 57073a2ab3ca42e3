package nl.pinbridge.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One decision of an operator; never changed, never removed.
 *
 * @param subject what it was about: a work item, a terminal, a provider, a message
 * @param userName who was logged in at the broker
 * @param byName the person who was named
 * @param detail JSON; null where there is none
 */
public record OperatorAction(
        String id,
        Instant at,
        String action,
        String subject,
        String userName,
        String byName,
        String why,
        @Nullable String detail) {}
