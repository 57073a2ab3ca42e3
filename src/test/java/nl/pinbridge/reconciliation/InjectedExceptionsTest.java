package nl.pinbridge.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.PaymentRow;
import nl.pinbridge.ledger.ReconciliationRun.State;
import nl.pinbridge.sandbox.Days;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of exception is put into a day on purpose; each must be found, and none beside them. */
class InjectedExceptionsTest {
    private static final int TILLS = 5;

    @ParameterizedTest
    @CsvSource({"H2,2026-03-29,false", "POSTGRESQL,2026-10-25,true"})
    void f54_twenty_of_each_in_five_thousand_rows_are_found_and_none_invented(
            Databases database, LocalDate day, boolean readAgain) {
        findAll(database, day, 5_000, 20, readAgain);
    }

    @ParameterizedTest
    @CsvSource({"POSTGRESQL,2026-03-29", "H2,2026-10-25", "H2,2026-11-18"})
    @Tag("crash-20")
    void f54_on_the_other_days_and_databases_too(Databases database, LocalDate day) {
        findAll(database, day, 5_000, 20, true);
    }

    private static void findAll(Databases database, LocalDate day, int rows, int each, boolean readAgain) {
        Instant end = day.plusDays(1).atStartOfDay(DayBench.ZONE).toInstant();
        // Half an hour after the day: what happened in its last half hour is within the grace.
        try (DayBench bench = new DayBench(database, end.plusSeconds(1_800), TILLS)) {
            Injected injected = new Injected(bench, day, rows / TILLS, each);
            injected.inject();
            bench.flush();
            assertThat(bench.reconcile(day).state()).isEqualTo(State.PUBLISHED);

            Map<String, Long> expected = new TreeMap<>(injected.expected);
            expected.put("MISSING_AT_PROVIDER", 2L * each);
            assertThat(bench.classes(day)).isEqualTo(expected);
            injected.assertTotals();
            // Two payments in doubt each were settled by the list, and their senders hear of it.
            assertThat(bench.nudges.deliveries()).hasSize(2 * each);

            if (!readAgain) {
                return;
            }
            injected.show();
            assertThat(bench.reconcile(day).state()).isEqualTo(State.PUBLISHED);
            expected.put("MISSING_AT_PROVIDER", (long) each);
            expected.put("LATE", (long) each);
            assertThat(bench.classes(day)).isEqualTo(expected);
            assertThat(bench.feed(day).version()).isEqualTo(2);
            injected.assertTotals();

            assertThat(bench.reconcile(day).state()).isEqualTo(State.UNCHANGED);
            assertThat(bench.feed(day).version()).isEqualTo(2);
            long open =
                    bench.ledger.inTransaction(tx -> tx.reconciliation().items().itemsOf("pinvandaag", day)).stream()
                            .filter(item -> item.closedAt() == null)
                            .count();
            assertThat(open)
                    .isEqualTo(expected.entrySet().stream()
                            .filter(entry -> !entry.getKey().equals("TIMING")
                                    && !entry.getKey().equals("LATE"))
                            .mapToLong(Map.Entry::getValue)
                            .sum());
        }
    }

    /** A day with all that can be wrong in it, and what its totals must be. */
    private static final class Injected {
        final DayBench bench;
        final LocalDate day;
        final int rows;
        final int each;
        final Map<String, Long> expected = new TreeMap<>();
        long provider;
        long ledger;
        long dollars;
        int next;

        Injected(DayBench bench, LocalDate day, int rows, int each) {
            this.bench = bench;
            this.day = day;
            this.rows = rows;
            this.each = each;
        }

        void inject() {
            for (int till = 1; till <= TILLS; till++) {
                bench.days().fill(bench.till(till), day, rows);
                for (int index = 0; index < rows; index++) {
                    long amount = Days.amount(index);
                    bench.pay(
                            till,
                            Days.id(bench.till(till), day, index),
                            Days.createdAt(day, index, rows),
                            amount,
                            PaymentStatus.PAID);
                    provider += amount;
                    ledger += amount;
                }
            }
            for (int i = 0; i < each; i++) {
                one(i);
            }
            for (String name : new String[] {
                "MISSING_IN_LEDGER",
                "AMOUNT",
                "CURRENCY",
                "STATUS",
                "DUPLICATE_AT_PROVIDER",
                "DUPLICATE_IN_LEDGER",
                "TIMING",
                "STILL_IN_DOUBT",
                "UNKNOWN_STATUS",
                "REFUND_WITHOUT_ORIGINAL"
            }) {
                expected.merge(name, (long) each, Long::sum);
            }
        }

