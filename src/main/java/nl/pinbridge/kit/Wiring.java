package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which mapping stands before and after which call, as the folder's routes say. */
final class Wiring {
    private static final Pattern SCRIPT =
            Pattern.compile("resource:file:\\{\\{pinbridge\\.routes}}/providers/([^/]+)/([^/]+\\.jq)");

    private final String provider;
    private final Set<String> entries = new LinkedHashSet<>();
    private final Map<String, Integer> calls = new LinkedHashMap<>();
    private final Map<String, Set<String>> requests = new LinkedHashMap<>();
    private final Map<String, Set<String>> answers = new LinkedHashMap<>();
    private final Set<String> conditions = new LinkedHashSet<>();
    private final Set<String> foreign = new TreeSet<>();

    Wiring(String provider) {
        this.provider = provider;
    }

    /** Takes in one route file. */
    void read(JsonNode yaml) {
        for (JsonNode item : yaml) {
            JsonNode from = item.path("route").path("from");
            entries.add(from.path("uri").asText());
            steps(from.path("steps"), null);
        }
    }

    /** Every way to the end of the steps has a call; the mappings after the last one read its answer. */
    private void steps(JsonNode steps, @Nullable String before) {
        String call = before;
        List<String> pending = new ArrayList<>();
        for (JsonNode step : steps) {
            JsonNode to = step.path("to");
            String uri = to.isTextual() ? to.textValue() : to.path("uri").asText();
            if (uri.startsWith("provider-call:")) {
                String operation = uri.substring(uri.indexOf('/') + 1);
                if (!uri.equals("provider-call:" + provider + "/" + operation)) {
                    foreign.add(uri);
                    continue;
                }
                calls.merge(operation, 1, Integer::sum);
                put(requests, operation, pending);
                pending.clear();
                call = operation;
            } else if (step.has("transform")) {
                script(step.path("transform")).ifPresent(pending::add);
            } else if (step.has("choice")) {
                JsonNode choice = step.path("choice");
                for (JsonNode when : choice.path("when")) {
                    script(when).ifPresent(conditions::add);
                    steps(when.path("steps"), call);
                }
                steps(choice.path("otherwise").path("steps"), call);
            }
        }
        if (call != null) {
            put(answers, call, pending);
        }
    }

    private java.util.Optional<String> script(JsonNode holder) {
        JsonNode jq =
                holder.path("expression").has("jq") ? holder.path("expression").path("jq") : holder.path("jq");
        String text = jq.isTextual() ? jq.textValue() : jq.path("expression").asText("");
        if (text.isEmpty()) {
            return java.util.Optional.empty();
        }
        Matcher script = SCRIPT.matcher(text);
        if (script.matches() && script.group(1).equals(provider)) {
            return java.util.Optional.of(script.group(2));
        }
        foreign.add(text);
        return java.util.Optional.empty();
    }

    private static void put(Map<String, Set<String>> all, String operation, List<String> scripts) {
        all.computeIfAbsent(operation, key -> new LinkedHashSet<>()).addAll(scripts);
    }

    /** Where the routes begin. */
    Set<String> entries() {
        return entries;
    }

    /** How often an operation is called. */
    int calls(String operation) {
        return calls.getOrDefault(operation, 0);
    }

    Set<String> called() {
        return calls.keySet();
    }

    /** The mappings before the call of an operation. */
    Set<String> requests(String operation) {
        return requests.getOrDefault(operation, Set.of());
    }

    /** The mappings after the call of an operation. */
    Set<String> answers(String operation) {
        return answers.getOrDefault(operation, Set.of());
    }

    /** The operations that a mapping makes the request of. */
    Set<String> requestedBy(String script) {
        return operations(requests, script);
    }

    /** The operations whose answer a mapping reads. */
    Set<String> readBy(String script) {
        return operations(answers, script);
    }

    private static Set<String> operations(Map<String, Set<String>> all, String script) {
        Set<String> names = new LinkedHashSet<>();
        all.forEach((operation, scripts) -> {
            if (scripts.contains(script)) {
                names.add(operation);
            }
        });
        return names;
    }

    /** Scripts that decide which way a route goes. */
    Set<String> conditions() {
        return conditions;
    }

    /** What does not belong to this provider. */
    Set<String> foreign() {
        return foreign;
    }

    /** Every script that a route names. */
    Set<String> scripts() {
        Set<String> all = new TreeSet<>(conditions);
        requests.values().forEach(all::addAll);
        answers.values().forEach(all::addAll);
        return all;
    }
}
