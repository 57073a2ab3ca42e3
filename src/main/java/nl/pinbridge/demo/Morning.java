package nl.pinbridge.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.WebhookScript;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A shop's morning: commands from an outside client, and what the bridge makes of them, side by side as it happens. */
public final class Morning {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LEFT = 58;

    private static final ZoneId SHOP = ZoneId.of("Europe/Amsterdam");
    /** Whose day is reconciled. */
    private static final String PROVIDER = "pinvandaag";

    private final SandboxedBridge bridge;
    private final Sandbox sandbox;
    private final Path connectionFile;
    private final PrintStream out;
    private final boolean json;
    private final boolean colour;
    private final String prefix = "demo-" + Long.toString(System.currentTimeMillis(), 36);
    private final Map<String, JsonNode> payments = new LinkedHashMap<>();
    private final Map<String, List<String>> seen = new LinkedHashMap<>();
    private final BlockingQueue<JsonNode> arrived = new LinkedBlockingQueue<>();

    /**
     * @param json true to print each result as one line of JSON and nothing else
     */
    public Morning(SandboxedBridge bridge, PrintStream out, boolean json, boolean colour) {
        this.bridge = bridge;
        this.sandbox = bridge.sandbox();
        this.connectionFile = bridge.connectionFile();
        this.out = out;
        this.json = json;
        this.colour = colour;
    }

    /** What a scene is sent as, and what it must end in. */
    private record Scene(String title, ObjectNode command, String expected) {}

    /**
     * Plays the morning.
     *
     * @return true when every command ended as it should and the results agree with the book of charges to the cent
     */
    public boolean play() throws JMSException, InterruptedException {
        try (ActiveMQConnectionFactory factory = BrokerConnections.ofFile(connectionFile);
                JMSContext context = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
                JMSContext listening = context.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            TemporaryQueue replies = listening.createTemporaryQueue();
            listening.createConsumer(replies).setMessageListener(this::received);
            listening.start();
            heading();

            // The webhook is lost as well, and the provider lists nothing: with any of them the bridge would find the
            // payment again.
            Scene lost = scene("answer, webhook and list are lost", create("lost", "till-4", 4_200), "NEEDS_ATTENTION");
            List<Long> unlisted = new ArrayList<>();
            for (String read : List.of("getLatestTransaction", "date")) {
                unlisted.add(sandbox.faults()
                        .add(Fault.on(read).terminal("706249442").http(500)));
            }
            sandbox.webhooks().add(WebhookScript.of(WebhookScript.Way.LOST).terminal("706249442"));
            sandbox.faults()
                    .add(Fault.onCreate()
                            .terminal("706249442")
                            .breakConnection()
                            .times(1));
            Scene paid = scene("paid", create("paid", "till-1", 1_050), "SUCCEEDED");
            Scene declined = scene("declined", create("declined", "till-2", 2_501), "DECLINED");
            Scene cancelled = scene("called off at the terminal", create("cancelled", "till-3", 795), "CANCELLED");
            sandbox.faults()
                    .add(Fault.onCreate()
                            .terminal("50303254")
                            .outcome(Outcome.CANCELLED_AT_TERMINAL)
                            .times(1));
            // PAY. finds no order by our reference: its signed exchange is what names this one.
            Scene exchange = scene("PAY. loses its answer", create("elsewhere", "till-5", 2_275), "SUCCEEDED");
            sandbox.faults()
                    .add(Fault.onCreate()
                            .provider("paynl")
                            .terminal("TH-1234-5678")
                            .breakConnection()
                            .times(1));
            play(context, replies, lost, paid, declined, cancelled, exchange);
            awaitExpected(paid, declined, cancelled, exchange);

            Scene timedOut = scene("the customer is too slow", create("too-slow", "till-2", 1_203), "EXPIRED");
            Scene again = scene("the same command once more", paid.command(), "SUCCEEDED");
            Scene reused = scene("the same key with another amount", create("paid", "till-1", 99_900), "REFUSED");
            Scene stale = scene("too late to be sent", stale(), "NOT_SENT");
            Scene slow = scene("a slow customer", create("slow", "till-3", 6_000), "SUCCEEDED");
            sandbox.faults()
                    .add(Fault.onCreate()
                            .terminal("50303254")
                            .customerDelay(Duration.ofMillis(2_500))
                            .times(1));
            Scene busy = scene("the terminal is busy", create("busy", "till-3", 350), "NOT_SENT");
            play(context, replies, timedOut, again, reused, stale, slow);
            awaitStatus(slow, "STARTED", 1);
            play(context, replies, busy);
            awaitStatus(again, "SUCCEEDED", 2);
            awaitExpected(reused, stale);
            List<Scene> afternoon = commandsOnPayments(context, replies);
            awaitExpected(timedOut, busy, slow, lost);
            unlisted.forEach(sandbox.faults()::remove);
            Scene found = scene("the answer is lost, the list has it", create("found", "till-2", 1_835), "SUCCEEDED");
            sandbox.webhooks().add(WebhookScript.of(WebhookScript.Way.LOST).terminal("706249441"));
            sandbox.faults()
                    .add(Fault.onCreate()
                            .terminal("706249441")
                            .breakConnection()
                            .times(1));
            play(context, replies, found);
            awaitExpected(found);
            List<Scene> elsewhere = otherProviders(context, replies);
            List<Scene> all = new ArrayList<>(List.of(
                    lost, found, paid, declined, cancelled, exchange, timedOut, again, reused, stale, slow, busy));
            all.addAll(afternoon);
            all.addAll(elsewhere);
            boolean right = closing(all);
            return accounts(context, lost) && right;
        }
    }

