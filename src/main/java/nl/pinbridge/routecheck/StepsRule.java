package nl.pinbridge.routecheck;

import java.util.Map;
import java.util.Set;

/** Routes are made of a short list of steps. What is on it has been judged; what is not, has not. */
final class StepsRule extends DescribedRule {
    private static final Set<String> WITHIN = Set.of("when", "otherwise", "doCatch", "doFinally");

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("toD", "a message would choose where it goes"),
            Map.entry("recipientList", "a message would choose where it goes"),
            Map.entry("routingSlip", "a message would choose where it goes"),
            Map.entry("dynamicRouter", "a message would choose where it goes"),
            Map.entry("enrich", "a message would choose where it goes"),
            Map.entry("pollEnrich", "a message would choose what is read"),
            Map.entry("poll", "it takes messages outside of the transaction"),
            Map.entry("bean", "it can call any method; a block is named with process"),
            Map.entry("script", "it can run any program; mappings are jq"),
            Map.entry("wireTap", "it runs outside of the transaction and is lost in a crash"),
            Map.entry("threads", "it leaves the transaction"),
            Map.entry("setExchangePattern", "a reply within a transaction never comes"),
            Map.entry("unmarshal", "amounts would become floating point; jq reads JSON text by itself"),
            Map.entry("rollback", "the message would come back and the route run again"),
            Map.entry("stop", "what comes after it, such as the result, would not happen"),
            Map.entry("idempotentConsumer", "it forgets a key when something fails; the ledger does not"));

    StepsRule() {
        super(
                "steps",
                "every step but `to`, `process`, `transform`, `setBody`, `setHeader`, `setProperty`, `removeHeader`,"
                        + " `removeHeaders`, `convertBodyTo`, `marshal`, `choice`, `filter`, `validate`, `log`, and, away from"
                        + " money, `split`, `loop`, `delay`, `doTry`: so no `toD`, `recipientList`, `dynamicRouter`, `enrich`,"
                        + " `bean`, `script`, `wireTap`, `unmarshal`, …",
                "a step that chooses its target by data can be led to a money call; a step that nobody has judged can do so"
                        + " too",
                "a `choice` of fixed targets; a mapping in jq; a block");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        Flow flow = Flow.of(files);
        for (Chain chain : files.chains()) {
            boolean guarded = flow.isGuarded(chain);
            for (Step step : chain.all()) {
                boolean toldAlready = guarded && NoRepeatsRule.REPEATERS.contains(step.kind());
                boolean dynamic = REASONS.containsKey(step.kind());
                if (!FormRule.STEPS.containsKey(step.kind())
                        && !WITHIN.contains(step.kind())
                        && (dynamic || !toldAlready)) {
                    out.at(
                            step,
                            "routes may not use " + step.kind() + ": "
                                    + REASONS.getOrDefault(
                                            step.kind(), "nobody has judged what it could do to a payment"));
                }
            }
        }
    }
}
