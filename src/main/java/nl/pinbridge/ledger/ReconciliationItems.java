package nl.pinbridge.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The exceptions of reconciliation and what became of them, in the transaction that they were asked for. */
public final class ReconciliationItems {
    /** Who closes what a later feed does not show any more. */
    public static final String MACHINE = "pinbridge";

    private final Handle handle;

    ReconciliationItems(Handle handle) {
        this.handle = handle;
    }

    /**
     * An exception that is open, or was.
     *
     * @param body JSON of the row that showed it last; null for those that older versions of the bridge found
     */
    public record Item(
            String id,
            String provider,
            LocalDate businessDay,
            String itemKey,
            String kind,
            @Nullable String terminal,
            String currency,
            long difference,
            String text,
            int firstVersion,
            Instant openedAt,
            @Nullable Instant closedAt,
            @Nullable String closedBy,
            @Nullable String closeWhy,
            @Nullable String body) {

        /** Whether a person has explained it, and not the provider's list or the ledger. */
        public boolean explained() {
            return closedAt != null && !MACHINE.equals(closedBy);
        }

        boolean differsFrom(Item other) {
            return difference != other.difference || !currency.equals(other.currency);
        }
    }

    /** What happened to an exception. */
    public enum Happened {
        OPENED,
        /** The money in it is another than before. */
        CHANGED,
        CLOSED,
        REOPENED
    }

    /** A line of an exception's history. */
    public record Event(
            String id,
            String itemId,
            Instant at,
            Happened kind,
            @Nullable Integer version,
            String currency,
            long difference,
            String byName,
            String text) {}

    /**
     * Which exceptions.
     *
     * @param kind an exception class; null for all
     * @param terminal an alias; null for all
     */
    public record Filter(
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable String kind,
            @Nullable String terminal,
            boolean closedToo) {}

    /** Those of a day with these keys, by key and kind. */
    public Map<String, Item> ofKeys(String provider, LocalDate day, Collection<String> keys) {
        Map<String, Item> found = new HashMap<>();
        if (!keys.isEmpty()) {
            items("select i.* from " + ReconciliationTx.KEYS
                            + " join reconciliation_item i on i.provider = :provider and"
                            + " i.business_day = :day and i.item_key = wanted.item")
                    .bind("provider", provider)
                    .bind("day", day)
                    .bindArray("keys", String.class, List.copyOf(keys))
                    .mapTo(Item.class)
                    .forEach(item -> found.put(key(item), item));
        }
        return found;
    }

    /** What {@link #ofKeys} finds an item by. */
    public static String key(Item item) {
        return key(item.itemKey(), item.kind());
    }

    public static String key(String itemKey, String kind) {
        return kind + " " + itemKey;
    }

    /**
     * Opens what a feed shows. What the machine had closed is opened again; what a person has explained stays so, as long as it is
     * about the same money.
     *
     * @param before what {@link #ofKeys} says of them
     */
    public void open(List<Item> items, Map<String, Item> before, int version, Instant now) {
        if (items.isEmpty()) {
            return;
        }
        PreparedBatch insert = handle.prepareBatch(
                "insert into reconciliation_item (id, provider, business_day, item_key, kind, terminal, currency, difference,"
                        + " text, first_version, opened_at, body) values (:id, :provider, :businessDay, :itemKey, :kind,"
                        + " :terminal, :currency, :difference, :text, :firstVersion, :openedAt, :body)");
        List<Event> events = new ArrayList<>();
        for (Item item : items) {
            Item known = before.get(key(item));
            if (known == null) {
                insert.bindMethods(item).add();
                events.add(event(item, Happened.OPENED, version, now, MACHINE, item.text()));
            } else {
                seenAgain(known, item, version, now).ifPresent(events::add);
            }
        }
        if (insert.size() > 0) {
            insert.execute();
        }
        record(events);
    }

    private Optional<Event> seenAgain(Item known, Item item, int version, Instant now) {
        boolean changed = known.differsFrom(item);
        boolean stays = known.explained() && !changed;
        handle.createUpdate(
                        "update reconciliation_item set currency = :currency, difference = :difference, text = :text,"
                                + " terminal = :terminal, body = :body where id = :known")
                .bindMethods(item)
                .bind("known", known.id())
                .execute();
        if (stays || (known.closedAt() == null && !changed)) {
            return Optional.empty();
        }
        if (known.closedAt() != null) {
            handle.createUpdate(
                            "update reconciliation_item set closed_at = null, closed_by = null, close_why = null where id = ?")
                    .bind(0, known.id())
                    .execute();
        }
        return Optional.of(new Event(
                Ids.next(),
                known.id(),
                now,
                known.closedAt() == null ? Happened.CHANGED : Happened.REOPENED,
                version,
                item.currency(),
                item.difference(),
                MACHINE,
                item.text()));
    }

    private static Event event(
            Item item, Happened kind, @Nullable Integer version, Instant now, String by, String text) {
        return new Event(Ids.next(), item.id(), now, kind, version, item.currency(), item.difference(), by, text);
    }

