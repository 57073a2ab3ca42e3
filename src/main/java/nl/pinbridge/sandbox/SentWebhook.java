package nl.pinbridge.sandbox;

import java.util.Map;

/**
 * A webhook that was sent.
 *
 * @param provider the stand-in
 * @param transactionId of the payment that changed; the body may name another
 * @param terminal the provider's terminal id
 * @param url where it went
 * @param headers those that matter, signatures included
 * @param body empty where everything is in the URL
 * @param attempt 1, and more where the provider sends again
 * @param answered the HTTP status of the answer, or why there was none; {@link Call#PENDING} until then
 * @param taken true once the answer was the one that the provider wants
 */
public record SentWebhook(
        String provider,
        String transactionId,
        String terminal,
        String url,
        Map<String, String> headers,
        String body,
        int attempt,
        String answered,
        boolean taken) {
    SentWebhook answered(String words, boolean asWanted) {
        return new SentWebhook(provider, transactionId, terminal, url, headers, body, attempt, words, asWanted);
    }
}
