package nl.pinbridge.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that only a person can establish. */
public record WorkItemRow(
        String id,
        @Nullable String paymentId,
        @Nullable String commandRow,
        String reason,
        String text,
        Instant openedAt,
        @Nullable Instant closedAt,
        @Nullable String closedBy,
        @Nullable String closeWhy) {}
