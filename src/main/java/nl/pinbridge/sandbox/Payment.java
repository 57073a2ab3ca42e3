package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment or a refund as any simulated provider holds it.
 *
 * @param id the provider's
 * @param type {@link Charge#PAYMENT} or {@link Charge#REFUND}
 * @param amount minor units, always positive; the type says which way it goes
 * @param plan what the customer is going to do
 * @param running true while it keeps its terminal busy
 * @param moved the money that really moved
 * @param fields values that a script wants in whatever is told of it, by JSON pointer
 * @param own what only this provider knows of it
 */
record Payment<D>(
        String id,
        long sequence,
        String type,
        String terminal,
        long amount,
        @Nullable String ownReference,
        Instant createdAt,
        Ending plan,
        boolean running,
        Moved moved,
        Map<String, JsonNode> fields,
        D own) {
    boolean refund() {
        return type.equals(Charge.REFUND);
    }

    Payment<D> planned(Ending ending) {
        return new Payment<>(
                id, sequence, type, terminal, amount, ownReference, createdAt, ending, running, moved, fields, own);
    }

    Payment<D> with(D other) {
        return new Payment<>(
                id, sequence, type, terminal, amount, ownReference, createdAt, plan, running, moved, fields, other);
    }

    Payment<D> over() {
        return new Payment<>(
                id, sequence, type, terminal, amount, ownReference, createdAt, plan, false, moved, fields, own);
    }

    Payment<D> moved(Moved money) {
        return new Payment<>(
                id, sequence, type, terminal, amount, ownReference, createdAt, plan, running, money, fields, own);
    }

    /** The whole amount, or another, went the way that the type says. */
    Payment<D> done(long minor) {
        return moved(refund() ? moved.refunded(minor) : moved.paid(minor));
    }

    Payment<D> fields(Map<String, JsonNode> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, JsonNode> all = new LinkedHashMap<>(fields);
        all.putAll(more);
        return new Payment<>(
                id,
                sequence,
                type,
                terminal,
                amount,
                ownReference,
                createdAt,
                plan,
                running,
                moved,
                Map.copyOf(all),
                own);
    }
}
