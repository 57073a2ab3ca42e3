package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How transactions end at CCV, and its webhook, which nobody signs (providers/ccv.md B1 and B2). */
final class CcvHouse implements House<CcvOwn> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Webhooks webhooks;

    CcvHouse(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    @Override
    public String id(Floor.Wish<CcvOwn> wish, long sequence, Instant now) {
        return CcvText.reference(sequence, now);
    }

    @Override
    public Payment<CcvOwn> settled(Payment<CcvOwn> payment, Ending ending, Instant now) {
        Outcome outcome = ending.outcome();
        boolean moves = outcome == Outcome.PAID || outcome == Outcome.AUTHORISED;
        String failure = moves ? null : Objects.requireNonNullElse(ending.incident(), failure(outcome));
        String status = Objects.requireNonNullElse(
                ending.code(), moves ? CcvOwn.SUCCESS : outcome == null ? CcvOwn.PENDING : CcvOwn.FAILED);
        if (!status.equals(CcvOwn.FAILED)) {
            failure = null;
        }
        boolean over = !status.equals(CcvOwn.PENDING);
        Payment<CcvOwn> next = payment.with(payment.own()
                .with(new CcvOwn.State(
                        status,
                        failure,
                        over ? now : null,
                        payment.own().state().related())));
        next = over ? next.over() : next;
        if (!moves) {
            return next;
        }
        long amount = ending.amount() == null ? payment.amount() : ending.amount();
        return payment.own().order().type().equals(CcvOwn.AUTHORISE)
                ? next.moved(payment.moved().authorised(amount))
                : next.done(amount);
    }

    private static String failure(@Nullable Outcome outcome) {
        return outcome == null
                ? "processing_error"
                : switch (outcome) {
                    case DECLINED -> "card_refused";
                    case CANCELLED_AT_TERMINAL, CANCELLED_BY_TILL -> "cancelled";
                    case TIMED_OUT -> "expired";
                    default -> "processing_error";
                };
    }

    @Override
    public void changed(Payment<CcvOwn> before, Payment<CcvOwn> after) {
        String url = after.own().order().webhookUrl();
        boolean same = after.own().state().status().equals(before.own().state().status());
        if (url != null && !same) {
            webhooks.changed(new Hook(after, url));
        }
    }

    /** It says which transaction it is about, and nothing of it: there is nothing to falsify but that. */
    private record Hook(Payment<CcvOwn> payment, String url) implements Letters {
        @Override
        public String provider() {
            return Ccv.NAME;
        }

        @Override
        public String transactionId() {
            return payment.id();
        }

        @Override
        public String terminal() {
            return payment.terminal();
        }

        /** Whether CCV tries again is not known. */
        @Override
        public List<Duration> retries() {
            return List.of();
        }

        @Override
        public Letter write(Told told, @Nullable String style) {
            String id = told == Told.OTHER_TRANSACTION ? CcvText.reference(1, payment.createdAt()) : payment.id();
            return new Letter(
                    HttpMethod.POST,
                    url,
                    Map.of("Content-Type", "application/json"),
                    JsonNodeFactory.instance.objectNode().put("id", id).toString(),
                    PATIENCE,
                    (status, answer) -> status >= 200 && status < 300);
        }
    }
}
