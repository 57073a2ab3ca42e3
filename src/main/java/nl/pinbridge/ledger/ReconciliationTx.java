package nl.pinbridge.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nl.pinbridge.contract.PaymentStatus;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The statements of reconciliation, in the transaction that they were asked for. Whatever may be long is read in parts. */
public final class ReconciliationTx {
    private static final String MONEY_STATES = "('PAID', 'PARTLY_REFUNDED', 'REFUNDED', 'CHARGED_BACK')";

    /** When a payment was made, as far as known: the provider's own time, by which the day is told. */
    private static final String HAPPENED = "coalesce(p.provider_created_at, p.marked_at, p.created_at)";

    /** A list of texts as a table, joined by its index: by "in", H2 would search a longer key one by one. */
    static final String KEYS = "unnest(cast(:keys as varchar array)) as wanted(item)";

    private final Handle handle;

    ReconciliationTx(Handle handle) {
        this.handle = handle;
    }

    /**
     * A row of the provider's list.
     *
     * @param state of the outcome room's words: {@code PAID}, {@code NOT_PAID}, …
     * @param kind {@code PAYMENT} or {@code REFUND} where the provider marks it; null where it does not
     * @param amount minor units, never negative
     * @param token what two passes must agree in
     * @param inside within the business day
     * @param matched how it was matched with {@code paymentId}; null where it was not
     */
    public record Listed(
            String runId,
            String device,
            String transactionId,
            int pass,
            String token,
            String state,
            @Nullable String word,
            @Nullable String kind,
            long amount,
            @Nullable String currency,
            @Nullable String ownReference,
            Instant createdAt,
            @Nullable String createdRaw,
            @Nullable String code,
            boolean inside,
            @Nullable String paymentId,
            @Nullable String matched) {}

    /** What else of a payment's command belongs into a feed. */
    public record Origin(String rowId, String commandId, @Nullable String routeFingerprint, @Nullable Instant toldAt) {}

    /** A row of a feed. {@code body} is its JSON as it is published. */
    public record Entry(
            String runId,
            int seq,
            String itemKey,
            @Nullable String terminal,
            @Nullable String exception,
            String currency,
            long difference,
            int firstVersion,
            boolean late,
            String body) {}

    /** A version of a day's feed. */
    public record Feed(
            String provider,
            LocalDate businessDay,
            String scope,
            int version,
            String runId,
            boolean dayOver,
            String rowsHash,
            String covers,
            String header,
            String trailer,
            Instant createdAt,
            @Nullable Instant publishedAt,
            @Nullable Instant prunedAt) {

        /** What names the feed in all its versions. */
        public String feedId() {
            return feedId(provider, businessDay, scope);
        }

        static String feedId(String provider, LocalDate day, String scope) {
            return provider + "/" + day + (scope.isEmpty() ? "" : "/" + scope);
        }
    }

    /** A sum of minor units in one currency. */
    public record Sum(String currency, long total) {}

    // Days and runs

    public Optional<LocalDate> plannedTo(String provider) {
        return handle.createQuery("select planned_to from reconciliation_mark where provider = ?")
                .bind(0, provider)
                .mapTo(LocalDate.class)
                .findOne();
    }

    /** When the days of this provider were planned last. */
    public Optional<Instant> plannedAt(String provider) {
        return handle.createQuery("select planned_at from reconciliation_mark where provider = ?")
                .bind(0, provider)
                .mapTo(Instant.class)
                .findOne();
    }

    public void planned(String provider, LocalDate to, Instant at) {
        int changed = handle.createUpdate(
                        "update reconciliation_mark set planned_to = ?, planned_at = ? where provider = ?")
                .bind(0, to)
                .bind(1, at)
                .bind(2, provider)
                .execute();
        if (changed == 0) {
            handle.createUpdate("insert into reconciliation_mark (provider, planned_to, planned_at) values (?, ?, ?)")
                    .bind(0, provider)
                    .bind(1, to)
                    .bind(2, at)
                    .execute();
        }
    }

    /** When the first payment of this provider was created. */
    public Optional<Instant> firstPayment(String provider) {
        return handle.createQuery("select min(created_at) from payment where provider = ?")
                .bind(0, provider)
                .mapTo(Instant.class)
                .findOne();
    }

