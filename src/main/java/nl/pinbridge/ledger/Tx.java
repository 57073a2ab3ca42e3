package nl.pinbridge.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.PaymentStatus;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one transaction. Rows are always locked in the order command, payment, lane, so that no two transactions
 * wait for each other.
 */
public final class Tx {
    /** How long a handler has to publish what it wrote before the sweep does. */
    static final Duration PUBLISH_GRACE = Duration.ofSeconds(30);

    private final Handle handle;
    private final Ledger.Dialect dialect;
    private final Clock clock;

    Tx(Handle handle, Ledger.Dialect dialect, Clock clock) {
        this.handle = handle;
        this.dialect = dialect;
        this.clock = clock;
    }

    public Instant now() {
        return clock.instant();
    }

    /** For the statements that only operators and figures need. */
    Handle handle() {
        return handle;
    }

    /** The statements of reconciliation, in this transaction. */
    public ReconciliationTx reconciliation() {
        return new ReconciliationTx(handle);
    }

    Instant databaseTime() {
        return handle.createQuery("select current_timestamp")
                .mapTo(Instant.class)
                .one();
    }

    // Commands

    public void insert(CommandRow row) {
        handle.createUpdate(
                        "insert into command (row_id, sender, command_id, content_hash, body, type, status, version, terminal,"
                                + " device, provider, payment_id, target, provider_transaction_id, error, route_id, route_fingerprint,"
                                + " received_at, expires_at, wait_until, next_nudge_at) values (:rowId, :sender, :commandId,"
                                + " :contentHash, :body, :type, :status, :version, :terminal, :device, :provider, :paymentId, :target,"
                                + " :providerTransactionId, :error, :routeId, :routeFingerprint, :receivedAt, :expiresAt, :waitUntil,"
                                + " :nextNudgeAt)")
                .bindMethods(row)
                .execute();
    }

    /** The command that a sender's key stands for. */
    public Optional<CommandRow> command(String sender, String commandId) {
        return handle.createQuery("select * from command where sender = ? and command_id = ?")
                .bind(0, sender)
                .bind(1, commandId)
                .mapTo(CommandRow.class)
                .findOne();
    }

    public Optional<CommandRow> command(String rowId) {
        return handle.createQuery("select * from command where row_id = ?")
                .bind(0, rowId)
                .mapTo(CommandRow.class)
                .findOne();
    }

    /** The command, locked until the end of the transaction. */
    public Optional<CommandRow> lockCommand(String rowId) {
        return handle.createQuery("select * from command where row_id = ? for update")
                .bind(0, rowId)
                .mapTo(CommandRow.class)
                .findOne();
    }

    /** Writes a command's new state. */
    public void update(CommandRow row) {
        handle.createUpdate(
                        "update command set status = :status, version = :version, payment_id = :paymentId, provider_transaction_id ="
                                + " :providerTransactionId, error = :error, route_id = :routeId, route_fingerprint = :routeFingerprint,"
                                + " next_nudge_at = :nextNudgeAt, kept_back = case when :over then null else kept_back end"
                                + " where row_id = :rowId")
                .bindMethods(row)
                .bind("over", row.isOver())
                .execute();
    }

    /** Keeps what a command holds that nobody is to be shown, until it is over. */
    public void keepBack(String commandRow, String json) {
        handle.createUpdate("update command set kept_back = ? where row_id = ?")
                .bind(0, json)
                .bind(1, commandRow)
                .execute();
    }

    /** JSON of what is kept back of a command; empty when it holds nothing of the kind, or is over. */
    public Optional<String> keptBack(String commandRow) {
        return handle.createQuery("select kept_back from command where row_id = ? and kept_back is not null")
                .bind(0, commandRow)
                .mapTo(String.class)
                .findOne();
    }

    /**
     * The oldest command that wants this device, whose time is not up and that has not come to its mark: of two commands that come
     * together the first is started first.
     */
    public Optional<CommandRow> oldestWaiting(String device, Instant now) {
        return handle.createQuery(
                        "select * from command where device = :device and wait_until > :now and expires_at > :now"
                                + " and (status = :waiting or (status is null and next_nudge_at is not null))"
                                + " and not exists (select 1 from attempt where open_key = row_id)"
                                + " order by row_id limit 1")
                .bind("device", device)
                .bind("waiting", CommandStatus.WAITING)
                .bind("now", now)
                .mapTo(CommandRow.class)
                .findOne();
    }

