package nl.pinbridge.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.config.Probe;
import nl.pinbridge.contract.Json;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.intake.MessageReader;
import nl.pinbridge.ledger.LedgerUnavailableException;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.Path;
import nl.pinbridge.outcome.Outcome;
import nl.pinbridge.outcome.Reading;
import nl.pinbridge.outcome.Sightings;
import nl.pinbridge.provider.CallGate;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import nl.pinbridge.provider.Work;
import nl.pinbridge.provider.Work.Refreshed;
import nl.pinbridge.provider.Work.Task;
import nl.pinbridge.publish.Messenger;
import nl.pinbridge.publish.Publisher;
import nl.pinbridge.publish.Sweep;
import nl.pinbridge.webhook.Webhook;
import nl.pinbridge.webhook.Webhooks;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks that the routes are made of, by the names that the routes use. Everything that an editor of routes must not be able to
 * break is in here: what is called twice does nothing the second time, and what is left out is found by the sweep.
 */
final class Blocks {
    /** Every name that a route may use. */
    static final Set<String> NAMES = Set.of(
            "intake",
            "wake",
            "take-command",
            "refresh",
            "take-look",
            "take-webhook",
            "provider-route",
            "outcome",
            "publish",
            "failure",
            "sweep",
            "close-gate",
            "admin",
            "plan-days",
            "plan-missed-days",
            "take-run",
            "next-page",
            "read-page",
            "match-run",
            "send-feed",
            "write-reports",
            "answer-run");

    private static final Logger LOG = LoggerFactory.getLogger(Blocks.class);
    private static final String NUDGES = "pinbridge.nudges";
    private static final String EVIDENCE = "pinbridge.evidence";
    private static final String RECEIVED = "pinbridge.received";
    private static final String TASK = "pinbridge.task";
    private static final String SIGHTINGS = "pinbridge.sightings";

    private final Intake intake;
    private final MessageReader messages;
    private final Work work;
    private final Outcome outcome;
    private final Publisher publisher;
    private final Messenger messenger;
    private final Sweep sweep;
    private final Webhooks webhooks;
    private final Set<String> providers;
    private final Consumer<String> reconciliation;
    private final Finder finder;
    private final ProducerTemplate template;
    private final Probe probe;

    Blocks(
            Intake intake,
            MessageReader messages,
            Work work,
            Outcome outcome,
            Publisher publisher,
            Messenger messenger,
            Sweep sweep,
            Webhooks webhooks,
            Set<String> providers,
            Consumer<String> reconciliation,
            Finder finder,
            ProducerTemplate template,
            Probe probe) {
        this.intake = intake;
        this.messages = messages;
        this.work = work;
        this.outcome = outcome;
        this.publisher = publisher;
        this.messenger = messenger;
        this.sweep = sweep;
        this.webhooks = webhooks;
        this.providers = providers;
        this.reconciliation = reconciliation;
        this.finder = finder;
        this.template = template;
        this.probe = probe;
    }

    Map<String, Processor> byName() {
        return Map.ofEntries(
                Map.entry("intake", this::intake),
                Map.entry("wake", this::wake),
                Map.entry("take-command", this::takeCommand),
                Map.entry("refresh", this::refresh),
                Map.entry("take-look", this::takeLook),
                Map.entry("take-webhook", this::takeWebhook),
                Map.entry("provider-route", this::providerRoute),
                Map.entry("outcome", this::outcome),
                Map.entry("publish", this::publish),
                Map.entry("failure", this::failure),
                Map.entry("sweep", exchange -> sweep.run()));
    }

    /** Records the message; the body becomes where it goes: {@code {way, provider, command, refused}}. */
    private void intake(Exchange exchange) {
        probe.at("received");
        MessageReader.Message message = messages.read(exchange);
        exchange.setProperty(RECEIVED, message);
        if (message.received() == null) {
            exchange.getMessage().setBody(refused(message, message.unreadable(), null));
            return;
        }
        Intake.Verdict verdict = intake.accept(message.received());
        probe.at("recorded");
        nudges(exchange).and(verdict.nudges());
        if (verdict.direct() != null) {
            messenger.deliverDirect(
                    verdict.direct().replyTo(),
                    verdict.direct().correlationId(),
                    verdict.direct().body());
        }
        if (verdict.way() == Intake.Way.REFUSED) {
            exchange.getMessage().setBody(refused(message, verdict.reason(), verdict.field()));
            return;
        }
        ObjectNode ticket = Json.object();
        ticket.put("way", verdict.way().name());
        ticket.put("provider", verdict.provider());
        ticket.put("command", verdict.commandRow());
        exchange.getMessage().setBody(ticket);
    }

