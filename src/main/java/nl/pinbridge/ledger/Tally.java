package nl.pinbridge.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nl.pinbridge.contract.PaymentStatus;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What is open in the ledger at one instant. Read by indexes only, however much the ledger holds.
 *
 * @param payments open payments and refunds by state, {@code OPEN} and {@code IN_DOUBT}
 * @param oldestDoubt when the oldest one in doubt was marked or came in; null when none is
 * @param looksDue looks whose time has come
 * @param workItems open work items by reason
 * @param oldestWork when the oldest open work item was opened; null when none is
 * @param unpublished deliveries that did not reach the broker
 * @param oldestUnpublished since when; null when none is
 * @param commands commands that somebody has to work on again, by status; {@code ACCEPTED} for those that were told nothing yet
 * @param lanesTaken terminals on which something runs
 * @param lanesBlocked terminals that rest because a cancel was lost
 * @param paused providers that an operator paused
 */
public record Tally(
        Instant at,
        Map<String, Long> payments,
        @Nullable Instant oldestDoubt,
        long looksDue,
        Map<String, Long> workItems,
        @Nullable Instant oldestWork,
        long unpublished,
        @Nullable Instant oldestUnpublished,
        Map<String, Long> commands,
        long lanesTaken,
        long lanesBlocked,
        List<String> paused) {

    public static Tally of(Tx tx) {
        Handle handle = tx.handle();
        Instant now = tx.now();
        return new Tally(
                now,
                groups(
                        handle,
                        "select status as word, count(*) as rows_ from payment where status in ('" + PaymentStatus.OPEN
                                + "', '" + PaymentStatus.IN_DOUBT + "') group by status"),
                instant(
                        handle,
                        "select min(coalesce(marked_at, created_at)) from payment where status = '"
                                + PaymentStatus.IN_DOUBT + "'"),
                handle.createQuery("select count(*) from payment where next_look_at <= ?")
                        .bind(0, now)
                        .mapTo(Long.class)
                        .one(),
                groups(
                        handle,
                        "select reason as word, count(*) as rows_ from work_item where open_key is not null group by reason"),
                instant(handle, "select min(opened_at) from work_item where open_key is not null"),
                count(handle, "select count(*) from delivery where due_at is not null"),
                instant(handle, "select min(created_at) from delivery where due_at is not null"),
                groups(
                        handle,
                        "select coalesce(status, 'ACCEPTED') as word, count(*) as rows_ from command"
                                + " where next_nudge_at is not null group by coalesce(status, 'ACCEPTED')"),
                count(handle, "select count(*) from lane where command_row is not null"),
                handle.createQuery("select count(*) from lane where command_row is null and blocked_until > ?")
                        .bind(0, now)
                        .mapTo(Long.class)
                        .one(),
                handle.createQuery("select provider from provider_state where paused order by provider")
                        .mapTo(String.class)
                        .list());
    }

    private static long count(Handle handle, String sql) {
        return handle.createQuery(sql).mapTo(Long.class).one();
    }

    private static @Nullable Instant instant(Handle handle, String sql) {
        return handle.createQuery(sql)
                .map((row, context) -> {
                    java.time.OffsetDateTime time = row.getObject(1, java.time.OffsetDateTime.class);
                    return java.util.Optional.ofNullable(time).map(java.time.OffsetDateTime::toInstant);
                })
                .one()
                .orElse(null);
    }

    private static Map<String, Long> groups(Handle handle, String sql) {
        Map<String, Long> counts = new HashMap<>();
        handle.createQuery(sql)
                .map((row, context) -> Map.entry(row.getString("word"), row.getLong("rows_")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return Map.copyOf(counts);
    }
}