    /** The run of this day that is under way. */
    public Optional<ReconciliationRun> openRun(String provider, LocalDate day, String scope) {
        return runs("select * from reconciliation_run where open_key = ?")
                .bind(0, provider + "/" + day + "/" + scope)
                .mapTo(ReconciliationRun.class)
                .findOne();
    }

    public void insert(ReconciliationRun run) {
        handle.createUpdate(
                        "insert into reconciliation_run (id, provider, business_day, scope, wanted, version, open_key,"
                                + " state, day_from, day_to, as_of, coverage, pass, terminal, page, page_hash, changes, pages, list_hash,"
                                + " attempts, not_before, why, leased_by, leased_until, created_at, ended_at) values (:id, :provider,"
                                + " :businessDay, :scope, :wanted, :version, :openKey, :state, :dayFrom, :dayTo, :asOf, :coverage, :pass,"
                                + " :terminal, :page, :pageHash, :changes, :pages, :listHash, :attempts, :notBefore, :why, :leasedBy,"
                                + " :leasedUntil, :createdAt, :endedAt)")
                .bindMethods(run)
                .bind("openKey", run.openKey())
                .execute();
    }

    public Optional<ReconciliationRun> run(String id) {
        return runs("select * from reconciliation_run where id = ?")
                .bind(0, id)
                .mapTo(ReconciliationRun.class)
                .findOne();
    }

    /** The run, locked, if this holder still has it. */
    public Optional<ReconciliationRun> lockRun(String id, String holder) {
        return runs("select * from reconciliation_run where id = ? and leased_by = ? for update")
                .bind(0, id)
                .bind(1, holder)
                .mapTo(ReconciliationRun.class)
                .findOne();
    }

    /** The run that is due first, locked: oldest day first, and none that somebody else works on. */
    public Optional<ReconciliationRun> lockDueRun(Instant now) {
        return runs("select * from reconciliation_run where open_key is not null and not_before <= ?"
                        + " and (leased_until is null or leased_until <= ?) order by business_day, id limit 1"
                        + " for update skip locked")
                .bind(0, now)
                .bind(1, now)
                .mapTo(ReconciliationRun.class)
                .findOne();
    }

    private Query runs(String sql) {
        return handle.createQuery(sql);
    }

    public void update(ReconciliationRun run) {
        handle.createUpdate(
                        "update reconciliation_run set version = :version, open_key = :openKey, state = :state, as_of = :asOf,"
                                + " coverage = :coverage, pass = :pass, terminal = :terminal, page = :page, page_hash = :pageHash,"
                                + " changes = :changes, pages = :pages, list_hash = :listHash, attempts = :attempts, not_before ="
                                + " :notBefore, why = :why, leased_by = :leasedBy, leased_until = :leasedUntil, ended_at = :endedAt"
                                + " where id = :id")
                .bindMethods(run)
                .bind("openKey", run.state().isOver() ? null : run.openKey())
                .execute();
    }

    /** Makes a command wait for a run; does nothing when it does already. */
    public void request(String commandRow, String runId) {
        boolean known =
                handle.createQuery("select count(*) from reconciliation_request where command_row = ? and run_id = ?")
                                .bind(0, commandRow)
                                .bind(1, runId)
                                .mapTo(Long.class)
                                .one()
                        > 0;
        if (!known) {
            handle.createUpdate("insert into reconciliation_request (command_row, run_id) values (?, ?)")
                    .bind(0, commandRow)
                    .bind(1, runId)
                    .execute();
        }
    }

    public List<ReconciliationRun> runsAskedBy(String commandRow) {
        return runs("select r.* from reconciliation_run r join reconciliation_request q on q.run_id = r.id"
                        + " where q.command_row = ? order by r.business_day, r.id")
                .bind(0, commandRow)
                .mapTo(ReconciliationRun.class)
                .list();
    }

    public List<String> commandsWaitingFor(String runId) {
        return handle.createQuery(
                        "select command_row from reconciliation_request where run_id = ? order by command_row")
                .bind(0, runId)
                .mapTo(String.class)
                .list();
    }

