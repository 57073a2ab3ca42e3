package nl.pinbridge.broker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ActiveMQServers;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker of an installation on one machine: journal in {@code <data>/broker}, one acceptor on loopback for CORE,
 * AMQP 1.0 and STOMP, and one inside the JVM for the bridge.
 *
 * <p>When the disk falls below {@link BrokerSettings#minDiskFree()}, sends by CORE and AMQP clients and by the bridge
 * fail with an error, a STOMP client gets an ERROR frame and is disconnected; reading goes on, and sending resumes by
 * itself when there is room again.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    // In-VM acceptors are found by number in the JVM: two brokers, as in tests, must not share one.
    private static final AtomicInteger SERVER_IDS = new AtomicInteger(4711);

    private final ActiveMQServer server;
    private final int serverId;

    private EmbeddedBroker(ActiveMQServer server, int serverId) {
        this.server = server;
        this.serverId = serverId;
    }

    /**
     * Starts the broker and returns when it takes connections.
     *
     * @throws BrokerException when it cannot start: another process has the data folder or the port, or the disk is
     *     not writable
     */
    public static EmbeddedBroker start(BrokerSettings settings, Credentials credentials) {
        Path folder = settings.data().resolve("broker");
        int serverId = SERVER_IDS.incrementAndGet();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        ActiveMQServer server;
        try {
            PrivateFiles.createFolder(folder);
            refuseTakenPort(settings.port());
            server = ActiveMQServers.newActiveMQServer(
                    BrokerConfiguration.of(settings, serverId), null, security(credentials), true);
        } catch (BrokerException e) {
            throw e;
        } catch (Exception e) {
            throw cannotStart(folder, e);
        }
        server.registerActivationFailureListener(failure::set);
        try {
            server.start();
        } catch (Exception e) {
            stopQuietly(server);
            throw cannotStart(folder, e);
        }
        Exception reason = failure.get();
        if (reason != null || !server.isActive()) {
            stopQuietly(server);
            throw cannotStart(folder, reason);
        }
        return new EmbeddedBroker(server, serverId);
    }

    /** The port that the acceptor listens on, also where the settings said 0. */
    public int port() {
        return server.getRemotingService().getAcceptor("tcp").getActualPort();
    }

    /** Where outside clients connect, whatever their protocol: {@code tcp://127.0.0.1:PORT}. */
    public String url() {
        return "tcp://127.0.0.1:" + port();
    }

    /** Where the bridge itself connects. */
    public String vmUrl() {
        return "vm://" + serverId;
    }

    /** False after {@link #close()}, and when the broker gave up by itself because its disk failed. */
    public boolean isRunning() {
        return server.isStarted() && server.isActive();
    }

    @Override
    public void close() {
        stopQuietly(server);
    }

    ActiveMQServer server() {
        return server;
    }

    static ActiveMQJAASSecurityManager security(Credentials credentials) {
        SecurityConfiguration users = new SecurityConfiguration();
        credentials.roles().forEach((login, roles) -> {
            users.addUser(login.user(), login.password().reveal());
            roles.forEach(role -> users.addRole(login.user(), role));
        });
        // The configuration's name is the class that looks the users up.
        return new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users);
    }

    // Asked before the journal is opened: the broker would start without its acceptor and say so in a log line only.
    private static void refuseTakenPort(int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress("127.0.0.1", port));
        } catch (IOException e) {
            throw new BrokerException(
                    "The broker's port " + port + " is taken by another program: stop that one, or set"
                            + " pinbridge.broker.port to another port (0 picks a free one).",
                    e);
        }
    }

    private static BrokerException cannotStart(Path folder, @Nullable Exception reason) {
        return new BrokerException(
                "The embedded broker does not start on " + folder + " ("
                        + (reason == null ? "no reason given" : reason.getMessage())
                        + "). Check that no other PinBridge runs on this data folder and that it is writable.",
                reason);
    }

    private static void stopQuietly(ActiveMQServer server) {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("The embedded broker did not stop cleanly; its journal is replayed at the next start.", e);
        }
    }
}
