package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Scripts as the control API writes them; {@code docs/sandbox.md} describes the fields. */
final class Scripts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ENDING_FIELDS =
            Set.of("outcome", "customerDelayMs", "code", "incident", "charged", "fields", "then");
    private static final Set<String> FIELDS = union(
            ENDING_FIELDS,
            Set.of(
                    "provider",
                    "host",
                    "operation",
                    "terminal",
                    "ownReference",
                    "times",
                    "act",
                    "answer",
                    "status",
                    "body",
                    "amount",
                    "word",
                    "changes",
                    "lateMs",
                    "hold",
                    "actAfterMs"));

    private static final Set<String> WEBHOOK_FIELDS =
            Set.of("provider", "terminal", "times", "way", "lateMs", "asPrinted", "style");

    private Scripts() {}

    private static Set<String> union(Set<String> some, Set<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private static void known(JsonNode script, Set<String> fields) {
        if (!script.isObject()) {
            throw new IllegalArgumentException("a script is a JSON object");
        }
        script.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw new IllegalArgumentException("unknown field " + name);
            }
        });
    }

    /** @throws IllegalArgumentException with a sentence for the person who wrote it */
    static Fault read(JsonNode script) {
        known(script, FIELDS);
        return new Fault(
                new Fault.Which(
                        text(script, "provider"),
                        text(script, "host"),
                        text(script, "operation"),
                        text(script, "terminal"),
                        text(script, "ownReference")),
                times(script),
                readEnding(script),
                flag(script, "act", true),
                answer(script),
                delay(script, "lateMs"),
                flag(script, "hold", false),
                delay(script, "actAfterMs"));
    }

    /**
     * What somebody does now with a payment.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it
     */
    static Ending act(JsonNode script) {
        known(script, union(ENDING_FIELDS, Set.of("transactionId")));
        Ending ending = readEnding(script);
        if (ending.outcome() == null && ending.code() == null) {
            throw new IllegalArgumentException("unknown outcome: give an outcome or a code");
        }
        return ending;
    }

    private static Ending readEnding(JsonNode script) {
        String outcome = text(script, "outcome");
        Ending ending = new Ending(
                outcome == null ? null : Outcome.of(outcome),
                number(script, "customerDelayMs") == null ? null : delay(script, "customerDelayMs"),
                text(script, "code"),
                text(script, "incident"),
                number(script, "charged"),
                fields(script, "fields"),
                null);
        JsonNode then = script.path("then");
        if (then.isMissingNode()) {
            return ending;
        }
        known(then, union(ENDING_FIELDS, Set.of("afterMs")));
        return ending.then(readEnding(then), delay(then, "afterMs"));
    }

    private static Map<String, JsonNode> fields(JsonNode script, String name) {
        JsonNode values = script.path(name);
        if (values.isMissingNode()) {
            return Map.of();
        }
        if (!values.isObject()) {
            throw new IllegalArgumentException(name + " is an object of JSON pointers and values");
        }
        Map<String, JsonNode> fields = new HashMap<>();
        values.fields().forEachRemaining(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    /** @throws IllegalArgumentException with a sentence for the person who wrote it */
    static WebhookScript webhook(JsonNode script) {
        known(script, WEBHOOK_FIELDS);
        String way = text(script, "way");
        WebhookScript read = new WebhookScript(
                text(script, "provider"),
                text(script, "terminal"),
                times(script),
                way == null ? WebhookScript.Way.ONCE : WebhookScript.Way.of(way),
                delay(script, "lateMs"),
                text(script, "style"));
        return flag(script, "asPrinted", false) ? read.printed() : read;
    }

    private static @Nullable Integer times(JsonNode script) {
        Long times = number(script, "times");
        return times == null ? null : Math.toIntExact(times);
    }

    private static Duration delay(JsonNode script, String field) {
        Long millis = number(script, field);
        return Duration.ofMillis(millis == null ? 0 : millis);
    }

    static ObjectNode write(Faults.InForce script) {
        Fault fault = script.fault();
        Ending ending = fault.ending();
        ObjectNode node = JSON.createObjectNode()
                .put("id", script.id())
                .put("provider", fault.calls().provider())
                .put("host", fault.calls().host())
                .put("operation", fault.calls().operation())
                .put("terminal", fault.calls().terminal())
                .put("ownReference", fault.calls().ownReference())
                .put("left", script.left())
                .put(
                        "outcome",
                        ending.outcome() == null ? null : ending.outcome().word())
                .put("code", ending.code())
                .put("incident", ending.incident())
                .put("act", fault.act())
                .put("lateMs", fault.late().toMillis())
                .put("hold", fault.hold())
                .put("actAfterMs", fault.actAfter().toMillis());
        node.put("answer", fault.answer() == null ? null : fault.answer().toString());
        return node;
    }

    private static @Nullable Answer answer(JsonNode script) {
        String name = text(script, "answer");
        if (name == null) {
            for (String field : Set.of("status", "body", "amount", "word", "changes")) {
                if (script.has(field)) {
                    throw new IllegalArgumentException(field + " needs an answer that uses it");
                }
            }
            return null;
        }
        return switch (name) {
            case "documented" -> new Answer.Documented();
            case "never" -> new Answer.Never();
            case "break" -> new Answer.Broken();
            case "http" -> new Answer.Http(Math.toIntExact(required(script, "status")), text(script, "body"));
            case "truncated" -> new Answer.Truncated(false);
            case "cut-off" -> new Answer.Truncated(true);
            case "empty" -> new Answer.Empty();
            case "not-json" -> new Answer.NotJson();
            case "wrong-amount" -> new Answer.WrongAmount(required(script, "amount"));
            case "status-word" -> {
                String word = text(script, "word");
                if (word == null) {
                    throw new IllegalArgumentException("status-word needs word");
                }
                yield new Answer.StatusWord(word);
            }
            case "not-found" -> new Answer.NotFound();
            case "no-transaction-id" -> new Answer.NoTransactionId();
            case "busy" -> new Answer.Busy();
            case "too-many" -> new Answer.TooMany();
            case "changed" -> new Answer.Changed(fields(script, "changes"));
            default -> throw new IllegalArgumentException("unknown answer " + name);
        };
    }

    private static long required(JsonNode script, String field) {
        Long value = number(script, field);
        if (value == null) {
            throw new IllegalArgumentException("this answer needs " + field);
        }
        return value;
    }

    private static @Nullable String text(JsonNode script, String field) {
        JsonNode value = script.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is a text");
        }
        return value.textValue();
    }

    private static @Nullable Long number(JsonNode script, String field) {
        JsonNode value = script.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(field + " is a whole number");
        }
        return value.longValue();
    }

    private static boolean flag(JsonNode script, String field, boolean otherwise) {
        JsonNode value = script.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new IllegalArgumentException(field + " is true or false");
        }
        return value.booleanValue();
    }
}
