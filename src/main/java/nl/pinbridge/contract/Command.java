package nl.pinbridge.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment command as a back office sent it, already valid by the contract's schema.
 *
 * @param commandId the sender's idempotency key, 1-100 printable ASCII
 * @param terminal alias in the terminal directory; null where the command needs none
 * @param payment our payment id or the {@code commandId} that created it; null for commands that start something
 * @param amount null where the command takes none
 * @param reference the sender's own text, up to 64 characters; null when absent
 * @param expiresAt null when the sender named none
 * @param finalOnly true for {@code replies: final}
 * @param returnUrl null when absent
 * @param content canonical JSON of everything but {@code expiresAt} and {@code replies}: keys sorted, no white space
 * @param json the whole command as it was read
 */
public record Command(
        String commandId,
        CommandType type,
        @Nullable String terminal,
        @Nullable String payment,
        @Nullable Amount amount,
        @Nullable String reference,
        @Nullable Instant expiresAt,
        boolean finalOnly,
        @Nullable String returnUrl,
        String content,
        JsonNode json) {}
