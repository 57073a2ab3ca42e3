package nl.pinbridge.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.outcome.Reading;
import nl.pinbridge.provider.JqException;
import nl.pinbridge.provider.JqScript;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.ProviderFolder.Operation;
import nl.pinbridge.provider.ProviderFolder.Rule;
import org.jspecify.annotations.Nullable;

/** Every script does what its examples say, and what they say is something that the bridge understands. */
final class ExamplesCheck {
    private static final Set<String> PARTS = Set.of("form", "json", "query", "path");

    private ExamplesCheck() {}

    static void check(KitFolder folder) {
        Notes notes = folder.notes();
        for (String script : folder.scriptFiles()) {
            notes.tried(Chapter.EXAMPLES);
            if (folder.examplesOf(script).isEmpty()) {
                notes.wrong(KitRule.NO_EXAMPLE, script, "has no example");
            }
        }
        folder.wiring().called().forEach(operation -> kinds(folder, operation));
        Map<String, String> names = new HashMap<>();
        for (Example example : folder.examples()) {
            String namesake = names.putIfAbsent(example.script() + "\n" + example.name(), example.file());
            if (namesake != null) {
                notes.wrong(KitRule.ALIKE, example.file(), "has the name of " + namesake);
            }
            if (example.script().equals(ProviderFolder.FILE)) {
                judged(folder, example);
                continue;
            }
            run(folder, example);
            for (String operation : folder.wiring().requestedBy(example.script())) {
                request(folder, example, operation);
            }
            if (!folder.wiring().readBy(example.script()).isEmpty()) {
                answer(folder, example);
            }
        }
    }

    /** Each operation shows what is sent, a good answer, an answer that says no, and one that is none. */
    private static void kinds(KitFolder folder, String operation) {
        if (folder.wiring().answers(operation).isEmpty()) {
            return;
        }
        boolean asked = folder.wiring().requests(operation).isEmpty();
        boolean good = false;
        boolean no = false;
        boolean garbage = false;
        for (Example example : folder.examples()) {
            boolean own = isOf(folder, example, operation);
            asked |= own && folder.wiring().requests(operation).contains(example.script());
            if (folder.wiring().answers(operation).contains(example.script())) {
                boolean nothing = GarbageCheck.isNothing(example.output());
                boolean spoken = example.said().isContainerNode();
                good |= own && spoken && !nothing;
                no |= spoken
                        && (nothing || example.output().path("state").asText().equals("NOT_PAID"));
                garbage |= nothing && !spoken;
            }
        }
        kind(folder, operation, asked, "the request");
        kind(folder, operation, good, "a good answer");
        kind(folder, operation, no, "an answer that says no, or is an error");
        kind(folder, operation, garbage, "an answer that is no JSON");
    }

    private static void kind(KitFolder folder, String operation, boolean there, String what) {
        folder.notes().tried(Chapter.EXAMPLES);
        if (!there) {
            folder.notes()
                    .wrong(KitRule.NO_EXAMPLE, "examples", "the operation " + operation + " has no example of " + what);
        }
    }

    /** A mapping that several operations share shows each of them where it looks at which one it is. */
    private static boolean isOf(KitFolder folder, Example example, String operation) {
        return !folder.textOf(example.script()).contains(".operation")
                || example.job().path("operation").asText().equals(operation);
    }

    private static void run(KitFolder folder, Example example) {
        JqScript script = folder.script(example.script());
        if (script == null) {
            return;
        }
        folder.notes().tried(Chapter.EXAMPLES);
        JsonNode output;
        try {
            output = normal(script.apply(example.input()));
        } catch (JqException e) {
            folder.notes().wrong(KitRule.EXAMPLE_RESULT, example.file(), KitFolder.firstLine(e));
            return;
        }
        JsonNode wanted = normal(example.output());
        if (!output.equals(wanted)) {
            folder.notes().wrong(KitRule.EXAMPLE_RESULT, example.file(), difference(wanted, output));
        }
    }

    /** What provider.yaml makes of an answer, by its lists of refusals and busy answers. */
    private static void judged(KitFolder folder, Example example) {
        ProviderFolder provider = folder.provider();
        if (provider == null) {
            return;
        }
        folder.notes().tried(Chapter.EXAMPLES);
        String name = example.input().path("operation").asText();
        Operation operation = provider.operations().get(name);
        JsonNode answer = example.input().path("answer");
        if (operation == null || !answer.path("status").isInt()) {
            folder.notes()
                    .wrong(
                            KitRule.EXAMPLE_FORM,
                            example.file(),
                            "its input is no operation and answer: {operation, answer: {status, json, text}}");
            return;
        }
        int status = answer.path("status").intValue();
        Optional<Rule> refusal = provider.refusal(name, status, answer);
        Optional<Rule> busy = provider.busy(name, status, answer);
        if (refusal.isPresent() && busy.isPresent()) {
            folder.notes()
                    .wrong(KitRule.EXAMPLE_RESULT, example.file(), "is a refusal and a busy terminal at the same time");
        }
        if (operation.success().contains(status) && refusal.isEmpty() && busy.isEmpty()) {
            folder.notes()
                    .wrong(
                            KitRule.EXAMPLE_FORM,
                            example.file(),
                            "has a status that is a success of " + name + ": its mapping reads it");
            return;
        }
        ObjectNode made = Json.object()
                .put("ending", refusal.isPresent() ? "NOT_SENT" : busy.isPresent() ? "WAITING" : "IN_DOUBT")
                .put("code", refusal.isPresent() ? ErrorCode.PROVIDER_REFUSED.name() : null)
                .put("why", refusal.or(() -> busy).map(Rule::why).orElse(null));
        if (!made.equals(normal(example.output()))) {
            folder.notes().wrong(KitRule.EXAMPLE_RESULT, example.file(), difference(example.output(), made));
        }
    }

