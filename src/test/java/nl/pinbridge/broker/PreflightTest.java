package nl.pinbridge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import nl.pinbridge.config.Secret;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @SuppressWarnings("NullAway.Init")
    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void the_embedded_broker_passes_without_a_warning_inside_and_outside_the_process() {
        for (var factory : List.of(broker.bridge(), broker.outside(broker.credentials.bridge()))) {
            Preflight.Passed passed = new Preflight(factory, broker.settings, Clock.systemUTC()).check();
            assertThat(passed.warnings()).isEmpty();
            assertThat(passed.version()).startsWith("2.");
            assertThat(passed.clockAhead()).isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(1));
        }
    }

    @Test
    void a_clock_that_differs_is_measured() {
        Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-30));
        assertThat(new Preflight(broker.bridge(), broker.settings, slow).check().clockAhead())
                .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(31));
    }

    @Test
    void f37_refuses_to_start_without_dead_letter_address() {
        change(Addresses.REPLIES, settings -> settings.setDeadLetterAddress(null));
        change("#", settings -> settings.setDeadLetterAddress(null));
        refused("The queue payments.replies has no dead-letter-address", "set it to pinbridge.dead");
    }

    @Test
    void f37_refuses_to_start_without_expiry_address() {
        change("#", settings -> settings.setExpiryAddress(null));
        change(Addresses.COMMANDS, settings -> settings.setExpiryAddress(null));
        refused("The queue payments.commands has no expiry-address", "set it to pinbridge.expired.");
    }

    @Test
    void f37_refuses_a_dead_letter_address_that_no_queue_keeps() {
        change(Addresses.lane("ccv"), settings -> settings.setDeadLetterAddress(SimpleString.of("nowhere")));
        refused("dead-letter-address of the queue pinbridge.lane.ccv is nowhere", "make an anycast queue nowhere");
    }

    @Test
    void f37_refuses_expired_commands_that_nobody_reads() {
        change(Addresses.COMMANDS, settings -> settings.setExpiryAddress(SimpleString.of(Addresses.EXPIRED_OTHER)));
        refused(
                "Expired commands of payments.commands go to pinbridge.expired.other",
                "expiry-address to pinbridge.expired.");
    }

    @Test
    void f33_refuses_a_broker_that_gives_up_on_commands() {
        change(Addresses.COMMANDS, settings -> settings.setMaxDeliveryAttempts(10));
        refused("The queue payments.commands gives up after 10 deliveries", "max-delivery-attempts to -1");
    }

    @Test
    void refuses_a_broker_without_ingress_times() {
        change(Addresses.COMMANDS, settings -> settings.setEnableIngressTimestamp(false));
        refused("payments.commands", "enable-ingress-timestamp");
    }

    @Test
    void f57_refuses_a_broker_that_makes_queues_on_the_fly() {
        change("#", settings -> settings.setAutoCreateQueues(true));
        refused("makes queues on the fly", "auto-create-queues");
    }

    @Test
    void refuses_a_broker_without_a_queue_and_names_it() {
        BrokerSettings more = new BrokerSettings(
                data, 0, List.of("alice"), List.of("erp.results"), List.of("pinvandaag", "ccv", "paynl"));
        assertThatThrownBy(() -> new Preflight(broker.bridge(), more, Clock.systemUTC()).check())
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("The queue pinbridge.lane.paynl does not exist");
    }

    @Test
    void refuses_a_broker_that_does_not_name_senders() {
        broker.broker.server().getConfiguration().setPopulateValidatedUser(false);
        refused("populate-validated-user");
    }

    @Test
    void says_what_rights_are_missing() {
        assertThatThrownBy(() -> new Preflight(
                                broker.outside(broker.credentials.client()), broker.settings, Clock.systemUTC())
                        .check())
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("'manage' on activemq.management");
        assertThatThrownBy(() -> new Preflight(
                                broker.outside(new Login("pinbridge", new Secret("wrong"))),
                                broker.settings,
                                Clock.systemUTC())
                        .check())
                .isInstanceOf(BrokerException.class);
    }

    @Test
    void names_all_that_is_wrong_at_once() {
        change(Addresses.COMMANDS, settings -> settings.setMaxDeliveryAttempts(3));
        change(Addresses.LOOK, settings -> settings.setMaxDeliveryAttempts(3));
        refused("payments.commands gives up", "pinbridge.look gives up");
    }

    private void change(String match, Consumer<AddressSettings> change) {
        var repository = broker.broker.server().getAddressSettingsRepository();
        AddressSettings changed = new AddressSettings(
                broker.broker.server().getConfiguration().getAddressSettings().get(match));
        change.accept(changed);
        repository.addMatch(match, changed);
    }

    private void refused(String... words) {
        assertThatThrownBy(() -> new Preflight(broker.bridge(), broker.settings, Clock.systemUTC()).check())
                .isInstanceOf(BrokerException.class)
                .message()
                .contains(words);
    }
}
