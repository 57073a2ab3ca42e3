package nl.pinbridge.provider;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * The one place where bytes of a request leave. The client calls it when the connection stands (TCP and TLS), just before the head of
 * the request is written: whatever fails before never reached the provider.
 *
 * <p>The answer is read here, whole and limited, so that camel-http never sees a stream: its reader takes what one read gives.
 */
final class OneRequestExecutor extends HttpRequestExecutor {
    /** Bytes of an answer that are read at most. */
    static final int ANSWER_LIMIT = 1 << 20;

    /** The client's own time-out, which names itself better, goes first. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final ScheduledExecutorService timer;
    private final Duration responseTimeout;

    OneRequestExecutor(ScheduledExecutorService timer, Duration responseTimeout) {
        this.timer = timer;
        this.responseTimeout = responseTimeout;
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request,
            HttpClientConnection connection,
            @Nullable HttpResponseInformationCallback information,
            HttpContext context)
            throws IOException, HttpException {
        Flight flight = Flight.current();
        flight.beforeWrite();
        // The socket's time-out starts again with each byte; a provider that sends drop by drop would hold a consumer
        // for hours.
        ScheduledFuture<?> deadline = timer.schedule(
                () -> connection.close(CloseMode.IMMEDIATE),
                responseTimeout.plus(GRACE).toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = super.execute(request, connection, information, context);
            flight.head(response.getCode());
            HttpEntity entity = response.getEntity();
            byte[] body = entity == null ? new byte[0] : read(entity, connection);
            String type = entity == null ? null : entity.getContentType();
            flight.answered(response.getCode(), type, body);
            response.setEntity(new ByteArrayEntity(body, null));
            return response;
        } finally {
            deadline.cancel(false);
        }
    }

    private static byte[] read(HttpEntity entity, HttpClientConnection connection) throws IOException {
        try (InputStream in = entity.getContent()) {
            byte[] body = in.readNBytes(ANSWER_LIMIT + 1);
            if (body.length > ANSWER_LIMIT) {
                // Closing the stream alone would read the rest of it first.
                connection.close(CloseMode.IMMEDIATE);
                throw new IOException("the answer is longer than " + ANSWER_LIMIT + " bytes");
            }
            return body;
        }
    }
}
