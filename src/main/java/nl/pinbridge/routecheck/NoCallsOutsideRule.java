package nl.pinbridge.routecheck;

import java.util.List;
import java.util.Set;

/**
 * The bridge speaks to the world through its own block and its own broker. The block makes one request, without retries, redirects or
 * cookies, and adds the secrets; any other component does these as it likes.
 */
final class NoCallsOutsideRule extends DescribedRule {
    static final Set<String> SOURCES = Set.of("direct", "jms", "quartz");
    static final Set<String> TARGETS = Set.of("direct", "jms", "provider-call");

    NoCallsOutsideRule() {
        super(
                "no-calls-outside",
                "every component but `direct`, `jms` and `provider-call` to send to, and `direct`, `jms` and `quartz` to"
                        + " start from: `http`, `platform-http`, `netty`, `rest`, `webhook`, `file`, `exec`, `bean`, `seda`, …",
                "camel-http repeats requests by itself and follows what a message tells it; a file, a process or a queue in"
                        + " memory is outside of the transaction; a port that a route opens has none of the limits of the one for"
                        + " webhooks",
                "an operation in the provider's folder, called with `provider-call:`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Chain route : files.routes()) {
            Target from = route.from();
            if (from != null && !SOURCES.contains(from.scheme())) {
                out.at(
                        route,
                        from.line(),
                        "starts from the component '" + from.scheme() + "': routes start from " + sorted(SOURCES));
            }
        }
        for (Step step : files.steps()) {
            Target target = step.target();
            if (target != null && !TARGETS.contains(target.scheme())) {
                out.at(
                        step,
                        target.line(),
                        "uses the component '" + target.scheme() + "': routes send to " + sorted(TARGETS)
                                + "; whatever leaves the bridge goes through provider-call");
            }
        }
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
