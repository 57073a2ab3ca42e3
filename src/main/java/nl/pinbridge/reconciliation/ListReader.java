package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.outcome.Reading;
import nl.pinbridge.outcome.Sightings;
import nl.pinbridge.provider.ProviderJob;
import nl.pinbridge.provider.WireOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a provider's list of transactions, for the nightly run and for whoever looks for one payment. A read may be repeated, so
 * it is, a bounded number of times and with growing pauses; no transaction of the ledger is open meanwhile.
 */
public final class ListReader {
    private static final Logger LOG = LoggerFactory.getLogger(ListReader.class);

    /** The operation of provider folders that lists transactions. */
    public static final String OPERATION = "date";

    /** Rows a page where the answer does not say (providers/pinvandaag.md §7.1). */
    static final int PAGE = 100;

    /** More pages than any terminal fills in three days: a list that goes on beyond never ends. */
    static final int MOST_PAGES = 5_000;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** Asks the provider's own route; what it brings may be read again. */
    @FunctionalInterface
    public interface Provider {
        Answer ask(ProviderJob job);
    }

    /**
     * What a route brought.
     *
     * @param wire null where the route called nobody
     * @param body the mapping's output; null where the route failed
     */
    public record Answer(@Nullable WireOutcome wire, @Nullable JsonNode body) {}

    /**
     * A page of the list.
     *
     * @param rows as the provider orders them; a row that cannot be read is {@link Reading.State#UNREADABLE}
     * @param full as many rows as a page holds: more may follow
     * @param hash of the ids in their order
     */
    public record Page(List<Sightings.Row> rows, boolean full, String hash) {}

    /** What follows a page. */
    enum Next {
        MORE,
        LAST
    }

    /** The list cannot be read, or not to its end. */
    public static final class IncompleteException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean refused;

        IncompleteException(String why, boolean refused) {
            super(why);
            this.refused = refused;
        }

        /** Why, as a sentence for people. */
        public String why() {
            return String.valueOf(getMessage());
        }

        /** True when the provider will not have it: trying again changes nothing. */
        public boolean refused() {
            return refused;
        }
    }

    private final Provider provider;
    private final int tries;
    private final Duration pause;

    /**
     * @param tries how often a page is asked for at most
     * @param pause before the second try; it doubles
     */
    public ListReader(Provider provider, int tries, Duration pause) {
        this.provider = provider;
        this.tries = tries;
        this.pause = pause;
    }

    /**
     * One page; {@code from} and {@code to} are days of the provider's own calendar.
     *
     * @param beforeEachTry told before each try
     */
    public Page page(Terminal terminal, LocalDate from, LocalDate to, int page, Runnable beforeEachTry)
            throws IncompleteException {
        Duration wait = pause;
        for (int attempt = 1; ; attempt++) {
            beforeEachTry.run();
            Answer answer = provider.ask(job(terminal, from, to, page));
            if (answer.wire() instanceof WireOutcome.Answered answered
                    && answered.success()
                    && answer.body() != null
                    && answer.body().path("readable").asBoolean()) {
                return read(answer.body());
            }
            String why = "page " + page + " of terminal " + terminal.alias() + ": " + said(answer);
            boolean refused = answer.wire() instanceof WireOutcome.Answered answered && answered.refusal();
            if (refused || attempt >= tries) {
                throw new IncompleteException(why, refused);
            }
            LOG.warn("Reading the provider's list is tried again in {}: {}", wait, why);
            LockSupport.parkNanos(wait.toNanos());
            wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
        }
    }

    /**
     * All rows between two days, both inclusive and one day wider on each side, each id once; for one terminal and a day or two.
     */
    public List<Sightings.Row> rows(Terminal terminal, LocalDate from, LocalDate to) throws IncompleteException {
        Map<String, Sightings.Row> rows = new LinkedHashMap<>();
        String before = null;
        for (int number = 1; ; number++) {
            Page page = page(terminal, from.minusDays(1), to.plusDays(2), number, () -> {});
            page.rows().stream()
                    .filter(row -> row.reading().providerTransactionId() != null)
                    .forEach(row -> rows.put(row.reading().providerTransactionId(), row));
            if (after(number, page, before) == Next.LAST) {
                return List.copyOf(rows.values());
            }
            before = page.hash();
        }
    }

    /** What a read that is no list shows: asked once, because whoever looks for a payment comes back by itself. */
    public List<Sightings.Row> once(ProviderJob job) throws IncompleteException {
        Answer answer = provider.ask(job);
        if (answer.wire() instanceof WireOutcome.Answered answered
                && answered.success()
                && answer.body() != null
                && answer.body().path("readable").asBoolean()) {
            return read(answer.body()).rows();
        }
        throw new IncompleteException(
                job.operation() + " of terminal " + job.terminal().alias() + ": " + said(answer), false);
    }

    /**
     * Whether another page follows.
     *
     * @param before the hash of the page before; null on the first
     * @throws IncompleteException when that cannot be told, or never ends: half a list must not look whole
     */
    static Next after(int number, Page page, @Nullable String before) throws IncompleteException {
        if (page.rows().isEmpty()) {
            return Next.LAST;
        }
        if (page.hash().equals(before)) {
            // Some servers answer every page past the last with the last. One whose second page is its first may just
            // as
            // well not heed page numbers at all, and hide the rest.
            if (number == 2 && page.full()) {
                throw new IncompleteException(
                        "page 2 is page 1 again: it cannot be told whether the list goes on", false);
            }
            return Next.LAST;
        }
        if (!page.full()) {
            return Next.LAST;
        }
        if (number >= MOST_PAGES) {
            throw new IncompleteException("the list has not ended after " + number + " pages", false);
        }
        return Next.MORE;
    }

    private static Page read(JsonNode body) {
        List<Sightings.Row> rows = new ArrayList<>();
        Sha256 ids = new Sha256();
        for (JsonNode row : body.path("rows")) {
            Reading reading = Reading.from(row);
            rows.add(new Sightings.Row(reading, row.path("kind").textValue()));
            ids.line(reading.providerTransactionId());
        }
        int limit = body.path("limit").isInt() ? body.path("limit").asInt() : PAGE;
        return new Page(rows, rows.size() >= (limit >= 1 && limit < PAGE ? limit : PAGE), ids.hex());
    }

    private static String said(Answer answer) {
        if (answer.wire() instanceof WireOutcome.Answered answered) {
            return answered.success() ? "the answer cannot be read as a list" : "HTTP " + answered.status();
        }
        if (answer.wire() instanceof WireOutcome.NotSent notSent) {
            return notSent.why();
        }
        return answer.wire() instanceof WireOutcome.Unknown unknown ? unknown.why() : "the route called nobody";
    }

    private static ProviderJob job(Terminal terminal, LocalDate from, LocalDate to, int page) {
        ObjectNode view = Json.object();
        view.put("operation", OPERATION);
        view.putObject("list")
                .put("from", from.toString())
                .put("to", to.toString())
                .put("page", page);
        ObjectNode till = view.putObject("terminal");
        till.put("alias", terminal.alias());
        till.put("id", terminal.id());
        till.put("brand", terminal.brand());
        view.putObject("settings").putNull("callbackUrl");
        return new ProviderJob(terminal.provider(), OPERATION, null, null, terminal, view);
    }
}
