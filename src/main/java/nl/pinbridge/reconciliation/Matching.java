package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ReconciliationItems;
import nl.pinbridge.ledger.ReconciliationItems.Item;
import nl.pinbridge.ledger.ReconciliationRun;
import nl.pinbridge.ledger.ReconciliationRun.State;
import nl.pinbridge.ledger.ReconciliationTx;
import nl.pinbridge.ledger.ReconciliationTx.Entry;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import nl.pinbridge.ledger.ReconciliationTx.Listed;
import nl.pinbridge.ledger.ReconciliationTx.Origin;
import nl.pinbridge.outcome.Outcome;
import nl.pinbridge.outcome.Reading;
import nl.pinbridge.outcome.ReadingBuilder;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the provider's list against the ledger and writes the rows of the feed. The database matches; only a few hundred rows are in
 * memory at a time, whatever the day holds.
 */
public final class Matching {
    private static final Logger LOG = LoggerFactory.getLogger(Matching.class);

    /** Rows that are judged at a time; also those of a feed message. */
    static final int PART = 500;

    private static final int SETTLED_AT_ONCE = 10_000;
    private static final int EXPLAINED_SHOWN = 1_000;
    private static final String CURRENCY = "EUR";
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private final Ledger ledger;
    private final Runs runs;
    private final Outcome outcome;
    private final Function<String, String> fingerprint;
    private final Supplier<List<Terminal>> terminals;

    /** @param fingerprint of a provider's folder, by the provider's name */
    public Matching(
            Ledger ledger,
            Runs runs,
            Outcome outcome,
            Function<String, String> fingerprint,
            Supplier<List<Terminal>> terminals) {
        this.ledger = ledger;
        this.runs = runs;
        this.outcome = outcome;
        this.fingerprint = fingerprint;
        this.terminals = terminals;
    }

    /**
     * Matches what was read, settles what the list settles beyond doubt, and writes the feed into the ledger; does nothing unless the
     * run is read. May be repeated.
     *
     * @return what the world should be told of payments that were settled
     */
    public Nudges match(Runs.Held held) {
        Nudges nudges = new Nudges();
        ReconciliationRun run = runs.run(held);
        if (run.state() != State.READ) {
            return nudges;
        }
        runs.renew(held);
        ledger.update(tx -> pair(tx.reconciliation(), run));
        nudges.and(settle(run));
        runs.renew(held);
        write(held, run);
        return nudges;
    }

    private void pair(ReconciliationTx rows, ReconciliationRun run) {
        rows.matchById(run.id());
        rows.markDuplicates(run.id());
        rows.matchByReference(run.id());
        Duration tolerance = runs.rules().timeTolerance();
        Map<PaymentRow, List<Listed>> candidates = new HashMap<>();
        Map<Listed, Integer> wooed = new HashMap<>();
        for (PaymentRow payment : rows.doubtful(
                run.id(),
                run.provider(),
                run.dayFrom().minus(tolerance),
                run.dayTo().plus(tolerance))) {
            Instant happened = happened(payment);
            List<Listed> found = rows.candidates(
                    run.id(),
                    payment.device(),
                    payment.requested(),
                    happened.minus(tolerance),
                    happened.plus(tolerance));
            candidates.put(payment, found);
            found.forEach(row -> wooed.merge(row, 1, Integer::sum));
        }
        candidates.forEach((payment, found) -> {
            if (found.size() == 1 && Integer.valueOf(1).equals(wooed.get(found.get(0)))) {
                rows.match(found.get(0), "CANDIDATE", payment.id());
            } else {
                found.forEach(row -> rows.match(row, "AMBIGUOUS", null));
            }
        });
    }

    /** What the list says of payments that are not over here, told to the outcome room as any other answer of the provider. */
    private Nudges settle(ReconciliationRun run) {
        Nudges nudges = new Nudges();
        List<Listed> settling = ledger.inTransaction(tx -> tx.reconciliation().settling(run.id(), SETTLED_AT_ONCE));
        for (Listed row : settling) {
            Terminal terminal = terminals.get().stream()
                    .filter(each -> each.device().equals(row.device()))
                    .findFirst()
                    .orElse(null);
            if (terminal == null) {
                continue;
            }
            ObjectNode evidence = Json.object()
                    .put("reconciliationRun", run.id())
                    .put("matched", row.matched())
                    .put("transactionId", row.transactionId())
                    .put("status", row.word())
                    .put("amount", row.amount())
                    .put("createdAt", row.createdRaw());
            nudges.and(outcome.ofLook(
                    new ProviderJob(run.provider(), "status", null, row.paymentId(), terminal, Json.object()),
                    new WireOutcome.Answered(200, "", true, false, false),
                    Json.write(evidence),
                    reading(row)));
            LOG.info("The list of {} settles the payment {}: {}", run.provider(), row.paymentId(), row.word());
        }
        return nudges;
    }

