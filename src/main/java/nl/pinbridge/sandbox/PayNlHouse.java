package nl.pinbridge.sandbox;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How orders end at PAY., what money that moves, and when there is an exchange (providers/paynl.md §4.3, §7 to §11, §14). */
final class PayNlHouse implements House<PayNlOwn> {
    private static final Pattern CODE = Pattern.compile("(-?[0-9]{1,6})(?:[ /](.+))?");

    private final PayNlSetup setup;
    private final Webhooks webhooks;
    /** From every other name of an order to its id. */
    private final Map<String, String> names = new ConcurrentHashMap<>();

    PayNlHouse(PayNlSetup setup, Webhooks webhooks) {
        this.setup = setup;
        this.webhooks = webhooks;
    }

    @Override
    public String id(Floor.Wish<PayNlOwn> wish, long sequence, Instant now) {
        String id = PayNlText.id(sequence, now);
        names.put(PayNlText.orderId(sequence), id);
        names.put(PayNlText.transactionCode(sequence), id);
        return id;
    }

    /** The id behind an {@code orderId} or an EX-code; null when there is none. */
    @Nullable
    String named(String name) {
        return names.get(name);
    }

    void reset() {
        names.clear();
    }

    @Override
    public Payment<PayNlOwn> settled(Payment<PayNlOwn> payment, Ending ending, Instant now) {
        PayNlOwn.State was = payment.own().state();
        Outcome outcome = ending.outcome();
        int code = usual(outcome);
        String action = null;
        String own = ending.code();
        if (own != null) {
            Matcher written = CODE.matcher(own);
            if (written.matches()) {
                code = Integer.parseInt(written.group(1));
                action = written.group(2);
            } else {
                action = own;
            }
        }
        String incident = ending.incident();
        if (incident == null) {
            incident = own != null && outcome == null && code < 0 ? null : incident(outcome, code);
        }
        boolean pending = PayNlCodes.pending(code);
        Payment<PayNlOwn> next = payment.with(payment.own()
                .with(new PayNlOwn.State(
                        code,
                        action,
                        incident,
                        was.supplied() || !pending,
                        now,
                        code == PayNlCodes.PAID && was.completedAt() == null ? now : was.completedAt(),
                        was.refundedAt())));
        return money(pending ? next : next.over(), code, ending.amount());
    }

    private static Payment<PayNlOwn> money(Payment<PayNlOwn> payment, int code, @Nullable Long scripted) {
        Moved moved = payment.moved();
        long amount = scripted == null ? payment.amount() : scripted;
        if (code == PayNlCodes.PAID || code == -51) {
            return payment.done(amount);
        } else if (code == PayNlCodes.AUTHORISE || code == PayNlCodes.VERIFY) {
            return payment.moved(moved.authorised(amount));
        } else if (code == PayNlCodes.PARTLY_CAPTURED) {
            return payment.moved(moved.authorised(payment.amount()).paid(scripted == null ? 0 : scripted));
        } else if (code == 80) {
            return scripted == null ? payment : payment.done(scripted);
        } else if (code == PayNlCodes.VOIDED || code == PayNlCodes.DECLINED_AFTER_VERIFY) {
            return payment.moved(moved.released(moved.authorised() - moved.paid()));
        } else if (PayNlCodes.chargedBack(code)) {
            return payment.moved(moved.chargedBack(moved.paid()));
        } else if (PayNlCodes.refunded(code) && !payment.refund()) {
            return payment.moved(moved.refunded(scripted == null ? moved.paid() : scripted));
        }
        return payment;
    }

    private int usual(@Nullable Outcome outcome) {
        PayNlChoices.Codes codes = setup.choices().codes();
        return outcome == null
                ? codes.waiting()
                : switch (outcome) {
                    case PAID -> PayNlCodes.PAID;
                    case AUTHORISED -> PayNlCodes.AUTHORISE;
                    case DECLINED -> codes.declined();
                    case CANCELLED_AT_TERMINAL -> codes.cancelled();
                    case CANCELLED_BY_TILL -> PayNlCodes.CANCEL;
                    case TIMED_OUT -> codes.timedOut();
                    case PROCESSING_ERROR -> codes.failed();
                    case NEVER_ENDS -> codes.waiting();
                };
    }

    private static @Nullable String incident(@Nullable Outcome outcome, int code) {
        if (outcome == null) {
            return code >= PayNlCodes.VERIFY && !PayNlCodes.pending(code) ? "0000" : null;
        }
        return switch (outcome) {
            case PAID, AUTHORISED -> "0000";
            case DECLINED -> "2631";
            case CANCELLED_AT_TERMINAL -> "2629";
            case TIMED_OUT -> "1803";
            case PROCESSING_ERROR -> "1811";
            case CANCELLED_BY_TILL, NEVER_ENDS -> null;
        };
    }

    @Override
    public void changed(Payment<PayNlOwn> before, Payment<PayNlOwn> after) {
        String url = after.own().order().exchangeUrl();
        boolean same = after.own().state().code() == before.own().state().code()
                && after.moved().equals(before.moved());
        boolean cancelled = after.own().state().code() == PayNlCodes.CANCEL;
        if (url != null
                && !url.isEmpty()
                && !same
                && (!cancelled || setup.choices().exchange().cancels())) {
            webhooks.changed(new PayNlExchange(setup, after, url));
        }
    }
}
