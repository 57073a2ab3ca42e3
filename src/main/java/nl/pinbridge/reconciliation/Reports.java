package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.ReconciliationItems.Item;
import nl.pinbridge.ledger.ReconciliationRun;
import nl.pinbridge.ledger.ReconciliationRun.State;
import nl.pinbridge.ledger.ReconciliationTx.Entry;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The published feed for people: a CSV file and a page in {@code data/reconciliation/<day>/}. Each file appears whole or not at all,
 * and every version has files of its own.
 */
public final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    private static final int EXCEPTIONS_SHOWN = 1_000;
    private static final int ITEMS_SHOWN = 200;

    /** What the charts add up. */
    private static final String CURRENCY = "EUR";

    private final Ledger ledger;
    private final Runs runs;
    private final Path folder;
    private final boolean byteOrderMark;
    private final char separator;
    private final boolean decimalComma;

    /**
     * @param folder {@code data/reconciliation}
     * @param byteOrderMark whether the CSV begins with one: a Dutch Excel reads it as UTF-8 then
     * @param decimalComma amounts as {@code 10,50}
     */
    public Reports(Ledger ledger, Runs runs, Path folder, boolean byteOrderMark, char separator, boolean decimalComma) {
        this.ledger = ledger;
        this.runs = runs;
        this.folder = folder;
        this.byteOrderMark = byteOrderMark;
        this.separator = separator;
        this.decimalComma = decimalComma;
    }

    /** Writes the reports of a run that is sent, and ends it; does nothing otherwise. May be repeated. */
    public void write(Runs.Held held) {
        ReconciliationRun run = runs.run(held);
        if (run.state() != State.SENT) {
            return;
        }
        try {
            Feed feed = ledger.inTransaction(
                    tx -> tx.reconciliation().feedOf(run.id()).orElseThrow());
            Path page = page(feed);
            Files.createDirectories(day(feed));
            HtmlReport.Charts charts = new HtmlReport.Charts(
                    run.dayFrom(), run.dayTo(), runs.rules().zone(), CURRENCY);
            whole(day(feed).resolve(name(feed) + ".csv"), out -> csv(run, charts, out));
            whole(page, out -> page(run, feed, charts, out));
            LOG.info("The report of {} lies in {}", run.feedId(), page);
        } catch (IOException | UncheckedIOException e) {
            runs.failed(held, "the report cannot be written: " + e.getMessage());
            return;
        }
        runs.change(
                held, (tx, now) -> now.with(row -> row.state(State.PUBLISHED).endedAt(tx.now())));
    }

    /** Where the page of a feed lies once it is written. */
    public Path page(Feed feed) {
        return day(feed).resolve(name(feed) + ".html");
    }

    private Path day(Feed feed) {
        return folder.resolve(feed.businessDay().toString());
    }

    /** A file of a day that was not over can be told from the others without opening it. */
    private static String name(Feed feed) {
        return feed.provider() + (feed.scope().isEmpty() ? "" : "-" + feed.scope()) + "-v" + feed.version()
                + (feed.dayOver() ? "" : "-provisional");
    }

    /** What writes into a file. */
    private interface Body {
        void to(Writer out) throws IOException;
    }

    private static void whole(Path file, Body body) throws IOException {
        Path temporary = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".new");
        try {
            try (Writer out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                body.to(out);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void each(ReconciliationRun run, Consumer<JsonNode> use) {
        int after = 0;
        while (true) {
            int from = after;
            List<Entry> entries =
                    ledger.inTransaction(tx -> tx.reconciliation().entries(run.id(), from, Matching.PART));
            if (entries.isEmpty()) {
                return;
            }
            entries.forEach(entry -> use.accept(Json.read(entry.body())));
            after = entries.get(entries.size() - 1).seq();
        }
    }

    /** Writes the rows and tells each to the charts of the page: a long day is read once. */
    private void csv(ReconciliationRun run, HtmlReport.Charts charts, Writer out) throws IOException {
        Csv csv = new Csv(out, separator, decimalComma);
        if (byteOrderMark) {
            out.write('\uFEFF');
        }
        csv.text("business day")
                .text("version")
                .text("row")
                .text("created")
                .text("terminal")
                .text("type")
                .text("transaction")
                .text("payment")
                .text("command")
                .text("reference")
                .text("provider status")
                .text("provider amount")
                .text("ledger status")
                .text("ledger amount")
                .text("difference")
                .text("currency")
                .text("tip")
                .text("brand")
                .text("match")
                .text("exception")
                .text("reason")
                .text("owner")
                .text("explained by")
                .text("explanation")
                .end();
        each(run, row -> {
            charts.add(
                    Instant.parse(row.path("createdAt").asText()),
                    row.path("terminal").asText(),
                    row.path("theirs"),
                    row.path("ours"),
                    row.path("exception").textValue() != null);
            try {
                csv.text(run.businessDay().toString())
                        .number(run.version())
                        .number(row.path("row").asLong())
                        .text(row.path("createdLocal").asText())
                        .text(row.path("terminal").asText())
                        .text(row.path("type").asText())
                        .text(row.path("providerTransactionId").textValue())
                        .text(row.path("paymentId").textValue())
                        .text(row.path("commandId").textValue())
                        .text(row.path("reference").textValue())
                        .text(row.path("theirs").path("status").textValue())
                        .money(cents(row.path("theirs").path("amount")))
                        .text(row.path("ours").path("status").textValue())
                        .money(cents(row.path("ours").path("amount")))
                        .money(row.path("difference").asLong())
                        .text(row.path("currency").asText())
                        .money(row.path("tip").asLong())
                        .text(row.path("brand").textValue())
                        .text(row.path("match").asText())
                        .text(row.path("exception").textValue())
                        .text(row.path("reason").textValue())
                        .text(row.path("owner").textValue())
                        .text(row.path("explained").path("by").textValue())
                        .text(row.path("explained").path("why").textValue())
                        .end();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static @Nullable Long cents(JsonNode amount) {
        return amount.isIntegralNumber() ? amount.longValue() : null;
    }

    private void page(ReconciliationRun run, Feed feed, HtmlReport.Charts charts, Writer out) throws IOException {
        List<Entry> exceptions = ledger.inTransaction(tx -> tx.reconciliation().exceptions(run.id(), EXCEPTIONS_SHOWN));
        List<Item> older = ledger.inTransaction(
                tx -> tx.reconciliation().items().openBefore(run.provider(), run.businessDay(), ITEMS_SHOWN));
        List<Feed> month = ledger.inTransaction(tx -> tx.reconciliation()
                .latestFeeds(run.provider(), run.businessDay().withDayOfMonth(1), run.businessDay()));
        out.write(HtmlReport.of(
                Json.read(feed.header()),
                Json.read(feed.trailer()),
                charts,
                exceptions.stream().map(entry -> Json.read(entry.body())).toList(),
                older,
                month));
    }
}
