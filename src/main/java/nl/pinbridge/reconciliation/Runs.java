package nl.pinbridge.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.ErrorCode;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.ResultError;
import nl.pinbridge.ledger.CommandRow;
import nl.pinbridge.ledger.Ids;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.ledger.ReconciliationRun;
import nl.pinbridge.ledger.ReconciliationRun.State;
import nl.pinbridge.ledger.ReconciliationRunBuilder;
import nl.pinbridge.ledger.ReconciliationTx;
import nl.pinbridge.ledger.ReconciliationTx.Listed;
import nl.pinbridge.ledger.ResultWriter;
import nl.pinbridge.ledger.Tx;
import nl.pinbridge.outcome.Reading;
import nl.pinbridge.outcome.Sightings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which days are due, who works on which, and how far it is. Every step is one transaction of the ledger, so that whoever is killed
 * is followed by somebody who goes on from the last page.
 */
public final class Runs {
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    /** After so many vain attempts whoever asked hears of it, though the run is tried on. */
    private static final int PATIENCE_OF_A_COMMAND = 3;

    private static final int MOST_ATTEMPTS = 24;

    /** A machine that was off for longer catches up with the last of these days. */
    private static final int MOST_DAYS = 400;

    private static final int PRUNED_AT_ONCE = 2_000;

    private final Ledger ledger;
    private final ReconciliationRules rules;
    private final Set<String> providers;
    private final Supplier<List<Terminal>> terminals;
    private final Predicate<Terminal> canList;
    private final Clock clock;

    /**
     * @param providers that have a list to read
     * @param terminals the directory as it is now
     * @param canList whether the provider lists the transactions of this terminal
     */
    public Runs(
            Ledger ledger,
            ReconciliationRules rules,
            Set<String> providers,
            Supplier<List<Terminal>> terminals,
            Predicate<Terminal> canList,
            Clock clock) {
        this.ledger = ledger;
        this.rules = rules;
        this.providers = Set.copyOf(providers);
        this.terminals = terminals;
        this.canList = canList;
        this.clock = clock;
    }

    /** A run that this holder works on. */
    public record Held(String runId, String holder) {}

    /** A page to be read. */
    public record Ask(Held held, Terminal terminal, LocalDate from, LocalDate to, ReconciliationRun run) {}

