package nl.pinbridge.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends webhooks when a payment changes, to loopback addresses only. Safe for any thread. */
public final class Webhooks {
    /** A stand-in must not knock on anybody's door but this machine's own. */
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final Duration UNTIL_REPLAY = Duration.ofSeconds(1);

    private static final class Entry {
        final WebhookScript script;

        @Nullable
        Integer left;

        Entry(WebhookScript script) {
            this.script = script;
            this.left = script.times();
        }
    }

    /** A letter on its way, and when it is to be sent again. */
    private record Post(Letters about, Letter letter, int attempt, List<Duration> retries) {
        Post again() {
            return new Post(about, letter, attempt + 1, retries.subList(1, retries.size()));
        }
    }

    private final Vertx vertx;
    private final HttpClient client;
    private final List<Entry> scripts = new ArrayList<>();
    private final List<SentWebhook> sent = new ArrayList<>();
    /** The letters of {@link #sent}, in the same order. */
    private final List<Post> posts = new ArrayList<>();

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

    /**
     * Sends the same bytes once more, as somebody would who has kept them.
     *
     * @param number its place in {@link #sent()}, from 0
     * @throws IllegalArgumentException when there is no such webhook
     */
    public void replay(int number) {
        Post old;
        synchronized (this) {
            if (number < 0 || number >= posts.size()) {
                throw new IllegalArgumentException("no such webhook");
            }
            old = posts.get(number);
        }
        send(new Post(old.about(), old.letter(), old.attempt() + 1, List.of()), Duration.ZERO);
    }

    synchronized void clearScripts() {
        scripts.clear();
    }

    synchronized void clear() {
        lives += 1;
        scripts.clear();
        sent.clear();
        posts.clear();
    }

    /** Something has just changed. */
    void changed(Letters about) {
        WebhookScript script = take(about);
        Duration late = script.late();
        String style = script.style();
        switch (script.way()) {
            case LOST -> {}
            case ONCE -> send(about, Letters.Told.TRUTH, style, late);
            case DOUBLED -> {
                send(about, Letters.Told.TRUTH, style, late);
                send(about, Letters.Told.TRUTH, style, late.plus(BETWEEN));
            }
            case REPLAYED -> {
                send(about, Letters.Told.TRUTH, style, late);
                send(about, Letters.Told.TRUTH, style, late.plus(UNTIL_REPLAY));
            }
            case REORDERED -> {
                send(about, Letters.Told.TRUTH, style, late);
                send(about, Letters.Told.EARLIER, style, late.plus(BETWEEN));
            }
            case WRONG_TRANSACTION -> send(about, Letters.Told.OTHER_TRANSACTION, style, late);
            case WRONG_STATUS -> send(about, Letters.Told.OTHER_STATUS, style, late);
            case FORGED -> send(about, Letters.Told.FORGED, style, late);
            case TAMPERED -> send(about, Letters.Told.TAMPERED, style, late);
            case UNSIGNED -> send(about, Letters.Told.UNSIGNED, style, late);
            case UNKNOWN_KEY -> send(about, Letters.Told.UNKNOWN_KEY, style, late);
        }
    }

    private synchronized WebhookScript take(Letters about) {
        for (Entry entry : scripts) {
            if (entry.script.matches(about)) {
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

    private void send(Letters about, Letters.Told told, @Nullable String style, Duration late) {
        send(new Post(about, about.write(told, style), 1, about.retries()), late);
    }

    private void send(Post post, Duration late) {
        int life = life();
        // A timer also where it goes out at once: the caller holds the floor's lock.
        vertx.setTimer(Math.max(1, late.toMillis()), now -> {
            if (life == life()) {
                post(post, life);
            }
        });
    }

    private synchronized int life() {
        return lives;
    }

    private synchronized int open(Post post) {
        Letter letter = post.letter();
        posts.add(post);
        sent.add(new SentWebhook(
                post.about().provider(),
                post.about().transactionId(),
                post.about().terminal(),
                letter.url(),
                letter.headers(),
                Objects.requireNonNullElse(letter.body(), ""),
                post.attempt(),
                Call.PENDING,
                false));
        return sent.size() - 1;
    }

    private void answered(int life, int number, Post post, String words, boolean taken) {
        synchronized (this) {
            if (life != lives) {
                return;
            }
            sent.set(number, sent.get(number).answered(words, taken));
        }
        if (!taken && !post.retries().isEmpty()) {
            send(post.again(), post.retries().get(0));
        }
    }

    private synchronized void notSent(int number, String why) {
        sent.set(number, sent.get(number).answered(why, false));
    }

    private void post(Post post, int life) {
        Letter letter = post.letter();
        int number = open(post);
        URI target;
        try {
            target = URI.create(letter.url());
        } catch (IllegalArgumentException e) {
            notSent(number, "no URL");
            return;
        }
        if (target.getHost() == null || !LOOPBACK.matcher(target.getHost()).matches()) {
            notSent(number, "not sent: the sandbox sends to loopback addresses only");
            return;
        }
        RequestOptions options = new RequestOptions()
                .setMethod(letter.method())
                // Somebody before the receiver ends TLS: on this machine nobody does.
                .setAbsoluteURI(letter.url().replaceFirst("^https:", "http:"))
                .setTimeout(letter.patience().toMillis());
        letter.headers().forEach(options::putHeader);
        String body = letter.body();
        client.request(options)
                .compose(request -> body == null ? request.send() : request.send(body))
                .compose(response -> response.body()
                        .onSuccess(answer -> answered(
                                life,
                                number,
                                post,
                                String.valueOf(response.statusCode()),
                                letter.wanted().by(response.statusCode(), answer.toString()))))
                .onFailure(wrong -> answered(life, number, post, "no answer: " + wrong.getMessage(), false));
    }
}
