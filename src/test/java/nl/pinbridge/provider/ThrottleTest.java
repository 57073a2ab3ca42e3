package nl.pinbridge.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final LongSupplier clock = now::get;

    private Throttle throttle(int calls, int atOnce) {
        return new Throttle(new ProviderFolder.Limits(calls, Duration.ofSeconds(10), atOnce), clock);
    }

    private static boolean read(Throttle throttle) {
        boolean begun = throttle.begin(false);
        if (begun) {
            throttle.end();
        }
        return begun;
    }

    @Test
    void reads_leave_a_fifth_of_the_calls_to_what_is_made_once_and_go_on_when_time_has_passed() {
        Throttle throttle = throttle(10, 100);
        for (int i = 0; i < 8; i++) {
            assertThat(read(throttle)).isTrue();
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(read(throttle)).isFalse();
        // A call that is made once is never held back; the provider itself refuses it, and nothing was started.
        for (int i = 0; i < 20; i++) {
            assertThat(throttle.begin(true)).isTrue();
            throttle.end();
        }
        now.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(read(throttle)).as("calls that are made once count too").isFalse();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(read(throttle)).isTrue();
    }

    @Test
    void reads_leave_a_fifth_of_the_places() {
        Throttle throttle = throttle(1_000, 10);
        for (int i = 0; i < 8; i++) {
            assertThat(throttle.begin(false)).isTrue();
        }
        assertThat(throttle.begin(false)).isFalse();
        assertThat(throttle.begin(true)).isTrue();
        throttle.end();
        throttle.end();
        assertThat(throttle.begin(false)).isTrue();
    }

    @Test
    void a_provider_without_limits_is_not_held_back() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(Throttle.NONE.begin(false)).isTrue();
        }
    }

    /** providers/paynl.md §2. */
    @Test
    void pay_takes_150_calls_at_once_and_1500_in_ten_seconds() {
        assertThat(ProviderFolder.read(Path.of("routes/providers/paynl")).limits())
                .isEqualTo(new ProviderFolder.Limits(1_500, Duration.ofSeconds(10), 150));
    }
}
