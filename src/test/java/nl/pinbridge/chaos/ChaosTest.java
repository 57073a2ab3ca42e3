package nl.pinbridge.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nl.pinbridge.app.Cable;
import nl.pinbridge.config.Secret;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.crash.Life;
import nl.pinbridge.ledger.Databases;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.WebhookScript;
import nl.pinbridge.webhook.WebhookTokens;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands of every kind, every fault of the sandbox, and a bridge that is killed, stopped, cut from its database and robbed of its
 * broker's data meanwhile. {@code -Dseed=N} with the same number of commands
 * plays the same script again, {@code -Dcommands=N} a longer one.
 */
class ChaosTest {
    private static final int COMMANDS = Integer.getInteger("commands", 300);
    private static final long SEED = Long.getLong("seed", 20261121L);
    private static final int TILLS = Math.min(100, Math.max(24, COMMANDS / 100));

    /** From so many commands on each provider meets all that can go wrong. */
    private static final int LONG = 3_000;

    /** With an even seed the older, unsigned exchanges of PAY. are taken as well. */
    static final boolean SIGNED = SEED % 2 != 0;

    private static final String WEBHOOK_SECRET = "the-secret-of-a-day-in-which-all-goes-wrong";

    /** What happens to the bridge itself. */
    private enum Blow {
        KILLED,
        STOPPED,
        DATABASE_AWAY,
        BROKER_DATA_DELETED
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path home;

    private final Map<Blow, Integer> blows = new EnumMap<>(Blow.class);
    private final Map<Shop, Map<CommandType, Integer>> asked = new EnumMap<>(Shop.class);
    private final Map<Shop, Map<Trouble, Integer>> troubles = new EnumMap<>(Shop.class);
    private final Map<Shop, Map<WebhookScript.Way, Integer>> webhooks = new EnumMap<>(Shop.class);

    @Test
    void whatever_happens_nobody_is_charged_twice_and_no_result_is_lost() throws Exception {
        String database = Databases.POSTGRESQL.freshUrl().replaceAll("[?].*", "");
        int port = Integer.parseInt(database.replaceAll(".*:(\\d+)/.*", "$1"));
        try (Sandbox sandbox = sandbox();
                Cable cable = new Cable(port, false);
                Life bridge = new Life(home)) {
            write(sandbox, database.replace(":" + port + "/", ":" + cable.port() + "/"));
            bridge.start(Map.of());
            try (Office office = new Office(home)) {
                long start = System.nanoTime();
                try {
                    play(sandbox, cable, bridge, office);
                    for (String key : office.keys()) {
                        office.awaitFinal(key, Duration.ofMinutes(2));
                    }
                } catch (ExecutionException | ConditionTimeoutException e) {
                    unfinished(office, database);
                    throw e;
                }
                Judge judge = new Judge(office, sandbox, places());
                List<String> complaints = judge.judge();
                report(office, judge, Duration.ofNanos(System.nanoTime() - start));
                assertThat(complaints).isEmpty();
                for (Shop shop : Shop.values()) {
                    if (COMMANDS >= LONG) {
                        assertThat(asked.get(shop).keySet())
                                .as("commands to %s", shop)
                                .containsAll(shop.commands());
                        assertThat(troubles.get(shop).keySet())
                                .as("troubles of %s", shop)
                                .containsAll(Trouble.of(shop));
                    }
                }
                assertThat(troubles.values().stream().flatMap(each -> each.keySet().stream()))
                        .as("troubles")
                        .containsAll(Trouble.of(Shop.PINVANDAAG));
                assertThat(webhooks.values().stream().flatMap(each -> each.keySet().stream()))
                        .as("webhooks")
                        .contains(WebhookScript.Way.values());
                if (COMMANDS >= LONG) {
                    assertThat(judge.elsewhere).as("reads at other cores").isPositive();
                }
                assertThat(blows.keySet()).as("blows that fell").contains(Blow.values());
            }
        }
    }

    /** What the ledger knows of the commands that nobody heard the end of. */
    private void unfinished(Office office, String database) throws SQLException {
        System.out.println("The bridge's folder is kept: " + home);
        try (Connection ledger = DriverManager.getConnection(database, "postgres", null)) {
            for (String key : office.keys()) {
                JsonNode heard = office.best(key);
                if (heard != null && heard.path("final").asBoolean()) {
                    continue;
                }
                System.out.println("No end of " + key + ", last heard: " + heard);
                for (String question : List.of(
                        "select * from command where command_id = ?",
                        "select p.* from payment p join command c on p.created_by = c.row_id where c.command_id = ?",
                        "select h.* from history h join command c on h.command_row = c.row_id where c.command_id = ?"
                                + " order by h.id")) {
                    try (PreparedStatement asked = ledger.prepareStatement(question)) {
                        asked.setString(1, key);
                        print(asked.executeQuery());
                    }
                }
            }
        }
    }

    private static void print(ResultSet rows) throws SQLException {
        while (rows.next()) {
            StringBuilder line = new StringBuilder("   ");
            for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                String value = String.valueOf(rows.getString(column));
                line.append(' ')
                        .append(rows.getMetaData().getColumnName(column))
                        .append('=')
                        .append(value, 0, Math.min(value.length(), 120));
            }
            System.out.println(line);
        }
    }