    private static ObjectNode refused(MessageReader.Message message, @Nullable String reason, @Nullable String field) {
        ObjectNode ticket = Json.object();
        ticket.put("way", Intake.Way.REFUSED.name());
        ticket.set("refused", message.refusal(reason == null ? "unreadable" : reason, field));
        return ticket;
    }

    /** Wakes the command of the ticket in the body where it is worked on: on its provider's lane, or past the lanes. */
    private void wake(Exchange exchange) {
        JsonNode ticket = exchange.getMessage().getBody(JsonNode.class);
        messenger.wake(new Nudges.Wake(
                Path.valueOf(ticket.path("way").asText()),
                ticket.path("provider").textValue(),
                ticket.path("command").asText(),
                null));
        probe.at("nudged");
    }

    /** Reads what is to be done for the command named in the body; the body becomes the job's view. */
    private void takeCommand(Exchange exchange) {
        String command = exchange.getMessage().getBody(String.class);
        boolean redelivered = Boolean.TRUE.equals(exchange.getMessage().getHeader("JMSRedelivered", Boolean.class));
        take(exchange, work.ofCommand(command, redelivered, Refreshed.NOT_YET));
        if (redelivered) {
            nudges(exchange).and(work.leftBehind(command));
        }
        probe.at("taken");
    }

    /**
     * Asks the provider how the payment stands, for a command that may act only on what is sure, and then looks again at what is to be
     * done. Does nothing for other commands.
     */
    private void refresh(Exchange exchange) {
        if (!(exchange.getProperty(TASK, Task.class) instanceof Task.Refresh refresh)) {
            return;
        }
        Exchange asking = new DefaultExchange(exchange.getContext());
        take(asking, new Task.Call(refresh.look()));
        providerRoute(asking);
        // A route that failed has already told the outcome room.
        boolean answered = asking.getProperty(TASK) != null && understood(asking);
        outcome(asking);
        nudges(exchange).and(nudges(asking));
        take(exchange, work.ofCommand(refresh.commandRow(), false, answered ? Refreshed.ANSWERED : Refreshed.IN_VAIN));
    }

    private static boolean understood(Exchange exchange) {
        return exchange.getException() == null
                && exchange.getProperty(WireOutcome.PROPERTY, WireOutcome.class)
                        instanceof WireOutcome.Answered answered
                && answered.success()
                && Reading.from(exchange.getMessage().getBody(JsonNode.class)).state() != Reading.State.UNREADABLE;
    }

    private void takeLook(Exchange exchange) {
        take(exchange, work.ofLook(exchange.getMessage().getBody(String.class)));
    }

    /**
     * Brings a look forward where the webhook in the body gives reason to. What can never be worked on goes to the dead letters, so that
     * it does not stand before the others for ever.
     */
    private void takeWebhook(Exchange exchange) {
        String message = String.valueOf(exchange.getMessage().getBody(String.class));
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(Json.object());
        try {
            nudges(exchange).and(webhooks.take(Webhook.of(message)).nudges());
        } catch (LedgerUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("A webhook cannot be worked on; it goes to the dead letters", e);
            messenger.bury(
                    Addresses.WEBHOOKS,
                    message,
                    "cannot be worked on: " + e.getClass().getSimpleName());
        }
        probe.at("webhook");
    }

    private static void take(Exchange exchange, Task task) {
        exchange.getMessage().removeHeaders("*");
        exchange.setProperty(TASK, task);
        ObjectNode body = Json.object();
        if (task instanceof Task.Call call) {
            exchange.setProperty(ProviderJob.PROPERTY, call.job());
            body = call.job().view();
        }
        exchange.getMessage().setBody(body);
    }

    /** Sends the job to the route of its provider and operation; does nothing when there is no job. */
    private void providerRoute(Exchange exchange) {
        if (exchange.getProperty(TASK, Task.class) instanceof Task.Reconcile reconcile) {
            reconciliation.accept(reconcile.commandRow());
            return;
        }
        if (exchange.getProperty(TASK, Task.class) instanceof Task.Search search) {
            exchange.setProperty(SIGHTINGS, finder.find(search));
            return;
        }
        ProviderJob job = job(exchange);
        if (job == null) {
            return;
        }
        if (!providers.contains(job.provider())) {
            throw new IllegalStateException("There is no folder for the provider " + job.provider());
        }
        template.send("direct:" + job.provider() + "-" + job.operation(), exchange);
    }

