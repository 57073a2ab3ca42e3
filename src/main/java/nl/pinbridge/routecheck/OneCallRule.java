package nl.pinbridge.routecheck;

/**
 * One message makes one money call at most. The ledger's mark would refuse the second, but a route that relies on being refused is a
 * route that nobody understands, and the refusal ends the message before its outcome is written.
 */
final class OneCallRule extends DescribedRule {
    OneCallRule() {
        super(
                "one-call",
                "a route on which one message can meet two money calls, over `direct:` or over `provider-route`",
                "the second call can charge again; where the ledger refuses it, the outcome of the first is cut off",
                "one `provider-route` on the way of a message");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        Flow flow = Flow.of(files);
        for (Chain chain : files.chains()) {
            boolean here = flow.from(chain).stream()
                    .filter(other -> other != chain)
                    .allMatch(other -> flow.moneyCalls(other) < 2);
            if (flow.moneyCalls(chain) >= 2 && here && flow.operation(chain) == null) {
                out.at(chain, "can make more than one money call for one message: keep one way to one call");
            }
        }
    }
}
