package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes back over the wire instead of the documented answer. */
public sealed interface Answer {
    /** The documented answer; where the call did not act there is nothing to tell and the connection is closed. */
    record Documented() implements Answer {}

    /** Nothing, ever: the connection stays open until the caller gives up. */
    record Never() implements Answer {}

    /** The connection is closed without a byte. */
    record Broken() implements Answer {}

    /**
     * An HTTP status of the script's choice.
     *
     * @param status 200 to 599
     * @param body the body; null for an error page in HTML, as gateways send
     */
    record Http(int status, @Nullable String body) implements Answer {
        public Http {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("an HTTP status lies between 200 and 599");
            }
        }
    }

    /**
     * Half of the documented body.
     *
     * @param broken true: the header announces the whole body and the connection ends half-way; false: the HTTP is in order and only the JSON is cut
     */
    record Truncated(boolean broken) implements Answer {}

    /** 200 without a body. */
    record Empty() implements Answer {}

    /** 200 with a page in HTML. */
    record NotJson() implements Answer {}

    /**
     * The documented answer with another amount; the book and the receipt keep the real one.
     *
     * @param amount minor units
     */
    record WrongAmount(long amount) implements Answer {}

    /**
     * The documented answer with another status.
     *
     * @param word for example {@code manualintervention}; where a provider has status codes, digits are a code and everything else is the word beside it
     */
    record StatusWord(String word) implements Answer {}

    /** "No such transaction", whatever the truth is. */
    record NotFound() implements Answer {}

    /** The documented answer without anything by which the transaction could be found again. */
    record NoTransactionId() implements Answer {}

    /** The refusal of a busy terminal, whatever the truth is. */
    record Busy() implements Answer {}

    /** The refusal of a caller who calls too often; nothing is done. */
    record TooMany() implements Answer {}

    /**
     * The documented answer with other values.
     *
     * @param fields by JSON pointer
     */
    record Changed(Map<String, JsonNode> fields) implements Answer {
        public Changed {
            fields = Map.copyOf(fields);
            fields.keySet().forEach(Fields::check);
        }
    }
}
