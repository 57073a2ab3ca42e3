package nl.pinbridge.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.ReconciliationItems.Event;
import nl.pinbridge.ledger.ReconciliationItems.Happened;
import nl.pinbridge.ledger.ReconciliationItems.Item;
import nl.pinbridge.ledger.ReconciliationRun.State;
import nl.pinbridge.ledger.ReconciliationTx.Feed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exceptions stay open until they are explained, whoever explains them, and nothing of that is ever silent. */
class ItemsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-18");
    private static final Instant NIGHT = Instant.parse("2026-11-19T02:30:00Z");

    private static Item item(DayBench bench) {
        return bench.ledger
                .inTransaction(tx -> tx.reconciliation().items().itemsOf("pinvandaag", DAY))
                .get(0);
    }

    private static List<Happened> history(DayBench bench) {
        return bench
                .ledger
                .inTransaction(
                        tx -> tx.reconciliation().items().events(item(bench).id()))
                .stream()
                .map(Event::kind)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void what_a_person_explained_stays_so_until_it_is_about_other_money(Databases database) {
        try (DayBench bench = new DayBench(database, NIGHT, 1)) {
            bench.days().write(bench.till(1), "byhand", DAY.atTime(12, 0), "success", 500, null);
            assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
            bench.ledger.update(
                    tx -> tx.reconciliation().items().close(item(bench), "Ans", "slip 0042", null, tx.now()));

            assertThat(bench.reconcile(DAY).state())
                    .as("it says so in a new version")
                    .isEqualTo(State.PUBLISHED);
            JsonNode row = bench.rows(DAY).get(0);
            assertThat(row.at("/explained/by").asText()).isEqualTo("Ans");
            assertThat(row.path("exception").asText()).isEqualTo("MISSING_IN_LEDGER");
            JsonNode trailer = Json.read(bench.feed(DAY).trailer());
            assertThat(trailer.path("explained").asInt()).isEqualTo(1);
            assertThat(trailer.path("exceptions").asInt()).isEqualTo(1);
            assertThat(bench.reconcile(DAY).state()).isEqualTo(State.UNCHANGED);
            assertThat(item(bench).closedBy()).isEqualTo("Ans");

            bench.days().change("byhand", json -> json.put("amount", 900));
            assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
            assertThat(bench.rows(DAY).get(0).path("explained").isNull()).isTrue();
            assertThat(item(bench).closedAt()).isNull();
            assertThat(item(bench).difference()).isEqualTo(900);

            bench.days().hide("byhand");
            assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
            assertThat(item(bench).closedBy()).isEqualTo("pinbridge");
            bench.days().show("byhand");
            assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
            assertThat(history(bench))
                    .containsExactly(
                            Happened.OPENED, Happened.CLOSED, Happened.REOPENED, Happened.CLOSED, Happened.REOPENED);

            // On the day on which it is closed, that day's feed tells of it.
            bench.clock.forward(Duration.ofHours(10));
            bench.ledger.update(tx -> tx.reconciliation().items().close(item(bench), "Bo", "found", null, tx.now()));
            bench.clock.forward(Duration.ofHours(14));
            bench.reconcile(DAY.plusDays(1));
            JsonNode next = Json.read(bench.feed(DAY.plusDays(1)).trailer());
            assertThat(next.path("explainedFromEarlierDays")).hasSize(1);
            assertThat(next.at("/explainedFromEarlierDays/0/by").asText()).isEqualTo("Bo");
            assertThat(next.at("/openFromEarlierDays/count").asInt()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_day_with_many_payments_missing_at_the_provider_is_read_part_by_part(Databases database) {
        try (DayBench bench = new DayBench(database, NIGHT, 2)) {
            Instant noon = NIGHT.minus(Duration.ofHours(16));
            for (int i = 0; i < 1_203; i++) {
                // Many at the same instant: a part may end between them.
                bench.pay(1 + i % 2, "gone" + i, noon.plusSeconds(i / 400), 100, PaymentStatus.PAID);
            }
            bench.flush();
            assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
            assertThat(bench.classes(DAY)).containsOnly(java.util.Map.entry("MISSING_AT_PROVIDER", 1_203L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void rows_of_old_feeds_are_forgotten_and_totals_and_exceptions_are_not(Databases database) {
        try (DayBench bench = new DayBench(database, NIGHT, 1)) {
            bench.days().fill(bench.till(1), DAY, 30);
            bench.reconcile(DAY);
            bench.runs.prune();
            assertThat(bench.rows(DAY)).hasSize(30);

            bench.clock.forward(Duration.ofDays(401));
            bench.runs.prune();
            assertThat(bench.rows(DAY)).isEmpty();
            Feed feed = bench.feed(DAY);
            assertThat(feed.prunedAt()).isNotNull();
            assertThat(Json.read(feed.trailer()).path("rows").asInt()).isEqualTo(30);
            assertThat(Json.read(String.valueOf(item(bench).body()))
                            .path("theirs")
                            .isObject())
                    .isTrue();

            // Read once more, nothing is called late for want of the rows that were.
            bench.days().write(bench.till(1), "new", DAY.atTime(12, 0), "failed", 500, null);
            assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
            assertThat(bench.classes(DAY)).containsOnlyKeys("MISSING_IN_LEDGER");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_day_that_is_not_over_is_provisional_and_the_night_replaces_it(Databases database) {
        try (DayBench bench = new DayBench(database, NIGHT.minus(Duration.ofHours(8)), 1)) {
            bench.days().write(bench.till(1), "morning", DAY.atTime(9, 0), "success", 500, null);
            bench.pay(1, "morning", Instant.parse("2026-11-18T08:00:00Z"), 500, PaymentStatus.PAID);
            bench.flush();
            bench.reconcile(DAY);
            assertThat(Json.read(bench.feed(DAY).header()).path("dayOver").asBoolean())
                    .isFalse();

            bench.clock.forward(Duration.ofHours(8));
            bench.days().write(bench.till(1), "evening", DAY.atTime(23, 0), "failed", 700, null);
            bench.runs.plan();
            assertThat(bench.work().state()).isEqualTo(State.PUBLISHED);
            assertThat(bench.feed(DAY).version()).isEqualTo(2);
            assertThat(Json.read(bench.feed(DAY).header()).path("dayOver").asBoolean())
                    .isTrue();
            assertThat(bench.classes(DAY)).as("nothing of it is late").isEmpty();
        }
    }
}
