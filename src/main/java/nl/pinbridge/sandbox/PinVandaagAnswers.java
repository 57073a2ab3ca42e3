package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What goes back to a caller of the simulated Pin Vandaag: the documented answer, a refusal, or what a script makes of either. */
final class PinVandaagAnswers {
    private final PinVandaagChoices choices;

    PinVandaagAnswers(PinVandaagChoices choices) {
        this.choices = choices;
    }

    /** A refusal of the sandbox's own, unless the script replaces every answer. */
    Delivery refused(@Nullable Fault fault, Delivery refusal) {
        Answer answer = fault == null ? null : fault.answer();
        return answer instanceof Answer.Never
                        || answer instanceof Answer.Broken
                        || answer instanceof Answer.Http
                        || answer instanceof Answer.Empty
                        || answer instanceof Answer.NotJson
                ? shape(fault, PinVandaagText.error("refused"), false)
                : refusal;
    }

    /** The documented answer as the script wants it. */
    Delivery shape(@Nullable Fault fault, ObjectNode documented, boolean acted) {
        String when = acted ? " after acting" : " without acting";
        Answer answer = fault == null || fault.answer() == null ? new Answer.Documented() : fault.answer();
        // The answer about the latest transaction wraps it; a script means the transaction.
        ObjectNode transaction = documented.path("data") instanceof ObjectNode data ? data : documented;
        String word = transaction.path("status").asText();
        if (answer instanceof Answer.Documented) {
            return acted ? json(200, documented, "200 " + word) : new Delivery.Closed("closed without acting");
        } else if (answer instanceof Answer.Never) {
            return new Delivery.Silence("never answered" + when);
        } else if (answer instanceof Answer.Broken) {
            return new Delivery.Closed("closed" + when);
        } else if (answer instanceof Answer.Http http) {
            String body = http.body();
            return body == null
                    ? new Delivery.Whole(http.status(), "text/html", page(http.status()), http.status() + when)
                    : new Delivery.Whole(http.status(), "application/json", body, http.status() + when);
        } else if (answer instanceof Answer.Truncated truncated) {
            String body = documented.toString();
            return truncated.broken()
                    ? new Delivery.Cut(200, "application/json", body, "200 cut off" + when)
                    : new Delivery.Whole(
                            200, "application/json", body.substring(0, body.length() / 2), "200 truncated" + when);
        } else if (answer instanceof Answer.Empty) {
            return new Delivery.Whole(200, "application/json", "", "200 empty" + when);
        } else if (answer instanceof Answer.NotJson) {
            return new Delivery.Whole(200, "text/html", page(200), "200 not JSON" + when);
        } else if (answer instanceof Answer.WrongAmount wrong) {
            if (transaction.has("amount")) {
                transaction.put("amount", wrong.amount());
            }
            return json(200, documented, "200 " + word + ", wrong amount" + when);
        } else if (answer instanceof Answer.StatusWord other) {
            transaction.put("status", other.word());
            return json(200, documented, "200 " + other.word() + when);
        } else if (answer instanceof Answer.NoTransactionId) {
            transaction.remove("transactionId");
            return json(200, documented, "200 " + word + ", no transactionId" + when);
        } else if (answer instanceof Answer.NotFound) {
            return notFound();
        }
        return busy();
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

    Delivery busy() {
        return refusal(choices.busy(), "terminal is busy");
    }

    Delivery notFound() {
        return json(
                choices.unknownTransaction(), PinVandaagText.notFound(), choices.unknownTransaction() + " not_found");
    }

    /** Where there is no operation to refuse anything: the path or the method is wrong, or nothing is built behind it. */
    static Delivery refusal(int status, String why) {
        return json(status, PinVandaagText.error(why), status + " " + why);
    }

    static Delivery json(int status, ObjectNode body, String told) {
        return new Delivery.Whole(status, "application/json", body.toString(), told);
    }

    private static String page(int status) {
        return "<html><head><title>" + status + "</title></head><body><h1>" + status + "</h1></body></html>";
    }
}