    /** The same commands at terminals of the other providers. */
    private List<Scene> otherProviders(JMSContext context, TemporaryQueue replies)
            throws JMSException, InterruptedException {
        List<Scene> scenes = List.of(
                scene("at Pin Vandaag V2", create("v2", "till-7", 1_150), "SUCCEEDED"),
                scene("at Bavindo", create("bavindo", "till-8", 1_250), "SUCCEEDED"),
                scene("at the CCV Payment API", create("ccv", "till-9", 1_350), "SUCCEEDED"),
                scene("at a terminal with CCV PayProxy", create("pump", "pump-1", 1_550), "SUCCEEDED"));
        play(context, replies, scenes.toArray(Scene[]::new));
        awaitExpected(scenes.toArray(Scene[]::new));
        ObjectNode charging = create("charged", "pump-1", 2_350).put("command", "capture");
        charging.putObject("provider")
                .put("authReference", "H4sIAAAAAAAAA6tWcs7PLchJLUlNCShKdSwt-" + prefix)
                .put("authReferenceVersion", "1")
                .put("terminalEnvironment", "EVCHARGING");
        Scene capture = scene("a car that was authorised before is charged", charging, "SUCCEEDED");
        play(context, replies, capture);
        awaitExpected(capture);
        return Stream.concat(scenes.stream(), Stream.of(capture)).toList();
    }

