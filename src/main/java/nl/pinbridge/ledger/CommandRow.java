package nl.pinbridge.ledger;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import org.jspecify.annotations.Nullable;

/**
 * A command as the ledger holds it.
 *
 * @param rowId our own id; its order is the order of intake
 * @param contentHash SHA-256 in hex of the canonical content
 * @param body the command's JSON as it was read
 * @param status null when it was accepted and nothing was told yet
 * @param version of the latest result; 0 before the first
 * @param device the lane it needs; null where it needs none
 * @param paymentId the payment that it is about; for a refund the one that it gives back; null where it is about none
 * @param target what the sender named as the payment; null where it named none
 * @param error JSON of the latest result's error; null where there is none
 * @param nextNudgeAt when the sweep wakes it up; null when nothing is to be woken
 */
@RecordBuilder
public record CommandRow(
        String rowId,
        String sender,
        String commandId,
        String contentHash,
        String body,
        CommandType type,
        @Nullable CommandStatus status,
        int version,
        @Nullable String terminal,
        @Nullable String device,
        @Nullable String provider,
        @Nullable String paymentId,
        @Nullable String target,
        @Nullable String providerTransactionId,
        @Nullable String error,
        @Nullable String routeId,
        @Nullable String routeFingerprint,
        Instant receivedAt,
        Instant expiresAt,
        Instant waitUntil,
        @Nullable Instant nextNudgeAt)
        implements CommandRowBuilder.With {

    /** True once the machine is done with it. */
    public boolean isOver() {
        return status != null && status.isFinal();
    }

    /** Where it is worked on. */
    public Path path() {
        return type == CommandType.CAPTURE && !Reservations.isChange(this) ? Path.LANE : Path.of(type);
    }

    /** To be woken by the sweep at this time; null for never. */
    public CommandRow wokenAt(@Nullable Instant at) {
        return with(row -> row.nextNudgeAt(at));
    }
}
