package nl.pinbridge.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What decides how the broker looks.
 *
 * @param data the data folder; the embedded broker lies in {@code <data>/broker}
 * @param port the acceptor's port on loopback; 0 picks a free one
 * @param clientUsers users of back offices; {@code client} is always among them
 * @param replyQueues reply queues to make beside the fixed ones
 * @param providers names of the provider folders; each gets a lane queue
 * @param minDiskFree bytes that must stay free on the disk of the data folder; below it sends fail
 */
public record BrokerSettings(
        Path data,
        int port,
        List<String> clientUsers,
        List<String> replyQueues,
        List<String> providers,
        long minDiskFree) {

    /** The user of a back office that needs no name of its own. */
    public static final String DEFAULT_CLIENT = "client";

    /**
     * Bytes that stay free by default. A share of the disk, as brokers like to use, would stop the tills on any large
     * disk that is fairly full.
     */
    public static final long DEFAULT_MIN_DISK_FREE = 256L * 1024 * 1024;

    // No dot: the user's name is one word of its reply address, and patterns and roles are matched by words.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\\.[A-Za-z0-9][A-Za-z0-9_-]{0,63}){0,9}");

    public BrokerSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("pinbridge.broker.port must be 0 to 65535, not " + port);
        }
        List<String> users = new ArrayList<>();
        users.add(DEFAULT_CLIENT);
        for (String user : clientUsers) {
            require(NAME, "client user", user);
            if (user.equals(Credentials.BRIDGE_USER) || user.equals(Credentials.OPERATOR_USER)) {
                throw new IllegalArgumentException(
                        "The client user " + user + " has a name that the bridge uses itself; choose another.");
            }
            if (!users.contains(user)) {
                users.add(user);
            }
        }
        clientUsers = List.copyOf(users);
        for (String queue : replyQueues) {
            require(ADDRESS, "reply queue", queue);
            if (Addresses.isReserved(queue)) {
                throw new IllegalArgumentException("The reply queue " + queue
                        + " in pinbridge.reply.queues has a name that the bridge uses itself; choose another.");
            }
        }
        replyQueues = List.copyOf(replyQueues);
        providers.forEach(provider -> require(NAME, "provider", provider));
        providers = List.copyOf(providers);
    }

    public BrokerSettings(
            Path data, int port, List<String> clientUsers, List<String> replyQueues, List<String> providers) {
        this(data, port, clientUsers, replyQueues, providers, DEFAULT_MIN_DISK_FREE);
    }

    private static void require(Pattern pattern, String what, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException("The " + what + " name '" + value
                    + "' is not usable: letters, digits, '-' and '_' only"
                    + (pattern == ADDRESS ? ", words separated by dots." : "."));
        }
    }
}
