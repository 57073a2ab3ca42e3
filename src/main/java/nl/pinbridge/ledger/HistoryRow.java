package nl.pinbridge.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of what happened; never changed, never removed. {@code detail} is JSON. */
public record HistoryRow(
        String id,
        @Nullable String paymentId,
        @Nullable String commandRow,
        Instant at,
        String kind,
        String text,
        @Nullable String detail) {}