    /** Numbers of the same value but another Java type are the same JSON. */
    static JsonNode normal(JsonNode node) {
        return Json.read(Json.write(node));
    }

    private static String difference(JsonNode wanted, JsonNode output) {
        for (Spot spot : Spot.below(wanted)) {
            JsonNode got = spot.in(output);
            if (spot.isLeaf() && !got.equals(spot.value())) {
                return spot.shown() + " is " + (got.isMissingNode() ? "not there" : got) + ", recorded is "
                        + spot.value();
            }
        }
        for (Spot spot : Spot.below(output)) {
            if (spot.in(wanted).isMissingNode()) {
                return spot.shown() + " is " + spot.value() + ", recorded is nothing";
            }
        }
        return "gives " + output + ", recorded is " + wanted;
    }

    private static void request(KitFolder folder, Example example, String name) {
        ProviderFolder provider = folder.provider();
        Operation operation = provider == null ? null : provider.operations().get(name);
        if (provider != null && operation != null) {
            String wrong = wrongRequest(provider, operation, example.output());
            if (wrong != null) {
                folder.notes().wrong(KitRule.REQUEST_FORM, example.file(), "for " + name + ": " + wrong);
            }
        }
    }

    /** Why this is no request for the operation; the bridge would send nothing. Null where it is one. */
    private static @Nullable String wrongRequest(ProviderFolder provider, Operation operation, JsonNode output) {
        if (!output.isObject()) {
            return "the output is no object";
        }
        for (Iterator<String> parts = output.fieldNames(); parts.hasNext(); ) {
            String part = parts.next();
            if (!PARTS.contains(part)) {
                return "the output has " + part + "; known are form, json, query, path";
            }
        }
        if (output.has("form") && output.has("json")) {
            return "the output has a form and a json; only one can be sent";
        }
        if (output.has("json") && !provider.auth().form().isEmpty()) {
            return "the output is a json, and the credentials are form fields";
        }
        if (output.has("form") && provider.encoding() == ProviderFolder.Encoding.JSON) {
            return "the output is a form, and the provider takes json";
        }
        if ((output.has("form") || output.has("json")) && operation.method().equals("GET")) {
            return "a GET takes no form and no json";
        }
        Set<String> path = new TreeSet<>();
        output.path("path").fieldNames().forEachRemaining(path::add);
        if (!path.equals(new TreeSet<>(operation.pathValues()))) {
            return "the path wants the values " + operation.pathValues() + ", the output has " + path;
        }
        for (String part : List.of("form", "query", "path")) {
            for (Spot spot : Spot.below(output, part)) {
                JsonNode value = spot.value();
                if (!value.isTextual() && !value.isBoolean() && !value.isIntegralNumber() && !value.isNull()) {
                    return spot.shown() + " is neither text, nor true or false, nor a whole number, nor null";
                }
            }
        }
        for (String credential : provider.auth().form().keySet()) {
            if (output.path("form").has(credential)) {
                return ".form." + credential + " holds a credential, which the bridge adds";
            }
        }
        return null;
    }

    private static void answer(KitFolder folder, Example example) {
        JsonNode output = example.output();
        if (!output.isObject()) {
            unknown(folder, example, "the output of an answer mapping is an object");
        } else if (output.has("readable")) {
            if (!output.path("readable").isBoolean()) {
                unknown(folder, example, ".readable is neither true nor false");
            }
            if (output.path("rows").isArray()
                    && folder.wiring().readBy(example.script()).stream()
                            .anyMatch(Set.of("date", "last-transaction", "by-reference")::contains)) {
                output.path("rows").forEach(row -> reading(folder, example, row));
            }
        } else {
            reading(folder, example, output);
        }
    }

    private static void reading(KitFolder folder, Example example, JsonNode output) {
        String state = output.path("state").asText();
        try {
            Reading.State.valueOf(state);
        } catch (IllegalArgumentException e) {
            unknown(folder, example, ".state is " + output.path("state") + ", which is none of the bridge's states");
            return;
        }
        JsonNode code = output.path("code");
        if (code.isTextual()) {
            try {
                ErrorCode known = ErrorCode.valueOf(code.textValue());
                if (!state.equals("NOT_PAID")) {
                    unknown(folder, example, ".code goes with the state NOT_PAID only, not with " + state);
                }
                if (output.has("ending")
                        && !known.status().name().equals(output.path("ending").asText())) {
                    unknown(
                            folder,
                            example,
                            ".ending is " + output.path("ending") + ", and " + known + " belongs to " + known.status());
                }
                if (!Coverage.CODES.contains(known)) {
                    unknown(folder, example, ".code is " + known + ", which no provider can say");
                }
            } catch (IllegalArgumentException e) {
                unknown(folder, example, ".code is " + code + ", which is not in the contract's list");
            }
        }
        if (!state.equals("UNREADABLE") && Reading.from(output).state() == Reading.State.UNREADABLE) {
            unknown(
                    folder,
                    example,
                    "says " + state + ", and the bridge cannot read it: look at its amounts, times and code");
        }
    }

    private static void unknown(KitFolder folder, Example example, String wrong) {
        folder.notes().wrong(KitRule.UNKNOWN_WORD, example.file(), wrong);
    }
}
