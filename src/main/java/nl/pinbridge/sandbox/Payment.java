package nl.pinbridge.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment or a refund as the simulated provider holds it.
 *
 * @param type {@link Charge#PAYMENT} or {@link Charge#REFUND}
 * @param amount minor units, always positive; the type says which way it goes
 * @param status the provider's own word
 * @param plan what the customer is going to do
 * @param errorMsg the provider's words for a failure
 * @param incidentCode WorldLine's code for a failure
 * @param endedAt when it became final; null while it runs
 */
record Payment(
        String id,
        long sequence,
        String type,
        String terminal,
        Brand brand,
        long amount,
        @Nullable String ownReference,
        @Nullable String callbackUrl,
        @Nullable String returnUrl,
        Instant createdAt,
        Outcome plan,
        String status,
        @Nullable String errorMsg,
        @Nullable String incidentCode,
        @Nullable Instant endedAt) {
    static final String STARTED = "started";
    static final String SUCCESS = "success";
    static final String FAILED = "failed";

    boolean refund() {
        return type.equals(Charge.REFUND);
    }

    boolean running() {
        return status.equals(STARTED);
    }

    Payment planned(Outcome outcome) {
        return with(outcome, status, errorMsg, incidentCode, endedAt);
    }

    Payment paid(Instant at) {
        return with(Outcome.PAID, SUCCESS, null, null, at);
    }

    Payment failed(Outcome outcome, String words, @Nullable String code, Instant at) {
        return with(outcome, FAILED, words, code, at);
    }

    private Payment with(
            Outcome outcome, String word, @Nullable String words, @Nullable String code, @Nullable Instant ended) {
        return new Payment(
                id,
                sequence,
                type,
                terminal,
                brand,
                amount,
                ownReference,
                callbackUrl,
                returnUrl,
                createdAt,
                outcome,
                word,
                words,
                code,
                ended);
    }
}
