package nl.pinbridge.ledger;

import java.time.Instant;

/** A result as it was or will be published; {@code body} is its JSON. */
public record ResultRow(String id, String commandRow, int version, String status, String body, Instant createdAt) {}
