package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Scripts as the control API writes them; {@code docs/sandbox.md} describes the fields. */
final class Scripts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FIELDS = Set.of(
            "operation",
            "terminal",
            "ownReference",
            "times",
            "outcome",
            "customerDelayMs",
            "act",
            "answer",
            "status",
            "body",
            "amount",
            "word",
            "lateMs",
            "hold",
            "actAfterMs");

    private static final Set<String> WEBHOOK_FIELDS = Set.of("terminal", "times", "way", "lateMs", "asPrinted");

    private Scripts() {}

    /** @throws IllegalArgumentException with a sentence for the person who wrote it */
    static Fault read(JsonNode script) {
        if (!script.isObject()) {
            throw new IllegalArgumentException("a script is a JSON object");
        }
        script.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException("unknown field " + name);
            }
        });
        Long times = number(script, "times");
        Long delay = number(script, "customerDelayMs");
        Long late = number(script, "lateMs");
        Long actAfter = number(script, "actAfterMs");
        String outcome = text(script, "outcome");
        return new Fault(
                text(script, "operation"),
                text(script, "terminal"),
                text(script, "ownReference"),
                times == null ? null : Math.toIntExact(times),
                outcome == null ? null : Outcome.of(outcome),
                delay == null ? null : Duration.ofMillis(delay),
                flag(script, "act", true),
                answer(script),
                Duration.ofMillis(late == null ? 0 : late),
                flag(script, "hold", false),
                Duration.ofMillis(actAfter == null ? 0 : actAfter));
    }

    /** @throws IllegalArgumentException with a sentence for the person who wrote it */
    static WebhookScript webhook(JsonNode script) {
        if (!script.isObject()) {
            throw new IllegalArgumentException("a script is a JSON object");
        }
        script.fieldNames().forEachRemaining(name -> {
            if (!WEBHOOK_FIELDS.contains(name)) {
                throw new IllegalArgumentException("unknown field " + name);
            }
        });
        Long times = number(script, "times");
        Long late = number(script, "lateMs");
        String way = text(script, "way");
        return new WebhookScript(
                text(script, "terminal"),
                times == null ? null : Math.toIntExact(times),
                way == null ? WebhookScript.Way.ONCE : WebhookScript.Way.of(way),
                Duration.ofMillis(late == null ? 0 : late),
                flag(script, "asPrinted", false));
    }

    static ObjectNode write(Faults.InForce script) {
        Fault fault = script.fault();
        ObjectNode node = JSON.createObjectNode()
                .put("id", script.id())
                .put("operation", fault.operation())
                .put("terminal", fault.terminal())
                .put("ownReference", fault.ownReference())
                .put("left", script.left())
                .put("outcome", fault.outcome() == null ? null : fault.outcome().word())
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
            for (String field : Set.of("status", "body", "amount", "word")) {
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
