package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import nl.pinbridge.outcome.Signature;

/**
 * What an operator asks.
 *
 * @param json as it came
 * @param user who is logged in at the broker
 */
record Question(JsonNode json, String user) {
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_REASON = 1_000;

    String text(String field) {
        return json.path(field).asText("").strip();
    }

    String needed(String field) {
        String text = text(field);
        if (text.isEmpty()) {
            throw new SorryException("'" + field + "' is missing.");
        }
        return text;
    }

    int limit(int otherwise, int most) {
        return Math.min(Math.max(json.path("limit").asInt(otherwise), 1), most);
    }

    Optional<Instant> instant(String field) {
        String text = text(field);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            throw new SorryException("'" + field + "' is no instant such as 2026-11-21T10:00:00Z: " + text);
        }
    }

    /** Who decides and why; whoever decides puts a name to it. */
    Signature signature() {
        String by = needed("by");
        String why = needed("why");
        if (by.length() > LONGEST_NAME || why.length() > LONGEST_REASON) {
            throw new SorryException(
                    "A name has at most " + LONGEST_NAME + " characters, a reason " + LONGEST_REASON + ".");
        }
        return new Signature(user, by, why);
    }
}
