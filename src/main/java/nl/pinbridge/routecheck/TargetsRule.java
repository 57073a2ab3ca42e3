package nl.pinbridge.routecheck;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A {@code direct:} without a route fails at the first message only, when a customer is at the till. */
final class TargetsRule extends DescribedRule {
    private static final Set<String> INSIDE = Set.of("direct", "seda");

    TargetsRule() {
        super(
                "targets",
                "a `direct:` that no route starts from; a start that two routes have; a name that is not in kebab-case",
                "Camel starts without a word and fails at the first message, at the till",
                "the name of a route's `from`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        Map<String, Chain> starts = new HashMap<>();
        for (Chain route : files.routes()) {
            Target from = route.from();
            if (from == null || from.is("jms")) {
                continue;
            }
            if (INSIDE.contains(from.scheme()) && !Names.isKebab(from.rest())) {
                out.at(route, from.line(), from.uri() + " is not named in kebab-case");
            }
            Chain other = starts.putIfAbsent(from.uri(), route);
            if (other != null) {
                out.at(route, from.line(), "the route " + other.id() + " starts from " + from.uri() + " already");
            }
        }
        for (Step step : files.steps()) {
            Target target = step.target();
            if (target != null && INSIDE.contains(target.scheme()) && !starts.containsKey(target.uri())) {
                out.at(step, target.line(), "no route starts from " + target.uri());
            }
        }
    }
}
