package nl.pinbridge.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP call that reached a stand-in. Keys and passwords are not kept.
 *
 * @param number counts from 1 in order of arrival
 * @param provider the stand-in
 * @param host the provider's host that the call was meant for, for example {@code rest.pay.nl}; null for a provider that has one only
 * @param operation for example {@code create}
 * @param login the user name that was sent; null for none and for a provider that has none
 * @param terminal as sent; null when it was not sent or not read
 * @param ownReference as sent, or that of the transaction that the call names or ends; null when there is none
 * @param transactionId as sent, or the one that the call started or ended; null when there is none
 * @param at when it arrived
 * @param answered what went back, in words, for example {@code 200 started} or {@code closed after acting}
 */
public record Call(
        long number,
        String provider,
        @Nullable String host,
        String operation,
        @Nullable String login,
        @Nullable String terminal,
        @Nullable String ownReference,
        @Nullable String transactionId,
        Instant at,
        String answered) {
    /** What {@link #answered} says until something went back. */
    public static final String PENDING = "nothing yet";

    Call about(@Nullable String transaction, @Nullable String reference) {
        return new Call(
                number,
                provider,
                host,
                operation,
                login,
                terminal,
                reference == null ? ownReference : reference,
                transaction == null ? transactionId : transaction,
                at,
                answered);
    }

    Call answered(String words) {
        return new Call(number, provider, host, operation, login, terminal, ownReference, transactionId, at, words);
    }
}
