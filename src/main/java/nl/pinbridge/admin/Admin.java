package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.ConnectionFactory;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.LedgerUnavailableException;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.OperatorAction;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import nl.pinbridge.outcome.Decisions;
import nl.pinbridge.outcome.ProviderRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the operator's questions and does what he asks: JSON in, JSON out. Whatever is decided is kept with name and reason.
 */
public final class Admin {
    private static final Logger LOG = LoggerFactory.getLogger(Admin.class);
    private static final int MOST = 1_000;

    /** What the operator's room needs of the others. */
    public interface House {
        /** A terminal by its alias. */
        Optional<Terminal> terminal(String alias);

        /** The terminal with a device, also one that was taken out of the directory. */
        Optional<Terminal> ofDevice(String device);

        Collection<Terminal> terminals();

        Collection<String> providers();

        ProviderRules rules(String provider);

        /** Tells the world what a transaction decided. */
        void publish(Nudges nudges);

        /**
         * Takes a command in as intake would have done, under its sender's name.
         *
         * @return a sentence that says what became of it
         */
        String takeIn(jakarta.jms.Message message);

        /** A text as it may be shown: without what senders tell a provider alone. */
        String hidden(String text);

        /** Where the report of a day lies, for people. */
        Path report(Feed feed);
    }

    private final Ledger ledger;
    private final Payments payments;
    private final WorkItems work;
    private final Lanes lanes;
    private final Pauses pauses;
    private final Resending resending;
    private final DeadLetters dead;
    private final Exceptions exceptions;
    private final Reconciling reconciling;

    /**
     * @param broker connections with the bridge's own user
     */
    public Admin(Ledger ledger, House house, ConnectionFactory broker) {
        this.ledger = ledger;
        Function<String, ProviderRules> rules = house::rules;
        Decisions decisions = new Decisions(ledger, rules);
        Consumer<Nudges> publish = house::publish;
        payments = new Payments(ledger);
        work = new WorkItems(ledger, decisions, house, publish);
        lanes = new Lanes(ledger, decisions, house, publish);
        pauses = new Pauses(ledger, house.providers());
        resending = new Resending(ledger, publish);
        dead = new DeadLetters(ledger, broker, house::takeIn, house::hidden);
        exceptions = new Exceptions(ledger, house);
        reconciling = new Reconciling(ledger, house);
    }

    /**
     * The answer to a question such as {@code {"ask": "payments", "limit": 50}}; {@code {"error": …}} when it makes no sense or is
     * turned down: nothing was done then.
     *
     * @param user who is logged in at the broker
     */
    public ObjectNode answer(JsonNode question, String user) {
        try {
            return answer(new Question(question, user));
        } catch (SorryException e) {
            return error(String.valueOf(e.getMessage()));
        } catch (LedgerUnavailableException e) {
            return error(
                    "The bridge's ledger is out of reach. Nothing is known to be done; try again when it is back.");
        } catch (RuntimeException e) {
            LOG.error("The operator's request {} failed", question.path("ask").asText(), e);
            return error(
                    "The bridge failed on this request (" + e.getClass().getSimpleName() + "); its log says more.");
        }
    }

    private ObjectNode answer(Question asked) {
        return switch (asked.text("ask")) {
            case "payments" -> payments.latest(asked.limit(50, MOST));
            case "payment" -> payments.story(asked.text("id"));
            case "work" -> work.list(asked);
            case "work-item" -> work.show(asked.needed("id"));
            case "settle" -> work.settle(asked);
            case "lanes" -> lanes.list();
            case "lane-free" -> lanes.free(asked);
            case "pause" -> pauses.pause(asked, true);
            case "resume" -> pauses.pause(asked, false);
            case "resend" -> resending.resend(asked);
            case "dead" -> dead.list(asked.limit(100, MOST));
            case "dead-letter" -> dead.show(asked.needed("id"));
            case "dead-requeue" -> dead.requeue(asked);
            case "dead-discard" -> dead.discard(asked);
            case "exceptions" -> exceptions.list(asked);
            case "exception" -> exceptions.explain(asked.needed("id"));
            case "exception-close" -> exceptions.close(asked);
            case "reconcile-progress" -> reconciling.progress(asked.needed("id"));
            case "decisions" -> decisions(asked.limit(50, MOST));
            default ->
                throw new SorryException("This bridge does not know how to answer '" + asked.text("ask")
                        + "'. Is it older than the command line?");
        };
    }

    private static ObjectNode error(String sentence) {
        return Json.object().put("error", sentence);
    }

    private ObjectNode decisions(int limit) {
        return ledger.inTransaction(tx -> {
            ObjectNode answer = Json.object();
            ArrayNode list = answer.putArray("decisions");
            for (OperatorAction action : new Desk(tx).actions(limit)) {
                list.addObject()
                        .put("at", action.at().toString())
                        .put("action", action.action())
                        .put("subject", action.subject())
                        .put("by", action.byName())
                        .put("user", action.userName())
                        .put("why", action.why())
                        .set("detail", action.detail() == null ? null : Json.read(action.detail()));
            }
            return answer;
        });
    }
}