    private void play(Sandbox sandbox, Cable cable, Life bridge, Office office) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(TILLS);
        List<Future<Till.Met>> tills = new ArrayList<>();
        for (int i = 0; i < TILLS; i++) {
            tills.add(threads.submit(new Till(place(i), COMMANDS / TILLS, SEED, office, sandbox)));
        }
        threads.shutdown();
        Random random = new Random(SEED);
        int next = 0;
        // A long run has more tills at once: as many blows a command as a short one.
        while (!threads.awaitTermination((2_000 + random.nextInt(3_000)) * (TILLS / 24), TimeUnit.MILLISECONDS)
                || next < 4) {
            strike(Blow.values()[next++ % Blow.values().length], random, cable, bridge);
        }
        for (Future<Till.Met> till : tills) {
            Till.Met met = till.get();
            add(asked.computeIfAbsent(met.shop(), none -> new EnumMap<>(CommandType.class)), met.asked());
            add(troubles.computeIfAbsent(met.shop(), none -> new EnumMap<>(Trouble.class)), met.troubles());
            add(webhooks.computeIfAbsent(met.shop(), none -> new EnumMap<>(WebhookScript.Way.class)), met.webhooks());
        }
    }

    private static <K> void add(Map<K, Integer> sums, Map<K, Integer> more) {
        more.forEach((key, times) -> sums.merge(key, times, Integer::sum));
    }

    private void strike(Blow blow, Random random, Cable cable, Life bridge) throws IOException, InterruptedException {
        switch (blow) {
            case KILLED -> {
                bridge.kill();
                bridge.start(Map.of());
            }
            case STOPPED -> {
                bridge.signal("STOP");
                pass(500 + random.nextInt(3_000));
                bridge.signal("CONT");
            }
            case DATABASE_AWAY -> {
                cable.cut();
                pass(500 + random.nextInt(2_500));
                cable.mend();
            }
            case BROKER_DATA_DELETED -> {
                bridge.kill();
                delete(home.resolve("data").resolve("broker"));
                bridge.start(Map.of());
            }
        }
        blows.merge(blow, 1, Integer::sum);
    }

    /** The length of a blow, which is part of the script. */
    private static void pass(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    private void report(Office office, Judge judge, Duration took) {
        List<Long> millis = office.millisToFinal();
        System.out.printf(
                Locale.ROOT,
                "Chaos: seed %d, %d commands and %d repeats in %d s; blows %s%n",
                SEED,
                office.keys().size(),
                office.repeats(),
                took.toSeconds(),
                blows);
        for (Shop shop : Shop.values()) {
            System.out.println(shop.provider() + ": commands " + asked.get(shop));
            System.out.println(shop.provider() + ": trouble met " + troubles.get(shop));
            System.out.println(shop.provider() + ": webhooks " + webhooks.get(shop));
        }
        System.out.println(
                "Exchanges of PAY. must be signed: " + SIGNED + "; reads at its other cores: " + judge.elsewhere);
        System.out.println("Charged " + judge.chargedBy + ", given back " + judge.givenBackBy + " (cents)");
        System.out.printf(
                Locale.ROOT,
                "Told paid %d + with a person %d = charged %d; told back %d (with a person up to %d), given back %d (cents)%n",
                judge.toldPaid,
                judge.withPerson,
                judge.charged,
                judge.toldBack,
                judge.backWithPerson,
                judge.givenBack);
        System.out.printf(
                Locale.ROOT,
                "Time to the final result: p50 %d ms, p95 %d ms%n",
                millis.get(millis.size() / 2),
                millis.get(millis.size() * 95 / 100));
    }

    private static Till.Place place(int number) {
        Shop shop = Shop.values()[number % Shop.values().length];
        return new Till.Place(number, shop, shop.id(number), shop.whole(number));
    }

    private static List<Till.Place> places() {
        return IntStream.range(0, TILLS).mapToObj(ChaosTest::place).toList();
    }

    private static Sandbox sandbox() {
        return Sandbox.start(Shop.options(places()));
    }

    private void write(Sandbox sandbox, String database) throws IOException {
        // The providers must find the bridge again after each restart.
        int port = freePort();
        Map<String, String> settings = new TreeMap<>(Map.of(
                "routes", Path.of("routes").toAbsolutePath().toString(),
                "broker.port", "0",
                "http.port", String.valueOf(port),
                "public-url", "https://127.0.0.1:" + port,
                "management.port", "0",
                "ledger.url", database,
                "ledger.username", "postgres",
                "sweep.interval", "PT1S",
                "lane.wait", "PT6S"));
        settings.put("webhook.secret", WEBHOOK_SECRET);
        // Bavindo is told one address, and keeps it through all that happens to the bridge.
        sandbox.bavindoWebhooks("http://127.0.0.1:" + port
                + new WebhookTokens(new Secret(WEBHOOK_SECRET)).path(Shop.BAVINDO.provider()));
        for (Shop shop : Shop.values()) {
            Map<String, String> own = new TreeMap<>(Map.of(
                    "connect-timeout", "PT1S",
                    "response-timeout", "PT1.5S",
                    "first-look", "PT0.2S",
                    "look-interval", "PT0.3S",
                    "look-interval-max", "PT1S",
                    "maximum", "PT4S"));
            own.putAll(shop.settings(sandbox));
            own.forEach((key, value) -> settings.put("provider." + shop.provider() + "." + key, value));
        }
        Files.createDirectories(home.resolve("config"));
        Files.write(
                home.resolve("config").resolve("application.properties"),
                settings.entrySet().stream()
                        .map(each -> "pinbridge." + each.getKey() + "=" + each.getValue())
                        .toList());
        List<String> directory = new ArrayList<>(List.of("terminals:"));
        for (Till.Place place : places()) {
            directory.add("  " + place.alias() + ": " + place.shop().terminal(place, sandbox));
        }
        Files.write(home.resolve("config").resolve("terminals.yaml"), directory);
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