    private static Reading reading(Listed row) {
        boolean paid = row.state().equals("PAID");
        return ReadingBuilder.builder()
                .state(paid ? Reading.State.PAID : Reading.State.NOT_PAID)
                .code(paid ? null : ErrorCode.PROVIDER_FAILED)
                .word(row.word())
                .providerTransactionId(row.transactionId())
                .amount(row.amount())
                .currency(row.currency())
                .ownReference(row.ownReference())
                .createdAt(row.createdAt())
                .createdAtRaw(row.createdRaw())
                .providerCode(row.code())
                .build();
    }

    // The rows of the feed

    /** What all rows of one feed share while they are written. */
    private static final class Book {
        final ReconciliationRun run;
        final Coverage coverage;
        final Judge judge;
        final @Nullable Feed before;
        final Totals totals = new Totals();
        final Sha256 hash = new Sha256();
        final Sha256 list = new Sha256();
        final Map<String, String> aliases = new HashMap<>();

        /** Whether a row that the version before does not have is late: nobody can tell once its rows are forgotten. */
        final boolean tellsLate;

        int seq;
        int explained;

        Book(ReconciliationRun run, Judge judge, @Nullable Feed before) {
            this.run = run;
            this.coverage = Coverage.parse(Runs.required(run.coverage()));
            this.judge = judge;
            this.before = before;
            this.tellsLate = before != null && before.dayOver() && before.prunedAt() == null;
            coverage.covered().forEach(till -> aliases.put(till.device(), till.alias()));
        }
    }

    private void write(Runs.Held held, ReconciliationRun run) {
        Feed before = ledger.inTransaction(tx -> tx.reconciliation()
                .latestFeed(run.provider(), run.businessDay(), run.scope())
                .orElse(null));
        Instant asOf = Runs.required(run.asOf());
        Book book = new Book(run, new Judge(asOf.minus(runs.rules().grace())), before);
        ledger.update(tx -> tx.reconciliation().forgetEntries(run.id()));
        for (String device : book.coverage.devices()) {
            String after = "";
            while (true) {
                String from = after;
                List<Listed> rows =
                        ledger.inTransaction(tx -> tx.reconciliation().rows(run.id(), device, from, PART));
                if (rows.isEmpty()) {
                    break;
                }
                writeListed(held, book, rows);
                after = rows.get(rows.size() - 1).transactionId();
            }
        }
        PaymentRow last = null;
        while (true) {
            PaymentRow from = last;
            List<PaymentRow> payments = ledger.inTransaction(
                    tx -> tx.reconciliation().ledgerOnly(run, book.coverage.devices(), from, PART));
            if (payments.isEmpty()) {
                break;
            }
            writeLedgerOnly(held, book, payments);
            last = payments.get(payments.size() - 1);
        }
        close(held, book);
    }

    /** A row before it is numbered. */
    private record Draft(String key, @Nullable Listed row, @Nullable PaymentRow payment, Judge.Verdict verdict) {}

    private void writeListed(Runs.Held held, Book book, List<Listed> rows) {
        List<Draft> drafts = new ArrayList<>();
        Map<String, PaymentRow> payments = ledger.inTransaction(tx -> tx.reconciliation()
                .payments(rows.stream()
                        .map(Listed::paymentId)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList()));
        for (Listed row : rows) {
            book.list.line(row.transactionId(), row.word(), row.amount());
            PaymentRow payment = row.paymentId() == null ? null : payments.get(row.paymentId());
            Judge.Verdict verdict = payment == null ? book.judge.providerOnly(row) : book.judge.pair(row, payment);
            drafts.add(new Draft("T:" + row.device() + "/" + row.transactionId(), row, payment, verdict));
        }
        write(held, book, drafts);
    }

