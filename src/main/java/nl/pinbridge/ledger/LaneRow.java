package nl.pinbridge.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A physical device and the command that holds it.
 *
 * @param commandRow null when nobody holds it
 * @param blockedUntil nobody new may start before this, because a cancel whose answer was lost may still arrive, or a
 *     payment may still run that nobody can be asked about; null for no block
 * @param lastNumber the last number that a call on the device was given; null where its provider wants none
 */
public record LaneRow(
        String device,
        @Nullable String commandRow,
        @Nullable Instant takenAt,
        @Nullable Instant blockedUntil,
        @Nullable Long lastNumber) {

    /** True when this command may not start now. */
    public boolean isTakenFor(String other, Instant now) {
        return commandRow != null ? !commandRow.equals(other) : blockedUntil != null && now.isBefore(blockedUntil);
    }
}
