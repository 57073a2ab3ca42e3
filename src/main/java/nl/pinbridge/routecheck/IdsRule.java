package nl.pinbridge.routecheck;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Metrics, traces and findings name routes and steps by their ids. Camel 4.18 does not start when two of them are equal, a step's and a
 * route's included.
 */
final class IdsRule extends DescribedRule {
    private static final Set<String> NAMELESS = Set.of("log", "when", "otherwise", "doCatch", "doFinally");

    IdsRule() {
        super(
                "ids",
                "a route without `id` or `description`; a step other than `log` without `id`; an id that is not in"
                        + " kebab-case, or that stands twice, be it as a route's and a step's",
                "metrics and the history name steps by id; two equal ones stop the bridge from starting",
                "a verb and what it is about: `call-pinvandaag-create`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        Map<String, String> seen = new HashMap<>();
        for (Chain route : files.routes()) {
            if (route.id() == null) {
                out.at(route, "this route has no id");
            }
            String description = route.fields().text("description");
            if (description == null || description.isBlank()) {
                out.at(route, "this route has no description: say in one sentence what it is for");
            }
        }
        for (Chain chain : files.chains()) {
            if (chain.id() != null) {
                id(seen, chain, null, chain.id(), chain.fields().lineOf("id"), out);
            }
            for (Step step : chain.all()) {
                if (step.id() == null) {
                    if (!NAMELESS.contains(step.kind())) {
                        out.at(step, "this " + step.kind() + " has no id");
                    }
                } else {
                    id(seen, chain, step, step.id(), step.fields().lineOf("id"), out);
                }
                inner(seen, step, step.body(), true, out);
            }
        }
    }

    /** The ids of branches, which are no steps. */
    private static void inner(Map<String, String> seen, Step step, Yaml within, boolean own, Findings out) {
        if (within instanceof Yaml.Items items) {
            items.items().forEach(item -> inner(seen, step, item, false, out));
        } else if (within instanceof Yaml.Fields fields) {
            String id = fields.text("id");
            if (!own && id != null) {
                id(seen, step.chain(), step, id, fields.lineOf("id"), out);
            }
            for (Yaml.Entry entry : fields.entries()) {
                if (!Set.of("steps", "parameters").contains(entry.key())) {
                    inner(seen, step, entry.value(), false, out);
                }
            }
        }
    }

    private static void id(
            Map<String, String> seen, Chain chain, @Nullable Step step, String id, int line, Findings out) {
        if (!Names.isKebab(id)) {
            out.at(chain, step, line, "the id '" + id + "' is not in kebab-case: lower-case words joined by hyphens");
        }
        Path file = chain.file().path();
        String before = seen.putIfAbsent(id, file.getFileName() + ":" + line);
        if (before != null) {
            out.at(chain, step, line, "the id '" + id + "' stands at " + before + " already");
        }
    }
}
