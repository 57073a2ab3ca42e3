package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How payments end at Pin Vandaag, and its webhook: sent once and never again, unsigned (providers/pinvandaag.md §3 and §8). */
final class PinVandaagHouse implements House<PinVandaagOwn> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String provider;
    private final Webhooks webhooks;

    /** @param provider the stand-in: the same back ends are behind both interfaces */
    PinVandaagHouse(String provider, Webhooks webhooks) {
        this.provider = provider;
        this.webhooks = webhooks;
    }

    @Override
    public String id(Floor.Wish<PinVandaagOwn> wish, long sequence, Instant now) {
        // Both interfaces count alike: one id must not mean two transactions.
        long own = provider.equals(PinVandaag.NAME) ? sequence : sequence + 1_000_000_000L;
        return PinVandaagText.transactionId(wish.own().brand(), own, now);
    }

    @Override
    public Payment<PinVandaagOwn> settled(Payment<PinVandaagOwn> payment, Ending ending, Instant now) {
        Outcome outcome = ending.outcome() == null ? Outcome.PROCESSING_ERROR : ending.outcome();
        Payment<PinVandaagOwn> next = payment.over();
        return switch (outcome) {
            case PAID, AUTHORISED ->
                next.done(ending.amount() == null ? payment.amount() : ending.amount())
                        .with(payment.own().ended(word(ending, PinVandaagText.SUCCESS), null, null, now));
            case DECLINED -> failed(next, ending, "card_refused", "Host Cancellation", "2631", now);
            case CANCELLED_AT_TERMINAL -> failed(next, ending, "cancelled", "User Cancellation", "2629", now);
            case CANCELLED_BY_TILL -> failed(next, ending, "cancelled", "External Equipment Cancellation", "2628", now);
            case TIMED_OUT -> failed(next, ending, "expired", "Timeout Expiration", "1803", now);
            case PROCESSING_ERROR, NEVER_ENDS ->
                failed(next, ending, "processing_error", "Technical Problem", "1811", now);
        };
    }

    private static Payment<PinVandaagOwn> failed(
            Payment<PinVandaagOwn> payment,
            Ending ending,
            String ccvWord,
            String worldLineWords,
            String incidentCode,
            Instant now) {
        String word = word(ending, PinVandaagText.FAILED);
        String incident = ending.incident();
        return payment.with(
                payment.own().brand() == Brand.CCV
                        ? payment.own().ended(word, incident == null ? ccvWord : incident, null, now)
                        : payment.own().ended(word, worldLineWords, incident == null ? incidentCode : incident, now));
    }

    private static String word(Ending ending, String usual) {
        return Objects.requireNonNullElse(ending.code(), usual);
    }

    @Override
    public void changed(Payment<PinVandaagOwn> before, Payment<PinVandaagOwn> after) {
        String url = after.own().callbackUrl();
        if (url != null
                && !url.isEmpty()
                && !after.own().status().equals(before.own().status())) {
            webhooks.changed(new Hook(provider, after, url));
        }
    }

    private record Hook(String provider, Payment<PinVandaagOwn> payment, String url) implements Letters {
        @Override
        public String transactionId() {
            return payment.id();
        }

        @Override
        public String terminal() {
            return payment.terminal();
        }

        @Override
        public List<Duration> retries() {
            return List.of();
        }

        @Override
        public Letter write(Told told, @Nullable String style) {
            ObjectNode body = PinVandaagText.webhook(payment);
            switch (told) {
                case TRUTH, TAMPERED, UNSIGNED, UNKNOWN_KEY -> {}
                case EARLIER -> body.put("status", PinVandaagText.STARTED);
                case OTHER_TRANSACTION -> body.put("transactionId", "9" + payment.sequence());
                case OTHER_STATUS, FORGED ->
                    body.put(
                            "status",
                            payment.own().status().equals(PinVandaagText.SUCCESS)
                                    ? PinVandaagText.FAILED
                                    : PinVandaagText.SUCCESS);
            }
            return new Letter(
                    HttpMethod.POST,
                    url,
                    // The page documents no content type; what a client does with this one must not matter.
                    Map.of("Content-Type", "text/plain"),
                    WebhookScript.AS_PRINTED.equals(style) ? PinVandaagText.asPrinted(body) : body.toString(),
                    PATIENCE,
                    (status, answer) -> status == 200);
        }
    }
}
