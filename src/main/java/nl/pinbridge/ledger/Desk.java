package nl.pinbridge.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import nl.pinbridge.contract.CommandStatus;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The statements of one transaction that serve operators: work items, lanes, pauses, results once more, and their journal. */
public final class Desk {
    private final Tx tx;
    private final Handle handle;

    public Desk(Tx tx) {
        this.tx = tx;
        this.handle = tx.handle();
    }

    // Work items

    public Optional<WorkItemRow> workItem(String id) {
        return handle.createQuery("select * from work_item where id = ?")
                .bind(0, id)
                .mapTo(WorkItemRow.class)
                .findOne();
    }

    /** The open work items, oldest first. */
    public List<WorkItemRow> openWorkItems(int limit) {
        return handle.createQuery("select * from work_item where open_key is not null order by id limit ?")
                .bind(0, limit)
                .mapTo(WorkItemRow.class)
                .list();
    }

    /** The latest work items, open or not, newest first. */
    public List<WorkItemRow> latestWorkItems(int limit) {
        return handle.createQuery("select * from work_item order by id desc limit ?")
                .bind(0, limit)
                .mapTo(WorkItemRow.class)
                .list();
    }

    /** Closes one work item; false when it is closed already. */
    public boolean closeWorkItem(String id, String by, String why) {
        return handle.createUpdate(
                                "update work_item set open_key = null, closed_at = ?, closed_by = ?, close_why = ? where id = ?"
                                        + " and closed_at is null")
                        .bind(0, tx.now())
                        .bind(1, by)
                        .bind(2, why)
                        .bind(3, id)
                        .execute()
                == 1;
    }

    // Lanes

    public List<LaneRow> lanes() {
        return handle.createQuery("select * from lane order by device")
                .mapTo(LaneRow.class)
                .list();
    }

    /** How many commands wait for a device. */
    public int waitingFor(String device) {
        return handle.createQuery("select count(*) from command where device = ? and status = ?")
                .bind(0, device)
                .bind(1, CommandStatus.WAITING)
                .mapTo(Integer.class)
                .one();
    }

    /** Takes the block of a lost cancel away; the lane must be locked. */
    public void unblockLane(String device) {
        handle.createUpdate("update lane set blocked_until = null where device = ?")
                .bind(0, device)
                .execute();
    }

    /** The payment or refund that was last marked on a device. */
    public Optional<PaymentRow> lastMarkedOn(String device) {
        return handle.createQuery(
                        "select * from payment where device = ? and marked_at is not null order by marked_at desc limit 1")
                .bind(0, device)
                .mapTo(PaymentRow.class)
                .findOne();
    }

    // Providers

    /** Makes sure that a provider has a row, so that whoever marks and whoever pauses wait for each other. */
    public void ensureProvider(String provider) {
        boolean known = handle.createQuery("select count(*) from provider_state where provider = ?")
                        .bind(0, provider)
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (!known) {
            handle.createUpdate("insert into provider_state (provider, paused) values (?, false)")
                    .bind(0, provider)
                    .execute();
        }
    }

    /** Locks a provider's row against marks and other pauses; true when it is paused. */
    public boolean lockProvider(String provider) {
        return handle.createQuery("select paused from provider_state where provider = ? for update")
                .bind(0, provider)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    // Results once more

    /** The results of a period in order, from after a given one; at most {@code limit}. */
    public List<ResultRow> results(Instant since, Instant until, @Nullable String after, int limit) {
        return handle.createQuery(
                        "select * from result where created_at >= :since and created_at < :until and id > :after order by id"
                                + " limit :limit")
                .bind("since", since)
                .bind("until", until)
                .bind("after", after == null ? "" : after)
                .bind("limit", limit)
                .mapTo(ResultRow.class)
                .list();
    }

    public long countResults(Instant since, Instant until) {
        return handle.createQuery("select count(*) from result where created_at >= ? and created_at < ?")
                .bind(0, since)
                .bind(1, until)
                .mapTo(Long.class)
                .one();
    }

    // A ledger that was restored

    /** Notes that this mark was made and is not in the ledger; false when that is noted already. */
    public boolean noteRestoration(String missingAttempt) {
        boolean known = handle.createQuery("select count(*) from restoration where missing = ?")
                        .bind(0, missingAttempt)
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (!known) {
            handle.createUpdate(
                            "insert into restoration (id, found_at, known_until, missing) values (?, ?, (select max(at)"
                                    + " from history), ?)")
                    .bind(0, Ids.next())
                    .bind(1, tx.now())
                    .bind(2, missingAttempt)
                    .execute();
        }
        return !known;
    }

    /** When the ledger was last found to be a restored one; empty when it never was. */
    public Optional<Instant> restoredAt() {
        return handle.createQuery("select found_at from restoration order by found_at desc limit 1")
                .mapTo(Instant.class)
                .findOne();
    }

    /** The commands that this ledger holds as not begun. */
    public List<CommandRow> notBegun() {
        return handle.createQuery(
                        "select * from command where next_nudge_at is not null and (status is null or status = ?)"
                                + " and not exists (select 1 from attempt where open_key = row_id) order by row_id")
                .bind(0, CommandStatus.WAITING)
                .mapTo(CommandRow.class)
                .list();
    }

    // The journal

    public void record(String action, String subject, String user, String by, String why, @Nullable String detail) {
        handle.createUpdate(
                        "insert into operator_action (id, at, action, subject, user_name, by_name, why, detail) values"
                                + " (?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(0, Ids.next())
                .bind(1, tx.now())
                .bind(2, action)
                .bind(3, subject)
                .bind(4, user)
                .bind(5, by)
                .bind(6, why)
                .bind(7, detail)
                .execute();
    }

    /** The latest decisions, newest first. */
    public List<OperatorAction> actions(int limit) {
        return handle.createQuery("select * from operator_action order by id desc limit ?")
                .bind(0, limit)
                .mapTo(OperatorAction.class)
                .list();
    }

    /** The latest decision about something. */
    public Optional<OperatorAction> lastAction(String action, String subject) {
        return handle.createQuery(
                        "select * from operator_action where action = ? and subject = ? order by id desc limit 1")
                .bind(0, action)
                .bind(1, subject)
                .mapTo(OperatorAction.class)
                .findOne();
    }
}
