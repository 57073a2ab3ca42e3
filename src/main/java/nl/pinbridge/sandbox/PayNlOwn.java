package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What only PAY. knows of an order. */
record PayNlOwn(Order order, State state) {
    /**
     * As it was asked for; never changes.
     *
     * @param method 1927 for a payment, 2351 for a card refund
     * @param createdBy the login
     * @param coreUrl where its links lead, without a slash at the end
     * @param stats with all of its fields
     * @param transferData object, array or null
     * @param products what can be captured apart
     * @param expiresAt null for PAY.'s own
     */
    record Order(
            int method,
            String serviceId,
            String createdBy,
            String coreUrl,
            @Nullable String exchangeUrl,
            @Nullable String description,
            ObjectNode stats,
            JsonNode transferData,
            ArrayNode products,
            String pointOfInteraction,
            boolean test,
            @Nullable String expiresAt) {}

    /**
     * What has become of it.
     *
     * @param code PAY.'s status code
     * @param action a word of a script's choice beside the code; null for the documented one
     * @param incident the incident code; null for none
     * @param supplied true once there is supplier data, receipt and card
     * @param modifiedAt null before anything happened
     * @param completedAt when it was paid; null until then
     * @param refundedAt the last refund without a card; null for none
     */
    record State(
            int code,
            @Nullable String action,
            @Nullable String incident,
            boolean supplied,
            @Nullable Instant modifiedAt,
            @Nullable Instant completedAt,
            @Nullable Instant refundedAt) {
        static State waiting(int code) {
            return new State(code, null, null, false, null, null, null);
        }

        State code(int other, Instant at) {
            return new State(
                    other,
                    null,
                    incident,
                    supplied,
                    at,
                    other == 100 && completedAt == null ? at : completedAt,
                    refundedAt);
        }

        State refunded(int other, Instant at) {
            return new State(other, null, incident, supplied, at, completedAt, at);
        }
    }

    PayNlOwn with(State other) {
        return new PayNlOwn(order, other);
    }
}
