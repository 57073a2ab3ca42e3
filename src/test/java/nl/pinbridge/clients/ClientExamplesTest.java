package nl.pinbridge.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
import nl.pinbridge.broker.Delivered;
import nl.pinbridge.broker.EmbeddedBroker;
import nl.pinbridge.clients.Example.Run;
import nl.pinbridge.config.Settings;
import nl.pinbridge.contract.Json;
import nl.pinbridge.demo.SandboxedBridge;
import nl.pinbridge.sandbox.Answer;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What our pages tell integrators to copy does what they say, against the very bridge that the pages tell them to start. */
class ClientExamplesTest {
    /** A terminal of {@code pinbridge run --sandbox}. */
    private record Till(String alias, String id) {}

    /** Each example has a terminal of its own, so that all can run at once. */
    private static final Map<Example, Till> TILLS = Map.of(
            Example.JAVA, new Till("till-1", "50303253"),
            Example.PYTHON, new Till("till-2", "706249441"),
            Example.NODE, new Till("till-3", "50303254"));

    private static final Map<String, String> AS_SHIPPED = Map.of();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path home;

    @SuppressWarnings("NullAway.Init")
    private static SandboxedBridge bridge;

    private static final Map<String, Map<Example, Run>> SCENES = new HashMap<>();

    @BeforeAll
    static void start() {
        String routes = Path.of("routes").toAbsolutePath().toString();
        bridge = SandboxedBridge.start(Settings.of(home, Map.of("pinbridge.routes", routes)), Map.of(), true);
    }

