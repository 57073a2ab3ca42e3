package nl.pinbridge.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.Secret;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.contract.Json;
import nl.pinbridge.provider.CallGate.Mark;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.Call;
import nl.pinbridge.sandbox.Charge;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.Outcome;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real routes, mappings and folder of Pin Vandaag against its stand-in, which shares nothing with them. */
class PinVandaagRoutesTest {
    private static final Path FOLDER = Path.of("routes/providers/pinvandaag");
    private static final Terminal WORLDLINE =
            new Terminal("till-1", "pinvandaag", "50303253", "WORLDLINE", new Secret("wl-key"), Map.of());
    private static final Terminal CCV =
            new Terminal("till-2", "pinvandaag", "706249441", "CCV", new Secret("ccv-key"), Map.of());

    private final CamelContext context = new DefaultCamelContext();

    @SuppressWarnings("NullAway.Init")
    private Sandbox sandbox;

    @SuppressWarnings("NullAway.Init")
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        sandbox = Sandbox.start(SandboxOptions.defaults()
                .withTerminals(
                        new SandboxTerminal("50303253", "wl-key", Brand.WORLDLINE),
                        new SandboxTerminal("706249441", "ccv-key", Brand.CCV))
                .withCustomerDelay(Duration.ofMillis(20)));
        context.getPropertiesComponent()
                .addInitialProperty(
                        "pinbridge.routes", Path.of("routes").toAbsolutePath().toString());
        context.getRegistry().bind("jq", new JqLanguage());
        context.addComponent(
                "provider-call",
                new ProviderCallComponent(
                        Map.of("pinvandaag", ProviderFolder.read(FOLDER)),
                        Map.of(
                                "pinvandaag",
                                new ProviderSettings(
                                        "pinvandaag", URI.create(sandbox.pinVandaagUrl()), null, null, null, Map.of())),
                        job -> new Mark("attempt", Clock.systemUTC().millis(), System.nanoTime()),
                        Clock.systemUTC(),
                        Probe.NONE,
                        new SimpleMeterRegistry()));
        // Without the lane: this test brings the jobs itself.
        String yaml = Files.readString(FOLDER.resolve("pinvandaag.camel.yaml"));
        String routes = yaml.substring(yaml.indexOf("- route:\n    id: pinvandaag-create"));
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("pinvandaag.camel.yaml", routes));
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
        sandbox.close();
    }

    private static ObjectNode payment(String id) {
        ObjectNode payment =
                Json.object().put("id", "01JD7Q2M9X4KAF6T8Z1C3E5G7H").put("ownReference", "7Q2M9X4K");
        return payment.put("providerTransactionId", id.isEmpty() ? null : id);
    }

    private static JsonNode eur(long value) {
        return Json.object().put("value", value).put("currency", "EUR");
    }

    private JsonNode run(String operation, Terminal terminal, ObjectNode command, JsonNode payment) {
        ObjectNode view = Json.object().put("operation", operation);
        view.set("command", command);
        view.set("payment", payment);
        view.set("terminal", Json.object().put("id", terminal.id()).put("brand", terminal.brand()));
        view.putObject("settings").putNull("callbackUrl");
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(ProviderJob.PROPERTY, new ProviderJob("pinvandaag", operation, "c", "p", terminal, view));
        exchange.getMessage().setBody(view);
        Exchange done = template.send("direct:pinvandaag-" + operation, exchange);
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(JsonNode.class);
    }

    private String create(Terminal terminal, long amount) {
        ObjectNode command = Json.object();
        command.set("amount", eur(amount));
        JsonNode reading = run("create", terminal, command, payment(""));
        assertThat(reading.path("state").asText()).isEqualTo("STARTED");
        return reading.path("providerTransactionId").asText();
    }

    private JsonNode status(Terminal terminal, String id) {
        return run("status", terminal, Json.object(), payment(id));
    }

    private List<Call> calls(String operation) {
        return sandbox.calls().matching(operation, null, null, null);
    }

    @Test
    void a_refund_starts_and_is_followed_by_its_own_transaction() {
        ObjectNode command = Json.object();
        command.set("amount", eur(250));
        JsonNode started = run("refund", WORLDLINE, command, payment(""));

        assertThat(started.path("state").asText()).isEqualTo("STARTED");
        assertThat(started.path("amount").asLong()).isEqualTo(250);
        assertThat(started.path("terminal").asText()).isEqualTo("50303253");
        String id = started.path("providerTransactionId").asText();
        await().untilAsserted(() ->
                assertThat(status(WORLDLINE, id).path("state").asText()).isEqualTo("PAID"));
        JsonNode paid = status(WORLDLINE, id);
        assertThat(paid.path("amount").asLong()).isEqualTo(250);
        assertThat(paid.path("receiptTotal").asLong()).isEqualTo(250);
        assertThat(paid.path("ownReference").isNull()).isTrue();
        assertThat(sandbox.book().refunds()).extracting(Charge::transactionId).containsExactly(id);
        assertThat(sandbox.book().charges()).isEmpty();
        assertThat(calls("refund")).singleElement().satisfies(call -> assertThat(call.ownReference())
                .isNull());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_cancel_is_done_and_the_status_says_what_happened(boolean ccv) {
        Terminal terminal = ccv ? CCV : WORLDLINE;
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS));
        String id = create(terminal, 1050);
        JsonNode answer = run("cancel", terminal, Json.object(), payment(id));

        assertThat(answer)
                .isEqualTo(
                        Json.read(
                                "{\"state\":\"DONE\",\"word\":\"success\",\"providerMessage\":\"transaction has been cancelled\"}"));
        JsonNode status = status(terminal, id);
        assertThat(status.path("state").asText()).isEqualTo("NOT_PAID");
        assertThat(status.path("ending").asText()).isEqualTo("CANCELLED");
        assertThat(status.path("providerCode").asText()).isEqualTo(ccv ? "cancelled" : "2628");
    }

    @Test
    void a_receipt_is_mailed_and_no_address_comes_back() {
        String id = create(CCV, 1050);
        await().until(() -> sandbox.book().size() == 1);
        ObjectNode command = Json.object();
        command.putObject("receipt")
                .put("to", "klant@example.nl")
                .put("name", "Zoë & Co")
                .put("subject", "Uw bon")
                .put("html", "<p>Dank u</p>");
        JsonNode answer = run("mail-receipt", CCV, command, payment(id));

        assertThat(answer).isEqualTo(Json.read("{\"state\":\"DONE\",\"word\":\"success\",\"providerMessage\":null}"));
        assertThat(sandbox.outbox().of(id)).singleElement().satisfies(mail -> {
            assertThat(mail.to()).isEqualTo("klant@example.nl");
            assertThat(mail.name()).isEqualTo("Zoë & Co");
            assertThat(mail.subject()).isEqualTo("Uw bon");
            assertThat(mail.html()).isEqualTo("<p>Dank u</p>");
        });
    }

    @Test
    void a_receipt_that_the_provider_refuses_proves_nothing() {
        sandbox.faults().add(Fault.onCreate().outcome(Outcome.NEVER_ENDS));
        String id = create(WORLDLINE, 1050);
        ObjectNode command = Json.object();
        command.putObject("receipt").put("to", "klant@example.nl");

        assertThat(run("mail-receipt", WORLDLINE, command, payment(id))
                        .path("state")
                        .asText())
                .isEqualTo("UNREADABLE");
        assertThat(sandbox.outbox().all()).isEmpty();
    }

    @Test
    void ctmp_needs_no_payment() {
        JsonNode answer = run("ctmp", WORLDLINE, Json.object(), NullNode.getInstance());

        assertThat(answer.path("state").asText()).isEqualTo("DONE");
        assertThat(sandbox.ctmps("50303253")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refund", "cancel", "mail-receipt", "ctmp"})
    void an_answer_that_is_lost_is_unreadable(String operation) {
        sandbox.faults().add(Fault.onAnything().breakConnection());
        ObjectNode command = Json.object();
        command.set("amount", eur(250));
        command.putObject("receipt").put("to", "klant@example.nl");

        assertThat(run(operation, WORLDLINE, command, payment("1"))
                        .path("state")
                        .asText())
                .isEqualTo("UNREADABLE");
    }
}
