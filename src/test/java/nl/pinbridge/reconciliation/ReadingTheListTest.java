package nl.pinbridge.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.contract.PaymentStatus;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.ledger.ReconciliationRun;
import nl.pinbridge.ledger.ReconciliationRun.State;
import nl.pinbridge.outcome.Sightings;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Days;
import nl.pinbridge.sandbox.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The list is read whole or not at all, whatever its shape and whatever happens to it meanwhile. */
class ReadingTheListTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-18");
    private static final Instant NIGHT = Instant.parse("2026-11-19T02:30:00Z");

    private DayBench bench = new DayBench(Databases.H2, NIGHT, 1);

    @AfterEach
    void close() {
        bench.close();
    }

    private void again(Databases database, Instant now, int tills) {
        bench.close();
        bench = new DayBench(database, now, tills);
    }

    @Test
    void every_shape_is_read() {
        LocalDate day = DAY;
        for (Days.Shape shape : Days.Shape.values()) {
            for (boolean snake : new boolean[] {false, true}) {
                bench.days().answer(shape, snake);
                bench.days().toIsExclusive(snake);
                bench.days().fill(bench.till(1), day, 250);
                assertThat(bench.reconcile(day).state())
                        .as("%s %s", shape, snake)
                        .isEqualTo(State.PUBLISHED);
                assertThat(bench.rows(day)).hasSize(250);
                day = day.minusDays(3);
            }
        }
    }

    @Test
    void a_list_that_repeats_its_last_page_ends_there_and_one_that_ignores_pages_is_not_believed() {
        bench.days().fill(bench.till(1), DAY, 300);
        bench.days().answer(Days.Paging.REPEATS_LAST);
        assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
        assertThat(bench.rows(DAY)).hasSize(300);

        bench.days().answer(Days.Paging.IGNORED);
        LocalDate before = DAY.minusDays(4);
        bench.days().fill(bench.till(1), before, 300);
        ReconciliationRun run = bench.reconcile(before);
        assertThat(run.state()).isEqualTo(State.READING);
        assertThat(run.why()).contains("page 2 is page 1 again");
        assertThat(run.attempts()).isEqualTo(1);
    }

    @Test
    void an_endless_list_is_given_up() {
        ListReader.Page page = new ListReader.Page(
                List.of(new Sightings.Row(nl.pinbridge.outcome.Reading.UNREADABLE, null)), true, "b");
        assertThatThrownBy(() -> ListReader.after(ListReader.MOST_PAGES, page, "a"))
                .isInstanceOf(ListReader.IncompleteException.class)
                .hasMessageContaining("has not ended");
    }

    @Test
    void f53_a_list_that_changes_between_two_passes_is_not_published_and_is_read_again() {
        bench.days().fill(bench.till(1), DAY, 250);
        // Everything moves on by one, before page 2 of the first pass: the new row is seen by the second only.
        bench.days().beforePage(2, () -> bench.days().writeFirst(bench.till(1), "new", DAY.atTime(12, 0), 500));
        ReconciliationRun run = bench.reconcile(DAY);
        assertThat(run.state()).isEqualTo(State.READING);
        assertThat(run.why()).contains("two passes over the list differ in 1 rows");
        assertThat(bench.work()).as("not before the pause is over").isNull();

        bench.clock.forward(Duration.ofMinutes(11));
        assertThat(bench.work().state()).isEqualTo(State.PUBLISHED);
        assertThat(bench.rows(DAY)).hasSize(251);
        assertThat(bench.feed(DAY).version()).isEqualTo(1);
    }

    @Test
    void f53_a_row_that_changes_its_status_or_disappears_between_two_passes_is_seen() {
        bench.days().fill(bench.till(1), DAY, 150);
        String changed = Days.id(bench.till(1), DAY, 3);
        String gone = Days.id(bench.till(1), DAY, 149);
        bench.days().beforePage(1, () -> bench.days().beforePage(1, () -> {
            bench.days().change(changed, row -> row.put("status", "failed"));
            bench.days().hide(gone);
        }));
        assertThat(bench.reconcile(DAY).why()).contains("differ in 2 rows");
    }

    @Test
    void a_page_is_asked_for_again_and_a_day_that_cannot_be_read_says_so() {
        bench.days().fill(bench.till(1), DAY, 150);
        bench.sandbox.faults().add(Fault.onDate().http(503).times(1));
        bench.sandbox
                .faults()
                .add(Fault.onDate().answer(new Answer.Truncated(true)).times(1));
        assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
        assertThat(bench.pages()).isEqualTo(6);

        bench.sandbox.faults().add(Fault.onDate().answer(new Answer.NotJson()));
        ReconciliationRun run = bench.reconcile(DAY.minusDays(1));
        assertThat(run.state()).isEqualTo(State.READING);
        assertThat(run.why()).contains("cannot be read as a list", "till-1");
    }

    @Test
    void a_terminal_that_the_provider_refuses_is_named_in_the_header_and_one_that_is_gone_too() {
        again(Databases.H2, NIGHT, 3);
        bench.days().fill(bench.till(1), DAY, 20);
        bench.days().fill(bench.till(3), DAY, 20);
        bench.pay(2, "elsewhere", NIGHT.minusSeconds(40_000), 100, PaymentStatus.PAID);
        bench.flush();
        Terminal gone = bench.terminals.remove(1);
        bench.sandbox
                .faults()
                .add(Fault.onDate().terminal(bench.terminals.get(1).id()).answer(new Answer.Http(401, null)));
        assertThat(bench.reconcile(DAY).state()).isEqualTo(State.PUBLISHED);
        JsonNode terminals = Json.read(bench.feed(DAY).header()).path("terminals");
        assertThat(terminals.path("covered")).hasSize(1);
        assertThat(terminals.path("notCovered").toString())
                .contains(gone.device(), "not in the terminal directory", "till-3", "refuses");
        assertThat(bench.rows(DAY)).hasSize(20);
    }

    @Test
    void f17_whoever_takes_a_dead_run_over_reads_no_page_a_third_time() {
        bench.days().fill(bench.till(1), DAY, 450);
        bench.plan(DAY);
        Runs.Held dead = bench.runs.take().orElseThrow();
        Reconciliation first = new Reconciliation(bench.runs, bench.reader, bench.matching, null, null);
        for (int page = 1; page <= 7; page++) {
            first.read(bench.runs.nextPage(dead).orElseThrow());
        }
        Instant asOf = bench.runs.run(dead).asOf();
        assertThat(bench.runs.take()).as("the lease still runs").isEmpty();

        bench.clock.forward(Duration.ofMinutes(3));
        ReconciliationRun run = bench.work();
        assertThat(run.state()).isEqualTo(State.PUBLISHED);
        assertThat(run.asOf()).isEqualTo(asOf);
        assertThat(bench.pages()).as("two passes over five pages").isEqualTo(10);
        assertThat(bench.rows(DAY)).hasSize(450);
        assertThatThrownBy(() -> bench.runs.renew(dead)).isInstanceOf(Runs.LostException.class);
    }

    @Test
    void f54_every_row_is_in_exactly_one_day_also_around_midnight_and_in_the_hour_that_comes_twice() {
        again(Databases.H2, Instant.parse("2026-10-28T02:30:00Z"), 1);
        LocalDate long25 = LocalDate.parse("2026-10-25");
        String[] times = {
            "2026-10-24T23:59:59", "2026-10-25T00:00:00", "2026-10-25T02:00:00", "2026-10-25T02:30:00",
            "2026-10-25T02:59:59", "2026-10-25T03:00:00", "2026-10-25T23:59:59", "2026-10-26T00:00:00"
        };
        for (int i = 0; i < times.length; i++) {
            bench.days()
                    .write(bench.till(1), "t" + i, java.time.LocalDateTime.parse(times[i]), "success", 100 + i, null);
        }
        // Just before midnight here, just after at the provider: the provider's time tells the day.
        bench.pay(1, "t1", Instant.parse("2026-10-24T21:59:58Z"), 101, PaymentStatus.PAID);
        bench.flush();
        List<String> seen = new ArrayList<>();
        for (LocalDate day = long25.minusDays(1); !day.isAfter(long25.plusDays(1)); day = day.plusDays(1)) {
            assertThat(bench.reconcile(day).state()).isEqualTo(State.PUBLISHED);
            bench.rows(day)
                    .forEach(row -> seen.add(row.path("providerTransactionId").asText()));
        }
        assertThat(seen).containsExactlyInAnyOrder("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7");
        assertThat(bench.rows(long25.minusDays(1))).hasSize(1);
        assertThat(bench.rows(long25)).hasSize(6);
        assertThat(bench.classes(long25)).containsOnly(java.util.Map.entry("MISSING_IN_LEDGER", 5L));
    }

    @Test
    void days_missed_are_caught_up_oldest_first_and_the_last_ones_read_again() {
        bench.pay(1, "first", NIGHT.minus(Duration.ofDays(6)), 100, PaymentStatus.PAID);
        bench.flush();
        bench.runs.plan();
        List<LocalDate> order = new ArrayList<>();
        for (Optional<Runs.Held> held = bench.runs.take(); held.isPresent(); held = bench.runs.take()) {
            order.add(bench.runs.run(held.get()).businessDay());
            assertThat(bench.work(held.get()).state()).isEqualTo(State.PUBLISHED);
        }
        assertThat(order).hasSize(6).isSorted().endsWith(DAY);
        bench.clock.forward(Duration.ofHours(24));
        bench.runs.plan();
        assertThat(daysDue())
                .as("the last, and three before it")
                .hasSize(4)
                .contains(DAY.plusDays(1), DAY.minusDays(2));

        // Nothing fires while the machine is off; it makes up for it.
        bench.clock.forward(Duration.ofHours(30));
        bench.runs.planMissed(last -> last.plus(Duration.ofHours(24)));
        assertThat(daysDue()).contains(DAY.plusDays(2));
    }

    private Set<LocalDate> daysDue() {
        Set<LocalDate> days = new TreeSet<>();
        for (Optional<Runs.Held> held = bench.runs.take(); held.isPresent(); held = bench.runs.take()) {
            days.add(bench.runs.run(held.get()).businessDay());
            bench.work(held.get());
        }
        return days;
    }

    @Test
    void two_nodes_plan_and_take_each_day_once() throws Exception {
        String url = Databases.POSTGRESQL.freshUrl();
        try (DayBench one = new DayBench(Databases.POSTGRESQL, url, NIGHT, 1);
                DayBench two = new DayBench(Databases.POSTGRESQL, url, NIGHT, 1)) {
            one.pay(1, "first", NIGHT.minus(Duration.ofDays(8)), 100, PaymentStatus.PAID);
            one.flush();
            CountDownLatch start = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Future<List<LocalDate>>> taken = new ArrayList<>();
            for (DayBench each : List.of(one, two)) {
                taken.add(threads.submit(() -> {
                    start.await();
                    each.runs.plan();
                    List<LocalDate> days = new ArrayList<>();
                    for (Optional<Runs.Held> held = each.runs.take(); held.isPresent(); held = each.runs.take()) {
                        days.add(each.runs.run(held.get()).businessDay());
                        each.work(held.get());
                    }
                    return days;
                }));
            }
            start.countDown();
            List<LocalDate> days = new ArrayList<>(taken.get(0).get());
            days.addAll(taken.get(1).get());
            threads.shutdown();
            assertThat(new TreeSet<>(days)).hasSize(8);
            assertThat(one.feed(DAY).version()).isEqualTo(1);
            for (LocalDate day = DAY.minusDays(7); !day.isAfter(DAY); day = day.plusDays(1)) {
                LocalDate each = day;
                List<ReconciliationRun> runs =
                        one.ledger.inTransaction(tx -> tx.reconciliation().runs("pinvandaag", each));
                assertThat(runs)
                        .filteredOn(run -> run.state() == State.PUBLISHED)
                        .hasSize(1);
            }
        }
    }
}
