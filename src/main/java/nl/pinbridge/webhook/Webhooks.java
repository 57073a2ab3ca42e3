package nl.pinbridge.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.CandidateRow;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.outcome.StateMachine;
import nl.pinbridge.provider.JqException;
import nl.pinbridge.provider.JqScript;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a webhook leads to. It is unsigned, so it changes no payment: it brings the next look forward, and where the payment's
 * transaction is not known it names one that the provider can be asked about. A webhook may come twice, late, early or forged.
 */
public final class Webhooks {
    /** Between two looks that webhooks ask for at one payment that is not over. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** The same where the payment is over and a webhook says otherwise. */
    static final Duration PAUSE_WHEN_OVER = Duration.ofSeconds(10);

    /** So many transactions are remembered for one payment; a provider names one. */
    static final int CANDIDATES = 5;

    /** So many lines about webhooks stand in one payment's story: who knows an address must not fill the ledger. */
    static final int LINES = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

    /** What became of a webhook. */
    public enum Effect {
        /** The provider is asked now, or as soon as the pause between looks is over. */
        LOOK,
        /** Our own call is still under way: the provider is asked when that is back. */
        PARKED,
        /** The payment is over, and the webhook says nothing else. */
        AGREES,
        /** It speaks of something else than its address does. */
        FOREIGN,
        /** There is nothing that the provider could be asked about. */
        USELESS,
        /** The ledger has no such payment. */
        ORPHAN
    }

    /**
     * What to do now.
     *
     * @param nudges for the world, once the ledger has it
     */
    public record Verdict(Effect effect, Nudges nudges) {}

    private final Ledger ledger;
    private final Function<String, @Nullable JqScript> mappings;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Timer lag;

    /**
     * @param mappings a provider's {@code webhook.jq}; null for a provider without one
     */
    public Webhooks(Ledger ledger, Function<String, @Nullable JqScript> mappings, Clock clock, MeterRegistry meters) {
        this.ledger = ledger;
        this.mappings = mappings;
        this.clock = clock;
        this.meters = meters;
        this.lag = Timer.builder("pinbridge.webhook.lag")
                .description("From a webhook's receipt to what it led to")
                .publishPercentiles(0.5, 0.95, 0.99)
                .register(meters);
    }

    /** Takes one webhook from the queue; running it twice does no harm. */
    public Verdict take(Webhook webhook) {
        Hint hint = read(webhook);
        Verdict verdict = ledger.inTransaction(tx -> judge(tx, webhook, hint));
        meters.counter(
                        "pinbridge.webhook.effects",
                        "provider",
                        webhook.provider(),
                        "effect",
                        verdict.effect().name().toLowerCase(Locale.ROOT))
                .increment();
        Duration waited = Duration.between(webhook.receivedAt(), clock.instant());
        lag.record(waited.isNegative() ? Duration.ZERO : waited);
        // Where one address stands for all payments, others than the bridge may have started what a webhook is about.
        if (verdict.effect() == Effect.ORPHAN && webhook.paymentId() != null) {
            LOG.warn(
                    "A webhook of {} is about payment {}, which the ledger does not have: was it restored from a backup?",
                    webhook.provider(),
                    webhook.paymentId());
        }
        return verdict;
    }

    private Hint read(Webhook webhook) {
        JqScript mapping = mappings.apply(webhook.provider());
        if (mapping == null) {
            return Hint.NOTHING;
        }
        ObjectNode input = Json.object();
        input.putObject("webhook").put("text", webhook.body());
        try {
            return Hint.of(mapping.apply(input));
        } catch (JqException e) {
            // The address alone says which payment to look at. What the script says of the text is not repeated: it may
            // hold it.
            LOG.warn(
                    "The webhook.jq of {} could not read a webhook of payment {}",
                    webhook.provider(),
                    webhook.paymentId());
            return Hint.NOTHING;
        }
    }

