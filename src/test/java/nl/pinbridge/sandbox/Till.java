package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A caller of the sandbox over real HTTP. */
final class Till {
    static final SandboxTerminal WORLDLINE = new SandboxTerminal("50303253", "wl-key", Brand.WORLDLINE);
    static final SandboxTerminal CCV = new SandboxTerminal("706249441", "ccv-key", Brand.CCV);
    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String url;

    Till(String url) {
        this.url = url;
    }

    String url() {
        return url;
    }

    static Map<String, String> form(SandboxTerminal terminal, String... more) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("terminalId", terminal.id());
        form.put("key", terminal.key());
        for (int i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        return form;
    }

    HttpResponse<String> create(SandboxTerminal terminal, long amount, String reference) {
        return post("/V1/instore/transactions/create", createForm(terminal, amount, reference));
    }

    CompletableFuture<HttpResponse<String>> createLater(SandboxTerminal terminal, long amount, String reference) {
        return postLater("/V1/instore/transactions/create", createForm(terminal, amount, reference));
    }

    private static Map<String, String> createForm(SandboxTerminal terminal, long amount, String reference) {
        return form(terminal, "amount", Long.toString(amount), "ownReference", reference);
    }

    String started(SandboxTerminal terminal, long amount, String reference) {
        return json(create(terminal, amount, reference)).path("transactionId").asText();
    }

    HttpResponse<String> status(SandboxTerminal terminal, String transactionId) {
        return statusLater(terminal, transactionId).join();
    }

    CompletableFuture<HttpResponse<String>> statusLater(SandboxTerminal terminal, String transactionId) {
        return postLater("/V1/instore/transactions/status", form(terminal, "transactionId", transactionId));
    }

    HttpResponse<String> refund(SandboxTerminal terminal, long amount) {
        return refundLater(terminal, amount).join();
    }

    CompletableFuture<HttpResponse<String>> refundLater(SandboxTerminal terminal, long amount) {
        return postLater("/V1/instore/transactions/refund", form(terminal, "amount", Long.toString(amount)));
    }

    HttpResponse<String> cancel(SandboxTerminal terminal) {
        return cancelLater(terminal).join();
    }

    CompletableFuture<HttpResponse<String>> cancelLater(SandboxTerminal terminal) {
        return postLater("/V1/instore/terminal/cancel", form(terminal));
    }

    HttpResponse<String> mailReceipt(SandboxTerminal terminal, String transactionId, String to) {
        return mailReceiptLater(terminal, transactionId, to).join();
    }

    CompletableFuture<HttpResponse<String>> mailReceiptLater(
            SandboxTerminal terminal, String transactionId, String to) {
        return postLater(
                "/V1/instore/transactions/mailreceipt",
                form(terminal, "transactionId", transactionId, "recipientEmail", to));
    }

    CompletableFuture<HttpResponse<String>> ctmpLater(SandboxTerminal terminal) {
        return postLater("/V1/instore/terminal/ctmp", form(terminal));
    }

    HttpResponse<String> latest(SandboxTerminal terminal) {
        return post("/V1/instore/transactions/getLatestTransaction", form(terminal));
    }

    HttpResponse<String> post(String path, Map<String, String> form) {
        return postLater(path, form).join();
    }

    CompletableFuture<HttpResponse<String>> postLater(String path, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return http.sendAsync(
                request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> postMultipart(String path, Map<String, String> form) throws IOException, InterruptedException {
        String boundary = "----till";
        String body = form.entrySet().stream()
                        .map(field -> "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field.getKey()
                                + "\"\r\n\r\n" + field.getValue() + "\r\n")
                        .collect(Collectors.joining())
                + "--" + boundary + "--\r\n";
        return http.send(
                request(path)
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String body) {
        return http.sendAsync(
                        request(path)
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .join();
    }

    HttpResponse<String> sendJson(String path, String body) {
        return http.sendAsync(
                        request(path)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .join();
    }

    JsonNode get(String path) {
        return json(send("GET", path, ""));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
    }

    static JsonNode json(HttpResponse<String> answer) {
        return json(answer.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
