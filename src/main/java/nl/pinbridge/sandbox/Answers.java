package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What goes back to a caller: the documented answer, a refusal, or what a script makes of either. What differs by provider is left open. */
abstract class Answers {
    private static final String JSON = "application/json";

    /** How the answer is called in the list of calls, for example by its status. */
    abstract String word(ObjectNode documented);

    /** Puts another amount in, minor units; without one, nothing. */
    abstract void amount(ObjectNode documented, long amount);

    /** Puts another status word or code in. */
    abstract void status(ObjectNode documented, String word);

    /** Takes away whatever the caller could find the transaction by. */
    abstract void withoutId(ObjectNode documented);

    abstract Delivery busy();

    abstract Delivery notFound();

    /** Too many calls. */
    abstract Delivery tooMany();

    /** A refusal of the provider's own, unless the script replaces every answer. */
    Delivery refused(@Nullable Fault fault, Delivery refusal) {
        Answer answer = fault == null ? null : fault.answer();
        return answer instanceof Answer.Never
                        || answer instanceof Answer.Broken
                        || answer instanceof Answer.Http
                        || answer instanceof Answer.Empty
                        || answer instanceof Answer.NotJson
                        || answer instanceof Answer.TooMany
                ? always(answer, 200, " without acting")
                : refusal;
    }

    /** The documented answer as the script wants it. */
    Delivery shape(@Nullable Fault fault, int ok, ObjectNode documented, boolean acted) {
        String when = acted ? " after acting" : " without acting";
        Answer answer = fault == null || fault.answer() == null ? new Answer.Documented() : fault.answer();
        String word = word(documented);
        if (answer instanceof Answer.Documented) {
            return acted ? json(ok, documented, ok + " " + word) : new Delivery.Closed("closed without acting");
        } else if (answer instanceof Answer.Truncated truncated) {
            String body = documented.toString();
            return truncated.broken()
                    ? new Delivery.Cut(ok, JSON, body, ok + " cut off" + when)
                    : new Delivery.Whole(ok, JSON, body.substring(0, body.length() / 2), ok + " truncated" + when);
        } else if (answer instanceof Answer.WrongAmount wrong) {
            amount(documented, wrong.amount());
            return json(ok, documented, ok + " " + word + ", wrong amount" + when);
        } else if (answer instanceof Answer.StatusWord other) {
            status(documented, other.word());
            return json(ok, documented, ok + " " + other.word() + when);
        } else if (answer instanceof Answer.NoTransactionId) {
            withoutId(documented);
            return json(ok, documented, ok + " " + word + ", no transactionId" + when);
        } else if (answer instanceof Answer.Changed changed) {
            return json(ok, Fields.put(documented, changed.fields()), ok + " " + word + ", changed" + when);
        } else if (answer instanceof Answer.NotFound) {
            return notFound();
        } else if (answer instanceof Answer.Busy) {
            return busy();
        }
        return always(answer, ok, when);
    }

    /** The answers that look the same whatever is asked. */
    private Delivery always(Answer answer, int ok, String when) {
        if (answer instanceof Answer.Never) {
            return new Delivery.Silence("never answered" + when);
        } else if (answer instanceof Answer.Broken) {
            return new Delivery.Closed("closed" + when);
        } else if (answer instanceof Answer.Http http) {
            String body = http.body();
            return body == null
                    ? new Delivery.Whole(http.status(), "text/html", page(http.status()), http.status() + when)
                    : new Delivery.Whole(http.status(), JSON, body, http.status() + when);
        } else if (answer instanceof Answer.Empty) {
            return new Delivery.Whole(ok, JSON, "", ok + " empty" + when);
        } else if (answer instanceof Answer.NotJson) {
            return new Delivery.Whole(ok, "text/html", page(ok), ok + " not JSON" + when);
        } else if (answer instanceof Answer.TooMany) {
            return tooMany();
        }
        throw new IllegalStateException(answer.toString());
    }

    static Delivery json(int status, ObjectNode body, String told) {
        return new Delivery.Whole(status, JSON, body.toString(), told);
    }

    private static String page(int status) {
        return "<html><head><title>" + status + "</title></head><body><h1>" + status + "</h1></body></html>";
    }
}
