package nl.pinbridge.sandbox;

/**
 * A webhook that was sent.
 *
 * @param transactionId of the payment whose status changed; the body may name another
 * @param terminal the provider's terminal id
 * @param url where it went
 * @param answered the HTTP status of the answer, or why there was none; {@link Call#PENDING} until then
 */
public record SentWebhook(String transactionId, String terminal, String url, String body, String answered) {
    SentWebhook answered(String words) {
        return new SentWebhook(transactionId, terminal, url, body, words);
    }
}