    private static Verdict judge(Tx tx, Webhook webhook, Hint hint) {
        String addressed = webhook.paymentId();
        String meant = addressed != null ? addressed : named(tx, webhook, hint);
        PaymentRow payment = meant == null
                ? null
                : tx.lockPayment(meant)
                        .filter(found -> found.provider().equals(webhook.provider()))
                        .orElse(null);
        if (payment == null) {
            if (addressed != null) {
                note(tx, addressed, null, "A webhook came for this payment, which the ledger does not have");
            }
            return new Verdict(Effect.ORPHAN, new Nudges());
        }
        String foreign = foreign(tx, payment, hint);
        if (foreign != null) {
            note(tx, payment.story(), payment.createdBy(), "A webhook is not believed: it names " + foreign);
            return new Verdict(Effect.FOREIGN, new Nudges());
        }
        if (hint.reason() != null) {
            note(tx, payment.story(), payment.createdBy(), "A webhook tells why it ended: " + hint.reason());
        }
        boolean over = !payment.status().isOpen();
        if (over && hint.says() != null && StateMachine.after(payment.status(), hint.says()) == payment.status()) {
            return new Verdict(Effect.AGREES, new Nudges());
        }
        Instant now = tx.now();
        if (payment.providerTransactionId() == null) {
            String named = hint.transaction();
            if (named == null || !remember(tx, payment, named, now)) {
                return new Verdict(Effect.USELESS, new Nudges());
            }
            boolean underWay = tx.openAttempt(payment.createdBy())
                    .filter(attempt -> attempt.outcome() == null)
                    .isPresent();
            if (underWay) {
                // The mark has set a look for the case that the call never comes back.
                tx.hinted(payment.id(), now, payment.nextLookAt());
                return new Verdict(Effect.PARKED, new Nudges());
            }
        }
        if (over) {
            note(
                    tx,
                    payment.story(),
                    payment.createdBy(),
                    "A webhook says something else than " + payment.status() + "; the provider is asked");
        }
        return new Verdict(Effect.LOOK, lookSoon(tx, payment, over ? PAUSE_WHEN_OVER : PAUSE, now));
    }

    /** The payment that a webhook itself names, where its address names none; null where it names none of ours. */
    private static @Nullable String named(Tx tx, Webhook webhook, Hint hint) {
        if (hint.ownReference() != null) {
            // Our reference is the payment's own id.
            return hint.ownReference();
        }
        return hint.providerTransactionId() == null
                ? null
                : tx.paymentByReference(hint.providerTransactionId())
                        .filter(found -> found.provider().equals(webhook.provider()))
                        .map(PaymentRow::id)
                        .orElse(null);
    }

    /** What the webhook names that is not this payment's; null when it names nothing else. */
    private static @Nullable String foreign(Tx tx, PaymentRow payment, Hint hint) {
        String known = payment.providerTransactionId();
        String named = hint.transaction();
        if (hint.ownReference() != null && !hint.ownReference().equals(payment.ownReference())) {
            return "the own reference " + hint.ownReference();
        }
        if (named == null) {
            return null;
        }
        if (known != null) {
            return hint.mayMean(known) ? null : "transaction " + named + " instead of " + known;
        }
        return tx.transactionBelongsToAnother(payment, named)
                ? "transaction " + named + ", which belongs to another payment"
                : null;
    }

    /** Keeps the transaction as a question to the provider; false when there is nothing to ask. */
    private static boolean remember(Tx tx, PaymentRow payment, String named, Instant now) {
        var known = tx.candidates(payment.id());
        for (var candidate : known) {
            if (candidate.providerTransactionId().equals(named)) {
                return candidate.isOpen();
            }
        }
        if (known.size() >= CANDIDATES) {
            note(tx, payment.story(), payment.createdBy(), "More transactions named by webhooks are not asked about");
            return false;
        }
        tx.addCandidate(payment.id(), named, CandidateRow.Source.WEBHOOK, now);
        note(
                tx,
                payment.story(),
                payment.createdBy(),
                "A webhook names transaction " + named + "; the provider is asked");
        return true;
    }

    private static Nudges lookSoon(Tx tx, PaymentRow payment, Duration pause, Instant now) {
        Instant earliest = payment.hintedAt() == null ? now : payment.hintedAt().plus(pause);
        Instant at = earliest.isAfter(now) ? earliest : now;
        Instant planned = payment.nextLookAt();
        if (planned != null && !planned.isAfter(at)) {
            return new Nudges();
        }
        tx.hinted(payment.id(), at, at);
        return new Nudges().look(payment.id(), at);
    }

    private static void note(Tx tx, String story, @Nullable String command, String text) {
        tx.historyOnce(story, command, "WEBHOOK", text, LINES);
    }
}
