package nl.pinbridge.sandbox;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** How payments end at Bavindo and behind it at Adyen, and when there is a webhook (providers/bavindo.md §7 and §8.1). */
final class BavindoHouse implements House<BavindoOwn> {
    private final BavindoSetup setup;
    private final Webhooks webhooks;
    private final AtomicReference<@Nullable String> url;

    BavindoHouse(BavindoSetup setup, Webhooks webhooks) {
        this.setup = setup;
        this.webhooks = webhooks;
        this.url = new AtomicReference<>(setup.webhookUrl());
    }

    /** Where webhooks go from now on. */
    void sendTo(@Nullable String address) {
        url.set(address);
    }

    /** As long as the documented ids, whose last group is shorter than that of a UUID. */
    @Override
    public String id(Floor.Wish<BavindoOwn> wish, long sequence, Instant now) {
        long mixed = sequence * 0x9E3779B97F4A7C15L;
        return String.format(
                Locale.ROOT,
                "%08x-%04x-4%03x-b%03x-%08x",
                sequence,
                mixed >>> 48,
                mixed >>> 20 & 0xfff,
                mixed >>> 32 & 0xfff,
                mixed & 0xffffffffL);
    }

    @Override
    public Payment<BavindoOwn> settled(Payment<BavindoOwn> payment, Ending ending, Instant now) {
        Outcome outcome = ending.outcome() == null ? Outcome.PROCESSING_ERROR : ending.outcome();
        String own = ending.code();
        if (own != null && ending.outcome() == null) {
            outcome = own.equals(BavindoOwn.SUCCESS) ? Outcome.PAID : Outcome.NEVER_ENDS;
        }
        if (own != null && !own.equals(BavindoOwn.SUCCESS) && !own.equals(BavindoOwn.FAILURE)) {
            // A word that is no end, whatever it is: the terminal stays busy.
            return payment.with(payment.own()
                    .ended(
                            own,
                            ending.incident(),
                            payment.own().amount(),
                            payment.own().tip(),
                            now));
        }
        Payment<BavindoOwn> next = payment.over();
        if (outcome == Outcome.PAID || outcome == Outcome.AUTHORISED) {
            long charged = ending.amount() == null ? payment.amount() : ending.amount();
            // What is charged above the amount is what the customer tipped.
            long tip = Math.max(0, charged - payment.amount());
            return next.done(charged)
                    .with(payment.own()
                            .ended(
                                    Objects.requireNonNullElse(own, BavindoOwn.SUCCESS),
                                    ending.incident(),
                                    charged - tip,
                                    tip,
                                    now));
        }
        String condition =
                switch (outcome) {
                    case DECLINED -> "Refusal";
                    case CANCELLED_AT_TERMINAL, TIMED_OUT -> "Cancel";
                    case CANCELLED_BY_TILL -> "Aborted";
                    default -> "DeviceOut";
                };
        return next.with(payment.own()
                .ended(
                        Objects.requireNonNullElse(own, BavindoOwn.FAILURE),
                        Objects.requireNonNullElse(ending.incident(), condition),
                        payment.amount(),
                        0,
                        now));
    }

    @Override
    public void changed(Payment<BavindoOwn> before, Payment<BavindoOwn> after) {
        String address = url.get();
        if (address == null || after.own().status().equals(before.own().status())) {
            return;
        }
        if (setup.choices().display()) {
            webhooks.changed(new BavindoEvent(setup, after, address, "tender_final"));
        }
        webhooks.changed(new BavindoEvent(setup, after, address, null));
    }
}
