package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all simulated providers do alike: note the call, look for a script, act now or late or not at all, and answer as documented or as the script wants it.
 *
 * @param <D> what only this provider knows of a payment
 */
abstract class FloorStandIn<D> implements StandIn {
    final Room room;
    final Clock clock;
    final Floor<D> floor;
    private final String name;
    private final Answers answers;

    FloorStandIn(Room room, String name, House<D> house, Answers answers, boolean startBesides) {
        this.room = room;
        this.clock = room.options().clock();
        this.name = name;
        this.answers = answers;
        this.floor = new Floor<>(room, name, house, startBesides);
    }

    @Override
    public String name() {
        return name;
    }

    /** Notes the call; everything that goes back goes through this line. */
    Line open(
            HttpServerRequest request,
            @Nullable String host,
            String operation,
            @Nullable String login,
            @Nullable String terminal,
            @Nullable String reference,
            @Nullable String transaction) {
        int life = floor.resets();
        long call = room.calls().open(name, host, operation, login, terminal, reference, transaction, clock.instant());
        return new Line(room.vertx(), request, room.calls(), room.holds(), call, life);
    }

    /**
     * Starts what is wished, unless a script or a busy terminal is against it, and answers.
     *
     * @param ok the HTTP status of the documented answer
     * @param documented the documented answer
     */
    void start(Asked asked, Floor.Wish<D> wish, Line line, int ok, Function<Payment<D>, ObjectNode> documented) {
        Fault byAmount = room.options().testAmounts() ? TestAmounts.of(wish.amount()) : null;
        Fault script = room.faults().takeAnswer(asked);
        Fault fault = script == null && byAmount != null && byAmount.scriptsAnswer() ? byAmount : script;
        work(fault, line, () -> {
            Payment<D> payment = null;
            if (acts(fault)) {
                payment = floor.start(asked, wish, fault, byAmount);
                if (payment == null) {
                    return answers.refused(fault, answers.busy());
                }
                line.about(payment.id(), null);
            }
            return answers.shape(
                    fault, ok, documented.apply(payment == null ? floor.draft(wish) : payment), payment != null);
        });
    }

    /** What an ending call makes of what it ends: its script's, else {@link Outcome#CANCELLED_BY_TILL}. */
    Ending ending(Asked asked, @Nullable Fault answering) {
        Fault script = answering != null
                        && answering.scriptsOutcome()
                        && asked.operation().name().equals(answering.calls().operation())
                ? answering
                : room.faults().takeOutcome(asked);
        Ending scripted = script == null ? Ending.NONE : script.ending();
        return scripted.outcome() == null && scripted.code() == null
                ? scripted.outcome(Outcome.CANCELLED_BY_TILL)
                : scripted;
    }

    static boolean acts(@Nullable Fault fault) {
        return fault == null
                || (fault.act()
                        && !(fault.answer() instanceof Answer.Busy)
                        && !(fault.answer() instanceof Answer.TooMany));
    }

    /** Does the work now, or as late as the script wants it, and then answers. */
    void work(@Nullable Fault fault, Line line, Supplier<Delivery> work) {
        Supplier<Delivery> inThisLife =
                () -> line.life() == floor.resets() ? work.get() : new Delivery.Closed("closed by a reset");
        if (fault == null) {
            line.deliver(inThisLife.get());
        } else if (fault.actAfter().isZero()) {
            line.deliver(inThisLife.get(), fault.late(), fault.hold());
        } else {
            room.vertx()
                    .setTimer(
                            Math.max(1, fault.actAfter().toMillis()),
                            timer -> line.deliver(inThisLife.get(), fault.late(), fault.hold()));
        }
    }

    @Override
    public boolean act(String transactionId, Ending ending) {
        return floor.act(transactionId, ending) != null;
    }

    @Override
    public List<? extends Payment<?>> payments() {
        return floor.payments();
    }

    @Override
    public void reset() {
        floor.reset();
    }
}