    private void writeLedgerOnly(Runs.Held held, Book book, List<PaymentRow> payments) {
        Set<String> claimed = ledger.inTransaction(tx -> tx.reconciliation()
                .claimed(
                        book.run.id(),
                        payments.stream()
                                .map(PaymentRow::providerTransactionId)
                                .filter(Objects::nonNull)
                                .toList()));
        List<Draft> drafts = new ArrayList<>();
        for (PaymentRow payment : payments) {
            String transaction = payment.providerTransactionId();
            drafts.add(new Draft(
                    "P:" + payment.id(),
                    null,
                    payment,
                    book.judge.ledgerOnly(
                            payment, happened(payment), transaction != null && claimed.contains(transaction))));
        }
        write(held, book, drafts);
    }

    /** What the ledger knows beside the drafts themselves. */
    private record Known(Map<String, Entry> earlier, Map<String, Origin> origins, Map<String, Item> items) {}

    private Known known(Book book, List<Draft> drafts) {
        List<String> keys = drafts.stream().map(Draft::key).toList();
        List<String> odd = drafts.stream()
                .filter(draft -> draft.verdict().exception() != null)
                .map(Draft::key)
                .toList();
        return ledger.inTransaction(tx -> {
            ReconciliationTx rows = tx.reconciliation();
            return new Known(
                    book.before == null ? Map.of() : rows.entriesOf(book.before.runId(), keys),
                    rows.origins(drafts.stream()
                            .map(Draft::payment)
                            .filter(Objects::nonNull)
                            .map(PaymentRow::createdBy)
                            .toList()),
                    rows.items().ofKeys(book.run.provider(), book.run.businessDay(), odd));
        });
    }

    private void write(Runs.Held held, Book book, List<Draft> drafts) {
        Known known = known(book, drafts);
        List<Entry> entries = new ArrayList<>(drafts.size());
        List<Item> items = new ArrayList<>();
        for (Draft draft : drafts) {
            Entry entry = entry(book, draft, known);
            entries.add(entry);
            if (entry.exception() != null
                    && ExceptionClass.valueOf(entry.exception()).staysOpen()) {
                items.add(new Item(
                        Ids.next(),
                        book.run.provider(),
                        book.run.businessDay(),
                        entry.itemKey(),
                        entry.exception(),
                        entry.terminal(),
                        entry.currency(),
                        entry.difference(),
                        String.valueOf(draft.verdict().reason()),
                        entry.firstVersion(),
                        runs.now(),
                        null,
                        null,
                        null,
                        entry.body()));
            }
        }
        runs.change(held, (tx, run) -> {
            tx.reconciliation().insert(entries);
            tx.reconciliation().items().open(items, known.items(), run.version(), tx.now());
            return run.with(row -> row.leasedUntil(tx.now().plus(runs.rules().lease())));
        });
    }