    @AfterAll
    static void stop() {
        bridge.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_payment_is_paid(Example example) throws IOException {
        Run run = run(example, "paid", each -> pay(each, "paid", AS_SHIPPED, 1050));

        List<Charge> charges = charges(example, 1050);
        assertThat(charges).hasSize(1);
        assertThat(run.errors()).isEmpty();
        assertThat(run.lines())
                .containsExactly(
                        "sent       create " + key(example, "paid") + ": EUR 10.50 on "
                                + TILLS.get(example).alias(),
                        "STARTED    payment OPEN, version 1",
                        "SUCCEEDED  payment PAID, version 2",
                        "paid: EUR 10.50, transaction " + charges.get(0).transactionId());
        assertThat(run.exit()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void a_declined_payment_is_not_paid(Example example) {
        Run run = run(example, "declined", each -> pay(each, "declined", AS_SHIPPED, 2501));

        assertThat(charges(example, 2501)).isEmpty();
        assertThat(run.errors()).isEmpty();
        assertThat(run.lines().subList(1, run.lines().size()))
                .containsExactly(
                        "STARTED    payment OPEN, version 1",
                        "DECLINED   payment NOT_PAID, version 2",
                        "not paid: DECLINED: The card was declined. The customer can pay another way, with a new command.");
        assertThat(run.exit()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_refused_command_is_not_paid(Example example) {
        Run run = run(
                example,
                "refused",
                each -> each.run(folder(each, "refused"), AS_SHIPPED, bridge.connectionFile(), "till-99", 1050));

        assertThat(run.lines().subList(1, run.lines().size()))
                .containsExactly(
                        "REFUSED    payment none, version 1",
                        "not paid: UNKNOWN_TERMINAL: There is no terminal 'till-99' in the terminal directory.");
        assertThat(run.exit()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void what_the_bridge_cannot_tell_is_a_persons_matter(Example example) {
        Run run = run(example, "doubt", each -> {
            bridge.sandbox()
                    .faults()
                    .add(Fault.onStatus().terminal(TILLS.get(each).id()).answer(new Answer.WrongAmount(999)));
            return pay(each, "doubt", AS_SHIPPED, 1060);
        });

        assertThat(run.lines())
                .last()
                .asString()
                .startsWith("not known: INTEGRITY: ")
                .endsWith("a person has to look.");
        assertThat(run.exit()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void silence_is_answered_with_status_and_not_with_another_create(Example example) throws IOException {
        Run run = run(example, "slow", each -> {
            bridge.sandbox()
                    .faults()
                    .add(Fault.onCreate().terminal(TILLS.get(each).id()).customerDelay(Duration.ofSeconds(6)));
            return pay(each, "slow", Map.of("PAY_TIME_TO_START", "3", "PAY_GRACE", "2"), 1070);
        });

        assertThat(run.lines())
                .contains(
                        "sent       status for " + key(example, "slow") + ", because no final answer came",
                        "SUCCEEDED  payment OPEN, version 1")
                .last()
                .asString()
                .startsWith("paid: EUR 10.70");
        assertThat(run.exit()).isZero();
        assertThat(charges(example, 1070)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void when_nobody_answers_a_person_is_told_which_key_it_was(Example example) throws IOException {
        example.assumeInstalled();
        if (!SCENES.containsKey("nobody")) {
            playWithoutBridge();
        }
        Run run = SCENES.get("nobody").get(example);

        String key = key(example, "nobody");
        assertThat(run.errors()).contains("not known: no final answer; ask with status for " + key);
        assertThat(run.exit()).isEqualTo(2);
        List<String> sent = new ArrayList<>();
        Json.read(Files.readString(home.resolve("nobody.json"))).forEach(command -> {
            if (command.path("commandId").asText().startsWith(key)) {
                sent.add(command.path("command").asText());
            }
        });
        assertThat(sent).containsExactly("create", "status", "status", "status", "status", "status");
    }

    /** A broker that nobody reads: commands arrive, and no answer comes. */
    private static void playWithoutBridge() throws IOException {
        BrokerSettings settings =
                new BrokerSettings(home.resolve("nobody"), 0, List.of(), List.of(), Delivered.providers());
        Credentials credentials = Credentials.load(settings);
        try (EmbeddedBroker broker = EmbeddedBroker.start(settings, credentials)) {
            credentials.writeConnectionFiles(broker.url());
            play(
                    "nobody",
                    each -> each.run(
                            folder(each, "nobody"),
                            Map.of("PAY_TIME_TO_START", "1", "PAY_GRACE", "1"),
                            home.resolve("nobody").resolve("client.properties"),
                            "till-1",
                            1050));
            List<JsonNode> commands = commands(BrokerConnections.plain(broker.url(), credentials.operator()));
            Files.writeString(home.resolve("nobody.json"), Json.write(Json.MAPPER.valueToTree(commands)));
        }
    }

    private static List<JsonNode> commands(ConnectionFactory operator) {
        try (Connection connection = operator.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                QueueBrowser browser = session.createBrowser(session.createQueue("payments.commands"))) {
            connection.start();
            List<JsonNode> commands = new ArrayList<>();
            for (Object message : Collections.list(browser.getEnumeration())) {
                assertThat(((Message) message).getJMSDeliveryMode()).isEqualTo(DeliveryMode.PERSISTENT);
                commands.add(Json.read(((TextMessage) message).getText()));
            }
            return commands;
        } catch (jakarta.jms.JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NODE", mode = EnumSource.Mode.EXCLUDE) // nobody else knows its reply queue
    void repeats_and_old_versions_are_dropped(Example example) throws Exception {
        example.assumeInstalled();
        bridge.sandbox().faults().clear();
        bridge.sandbox().faults().add(Fault.onCreate().customerDelay(Duration.ofSeconds(2)));
        Path data = home.resolve("data").resolve("demo");
        Credentials credentials =
                Credentials.load(new BrokerSettings(data, 0, List.of(), List.of(), Delivered.providers()));
        try (JMSContext listening =
                        BrokerConnections.ofFile(bridge.connectionFile()).createContext();
                JMSContext repeating = BrokerConnections.plain(bridge.bridge().brokerUrl(), credentials.bridge())
                        .createContext()) {
            JMSConsumer events =
                    listening.createConsumer(listening.createTopic("payments.events"), "status = 'STARTED'");
            CompletableFuture<Run> running =
                    CompletableFuture.supplyAsync(() -> pay(example, "repeats", AS_SHIPPED, 1080));
            String started = events.receiveBody(String.class, 30_000);
            ObjectNode older = ((ObjectNode) Json.read(started))
                    .put("resultId", "01KAJ000000000000000000000")
                    .put("version", 0);
            for (String repeat : List.of(started, Json.write(older), started)) {
                TextMessage message = repeating.createTextMessage(repeat);
                message.setStringProperty("commandId", older.path("commandId").asText());
                repeating.createProducer().send(repeating.createQueue("payments.replies.client"), message);
            }
            Run run = running.join();
            assertThat(run.lines()).hasSize(4).contains("STARTED    payment OPEN, version 1");
            assertThat(run.exit()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void without_a_connection_nothing_is_sent_and_nothing_is_written_down(Example example) throws IOException {
        String right = Files.readString(bridge.connectionFile());
        Path wrong = Files.writeString(home.resolve("wrong"), right.replaceAll("password=.*", "password=wrong"));
        Path dead = Files.writeString(home.resolve("dead"), right.replaceAll("url=.*", "url=tcp://127.0.0.1:1"));
        for (Path file : List.of(wrong, dead)) {
            Run run = run(
                    example,
                    file.toString(),
                    each -> each.run(folder(each, "unconnected"), AS_SHIPPED, file, "till-1", 1050));
            assertThat(run.errors()).startsWith("no connection: ");
            assertThat(run.exit()).as(run.errors()).isEqualTo(3);
        }
        Run run = run(
                example,
                "usage",
                each -> each.run(folder(each, "unconnected"), AS_SHIPPED, bridge.connectionFile(), "till-1", "10.50"));
        assertThat(run.errors()).contains("CLIENT.PROPERTIES TERMINAL CENTS");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(folder(example, "unconnected")).isEmptyDirectory();
    }

    private static Run pay(Example example, String scene, Map<String, String> environment, long cents) {
        return example.run(
                folder(example, scene),
                environment,
                bridge.connectionFile(),
                TILLS.get(example).alias(),
                cents);
    }

    /** The run of one example in a scene that all examples play at the same time, once. */
    private static Run run(Example example, String scene, Function<Example, Run> play) {
        example.assumeInstalled();
        if (!SCENES.containsKey(scene)) {
            bridge.sandbox().faults().clear();
            play(scene, play);
        }
        return SCENES.get(scene).get(example);
    }

    private static void play(String scene, Function<Example, Run> play) {
        Map<Example, CompletableFuture<Run>> running = new EnumMap<>(Example.class);
        for (Example example : Example.values()) {
            if (example.isInstalled()) {
                running.put(example, CompletableFuture.supplyAsync(() -> play.apply(example), task -> new Thread(task)
                        .start()));
            }
        }
        Map<Example, Run> runs = new EnumMap<>(Example.class);
        running.forEach((example, run) -> runs.put(example, run.join()));
        SCENES.put(scene, runs);
    }

    private static Path folder(Example example, String scene) {
        return home.resolve(example + "-" + scene);
    }

    /** The key that the example wrote down before it sent anything. */
    private static String key(Example example, String scene) throws IOException {
        List<String> lines = Files.readAllLines(folder(example, scene).resolve("sent-commands.log"));
        assertThat(lines).hasSize(1);
        return Json.read(lines.get(0)).path("commandId").asText();
    }

    /** What the example's terminal charged of this amount, which only one scene uses. */
    private static List<Charge> charges(Example example, long cents) {
        return bridge.sandbox().book().charges().stream()
                .filter(charge -> charge.terminal().equals(TILLS.get(example).id()))
                .filter(charge -> charge.amount() == cents)
                .toList();
    }
}
