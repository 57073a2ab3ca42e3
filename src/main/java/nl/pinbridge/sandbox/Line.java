package nl.pinbridge.sandbox;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way back for one call: late, held, or at once, and written down in the list of calls. Lives on the call's event loop. */
final class Line {
    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final Calls calls;
    private final Holds holds;
    private final long call;
    private final int life;
    /** True once everything that will go back has gone back. */
    private boolean over;

    private Runnable whenOver = () -> {};

    /**
     * @param life how often the stand-in had been reset when the call came
     */
    Line(Vertx vertx, HttpServerRequest request, Calls calls, Holds holds, long call, int life) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.request = request;
        this.calls = calls;
        this.holds = holds;
        this.call = call;
        this.life = life;
        request.response().closeHandler(gone -> {
            if (!over) {
                end();
                holds.forget(this);
                calls.change(call, seen -> seen.answered(seen.answered() + ", caller gone"));
            }
        });
    }

    /** How often the stand-in had been reset when the call came: what was reset meanwhile does not act any more. */
    int life() {
        return life;
    }

    /** Does something once nothing more will go back. */
    void whenOver(Runnable what) {
        whenOver = what;
    }

    private void end() {
        over = true;
        whenOver.run();
    }

    /** Adds what became known about the call. */
    void about(@Nullable String transactionId, @Nullable String ownReference) {
        calls.change(call, seen -> seen.about(transactionId, ownReference));
    }

    void deliver(Delivery delivery) {
        deliver(delivery, Duration.ZERO, false);
    }

    void deliver(Delivery delivery, Duration late, boolean hold) {
        if (!late.isZero()) {
            tell("late: " + delivery.told());
            vertx.setTimer(Math.max(1, late.toMillis()), timer -> deliver(delivery, Duration.ZERO, hold));
        } else if (over) {
            return;
        } else if (hold) {
            tell("holding: " + delivery.told());
            holds.keep(this, delivery);
        } else {
            send(delivery);
        }
    }

    /** Ends a hold; callable from any thread. */
    void release(Delivery delivery) {
        context.runOnContext(now -> deliver(delivery));
    }

    /** Delivers from any thread. */
    void release(Delivery delivery, Duration late, boolean hold) {
        context.runOnContext(now -> deliver(delivery, late, hold));
    }

    private void send(Delivery delivery) {
        HttpServerResponse response = request.response();
        tell(delivery.told());
        if (delivery instanceof Delivery.Silence) {
            return;
        }
        end();
        if (delivery instanceof Delivery.Whole whole) {
            response.setStatusCode(whole.status());
            if (whole.status() == 204 || whole.status() == 304) {
                response.end();
            } else {
                response.putHeader("Content-Type", whole.contentType());
                response.end(whole.body());
            }
        } else if (delivery instanceof Delivery.Cut cut) {
            Buffer body = Buffer.buffer(cut.body());
            response.setStatusCode(cut.status());
            response.putHeader("Content-Type", cut.contentType());
            response.putHeader("Content-Length", Integer.toString(body.length()));
            response.write(body.slice(0, body.length() / 2))
                    .onComplete(written -> request.connection().close());
        } else {
            request.connection().close();
        }
    }

    private void tell(String words) {
        calls.change(call, seen -> seen.answered(words));
    }
}
