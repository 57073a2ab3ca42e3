package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A caller of the simulated PAY. over real HTTP. */
final class PayNlTill {
    static final String TERMINAL = "TH-1234-5678";
    static final String OTHER = "TH-8765-4321";
    static final PayNlSetup SETUP = PayNlSetup.defaults().withTerminals(TERMINAL, OTHER);
    static final String TOKEN = basic(SETUP.tokenCode(), SETUP.token());
    static final String SERVICE = basic(SETUP.service().code(), SETUP.service().secret());

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final Sandbox sandbox;

    PayNlTill(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** The request of the documentation. */
    static ObjectNode order(int method, String terminal, long cents, String reference) {
        ObjectNode order = Till.JSON.createObjectNode();
        order.putObject("amount").put("value", cents).put("currency", "EUR");
        ObjectNode chosen = order.putObject("paymentMethod");
        chosen.putObject("input").put("terminalCode", terminal);
        chosen.put("id", method);
        return order.put("serviceId", SETUP.service().code()).put("reference", reference);
    }

    static ObjectNode pin(long cents, String reference) {
        return order(1927, TERMINAL, cents, reference);
    }

    HttpResponse<String> create(ObjectNode order) {
        return createLater(order).join();
    }

    CompletableFuture<HttpResponse<String>> createLater(ObjectNode order) {
        return sendLater("POST", sandbox.payNlUrl() + "/v1/orders", TOKEN, order.toString());
    }

    String started(ObjectNode order) {
        return Till.json(create(order)).path("id").asText();
    }

    HttpResponse<String> status(String id) {
        return call("GET", id, "status");
    }

    JsonNode order(String id) {
        return Till.json(status(id));
    }

    int code(String id) {
        return order(id).at("/status/code").asInt();
    }

    HttpResponse<String> call(String method, String id, String what) {
        return callLater(method, id, what, null).join();
    }

    CompletableFuture<HttpResponse<String>> callLater(String method, String id, String what, @Nullable String body) {
        return sendLater(method, sandbox.payNlUrl() + "/v1/orders/" + id + "/" + what, TOKEN, body);
    }

    CompletableFuture<HttpResponse<String>> restLater(String method, String path, @Nullable String body) {
        return sendLater(method, sandbox.payNlRestUrl() + path, TOKEN, body);
    }

    HttpResponse<String> rest(String method, String path, @Nullable String body) {
        return restLater(method, path, body).join();
    }

    HttpResponse<String> send(String method, String url, @Nullable String login, @Nullable String body) {
        return sendLater(method, url, login, body).join();
    }

    CompletableFuture<HttpResponse<String>> sendLater(
            String method, String url, @Nullable String login, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .header("accept", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        if (login != null) {
            request.header("authorization", login);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
