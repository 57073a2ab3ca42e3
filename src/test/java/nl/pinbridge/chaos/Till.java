package nl.pinbridge.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;

/** One till's day, made by a seed: what its cashier does and what goes wrong. The same seed makes the same script. */
final class Till implements Callable<Till.Met> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String alias;
    private final String id;
    private final Brand brand;
    private final int commands;
    private final Random random;
    private final Office office;
    private final Sandbox sandbox;
    private final List<Trouble> deck = new ArrayList<>();
    private final List<Way> letters = new ArrayList<>();
    private final Map<Trouble, Integer> met = new EnumMap<>(Trouble.class);
    private final Map<Way, Integer> webhooks = new EnumMap<>(Way.class);

    /** How often each kind of trouble came, at the calls and at the webhooks. */
    record Met(Map<Trouble, Integer> troubles, Map<Way, Integer> webhooks) {}

    private int sent;

    Till(String alias, String id, Brand brand, int commands, long seed, Office office, Sandbox sandbox) {
        this.alias = alias;
        this.id = id;
        this.brand = brand;
        this.commands = commands;
        this.random = new Random(seed);
        this.office = office;
        this.sandbox = sandbox;
    }

    @Override
    public Met call() {
        while (sent < commands) {
            String sale = key("sale");
            if (random.nextInt(12) == 0) {
                // A cancel that overtakes its create.
                send(about("early", "cancel", sale));
            }
            trouble("create");
            webhook();
            if (random.nextInt(6) == 0) {
                // Nor is what shows a lost payment always there.
                trouble(random.nextBoolean() ? "getLatestTransaction" : "date");
            }
            ObjectNode create = command(sale, "create").put("terminal", alias);
            create.putObject("amount")
                    .put("value", 100 + random.nextInt(20_000))
                    .put("currency", "EUR");
            send(create);
            if (random.nextInt(6) == 0) {
                office.sendOnce(create);
            }
            if (random.nextInt(10) == 0) {
                ObjectNode other = create.deepCopy();
                other.putObject("amount").put("value", 1).put("currency", "EUR");
                office.sendOtherOnceKnown(other);
            }
            if (random.nextInt(5) == 0) {
                pause(random.nextInt(900));
                trouble("cancel");
                send(about("cancel", "cancel", sale));
            }
            if (random.nextInt(5) == 0) {
                trouble("status");
                send(about("status", "status", sale));
            }
            JsonNode ended = office.awaitFinal(sale, PATIENCE);
            if (ended.at("/payment/status").asText().equals("PAID")) {
                afterPaid(sale, ended.at("/payment/amounts/paid").asLong());
            }
            if (brand == Brand.WORLDLINE && random.nextInt(10) == 0) {
                trouble("ctmp");
                send(command(key("ctmp"), "ctmp").put("terminal", alias));
            }
        }
        return new Met(met, webhooks);
    }

    private void afterPaid(String sale, long paid) {
        if (brand == Brand.WORLDLINE && random.nextInt(3) == 0) {
            trouble("refund");
            ObjectNode first = about("refund", "refund", sale);
            first.putObject("amount")
                    .put("value", 1 + random.nextInt((int) paid))
                    .put("currency", "EUR");
            send(first);
            if (random.nextBoolean()) {
                ObjectNode second = about("refund", "refund", sale);
                second.putObject("amount")
                        .put("value", 1 + random.nextInt((int) paid))
                        .put("currency", "EUR");
                send(second);
                office.awaitFinal(second.path("commandId").asText(), PATIENCE);
            }
            office.awaitFinal(first.path("commandId").asText(), PATIENCE);
        }
        if (random.nextInt(6) == 0) {
            trouble("mailreceipt");
            ObjectNode mail = about("mail", "mail-receipt", sale);
            mail.putObject("receipt").put("to", "klant@example.nl");
            send(mail);
        }
        if (random.nextInt(8) == 0) {
            send(about("late-cancel", "cancel", sale));
        }
    }

    private String key(String what) {
        return alias + "-" + sent + "-" + what;
    }

    private static ObjectNode command(String key, String type) {
        return Json.object().put("commandId", key).put("command", type);
    }

    private ObjectNode about(String what, String type, String payment) {
        return command(key(what), type).put("payment", payment);
    }

    private void send(ObjectNode command) {
        sent++;
        office.send(command);
    }

    /** What becomes of the next webhook of this till. */
    private void webhook() {
        if (letters.isEmpty()) {
            letters.addAll(List.of(Way.values()));
            letters.add(Way.LOST);
            Collections.shuffle(letters, random);
        }
        Way way = letters.remove(letters.size() - 1);
        WebhookScript script = WebhookScript.of(way).terminal(id).times(1);
        if (random.nextInt(4) == 0) {
            script = script.late(Duration.ofMillis(random.nextInt(2_000)));
        }
        sandbox.webhooks().add(random.nextBoolean() ? script.printed() : script);
        webhooks.merge(way, 1, Integer::sum);
    }

    /** Every kind of trouble comes once before any comes again, so that a short run meets them all. */
    private void trouble(String operation) {
        if (deck.isEmpty()) {
            deck.addAll(List.of(Trouble.values()));
            for (int i = 0; i < 8; i++) {
                deck.add(Trouble.NONE);
            }
            Collections.shuffle(deck, random);
        }
        for (int i = deck.size() - 1; i >= 0; i--) {
            Trouble next = deck.get(i);
            try {
                if (next != Trouble.NONE) {
                    sandbox.faults().add(next.on(operation, id));
                }
                deck.remove(i);
                met.merge(next, 1, Integer::sum);
                return;
            } catch (IllegalArgumentException e) {
                // That trouble means nothing for this call; another call will meet it.
                continue;
            }
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }
}
