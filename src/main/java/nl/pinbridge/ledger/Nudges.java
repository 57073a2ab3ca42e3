package nl.pinbridge.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What should happen in the world once a transaction has committed. Each may be lost without harm: the sweep finds the same in the
 * ledger.
 */
public final class Nudges {
    /** A command to be worked on, now or (if {@code at} is not null) later; only those on a lane have a provider. */
    public record Wake(Path path, @Nullable String provider, String commandRow, @Nullable Instant at) {}

    /** A payment to be looked at, not before {@code at}. */
    public record Look(String paymentId, Instant at) {}

    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Wake> wakes = new ArrayList<>();
    private final List<Look> looks = new ArrayList<>();

    /** Deliveries that this transaction wrote. */
    public Nudges deliver(List<Delivery> written) {
        deliveries.addAll(written);
        return this;
    }

    /** Wakes a command up; {@code at} null means now. */
    public Nudges wake(CommandRow command, @Nullable Instant at) {
        wakes.add(new Wake(command.path(), command.provider(), command.rowId(), at));
        return this;
    }

    public Nudges look(String paymentId, Instant at) {
        looks.add(new Look(paymentId, at));
        return this;
    }

    public Nudges and(Nudges other) {
        deliveries.addAll(other.deliveries);
        wakes.addAll(other.wakes);
        looks.addAll(other.looks);
        return this;
    }

    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    public List<Wake> wakes() {
        return List.copyOf(wakes);
    }

    public List<Look> looks() {
        return List.copyOf(looks);
    }
}
