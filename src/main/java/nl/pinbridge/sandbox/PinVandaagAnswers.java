package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What goes back to a caller of the simulated Pin Vandaag. */
final class PinVandaagAnswers extends Answers {
    private final PinVandaagChoices choices;

    PinVandaagAnswers(PinVandaagChoices choices) {
        this.choices = choices;
    }

    /** The answer about the latest transaction wraps it; a script means the transaction. */
    private static ObjectNode transaction(ObjectNode documented) {
        return documented.path("data") instanceof ObjectNode data ? data : documented;
    }

    @Override
    String word(ObjectNode documented) {
        return transaction(documented).path("status").asText();
    }

    @Override
    void amount(ObjectNode documented, long amount) {
        if (transaction(documented).has("amount")) {
            transaction(documented).put("amount", amount);
        }
    }

    @Override
    void status(ObjectNode documented, String word) {
        transaction(documented).put("status", word);
    }

    @Override
    void withoutId(ObjectNode documented) {
        transaction(documented).remove("transactionId");
    }

    @Override
    Delivery tooMany() {
        return refusal(429, "too many calls");
    }

    Delivery badRequest(String why) {
        return refusal(choices.badRequest(), why);
    }

    Delivery unreadable() {
        return json(
                choices.badRequest(), PinVandaagText.error("unreadable form"), "the request was not read to its end");
    }

    Delivery unknownTerminal() {
        return refusal(choices.unknownTerminal(), "unknown terminal");
    }

    Delivery wrongKey() {
        return refusal(choices.wrongKey(), "wrong key");
    }

    @Override
    Delivery busy() {
        return refusal(choices.busy(), "terminal is busy");
    }

    @Override
    Delivery notFound() {
        return json(
                choices.unknownTransaction(), PinVandaagText.notFound(), choices.unknownTransaction() + " not_found");
    }

    /** Where there is no operation to refuse anything: the path or the method is wrong, or nothing is built behind it. */
    static Delivery refusal(int status, String why) {
        return json(status, PinVandaagText.error(why), status + " " + why);
    }
}
