package nl.pinbridge.routecheck;

import java.util.List;
import nl.pinbridge.routecheck.Step.Expression;
import org.jspecify.annotations.Nullable;

/**
 * The route of a provider's operation is a mapping, the call, a mapping. A read may have another read before it whose answer decides
 * whether it is needed; that takes a choice at the end, of which one branch calls and every branch maps. Anything else beside the call could make it again, or could
 * change what the ledger is told: a fixed "not paid" in place of the provider's answer, be it a create's or a look's, makes a till
 * charge a second time for what is paid.
 */
final class OperationRouteRule extends DescribedRule {
    OperationRouteRule() {
        super(
                "operation-route",
                "in the route of a provider's operation: anything but mappings, one call, mappings; a mapping that is no `.jq`"
                        + " file of that provider's folder; a `choice` anywhere but after a read that is `part-of` another read",
                "whatever else stands there could make the call again, or tell the ledger what the provider did not say: a"
                        + " made-up \"not paid\" makes a till charge twice",
                "`transform` with a `.jq` file and recorded examples, `to` the operation, `transform` with another `.jq` file;"
                        + " two reads: map, call the first, then a `choice` with an `otherwise`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Provider provider : files.providers().values()) {
            for (Provider.Operation operation : provider.operations().values()) {
                if (operation.partOf() != null) {
                    checkPart(provider, operation, out);
                    continue;
                }
                List<Provider.Operation> parts = provider.partsOf(operation);
                files.routes().stream()
                        .filter(route -> route.isFrom(operation.route()))
                        .forEach(route -> {
                            if (parts.isEmpty()) {
                                check(route, route.steps(), operation, out);
                            } else {
                                checkTwo(route, operation, parts, out);
                            }
                        });
            }
        }
    }

    private static void checkPart(Provider provider, Provider.Operation part, Findings out) {
        Provider.Operation whole = provider.operations().get(String.valueOf(part.partOf()));
        if (whole == null || whole.partOf() != null || whole.once() || part.once()) {
            out.at(
                    provider.file().path(),
                    part.line(),
                    "the operation " + part.name() + " can be part of another one only where both merely read");
        }
    }

    /** A read, and after it a choice between what it said and a second read. */
    private static void checkTwo(
            Chain route, Provider.Operation operation, List<Provider.Operation> parts, Findings out) {
        if (parts.size() != 1) {
            out.at(route, "has more than one part; one read before another is the most there may be");
            return;
        }
        String first = parts.get(0).call();
        List<Step> steps =
                route.steps().stream().filter(step -> !step.is("log")).toList();
        Step last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
        int calls = 0;
        for (Step step : steps) {
            Target target = step.target();
            if (step.is("to") && target != null && target.uri().equals(first)) {
                calls++;
            } else if (step.is("transform") && calls == 0) {
                checkMapping(step, operation, out);
            } else if (step != last || !step.is("choice")) {
                out.at(
                        step,
                        "a " + step.kind() + " has no place here: map, call " + first
                                + ", and then a choice with everything else in it");
            }
        }
        if (calls != 1 || last == null || !last.is("choice") || !last.fields().has("otherwise")) {
            out.at(route, "must call " + first + " exactly once and end in a choice with an otherwise");
            return;
        }
        for (Expression expression : last.expressions()) {
            checkScript(last, expression, operation, out);
        }
        int branchesThatCall = 0;
        for (List<Step> branch : last.branches()) {
            if (branch.stream().anyMatch(step -> step.is("to"))) {
                branchesThatCall++;
                check(route, branch, operation, out);
            } else {
                checkMappings(route, branch, operation, out);
            }
        }
        if (branchesThatCall != 1) {
            out.at(route, "must call " + operation.call() + " in exactly one branch of its choice");
        }
    }

    private static void checkMappings(Chain route, List<Step> branch, Provider.Operation operation, Findings out) {
        boolean mapped = false;
        for (Step step : branch) {
            if (step.is("transform")) {
                mapped = true;
                checkMapping(step, operation, out);
            } else if (!step.is("log")) {
                out.at(step, "a " + step.kind() + " has no place beside the call of a provider");
            }
        }
        if (!mapped) {
            out.at(route, "has a branch without a transform, so that nobody reads the provider's answer");
        }
    }

    private static void check(Chain route, List<Step> steps, Provider.Operation operation, Findings out) {
        int calls = 0;
        boolean mapped = false;
        for (Step step : steps) {
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
        checkScript(step, expressions.size() == 1 ? expressions.get(0) : null, operation, out);
    }

    private static void checkScript(
            Step step, @Nullable Expression expression, Provider.Operation operation, Findings out) {
        // Of the provider's own folder: results carry the fingerprint of that folder, and no other.
        String folder = "resource:file:{{pinbridge.routes}}/providers/" + operation.provider() + "/";
        boolean script = expression != null
                && expression.language().equals("jq")
                && expression.text().startsWith(folder);
        if (!script) {
            out.at(
                    step,
                    "a mapping beside a call is a .jq file of its provider (" + folder
                            + "…), where its recorded examples are tested");
        }
    }
}
