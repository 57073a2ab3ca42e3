package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What goes back to a caller of the simulated PayProxy. */
final class PayProxyAnswers extends Answers {
    private final PayProxyChoices choices;

    PayProxyAnswers(PayProxyChoices choices) {
        this.choices = choices;
    }

    @Override
    String word(ObjectNode documented) {
        return documented.path("status").asText();
    }

    /** The answer to a capture names no amount. */
    @Override
    void amount(ObjectNode documented, long amount) {
        if (documented.has("amount")) {
            documented.put("amount", PayProxyText.major(amount));
        }
    }

    @Override
    void status(ObjectNode documented, String word) {
        PayProxyText.status(documented, word);
    }

    /** What it could be found by at the terminal; the bridge itself can find nothing. */
    @Override
    void withoutId(ObjectNode documented) {
        documented.remove("stan");
        documented.remove("requestId");
    }

    @Override
    Delivery shape(@Nullable Fault fault, int ok, ObjectNode documented, boolean acted) {
        return written(super.shape(fault, ok, documented, acted));
    }

    private static Delivery written(Delivery delivery) {
        if (delivery instanceof Delivery.Whole whole) {
            return new Delivery.Whole(
                    whole.status(), whole.contentType(), PayProxyText.written(whole.body()), whole.told());
        }
        if (delivery instanceof Delivery.Cut cut) {
            return new Delivery.Cut(cut.status(), cut.contentType(), PayProxyText.written(cut.body()), cut.told());
        }
        return delivery;
    }

    @Override
    Delivery busy() {
        return refusal(choices.busy(), "terminal is busy");
    }

    @Override
    Delivery notFound() {
        return refusal(404, "not found");
    }

    @Override
    Delivery tooMany() {
        return refusal(429, "too many requests");
    }

    Delivery wrong(String why) {
        return refusal(choices.wrong(), why);
    }

    static Delivery refusal(int status, String why) {
        return json(status, PayProxyText.error(why), status + " " + why);
    }
}
