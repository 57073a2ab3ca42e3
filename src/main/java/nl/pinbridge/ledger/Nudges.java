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
    /** A command to be tried on its lane, now or (if {@code at} is not null) later. */
    public record Lane(String provider, String commandRow, @Nullable Instant at) {}

    /** A payment to be looked at, not before {@code at}. */
    public record Look(String paymentId, Instant at) {}

    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Look> looks = new ArrayList<>();

    /** Deliveries that this transaction wrote. */
    public Nudges deliver(List<Delivery> written) {
        deliveries.addAll(written);
        return this;
    }

    public Nudges lane(String provider, String commandRow, @Nullable Instant at) {
        lanes.add(new Lane(provider, commandRow, at));
        return this;
    }

    public Nudges look(String paymentId, Instant at) {
        looks.add(new Look(paymentId, at));
        return this;
    }

    public Nudges and(Nudges other) {
        deliveries.addAll(other.deliveries);
        lanes.addAll(other.lanes);
        looks.addAll(other.looks);
        return this;
    }

    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    public List<Lane> lanes() {
        return List.copyOf(lanes);
    }

    public List<Look> looks() {
        return List.copyOf(looks);
    }
}
