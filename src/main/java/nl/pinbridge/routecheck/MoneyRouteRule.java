package nl.pinbridge.routecheck;

import java.util.List;
import nl.pinbridge.routecheck.Step.Expression;

/**
 * The route of a call that may be made once only is a mapping, the call, a mapping. Anything else beside the call could make it again,
 * or could change what the ledger is told of it: a fixed answer in place of the provider's books a payment that nobody made.
 */
final class MoneyRouteRule extends DescribedRule {
    MoneyRouteRule() {
        super(
                "money-route",
                "in the route of a money operation: anything but mappings, one call, mappings; a mapping that is no `.jq` file",
                "whatever else stands there could make the call again, or tell the ledger something that the provider did not say",
                "`transform` with a `.jq` file and recorded examples, `to` the operation, `transform` with another `.jq` file");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Provider.Operation operation : files.operations()) {
            if (operation.once()) {
                files.routes().stream()
                        .filter(route -> route.isFrom(operation.route()))
                        .forEach(route -> check(route, operation, out));
            }
        }
    }

    private static void check(Chain route, Provider.Operation operation, Findings out) {
        int calls = 0;
        boolean mapped = false;
        for (Step step : route.steps()) {
            Target target = step.target();
            if (step.is("to") && target != null && target.uri().equals(operation.call())) {
                calls++;
                mapped = false;
            } else if (step.is("transform")) {
                mapped = true;
                checkMapping(step, out);
            } else if (!step.is("log")) {
                out.at(
                        step,
                        "a " + step.kind() + " has no place beside a call that may be made once only: map before and"
                                + " after it, and leave the rest to the blocks");
            }
        }
        if (calls != 1) {
            out.at(
                    route,
                    "calls " + operation.call() + (calls == 0 ? " nowhere" : " " + calls + " times")
                            + " on its own level: it must do so exactly once");
        } else if (!mapped) {
            out.at(route, "has no transform after its call, so that nobody reads the provider's answer");
        }
    }

    private static void checkMapping(Step step, Findings out) {
        List<Expression> expressions = step.expressions();
        boolean script = expressions.size() == 1
                && expressions.get(0).language().equals("jq")
                && expressions.get(0).text().startsWith("resource:file:");
        if (!script) {
            out.at(
                    step,
                    "a mapping beside a money call is a .jq file (resource:file:…), where its recorded examples are"
                            + " tested");
        }
    }
}
