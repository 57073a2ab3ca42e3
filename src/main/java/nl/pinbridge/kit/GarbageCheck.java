package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.JqException;
import nl.pinbridge.provider.JqScript;
import nl.pinbridge.provider.ProviderFolder;
import org.jspecify.annotations.Nullable;

/**
 * What is not understood proves nothing: neither that money moved, nor that none did. A mapping is shown what is no answer at all, and
 * then each recorded answer with one place of it spoilt.
 */
final class GarbageCheck {
    /** What the bridge books on, or tells the sender as done. */
    static final Set<String> PROOF = Set.of("PAID", "AUTHORISED", "CHARGED_BACK", "NOT_PAID", "DONE");

    private static final String HTML = "<html><body><h1>Service Unavailable</h1></body></html>";

    /** Bodies that nobody documents. */
    static final List<String> BODIES = List.of(
            "{}",
            "[]",
            "[{}]",
            "[[]]",
            "\"kit\"",
            "7",
            "true",
            "{\"error\":\"kit\"}",
            "{\"error\":{\"code\":\"KIT-0\",\"message\":\"kit\"}}",
            "{\"errors\":[{\"code\":\"KIT-0\"}]}",
            "{\"errors\":{\"general\":{\"code\":\"KIT-0\",\"message\":\"kit\"}}}",
            "{\"message\":\"kit\"}",
            "{\"status\":\"kit\"}",
            "{\"status\":7}",
            "{\"status\":{\"code\":7,\"action\":\"KIT\"}}",
            "{\"status\":null,\"data\":null}",
            "{\"code\":\"KIT-0\",\"type\":\"about:blank\",\"title\":\"kit\",\"detail\":\"kit\"}",
            "{\"data\":{}}",
            "{\"transactions\":\"kit\"}");

    private static final int[] STATUSES = {200, 400, 404, 408, 409, 429, 500, 502, 503, 504};

    /** What a place of a good answer is spoilt with; null takes it away. */
    private static final List<@Nullable JsonNode> SPOILT = spoilt();

    private static final List<String> WEBHOOKS = List.of(
            "",
            " ",
            "null",
            "7",
            "\"kit\"",
            "[]",
            "[{}]",
            "{}",
            "{\"kit\":",
            "{\"status\":[],\"id\":{}}",
            "{\"object\":\"kit\"}",
            "{\"object\":{\"status\":\"kit\"}}",
            "kit=1&kit=2",
            "%%%",
            "\u0000\u0001",
            HTML);

    private final KitFolder folder;

    private GarbageCheck(KitFolder folder) {
        this.folder = folder;
    }

    private static List<@Nullable JsonNode> spoilt() {
        List<@Nullable JsonNode> all = new ArrayList<>();
        all.add(null);
        for (String text :
                List.of("null", "\"kit-unknown\"", "\"\"", "987654", "-987654", "1.5", "true", "[]", "{}", "[7]")) {
            all.add(Json.read(text));
        }
        return all;
    }

    static void check(KitFolder folder) {
        GarbageCheck check = new GarbageCheck(folder);
        for (String name : folder.scriptFiles()) {
            JqScript script = folder.script(name);
            if (script == null) {
                continue;
            }
            if (!folder.wiring().readBy(name).isEmpty()) {
                check.noAnswers(name, script);
                check.spoiltAnswers(name, script);
            }
            if (folder.wiring().conditions().contains(name)) {
                check.condition(name, script);
            }
            if (name.equals(ProviderFolder.WEBHOOK)) {
                check.webhook(script);
            }
        }
    }

    /** The jobs of recorded examples, one for each operation and brand. */
    private List<JsonNode> jobs(String script) {
        Map<String, JsonNode> jobs = new LinkedHashMap<>();
        for (Example example : folder.examplesOf(script)) {
            JsonNode job = example.input().path("job");
            if (job.isObject()) {
                jobs.putIfAbsent(job.path("operation") + "/" + job.at("/terminal/brand"), job);
            }
        }
        return List.copyOf(jobs.values());
    }

    private static ObjectNode answer(@Nullable Integer status, @Nullable JsonNode json, @Nullable String text) {
        ObjectNode answer = Json.object().put("status", status);
        answer.set("json", json == null ? NullNode.getInstance() : json);
        return answer.put("text", text);
    }

    static List<ObjectNode> nonsense() {
        List<ObjectNode> all = new ArrayList<>();
        all.add(answer(null, null, null));
        for (int status : STATUSES) {
            all.add(answer(status, null, ""));
            all.add(answer(status, null, HTML));
            for (String body : BODIES) {
                all.add(answer(status, Json.read(body), null));
            }
        }
        return all;
    }

    private static JsonNode input(JsonNode job, JsonNode answer) {
        ObjectNode input = Json.object();
        input.set("job", job);
        input.set("answer", answer);
        return input;
    }

    private void noAnswers(String name, JqScript script) {
        for (JsonNode job : jobs(name)) {
            for (ObjectNode answer : nonsense()) {
                folder.notes().tried(Chapter.DOUBT);
                JsonNode output = run(name, script, input(job, answer), shown(answer));
                if (output == null) {
                    continue;
                }
                String proved = proved(output);
                boolean words = answer.path("json").isContainerNode();
                if (proved != null) {
                    proves(name, "says " + proved + " of " + shown(answer));
                } else if (!words && !isNothing(output)) {
                    proves(name, "takes " + shown(answer) + " for an answer: " + brief(output));
                }
            }
        }
    }