    /** The cashier calls a payment off, gives money back and mails a receipt. */
    private List<Scene> commandsOnPayments(JMSContext context, TemporaryQueue replies)
            throws JMSException, InterruptedException {
        sandbox.faults()
                .add(Fault.onCreate()
                        .terminal("50303253")
                        .customerDelay(Duration.ofSeconds(20))
                        .times(1));
        Scene regretted = scene("a customer changes her mind", create("regretted", "till-1", 1_995), "CANCELLED");
        play(context, replies, regretted);
        awaitStatus(regretted, "STARTED", 1);
        Scene cancel = scene("the cashier calls it off", about("call-off", "cancel", "regretted"), "SUCCEEDED");
        Scene receipt = scene("the receipt by e-mail", receipt(), "SUCCEEDED");
        Scene tooMuch = scene("more back than was paid", refund("too-much", 9_900), "REFUSED");
        Scene terminals = scene("which terminals are there?", command("terminals", "list-terminals"), "SUCCEEDED");
        Scene state = scene(
                "what does that one do?", command("state", "terminal-status").put("terminal", "till-3"), "SUCCEEDED");
        play(context, replies, cancel, receipt, tooMuch, terminals, state);
        awaitExpected(cancel, regretted, receipt, tooMuch, terminals, state);
        Scene update =
                scene("the terminal calls its host", command("update", "ctmp").put("terminal", "till-1"), "SUCCEEDED");
        Scene refund = scene("some of it back", refund("back", 250), "SUCCEEDED");
        play(context, replies, update, refund);
        awaitExpected(update, refund);
        return List.of(regretted, cancel, receipt, tooMuch, terminals, state, update, refund);
    }

    private ObjectNode command(String name, String type) {
        return Json.object().put("commandId", prefix + "-" + name).put("command", type);
    }

    private ObjectNode about(String name, String type, String payment) {
        return command(name, type).put("payment", prefix + "-" + payment);
    }

    private ObjectNode refund(String name, long cents) {
        ObjectNode command = about(name, "refund", "paid");
        command.putObject("amount").put("value", cents).put("currency", "EUR");
        return command;
    }

    private ObjectNode receipt() {
        ObjectNode command = about("receipt", "mail-receipt", "paid");
        command.putObject("receipt").put("to", "klant@example.nl").put("subject", "Uw bon");
        return command;
    }

    private Scene scene(String title, ObjectNode command, String expected) {
        return new Scene(title, command, expected);
    }

    private ObjectNode create(String name, String till, long cents) {
        ObjectNode command = Json.object();
        command.put("commandId", prefix + "-" + name);
        command.put("command", "create");
        command.put("terminal", till);
        command.putObject("amount").put("value", cents).put("currency", "EUR");
        command.put("reference", "SO-" + name);
        return command;
    }

    private ObjectNode stale() {
        return create("stale", "till-1", 500)
                .put("expiresAt", Instant.now().minusSeconds(60).toString());
    }

    private void play(JMSContext context, TemporaryQueue replies, Scene... scenes) throws JMSException {
        for (Scene scene : scenes) {
            TextMessage message = context.createTextMessage(Json.write(scene.command()));
            message.setJMSReplyTo(replies);
            sent(scene);
            context.createProducer().send(context.createQueue(Addresses.COMMANDS), message);
        }
    }