    private void record(List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(
                "insert into reconciliation_item_event (id, item_id, at, kind, version, currency, difference, by_name, text)"
                        + " values (:id, :itemId, :at, :kind, :version, :currency, :difference, :byName, :text)");
        events.forEach(event -> batch.bindMethods(event).add());
        batch.execute();
    }

    /** Closes the open items of a day that the feed of this run no longer holds. */
    public void closeGone(ReconciliationRun run, Collection<String> terminals, Instant now) {
        if (terminals.isEmpty()) {
            return;
        }
        List<Item> gone = items(
                        "select * from reconciliation_item where provider = :provider and business_day = :day and closed_at is"
                                + " null and terminal in (<terminals>) and not exists (select 1 from reconciliation_entry e where"
                                + " e.run_id = :run and e.item_key = reconciliation_item.item_key and e.exception ="
                                + " reconciliation_item.kind)")
                .bind("provider", run.provider())
                .bind("day", run.businessDay())
                .bind("run", run.id())
                .bindList("terminals", List.copyOf(terminals))
                .mapTo(Item.class)
                .list();
        String why = "Not in version " + run.version() + " of the day any more";
        gone.forEach(item -> close(item, MACHINE, why, run.version(), now));
    }

    /** Closes an item; false when it is closed already. */
    public boolean close(Item item, String by, String why, @Nullable Integer version, Instant now) {
        boolean closed = handle.createUpdate(
                                "update reconciliation_item set closed_at = ?, closed_by = ?, close_why = ? where id = ? and"
                                        + " closed_at is null")
                        .bind(0, now)
                        .bind(1, by)
                        .bind(2, why)
                        .bind(3, item.id())
                        .execute()
                == 1;
        if (closed) {
            record(List.of(event(item, Happened.CLOSED, version, now, by, why)));
        }
        return closed;
    }

    public Optional<Item> item(String id) {
        return items("select * from reconciliation_item where id = ?")
                .bind(0, id)
                .mapTo(Item.class)
                .findOne();
    }

    /** Those of a payment, a transaction or a key, newest first: people know these. */
    public List<Item> named(String name, int limit) {
        return items(
                        "select * from reconciliation_item where item_key = ? or item_key = ? or item_key like ? order by id"
                                + " desc limit ?")
                .bind(0, name)
                .bind(1, "P:" + name)
                .bind(2, "T:%/" + name.replaceAll("([%_\\\\])", "\\\\$1"))
                .bind(3, limit)
                .mapTo(Item.class)
                .list();
    }

    public List<Event> events(String itemId) {
        return handle.createQuery("select * from reconciliation_item_event where item_id = ? order by id")
                .bind(0, itemId)
                .mapTo(Event.class)
                .list();
    }

    private static final String FILTER = " from reconciliation_item where (:closedToo or closed_at is null) and"
            + " (cast(:from as date) is null or business_day >= :from) and (cast(:to as date) is null or business_day <= :to) and"
            + " (cast(:kind as varchar) is null or kind = :kind) and (cast(:terminal as varchar) is null or terminal = :terminal)";

    /** The most money first. */
    public List<Item> list(Filter filter, int limit) {
        return items("select *" + FILTER + " order by abs(difference) desc, business_day, id limit :limit")
                .bindMethods(filter)
                .bind("limit", limit)
                .mapTo(Item.class)
                .list();
    }

    public long count(Filter filter) {
        return items("select count(*)" + FILTER)
                .bindMethods(filter)
                .mapTo(Long.class)
                .one();
    }

    /** What is open of earlier days, oldest first. */
    public List<Item> openBefore(String provider, LocalDate day, int limit) {
        return items(
                        "select * from reconciliation_item where provider = ? and business_day < ? and closed_at is null order by"
                                + " business_day, id limit ?")
                .bind(0, provider)
                .bind(1, day)
                .bind(2, limit)
                .mapTo(Item.class)
                .list();
    }

    public long countOpenBefore(String provider, LocalDate day) {
        return handle.createQuery(
                        "select count(*) from reconciliation_item where provider = ? and business_day < ? and closed_at is null")
                .bind(0, provider)
                .bind(1, day)
                .mapTo(Long.class)
                .one();
    }

    /** What was closed of earlier days between two instants, in that order. */
    public List<Item> closedBetween(String provider, LocalDate before, Instant from, Instant to, int limit) {
        return items("select * from reconciliation_item where provider = ? and business_day < ? and closed_at >= ? and"
                        + " closed_at < ? order by closed_at, id limit ?")
                .bind(0, provider)
                .bind(1, before)
                .bind(2, from)
                .bind(3, to)
                .bind(4, limit)
                .mapTo(Item.class)
                .list();
    }

    public List<Item> itemsOf(String provider, LocalDate day) {
        return items("select * from reconciliation_item where provider = ? and business_day = ? order by id")
                .bind(0, provider)
                .bind(1, day)
                .mapTo(Item.class)
                .list();
    }

    private Query items(String sql) {
        return handle.createQuery(sql);
    }
}