        private void one(int i) {
            // Around noon, and each in a minute of its own: no two can be candidates for each other.
            LocalDateTime noon = day.atTime(12, 0).plusMinutes(i);
            Instant at = noon.atZone(DayBench.ZONE).toInstant();
            long odd = 1_000_003 + 100L * i;

            missing(row());
            missing(row());
            provider += odd;
            bench.days().write(bench.till(1), "byhand" + i, noon, "success", odd, null);

            Row amount = row();
            bench.days().change(amount.id(), json -> json.put("amount", amount.cents() + 5));
            provider += 5;
            Row currency = row();
            bench.days().change(currency.id(), json -> json.put("currency", "USD"));
            provider -= currency.cents();
            dollars += currency.cents();
            Row failed = row();
            bench.days().change(failed.id(), json -> json.put("status", "failed"));
            provider -= failed.cents();
            Row word = row();
            bench.days().change(word.id(), json -> json.put("status", "final"));
            provider -= word.cents();

            PaymentRow twice = bench.pay(2, "once" + i, at, odd + 1, PaymentStatus.PAID);
            bench.days().write(bench.till(2), "once" + i, noon, "success", odd + 1, twice.ownReference());
            bench.days().write(bench.till(2), "again" + i, noon, "success", odd + 1, twice.ownReference());
            provider += 2 * (odd + 1);
            ledger += odd + 1;

            Row claimed = row();
            bench.pay(claimed.till() % TILLS + 1, claimed.id(), at, odd + 2, PaymentStatus.PAID);
            ledger += odd + 2;

            // Two rows for one payment in doubt: neither is taken for it.
            bench.pay(3, null, at, odd + 3, PaymentStatus.IN_DOUBT);
            bench.days().write(bench.till(3), "either" + i, noon, "success", odd + 3, null);
            bench.days().write(bench.till(3), "or" + i, noon, "success", odd + 3, null);
            provider += 2 * (odd + 3);
            expected.merge("AMBIGUOUS", 2L, Long::sum);

            bench.days().write(bench.till(4), "young" + i, day.atTime(23, 35).plusSeconds(i), "success", odd + 4, null);
            provider += odd + 4;

            bench.days()
                    .write(bench.till(4), "back" + i, noon, "success", odd + 5, null)
                    .put("type", "refund");
            provider -= odd + 5;

            inOrder(i, noon, at, odd);
        }

        /** What looks odd and is in order. */
        private void inOrder(int i, LocalDateTime noon, Instant at, long odd) {
            PaymentRow original = bench.pay(5, "paid" + i, at, odd + 6, PaymentStatus.PARTLY_REFUNDED);
            bench.days().write(bench.till(5), "paid" + i, noon, "success", odd + 6, null);
            bench.pay(5, "refund" + i, at, 7, PaymentStatus.PAID, PaymentRow.Kind.REFUND, original.id());
            bench.days().write(bench.till(5), "refund" + i, noon, "success", 7, null);
            provider += odd + 6 - 7;
            ledger += odd + 6 - 7;

            // The list settles these two.
            PaymentRow byReference = bench.pay(5, null, at, odd + 8, PaymentStatus.IN_DOUBT);
            bench.days().write(bench.till(5), "found" + i, noon, "success", odd + 8, byReference.ownReference());
            bench.pay(5, "known" + i, at, odd + 9, PaymentStatus.IN_DOUBT);
            bench.days().write(bench.till(5), "known" + i, noon, "failed", odd + 9, null);
            provider += odd + 8;
            ledger += odd + 8;

            // Nothing moved, nobody lists it.
            bench.pay(5, "nothing" + i, at, odd + 10, PaymentStatus.NOT_PAID);
            // Listed twice by the same id, and by hand without success.
            bench.days().repeat(row().id());
            bench.days().write(bench.till(5), "declined" + i, noon, "failed", odd + 11, null);
        }

        private record Row(int till, String id, long cents) {}

        /** A row of the day that was not touched yet, and is not young. */
        private Row row() {
            int index = next++;
            int till = index % TILLS + 1;
            int in = index / TILLS;
            return new Row(till, Days.id(bench.till(till), day, in), Days.amount(in));
        }

        private int hiddenSoFar;
        private final Map<String, Long> late = new TreeMap<>();

        private void missing(Row row) {
            bench.days().hide(row.id());
            provider -= row.cents();
            if (hiddenSoFar++ % 2 == 0) {
                late.put(row.id(), row.cents());
            }
        }

        /** The late ones are listed now. */
        void show() {
            late.forEach((id, cents) -> {
                bench.days().show(id);
                provider += cents;
            });
        }

        void assertTotals() {
            JsonNode euros = bench.identity(day, "EUR");
            assertThat(euros.path("providerTotal").asLong()).isEqualTo(provider);
            assertThat(euros.path("ledgerTotal").asLong()).isEqualTo(ledger);
            assertThat(euros.path("exceptionsTotal").asLong()).isEqualTo(provider - ledger);
            assertThat(bench.identity(day, "USD").path("providerTotal").asLong())
                    .isEqualTo(dollars);
            JsonNode trailer = Json.read(bench.feed(day).trailer());
            assertThat(bench.rows(day)).hasSize(trailer.path("rows").asInt());
        }
    }
}
