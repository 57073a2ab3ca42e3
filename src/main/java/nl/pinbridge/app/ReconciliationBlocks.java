package nl.pinbridge.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.UnaryOperator;
import nl.pinbridge.config.Probe;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.LedgerUnavailableException;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import nl.pinbridge.publish.Publisher;
import nl.pinbridge.reconciliation.ListReader;
import nl.pinbridge.reconciliation.Reconciliation;
import nl.pinbridge.reconciliation.Runs;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of {@code 50-reconciliation.camel.yaml}. The body says whether there is a run to work on and a page to read:
 * {@code {run, page}}, null where there is none. Each block does nothing when its turn has not come, so that a run goes on wherever
 * it was left.
 */
final class ReconciliationBlocks {
    private static final Logger LOG = LoggerFactory.getLogger(ReconciliationBlocks.class);
    private static final String HELD = "pinbridge.run";
    private static final String ASK = "pinbridge.page";
    private static final String WORK = "direct:reconcile-due";

    private final Reconciliation reconciliation;
    private final Publisher publisher;
    private final ProducerTemplate template;
    private final boolean enabled;
    private final UnaryOperator<Instant> nextFiring;
    private final Probe probe;

    /** @param nextFiring when the schedule fires next after an instant */
    ReconciliationBlocks(
            Reconciliation reconciliation,
            Publisher publisher,
            ProducerTemplate template,
            boolean enabled,
            UnaryOperator<Instant> nextFiring,
            Probe probe) {
        this.reconciliation = reconciliation;
        this.publisher = publisher;
        this.template = template;
        this.enabled = enabled;
        this.nextFiring = nextFiring;
        this.probe = probe;
    }

    Map<String, Processor> byName() {
        return Map.of(
                "plan-days", this::plan,
                "plan-missed-days", this::planMissed,
                "take-run", this::takeRun,
                "next-page", this::nextPage,
                "read-page", this::readPage,
                "match-run",
                        exchange -> step(
                                exchange,
                                held -> publish(reconciliation.matching().match(held))),
                "send-feed",
                        exchange ->
                                step(exchange, held -> reconciliation.sender().send(held)),
                "write-reports",
                        exchange ->
                                step(exchange, held -> reconciliation.reports().write(held)),
                "answer-run", exchange -> step(exchange, held -> publish(reconciliation.answer(held))));
    }

    /** Asks a provider's own route for a page of its list. */
    static ListReader.Answer ask(ProducerTemplate template, ProviderJob job) {
        Exchange exchange = template.send("direct:" + job.provider() + "-" + job.operation(), asking -> {
            asking.setProperty(ProviderJob.PROPERTY, job);
            asking.getMessage().setBody(job.view());
        });
        boolean fine = exchange.getException() == null
                && exchange.getProperty(Exchange.EXCEPTION_CAUGHT) == null
                && exchange.getMessage().getBody() instanceof JsonNode;
        return new ListReader.Answer(
                exchange.getProperty(WireOutcome.PROPERTY, WireOutcome.class),
                fine ? exchange.getMessage().getBody(JsonNode.class) : null);
    }

    /** The firing times of a Quartz schedule that was checked before. */
    static UnaryOperator<Instant> firings(String schedule, ZoneId zone) {
        return after -> {
            try {
                CronExpression cron = new CronExpression(schedule);
                cron.setTimeZone(TimeZone.getTimeZone(zone));
                Date next = cron.getNextValidTimeAfter(Date.from(after));
                return next == null ? Instant.MAX : next.toInstant();
            } catch (java.text.ParseException e) {
                throw new IllegalStateException("A schedule that was checked is none: " + schedule, e);
            }
        };
    }

    private void plan(Exchange exchange) {
        if (enabled) {
            reconciliation.runs().plan();
            reconciliation.runs().prune();
        }
        exchange.getMessage().setBody(body(null, null));
    }

    private void planMissed(Exchange exchange) {
        if (enabled) {
            reconciliation.runs().planMissed(nextFiring);
        }
        exchange.getMessage().setBody(body(null, null));
    }

    /** Works on what a command asked for; whoever holds one of its runs already answers it. */
    void request(String commandRow) {
        publish(reconciliation.runs().request(commandRow));
        template.send(WORK, new DefaultExchange(template.getCamelContext()));
    }

    /** Works on a day at once; where its report lies, empty when it came to nothing. */
    Optional<Path> now(String provider, LocalDate day) {
        reconciliation.runs().plan(provider, day);
        template.send(WORK, new DefaultExchange(template.getCamelContext()));
        return reconciliation.runs().published(provider, day).map(reconciliation.reports()::page);
    }

    private void takeRun(Exchange exchange) {
        exchange.removeProperty(HELD);
        exchange.removeProperty(ASK);
        Optional<Runs.Held> held = exchange.getContext().isStopping()
                ? Optional.empty()
                : reconciliation.runs().take();
        held.ifPresent(run -> exchange.setProperty(HELD, run));
        exchange.getMessage().setBody(body(held.map(Runs.Held::runId).orElse(null), null));
        held.ifPresent(run -> probe.at("run-taken"));
    }

    private void nextPage(Exchange exchange) {
        exchange.removeProperty(ASK);
        step(exchange, held -> {
            if (exchange.getContext().isStopping()) {
                reconciliation.runs().release(held);
                exchange.removeProperty(HELD);
                return;
            }
            reconciliation.runs().nextPage(held).ifPresent(ask -> exchange.setProperty(ASK, ask));
        });
        Runs.Ask ask = exchange.getProperty(ASK, Runs.Ask.class);
        Runs.Held held = exchange.getProperty(HELD, Runs.Held.class);
        exchange.getMessage()
                .setBody(body(
                        held == null ? null : held.runId(),
                        ask == null ? null : ask.run().page()));
    }

    private void readPage(Exchange exchange) {
        Runs.Ask ask = exchange.getProperty(ASK, Runs.Ask.class);
        if (ask != null) {
            step(exchange, held -> reconciliation.read(ask));
            probe.at("page-stored");
        }
    }

    /** A step of a run. */
    private interface Step {
        void on(Runs.Held held);
    }

    private void step(Exchange exchange, Step step) {
        Runs.Held held = exchange.getProperty(HELD, Runs.Held.class);
        if (held == null) {
            return;
        }
        try {
            step.on(held);
        } catch (LedgerUnavailableException e) {
            throw e;
        } catch (Runs.LostException e) {
            LOG.info("{}", e.getMessage());
            exchange.removeProperty(HELD);
        } catch (RuntimeException e) {
            LOG.error("A run of the reconciliation failed", e);
            exchange.removeProperty(HELD);
            reconciliation
                    .runs()
                    .failed(held, "the bridge failed on it (" + e.getClass().getSimpleName() + ")");
            publish(reconciliation.answer(held));
        }
    }

    private void publish(Nudges nudges) {
        publisher.publish(nudges);
    }

    private static ObjectNode body(@Nullable String run, @Nullable Integer page) {
        return Json.object().put("run", run).put("page", page);
    }
}