    /** Writes what was learnt into the ledger. */
    private void outcome(Exchange exchange) {
        Task task = exchange.getProperty(TASK, Task.class);
        if (task instanceof Task.Call call) {
            nudges(exchange).and(ofCall(exchange, call.job()));
        } else if (task instanceof Task.AnswerStatus status) {
            nudges(exchange).and(outcome.ofStatusCommand(status.commandRow()));
        } else if (task instanceof Task.Interrupted interrupted) {
            nudges(exchange).and(outcome.ofInterruption(interrupted.commandRow()));
        } else if (task instanceof Task.Search search) {
            Sightings seen = exchange.getProperty(SIGHTINGS, Sightings.NONE, Sightings.class);
            nudges(exchange).and(outcome.ofSearch(String.valueOf(search.look().paymentId()), seen));
        } else if (task instanceof Task.BlindLook look) {
            nudges(exchange).and(outcome.ofBlindLook(look.paymentId()));
        } else if (task instanceof Task.UnsentCancel cancel) {
            nudges(exchange).and(outcome.ofUnsentCancel(cancel.commandRow()));
        } else if (task instanceof Task.End end) {
            nudges(exchange).and(outcome.ofUnsent(end.commandRow(), end.error()));
        }
        exchange.removeProperty(TASK);
        probe.at("outcome");
    }

    private Nudges ofCall(Exchange exchange, ProviderJob job) {
        WireOutcome wire = exchange.getProperty(WireOutcome.PROPERTY, WireOutcome.class);
        CallGate.Mark mark = exchange.getProperty(CallGate.Mark.PROPERTY, CallGate.Mark.class);
        String evidence = exchange.getProperty(EVIDENCE, String.class);
        Reading reading = exchange.getException() == null
                ? Reading.from(exchange.getMessage().getBody(JsonNode.class))
                : Reading.UNREADABLE;
        if (mark != null) {
            return outcome.ofMarkedCall(
                    job,
                    mark.attempt(),
                    wire == null ? new WireOutcome.Unknown("the route failed") : wire,
                    evidence,
                    reading);
        }
        if (job.operation().equals("status")) {
            return outcome.ofLook(job, wire, evidence, reading);
        }
        if (job.operation().equals(ProviderJob.GIVEN_BACK)) {
            return outcome.ofGivenBack(job, wire, evidence, reading);
        }
        return job.commandRow() == null
                ? new Nudges()
                : outcome.ofFaultBeforeMark(job.commandRow(), "the route called nobody");
    }

    /** Tells the world. */
    private void publish(Exchange exchange) {
        Nudges nudges = nudges(exchange);
        exchange.removeProperty(NUDGES);
        publisher.publish(nudges);
        probe.at("told");
    }

    /** What became of a route that failed; the error handler comes here. */
    private void failure(Exchange exchange) {
        Throwable fault = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (fault instanceof CallGate.NotMarkedException refused) {
            nudges(exchange).and(refused.nudges());
            exchange.removeProperty(TASK);
            exchange.getMessage().setBody(Json.object());
            return;
        }
        String route = exchange.getProperty(Exchange.FAILURE_ROUTE_ID, String.class);
        String why = fault == null ? "unknown" : fault.getClass().getSimpleName();
        LOG.error("The route {} failed", route, fault);
        Task task = exchange.getProperty(TASK, Task.class);
        if (task instanceof Task.Call call) {
            nudges(exchange).and(afterFailure(exchange, call.job(), why));
            exchange.removeProperty(TASK);
            exchange.getMessage().setBody(Json.object());
            return;
        }
        MessageReader.Message message = exchange.getProperty(RECEIVED, MessageReader.Message.class);
        exchange.getMessage()
                .setBody(
                        message == null
                                ? Json.object()
                                : refused(message, "The bridge failed on this message (" + why + ").", null));
    }

    private Nudges afterFailure(Exchange exchange, ProviderJob job, String why) {
        CallGate.Mark mark = exchange.getProperty(CallGate.Mark.PROPERTY, CallGate.Mark.class);
        WireOutcome wire = exchange.getProperty(WireOutcome.PROPERTY, WireOutcome.class);
        String evidence = exchange.getProperty(EVIDENCE, String.class);
        if (mark != null) {
            WireOutcome known = wire == null ? new WireOutcome.Unknown("the route failed: " + why) : wire;
            return outcome.ofMarkedCall(job, mark.attempt(), known, evidence, Reading.UNREADABLE);
        }
        if (job.operation().equals("status")) {
            return outcome.ofLook(job, null, evidence, Reading.UNREADABLE);
        }
        if (job.operation().equals(ProviderJob.GIVEN_BACK)) {
            return outcome.ofGivenBack(job, null, evidence, Reading.UNREADABLE);
        }
        return job.commandRow() == null ? new Nudges() : outcome.ofFaultBeforeMark(job.commandRow(), why);
    }

    private static @Nullable ProviderJob job(Exchange exchange) {
        return exchange.getProperty(ProviderJob.PROPERTY, ProviderJob.class);
    }

    private static Nudges nudges(Exchange exchange) {
        Nudges nudges = exchange.getProperty(NUDGES, Nudges.class);
        if (nudges == null) {
            nudges = new Nudges();
            exchange.setProperty(NUDGES, nudges);
        }
        return nudges;
    }
}
