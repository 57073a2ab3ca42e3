package nl.pinbridge.routecheck;

import java.util.List;

/**
 * Each operation of a provider's folder has one route, and the call of an operation stands in that route only. So there is one place to
 * read what a call sends, and no second one that could send it otherwise.
 */
final class ProviderCallsRule extends DescribedRule {
    ProviderCallsRule() {
        super(
                "provider-calls",
                "a `provider-call:` of a folder or operation that does not exist or outside of the operation's own route; an"
                        + " operation without its route",
                "a command that the folder promises would fail at the till; a call in a second place goes past what the"
                        + " first one checks",
                "a route from `direct:<provider>-<operation>` for each operation in `provider.yaml`, with its call");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Step step : files.steps()) {
            Target target = step.target();
            if (target != null && target.is("provider-call")) {
                check(files, step, target, out);
            }
        }
        for (Provider provider : files.providers().values()) {
            provider.operations().values().forEach(operation -> check(files, provider, operation, out));
        }
    }

    private static void check(RouteFiles files, Provider provider, Provider.Operation operation, Findings out) {
        List<Chain> routes = files.routes().stream()
                .filter(route -> route.isFrom(operation.route()))
                .toList();
        if (routes.isEmpty()) {
            out.at(
                    provider.file().path(),
                    operation.line(),
                    "the operation " + operation.name() + " has no route from " + operation.route());
        }
        for (Chain route : routes) {
            if (route.all().stream().noneMatch(step -> calls(step, operation))) {
                out.at(route, "never calls " + operation.call());
            }
        }
    }

    private static boolean calls(Step step, Provider.Operation operation) {
        Target target = step.target();
        return target != null && target.uri().equals(operation.call());
    }

    private static void check(RouteFiles files, Step step, Target target, Findings out) {
        Provider.Operation operation = files.called(target).orElse(null);
        if (operation == null) {
            out.at(
                    step,
                    target.line(),
                    target.uri() + " names no operation of a provider's folder; there are "
                            + files.operations().stream()
                                    .map(Provider.Operation::call)
                                    .toList());
        } else if (!step.chain().isFrom(operation.route())) {
            out.at(step, target.line(), target.uri() + " may stand in the route from " + operation.route() + " only");
        }
    }
}