    private Entry entry(Book book, Draft draft, Known known) {
        Listed row = draft.row();
        PaymentRow payment = draft.payment();
        Entry earlier = known.earlier().get(draft.key());
        boolean late = row != null && (earlier != null ? earlier.late() : book.tellsLate);
        Judge.Verdict verdict = draft.verdict().lateUnless(!late);
        int firstVersion = earlier != null ? earlier.firstVersion() : book.run.version();
        String ourCurrency = payment == null ? CURRENCY : payment.currency();
        String theirCurrency =
                row == null ? ourCurrency : Optional.ofNullable(row.currency()).orElse(CURRENCY);
        long difference = theirCurrency.equals(ourCurrency) ? verdict.theirs() - verdict.ours() : verdict.theirs();
        String terminal = payment != null
                ? payment.terminal()
                : row == null ? "" : book.aliases.getOrDefault(row.device(), row.device());
        String type = payment != null
                ? payment.kind().name().toLowerCase(Locale.ROOT)
                : row != null && row.kind() != null ? row.kind().toLowerCase(Locale.ROOT) : "unknown";
        Origin origin = payment == null ? null : known.origins().get(payment.createdBy());
        Instant created = row == null ? happened(Runs.required(payment)) : row.createdAt();
        String theirStatus = row == null ? null : row.word();
        String ourStatus = payment == null ? null : payment.status().name();
        String exception =
                verdict.exception() == null ? null : verdict.exception().name();
        String transaction =
                row != null ? row.transactionId() : payment == null ? null : payment.providerTransactionId();

        ObjectNode json = Json.object();
        json.put("row", ++book.seq);
        json.put("paymentId", payment == null ? null : payment.id());
        json.put("commandId", origin == null ? null : origin.commandId());
        json.put("reference", payment == null ? null : payment.reference());
        json.put("ownReference", payment != null ? payment.ownReference() : row == null ? null : row.ownReference());
        json.put("providerTransactionId", transaction);
        json.put("terminal", terminal);
        json.put("type", type);
        json.put("amount", row == null ? verdict.ours() : verdict.theirs());
        json.put("currency", row == null ? ourCurrency : theirCurrency);
        json.set("ours", side(payment == null ? null : ourStatus, verdict.ours(), ourCurrency));
        json.set("theirs", side(row == null ? null : String.valueOf(theirStatus), verdict.theirs(), theirCurrency));
        json.put("tip", payment == null ? 0 : payment.tip());
        json.put("brand", payment == null ? null : brand(payment));
        json.set("labels", payment == null ? Json.object() : Json.read(payment.labels()));
        json.put("createdAt", created.truncatedTo(ChronoUnit.MILLIS).toString());
        json.put("createdLocal", row != null && row.createdRaw() != null ? row.createdRaw() : local(created));
        Instant finalised =
                origin == null || payment == null || payment.status().isOpen() ? null : origin.toldAt();
        json.put(
                "finalisedAt",
                finalised == null
                        ? null
                        : finalised.truncatedTo(ChronoUnit.MILLIS).toString());
        json.put("finalisedLocal", finalised == null ? null : local(finalised));
        json.put("match", row == null || payment == null ? "NONE" : String.valueOf(row.matched()));
        json.put("exception", exception);
        json.put("reason", verdict.reason());
        json.put(
                "owner",
                verdict.exception() == null ? null : verdict.exception().owner().name());
        ObjectNode explained = exception == null
                ? null
                : explained(
                        known.items().get(ReconciliationItems.key(draft.key(), exception)), theirCurrency, difference);
        json.set("explained", explained);
        book.explained += explained == null ? 0 : 1;
        json.put("difference", difference);
        json.put(
                "ageDays",
                ChronoUnit.DAYS.between(book.run.businessDay(), runs.rules().dayOf(Runs.required(book.run.asOf()))));
        json.put("firstVersion", firstVersion);
        json.put("route", origin == null ? null : origin.routeFingerprint());

        book.hash.line(
                transaction,
                payment == null ? null : payment.id(),
                theirStatus,
                verdict.theirs(),
                theirCurrency,
                ourStatus,
                verdict.ours(),
                ourCurrency,
                exception,
                explained == null ? null : explained.path("by").asText());
        book.totals.add(
                terminal,
                type,
                (row == null ? "-" : String.valueOf(theirStatus)) + " / " + (ourStatus == null ? "-" : ourStatus),
                row != null && payment != null,
                verdict.exception(),
                theirCurrency,
                verdict.theirs(),
                ourCurrency,
                verdict.ours());
        return new Entry(
                book.run.id(),
                book.seq,
                draft.key(),
                terminal,
                exception,
                theirCurrency,
                difference,
                firstVersion,
                late,
                Json.write(json));
    }

    private String local(Instant instant) {
        return LOCAL.format(instant.atZone(runs.rules().zone()));
    }

    /** Who explained this very difference, and how; null where nobody did. */
    private static @Nullable ObjectNode explained(@Nullable Item item, String currency, long difference) {
        return item == null
                        || !item.explained()
                        || item.difference() != difference
                        || !item.currency().equals(currency)
                ? null
                : Json.object()
                        .put("by", item.closedBy())
                        .put("at", String.valueOf(item.closedAt()))
                        .put("why", item.closeWhy());
    }

    private static @Nullable ObjectNode side(@Nullable String status, long amount, String currency) {
        return status == null
                ? null
                : Json.object().put("status", status).put("amount", amount).put("currency", currency);
    }

    private static @Nullable String brand(PaymentRow payment) {
        return payment.card() == null
                ? null
                : Json.read(payment.card()).path("brand").textValue();
    }

    /** The provider's own time where it is known: by it the day is told. */
    private static Instant happened(PaymentRow payment) {
        if (payment.providerCreatedAt() != null) {
            return payment.providerCreatedAt();
        }
        return payment.markedAt() == null ? payment.createdAt() : payment.markedAt();
    }

