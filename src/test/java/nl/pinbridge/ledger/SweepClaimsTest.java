package nl.pinbridge.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nl.pinbridge.app.TestClock;
import nl.pinbridge.contract.CommandStatus;
import nl.pinbridge.contract.CommandType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the sweep takes: overdue rows only, each by one node at a time, and again when nothing came of it. */
class SweepClaimsTest {
    private final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));

    private void command(Ledger ledger, String key) {
        ledger.update(tx -> {
            Instant now = tx.now();
            CommandRow row = CommandRowBuilder.builder()
                    .rowId(Ids.next())
                    .sender("shop")
                    .commandId(key)
                    .contentHash("h")
                    .body("{}")
                    .type(CommandType.PING)
                    .provider("pinvandaag")
                    .receivedAt(now)
                    .expiresAt(now.plusSeconds(300))
                    .waitUntil(now.plusSeconds(10))
                    .nextNudgeAt(now.plusSeconds(30))
                    .build();
            tx.insert(row);
            tx.addReplyTarget(row.rowId(), new ReplyTarget("payments.replies", key, false));
            ResultWriter.tell(tx, new Nudges(), row, CommandStatus.STARTED, null, null);
        });
    }

    @ParameterizedTest
    @EnumSource
    void unpublished_results_are_taken_when_they_are_due_and_again_when_they_stay_unpublished(Databases database) {
        try (Ledger ledger = database.open(database.freshUrl(), clock)) {
            command(ledger, "a");
            assertThat(claimed(ledger)).isEmpty();
            clock.forward(Duration.ofSeconds(30));
            List<Delivery> first = claimed(ledger);
            assertThat(first).hasSize(2).extracting(Delivery::address).containsExactly("payments.replies", null);
            assertThat(claimed(ledger)).isEmpty();
            clock.forward(Duration.ofSeconds(30));
            assertThat(claimed(ledger)).isEqualTo(first);
            ledger.update(tx -> tx.published(first.stream().map(Delivery::id).toList(), false));
            clock.forward(Duration.ofSeconds(30));
            assertThat(claimed(ledger)).isEmpty();
        }
    }

    private List<Delivery> claimed(Ledger ledger) {
        return ledger.inTransaction(tx -> tx.claimDeliveries(clock.instant(), 500));
    }

    @ParameterizedTest
    @EnumSource
    void two_sweeps_at_once_take_each_row_once(Databases database) throws Exception {
        try (Ledger ledger = database.open(database.freshUrl(), clock)) {
            for (int i = 0; i < 100; i++) {
                command(ledger, "k" + i);
            }
            clock.forward(Duration.ofSeconds(30));
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<List<CommandRow>>> sweeps = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    sweeps.add(() -> ledger.inTransaction(tx -> tx.claimNudges(clock.instant(), 10)));
                }
                List<String> taken = new ArrayList<>();
                for (Future<List<CommandRow>> sweep : threads.invokeAll(sweeps)) {
                    sweep.get().forEach(row -> taken.add(row.rowId()));
                }
                // H2 counts rows that it skips against the limit; what was left over is the next sweep's.
                List<CommandRow> rest;
                do {
                    rest = ledger.inTransaction(tx -> tx.claimNudges(clock.instant(), 10));
                    rest.forEach(row -> taken.add(row.rowId()));
                } while (!rest.isEmpty());
                assertThat(new HashSet<>(taken)).hasSize(taken.size());
                assertThat(taken).hasSize(100);
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
