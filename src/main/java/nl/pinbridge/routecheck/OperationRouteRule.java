package nl.pinbridge.routecheck;

import java.util.List;
import nl.pinbridge.routecheck.Step.Expression;

/**
 * The route of a provider's operation is a mapping, the call, a mapping. Anything else beside the call could make it again, or could
 * change what the ledger is told: a fixed "not paid" in place of the provider's answer, be it a create's or a look's, makes a till
 * charge a second time for what is paid.
 */
final class OperationRouteRule extends DescribedRule {
    OperationRouteRule() {
        super(
                "operation-route",
                "in the route of a provider's operation: anything but mappings, one call, mappings; a mapping that is no `.jq`"
                        + " file of that provider's folder",
                "whatever else stands there could make the call again, or tell the ledger what the provider did not say: a"
                        + " made-up \"not paid\" makes a till charge twice",
                "`transform` with a `.jq` file and recorded examples, `to` the operation, `transform` with another `.jq` file");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Provider.Operation operation : files.operations()) {
            files.routes().stream()
                    .filter(route -> route.isFrom(operation.route()))
                    .forEach(route -> check(route, operation, out));
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
                checkMapping(step, operation, out);
            } else if (!step.is("log")) {
                out.at(
                        step,
                        "a " + step.kind()
                                + " has no place beside the call of a provider: map before it and after it, and"
                                + " leave the rest to the blocks");
            }
        }
        if (calls != 1) {
            out.at(
                    route,
                    "must call " + operation.call() + " exactly once on its own level; it does so " + calls + " times");
        } else if (!mapped) {
            out.at(route, "has no transform after its call, so that nobody reads the provider's answer");
        }
    }

    private static void checkMapping(Step step, Provider.Operation operation, Findings out) {
        List<Expression> expressions = step.expressions();
        // Of the provider's own folder: results carry the fingerprint of that folder, and no other.
        String folder = "resource:file:{{pinbridge.routes}}/providers/" + operation.provider() + "/";
        boolean script = expressions.size() == 1
                && expressions.get(0).language().equals("jq")
                && expressions.get(0).text().startsWith(folder);
        if (!script) {
            out.at(
                    step,
                    "a mapping beside a call is a .jq file of its provider (" + folder
                            + "…), where its recorded examples are tested");
        }
    }
}
