package nl.pinbridge.routecheck;

import java.util.List;
import java.util.Set;
import nl.pinbridge.ledger.LedgerUnavailableException;
import nl.pinbridge.routecheck.RouteFiles.Failures;
import nl.pinbridge.routecheck.Step.Expression;

/**
 * There is one error handler, for every route, that ends each failed message with a result. A failure that is not handled goes back to
 * the broker and runs the whole route again; one that is swallowed is a command without a result.
 */
final class FailuresRule extends DescribedRule {
    private static final String EVERYTHING = Throwable.class.getName();
    private static final String LEDGER_AWAY = LedgerUnavailableException.class.getName();
    private static final Set<String> BLOCKS = Set.of("failure", "publish", "close-gate");

    FailuresRule() {
        super(
                "failures",
                "anything but exactly one global `routeConfiguration`; one that does not handle `java.lang.Throwable` with"
                        + " `failure` and `publish`; a handler that leaves a failure unhandled, lets the route go on, or"
                        + " starts work again",
                "an unhandled failure goes back to the queue and runs the route again; a swallowed one is a command"
                        + " without a result; only while the ledger is away is going back the right thing",
                "`routes/00-failures.camel.yaml` as delivered; more handlers only as `handled: true`, `failure`, `publish`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        if (files.failures().isEmpty()) {
            out.at(
                    files.folder(),
                    0,
                    "there is no routeConfiguration: without 00-failures.camel.yaml a failed message runs again");
            return;
        }
        for (Failures more : files.failures().subList(1, files.failures().size())) {
            out.at(
                    more.file().path(),
                    more.fields().line(),
                    "is a second routeConfiguration: which one a route gets is chance, so keep one");
        }
        Failures failures = files.failures().get(0);
        if (failures.fields().has("id")) {
            out.at(
                    failures.file().path(),
                    failures.fields().lineOf("id"),
                    "a routeConfiguration with an id is for routes that name it only: take the id away");
        }
        needs(failures, EVERYTHING, out);
        needs(failures, LEDGER_AWAY, out);
        Flow flow = Flow.of(files);
        failures.handlers().forEach(handler -> check(flow, handler, out));
    }

    private static void needs(Failures failures, String exception, Findings out) {
        long handlers = failures.handlers().stream()
                .filter(handler -> exceptions(handler).contains(exception))
                .count();
        if (handlers != 1) {
            out.at(
                    failures.file().path(),
                    failures.fields().line(),
                    "has " + handlers + " handlers of " + exception + " where one is needed");
        }
    }

    private static List<String> exceptions(Chain handler) {
        return handler.fields().items("exception").stream()
                .map(each -> each instanceof Yaml.Scalar scalar ? scalar.text() : "")
                .toList();
    }

    private static void check(Flow flow, Chain handler, Findings out) {
        boolean ledgerAway = exceptions(handler).contains(LEDGER_AWAY);
        if (ledgerAway && exceptions(handler).size() > 1) {
            out.at(handler, "handles other failures like an absent ledger: give them a handler of their own");
        }
        if (!ledgerAway && !isConstant(handler, "true")) {
            out.at(
                    handler,
                    handler.fields().lineOf("handled"),
                    "must have handled: constant true: a failure that is not handled runs the route again");
        }
        if (ledgerAway && !isConstant(handler, "false")) {
            out.at(
                    handler,
                    handler.fields().lineOf("handled"),
                    "must have handled: constant false: without a ledger the message has to come back");
        }
        if (handler.fields().has("continued")) {
            out.at(
                    handler,
                    handler.fields().lineOf("continued"),
                    "lets the route go on after a failure as if there had been none: take continued away");
        }
        List<String> needed =
                ledgerAway ? List.of("process:close-gate") : List.of("process:failure", "process:publish");
        List<String> steps = handler.steps().stream().map(Step::signature).toList();
        if (steps.size() < needed.size() || !steps.subList(0, needed.size()).equals(needed)) {
            out.at(handler, "must begin with " + String.join(", ", needed) + ": nothing may fail before them");
        }
        for (Chain reached : flow.from(handler)) {
            for (Step step : reached.all()) {
                String block = step.block();
                boolean works = block != null && Flow.GUARDED_BLOCKS.contains(block) && !BLOCKS.contains(block);
                Target target = step.target();
                if (works || (target != null && target.is("provider-call"))) {
                    out.at(
                            step,
                            "is reached from an error handler: after a failure nothing starts work or makes a call"
                                    + " again");
                }
            }
        }
    }

    private static boolean isConstant(Chain handler, String value) {
        Yaml handled = handler.fields().get("handled");
        if (handled == null) {
            return false;
        }
        List<Expression> expressions = Step.expressionsIn(handled);
        return expressions.size() == 1
                && expressions.get(0).language().equals("constant")
                && expressions.get(0).text().equals(value);
    }
}