    /** All runs of a provider, oldest first. */
    public List<ReconciliationRun> runs(String provider, LocalDate day) {
        return runs("select * from reconciliation_run where provider = ? and business_day = ? order by id")
                .bind(0, provider)
                .bind(1, day)
                .mapTo(ReconciliationRun.class)
                .list();
    }

    // The provider's list

    /**
     * Takes in the rows of a page; each id at most once.
     *
     * @return rows of the day that the pass before showed otherwise or not at all; 0 in the first pass
     */
    public int takeIn(String runId, String device, int pass, Collection<Listed> rows) {
        if (rows.isEmpty()) {
            return 0;
        }
        List<Listed> listed = List.copyOf(rows);
        if (pass == 1) {
            // Almost every row is new; the few that stand on two pages are taken as they are listed last.
            unmet(unmet(listed, INSERT_ROW), UPDATE_ROW);
            return 0;
        }
        List<Listed> other =
                unmet(listed, "update reconciliation_row set pass = :pass" + ROW_KEY + " and token = :token");
        unmet(unmet(other, UPDATE_ROW), INSERT_ROW);
        return (int) other.stream().filter(Listed::inside).count();
    }

    private static final String ROW_KEY =
            " where run_id = :runId and device = :device and transaction_id = :transactionId";

    private static final String UPDATE_ROW =
            "update reconciliation_row set pass = :pass, token = :token, state = :state, word = :word, kind = :kind, amount ="
                    + " :amount, currency = :currency, own_reference = :ownReference, created_at = :createdAt, created_raw ="
                    + " :createdRaw, code = :code, inside = :inside" + ROW_KEY;

    private static final String INSERT_ROW =
            "insert into reconciliation_row (run_id, device, transaction_id, pass, token, state, word, kind, amount, currency,"
                    + " own_reference, created_at, created_raw, code, inside) select cast(:runId as varchar), cast(:device as"
                    + " varchar), cast(:transactionId as varchar), cast(:pass as integer), cast(:token as varchar), cast(:state as"
                    + " varchar), cast(:word as varchar), cast(:kind as varchar), cast(:amount as bigint), cast(:currency as"
                    + " varchar), cast(:ownReference as varchar), cast(:createdAt as timestamp(6) with time zone),"
                    + " cast(:createdRaw as varchar), cast(:code as varchar), cast(:inside as boolean) where not exists (select 1"
                    + " from reconciliation_row" + ROW_KEY + ")";