    /** Unreadable, in the one way or the other in which mappings say so. */
    static boolean isNothing(JsonNode output) {
        return output.has("readable")
                ? !output.path("readable").asBoolean(true)
                : output.path("state").asText().equals("UNREADABLE");
    }

    private static @Nullable String proved(JsonNode output) {
        for (JsonNode row : output.path("rows")) {
            if (PROOF.contains(row.path("state").asText())) {
                return row.path("state").asText();
            }
        }
        String state = output.path("state").asText();
        return PROOF.contains(state) ? state : null;
    }

    private void spoiltAnswers(String name, JqScript script) {
        Set<String> done = new HashSet<>();
        Set<String> deciding = new HashSet<>();
        Map<String, String> proofs = new LinkedHashMap<>();
        for (Example example : folder.examplesOf(name)) {
            JsonNode recorded = KitFolder.run(script, example.input());
            // What was not read may become readable by a change: that is no proof out of nothing.
            if (recorded == null
                    || recorded.has("readable")
                    || isNothing(recorded)
                    || !example.said().isContainerNode()) {
                continue;
            }
            String state = recorded.path("state").asText();
            if (PROOF.contains(state)) {
                proofs.putIfAbsent(state, example.file());
            }
            for (Spot spot : Spot.below(example.input(), "answer", "json")) {
                // A receipt may be waited for, and any receipt ends the waiting: the status has said what became of the
                // money.
                if (spot.steps().contains("receipt")) {
                    continue;
                }
                if (!done.add(spot.anyItem() + " " + state + spot.value().getNodeType())) {
                    continue;
                }
                for (JsonNode other : SPOILT) {
                    folder.notes().tried(Chapter.DOUBT);
                    String what = example.file() + " with " + spot.shown() + (other == null ? " gone" : " = " + other);
                    JsonNode output = run(name, script, spot.with(example.input(), other), what);
                    if (output == null) {
                        continue;
                    }
                    String now = output.path("state").asText();
                    if (!PROOF.contains(now)) {
                        deciding.add(state);
                    } else if (!now.equals(state) && !isToldByAnExample(name, spot, other, state, now)) {
                        proves(name, "says " + now + " of " + what + ", and " + state + " of it as it was recorded");
                    }
                }
            }
        }
        proofs.forEach((state, file) -> {
            if (!deciding.contains(state)) {
                proves(name, "says " + state + " of " + file + " whatever stands in the answer's places");
            }
        });
    }

    /**
     * A place that may be empty, and is no information then: an example is recorded in which it is, and which proves just that. That
     * holds for what proved nothing because of this place, and never makes one proof into another.
     */
    private boolean isToldByAnExample(String name, Spot spot, @Nullable JsonNode other, String state, String now) {
        return (other == null || other.isNull() || (other.isObject() && other.isEmpty()))
                && !PROOF.contains(state)
                && folder.examplesOf(name).stream()
                        .filter(example ->
                                example.output().path("state").asText().equals(now))
                        .map(example -> spot.in(example.input()))
                        .anyMatch(value -> value.isMissingNode() || value.isNull());
    }

    private void condition(String name, JqScript script) {
        for (JsonNode job : jobs(name)) {
            for (ObjectNode answer : nonsense()) {
                folder.notes().tried(Chapter.DOUBT);
                try {
                    script.test(input(job, answer));
                } catch (JqException e) {
                    fails(name, "decides nothing for " + shown(answer) + ": " + KitFolder.firstLine(e));
                }
            }
        }
    }

    private void webhook(JqScript script) {
        Set<String> proofs = new LinkedHashSet<>();
        for (String text : WEBHOOKS) {
            folder.notes().tried(Chapter.DOUBT);
            ObjectNode input = Json.object();
            input.putObject("webhook").put("text", text);
            String what =
                    "a webhook of " + Json.write(Json.MAPPER.getNodeFactory().textNode(text));
            JsonNode output = run(ProviderFolder.WEBHOOK, script, input, what);
            if (output == null) {
                continue;
            }
            String proved = proved(output);
            if (!output.isObject()) {
                fails(ProviderFolder.WEBHOOK, "puts out no object for " + what);
            } else if (proved != null && proofs.add(proved)) {
                proves(ProviderFolder.WEBHOOK, "says " + proved + " of " + what);
            }
        }
    }

    private @Nullable JsonNode run(String name, JqScript script, JsonNode input, String what) {
        try {
            return script.apply(input);
        } catch (JqException e) {
            fails(name, "fails for " + what + ": " + KitFolder.firstLine(e));
            return null;
        }
    }

    private void fails(String name, String wrong) {
        folder.notes().some(KitRule.GARBAGE_FAILS, name, wrong);
    }

    private void proves(String name, String wrong) {
        folder.notes().some(KitRule.GARBAGE_PROVES, name, wrong);
    }

    static String shown(JsonNode answer) {
        if (answer.path("status").isNull()) {
            return "no answer at all";
        }
        String body = answer.path("json").isNull()
                ? answer.path("text").asText().isEmpty() ? "without a body" : "with a page in HTML"
                : "with the body " + answer.path("json");
        return "a status " + answer.path("status") + " " + body;
    }

    private static String brief(JsonNode output) {
        String text = output.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
