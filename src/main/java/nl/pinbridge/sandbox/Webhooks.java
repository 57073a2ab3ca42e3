package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends webhooks when a payment's status changes: once and never again, to loopback addresses only, unsigned (providers/pinvandaag.md
 * §8). Safe for any thread.
 */
public final class Webhooks {
    /** A stand-in must not knock on anybody's door but this machine's own. */
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final int TIMEOUT_MILLIS = 5_000;

    private static final class Entry {
        final WebhookScript script;

        @Nullable
        Integer left;

        Entry(WebhookScript script) {
            this.script = script;
            this.left = script.times();
        }
    }

    private final Vertx vertx;
    private final HttpClient client;
    private final List<Entry> scripts = new ArrayList<>();
    private final List<SentWebhook> sent = new ArrayList<>();
    private int lives;

    Webhooks(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient();
    }

    /** Puts a script in force; the oldest one that matches counts. */
    public synchronized void add(WebhookScript script) {
        scripts.add(new Entry(script));
    }

    /** All webhooks so far, in the order of sending. */
    public synchronized List<SentWebhook> sent() {
        return List.copyOf(sent);
    }

    synchronized void clearScripts() {
        scripts.clear();
    }

    synchronized void clear() {
        lives += 1;
        scripts.clear();
        sent.clear();
    }

    /** The payment has just become what it is. */
    void changed(Payment payment) {
        String url = payment.callbackUrl();
        if (url == null || url.isEmpty()) {
            return;
        }
        WebhookScript script = take(payment.terminal());
        ObjectNode body = PinVandaagText.webhook(payment);
        boolean printed = script.asPrinted();
        Duration late = script.late();
        switch (script.way()) {
            case LOST -> {}
            case ONCE -> send(payment, url, body, printed, late);
            case DOUBLED -> {
                send(payment, url, body, printed, late);
                send(payment, url, body, printed, late.plus(BETWEEN));
            }
            case REORDERED -> {
                send(payment, url, body, printed, late);
                send(payment, url, body.deepCopy().put("status", Payment.STARTED), printed, late.plus(BETWEEN));
            }
            case WRONG_TRANSACTION ->
                send(payment, url, body.put("transactionId", "9" + payment.sequence()), printed, late);
            case WRONG_STATUS -> {
                String lie = payment.status().equals(Payment.SUCCESS) ? Payment.FAILED : Payment.SUCCESS;
                send(payment, url, body.put("status", lie), printed, late);
            }
        }
    }

    private synchronized WebhookScript take(String terminal) {
        for (Entry entry : scripts) {
            if (entry.script.matches(terminal)) {
                if (entry.left != null) {
                    entry.left -= 1;
                    if (entry.left == 0) {
                        scripts.remove(entry);
                    }
                }
                return entry.script;
            }
        }
        return WebhookScript.of(WebhookScript.Way.ONCE);
    }

    private void send(Payment payment, String url, ObjectNode body, boolean printed, Duration late) {
        String text = printed ? PinVandaagText.asPrinted(body) : body.toString();
        int life = life();
        // A timer also where it goes out at once: the caller holds the floor's lock.
        vertx.setTimer(Math.max(1, late.toMillis()), now -> {
            if (life == life()) {
                post(payment, url, text);
            }
        });
    }

    private synchronized int life() {
        return lives;
    }

    private synchronized int open(SentWebhook webhook) {
        sent.add(webhook);
        return sent.size() - 1;
    }

    private synchronized void answered(int life, int number, String words) {
        if (life == lives) {
            sent.set(number, sent.get(number).answered(words));
        }
    }

    private void post(Payment payment, String url, String body) {
        int life = life();
        int number = open(new SentWebhook(payment.id(), payment.terminal(), url, body, Call.PENDING));
        URI target;
        try {
            target = URI.create(url);
        } catch (IllegalArgumentException e) {
            answered(life, number, "no URL");
            return;
        }
        if (target.getHost() == null || !LOOPBACK.matcher(target.getHost()).matches()) {
            answered(life, number, "not sent: the sandbox sends to loopback addresses only");
            return;
        }
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(url)
                        .setTimeout(TIMEOUT_MILLIS)
                        // The page documents no content type; what a client does with this one must not matter.
                        .putHeader("Content-Type", "text/plain"))
                .compose(request -> request.send(body))
                .onSuccess(response -> answered(life, number, String.valueOf(response.statusCode())))
                .onFailure(wrong -> answered(life, number, "no answer: " + wrong.getMessage()));
    }
}
