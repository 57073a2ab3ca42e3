package nl.pinbridge.sandbox;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One webhook as it goes over the wire.
 *
 * @param body null for none
 * @param patience how long an answer is waited for
 * @param wanted what answer the provider takes for done
 */
record Letter(
        HttpMethod method,
        String url,
        Map<String, String> headers,
        @Nullable String body,
        Duration patience,
        Wanted wanted) {
    /** What answer the provider takes for done. */
    interface Wanted {
        boolean by(int status, String body);
    }
}
