package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a payment or a refund, and how the provider tells of it.
 *
 * @param outcome what the customer, the bank or the terminal does; null to leave it to {@code code}, or else to the default
 * @param customerDelay how long the customer takes; null for the sandbox's own delay
 * @param code the provider's own status code or word instead of the one that the stand-in has for the outcome; null to leave that alone
 * @param incident the provider's own error code, likewise
 * @param amount what the card is really charged, minor units; null for what was asked
 * @param fields values in whatever the provider tells of this transaction from now on, answers and webhooks alike, by JSON pointer
 * @param then what becomes of it afterwards, although it was over; null for nothing
 */
public record Ending(
        @Nullable Outcome outcome,
        @Nullable Duration customerDelay,
        @Nullable String code,
        @Nullable String incident,
        @Nullable Long amount,
        Map<String, JsonNode> fields,
        @Nullable Then then) {
    /** It says nothing. */
    public static final Ending NONE = new Ending(null, null, null, null, null, Map.of(), null);

    /**
     * A second thought of the provider.
     *
     * @param after so long after the first end
     */
    public record Then(Ending ending, Duration after) {
        public Then {
            if (after.isNegative()) {
                throw new IllegalArgumentException("a delay cannot be negative");
            }
        }
    }

    public Ending {
        if (customerDelay != null && customerDelay.isNegative()) {
            throw new IllegalArgumentException("a delay cannot be negative");
        }
        if (amount != null && amount < 0) {
            throw new IllegalArgumentException("an amount that was charged cannot be negative");
        }
        fields = Map.copyOf(fields);
        fields.keySet().forEach(Fields::check);
    }

    public static Ending of(Outcome outcome) {
        return NONE.outcome(outcome);
    }

    /** With the provider's own status code or word. */
    public static Ending ofCode(String code) {
        return NONE.code(code);
    }

    public Ending outcome(Outcome what) {
        return new Ending(what, customerDelay, code, incident, amount, fields, then);
    }

    public Ending customerDelay(@Nullable Duration delay) {
        return new Ending(outcome, delay, code, incident, amount, fields, then);
    }

    public Ending code(String own) {
        return new Ending(outcome, customerDelay, own, incident, amount, fields, then);
    }

    public Ending incident(String own) {
        return new Ending(outcome, customerDelay, code, own, amount, fields, then);
    }

    /** The card is charged another amount than was asked, minor units. */
    public Ending charged(long minor) {
        return new Ending(outcome, customerDelay, code, incident, minor, fields, then);
    }

    /**
     * @param pointer for example {@code /payments/0/customerMethod}
     * @param value JSON
     */
    public Ending field(String pointer, JsonNode value) {
        Map<String, JsonNode> more = new LinkedHashMap<>(fields);
        more.put(pointer, value);
        return new Ending(outcome, customerDelay, code, incident, amount, more, then);
    }

    /** Afterwards, although it was over: the provider contradicts itself. */
    public Ending then(Ending next, Duration after) {
        return new Ending(outcome, customerDelay, code, incident, amount, fields, new Then(next, after));
    }

    boolean saysNothing() {
        return equals(NONE);
    }

    /** Nothing ever comes of it. */
    boolean never() {
        return outcome == Outcome.NEVER_ENDS && code == null;
    }
}
