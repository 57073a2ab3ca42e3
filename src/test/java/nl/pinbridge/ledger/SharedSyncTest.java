package nl.pinbridge.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedSyncTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void whoever_comes_while_it_runs_waits_for_the_next_one_and_shares_it() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        Semaphore go = new Semaphore(0);
        SharedSync sync = new SharedSync(() -> {
            rounds.incrementAndGet();
            go.acquireUninterruptibly();
        });
        Future<?> first = threads.submit(sync::sync);
        await(() -> rounds.get() == 1);
        List<Future<?>> later = new ArrayList<>();
        CountDownLatch asking = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            later.add(threads.submit(() -> {
                asking.countDown();
                sync.sync();
            }));
        }
        asking.await();

        go.release();
        first.get(5, TimeUnit.SECONDS);
        await(() -> rounds.get() == 2);
        assertThat(later).as("the round that ran when they came is not theirs").noneMatch(Future::isDone);

        // Those who had not quite asked when the second round began need a third.
        go.release(2);
        for (Future<?> each : later) {
            each.get(5, TimeUnit.SECONDS);
        }
        assertThat(rounds.get()).isBetween(2, 3);
    }

    @Test
    void everything_that_a_caller_committed_is_forced_before_it_goes_on() throws Exception {
        AtomicLong committed = new AtomicLong();
        AtomicLong onDisk = new AtomicLong();
        SharedSync sync = new SharedSync(() -> {
            long written = committed.get();
            Thread.yield();
            onDisk.accumulateAndGet(written, Math::max);
        });
        List<Future<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            callers.add(threads.submit(() -> {
                boolean always = true;
                for (int n = 0; n < 5_000; n++) {
                    long mine = committed.incrementAndGet();
                    sync.sync();
                    always &= onDisk.get() >= mine;
                }
                return always;
            }));
        }
        for (Future<Boolean> each : callers) {
            assertThat(each.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_failure_is_told_to_who_met_it_and_the_others_try_for_themselves() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        Semaphore go = new Semaphore(0);
        SharedSync sync = new SharedSync(() -> {
            int round = rounds.incrementAndGet();
            go.acquireUninterruptibly();
            if (round == 2) {
                throw new IllegalStateException("the disk is full");
            }
        });
        Future<?> first = threads.submit(sync::sync);
        await(() -> rounds.get() == 1);
        Future<?> second = threads.submit(sync::sync);
        Future<?> third = threads.submit(sync::sync);
        go.release(3);
        first.get(5, TimeUnit.SECONDS);

        int failures = 0;
        for (Future<?> each : List.of(second, third)) {
            try {
                each.get(5, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e).hasRootCauseMessage("the disk is full");
                failures++;
            }
        }
        assertThat(failures).isEqualTo(1);
        assertThat(rounds.get()).isEqualTo(3);
    }

    @Test
    void a_failure_without_company_is_thrown_and_does_not_stick() {
        AtomicInteger rounds = new AtomicInteger();
        SharedSync sync = new SharedSync(() -> {
            if (rounds.incrementAndGet() == 1) {
                throw new IllegalStateException("the disk is full");
            }
        });
        assertThatThrownBy(sync::sync).hasMessage("the disk is full");
        sync.sync();
        assertThat(rounds.get()).isEqualTo(2);
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }
}
