package nl.pinbridge.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.deployers.impl.FileConfigurationParser;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ActiveMQServers;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration that the repository ships for an external broker, held against the list of addresses. */
class ExternalBrokerTest {
    private static final Path FOLDER = Path.of("docker", "broker");
    private static final int SERVER_ID = 4710;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @Test
    void f37_the_shipped_configuration_passes_the_preflight() throws Exception {
        BrokerSettings settings = settings();
        Credentials credentials = Credentials.load(settings);
        Configuration configuration = shipped();
        configuration.getAcceptorConfigurations().clear();
        configuration.addAcceptorConfiguration("test", "vm://" + SERVER_ID);
        configuration
                .setJournalDirectory(data.resolve("journal").toString())
                .setBindingsDirectory(data.resolve("bindings").toString())
                .setPagingDirectory(data.resolve("paging").toString())
                .setLargeMessagesDirectory(data.resolve("large").toString())
                .setJMXManagementEnabled(false);
        ActiveMQServer server =
                ActiveMQServers.newActiveMQServer(configuration, null, EmbeddedBroker.security(credentials), true);
        try {
            server.start();
            Preflight.Passed passed = new Preflight(
                            BrokerConnections.plain("vm://" + SERVER_ID, credentials.bridge()),
                            settings,
                            Clock.systemUTC())
                    .check();
            assertThat(passed.warnings()).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void the_shipped_configuration_says_what_the_embedded_broker_does() throws Exception {
        Configuration shipped = shipped();
        Configuration embedded = BrokerConfiguration.of(settings(), SERVER_ID);

        assertThat(names(shipped)).isEqualTo(names(embedded));
        assertThat(shipped.getSecurityRoles()).isEqualTo(embedded.getSecurityRoles());
        assertThat(shipped.getAddressSettings().keySet())
                .isEqualTo(embedded.getAddressSettings().keySet());
        for (String match : embedded.getAddressSettings().keySet()) {
            assertThat(merged(shipped, match)).as(match).isEqualTo(merged(embedded, match));
        }
        assertThat(shipped.getUuidNamespace()).isEqualTo(embedded.getUuidNamespace());
        assertThat(shipped.isPopulateValidatedUser()).isTrue();
        assertThat(shipped.isManagementMessageRbac()).isTrue();
        assertThat(shipped.getMessageExpiryScanPeriod()).isEqualTo(embedded.getMessageExpiryScanPeriod());
        assertThat(shipped.getMinDiskFree()).isEqualTo(embedded.getMinDiskFree());
        assertThat(shipped.getIDCacheSize()).isEqualTo(embedded.getIDCacheSize());
        assertThat(shipped.getJournalBufferTimeout_NIO()).isEqualTo(embedded.getJournalBufferTimeout_NIO());
    }

    @Test
    void the_shipped_roles_are_those_of_the_embedded_broker() throws Exception {
        Properties shipped = PrivateFiles.read(FOLDER.resolve("artemis-roles.properties"));
        Properties expected = new Properties();
        Credentials.load(settings())
                .roles()
                .forEach((login, roles) -> roles.forEach(role -> expected.setProperty(role, login.user())));
        assertThat(shipped).isEqualTo(expected);
    }

    private BrokerSettings settings() {
        return new BrokerSettings(
                data,
                0,
                List.of(),
                List.of(),
                List.of("bavindo", "ccv", "ccv-payproxy", "paynl", "pinvandaag", "pinvandaag-v2"));
    }

    private static Configuration shipped() throws Exception {
        try (InputStream xml = Files.newInputStream(FOLDER.resolve("broker.xml"))) {
            return new FileConfigurationParser().parseMainConfig(xml);
        }
    }

    private static Set<String> names(Configuration configuration) {
        Set<String> names = new TreeSet<>();
        configuration
                .getAddressConfigurations()
                .forEach(address -> names.add(address.getName() + " " + address.getRoutingTypes() + " "
                        + address.getQueueConfigs().stream()
                                .map(queue -> queue.getName() + " " + queue.getRoutingType() + " " + queue.isDurable())
                                .toList()));
        return names;
    }

    /** What holds for an address once the broker has laid its settings over those for {@code #}. */
    private static String merged(Configuration configuration, String match) {
        AddressSettings settings =
                new AddressSettings(configuration.getAddressSettings().get(match));
        if (!match.equals("#")) {
            settings.merge(configuration.getAddressSettings().get("#"));
        }
        return settings.toJSON();
    }
}
