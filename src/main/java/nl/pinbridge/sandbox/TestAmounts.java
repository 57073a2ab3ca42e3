package nl.pinbridge.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Amounts of payments and refunds whose last two digits choose what happens, for a demo without scripts. A script goes before. Off by default. */
public final class TestAmounts {
    private TestAmounts() {}

    /**
     * The script behind an amount.
     *
     * @param amount minor units
     * @return null for an amount that means nothing special
     */
    public static @Nullable Fault of(long amount) {
        Fault create = Fault.onCreate();
        return switch ((int) (amount % 100)) {
            case 1 -> create.outcome(Outcome.DECLINED);
            case 2 -> create.outcome(Outcome.CANCELLED_AT_TERMINAL);
            case 3 -> create.outcome(Outcome.TIMED_OUT);
            case 4 -> create.outcome(Outcome.PROCESSING_ERROR);
            case 5 -> create.outcome(Outcome.NEVER_ENDS);
            case 6 -> create.late(Duration.ofSeconds(5));
            case 7 -> create.breakConnection();
            case 8 -> create.http(502);
            case 9 -> create.breakConnection().withoutActing();
            default -> null;
        };
    }
}
