package nl.pinbridge.routecheck;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.routecheck.Target.Option;
import org.jspecify.annotations.Nullable;

/**
 * Queues are read as the bridge set its component up: in a transaction, one reader route for each queue, without replies. What a route
 * takes from another queue is gone for whom it was meant; what it sends to {@code payments.commands} is a command that nobody sent.
 */
final class JmsRule extends DescribedRule {
    /** Options that change when a message is acknowledged, who gets it, or who is answered. */
    static final Set<String> NEVER = Set.of(
            "transacted",
            "transactedinout",
            "transactionmanager",
            "lazycreatetransactionmanager",
            "acknowledgementmodename",
            "asyncconsumer",
            "disablereplyto",
            "replyto",
            "replytotype",
            "exchangepattern",
            "selector",
            "connectionfactory",
            "headerfilterstrategy",
            "destinationresolver",
            "autostartup",
            "testconnectiononstartup",
            "errorhandler",
            "errorhandlerloggingenabled",
            "transferexchange",
            "transferexception",
            "allowserializedheaders",
            "deliverypersistent",
            "deliverymode",
            "explicitqosenabled",
            "timetolive",
            "preservemessageqos");

    private static final Set<String> BY_HAND = Set.of(Addresses.COMMANDS, Addresses.EXPIRED, Addresses.ADMIN);
    private static final Set<String> SENT_TO = Set.of(Addresses.REFUSED);

    JmsRule() {
        super(
                "jms",
                "a consumer without the component's transaction, with a selector or with replies; a queue read by two routes"
                        + " or not made for routes; a send to anything but `payments.refused`; InOut;"
                        + " `mapJmsMessage` where it does not stand today",
                "outside of the transaction a crash loses the message, and two readers share one queue's commands by"
                        + " chance; a request and reply within a transaction is never sent",
                "the consumers as delivered, with `concurrentConsumers` from a setting; results and nudges are sent by blocks");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        Set<String> readable = new TreeSet<>(Set.of(
                Addresses.COMMANDS,
                Addresses.EXPIRED,
                Addresses.EXPRESS,
                Addresses.ERRAND,
                Addresses.LOOK,
                Addresses.WEBHOOKS,
                Addresses.ADMIN));
        readable.addAll(files.providers().keySet().stream().map(Addresses::lane).collect(Collectors.toSet()));
        Map<String, Chain> readers = new HashMap<>();
        for (Chain route : files.routes()) {
            Target from = route.from();
            if (from == null || !from.is("jms")) {
                continue;
            }
            if (!readable.contains(from.queue())) {
                out.at(route, from.line(), "reads " + from.rest() + ", which no route may: routes read " + readable);
            }
            Chain other = readers.putIfAbsent(from.queue(), route);
            if (other != null) {
                out.at(
                        route,
                        from.line(),
                        "reads " + from.queue() + " beside the route " + other.id()
                                + ": each message would go to one of them by chance");
            }
            boolean byHand =
                    from.options().stream().anyMatch(option -> option.name().equals("mapJmsMessage"));
            if (byHand != BY_HAND.contains(from.queue())) {
                out.at(
                        route,
                        from.line(),
                        byHand
                                ? "has mapJmsMessage: the blocks of this route need the mapped body"
                                : "needs mapJmsMessage: \"false\": the bridge itself reads what strangers send");
            }
            from.options().forEach(option -> never(route, null, option, out));
        }
        for (Step step : files.steps()) {
            Target target = step.target();
            if (step.fields().has("pattern") && target != null) {
                out.at(step, step.fields().lineOf("pattern"), "sets an exchange pattern: leave it as the route has it");
            }
            if (target == null || !target.is("jms")) {
                continue;
            }
            if (!SENT_TO.contains(target.queue())) {
                out.at(
                        step,
                        target.line(),
                        "sends to " + target.rest() + ": routes send to " + new TreeSet<>(SENT_TO)
                                + " only, the blocks send the rest");
            }
            target.options().forEach(option -> never(step.chain(), step, option, out));
        }
    }

    private static void never(Chain chain, @Nullable Step step, Option option, Findings out) {
        if (isNever(option.name())) {
            out.at(
                    chain,
                    step,
                    option.line(),
                    "sets " + option.name() + ": how messages are taken, kept and answered is not a route's to say");
        }
    }

    static boolean isNever(String option) {
        return NEVER.contains(option.toLowerCase(Locale.ROOT).replace("-", ""));
    }
}