    private void received(Message message) {
        try {
            JsonNode result = Json.read(((TextMessage) message).getText());
            shown(result);
            arrived.add(result);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes results in until each scene has its expected one. */
    private void awaitExpected(Scene... scenes) throws InterruptedException {
        for (Scene scene : scenes) {
            awaitStatus(scene, scene.expected(), 1);
        }
    }

    /** Takes results in until the scene's command has had this status so many times; results arrive in any order. */
    private void awaitStatus(Scene scene, String status, int times) throws InterruptedException {
        String id = scene.command().path("commandId").asText();
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (Collections.frequency(seen.getOrDefault(id, List.of()), status) < times) {
            JsonNode result = arrived.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (result == null) {
                throw new IllegalStateException(
                        "No " + status + " for '" + scene.title() + "' within " + PATIENCE.toSeconds() + " s");
            }
            String of = result.path("commandId").asText();
            seen.computeIfAbsent(of, key -> new ArrayList<>())
                    .add(result.path("status").asText());
            JsonNode payment = result.path("payment");
            if (payment.isObject()) {
                payments.merge(payment.path("id").asText(), payment, Morning::newer);
            }
        }
    }

    /** Results may overtake each other: the highest version counts. */
    private static JsonNode newer(JsonNode one, JsonNode other) {
        return one.path("version").asInt() > other.path("version").asInt() ? one : other;
    }

    private void heading() {
        say("");
        say(bold("  A shop's morning: what the back office sends, and what comes back"));
        say("");
        say(bold(String.format("  %-12s  %-" + LEFT + "s  %s", "time", "command", "result")));
        say("  " + "─".repeat(12) + "  " + "─".repeat(LEFT) + "  " + "─".repeat(50));
    }

    private void sent(Scene scene) {
        JsonNode command = scene.command();
        String type = command.path("command").asText();
        String left = Stream.of(
                        "▶ " + name(command.path("commandId").asText()),
                        type.equals("create") ? "" : type,
                        command.path("terminal").asText(""),
                        command.has("payment")
                                ? "of " + name(command.path("payment").asText())
                                : "",
                        command.has("amount")
                                ? euro(command.path("amount").path("value").asLong())
                                : "",
                        " (" + scene.title() + ")")
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        say(String.format("  %-12s  %-" + LEFT + "s", now(), left));
    }

    private void shown(JsonNode result) {
        if (json) {
            synchronized (out) {
                out.println(Json.write(result));
            }
            return;
        }
        String status = result.path("status").asText();
        String code = result.path("error").path("code").asText("");
        String payment = result.path("payment").path("status").asText("");
        String state = result.path("terminal").path("state").asText("");
        String right = "◀ %-10s %s%s%s%s"
                .formatted(
                        name(result.path("commandId").asText()),
                        painted(status),
                        code.isEmpty() || code.equals(status) ? "" : "/" + code,
                        payment.isEmpty() ? "" : "  payment " + payment,
                        state.isEmpty() ? "" : "  terminal " + state);
        say(String.format("  %-12s  %-" + LEFT + "s  %s", now(), "", right));
    }

    private boolean closing(List<Scene> scenes) {
        long told = 0;
        long back = 0;
        long doubt = 0;
        for (JsonNode payment : payments.values()) {
            told += payment.path("amounts").path("paid").asLong();
            back += payment.path("amounts").path("refunded").asLong();
            if (payment.path("status").asText().equals("IN_DOUBT")) {
                doubt += payment.path("amounts").path("requested").asLong();
            }
        }
        boolean asExpected = scenes.stream().allMatch(scene -> seen.getOrDefault(
                        scene.command().path("commandId").asText(), List.of())
                .contains(scene.expected()));
        long book = sandbox.book().charges().stream().mapToLong(Charge::amount).sum();
        long bookBack = sandbox.book().refunded();
        boolean agrees = told + doubt == book && back == bookBack;
        say("");
        say("  The results say paid            " + euro(told));
        say("  A person is asked about         " + euro(doubt)
                + "   (the answer was lost: nothing was sent twice, nothing is guessed)");
        say("  The results say given back      " + euro(back));
        say("  The terminals' own book says    " + euro(book) + "   in "
                + sandbox.book().size() + " charges, and " + euro(bookBack) + " given back");
        say("  "
                + (agrees
                        ? painted("SUCCEEDED", "Both sides agree to the cent.")
                        : painted("FAILED", "THE SIDES DO NOT AGREE.")));
        say("");
        return agrees && asExpected;
    }

    /** The accountant's part: the day so far, held against the provider's list. */
    private boolean accounts(JMSContext context, Scene lost) throws JMSException, InterruptedException {
        LocalDate today = LocalDate.now(SHOP);
        // The list tells seconds: what happened in this one is seen in the next.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_100));
        say(bold("  The day so far is held against the provider's own list:"));
        say("");
        Path report = bridge.bridge().reconcile(PROVIDER, today).orElse(null);
        if (report == null) {
            say("  " + painted("FAILED", "THE DAY COULD NOT BE RECONCILED; the log says why."));
            return false;
        }
        JsonNode header = null;
        JsonNode trailer = null;
        try (JMSConsumer feed = context.createConsumer(context.createQueue(Addresses.RECONCILIATION))) {
            while (trailer == null) {
                Message message = feed.receive(PATIENCE.toMillis());
                if (message == null) {
                    throw new IllegalStateException("The feed did not arrive within " + PATIENCE.toSeconds() + " s");
                }
                JsonNode part = Json.read(message.getBody(String.class));
                header = part.path("part").asText().equals("HEADER") ? part : header;
                trailer = part.path("part").asText().equals("TRAILER") ? part : trailer;
            }
        }
        // The list says how the payment ended whose answer was lost, and its sender hears of it.
        awaitStatus(lost, "SUCCEEDED", 1);
        return told(report, Objects.requireNonNull(header), trailer);
    }

    private boolean told(Path report, JsonNode header, JsonNode trailer) {
        JsonNode sums = trailer.path("identity").path(0);
        // The others have no list of a day, or one of their own; their payments were in the sums above.
        long money = listed(sandbox.book().charges()) - listed(sandbox.book().refunds());
        boolean right = trailer.path("exceptions").asInt() == 0
                && sums.path("providerTotal").asLong() == money
                && sums.path("ledgerTotal").asLong() == money;
        if (json) {
            synchronized (out) {
                out.println(Json.write(Json.object()
                        .set(
                                "reconciliation",
                                Json.object()
                                        .put(
                                                "businessDay",
                                                header.path("businessDay").asText())
                                        .put(
                                                "provisional",
                                                !header.path("dayOver").asBoolean())
                                        .put("rows", trailer.path("rows").asInt())
                                        .put(
                                                "exceptions",
                                                trailer.path("exceptions").asInt())
                                        .put(
                                                "providerTotal",
                                                sums.path("providerTotal").asLong())
                                        .put(
                                                "ledgerTotal",
                                                sums.path("ledgerTotal").asLong())
                                        .put("report", report.toString()))));
            }
        }
        say("");
        say("  Provider " + euro(sums.path("providerTotal").asLong()) + " = ledger "
                + euro(sums.path("ledgerTotal").asLong()) + " + listed exceptions "
                + euro(sums.path("exceptionsTotal").asLong()) + "   ("
                + trailer.path("rows").asInt() + " rows; the list"
                + " settled the payment whose answer was lost)");
        say("  "
                + (right
                        ? painted("SUCCEEDED", "Nothing is left to explain.")
                        : painted("FAILED", "THE LEDGER AND THE LIST DO NOT AGREE.")));
        say("  The report, provisional until the day is over:  " + report);
        say("");
        return right;
    }

    private static long listed(List<Charge> lines) {
        return lines.stream()
                .filter(line -> line.provider().equals(PROVIDER))
                .mapToLong(Charge::amount)
                .sum();
    }

    private String name(String commandId) {
        return commandId.startsWith(prefix) ? commandId.substring(prefix.length() + 1) : commandId;
    }

    /** Dutch notation, from integer cents. */
    private static String euro(long cents) {
        List<String> groups = new ArrayList<>();
        long whole = cents / 100;
        do {
            groups.add(0, whole >= 1_000 ? String.format("%03d", whole % 1_000) : String.valueOf(whole));
            whole /= 1_000;
        } while (whole > 0);
        return "€ " + String.join(".", groups) + "," + String.format("%02d", cents % 100);
    }

    private static String now() {
        return LocalTime.now(ZoneId.systemDefault()).format(TIME);
    }

    private void say(String line) {
        if (!json) {
            synchronized (out) {
                out.println(line.stripTrailing());
            }
        }
    }

    private String bold(String text) {
        return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    private String painted(String status) {
        return painted(status, status);
    }

    private String painted(String status, String text) {
        if (!colour) {
            return text;
        }
        String code =
                switch (status) {
                    case "SUCCEEDED" -> "32";
                    case "NEEDS_ATTENTION", "IN_DOUBT" -> "35";
                    case "STARTED", "WAITING" -> "36";
                    default -> "33";
                };
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
