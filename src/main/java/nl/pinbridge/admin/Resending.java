package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Delivery;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ReplyTarget;
import nl.pinbridge.ledger.ResultRow;
import nl.pinbridge.ledger.Tx;

/**
 * Publishes results again that a consumer lost: the same results with the same {@code resultId}, to the reply queues that they were
 * for, each as a delivery of its own so that the broker does not take it for a duplicate.
 */
final class Resending {
    /** Results of one request: it must be over well within the time that the command line waits. */
    private static final int BATCH = 200;

    private final Ledger ledger;
    private final Consumer<Nudges> publish;

    Resending(Ledger ledger, Consumer<Nudges> publish) {
        this.ledger = ledger;
        this.publish = publish;
    }

    /** The results about one payment or command, or a batch of those of a period; {@code next} names where to go on. */
    ObjectNode resend(Question asked) {
        String id = asked.text("id");
        return id.isEmpty()
                ? ofPeriod(asked)
                : ofOne(id, asked.json().path("events").asBoolean());
    }

    private ObjectNode ofOne(String name, boolean events) {
        Written written = ledger.inTransaction(tx -> {
            List<CommandRow> commands = new ArrayList<>();
            Payments.find(tx, name).ifPresent(found -> commands.addAll(story(tx, found)));
            if (commands.isEmpty()) {
                commands.addAll(tx.commandsNamed(name));
            }
            if (commands.isEmpty()) {
                throw Payments.unknown(name);
            }
            Written made = new Written();
            commands.stream()
                    .flatMap(command -> tx.resultsOf(command.rowId()).stream())
                    .forEach(result -> made.add(tx, result, events));
            return made;
        });
        publish.accept(written.nudges);
        return written.described().put("total", written.results).putNull("next");
    }

    /** The commands about a payment and about its refunds. */
    private static List<CommandRow> story(Tx tx, PaymentRow found) {
        return Stream.concat(
                        Stream.of(found.story()),
                        tx.refundsOf(found.story()).stream().map(PaymentRow::id))
                .flatMap(id -> Stream.concat(
                        tx.commandsOf(id).stream(),
                        tx.payment(id).flatMap(row -> tx.command(row.createdBy())).stream()))
                .distinct()
                .toList();
    }

    private ObjectNode ofPeriod(Question asked) {
        Instant since = asked.instant("since")
                .orElseThrow(() -> new SorryException("Name a payment or command, or say since when."));
        boolean events = asked.json().path("events").asBoolean();
        String after = asked.text("after");
        record Batch(Written written, Instant until, long total, boolean more, String last) {}
        Batch batch = ledger.inTransaction(tx -> {
            Desk desk = new Desk(tx);
            // What is written from here on goes out by itself.
            Instant until = asked.instant("until").orElse(tx.now());
            if (!since.isBefore(until)) {
                throw new SorryException("The period ends at " + until + ", before it begins.");
            }
            List<ResultRow> results = desk.results(since, until, after, BATCH);
            Written made = new Written();
            results.forEach(result -> made.add(tx, result, events));
            return new Batch(
                    made,
                    until,
                    after.isEmpty() ? desk.countResults(since, until) : -1,
                    results.size() == BATCH,
                    results.isEmpty() ? after : results.get(results.size() - 1).id());
        });
        publish.accept(batch.written.nudges);
        ObjectNode answer = batch.written.described();
        answer.put("since", since.toString()).put("until", batch.until.toString());
        if (batch.total >= 0) {
            answer.put("total", batch.total);
        }
        return answer.put("next", batch.more ? batch.last : null);
    }

    /** What was written to be sent. */
    private static final class Written {
        final Nudges nudges = new Nudges();
        int results;
        int messages;

        void add(Tx tx, ResultRow result, boolean events) {
            boolean isFinal = Json.read(result.body()).path("final").asBoolean();
            List<Delivery> deliveries = new ArrayList<>();
            for (ReplyTarget target : tx.replyTargets(result.commandRow())) {
                if (isFinal || !target.finalOnly()) {
                    deliveries.add(tx.deliver(result, target.address(), target.correlationId()));
                }
            }
            if (events) {
                deliveries.add(tx.deliver(result, null, null));
            }
            nudges.deliver(deliveries);
            results++;
            messages += deliveries.size();
        }

        ObjectNode described() {
            return Json.object().put("results", results).put("messages", messages);
        }
    }
}
