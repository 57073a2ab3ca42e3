package nl.pinbridge.routecheck;

import java.util.Set;
import nl.pinbridge.broker.Addresses;

/**
 * A money call starts from a message of the bridge's own queues, and its route is entered by the block that holds the ledger's job. A
 * timer or a folder as the start would call without anybody having asked.
 */
final class MoneyEntryRule extends DescribedRule {
    private static final String LANES = Addresses.lane("");

    MoneyEntryRule() {
        super(
                "money-entry",
                "a `to` the route of a money operation; a money call that starts at anything but a lane, the express queue"
                        + " or the look queue",
                "a call that no recorded command asked for has no ledger row that keeps it from being made again",
                "send the command to `payments.commands`; the block `provider-route` goes to the operation's route");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        Flow flow = Flow.of(files);
        for (Step step : files.steps()) {
            Target target = step.target();
            if (target == null) {
                continue;
            }
            files.begunBy(target.uri())
                    .filter(Provider.Operation::once)
                    .ifPresent(operation -> out.at(
                            step,
                            "goes to " + operation.route()
                                    + " by itself: only the block provider-route, which holds the ledger's job, may"));
        }
        for (Chain route : files.routes()) {
            Target from = route.from();
            if (from != null && !from.is("direct") && flow.leadsToMoney(route) && !isStart(from)) {
                out.at(
                        route,
                        from.line(),
                        "makes money calls for what comes from " + from.scheme() + ": they may start at a lane, "
                                + Addresses.EXPRESS + ", " + Addresses.ERRAND + " and " + Addresses.LOOK + " only");
            }
        }
    }

    private static boolean isStart(Target from) {
        return Set.of(Addresses.EXPRESS, Addresses.ERRAND, Addresses.LOOK).contains(from.queue())
                || from.queue().startsWith(LANES);
    }
}
