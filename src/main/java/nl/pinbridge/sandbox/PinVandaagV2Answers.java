package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What goes back to a caller of the simulated Pin Vandaag V2. */
final class PinVandaagV2Answers extends Answers {
    private final PinVandaagV2Choices choices;

    PinVandaagV2Answers(PinVandaagV2Choices choices) {
        this.choices = choices;
    }

    /** The answer about a transaction wraps it; a script means the transaction. */
    private static ObjectNode transaction(ObjectNode documented) {
        return documented.path("transaction") instanceof ObjectNode row ? row : documented;
    }

    @Override
    String word(ObjectNode documented) {
        ObjectNode row = transaction(documented);
        return row.has("status")
                ? row.path("status").asText()
                : documented.at("/worldline/status").asText();
    }

    /** The answer to a start has no amount of its own. */
    @Override
    void amount(ObjectNode documented, long amount) {
        transaction(documented).put("amount", amount);
    }

    @Override
    void status(ObjectNode documented, String word) {
        transaction(documented).put("status", word);
    }

    @Override
    void withoutId(ObjectNode documented) {
        transaction(documented).remove("transaction_id");
    }

    @Override
    Delivery busy() {
        return refusal(choices.busy(), "terminal is busy");
    }

    @Override
    Delivery notFound() {
        return json(404, PinVandaagV2Text.done("not_found", "transaction not found"), "404 not_found");
    }

    @Override
    Delivery tooMany() {
        return refusal(429, "too many calls");
    }

    Delivery wrongKey() {
        return refusal(choices.wrongKey(), "wrong key");
    }

    Delivery unknownTerminal() {
        return refusal(choices.unknownTerminal(), "unknown terminal");
    }

    Delivery none() {
        return refusal(404, "no transactions");
    }

    /** Done, with nothing to tell. */
    Delivery done(ObjectNode documented, String told) {
        return choices.bodiless()
                ? new Delivery.Whole(204, "application/json", "", "204 " + told)
                : json(200, documented, "200 " + told);
    }

    Delivery invalid(String field, String rule, String why) {
        return json(400, PinVandaagV2Text.invalid(field, rule, why), "400 " + field + ": " + why);
    }

    static Delivery refusal(int status, String why) {
        return json(status, PinVandaagV2Text.error(why), status + " " + why);
    }
}
