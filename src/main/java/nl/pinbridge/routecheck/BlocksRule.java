package nl.pinbridge.routecheck;

import java.util.List;
import java.util.Map;
import nl.pinbridge.broker.Addresses;

/**
 * A {@code process} names a block of the bridge, and the blocks that write to the ledger stand where they belong: {@code failure} in the
 * middle of a route would write down that nothing was sent while the call still follows.
 */
final class BlocksRule extends DescribedRule {
    private static final String HANDLER = "an error handler";
    private static final String LOOK = "jms:queue:" + Addresses.LOOK;

    private static final Map<String, List<String>> PLACES = Map.ofEntries(
            Map.entry("intake", List.of("direct:take-in")),
            Map.entry("wake", List.of("direct:take-in")),
            Map.entry("take-command", List.of("direct:work")),
            Map.entry("refresh", List.of("direct:work")),
            Map.entry("take-look", List.of(LOOK)),
            Map.entry("take-webhook", List.of("jms:queue:" + Addresses.WEBHOOKS)),
            Map.entry(Flow.PROVIDER_ROUTE, List.of("direct:work", LOOK)),
            Map.entry("outcome", List.of("direct:work", LOOK)),
            Map.entry("failure", List.of(HANDLER)),
            Map.entry("close-gate", List.of(HANDLER)),
            Map.entry("sweep", List.of("quartz:pinbridge/sweep")),
            Map.entry("admin", List.of("jms:queue:" + Addresses.ADMIN)));

    BlocksRule() {
        super(
                "blocks",
                "`process` of a name that is no block of the bridge; a block outside of the route that it is made for",
                "a reference can make an object of any class on the class path; a block in the wrong place writes down what"
                        + " did not happen",
                "the names in [Blocks](../src/main/java/nl/pinbridge/app/Blocks.java), in their routes");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Step step : files.steps()) {
            if (!step.is("process")) {
                continue;
            }
            String block = step.block();
            if (block == null || !files.blocks().contains(block)) {
                out.at(
                        step,
                        step.fields().lineOf("ref"),
                        "'" + block + "' is no block; there are "
                                + files.blocks().stream().sorted().toList());
                continue;
            }
            Target from = step.chain().from();
            String place = from == null ? HANDLER : from.uri();
            List<String> places = PLACES.getOrDefault(block, List.of(place));
            if (!places.contains(place)) {
                out.at(step, "the block " + block + " belongs in " + String.join(" and ", places) + ", not here");
            }
        }
    }
}