    /** Somebody else has taken the run over; whoever finds that out stops. */
    public static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostException() {
            super("The run has been taken over by another node");
        }
    }

    // Forgetting

    /** Forgets the rows of feeds that are older than they are kept; header, trailer and exceptions stay. */
    public void prune() {
        for (String provider : new TreeSet<>(providers)) {
            try {
                LocalDate kept = rules.dayOf(clock.instant()).minusDays(rules.keepDays());
                List<ReconciliationTx.Feed> old =
                        ledger.inTransaction(tx -> tx.reconciliation().keptBefore(provider, kept, MOST_DAYS));
                for (ReconciliationTx.Feed feed : old) {
                    // In small parts: whoever sends or matches meanwhile must not wait for a day's rows.
                    while (ledger.inTransaction(tx -> tx.reconciliation().prune(feed.runId(), PRUNED_AT_ONCE))) {
                        LOG.debug("Forgetting the rows of {} version {}", feed.businessDay(), feed.version());
                    }
                    ledger.update(tx -> tx.reconciliation().pruned(feed.runId(), tx.now()));
                }
                if (!old.isEmpty()) {
                    LOG.info(
                            "The rows of {} feeds of {} from before {} are no longer kept", old.size(), provider, kept);
                }
            } catch (RuntimeException e) {
                LOG.warn("Old rows of {} could not be forgotten; the next night tries again", provider, e);
            }
        }
    }

    // Planning

    /** Plans every day that is over and was not planned, oldest first, and the last days once more for late changes. */
    public void plan() {
        for (String provider : new TreeSet<>(providers)) {
            try {
                ledger.update(tx -> plan(tx, provider));
            } catch (RuntimeException e) {
                LOG.error("The days of {} could not be planned", provider, e);
            }
        }
    }

    /**
     * Plans what should have been planned while the machine was off.
     *
     * @param nextFiring when the schedule fires next after an instant
     */
    public void planMissed(UnaryOperator<Instant> nextFiring) {
        Instant now = clock.instant();
        for (String provider : new TreeSet<>(providers)) {
            boolean missed = ledger.inTransaction(tx -> {
                ReconciliationTx rows = tx.reconciliation();
                return rows.plannedAt(provider)
                        .or(() -> rows.firstPayment(provider))
                        .map(last -> !nextFiring.apply(last).isAfter(now))
                        .orElse(false);
            });
            if (missed) {
                ledger.update(tx -> plan(tx, provider));
            }
        }
    }

    private void plan(Tx tx, String provider) {
        ReconciliationTx rows = tx.reconciliation();
        LocalDate last = rules.dayOf(tx.now()).minusDays(1);
        LocalDate first = rows.plannedTo(provider)
                .map(day -> day.plusDays(1))
                .or(() -> rows.firstPayment(provider).map(rules::dayOf))
                .orElse(null);
        if (first == null) {
            // Before the bridge's first payment there is nothing to hold the list against.
            return;
        }
        if (first.isBefore(last.minusDays(MOST_DAYS))) {
            first = last.minusDays(MOST_DAYS);
        }
        LocalDate again = last.minusDays(rules.lookBack());
        for (LocalDate day = again; day.isBefore(first); day = day.plusDays(1)) {
            if (rows.latestFeed(provider, day, "").isPresent()) {
                open(tx, provider, day, null);
            }
        }
        for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
            open(tx, provider, day, null);
        }
        rows.planned(provider, last.isBefore(first) ? first.minusDays(1) : last, tx.now());
    }

    /** Plans one day, also one that is not over: its feed says so. */
    public void plan(String provider, LocalDate day) {
        ledger.update(tx -> open(tx, provider, day, null));
    }

    /** The latest version of a day over all terminals that is published. */
    public Optional<ReconciliationTx.Feed> published(String provider, LocalDate day) {
        return ledger.inTransaction(tx -> tx.reconciliation().latestFeed(provider, day, ""))
                .filter(feed -> feed.publishedAt() != null);
    }

    /** The run of this day that is under way; a new one where none is. */
    private ReconciliationRun open(Tx tx, String provider, LocalDate day, @Nullable List<String> wanted) {
        ReconciliationTx rows = tx.reconciliation();
        String scope = wanted == null ? "" : scope(wanted);
        Optional<ReconciliationRun> open = rows.openRun(provider, day, scope);
        if (open.isPresent()) {
            return open.get();
        }
        int version = rows.latestFeed(provider, day, scope)
                .map(feed -> feed.version() + 1)
                .orElse(1);
        ReconciliationRun run = ReconciliationRunBuilder.builder()
                .id(Ids.next())
                .provider(provider)
                .businessDay(day)
                .scope(scope)
                .wanted(wanted == null ? null : Json.write(wanted))
                .version(version)
                .state(State.READING)
                .dayFrom(rules.startOf(day))
                .dayTo(rules.startOf(day.plusDays(1)))
                .pass(1)
                .page(1)
                .notBefore(tx.now())
                .createdAt(tx.now())
                .build();
        rows.insert(run);
        return run;
    }

    private static String scope(List<String> aliases) {
        Sha256 hash = new Sha256();
        aliases.stream().sorted().forEach(hash::line);
        return aliases.size() + "-terminals-" + hash.hex().substring(0, 12);
    }

    // Commands

    /** Plans what a reconcile command asks for, or answers it where that is done; safe to repeat. */
    public Nudges request(String commandRow) {
        return ledger.inTransaction(tx -> {
            CommandRow command = tx.lockCommand(commandRow).orElseThrow();
            Nudges nudges = new Nudges();
            if (command.isOver()) {
                return nudges;
            }
            ReconciliationTx rows = tx.reconciliation();
            if (rows.runsAskedBy(commandRow).isEmpty()) {
                JsonNode asked = Json.read(command.body());
                LocalDate to = LocalDate.parse(asked.path("to").asText());
                ResultError refusal = refusal(asked, to, tx.now());
                if (refusal != null) {
                    ResultWriter.tell(tx, nudges, command, refusal.code().status(), refusal, null);
                    return nudges;
                }
                for (Map.Entry<String, @Nullable List<String>> part :
                        parts(rows, asked).entrySet()) {
                    for (LocalDate day = LocalDate.parse(asked.path("from").asText());
                            !day.isAfter(to);
                            day = day.plusDays(1)) {
                        rows.request(
                                commandRow,
                                open(tx, part.getKey(), day, part.getValue()).id());
                    }
                }
                ResultWriter.tell(tx, nudges, command, CommandStatus.STARTED, null, null);
            } else {
                answer(tx, nudges, command);
            }
            return nudges;
        });
    }

    private @Nullable ResultError refusal(JsonNode asked, LocalDate to, Instant now) {
        if (!to.isBefore(rules.dayOf(now))) {
            return ResultError.field(
                    ErrorCode.INVALID,
                    "to",
                    "The business day " + to + " is not over: the last day that can be reconciled is "
                            + rules.dayOf(now).minusDays(1) + ".");
        }
        LocalDate from = LocalDate.parse(asked.path("from").asText());
        if (from.isBefore(to.minusDays(MOST_DAYS))) {
            return ResultError.field(
                    ErrorCode.INVALID, "from", "At most " + MOST_DAYS + " days are reconciled by one command.");
        }
        for (JsonNode name : asked.path("terminals")) {
            Terminal terminal = terminals.get().stream()
                    .filter(each -> each.alias().equals(name.asText()))
                    .findFirst()
                    .orElse(null);
            if (terminal == null) {
                return ResultError.field(
                        ErrorCode.UNKNOWN_TERMINAL,
                        "terminals",
                        "There is no terminal '" + name.asText() + "' in the terminal directory.");
            }
            if (!providers.contains(terminal.provider()) || !canList.test(terminal)) {
                return ResultError.field(
                        ErrorCode.NOT_SUPPORTED,
                        "terminals",
                        "The transactions of terminal '" + terminal.alias() + "' cannot be listed ("
                                + terminal.provider() + ").");
            }
        }
        return providers.isEmpty()
                ? ResultError.field(ErrorCode.NOT_SUPPORTED, "command", "No provider here lists its transactions.")
                : null;
    }

    private Map<String, @Nullable List<String>> parts(ReconciliationTx rows, JsonNode asked) {
        Map<String, @Nullable List<String>> parts = new LinkedHashMap<>();
        if (asked.path("terminals").isArray()) {
            Set<String> names = new TreeSet<>();
            asked.path("terminals").forEach(name -> names.add(name.asText()));
            for (Terminal terminal : terminals.get()) {
                if (names.contains(terminal.alias())) {
                    List<String> part = parts.computeIfAbsent(terminal.provider(), first -> new ArrayList<>());
                    if (part != null) {
                        part.add(terminal.alias());
                    }
                }
            }
        } else {
            // The folder of a provider may lie there without a terminal that uses it.
            providers.stream()
                    .sorted()
                    .filter(provider -> hasTerminals(provider)
                            || rows.firstPayment(provider).isPresent())
                    .forEach(provider -> parts.put(provider, null));
            if (parts.isEmpty()) {
                new TreeSet<>(providers).forEach(provider -> parts.put(provider, null));
            }
        }
        return parts;
    }

    private boolean hasTerminals(String provider) {
        return terminals.get().stream().anyMatch(terminal -> terminal.provider().equals(provider));
    }

    private static void answer(Tx tx, Nudges nudges, CommandRow command) {
        List<ReconciliationRun> runs = tx.reconciliation().runsAskedBy(command.rowId());
        ReconciliationRun vain = runs.stream()
                .filter(run -> run.state() == State.FAILED || run.attempts() >= PATIENCE_OF_A_COMMAND)
                .findFirst()
                .orElse(null);
        if (vain != null) {
            ResultWriter.tell(
                    tx,
                    nudges,
                    command,
                    CommandStatus.FAILED,
                    ResultError.of(
                            ErrorCode.PROVIDER_FAILED,
                            "The day " + vain.businessDay() + " of " + vain.provider()
                                    + " could not be completed and is not published: " + vain.why() + "."),
                    null);
        } else if (runs.stream().allMatch(run -> run.state().isOver())) {
            ResultWriter.tell(tx, nudges, command, CommandStatus.SUCCEEDED, null, null);
        }
    }

    /** Answers the commands that waited for a run. */
    Nudges answerAll(String runId) {
        Nudges nudges = new Nudges();
        for (String commandRow : ledger.inTransaction(tx -> tx.reconciliation().commandsWaitingFor(runId))) {
            nudges.and(ledger.inTransaction(tx -> {
                CommandRow command = tx.lockCommand(commandRow).orElseThrow();
                Nudges told = new Nudges();
                if (!command.isOver()) {
                    answer(tx, told, command);
                }
                return told;
            }));
        }
        return nudges;
    }

    // Work

    /** Takes the run that is due first; empty when none is. */
    public Optional<Held> take() {
        return ledger.inTransaction(
                tx -> tx.reconciliation().lockDueRun(tx.now()).map(run -> {
                    String holder = Ids.next();
                    tx.reconciliation().update(run.with(row -> row.leasedBy(holder)
                            .leasedUntil(tx.now().plus(rules.lease()))));
                    return new Held(run.id(), holder);
                }));
    }

    /** The run as it is now. */
    public ReconciliationRun run(Held held) {
        return ledger.inTransaction(tx -> tx.reconciliation().run(held.runId()).orElseThrow());
    }

    /** Says that somebody still works on it, if that was not said a moment ago. */
    void renewInTime(Ask ask) {
        Instant until = ask.run().leasedUntil();
        if (until == null || clock.instant().isAfter(until.minus(rules.lease().dividedBy(2)))) {
            renew(ask.held());
        }
    }

    /** Says that somebody still works on it. */
    public void renew(Held held) {
        change(held, (tx, run) -> run.with(row -> row.leasedUntil(tx.now().plus(rules.lease()))));
    }

    /** Lets somebody else go on with it. */
    public void release(Held held) {
        change(held, (tx, run) -> run.with(row -> row.leasedBy(null).leasedUntil(null)));
    }

    /** A change of a run that only its holder may make. */
    interface Change {
        ReconciliationRun of(Tx tx, ReconciliationRun run);
    }

    ReconciliationRun change(Held held, Change change) {
        return ledger.inTransaction(tx -> {
            ReconciliationRun run =
                    tx.reconciliation().lockRun(held.runId(), held.holder()).orElseThrow(LostException::new);
            ReconciliationRun changed = change.of(tx, run);
            tx.reconciliation().update(changed);
            return changed;
        });
    }

    /** The page that is read next; empty when there is none (any more). */
    public Optional<Ask> nextPage(Held held) {
        ReconciliationRun run = run(held);
        if (run.state() != State.READING || !held.holder().equals(run.leasedBy())) {
            return Optional.empty();
        }
        if (run.coverage() == null) {
            run = change(
                    held,
                    (tx, seen) -> seen.with(row -> row.asOf(tx.now().truncatedTo(ChronoUnit.SECONDS))
                            .coverage(coverage(tx, seen).text())));
        }
        Coverage coverage = Coverage.parse(required(run.coverage()));
        if (coverage.covered().isEmpty()) {
            failed(held, "no terminal can be read: " + coverage.json().path("notCovered"));
            return Optional.empty();
        }
        Coverage.Till till = coverage.covered().get(run.terminal());
        Terminal terminal = terminals.get().stream()
                .filter(each -> each.device().equals(till.device()))
                .findFirst()
                .orElse(null);
        if (terminal == null) {
            failed(held, "the terminal " + till.alias() + " was taken out of the directory meanwhile");
            return Optional.empty();
        }
        // Whether the last day is inclusive is documented nowhere: one day more on each side makes it not matter.
        LocalDate from = run.dayFrom().atZone(rules.zone()).toLocalDate().minusDays(1);
        LocalDate to =
                run.dayTo().minusNanos(1).atZone(rules.zone()).toLocalDate().plusDays(2);
        return Optional.of(new Ask(held, terminal, from, to, run));
    }

    private Coverage coverage(Tx tx, ReconciliationRun run) {
        List<String> wanted = new ArrayList<>();
        if (run.wanted() != null) {
            Json.read(run.wanted()).forEach(alias -> wanted.add(alias.asText()));
        }
        List<Coverage.Till> covered = new ArrayList<>();
        List<Coverage.Gap> gaps = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (Terminal terminal : terminals.get()) {
            if (!terminal.provider().equals(run.provider())) {
                continue;
            }
            known.add(terminal.device());
            if (run.wanted() != null && !wanted.contains(terminal.alias())) {
                gaps.add(new Coverage.Gap(terminal.alias(), "not asked for"));
            } else if (!canList.test(terminal)) {
                gaps.add(new Coverage.Gap(terminal.alias(), "the provider lists no transactions of such a terminal"));
            } else {
                covered.add(Coverage.Till.of(terminal));
            }
        }
        new TreeSet<>(tx.reconciliation().elsewhere(run, known).entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + " payments in the ledger)")
                        .toList())
                .forEach(device -> gaps.add(new Coverage.Gap(device, "not in the terminal directory")));
        return new Coverage(covered, gaps);
    }

    /** Takes in a page and moves on, in one transaction: what is written is never asked for again in this pass. */
    public void store(Ask ask, ListReader.Page page) {
        ReconciliationRun asked = ask.run();
        List<Listed> rows;
        ListReader.Next next;
        try {
            rows = listed(asked, ask.terminal(), page);
            next = ListReader.after(asked.page(), page, asked.pageHash());
        } catch (ListReader.IncompleteException e) {
            failed(ask.held(), "terminal " + ask.terminal().alias() + ": " + e.why());
            return;
        }
        ReconciliationRun now = change(ask.held(), (tx, run) -> {
            if (run.pass() != asked.pass() || run.terminal() != asked.terminal() || run.page() != asked.page()) {
                throw new LostException();
            }
            int changes = tx.reconciliation().takeIn(run.id(), ask.terminal().device(), run.pass(), rows);
            ReconciliationRun read = run.with(row -> row.changes(run.changes() + changes)
                    .pages(run.pages() + 1)
                    .leasedUntil(tx.now().plus(rules.lease())));
            return next == ListReader.Next.MORE
                    ? read.with(row -> row.page(run.page() + 1).pageHash(page.hash()))
                    : terminalRead(tx, read);
        });
        if (now.state() == State.READING && now.pass() == 2 && now.terminal() < 0) {
            failed(
                    ask.held(),
                    "two passes over the list differ in " + now.changes() + " rows: it changed while it was read");
        }
    }

    private static ReconciliationRun terminalRead(Tx tx, ReconciliationRun run) {
        int covered = Coverage.parse(required(run.coverage())).covered().size();
        if (run.terminal() + 1 < covered) {
            return run.with(row -> row.terminal(run.terminal() + 1).page(1).pageHash(null));
        }
        if (run.pass() == 1) {
            return run.with(row -> row.pass(2).terminal(0).page(1).pageHash(null));
        }
        int changes = run.changes() + tx.reconciliation().vanished(run.id(), 2);
        return changes == 0
                ? run.with(row -> row.state(State.READ))
                : run.with(row -> row.changes(changes).terminal(-1));
    }

    private List<Listed> listed(ReconciliationRun run, Terminal terminal, ListReader.Page page)
            throws ListReader.IncompleteException {
        Map<String, Listed> rows = new LinkedHashMap<>();
        int number = 0;
        for (Sightings.Row row : page.rows()) {
            number++;
            Reading reading = row.reading();
            String id = reading.providerTransactionId();
            Instant created = reading.createdAt();
            boolean paid = reading.state() == Reading.State.PAID;
            if (id == null || created == null || (paid && reading.amount() == null)) {
                throw new ListReader.IncompleteException(
                        "row " + number + " of page " + run.page() + " cannot be read (id " + id + ", created "
                                + reading.createdAtRaw() + ", amount " + reading.amount() + ")",
                        false);
            }
            if (created.isBefore(run.dayFrom().minus(rules.margin()))
                    || !created.isBefore(run.dayTo().plus(rules.margin()))
                    || !created.isBefore(required(run.asOf()))) {
                continue;
            }
            long amount = reading.amount() == null ? 0 : Math.abs(reading.amount());
            rows.put(
                    id,
                    new Listed(
                            run.id(),
                            terminal.device(),
                            id,
                            run.pass(),
                            clipped(reading.word(), 100) + "|" + amount,
                            reading.state().name(),
                            clipped(reading.word(), 100),
                            row.kind(),
                            amount,
                            reading.currency(),
                            reading.ownReference(),
                            created,
                            clipped(reading.createdAtRaw(), 100),
                            clipped(reading.providerCode(), 200),
                            !created.isBefore(run.dayFrom()) && created.isBefore(run.dayTo()),
                            null,
                            null));
        }
        return List.copyOf(rows.values());
    }

    private static @Nullable String clipped(@Nullable String text, int length) {
        return text == null || text.length() <= length ? text : text.substring(0, length);
    }

    /** The provider will not list this terminal: the run goes on without it, and the header says so. */
    public void notCovered(Ask ask, String why) {
        if (ask.run().pass() > 1 || ask.run().page() > 1) {
            failed(ask.held(), why);
            return;
        }
        LOG.warn(
                "The terminal {} is missing in the day {}: {}",
                ask.terminal().alias(),
                ask.run().businessDay(),
                why);
        change(ask.held(), (tx, run) -> {
            Coverage before = Coverage.parse(required(run.coverage()));
            Coverage after = before.without(before.covered().get(run.terminal()), "the provider refuses: " + why);
            ReconciliationRun changed = run.with(row -> row.coverage(after.text()));
            return run.terminal() < after.covered().size() || after.covered().isEmpty()
                    ? changed
                    : changed.with(row -> row.pass(2).terminal(0).page(1).pageHash(null));
        });
    }

    /** The run came to nothing; it says so, publishes nothing and is tried again, from the beginning. */
    public void failed(Held held, String why) {
        ReconciliationRun run = change(held, (tx, seen) -> {
            // What is in the ledger already stays as it is; only its sending is tried again.
            boolean made = seen.state() == State.MATCHED || seen.state() == State.SENT;
            int attempts = seen.attempts() + 1;
            if (!made) {
                tx.reconciliation().forgetRows(seen.id());
                tx.reconciliation().forgetEntries(seen.id());
            }
            boolean givenUp = attempts >= MOST_ATTEMPTS && !made;
            return seen.with(row -> {
                row.attempts(attempts)
                        .why(why)
                        .notBefore(tx.now().plus(rules.retryAfter()))
                        .leasedBy(null)
                        .leasedUntil(null);
                if (!made) {
                    row.state(givenUp ? State.FAILED : State.READING)
                            .asOf(null)
                            .coverage(null)
                            .pass(1)
                            .terminal(0)
                            .page(1)
                            .pageHash(null)
                            .changes(0)
                            .pages(0)
                            .listHash(null)
                            .endedAt(givenUp ? tx.now() : null);
                }
            });
        });
        LOG.warn(
                "The day {} of {} is NOT published (attempt {}): {}",
                run.businessDay(),
                run.provider(),
                run.attempts(),
                why);
    }

    /** True when nobody needs to work on it now. */
    public boolean isOver(Held held) {
        return run(held).state().isOver();
    }

    Instant now() {
        return clock.instant();
    }

    ReconciliationRules rules() {
        return rules;
    }

    static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("A run that was begun lacks what it began with");
        }
        return value;
    }
}
