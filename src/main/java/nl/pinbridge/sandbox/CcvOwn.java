package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What only CCV knows of a transaction. */
record CcvOwn(Order order, State state) {
    static final String SALE = "sale";
    static final String AUTHORISE = "authorise";
    static final String REFUND = "refund";
    static final String CAPTURE = "capture";
    static final String REVERSAL = "reversal";

    static final String PENDING = "pending";
    static final String SUCCESS = "success";
    static final String FAILED = "failed";

    /**
     * As it was asked for; never changes.
     *
     * @param type {@link #SALE}, {@link #AUTHORISE} or {@link #REFUND}
     * @param details of the terminal, as sent
     * @param original the transaction that a refund gives back; null for none
     */
    record Order(
            String type,
            String currency,
            @Nullable String merchantOrderReference,
            @Nullable String description,
            @Nullable String language,
            @Nullable String returnUrl,
            @Nullable String webhookUrl,
            ObjectNode details,
            @Nullable String original) {}

    /**
     * What has become of it.
     *
     * @param status {@link #PENDING} at first
     * @param failure CCV's word for why it failed; null for none
     * @param finalAt null while it is pending
     * @param related captures and reversals, oldest first
     */
    record State(String status, @Nullable String failure, @Nullable Instant finalAt, List<Related> related) {
        static final State WAITING = new State(PENDING, null, null, List.of());

        State {
            related = List.copyOf(related);
        }

        State with(Related more) {
            List<Related> all = new ArrayList<>(related);
            all.add(more);
            return new State(status, failure, finalAt, all);
        }
    }

    /**
     * A capture or a reversal: a transaction of its own.
     *
     * @param amount minor units
     */
    record Related(String reference, String type, long amount, @Nullable String description, Instant at) {}

    CcvOwn with(State other) {
        return new CcvOwn(order, other);
    }
}
