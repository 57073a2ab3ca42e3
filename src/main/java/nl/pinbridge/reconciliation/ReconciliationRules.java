package nl.pinbridge.reconciliation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * What an operator decides about reconciliation.
 *
 * @param zone of the business day
 * @param dayStartsAt when a business day begins, local time
 * @param lookBack days that are read again every night for late changes
 * @param grace how young a difference may be to count as a matter of time only
 * @param timeTolerance how far a row and a payment may lie apart to be candidates for each other
 * @param retryAfter how long after a vain attempt the next one is made
 * @param lease how long a node that has gone silent keeps its run
 * @param keepDays for how many days the rows of published feeds are kept
 */
public record ReconciliationRules(
        ZoneId zone,
        LocalTime dayStartsAt,
        int lookBack,
        Duration grace,
        Duration timeTolerance,
        Duration retryAfter,
        Duration lease,
        int keepDays) {

    /** The first instant of a business day; the day's end is the next day's start, so that no instant is in two or in none. */
    public Instant startOf(LocalDate day) {
        return ZonedDateTime.of(day, dayStartsAt, zone).toInstant();
    }

    /** The business day that an instant lies in. */
    public LocalDate dayOf(Instant instant) {
        LocalDate day = instant.atZone(zone).toLocalDate();
        if (instant.isBefore(startOf(day))) {
            return day.minusDays(1);
        }
        return instant.isBefore(startOf(day.plusDays(1))) ? day : day.plusDays(1);
    }

    /** Rows this far outside the day are kept beside it: a payment made just before midnight may be listed just after. */
    Duration margin() {
        Duration hour = Duration.ofHours(1);
        return timeTolerance.compareTo(hour) > 0 ? timeTolerance : hour;
    }
}
