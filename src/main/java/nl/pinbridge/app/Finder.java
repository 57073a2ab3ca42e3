package nl.pinbridge.app;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import nl.pinbridge.outcome.Sightings;
import nl.pinbridge.provider.Work.Task;
import nl.pinbridge.reconciliation.ListReader;
import nl.pinbridge.reconciliation.ListReader.IncompleteException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a provider for what it shows of a payment whose transaction is not known, by the reads that its folder names. */
final class Finder {
    private static final Logger LOG = LoggerFactory.getLogger(Finder.class);

    private final ListReader lists;
    private final ZoneId zone;
    private final Clock clock;

    /** @param zone of the providers' calendars */
    Finder(ListReader lists, ZoneId zone, Clock clock) {
        this.lists = lists;
        this.zone = zone;
        this.clock = clock;
    }

    Sightings find(Task.Search search) {
        List<Sightings.Row> rows = new ArrayList<>();
        boolean whole = false;
        for (String operation : search.operations()) {
            try {
                if (operation.equals(ListReader.OPERATION)) {
                    rows.addAll(lists.rows(search.look().terminal(), day(search.markedAt()), day(null)));
                    whole = true;
                } else {
                    rows.addAll(lists.once(search.look().by(operation)));
                }
            } catch (IncompleteException e) {
                LOG.info(
                        "Payment {} could not be searched by {}: {}",
                        search.look().paymentId(),
                        operation,
                        e.why());
            }
        }
        return new Sightings(List.copyOf(rows), whole);
    }

    private LocalDate day(@Nullable Instant instant) {
        return LocalDate.ofInstant(instant == null ? clock.instant() : instant, zone);
    }
}
