package nl.pinbridge.routecheck;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import nl.pinbridge.routecheck.RouteFiles.Failures;
import nl.pinbridge.routecheck.Yaml.Entry;
import nl.pinbridge.routecheck.Yaml.Fields;
import nl.pinbridge.routecheck.Yaml.Items;
import nl.pinbridge.routecheck.Yaml.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * Routes are written in the long form, with the fields that these rules know. Every field that Camel knows beside them is one that
 * nobody has judged: {@code disabled}, {@code autoStartup}, {@code precondition}, {@code errorHandlerRef}, {@code inheritErrorHandler}
 * switch off what the rest of the rules rely on.
 */
final class FormRule extends DescribedRule {
    private static final Pattern URI =
            Pattern.compile("direct:[a-z][a-z0-9-]*|jms:queue:[a-z][a-z0-9.-]*|provider-call:[a-z0-9-]+/[a-z0-9-]+"
                    + "|quartz:[a-z0-9-]+/[a-z0-9-]+");
    private static final Set<String> ANYWHERE = Set.of("id", "description", "note");
    private static final Set<String> ROUTE = Set.of("from", "group");
    private static final Set<String> FROM = Set.of("uri", "parameters", "steps");
    private static final Set<String> CONFIGURATION = Set.of("onException");
    private static final Set<String> HANDLER = Set.of("exception", "handled", "steps");

    /** The fields of each step that {@link StepsRule} lets pass. */
    static final Map<String, Set<String>> STEPS = Map.ofEntries(
            Map.entry("to", Set.of("uri", "parameters")),
            Map.entry("process", Set.of("ref")),
            Map.entry("transform", Set.of("expression")),
            Map.entry("setBody", Set.of("expression")),
            Map.entry("setHeader", Set.of("name", "expression")),
            Map.entry("setProperty", Set.of("name", "expression")),
            Map.entry("removeHeader", Set.of("name")),
            Map.entry("removeHeaders", Set.of("pattern", "excludePattern")),
            Map.entry("convertBodyTo", Set.of("type")),
            Map.entry("marshal", Set.of("json")),
            Map.entry("choice", Set.of("when", "otherwise")),
            Map.entry("filter", Set.of("expression", "steps")),
            Map.entry("validate", Set.of("expression")),
            Map.entry("log", Set.of("message", "loggingLevel", "logName")),
            Map.entry("split", Set.of("expression", "steps")),
            Map.entry("loop", Set.of("expression", "steps")),
            Map.entry("delay", Set.of("expression")),
            Map.entry("doTry", Set.of("steps", "doCatch", "doFinally")));

    /** Fields that a step needs where it may have them. */
    private static final Set<String> NEEDED = Set.of("uri", "ref", "expression", "name", "type", "when");

    private static final Map<String, String> REASONS = Map.of(
            "disabled", "a step that is switched off looks as if it were there: take the step out",
            "autoStartup", "a route that does not start is a queue that nobody reads",
            "precondition", "a part that is left out at start looks as if it were there",
            "errorHandlerRef", "00-failures.camel.yaml handles the failures of every route",
            "errorHandler", "00-failures.camel.yaml handles the failures of every route",
            "routeConfigurationId", "the one routeConfiguration is for every route",
            "inheritErrorHandler", "00-failures.camel.yaml handles the failures of every route",
            "onCompletion", "it runs outside of the transaction",
            "useOriginalMessage", "it brings back what the sender wrote");

