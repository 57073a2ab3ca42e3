package nl.pinbridge.routecheck;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import nl.pinbridge.routecheck.Target.Option;
import org.jspecify.annotations.Nullable;

/** Hosts, secrets, times and numbers of consumers are an operator's to set: they differ between installations. */
final class LiteralsRule extends DescribedRule {
    private static final Pattern HOST = Pattern.compile(
            "://|@|localhost|\\d{1,3}(\\.\\d{1,3}){3}|(?i:[a-z0-9-]+\\.(com|nl|net|org|eu|be|de|io|local|internal)\\b)");
    private static final List<String> SECRET =
            List.of("password", "passwd", "secret", "token", "apikey", "accesskey", "username", "credential", "auth");
    private static final List<String> TIME =
            List.of("timeout", "interval", "delay", "period", "ttl", "timetolive", "consumers", "cron");

    LiteralsRule() {
        super(
                "literals",
                "a host, a user or password, a time or a number of consumers written into a uri or its parameters",
                "what differs between test and production is then wrong in one of them; a secret in a route is in the"
                        + " version history",
                "`{{placeholder}}` with a setting of its own");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Chain route : files.routes()) {
            Target from = route.from();
            if (from != null) {
                check(route, null, from, out);
            }
        }
        for (Step step : files.steps()) {
            Target target = step.target();
            if (target != null) {
                check(step.chain(), step, target, out);
            }
        }
    }

    private static void check(Chain chain, @Nullable Step step, Target target, Findings out) {
        if (HOST.matcher(target.written()).find()) {
            out.at(chain, step, target.line(), "names a host: the provider's folder and the settings name hosts");
        }
        for (Option option : target.options()) {
            String name = option.name().toLowerCase(Locale.ROOT).replace("-", "");
            boolean set = option.value().startsWith("{{") && option.value().endsWith("}}");
            if (SECRET.stream().anyMatch(name::contains)) {
                out.at(
                        chain,
                        step,
                        option.line(),
                        "has the credential " + option.name()
                                + ": credentials stand in provider.yaml and the terminal directory");
            } else if (!set && HOST.matcher(option.value()).find()) {
                out.at(chain, step, option.line(), option.name() + " names a host: take it from a setting");
            } else if (!set && TIME.stream().anyMatch(name::contains)) {
                out.at(
                        chain,
                        step,
                        option.line(),
                        option.name() + " is written out: take it from a setting, {{pinbridge.…}} or {{routes.…}}");
            }
        }
    }
}
