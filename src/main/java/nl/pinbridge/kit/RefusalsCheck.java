package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.JqException;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.ProviderFolder.Operation;
import nl.pinbridge.provider.ProviderFolder.Rule;

/** "Nothing was started" is believed only of the statuses and words that are documented to say so. */
final class RefusalsCheck {
    /** Statuses that say by themselves that the request was not taken. 404 and 409 can be about what a first try has started. */
    private static final Set<Integer> PLAIN = Set.of(400, 401, 402, 403, 405, 406, 410, 411, 413, 414, 415, 422, 429);

    /** Statuses that need no words of the provider to say so: a condition beside them only narrows the rule. */
    private static final Set<Integer> ALONE = Set.of(401, 403, 429);

    private static final List<Integer> ALL = IntStream.of(
                    200, 201, 202, 204, 301, 302, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 415, 422, 429,
                    500, 501, 502, 503, 504)
            .boxed()
            .toList();

    private final KitFolder folder;
    private final ProviderFolder provider;

    private RefusalsCheck(KitFolder folder, ProviderFolder provider) {
        this.folder = folder;
        this.provider = provider;
    }

    static void check(KitFolder folder) {
        ProviderFolder provider = folder.provider();
        if (provider == null) {
            return;
        }
        RefusalsCheck check = new RefusalsCheck(folder, provider);
        check.statuses();
        check.rules("refusals", provider.refusals());
        check.rules("busy", provider.busy());
        check.goodAnswers();
    }

    private void statuses() {
        for (Operation operation : provider.operations().values()) {
            folder.notes().tried(Chapter.DOUBT);
            Set<Integer> strange = new TreeSet<>(operation.success());
            strange.removeIf(status -> status < 300);
            if (!strange.isEmpty()) {
                folder.notes()
                        .wrong(
                                KitRule.SUCCESS_STATUS,
                                ProviderFolder.FILE,
                                "operations." + operation.name() + ".success lists " + strange
                                        + ", whose body would be believed");
            }
        }
    }

    private void rules(String key, List<Rule> rules) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            String name = key + "[" + i + "]";
            narrow(name, rule);
            shown(name, rule);
        }
    }

    /** A rule does not hold for what nobody documents. */
    private void narrow(String name, Rule rule) {
        if (rule.when() == null) {
            folder.notes().tried(Chapter.DOUBT);
            Set<Integer> unclear = new TreeSet<>(rule.statuses());
            unclear.removeAll(PLAIN);
            if (!unclear.isEmpty()) {
                refusals(name + " takes a bare status " + unclear + " for proof that nothing was started");
            }
            return;
        }
        Set<String> held = new TreeSet<>();
        for (int status : rule.statuses().isEmpty() ? ALL : List.copyOf(rule.statuses())) {
            if (ALONE.contains(status)) {
                continue;
            }
            for (String body : GarbageCheck.BODIES) {
                folder.notes().tried(Chapter.DOUBT);
                ObjectNode answer = Json.object().put("status", status).putNull("text");
                answer.set("json", Json.read(body));
                tryRule(rule, answer, held);
            }
            for (String text : List.of("", "<html>kit</html>")) {
                folder.notes().tried(Chapter.DOUBT);
                tryRule(
                        rule,
                        Json.object().put("status", status).putNull("json").put("text", text),
                        held);
            }
        }
        if (!held.isEmpty()) {
            refusals(name + " holds for what nobody documents: "
                    + held.stream().limit(3).collect(Collectors.joining("; ")));
        }
        int[] unclear = rule.statuses().stream()
                .mapToInt(Integer::intValue)
                .filter(status -> status >= 500
                        && provider.operations().values().stream()
                                .anyMatch(operation -> operation.once() && concerns(rule, operation.name())))
                .toArray();
        if (unclear.length > 0) {
            refusals(name + " believes a server in trouble (" + unclear[0] + ") that nothing was started");
        }
    }

    private static void tryRule(Rule rule, ObjectNode answer, Set<String> held) {
        try {
            if (rule.when() != null && rule.when().test(answer)) {
                held.add(GarbageCheck.shown(answer));
            }
        } catch (JqException e) {
            // The bridge lets such a rule not count, too.
            return;
        }
    }

    private static boolean concerns(Rule rule, String operation) {
        return rule.operations().isEmpty() || rule.operations().contains(operation);
    }

    /** Somebody has recorded what the rule is about, and the mapping makes nothing more of it. */
    private void shown(String name, Rule rule) {
        folder.notes().tried(Chapter.DOUBT);
        boolean shown = false;
        for (Example example : folder.examples()) {
            JsonNode answer = example.input().path("answer");
            for (String operation : operationsOf(example)) {
                if (answer.path("status").isInt()
                        && concerns(rule, operation)
                        && found(operation, answer).filter(rule::equals).isPresent()) {
                    shown = true;
                    if (GarbageCheck.PROOF.contains(
                            example.output().path("state").asText())) {
                        refusals(name + " holds for " + example.file() + ", of which its mapping says "
                                + example.output().path("state").asText());
                    }
                }
            }
        }
        if (!shown) {
            folder.notes()
                    .wrong(
                            KitRule.REFUSAL_SHOWN,
                            ProviderFolder.FILE,
                            name + " (" + rule.why() + ") has no recorded answer for which it holds");
        }
    }

    private Set<String> operationsOf(Example example) {
        return example.script().equals(ProviderFolder.FILE)
                ? Set.of(example.input().path("operation").asText())
                : folder.wiring().readBy(example.script());
    }

    private Optional<Rule> found(String operation, JsonNode answer) {
        int status = answer.path("status").intValue();
        return provider.refusal(operation, status, answer).or(() -> provider.busy(operation, status, answer));
    }

    /** An answer that started something is not taken for a refusal. */
    private void goodAnswers() {
        for (Example example : folder.examples()) {
            JsonNode answer = example.input().path("answer");
            if (GarbageCheck.isNothing(example.output())
                    || !answer.path("status").isInt()) {
                continue;
            }
            for (String name : folder.wiring().readBy(example.script())) {
                Operation operation = provider.operations().get(name);
                if (operation != null
                        && operation.success().contains(answer.path("status").intValue())) {
                    folder.notes().tried(Chapter.DOUBT);
                    found(name, answer)
                            .ifPresent(rule -> refusals("the rule \"" + rule.why() + "\" holds for the good answer of "
                                    + example.file() + " to " + name));
                }
            }
        }
    }

    private void refusals(String wrong) {
        folder.notes().some(KitRule.REFUSALS, ProviderFolder.FILE, wrong);
    }
}
