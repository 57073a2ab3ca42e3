package nl.pinbridge.routecheck;

import java.util.ArrayList;
import java.util.List;
import nl.pinbridge.broker.Addresses;
import org.jspecify.annotations.Nullable;

/**
 * The routes that every command depends on are there, with their blocks in order and nothing between that could change what one block
 * hands to the next. A block within a {@code choice} or {@code filter} runs for some messages only, so it does not count.
 */
final class GuaranteesRule extends DescribedRule {
    /**
     * A route that must be there.
     *
     * @param steps in this order on its first level; nothing else may stand there but a log
     * @param inside steps that must stand somewhere in it
     */
    private record Needed(String from, List<String> steps, List<String> inside, String why) {}

    private static final String WORK = "to:direct:work";
    private static final String TAKE_IN = "to:direct:take-in";

    private static final List<Needed> NEEDED = List.of(
            needed("jms:queue:" + Addresses.COMMANDS, "no command would be taken", TAKE_IN),
            needed("jms:queue:" + Addresses.EXPIRED, "commands whose time ran out would get no answer", TAKE_IN),
            new Needed(
                    "direct:take-in",
                    List.of("process:intake", "removeHeaders:*", "choice", "process:publish"),
                    List.of("process:wake", "to:direct:refuse"),
                    "commands would not be recorded or not be sent on"),
            needed(
                    "direct:work",
                    "what was done for a command would not be written or told",
                    "process:take-command",
                    "process:refresh",
                    "process:provider-route",
                    "process:outcome",
                    "process:publish"),
            needed("jms:queue:" + Addresses.EXPRESS, "status and cancel would wait for ever", WORK),
            needed("jms:queue:" + Addresses.ERRAND, "receipts would never be mailed", WORK),
            needed(
                    "jms:queue:" + Addresses.LOOK,
                    "open payments would never be found out",
                    "process:take-look",
                    "process:provider-route",
                    "process:outcome",
                    "process:publish"),
            needed(
                    "jms:queue:" + Addresses.WEBHOOKS,
                    "what providers tell by webhook would pile up unread",
                    "process:take-webhook",
                    "process:publish"),
            needed(
                    "quartz:pinbridge/sweep",
                    "what a lost message should have done would never be done",
                    "process:sweep"),
            needed("jms:queue:" + Addresses.ADMIN, "the operator's command line would get no answer", "process:admin"),
            new Needed(
                    "direct:refuse",
                    List.of("transform", "marshal", "convertBodyTo", "to:jms:queue:" + Addresses.REFUSED),
                    List.of(),
                    "messages that nobody can be answered about would disappear"));

    GuaranteesRule() {
        super(
                "guarantees",
                "a missing route or block among those that every command depends on (intake, expired commands, work, lanes,"
                        + " express, looks, webhooks, sweep, refusals, the operator's questions); other steps between their blocks",
                "a command would get no result, or what one block hands to the next would be changed on the way: a fixed"
                        + " body before `outcome` books what no provider said",
                "leave these routes as delivered; a `log` may be added. Words are mapped in the provider's folder");
    }

    private static Needed needed(String from, String why, String... steps) {
        return new Needed(from, List.of(steps), List.of(), why);
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        List<Needed> all = new ArrayList<>(NEEDED);
        files.providers()
                .keySet()
                .forEach(provider -> all.add(needed(
                        "jms:queue:" + Addresses.lane(provider),
                        "commands for " + provider + " would wait for ever",
                        WORK)));
        for (Needed needed : all) {
            List<Chain> routes = files.routes().stream()
                    .filter(route -> route.isFrom(needed.from()))
                    .toList();
            if (routes.isEmpty()) {
                out.at(files.folder(), 0, "there is no route from " + needed.from() + ": " + needed.why());
            }
            routes.forEach(route -> check(route, needed, out));
        }
    }

    private static void check(Chain route, Needed needed, Findings out) {
        List<Step> steps =
                route.steps().stream().filter(step -> !step.is("log")).toList();
        List<String> found = steps.stream().map(Step::signature).toList();
        String wanted = "this route is " + String.join(", ", needed.steps());
        if (!found.containsAll(needed.steps())) {
            List<String> missing = new ArrayList<>(needed.steps());
            missing.removeAll(found);
            out.at(
                    route,
                    "without " + String.join(", ", missing) + " on its first level " + needed.why() + ": " + wanted);
        } else if (!found.equals(needed.steps())) {
            Step first = firstDifference(steps, needed.steps());
            out.at(
                    route,
                    first,
                    first == null ? route.line() : first.line(),
                    "does not belong here: " + wanted + " and nothing else, because what one hands to the next must not"
                            + " change on the way");
        }
        List<String> all = route.all().stream().map(Step::signature).toList();
        for (String inside : needed.inside()) {
            if (all.stream().filter(inside::equals).count() != 1) {
                out.at(route, "must have " + inside + " in one place, or " + needed.why());
            }
        }
    }

    private static @Nullable Step firstDifference(List<Step> steps, List<String> needed) {
        for (int i = 0; i < steps.size(); i++) {
            if (i >= needed.size() || !steps.get(i).signature().equals(needed.get(i))) {
                return steps.get(i);
            }
        }
        return null;
    }
}