    /** Those that the statement met no row for. Each is found by its whole key: a list of keys would be searched one by one in H2. */
    private List<Listed> unmet(List<Listed> rows, String sql) {
        if (rows.isEmpty()) {
            return rows;
        }
        PreparedBatch batch = handle.prepareBatch(sql);
        rows.forEach(row -> batch.bindMethods(row).add());
        int[] counts = batch.execute();
        List<Listed> left = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                left.add(rows.get(i));
            }
        }
        return left;
    }

    /** Rows of the day that the last pass did not show any more. */
    public int vanished(String runId, int pass) {
        return handle.createQuery("select count(*) from reconciliation_row where run_id = ? and pass < ? and inside")
                .bind(0, runId)
                .bind(1, pass)
                .mapTo(Integer.class)
                .one();
    }

    /** The rows of the day on a device after this transaction, in the order of their ids; as the key is ordered, so none is read twice. */
    public List<Listed> rows(String runId, String device, String afterId, int limit) {
        return listed(handle.createQuery(
                        "select * from reconciliation_row where run_id = ? and device = ? and transaction_id > ?"
                                + " and inside order by run_id, device, transaction_id limit ?")
                .bind(0, runId)
                .bind(1, device)
                .bind(2, afterId)
                .bind(3, limit));
    }

    private static List<Listed> listed(Query query) {
        return query.mapTo(Listed.class).list();
    }

    // Matching

    /** The payments with the transaction ids of the rows; also those around midnight. */
    public void matchById(String runId) {
        handle.createUpdate(
                        "update reconciliation_row r set matched = 'ID', payment_id = (select p.id from payment p where"
                                + " p.device = r.device and p.provider_transaction_id = r.transaction_id) where r.run_id = ? and exists"
                                + " (select 1 from payment p where p.device = r.device and p.provider_transaction_id = r.transaction_id)")
                .bind(0, runId)
                .execute();
    }

    /** Rows with the own reference of a payment that is known by another transaction: charged twice for one reference. */
    public void markDuplicates(String runId) {
        handle.createUpdate(
                        "update reconciliation_row r set matched = 'DUPLICATE' where r.run_id = ? and r.matched is null"
                                + " and r.own_reference is not null and exists (select 1 from payment p where p.own_reference ="
                                + " r.own_reference and p.device = r.device and p.provider_transaction_id is not null)")
                .bind(0, runId)
                .execute();
    }

    /** The one row that carries the own reference of a payment whose transaction is not known; several prove nothing. */
    public void matchByReference(String runId) {
        String theOne =
                "select count(*) from reconciliation_row o where o.run_id = r.run_id and o.own_reference = r.own_reference";
        String payment = "from payment p where p.own_reference = r.own_reference and p.device = r.device and"
                + " p.provider_transaction_id is null and p.marked_at is not null";
        handle.createUpdate(
                        "update reconciliation_row r set matched = 'REFERENCE', payment_id = (select p.id " + payment
                                + ") where r.run_id = ? and r.matched is null and r.own_reference is not null and exists (select 1 "
                                + payment + ") and (" + theOne + ") = 1")
                .bind(0, runId)
                .execute();
        handle.createUpdate(
                        "update reconciliation_row r set matched = 'AMBIGUOUS' where r.run_id = ? and r.matched is null"
                                + " and r.own_reference is not null and exists (select 1 " + payment + ")")
                .bind(0, runId)
                .execute();
    }

    /** Payments in doubt that no row is matched with, whose transaction is not known. */
    public List<PaymentRow> doubtful(String runId, String provider, Instant from, Instant to) {
        return handle.createQuery("select p.* from payment p where p.provider = :provider and p.created_at >= :from and"
                        + " p.created_at < :to and p.kind = 'PAYMENT' and p.provider_transaction_id is null and p.marked_at is not null"
                        + " and p.status in ('OPEN', 'IN_DOUBT', 'CONFLICT') and not exists (select 1 from reconciliation_row r where"
                        + " r.run_id = :run and r.payment_id = p.id) order by p.id")
                .bind("provider", provider)
                .bind("from", from)
                .bind("to", to)
                .bind("run", runId)
                .mapTo(PaymentRow.class)
                .list();
    }

    /** Unmatched rows without an own reference on a device, of this amount and time. */
    public List<Listed> candidates(String runId, String device, long amount, Instant from, Instant to) {
        return listed(
                handle.createQuery("select * from reconciliation_row where run_id = ? and device = ? and amount = ? and"
                                + " created_at >= ? and created_at <= ? and matched is null and own_reference is null order by"
                                + " transaction_id limit 50")
                        .bind(0, runId)
                        .bind(1, device)
                        .bind(2, amount)
                        .bind(3, from)
                        .bind(4, to));
    }

    public void match(Listed row, String matched, @Nullable String paymentId) {
        handle.createUpdate(
                        "update reconciliation_row set matched = ?, payment_id = ? where run_id = ? and device = ? and"
                                + " transaction_id = ?")
                .bind(0, matched)
                .bind(1, paymentId)
                .bind(2, row.runId())
                .bind(3, row.device())
                .bind(4, row.transactionId())
                .execute();
    }

    /** Rows that say how a payment ended that is not over here, and are it beyond doubt. */
    public List<Listed> settling(String runId, int limit) {
        return listed(handle.createQuery(
                        "select r.* from reconciliation_row r join payment p on p.id = r.payment_id where"
                                + " r.run_id = ? and r.matched in ('ID', 'REFERENCE') and r.state in ('PAID', 'NOT_PAID') and p.status in"
                                + " ('OPEN', 'IN_DOUBT') and (r.kind is null or r.kind = p.kind) order by r.device, r.transaction_id limit ?")
                .bind(0, runId)
                .bind(1, limit));
    }

    /** The payments of these ids. */
    public Map<String, PaymentRow> payments(Collection<String> ids) {
        Map<String, PaymentRow> found = new HashMap<>();
        if (!ids.isEmpty()) {
            handle.createQuery("select * from payment where id in (<ids>)")
                    .bindList("ids", List.copyOf(ids))
                    .mapTo(PaymentRow.class)
                    .forEach(payment -> found.put(payment.id(), payment));
        }
        return found;
    }

    /** What the commands of these row ids add. */
    public Map<String, Origin> origins(Collection<String> commandRows) {
        Map<String, Origin> found = new HashMap<>();
        if (!commandRows.isEmpty()) {
            handle.createQuery(
                            "select c.row_id, c.command_id, c.route_fingerprint, (select max(r.created_at) from result r where"
                                    + " r.command_row = c.row_id) as told_at from command c where c.row_id in (<ids>)")
                    .bindList("ids", List.copyOf(commandRows))
                    .mapTo(Origin.class)
                    .forEach(origin -> found.put(origin.rowId(), origin));
        }
        return found;
    }

    private static final String LEDGER_ONLY =
            " from payment p where p.provider = :provider and p.created_at >= :early and"
                    + " p.created_at < :late and p.marked_at is not null and " + HAPPENED + " >= :from and " + HAPPENED
                    + " < :to and p.device in (<devices>) and not exists (select 1 from reconciliation_row r where r.run_id = :run and"
                    + " r.payment_id = p.id)";

    /**
     * Payments of the day on covered devices that no row is matched with, in the order of their creation, after this one: the
     * index is walked once, however many parts there are.
     */
    public List<PaymentRow> ledgerOnly(
            ReconciliationRun run, List<String> devices, @Nullable PaymentRow after, int limit) {
        if (devices.isEmpty()) {
            return List.of();
        }
        return day(
                        run,
                        devices,
                        handle.createQuery("select p.*" + LEDGER_ONLY
                                + " and p.created_at >= :after and (p.created_at > :after or p.id >"
                                + " :afterId) order by p.provider, p.created_at, p.id limit :limit"))
                .bind("after", after == null ? early(run) : after.createdAt())
                .bind("afterId", after == null ? "" : after.id())
                .bind("limit", limit)
                .mapTo(PaymentRow.class)
                .list();
    }

    /** Of a day that is not over, both sides are cut at the same instant. */
    private static Instant seenUntil(ReconciliationRun run) {
        Instant asOf = run.asOf();
        return asOf == null || asOf.isAfter(run.dayTo()) ? run.dayTo() : asOf;
    }

    /** A payment of the day was created at most two days before it. */
    private static Instant early(ReconciliationRun run) {
        return run.dayFrom().minusSeconds(172_800);
    }

    private static Query day(ReconciliationRun run, List<String> devices, Query query) {
        return query.bind("provider", run.provider())
                .bind("early", early(run))
                .bind("late", run.dayTo().plusSeconds(172_800))
                .bind("from", run.dayFrom())
                .bind("to", seenUntil(run))
                .bind("run", run.id())
                .bindList("devices", devices);
    }

    /** How many payments of the day were made on devices other than these, by device. */
    public Map<String, Long> elsewhere(ReconciliationRun run, List<String> devices) {
        Map<String, Long> found = new HashMap<>();
        handle.createQuery(
                        "select p.device, count(*) from payment p where p.provider = :provider and p.created_at >= :early"
                                + " and p.created_at < :late and p.marked_at is not null and " + HAPPENED
                                + " >= :from and " + HAPPENED
                                + " < :to group by p.device")
                .bind("provider", run.provider())
                .bind("early", early(run))
                .bind("late", run.dayTo().plusSeconds(172_800))
                .bind("from", run.dayFrom())
                .bind("to", seenUntil(run))
                .map((set, context) -> Map.entry(set.getString(1), set.getLong(2)))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        devices.forEach(found::remove);
        return found;
    }

    /** Which of these transactions of the provider a row of the run has that is matched, on whatever device. */
    public Set<String> claimed(String runId, Collection<String> transactions) {
        return transactions.isEmpty()
                ? Set.of()
                : handle.createQuery("select distinct r.transaction_id from " + KEYS + " join reconciliation_row r on"
                                + " r.run_id = :run and r.transaction_id = wanted.item and r.payment_id is not null")
                        .bind("run", runId)
                        .bindArray("keys", String.class, List.copyOf(transactions))
                        .mapTo(String.class)
                        .collect(java.util.stream.Collectors.toSet());
    }

    // Totals, by the database and not by whoever made the rows

    /** What the provider says moved on the day. A row counts as money back where the provider marks it or it is our refund. */
    public List<Sum> providerTotals(String runId, String currency) {
        return sums(handle.createQuery(
                        "select m.currency as currency, sum(m.money) as total from (select coalesce(r.currency,"
                                + " :currency) as currency, case when r.state <> 'PAID' then 0 when r.kind = 'REFUND' or (r.matched = 'ID'"
                                + " and p.kind = 'REFUND') then -r.amount else r.amount end as money from reconciliation_row r left join"
                                + " payment p on p.id = r.payment_id where r.run_id = :run and r.inside) m group by m.currency")
                .bind("currency", currency)
                .bind("run", runId));
    }

    /** What the ledger says moved on the day. */
    public List<Sum> ledgerTotals(ReconciliationRun run, List<String> devices) {
        String paid = "sum(case when p.status not in " + MONEY_STATES
                + " then 0 when p.kind = 'REFUND' then -p.paid else p.paid end) as total";
        Map<String, Long> totals = new HashMap<>();
        List<Sum> parts = new ArrayList<>(sums(handle.createQuery("select p.currency as currency, " + paid
                        + " from payment p join reconciliation_row r on r.payment_id = p.id where r.run_id = :run and r.inside"
                        + " group by p.currency")
                .bind("run", run.id())));
        if (!devices.isEmpty()) {
            parts.addAll(sums(day(
                    run,
                    devices,
                    handle.createQuery(
                            "select p.currency as currency, " + paid + LEDGER_ONLY + " group by p.currency"))));
        }
        parts.forEach(part -> totals.merge(part.currency(), part.total(), Long::sum));
        return totals.entrySet().stream()
                .map(entry -> new Sum(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static List<Sum> sums(Query query) {
        return query.mapTo(Sum.class).list();
    }

    // Feeds

    public void insert(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(
                "insert into reconciliation_entry (run_id, seq, item_key, terminal, exception, currency, difference,"
                        + " first_version, late, body) values (:runId, :seq, :itemKey, :terminal, :exception, :currency,"
                        + " :difference, :firstVersion, :late, :body)");
        entries.forEach(entry -> batch.bindMethods(entry).add());
        batch.execute();
    }

    /** The rows of a feed after this number, in order. */
    public List<Entry> entries(String runId, int afterSeq, int limit) {
        return entries(handle.createQuery(
                        "select * from reconciliation_entry where run_id = ? and seq > ? order by run_id, seq limit ?")
                .bind(0, runId)
                .bind(1, afterSeq)
                .bind(2, limit));
    }

    /** The exceptions of a feed, the largest difference first. */
    public List<Entry> exceptions(String runId, int limit) {
        return entries(
                handle.createQuery("select * from reconciliation_entry where run_id = ? and exception is not null"
                                + " order by abs(difference) desc, seq limit ?")
                        .bind(0, runId)
                        .bind(1, limit));
    }

    /** The rows of an earlier feed with these keys. */
    public Map<String, Entry> entriesOf(String runId, Collection<String> keys) {
        Map<String, Entry> found = new HashMap<>();
        if (!keys.isEmpty()) {
            entries(handle.createQuery("select e.* from " + KEYS + " join reconciliation_entry e on e.run_id = :run and"
                                    + " e.item_key = wanted.item")
                            .bind("run", runId)
                            .bindArray("keys", String.class, List.copyOf(keys)))
                    .forEach(entry -> found.put(entry.itemKey(), entry));
        }
        return found;
    }

    private static List<Entry> entries(Query query) {
        return query.mapTo(Entry.class).list();
    }

    /** Forgets the rows that a run has made so far. */
    public void forgetEntries(String runId) {
        handle.createUpdate("delete from reconciliation_entry where run_id = ?")
                .bind(0, runId)
                .execute();
    }

    /** Feeds of days before this one whose rows are still kept, oldest first. */
    public List<Feed> keptBefore(String provider, LocalDate day, int limit) {
        return feeds(
                        "select * from reconciliation_feed where provider = ? and business_day < ? and pruned_at is null order by"
                                + " business_day, version limit ?")
                .bind(0, provider)
                .bind(1, day)
                .bind(2, limit)
                .mapTo(Feed.class)
                .list();
    }

    /** Forgets so many rows of a feed, the first ones first; false when none were left. */
    public boolean prune(String runId, int rows) {
        return handle.createUpdate(
                                "delete from reconciliation_entry where run_id = :run and seq < (select min(seq) from"
                                        + " reconciliation_entry where run_id = :run) + :rows")
                        .bind("run", runId)
                        .bind("rows", rows)
                        .execute()
                > 0;
    }

    public void pruned(String runId, Instant at) {
        handle.createUpdate("update reconciliation_feed set pruned_at = ? where run_id = ?")
                .bind(0, at)
                .bind(1, runId)
                .execute();
    }

    /** Forgets what the provider listed. */
    public void forgetRows(String runId) {
        handle.createUpdate("delete from reconciliation_row where run_id = ?")
                .bind(0, runId)
                .execute();
    }

    /** The latest version of a day. */
    public Optional<Feed> latestFeed(String provider, LocalDate day, String scope) {
        return feeds(
                        "select * from reconciliation_feed where provider = ? and business_day = ? and scope = ? order by version"
                                + " desc limit 1")
                .bind(0, provider)
                .bind(1, day)
                .bind(2, scope)
                .mapTo(Feed.class)
                .findOne();
    }

    /** All versions of a day over all terminals, oldest first. */
    public List<Feed> versions(String provider, LocalDate day) {
        return feeds(
                        "select * from reconciliation_feed where provider = ? and business_day = ? and scope = '' order by version")
                .bind(0, provider)
                .bind(1, day)
                .mapTo(Feed.class)
                .list();
    }

    public Optional<Feed> feedOf(String runId) {
        return feeds("select * from reconciliation_feed where run_id = ?")
                .bind(0, runId)
                .mapTo(Feed.class)
                .findOne();
    }

    /** The latest versions of these days over all terminals, by day. */
    public List<Feed> latestFeeds(String provider, LocalDate from, LocalDate to) {
        return feeds(
                        "select f.* from reconciliation_feed f where f.provider = ? and f.scope = '' and f.business_day >= ? and"
                                + " f.business_day <= ? and f.version = (select max(g.version) from reconciliation_feed g where g.provider ="
                                + " f.provider and g.business_day = f.business_day and g.scope = '') order by f.business_day")
                .bind(0, provider)
                .bind(1, from)
                .bind(2, to)
                .mapTo(Feed.class)
                .list();
    }

    private Query feeds(String sql) {
        return handle.createQuery(sql);
    }

    public void insert(Feed feed) {
        handle.createUpdate(
                        "insert into reconciliation_feed (provider, business_day, scope, version, run_id, day_over,"
                                + " rows_hash, covers, header, trailer, created_at, published_at) values (:provider, :businessDay, :scope,"
                                + " :version, :runId, :dayOver, :rowsHash, :covers, :header, :trailer, :createdAt, :publishedAt)")
                .bindMethods(feed)
                .execute();
    }

    public void published(String runId, Instant at) {
        handle.createUpdate("update reconciliation_feed set published_at = ? where run_id = ? and published_at is null")
                .bind(0, at)
                .bind(1, runId)
                .execute();
    }

    /** The exceptions and what became of them, in this transaction. */
    public ReconciliationItems items() {
        return new ReconciliationItems(handle);
    }

    /** Whether a payment may still change by what a list says. */
    public static boolean isMoney(PaymentStatus status) {
        return switch (status) {
            case PAID, PARTLY_REFUNDED, REFUNDED, CHARGED_BACK -> true;
            default -> false;
        };
    }
}
