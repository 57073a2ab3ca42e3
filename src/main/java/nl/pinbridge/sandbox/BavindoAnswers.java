package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** What goes back to a caller of the simulated Bavindo. */
final class BavindoAnswers extends Answers {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BavindoSetup.Choices choices;

    BavindoAnswers(BavindoSetup.Choices choices) {
        this.choices = choices;
    }

    @Override
    String word(ObjectNode documented) {
        return documented.path(documented.has("status") ? "status" : "event").asText("ok");
    }

    /** Bavindo and Adyen both tell the other amount; the book and the receipt keep the real one. */
    @Override
    void amount(ObjectNode documented, long amount) {
        if (documented.path("payment_amount") instanceof ObjectNode money) {
            long total = amount + money.path("amount_tip").asLong();
            money.put("amount", amount).put("amount_total", total);
            if (documented.at(BavindoText.AUTHORISED) instanceof ObjectNode sums) {
                sums.put("AuthorizedAmount", BigDecimal.valueOf(total, 2));
            }
        } else if (documented.has("amount")) {
            documented.put("amount", amount).put("amount_total", amount);
        }
    }

    @Override
    void status(ObjectNode documented, String word) {
        documented.put(documented.has("status") ? "status" : "event", word);
    }

    @Override
    void withoutId(ObjectNode documented) {
        documented.remove("payment_id");
    }

    @Override
    Delivery busy() {
        return refusal(choices.busy(), "Terminal is busy");
    }

    @Override
    Delivery notFound() {
        return refusal(404, "Payment Not Found");
    }

    @Override
    Delivery tooMany() {
        return refusal(429, "Too many requests");
    }

    Delivery wrongKey() {
        return refusal(choices.wrongKey(), "Unauthenticated");
    }

    Delivery otherStore(String what) {
        return refusal(choices.otherStore(), what + " does not belong to this store");
    }

    Delivery badRequest(String why) {
        return refusal(choices.badRequest(), why);
    }

    static Delivery refusal(int status, String why) {
        return json(status, JSON.createObjectNode().put("message", why), status + " " + why);
    }
}
