package nl.pinbridge.routecheck;

import java.nio.file.Path;
import java.util.Set;
import nl.pinbridge.routecheck.Yaml.Entry;
import nl.pinbridge.routecheck.Yaml.Fields;
import nl.pinbridge.routecheck.Yaml.Items;
import org.jspecify.annotations.Nullable;

/**
 * Nothing on the way to a money call, and nothing that records what happened, runs again, twice at once, aside or out of reach of the
 * error handler. Below the ledger's mark no retry is safe: the first try may have charged.
 */
final class NoRepeatsRule extends DescribedRule {
    /** Steps that repeat, copy, hold up or run aside what they hold, or keep a failure from the error handler. */
    static final Set<String> REPEATERS = Set.of(
            "loop",
            "split",
            "doTry",
            "doCatch",
            "doFinally",
            "multicast",
            "recipientList",
            "routingSlip",
            "dynamicRouter",
            "loadBalance",
            "circuitBreaker",
            "onFallback",
            "wireTap",
            "saga",
            "toD",
            "enrich",
            "pollEnrich",
            "poll",
            "resequence",
            "aggregate",
            "delay",
            "throttle",
            "sample",
            "sampling",
            "threads",
            "pipeline",
            "step",
            "idempotentConsumer",
            "claimCheck",
            "onCompletion",
            "onException",
            "intercept",
            "interceptFrom",
            "interceptSendToEndpoint",
            "transacted",
            "policy",
            "rollback",
            "kamelet",
            "stop",
            "throwException");

    private static final Set<String> REDELIVERY = Set.of(
            "redeliverypolicy",
            "redeliverypolicyref",
            "maximumredeliveries",
            "redeliverydelay",
            "maximumredeliverydelay",
            "retrywhile",
            "onredeliveryref",
            "deadletterchannel",
            "txerrorhandler",
            "jtatransactionerrorhandler",
            "springtransactionerrorhandler");

    NoRepeatsRule() {
        super(
                "no-repeats",
                "redelivery settings anywhere; on the way to a money call or in a route that records what happened: `loop`,"
                        + " `split`, `doTry`, `multicast`, `wireTap`, `circuitBreaker`, `delay`, `aggregate` and their kin;"
                        + " routes that lead back to themselves",
                "after a failure nobody knows whether the first try charged, so no second may follow; and a failure that"
                        + " the error handler does not see is a command without a result",
                "nothing: an unclear outcome is found out by looks, a failure is judged by the error handler");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        Flow flow = Flow.of(files);
        for (Chain chain : files.chains()) {
            if (flow.isGuarded(chain)) {
                for (Step step : chain.all()) {
                    if (REPEATERS.contains(step.kind())) {
                        out.at(
                                step,
                                step.kind() + " must not stand in a route that makes a money call, leads to one or"
                                        + " records what happened: take it out");
                    }
                }
            }
            if (flow.isCircle(chain)) {
                out.at(chain, "leads back to itself: no message may run the same route again");
            }
        }
        files.files().forEach(file -> redelivery(file.path(), file.content(), out));
    }

    private static void redelivery(Path file, @Nullable Yaml within, Findings out) {
        if (within instanceof Items items) {
            items.items().forEach(item -> redelivery(file, item, out));
        } else if (within instanceof Fields fields) {
            for (Entry entry : fields.entries()) {
                if (REDELIVERY.contains(Names.flat(entry.key()))) {
                    out.at(file, entry.line(), entry.key() + " repeats steps after a failure: take it out");
                }
                redelivery(file, entry.value(), out);
            }
        }
    }
}