    /** Proves the identity, by sums that the database makes, and keeps the feed; it is sent after that. */
    private void close(Runs.Held held, Book book) {
        String rowsHash = "sha256:" + book.hash.hex();
        String listHash = "sha256:" + book.list.hex();
        String[] fault = new String[1];
        runs.change(held, (tx, run) -> {
            ReconciliationTx rows = tx.reconciliation();
            ArrayNode identity = book.totals.identity(
                    rows.providerTotals(run.id(), CURRENCY), rows.ledgerTotals(run, book.coverage.devices()));
            if (identity == null) {
                fault[0] = "the totals do not add up to the cent: payments changed while the feed was made";
                return run;
            }
            rows.items().closeGone(run, book.coverage.aliases(), tx.now());
            Instant asOf = Runs.required(run.asOf());
            boolean dayOver = !asOf.isBefore(run.dayTo());
            String covers = Json.write(book.coverage.json());
            Feed before = book.before;
            rows.forgetRows(run.id());
            if (before != null
                    && before.rowsHash().equals(rowsHash)
                    && before.covers().equals(covers)
                    && before.dayOver() == dayOver
                    && before.publishedAt() != null) {
                rows.forgetEntries(run.id());
                return run.with(
                        row -> row.state(State.UNCHANGED).listHash(listHash).endedAt(tx.now()));
            }
            Feed feed = feed(rows, book, run, rowsHash, listHash, dayOver, covers, identity, tx.now());
            rows.insert(feed);
            return run.with(row -> row.state(State.MATCHED).listHash(listHash));
        });
        if (fault[0] != null) {
            runs.failed(held, fault[0]);
        }
    }

    private Feed feed(
            ReconciliationTx rows,
            Book book,
            ReconciliationRun run,
            String rowsHash,
            String listHash,
            boolean dayOver,
            String covers,
            ArrayNode identity,
            Instant now) {
        String feedId = run.feedId();
        ObjectNode header = Json.object();
        header.put("part", "HEADER");
        header.put("feedId", feedId);
        header.put("version", run.version());
        if (run.version() > 1) {
            header.put("replacesVersion", run.version() - 1);
        } else {
            header.putNull("replacesVersion");
        }
        header.put("provider", run.provider());
        header.put("businessDay", run.businessDay().toString());
        header.put("zone", runs.rules().zone().getId());
        header.put("dayStartsAt", runs.rules().dayStartsAt().toString());
        header.put("from", run.dayFrom().toString());
        header.put("to", run.dayTo().toString());
        header.put("dayOver", dayOver);
        header.put("asOf", Runs.required(run.asOf()).toString());
        header.put("runId", run.id());
        header.put("startedAt", run.createdAt().truncatedTo(ChronoUnit.MILLIS).toString());
        header.put("endedAt", now.truncatedTo(ChronoUnit.MILLIS).toString());
        header.set("terminals", book.coverage.json());
        header.put("pagesRead", run.pages());
        header.put("passes", 2);
        header.put("listHash", listHash);
        header.put("routeFingerprint", fingerprint.apply(run.provider()));
        header.put("messages", 2 + (book.seq + PART - 1) / PART);

        ObjectNode trailer = Json.object();
        trailer.put("part", "TRAILER");
        trailer.put("feedId", feedId);
        trailer.put("version", run.version());
        book.totals.writeTo(trailer);
        trailer.put("explained", book.explained);
        trailer.set("identity", identity);
        earlierDays(rows.items(), run, trailer);
        trailer.put("rowsHash", rowsHash);
        trailer.put("end", "END");
        return new Feed(
                run.provider(),
                run.businessDay(),
                run.scope(),
                run.version(),
                run.id(),
                dayOver,
                rowsHash,
                covers,
                Json.write(header),
                Json.write(trailer),
                now,
                null,
                null);
    }

    /** What is open of earlier days, and what was explained of them in the course of this one: in one day's feed and no other. */
    private static void earlierDays(ReconciliationItems items, ReconciliationRun run, ObjectNode trailer) {
        List<Item> oldest = items.openBefore(run.provider(), run.businessDay(), 1);
        trailer.putObject("openFromEarlierDays")
                .put("count", items.countOpenBefore(run.provider(), run.businessDay()))
                .put(
                        "oldest",
                        oldest.isEmpty() ? null : oldest.get(0).businessDay().toString());
        ArrayNode explained = trailer.putArray("explainedFromEarlierDays");
        for (Item item :
                items.closedBetween(run.provider(), run.businessDay(), run.dayFrom(), run.dayTo(), EXPLAINED_SHOWN)) {
            explained
                    .addObject()
                    .put("businessDay", item.businessDay().toString())
                    .put("exception", item.kind())
                    .put("terminal", item.terminal())
                    .put("currency", item.currency())
                    .put("difference", item.difference())
                    .put("by", item.closedBy())
                    .put("at", String.valueOf(item.closedAt()))
                    .put("why", item.closeWhy());
        }
    }
}
