package nl.pinbridge.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A physical device and the command that holds it; {@code commandRow} is null when it is free. */
public record LaneRow(String device, @Nullable String commandRow, @Nullable Instant takenAt) {}
