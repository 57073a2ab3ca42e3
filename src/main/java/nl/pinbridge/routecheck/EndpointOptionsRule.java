package nl.pinbridge.routecheck;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import nl.pinbridge.routecheck.Target.Option;
import org.jspecify.annotations.Nullable;

/**
 * Options are those of a short list, smaller than Camel's catalogue: an option that Camel knows can be as harmful as one that it does not
 * know and passes on. A test holds the list against the components themselves, so that no catalogue is needed at run time.
 */
final class EndpointOptionsRule extends DescribedRule {
    /** Any text without a reference to an object. */
    private static final String SETTING = "a {{placeholder}}";

    private static final String QUARTZ = "from quartz";

    /** By side and component: the option, and the values that it may have. */
    static final Map<String, Map<String, Set<String>>> KNOWN = Map.of(
            "from jms",
            Map.of(
                    "concurrentConsumers", Set.of(SETTING),
                    "mapJmsMessage", Set.of("false")),
            "to jms",
            Map.of("jmsMessageType", Set.of("Text")),
            QUARTZ,
            Map.of(
                    "cron", Set.of(SETTING),
                    "trigger.timeZone", Set.of(SETTING),
                    "trigger.repeatInterval", Set.of(SETTING),
                    "trigger.repeatCount", Set.of("-1"),
                    "triggerStartDelay", Set.of(SETTING),
                    "stateful", Set.of("true")));

    EndpointOptionsRule() {
        super(
                "endpoint-options",
                "options and values beside the few that routes need, such as a typo in `concurrentConsumers`, `#bean:…` as a"
                        + " value; a quartz start without `stateful: \"true\"`",
                "some components pass on what they do not know, and what they know can take a route out of its transaction;"
                        + " without `stateful` runs overlap",
                "`concurrentConsumers`, `mapJmsMessage`, `jmsMessageType`, `trigger.…`, `cron`, `stateful` with the values of the"
                        + " delivered routes");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Chain route : files.routes()) {
            Target from = route.from();
            if (from != null && NoCallsOutsideRule.SOURCES.contains(from.scheme())) {
                String side = "from " + from.scheme();
                check(route, null, from, KNOWN.getOrDefault(side, Map.of()), out);
                if (side.equals(QUARTZ)
                        && from.options().stream()
                                .noneMatch(option -> option.name().equals("stateful"))) {
                    out.at(route, from.line(), "needs stateful: \"true\", or runs would overlap");
                }
            }
        }
        for (Step step : files.steps()) {
            Target target = step.target();
            if (target != null && NoCallsOutsideRule.TARGETS.contains(target.scheme())) {
                check(step.chain(), step, target, KNOWN.getOrDefault("to " + target.scheme(), Map.of()), out);
            }
        }
    }

    private static void check(
            Chain chain, @Nullable Step step, Target target, Map<String, Set<String>> known, Findings out) {
        for (Option option : target.options()) {
            if (target.is("jms") && JmsRule.isNever(option.name())) {
                // The rule of that name says why.
                continue;
            }
            Set<String> values = known.get(option.name());
            if (values == null) {
                out.at(
                        chain,
                        step,
                        option.line(),
                        "the option " + option.name() + " is not among those that routes may set here: "
                                + new TreeSet<>(known.keySet()));
            } else if (values.contains(SETTING)
                    ? !option.value().matches("\\{\\{[^{}]+}}")
                    : !values.contains(option.value())) {
                out.at(
                        chain,
                        step,
                        option.line(),
                        "the option " + option.name() + " must be " + String.join(" or ", new TreeSet<>(values)));
            }
        }
    }
}
