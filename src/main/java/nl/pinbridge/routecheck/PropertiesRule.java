package nl.pinbridge.routecheck;

import java.util.Locale;

/**
 * The ledger's job and mark travel as exchange properties. A route that takes the mark away after the call makes the bridge write down
 * that nothing was sent.
 */
final class PropertiesRule extends DescribedRule {
    PropertiesRule() {
        super(
                "properties",
                "`removeProperty`, `removeProperties`; `setProperty` of a name that starts with `pinbridge` or `Camel`, or that"
                        + " is computed",
                "the job and the mark of a call travel as properties: without them the bridge believes that nothing was sent",
                "a property of your own name, in kebab-case");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Step step : files.steps()) {
            if (step.kind().toLowerCase(Locale.ROOT).startsWith("removepropert")) {
                out.at(step, "takes properties away: the job and the mark of a call are among them");
            } else if (step.is("setProperty")) {
                String name = step.fields().text("name");
                // Kebab-case alone: the bridge's own names have dots and Camel's have capitals.
                if (name == null || !Names.isKebab(name) || name.startsWith("pinbridge") || name.startsWith("camel")) {
                    out.at(
                            step,
                            step.fields().lineOf("name"),
                            "sets the property " + name + ": use a name of your own in kebab-case, not the bridge's");
                }
            }
        }
    }
}
