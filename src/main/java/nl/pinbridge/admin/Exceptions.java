package nl.pinbridge.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.ReconciliationItems;
import nl.pinbridge.ledger.ReconciliationItems.Event;
import nl.pinbridge.ledger.ReconciliationItems.Item;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.outcome.Signature;
import nl.pinbridge.reconciliation.ExceptionClass;
import org.jspecify.annotations.Nullable;

/** What the provider's list and the ledger do not agree on: listed, shown with both sides, and closed by a person. */
final class Exceptions {
    private static final int MOST = 1_000;
    private static final int NAMESAKES = 10;

    private final Ledger ledger;
    private final Admin.House house;

    Exceptions(Ledger ledger, Admin.House house) {
        this.ledger = ledger;
        this.house = house;
    }

    ObjectNode list(Question asked) {
        ReconciliationItems.Filter filter = new ReconciliationItems.Filter(
                day(asked, "from"),
                day(asked, "to"),
                kind(asked.text("class")),
                asked.text("terminal").isEmpty() ? null : asked.text("terminal"),
                asked.json().path("all").asBoolean());
        int limit = asked.limit(100, MOST);
        return ledger.inTransaction(tx -> {
            ReconciliationItems items = tx.reconciliation().items();
            ObjectNode answer = Json.object().put("count", items.count(filter));
            ArrayNode list = answer.putArray("exceptions");
            items.list(filter, limit).forEach(item -> list.add(line(tx, item)));
            return answer;
        });
    }

    private static @Nullable LocalDate day(Question asked, String field) {
        String text = asked.text(field);
        try {
            return text.isEmpty() || text.equals("null") ? null : LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new SorryException("'" + field + "' is no day such as 2026-11-20: " + text);
        }
    }

    private static @Nullable String kind(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return Arrays.stream(ExceptionClass.values())
                .map(ExceptionClass::name)
                .filter(name -> name.equalsIgnoreCase(text.replace('-', '_')))
                .findFirst()
                .orElseThrow(() -> new SorryException("'class' is none of "
                        + Arrays.stream(ExceptionClass.values())
                                .map(ExceptionClass::name)
                                .collect(Collectors.joining(", "))
                        + ": " + text));
    }

    private static ObjectNode line(Tx tx, Item item) {
        JsonNode row = row(item);
        return Json.object()
                .put("id", item.id())
                .put("provider", item.provider())
                .put("businessDay", item.businessDay().toString())
                .put("exception", item.kind())
                .put("owner", ExceptionClass.valueOf(item.kind()).owner().name())
                .put("reason", item.text())
                .put("terminal", item.terminal())
                .put("currency", item.currency())
                .put("difference", item.difference())
                .put("providerTransactionId", row.path("providerTransactionId").textValue())
                .put("paymentId", row.path("paymentId").textValue())
                .put("reference", row.path("reference").textValue())
                .put("firstVersion", item.firstVersion())
                .put("openedAt", item.openedAt().toString())
                .put(
                        "openDays",
                        Duration.between(item.openedAt(), item.closedAt() == null ? tx.now() : item.closedAt())
                                .toDays())
                .put("closedAt", item.closedAt() == null ? null : String.valueOf(item.closedAt()))
                .put("closedBy", item.closedBy())
                .put("closeWhy", item.closeWhy());
    }

    private static JsonNode row(Item item) {
        return item.body() == null ? Json.object() : Json.read(item.body());
    }

    /** By its own id, or the only one of a payment or transaction. */
    private static Item find(Tx tx, String name) {
        ReconciliationItems items = tx.reconciliation().items();
        return items.item(name).orElseGet(() -> {
            List<Item> named = items.named(name, NAMESAKES);
            if (named.isEmpty()) {
                throw new SorryException(
                        "There is no exception '" + name
                                + "', nor one of a payment or transaction of that name: 'exceptions list' shows those that are open.");
            }
            if (named.size() > 1) {
                throw new SorryException("There are several exceptions of '" + name + "': "
                        + named.stream()
                                .map(item -> item.id() + " (" + item.kind() + " of " + item.businessDay() + ")")
                                .collect(Collectors.joining(", "))
                        + ". Name one of these ids.");
            }
            return named.get(0);
        });
    }

    ObjectNode explain(String name) {
        return ledger.inTransaction(tx -> {
            Item item = find(tx, name);
            ExceptionClass kind = ExceptionClass.valueOf(item.kind());
            JsonNode row = row(item);
            ObjectNode answer = Json.object();
            answer.set("exception", line(tx, item));
            answer.put("meaning", kind.meaning());
            answer.set("row", row);
            answer.put(
                    "paymentStatus",
                    tx.payment(row.path("paymentId").asText(""))
                            .map(payment -> payment.status().name())
                            .orElse(null));
            ArrayNode history = answer.putArray("history");
            for (Event event : tx.reconciliation().items().events(item.id())) {
                history.addObject()
                        .put("at", event.at().toString())
                        .put("kind", event.kind().name())
                        .put("version", event.version())
                        .put("currency", event.currency())
                        .put("difference", event.difference())
                        .put("by", event.byName())
                        .put("text", event.text());
            }
            ArrayNode feeds = answer.putArray("feeds");
            for (Feed feed : tx.reconciliation().versions(item.provider(), item.businessDay())) {
                feeds.addObject()
                        .put("at", feed.createdAt().toString())
                        .put("version", feed.version())
                        .put("report", house.report(feed).toString());
            }
            ArrayNode actions = answer.putArray("actions");
            if (item.closedAt() == null) {
                actions.add(kind.action());
                actions.add("./pinbridge exceptions close " + item.id() + " --by NAME --why TEXT");
            } else {
                actions.add("It is closed: nothing needs to be done.");
            }
            return answer;
        });
    }

    ObjectNode close(Question asked) {
        String name = asked.needed("id");
        Signature signature = asked.signature();
        if (signature.by().equalsIgnoreCase(ReconciliationItems.MACHINE)) {
            throw new SorryException("'by' is your own name: " + ReconciliationItems.MACHINE
                    + " closes what the provider's list explains.");
        }
        return ledger.durably(tx -> {
            Item item = find(tx, name);
            boolean closed = tx.reconciliation().items().close(item, signature.by(), signature.why(), null, tx.now());
            if (!closed) {
                Item now = tx.reconciliation().items().item(item.id()).orElseThrow();
                throw new SorryException("It was closed at " + now.closedAt() + " by " + now.closedBy() + ": "
                        + now.closeWhy() + ". Nothing was changed.");
            }
            new Desk(tx)
                    .record(
                            "CLOSE_EXCEPTION",
                            item.id(),
                            signature.user(),
                            signature.by(),
                            signature.why(),
                            Json.write(Json.object()
                                    .put("exception", item.kind())
                                    .put("provider", item.provider())
                                    .put("businessDay", item.businessDay().toString())
                                    .put("key", item.itemKey())
                                    .put("currency", item.currency())
                                    .put("difference", item.difference())));
            return Json.object()
                    .put("id", item.id())
                    .put(
                            "told",
                            signature.by() + " closed " + item.kind() + " " + item.id() + " of " + item.businessDay()
                                    + ": "
                                    + signature.why()
                                    + ". The next version of the day shows it as explained, and so does the report of today.");
        });
    }
}