    public List<CommandRow> commandsOf(String paymentId) {
        return handle.createQuery("select * from command where payment_id = ? order by row_id")
                .bind(0, paymentId)
                .mapTo(CommandRow.class)
                .list();
    }

    /** The cancels of a payment that are not over, oldest first, locked; the command that created the payment must be locked before. */
    public List<CommandRow> openCancels(String paymentId) {
        return handle
                .createQuery("select * from command where payment_id = ? and type = ? order by row_id for update")
                .bind(0, paymentId)
                .bind(1, CommandType.CANCEL)
                .mapTo(CommandRow.class)
                .stream()
                .filter(row -> !row.isOver())
                .toList();
    }

    /** Did this sender cancel this key before the key was seen? */
    public boolean wasCancelledEarly(String sender, String commandId, Instant since) {
        return handle.createQuery(
                                "select count(*) from command where target = ? and sender = ? and type = ? and payment_id is null"
                                        + " and received_at >= ?")
                        .bind(0, commandId)
                        .bind(1, sender)
                        .bind(2, CommandType.CANCEL)
                        .bind(3, since)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    // Payments and refunds

    public void insert(PaymentRow row) {
        handle.createUpdate(
                        "insert into payment (id, kind, refund_of, created_by, status, version, provider, terminal, device, own_reference,"
                                + " provider_transaction_id, currency, requested, tip, authorised, paid, captured, refunded, reference,"
                                + " test, payment_url, card, receipts, labels, provider_created_at, provider_created_raw, created_at,"
                                + " marked_at, next_look_at, looks) values (:id, :kind, :refundOf, :createdBy, :status, :version, :provider, :terminal,"
                                + " :device, :ownReference, :providerTransactionId, :currency, :requested, :tip, :authorised, :paid,"
                                + " :captured, :refunded, :reference, :test, :paymentUrl, :card, :receipts, :labels,"
                                + " :providerCreatedAt, :providerCreatedRaw, :createdAt, :markedAt, :nextLookAt, :looks)")
                .bindMethods(row)
                .execute();
    }

    public Optional<PaymentRow> payment(String id) {
        return handle.createQuery("select * from payment where id = ?")
                .bind(0, id)
                .mapTo(PaymentRow.class)
                .findOne();
    }

    /** The commands that any sender named so, newest first. */
    public List<CommandRow> commandsNamed(String commandId) {
        return handle.createQuery("select * from command where command_id = ? order by row_id desc limit 20")
                .bind(0, commandId)
                .mapTo(CommandRow.class)
                .list();
    }

    /** The latest payment with this transaction id of its provider. */
    public Optional<PaymentRow> paymentByReference(String providerTransactionId) {
        return handle.createQuery("select * from payment where provider_transaction_id = ? order by id desc limit 1")
                .bind(0, providerTransactionId)
                .mapTo(PaymentRow.class)
                .findOne();
    }

    /**
     * What a sender names as a payment: by our id, or by the key of the command that created it. A payment of another sender is none
     * of this one's business.
     */
    public Optional<PaymentRow> paymentNamed(String sender, String name) {
        return command(sender, name)
                .flatMap(creator -> paymentCreatedBy(creator.rowId()))
                .or(() -> payment(name).filter(payment -> command(payment.createdBy())
                        .filter(creator -> creator.sender().equals(sender))
                        .isPresent()));
    }

    /** The payment or refund that a command created. */
    public Optional<PaymentRow> paymentCreatedBy(String commandRow) {
        return handle.createQuery("select * from payment where created_by = ?")
                .bind(0, commandRow)
                .mapTo(PaymentRow.class)
                .findOne();
    }

    public Optional<PaymentRow> lockPayment(String id) {
        return handle.createQuery("select * from payment where id = ? for update")
                .bind(0, id)
                .mapTo(PaymentRow.class)
                .findOne();
    }

    /** The refunds of a payment, oldest first. */
    public List<PaymentRow> refundsOf(String paymentId) {
        return handle.createQuery("select * from payment where refund_of = ? order by id")
                .bind(0, paymentId)
                .mapTo(PaymentRow.class)
                .list();
    }

    /** A payment or refund, locked until the end of the transaction; of a refund the payment that it gives back is locked first. */
    public Optional<PaymentRow> lockWithOriginal(String id) {
        payment(id).map(PaymentRow::refundOf).ifPresent(this::lockPayment);
        return lockPayment(id);
    }

    /** True when another payment on the device already has this transaction. */
    public boolean transactionBelongsToAnother(PaymentRow payment, String providerTransactionId) {
        return handle.createQuery(
                                "select count(*) from payment where device = ? and provider_transaction_id = ? and id <> ?")
                        .bind(0, payment.device())
                        .bind(1, providerTransactionId)
                        .bind(2, payment.id())
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    public void update(PaymentRow row) {
        handle.createUpdate("update payment set status = :status, version = :version, provider_transaction_id ="
                        + " :providerTransactionId, tip = :tip, authorised = :authorised, paid = :paid, captured = :captured,"
                        + " refunded = :refunded, test = :test, payment_url = :paymentUrl, card = :card, receipts = :receipts,"
                        + " provider_created_at = :providerCreatedAt, provider_created_raw = :providerCreatedRaw, marked_at ="
                        + " :markedAt, next_look_at = :nextLookAt, looks = :looks, other_name = :otherName, given_back_before ="
                        + " :givenBackBefore where id = :id")
                .bindMethods(row)
                .execute();
    }

    /** What was read before a refund ended is old: refunds of the payment that are not marked yet have to ask again. */
    public void forgetGivenBack(String paymentId) {
        handle.createUpdate("update payment set given_back_before = null where refund_of = ? and marked_at is null")
                .bind(0, paymentId)
                .execute();
    }

    /** Sets how much is asked for, of a refund that was not marked yet; it must be locked. Minor units. */
    public void ask(String refundId, long requested) {
        handle.createUpdate("update payment set requested = ? where id = ? and marked_at is null")
                .bind(0, requested)
                .bind(1, refundId)
                .execute();
    }

    /**
     * Takes a look that is due, whatever the payment's state; false when it was taken by another or is not due.
     *
     * @param next when it is due again, should whoever took it vanish; what is learnt sets another time
     */
    public boolean claimLook(String paymentId, Instant now, Instant next) {
        return handle.createUpdate("update payment set looks = looks + 1, next_look_at = :next where id = :id and"
                                + " next_look_at <= :now")
                        .bind("next", next)
                        .bind("id", paymentId)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Sets when a payment is looked at next, also one that is over; it must be locked. */
    public void lookAt(String paymentId, Instant at) {
        handle.createUpdate("update payment set next_look_at = ? where id = ?")
                .bind(0, at)
                .bind(1, paymentId)
                .execute();
    }

    /** Notes that a webhook asks for a look, and when that is due; the payment must be locked. */
    public void hinted(String paymentId, Instant hintedAt, @Nullable Instant nextLookAt) {
        handle.createUpdate("update payment set hinted_at = ?, next_look_at = ? where id = ?")
                .bind(0, hintedAt)
                .bind(1, nextLookAt)
                .bind(2, paymentId)
                .execute();
    }

    /** The transactions that webhooks or a search named for a payment, oldest first. */
    public List<CandidateRow> candidates(String paymentId) {
        return handle.createQuery(
                        "select * from transaction_candidate where payment_id = ? order by seen_at, provider_transaction_id")
                .bind(0, paymentId)
                .mapTo(CandidateRow.class)
                .list();
    }

    public void addCandidate(String paymentId, String providerTransactionId, CandidateRow.Source source, Instant now) {
        handle.createUpdate(
                        "insert into transaction_candidate (payment_id, provider_transaction_id, source, seen_at) values (?, ?, ?, ?)")
                .bind(0, paymentId)
                .bind(1, providerTransactionId)
                .bind(2, source)
                .bind(3, now)
                .execute();
    }

    /** Notes that the provider is being asked about a candidate. */
    public void candidateAsked(CandidateRow candidate, Instant now) {
        stamp(candidate.paymentId(), candidate.providerTransactionId(), "asked_at", now);
    }

    /** Notes that the provider says that a candidate is something else. */
    public void candidateRefuted(String paymentId, String providerTransactionId, Instant now) {
        stamp(paymentId, providerTransactionId, "refuted_at", now);
    }

    private void stamp(String paymentId, String providerTransactionId, String column, Instant now) {
        handle.createUpdate("update transaction_candidate set " + column
                        + " = ? where payment_id = ? and provider_transaction_id = ?")
                .bind(0, now)
                .bind(1, paymentId)
                .bind(2, providerTransactionId)
                .execute();
    }

    /** The latest payments, and refunds of sales that the ledger never saw, newest first. */
    public List<PaymentRow> latestPayments(int limit) {
        return handle.createQuery("select * from payment where refund_of is null order by id desc limit ?")
                .bind(0, limit)
                .mapTo(PaymentRow.class)
                .list();
    }

    // What may be used once

    /** What may be used once, with the payment that has used it, or is about to; locked until the end of the transaction. */
    public SingleUse lockUse(String key) {
        return new SingleUse(
                key,
                handle.createQuery("select payment_id from single_use where use_key = ? for update")
                        .bind(0, key)
                        .mapTo(String.class)
                        .findOne()
                        .orElse(null));
    }

    /** The payment that has used this, or is about to. */
    public Optional<String> useOf(String key) {
        return handle.createQuery("select payment_id from single_use where use_key = ?")
                .bind(0, key)
                .mapTo(String.class)
                .findOne();
    }

    /** Gives it to this payment, if it is as it was found. Of two that are the first to use it one fails here, and is run again. */
    public void use(SingleUse found, String paymentId) {
        if (found.usedBy() == null) {
            handle.createUpdate("insert into single_use (use_key, payment_id) values (?, ?)")
                    .bind(0, found.key())
                    .bind(1, paymentId)
                    .execute();
        } else {
            handle.createUpdate("update single_use set payment_id = ? where use_key = ? and payment_id = ?")
                    .bind(0, paymentId)
                    .bind(1, found.key())
                    .bind(2, found.usedBy())
                    .execute();
        }
    }

    // Attempts

    public void insert(AttemptRow row) {
        handle.createUpdate("insert into attempt (id, command_row, payment_id, operation, open_key, marked_at, outcome,"
                        + " outcome_at, evidence, amount_before, call_number) values (:id, :commandRow, :paymentId, :operation,"
                        + " :openKey, :markedAt, :outcome, :outcomeAt, :evidence, :amountBefore, :callNumber)")
                .bindMethods(row)
                .execute();
    }

    /** The attempt of a command that may have started something. */
    public Optional<AttemptRow> openAttempt(String commandRow) {
        return handle.createQuery("select * from attempt where open_key = ?")
                .bind(0, commandRow)
                .mapTo(AttemptRow.class)
                .findOne();
    }

    public Optional<AttemptRow> attempt(String id) {
        return handle.createQuery("select * from attempt where id = ?")
                .bind(0, id)
                .mapTo(AttemptRow.class)
                .findOne();
    }

    public List<AttemptRow> attemptsOf(String commandRow) {
        return handle.createQuery("select * from attempt where command_row = ? order by id")
                .bind(0, commandRow)
                .mapTo(AttemptRow.class)
                .list();
    }

    /** The attempts to do this to a payment that may have done something. */
    public List<AttemptRow> openAttempts(String paymentId, String operation) {
        return handle.createQuery(
                        "select * from attempt where payment_id = ? and operation = ? and open_key is not null order by id")
                .bind(0, paymentId)
                .bind(1, operation)
                .mapTo(AttemptRow.class)
                .list();
    }

    /** Writes what became of an attempt; {@code startedNothing} gives the command's key back. */
    public void closeAttempt(
            String id, String outcome, boolean startedNothing, @Nullable String evidence, Instant now) {
        handle.createUpdate(
                        "update attempt set outcome = :outcome, outcome_at = :at, evidence = :evidence, open_key = case when"
                                + " :nothing then null else open_key end where id = :id")
                .bind("outcome", outcome)
                .bind("at", now)
                .bind("evidence", evidence)
                .bind("nothing", startedNothing)
                .bind("id", id)
                .execute();
    }

    // Lanes

    /** Makes sure that the device has a row; safe against others who do the same. */
    public void ensureLane(String device) {
        if (handle.createQuery("select count(*) from lane where device = ?")
                        .bind(0, device)
                        .mapTo(Long.class)
                        .one()
                == 0) {
            handle.createUpdate("insert into lane (device) values (?)")
                    .bind(0, device)
                    .execute();
        }
    }

    public LaneRow lockLane(String device) {
        return handle.createQuery("select * from lane where device = ? for update")
                .bind(0, device)
                .mapTo(LaneRow.class)
                .one();
    }

    /**
     * Gives the device to a command.
     *
     * @param number of the call that it is taken for; null for none
     */
    public void takeLane(String device, String commandRow, Instant now, @Nullable Long number) {
        handle.createUpdate("update lane set command_row = ?, taken_at = ?, blocked_until = null, last_number ="
                        + " coalesce(?, last_number) where device = ?")
                .bind(0, commandRow)
                .bind(1, now)
                .bind(2, number)
                .bind(3, device)
                .execute();
    }

    /** Frees the lane if this command holds it. */
    public boolean freeLane(String device, String commandRow) {
        return handle.createUpdate(
                                "update lane set command_row = null, taken_at = null where device = ? and command_row = ?")
                        .bind(0, device)
                        .bind(1, commandRow)
                        .execute()
                == 1;
    }

    /** Lets nobody new start on the device before this; never shortens a block. */
    public void blockLane(String device, Instant until) {
        handle.createUpdate(
                        "update lane set blocked_until = ? where device = ? and (blocked_until is null or blocked_until < ?)")
                .bind(0, until)
                .bind(1, device)
                .bind(2, until)
                .execute();
    }

    /** Takes away a block that ends at this very instant; false where there is none. */
    public boolean unblockLane(String device, Instant until) {
        return handle.createUpdate("update lane set blocked_until = null where device = ? and blocked_until = ?")
                        .bind(0, device)
                        .bind(1, until)
                        .execute()
                == 1;
    }

    /** How the device stands; empty when nothing ever ran there. */
    public Optional<LaneRow> lane(String device) {
        return handle.createQuery("select * from lane where device = ?")
                .bind(0, device)
                .mapTo(LaneRow.class)
                .findOne();
    }

    /** Is the provider paused, as far as is known without a lock? */
    public boolean paused(String provider) {
        return handle.createQuery("select paused from provider_state where provider = ?")
                .bind(0, provider)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    /** Is the provider paused? Locks the answer until the end of the transaction, so that a pause cannot slip in. */
    public boolean pausedLocked(String provider) {
        String lock = dialect == Ledger.Dialect.POSTGRESQL ? " for share" : " for update";
        return handle.createQuery("select paused from provider_state where provider = ?" + lock)
                .bind(0, provider)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    /** Pauses or resumes a provider. */
    public void pause(String provider, boolean paused) {
        int changed = handle.createUpdate("update provider_state set paused = ? where provider = ?")
                .bind(0, paused)
                .bind(1, provider)
                .execute();
        if (changed == 0) {
            handle.createUpdate("insert into provider_state (provider, paused) values (?, ?)")
                    .bind(0, provider)
                    .bind(1, paused)
                    .execute();
        }
    }

    // Results

    /** Adds somebody who waits; false when he already did. */
    public boolean addReplyTarget(String commandRow, ReplyTarget target) {
        boolean known = handle.createQuery(
                                "select count(*) from reply_target where command_row = ? and address = ? and correlation_id = ?")
                        .bind(0, commandRow)
                        .bind(1, target.address())
                        .bind(2, target.correlationId())
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (!known) {
            handle.createUpdate(
                            "insert into reply_target (id, command_row, address, correlation_id, final_only) values (?, ?,"
                                    + " ?, ?, ?)")
                    .bind(0, Ids.next())
                    .bind(1, commandRow)
                    .bind(2, target.address())
                    .bind(3, target.correlationId())
                    .bind(4, target.finalOnly())
                    .execute();
        }
        return !known;
    }

    public List<ReplyTarget> replyTargets(String commandRow) {
        return handle.createQuery("select * from reply_target where command_row = ? order by id")
                .bind(0, commandRow)
                .mapTo(ReplyTarget.class)
                .list();
    }

    /** Writes a result with a delivery to everybody who waits for it and one to the events address. */
    public List<Delivery> insert(ResultRow result, boolean isFinal) {
        handle.createUpdate(
                        "insert into result (id, command_row, version, status, body, created_at) values (:id, :commandRow,"
                                + " :version, :status, :body, :createdAt)")
                .bindMethods(result)
                .execute();
        List<Delivery> deliveries = new ArrayList<>();
        for (ReplyTarget target : replyTargets(result.commandRow())) {
            if (isFinal || !target.finalOnly()) {
                deliveries.add(deliver(result, target.address(), target.correlationId()));
            }
        }
        deliveries.add(deliver(result, null, null));
        return deliveries;
    }

    /** Sends an existing result once more, to one destination. */
    public Delivery deliver(ResultRow result, @Nullable String address, @Nullable String correlationId) {
        Delivery delivery =
                new Delivery(Ids.next(), result.id(), result.commandRow(), address, correlationId, result.body());
        handle.createUpdate(
                        "insert into delivery (id, result_id, command_row, address, correlation_id, created_at, due_at,"
                                + " published_at, undeliverable) values (:id, :result, :command, :address, :correlation, :now, :due,"
                                + " null, false)")
                .bind("id", delivery.id())
                .bind("result", result.id())
                .bind("command", result.commandRow())
                .bind("address", address)
                .bind("correlation", correlationId)
                .bind("now", now())
                .bind("due", now().plus(PUBLISH_GRACE))
                .execute();
        return delivery;
    }

    public Optional<ResultRow> latestResult(String commandRow) {
        return handle.createQuery("select * from result where command_row = ? order by version desc limit 1")
                .bind(0, commandRow)
                .mapTo(ResultRow.class)
                .findOne();
    }

    public List<ResultRow> resultsOf(String commandRow) {
        return handle.createQuery("select * from result where command_row = ? order by version")
                .bind(0, commandRow)
                .mapTo(ResultRow.class)
                .list();
    }

    /** What is still to be published of one command, in order. */
    public List<Delivery> unpublished(String commandRow) {
        return handle.createQuery(
                        "select d.id, d.result_id, d.command_row, d.address, d.correlation_id, r.body from delivery d"
                                + " join result r on r.id = d.result_id where d.command_row = ? and d.due_at is not null order by d.id")
                .bind(0, commandRow)
                .mapTo(Delivery.class)
                .list();
    }

    /** Notes that these reached the broker. */
    public void published(List<String> deliveryIds, boolean undeliverable) {
        var batch = handle.prepareBatch(
                "update delivery set due_at = null, published_at = ?, undeliverable = ? where id = ?");
        for (String id : deliveryIds) {
            batch.bind(0, now()).bind(1, undeliverable).bind(2, id).add();
        }
        batch.execute();
    }

    // History and work items

    public void history(
            @Nullable String paymentId,
            @Nullable String commandRow,
            String kind,
            String text,
            @Nullable String detail) {
        handle.createUpdate(
                        "insert into history (id, payment_id, command_row, at, kind, text, detail) values (?, ?, ?, ?, ?, ?,"
                                + " ?)")
                .bind(0, Ids.next())
                .bind(1, paymentId)
                .bind(2, commandRow)
                .bind(3, now())
                .bind(4, kind)
                .bind(5, text)
                .bind(6, detail)
                .execute();
    }

    /** Adds a line unless it stands there, or so many of its kind do: what strangers cause must not fill the ledger. */
    public void historyOnce(String paymentId, @Nullable String commandRow, String kind, String text, int atMost) {
        List<String> lines = handle.createQuery("select text from history where payment_id = ? and kind = ?")
                .bind(0, paymentId)
                .bind(1, kind)
                .mapTo(String.class)
                .list();
        if (lines.size() < atMost && !lines.contains(text)) {
            history(paymentId, commandRow, kind, text, null);
        }
    }

    public List<HistoryRow> historyOf(String paymentId) {
        return handle.createQuery("select * from history where payment_id = ? order by id")
                .bind(0, paymentId)
                .mapTo(HistoryRow.class)
                .list();
    }

    /** Opens a work item unless the same one is open; true when it is new. */
    public boolean openWorkItem(String paymentId, @Nullable String commandRow, String reason, String text) {
        String openKey = paymentId + "/" + reason;
        boolean open = handle.createQuery("select count(*) from work_item where open_key = ?")
                        .bind(0, openKey)
                        .mapTo(Long.class)
                        .one()
                > 0;
        if (!open) {
            handle.createUpdate(
                            "insert into work_item (id, payment_id, command_row, reason, open_key, text, opened_at) values"
                                    + " (?, ?, ?, ?, ?, ?, ?)")
                    .bind(0, Ids.next())
                    .bind(1, paymentId)
                    .bind(2, commandRow)
                    .bind(3, reason)
                    .bind(4, openKey)
                    .bind(5, text)
                    .bind(6, now())
                    .execute();
        }
        return !open;
    }

    /** Closes the open work items of a payment with one reason; the number closed. */
    public int closeWorkItems(String paymentId, String reason, String by, String why) {
        return handle.createUpdate(
                        "update work_item set open_key = null, closed_at = ?, closed_by = ?, close_why = ? where"
                                + " open_key = ?")
                .bind(0, now())
                .bind(1, by)
                .bind(2, why)
                .bind(3, paymentId + "/" + reason)
                .execute();
    }

    public List<WorkItemRow> openWorkItems() {
        return handle.createQuery("select * from work_item where open_key is not null order by id")
                .mapTo(WorkItemRow.class)
                .list();
    }

    public List<WorkItemRow> workItemsOf(String paymentId) {
        return handle.createQuery("select * from work_item where payment_id = ? order by id")
                .bind(0, paymentId)
                .mapTo(WorkItemRow.class)
                .list();
    }

    // The sweep: each takes a bounded number of overdue rows, skipping those that another node has

    /** Deliveries that should have been published; they are due again after the grace, should this fail. */
    public List<Delivery> claimDeliveries(Instant dueBefore, int limit) {
        List<Delivery> rows = handle.createQuery(
                        "select d.id, d.result_id, d.command_row, d.address, d.correlation_id, r.body"
                                + " from delivery d join result r on r.id = d.result_id where d.id in (select id from delivery where"
                                + " due_at <= ? order by due_at limit ? for update skip locked) order by d.id")
                .bind(0, dueBefore)
                .bind(1, limit)
                .mapTo(Delivery.class)
                .list();
        postpone(
                "update delivery set due_at = ? where id = ?",
                rows.stream().map(Delivery::id).toList());
        return rows;
    }

    /** Commands to wake up. */
    public List<CommandRow> claimNudges(Instant dueBefore, int limit) {
        List<CommandRow> rows = handle.createQuery(
                        "select * from command where next_nudge_at <= ? order by next_nudge_at"
                                + " limit ? for update skip locked")
                .bind(0, dueBefore)
                .bind(1, limit)
                .mapTo(CommandRow.class)
                .list();
        postpone(
                "update command set next_nudge_at = ? where row_id = ?",
                rows.stream().map(CommandRow::rowId).toList());
        return rows;
    }

    /** Payments whose look is overdue. They are not postponed: the look itself claims its turn. */
    public List<String> overdueLooks(Instant dueBefore, int limit) {
        return handle.createQuery("select id from payment where next_look_at <= ? order by next_look_at limit ?")
                .bind(0, dueBefore)
                .bind(1, limit)
                .mapTo(String.class)
                .list();
    }

    private void postpone(String sql, List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Instant next = now().plus(PUBLISH_GRACE);
        var batch = handle.prepareBatch(sql);
        for (String id : ids) {
            batch.bind(0, next).bind(1, id).add();
        }
        batch.execute();
    }

    // Figures

    /** Counts for health and tests: open payments. */
    public long countOpenPayments() {
        return handle.createQuery("select count(*) from payment where status in (?, ?)")
                .bind(0, PaymentStatus.OPEN)
                .bind(1, PaymentStatus.IN_DOUBT)
                .mapTo(Long.class)
                .one();
    }
}
