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
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.sandbox.WebhookScript.Way;

/** One till's day, made by a seed: what its cashier does and what goes wrong. The same seed makes the same script. */
final class Till implements Callable<Till.Met> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Place place;
    private final String alias;
    private final String id;
    private final int commands;
    private final Random random;
    private final Office office;
    private final Sandbox sandbox;
    private final List<Trouble> deck = new ArrayList<>();
    private final List<Way> letters = new ArrayList<>();
    private final Map<Trouble, Integer> met = new EnumMap<>(Trouble.class);
    private final Map<Way, Integer> webhooks = new EnumMap<>(Way.class);
    private final Map<CommandType, Integer> asked = new EnumMap<>(CommandType.class);

    /**
     * Where a till stands.
     *
     * @param number from 0, of all tills
     * @param id the provider's
     * @param whole whether its terminal does all that its provider can do
     */
    record Place(int number, Shop shop, String id, boolean whole) {
        String alias() {
            return "t" + number;
        }
    }

    /** How often each command was sent, and each kind of trouble came, at the calls and at the webhooks. */
    record Met(
            Shop shop, Map<CommandType, Integer> asked, Map<Trouble, Integer> troubles, Map<Way, Integer> webhooks) {}

    private int reservations;
    private int checks;

    private int sent;

    Till(Place place, int commands, long seed, Office office, Sandbox sandbox) {
        this.place = place;
        this.alias = place.alias();
        this.id = place.id();
        this.commands = commands;
        this.random = new Random(seed + place.number());
        this.office = office;
        this.sandbox = sandbox;
        // The tills begin at different places of the same deck, so that a short run too meets everything.
        deal(new Random(seed));
        Collections.rotate(deck, 7 * place.number());
        Collections.rotate(letters, 5 * place.number());
    }

    @Override
    public Met call() {
        Shop shop = place.shop();
        while (sent < commands) {
            if (shop.capturesElsewhere() && random.nextInt(3) == 0) {
                captureElsewhere();
                continue;
            }
            String sale = key("sale");
            if (random.nextInt(12) == 0 && shop.takes(CommandType.CANCEL)) {
                // A cancel that overtakes its create.
                send(about("early", "cancel", sale));
            }
            int kind = random.nextInt(8);
            boolean reserves = shop.takes(CommandType.VOID) && kind < 2;
            boolean checks = shop.takes(CommandType.APPROVE) && kind == 2;
            Fault ending = reserves ? shop.reserving(id) : checks ? shop.checking(id) : null;
            if (ending != null) {
                sandbox.faults().add(ending);
            } else {
                trouble(reserves ? "authorise" : "create");
            }
            webhook();
            if (random.nextInt(6) == 0 && !shop.finders().isEmpty()) {
                // Nor is what shows a lost payment always there.
                troubleAt(shop.finders().get(random.nextInt(shop.finders().size())));
            }
            boolean authorise = reserves && shop.takes(CommandType.AUTHORISE);
            ObjectNode create =
                    command(sale, authorise ? "authorise" : "create").put("terminal", alias);
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
            if (checks) {
                judge(sale);
            } else if (random.nextInt(5) == 0 && shop.takes(CommandType.CANCEL)) {
                pause(random.nextInt(900));
                trouble("cancel");
                send(about("cancel", "cancel", sale));
            }
            if (random.nextInt(5) == 0) {
                trouble("status");
                send(about("status", "status", sale));
            }
            JsonNode ended = office.awaitFinal(sale, PATIENCE);
            if (ended.at("/payment/status").asText().equals("AUTHORISED")) {
                afterReserved(sale, ended.at("/payment/amounts/authorised").asLong());
            } else if (ended.at("/payment/status").asText().equals("PAID")) {
                afterPaid(sale, ended.at("/payment/amounts/paid").asLong());
            }
            if (shop.takes(CommandType.CTMP) && place.whole() && random.nextInt(10) == 0) {
                trouble("ctmp");
                send(command(key("ctmp"), "ctmp").put("terminal", alias));
            }
        }
        return new Met(shop, asked, met, webhooks);
    }

    /** What is reserved is captured, captured in part or given up. */
    private void afterReserved(String sale, long authorised) {
        int what = (place.number() / 2 + reservations++) % 3;
        long part = 1 + random.nextInt((int) authorised - 1);
        trouble(what == 0 ? "capture" : what == 1 ? "void" : "capture-amount");
        ObjectNode change = about(what == 1 ? "void" : "capture", what == 1 ? "void" : "capture", sale);
        if (what != 1) {
            change.putObject("amount")
                    .put("value", what == 0 ? authorised : part)
                    .put("currency", "EUR");
        }
        send(change);
        if (random.nextInt(4) == 0) {
            office.sendOnce(change);
        }
        office.awaitFinal(change.path("commandId").asText(), PATIENCE);
    }

    /** What was authorised elsewhere is captured, and sometimes somebody tries to capture it once more. */
    private void captureElsewhere() {
        trouble("capture");
        ObjectNode first = captureOf(alias + "-authorisation-" + sent);
        send(first);
        if (random.nextInt(3) == 0) {
            send(captureOf(first.at("/provider/authReference").asText()));
        }
        office.awaitFinal(first.path("commandId").asText(), PATIENCE);
    }

    private ObjectNode captureOf(String authorisation) {
        ObjectNode command = command(key("capture"), "capture").put("terminal", alias);
        command.putObject("amount").put("value", 100 + random.nextInt(20_000)).put("currency", "EUR");
        command.putObject("provider")
                .put("authReference", authorisation)
                .put("authReferenceVersion", "1")
                .put("terminalEnvironment", "EVCHARGING");
        return command;
    }

    /** What waits for a judgement is approved or declined. */
    private void judge(String sale) {
        office.awaitKnown(sale, PATIENCE);
        String judgement = checks++ % 2 == 0 ? "approve" : "decline";
        trouble(judgement);
        ObjectNode command = about(judgement, judgement, sale);
        send(command);
        office.awaitFinal(command.path("commandId").asText(), PATIENCE);
    }

    private void afterPaid(String sale, long paid) {
        if (place.shop().takes(CommandType.REFUND) && place.whole() && random.nextInt(3) == 0) {
            boolean whole = place.shop().wholeRefunds();
            boolean cardFree = place.shop().refundsWithoutCard() && random.nextInt(3) == 0;
            trouble(cardFree ? "refund-without-card" : "refund");
            ObjectNode first = refund(sale, whole ? 0 : paid, cardFree);
            send(first);
            if (random.nextBoolean()) {
                ObjectNode second = refund(sale, whole ? 0 : paid, cardFree);
                send(second);
                office.awaitFinal(second.path("commandId").asText(), PATIENCE);
            }
            office.awaitFinal(first.path("commandId").asText(), PATIENCE);
        }
        if (place.shop().takes(CommandType.MAIL_RECEIPT) && random.nextInt(6) == 0) {
            trouble("mail-receipt");
            ObjectNode mail = about("mail", "mail-receipt", sale);
            mail.putObject("receipt").put("to", "klant@example.nl");
            send(mail);
        }
        if (random.nextInt(8) == 0 && place.shop().takes(CommandType.CANCEL)) {
            send(about("late-cancel", "cancel", sale));
        }
    }

    /**
     * @param paid at most so much goes back, minor units; 0 for all of it
     */
    private ObjectNode refund(String sale, long paid, boolean cardFree) {
        ObjectNode command = about("refund", "refund", sale);
        if (paid > 0) {
            command.putObject("amount")
                    .put("value", 1 + random.nextInt((int) paid))
                    .put("currency", "EUR");
        }
        if (cardFree) {
            command.putObject("provider").put("withoutCard", true);
        }
        return command;
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
        asked.merge(CommandType.fromWire(command.path("command").asText()).orElseThrow(), 1, Integer::sum);
        office.send(command);
    }

    /** A new deck of what has run out. */
    private void deal(Random shuffling) {
        if (deck.isEmpty()) {
            deck.addAll(Trouble.of(place.shop()));
            for (int i = 0; i < 8; i++) {
                deck.add(Trouble.NONE);
            }
            Collections.shuffle(deck, shuffling);
        }
        if (letters.isEmpty()) {
            letters.addAll(List.of(Way.values()));
            letters.add(Way.LOST);
            Collections.shuffle(letters, shuffling);
        }
    }

    /** What becomes of the next webhook of this till. */
    private void webhook() {
        if (letters.isEmpty()) {
            deal(random);
        }
        Way way = letters.remove(letters.size() - 1);
        WebhookScript script = WebhookScript.of(way).terminal(id).times(1);
        if (random.nextInt(4) == 0) {
            script = script.late(Duration.ofMillis(random.nextInt(2_000)));
        }
        if (!place.shop().styles().isEmpty()
                && random.nextInt(place.shop().styles().size() + 1) == 0) {
            List<String> styles = place.shop().styles();
            script = script.style(styles.get(random.nextInt(styles.size())));
        }
        sandbox.webhooks().add(script);
        webhooks.merge(way, 1, Integer::sum);
    }

    /** Something may go wrong with the next call of an operation. */
    private void trouble(String operation) {
        troubleAt(place.shop().wire(operation));
    }

    /** Every kind of trouble comes once before any comes again, so that a short run meets them all. */
    private void troubleAt(String operation) {
        if (deck.isEmpty()) {
            deal(random);
        }
        for (int i = deck.size() - 1; i >= 0; i--) {
            Trouble next = deck.get(i);
            try {
                if (next != Trouble.NONE) {
                    sandbox.faults().add(next.on(place.shop(), operation, id));
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
