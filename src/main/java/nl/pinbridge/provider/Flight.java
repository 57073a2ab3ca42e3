package nl.pinbridge.provider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import nl.pinbridge.config.Probe;
import nl.pinbridge.provider.CallGate.Mark;
import org.jspecify.annotations.Nullable;

/** What is known of one HTTP call while it runs. Used by one thread. */
final class Flight {
    /** How old a mark may be when the first byte is written: a node that was paused must not wake up and charge. */
    static final Duration MARK_VALID = Duration.ofSeconds(2);

    private static final ThreadLocal<Flight> CURRENT = new ThreadLocal<>();

    private final @Nullable Mark mark;
    private final Clock clock;
    private final Probe probe;
    private boolean written;
    private @Nullable Integer status;
    private @Nullable String contentType;
    private byte @Nullable [] body;

    Flight(@Nullable Mark mark, Clock clock, Probe probe) {
        this.mark = mark;
        this.clock = clock;
        this.probe = probe;
    }

    /** The flight of this thread. */
    static Flight current() {
        Flight flight = CURRENT.get();
        if (flight == null) {
            throw new IllegalStateException("An HTTP request outside a provider call");
        }
        return flight;
    }

    void enter() {
        CURRENT.set(this);
    }

    static void leave() {
        CURRENT.remove();
    }

    /**
     * The connection stands, TLS included; the next thing is the first byte of the request.
     *
     * @throws IOException when nothing may be written: the mark is too old, or one request was written already
     */
    void beforeWrite() throws IOException {
        if (written) {
            // The HTTP client wants to send again. Whatever its reason, there is one request per call.
            throw new IOException("a second request was held back");
        }
        if (mark != null) {
            probe.at("before-write");
            long limit = MARK_VALID.toMillis();
            long wall = clock.millis() - mark.wallMillis();
            long monotonic = (System.nanoTime() - mark.nanos()) / 1_000_000;
            // A wall clock that was set back tells nothing about the age either.
            if (wall > limit || wall < -limit || monotonic > limit) {
                throw new IOException(
                        "mark too old: " + wall + " ms by the wall clock, " + monotonic + " ms by the monotonic clock");
            }
        }
        written = true;
    }

    void answered(int answerStatus, @Nullable String answerType, byte[] answerBody) {
        status = answerStatus;
        contentType = answerType;
        body = answerBody;
    }

    /** The head of an answer came; its body may follow or not. */
    void head(int answerStatus) {
        status = answerStatus;
    }

    /** Whether a byte of the request may have left. */
    boolean written() {
        return written;
    }

    @Nullable
    Integer status() {
        return status;
    }

    @Nullable
    String contentType() {
        return contentType;
    }

    /** The whole answer as text; null while it is not whole. */
    @Nullable
    String text() {
        return body == null ? null : new String(body, StandardCharsets.UTF_8);
    }
}