    FormRule() {
        super(
                "form",
                "the short form of a step; options in a uri; fields beside those that these rules know: `disabled`,"
                        + " `autoStartup`, `precondition`, `errorHandlerRef`, `routeConfigurationId`, `inheritErrorHandler`,"
                        + " `onWhen`, `useOriginalMessage`, …",
                "one way of writing makes a change readable; each further field can switch off what another rule relies on",
                "`id`, `uri`, `parameters` and `expression: {jq: {expression: …}}` as the delivered routes have them");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Chain route : files.routes()) {
            fields(route, null, "a route", route.fields(), ROUTE, out);
            if (route.fields().get("from") instanceof Fields from) {
                fields(route, null, "from", from, FROM, out);
            } else {
                out.at(route, "needs the long form from: {uri, parameters, steps}");
            }
            Target from = route.from();
            if (from != null) {
                uri(route, null, from, out);
            }
        }
        for (Failures failures : files.failures()) {
            unknown(failures.fields(), CONFIGURATION)
                    .forEach(entry ->
                            out.at(failures.file().path(), entry.line(), refusal("a routeConfiguration", entry.key())));
            failures.handlers()
                    .forEach(handler -> fields(handler, null, "onException", handler.fields(), HANDLER, out));
        }
        for (Chain chain : files.chains()) {
            chain.all().forEach(step -> step(step, out));
        }
    }

    private static void step(Step step, Findings out) {
        Set<String> known = STEPS.get(step.kind());
        if (known == null) {
            return;
        }
        if (!(step.body() instanceof Fields fields)) {
            out.at(step, "needs the long form " + step.kind() + ": {id: …, …}");
            return;
        }
        fields(step.chain(), step, step.kind(), fields, known, out);
        for (String needed : NEEDED) {
            if (known.contains(needed) && !fields.has(needed)) {
                out.at(step, step.kind() + " needs " + needed);
            }
        }
        Target target = step.target();
        if (target != null) {
            uri(step.chain(), step, target, out);
        }
        if (fields.has("expression")) {
            expression(step, fields, out);
        }
        switch (step.kind()) {
            case "choice" -> {
                branches(step, "when", Set.of("expression", "steps"), out);
                branches(step, "otherwise", Set.of("steps"), out);
            }
            case "doTry" -> {
                branches(step, "doCatch", Set.of("exception", "steps"), out);
                branches(step, "doFinally", Set.of("steps"), out);
            }
            case "convertBodyTo" -> oneOf(step, "type", Set.of("java.lang.String", "String", "byte[]"), out);
            case "marshal" -> {
                Fields json = fields.fields("json");
                if (json.entries().size() != 1 || !"Jackson".equals(json.text("library"))) {
                    out.at(step, "marshals with json: {library: Jackson} and no other options");
                }
            }
            default -> {}
        }
    }

    private static void oneOf(Step step, String field, Set<String> values, Findings out) {
        if (!values.contains(String.valueOf(step.fields().text(field)))) {
            out.at(step, field + " is one of " + values.stream().sorted().toList());
        }
    }

    private static void branches(Step step, String name, Set<String> known, Findings out) {
        Yaml branches = step.fields().get(name);
        List<Yaml> all =
                branches instanceof Items items ? items.items() : branches == null ? List.of() : List.of(branches);
        for (Yaml each : all) {
            if (each instanceof Fields fields) {
                fields(step.chain(), step, name, fields, known, out);
                if (known.contains("expression")) {
                    expression(step, fields, out);
                }
            } else {
                out.at(step, each.line(), name + " needs its fields");
            }
        }
    }

    private static void expression(Step step, Fields holder, Findings out) {
        Fields languages = holder.fields("expression");
        Entry only = languages.entries().size() == 1 ? languages.entries().get(0) : null;
        boolean plain = only != null
                && only.value() instanceof Fields fields
                && fields.entries().size() == 1
                && fields.get("expression") instanceof Scalar;
        if (!plain) {
            out.at(
                    step,
                    holder.lineOf("expression"),
                    "needs the long form expression: {jq: {expression: …}} without other fields");
        }
    }

    private static void uri(Chain chain, @Nullable Step step, Target target, Findings out) {
        if (!URI.matcher(target.written()).matches()
                && (NoCallsOutsideRule.SOURCES.contains(target.scheme())
                        || NoCallsOutsideRule.TARGETS.contains(target.scheme())
                        || target.scheme().isEmpty()
                        || target.written().contains("{{"))) {
            out.at(
                    chain,
                    step,
                    target.line(),
                    "'" + target.written() + "' is not written as uris are here: a plain name, in lower case, with the"
                            + " options under parameters");
        }
    }

    private static void fields(
            Chain chain, @Nullable Step step, String what, Fields fields, Set<String> known, Findings out) {
        unknown(fields, known).forEach(entry -> out.at(chain, step, entry.line(), refusal(what, entry.key())));
    }

    private static List<Entry> unknown(Fields fields, Set<String> known) {
        return fields.entries().stream()
                .filter(entry -> !known.contains(entry.key()) && !ANYWHERE.contains(entry.key()))
                .toList();
    }

    private static String refusal(String what, String key) {
        return what + " may not have '" + key + "': "
                + REASONS.getOrDefault(key, "these rules know nothing of what it would do");
    }
}
