package nl.pinbridge.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Tally;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of the management port. A thread of its own reads ledger and broker every ten seconds; whoever scrapes gets what was
 * read last, also while either is away, and {@code pinbridge.figures.age} says how old that is.
 */
final class Figures implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Figures.class);
    static final Duration PACE = Duration.ofSeconds(10);

    /** Reasons that are shown also while they are 0, so that an alarm has something to look at from the start. */
    private static final List<String> REASONS = List.of("OUTCOME_UNKNOWN", "INTEGRITY", "CONFLICT", "CHANGE_UNKNOWN");

    /**
     * How a queue stands.
     *
     * @param messages on it
     * @param oldest how long its first message has been lying there; zero when it is empty
     */
    record QueueFigure(long messages, Duration oldest) {}

    private final Ledger ledger;
    private final Supplier<Map<String, QueueFigure>> queues;
    private final Collection<String> providers;
    private final Clock clock;
    private final MultiGauge payments;
    private final MultiGauge workItems;
    private final MultiGauge commands;
    private final MultiGauge paused;
    private final MultiGauge depths;
    private final MultiGauge ages;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "figures");
        daemon.setDaemon(true);
        return daemon;
    });

    private volatile @Nullable Tally tally;
    private volatile boolean ledgerUp;
    private volatile boolean brokerUp;
    private volatile Instant readAt;

    /**
     * @param queues every queue that the bridge knows; throws when the broker is away
     */
    Figures(
            MeterRegistry meters,
            Ledger ledger,
            Supplier<Map<String, QueueFigure>> queues,
            Collection<String> providers,
            Clock clock) {
        this.ledger = ledger;
        this.queues = queues;
        this.providers = providers;
        this.clock = clock;
        this.readAt = clock.instant();
        payments = rows(meters, "pinbridge.payments.open", "Payments and refunds that are not over");
        workItems = rows(meters, "pinbridge.work.items.open", "Work items that wait for a person");
        commands = rows(meters, "pinbridge.commands.open", "Commands that are to be worked on again");
        paused = rows(meters, "pinbridge.provider.paused", "1 while an operator has paused the provider");
        depths = rows(meters, "pinbridge.queue.messages", "Messages on a queue");
        ages = MultiGauge.builder("pinbridge.queue.oldest")
                .description("How long the first message of a queue has been there")
                .baseUnit("seconds")
                .register(meters);
        since(meters, "pinbridge.payments.in.doubt.oldest", "Age of the oldest doubt", Tally::oldestDoubt);
        since(meters, "pinbridge.work.items.oldest", "Age of the oldest open work item", Tally::oldestWork);
        since(
                meters,
                "pinbridge.results.unpublished.oldest",
                "Age of the oldest result that the broker does not have",
                Tally::oldestUnpublished);
        count(meters, "pinbridge.results.unpublished", "Results that the broker does not have", Tally::unpublished);
        count(meters, "pinbridge.looks.due", "Looks at open payments whose time has come", Tally::looksDue);
        count(meters, "pinbridge.lanes.taken", "Terminals on which something runs", Tally::lanesTaken);
        count(meters, "pinbridge.lanes.blocked", "Terminals that rest because a cancel was lost", Tally::lanesBlocked);
        Gauge.builder("pinbridge.ledger.up", this, self -> self.ledgerUp ? 1 : 0)
                .description("1 while the ledger answers")
                .register(meters);
        Gauge.builder("pinbridge.broker.up", this, self -> self.brokerUp ? 1 : 0)
                .description("1 while the broker answers")
                .register(meters);
        Gauge.builder("pinbridge.figures.age", this, Figures::age)
                .description("How old the figures of ledger and broker are")
                .baseUnit("seconds")
                .register(meters);
    }

    private static MultiGauge rows(MeterRegistry meters, String name, String description) {
        return MultiGauge.builder(name).description(description).register(meters);
    }

    private void count(MeterRegistry meters, String name, String description, Function<Tally, Long> figure) {
        Gauge.builder(name, this, self -> self.known(figure))
                .description(description)
                .register(meters);
    }

    /** Not a number while nothing was ever read: 0 would say that all is well. */
    private double known(Function<Tally, Long> figure) {
        Tally read = tally;
        return read == null ? Double.NaN : figure.apply(read);
    }

    private void since(
            MeterRegistry meters, String name, String description, Function<Tally, @Nullable Instant> figure) {
        Gauge.builder(name, this, self -> self.secondsSince(figure))
                .description(description)
                .baseUnit("seconds")
                .register(meters);
    }

    private double secondsSince(Function<Tally, @Nullable Instant> figure) {
        Tally read = tally;
        if (read == null) {
            return Double.NaN;
        }
        Instant since = figure.apply(read);
        // Grows also while the ledger is away: what waits goes on waiting.
        return since == null ? 0 : seconds(Duration.between(since, clock.instant()));
    }

    private double age() {
        return seconds(Duration.between(readAt, clock.instant()));
    }

    private static double seconds(Duration duration) {
        return Math.max(0, duration.toMillis() / 1_000.0);
    }

    /** Begins to read. */
    Figures start() {
        thread.scheduleWithFixedDelay(this::read, 0, PACE.toMillis(), TimeUnit.MILLISECONDS)
                .isDone();
        return this;
    }

    /** Reads once; never throws, because a schedule that throws ends. */
    void read() {
        boolean first = tally == null;
        try {
            Tally read = ledger.inTransaction(Tally::of);
            show(read);
            tally = read;
            ledgerUp = true;
        } catch (RuntimeException e) {
            if (ledgerUp || first) {
                LOG.warn("The figures of the ledger cannot be read: {}", e.getMessage());
            }
            ledgerUp = false;
        }
        try {
            show(queues.get());
            brokerUp = true;
        } catch (RuntimeException e) {
            if (brokerUp || first) {
                LOG.warn("The figures of the broker cannot be read: {}", e.getMessage());
            }
            brokerUp = false;
        }
        if (ledgerUp && brokerUp) {
            readAt = clock.instant();
        }
    }

    private void show(Tally read) {
        Map<String, Long> states = new HashMap<>(read.payments());
        states.putIfAbsent(PaymentStatus.OPEN.name(), 0L);
        states.putIfAbsent(PaymentStatus.IN_DOUBT.name(), 0L);
        payments.register(rows("status", states), true);
        Map<String, Long> reasons = new HashMap<>(read.workItems());
        REASONS.forEach(reason -> reasons.putIfAbsent(reason, 0L));
        workItems.register(rows("reason", reasons), true);
        Map<String, Long> open = new HashMap<>(read.commands());
        List.of("ACCEPTED", "WAITING").forEach(status -> open.putIfAbsent(status, 0L));
        commands.register(rows("status", open), true);
        Map<String, Long> pauses = new HashMap<>();
        new TreeSet<>(providers)
                .forEach(provider -> pauses.put(provider, read.paused().contains(provider) ? 1L : 0L));
        paused.register(rows("provider", pauses), true);
    }

    private static List<MultiGauge.Row<?>> rows(String tag, Map<String, Long> counts) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        counts.forEach((word, count) -> rows.add(MultiGauge.Row.of(Tags.of(tag, word), count)));
        return rows;
    }

    private void show(Map<String, QueueFigure> read) {
        List<MultiGauge.Row<?>> messages = new ArrayList<>();
        List<MultiGauge.Row<?>> oldest = new ArrayList<>();
        read.forEach((queue, figure) -> {
            messages.add(MultiGauge.Row.of(Tags.of("queue", queue), figure.messages()));
            oldest.add(MultiGauge.Row.of(Tags.of("queue", queue), seconds(figure.oldest())));
        });
        depths.register(messages, true);
        ages.register(oldest, true);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
