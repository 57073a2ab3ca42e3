package nl.pinbridge.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import nl.pinbridge.config.Secret;

/**
 * The users of the embedded broker and their passwords, made up at the first start and kept in
 * {@code <data>/credentials.properties}. Deleting a line there gives that user a new password at the next start.
 */
public final class Credentials {
    public static final String BRIDGE_USER = "pinbridge";
    public static final String OPERATOR_USER = "operator";

    private static final String FILE = "credentials.properties";
    private static final int PASSWORD_BYTES = 24;

    private final Path data;
    private final Map<String, Login> logins;
    private final List<String> clientUsers;

    private Credentials(Path data, Map<String, Login> logins, List<String> clientUsers) {
        this.data = data;
        this.logins = logins;
        this.clientUsers = clientUsers;
    }

    /** Reads the passwords, and makes up those that are missing. */
    public static Credentials load(BrokerSettings settings) {
        Path file = settings.data().resolve(FILE);
        Properties kept = Files.exists(file) ? PrivateFiles.read(file) : new Properties();
        List<String> users = new ArrayList<>(settings.clientUsers());
        users.add(BRIDGE_USER);
        users.add(OPERATOR_USER);
        boolean missing = false;
        for (String user : users) {
            if (kept.getProperty(user, "").isBlank()) {
                kept.setProperty(user, password());
                missing = true;
            }
        }
        if (missing) {
            // Users that are no longer in the settings stay in the file: they may come back.
            Map<String, String> all = new TreeMap<>();
            kept.stringPropertyNames().forEach(user -> all.put(user, kept.getProperty(user)));
            PrivateFiles.write(file, all);
        }
        Map<String, Login> logins = new HashMap<>();
        users.forEach(user -> logins.put(user, new Login(user, new Secret(kept.getProperty(user)))));
        return new Credentials(settings.data(), Map.copyOf(logins), settings.clientUsers());
    }

    /** The bridge's own user. */
    public Login bridge() {
        return of(BRIDGE_USER);
    }

    /** The default back office. */
    public Login client() {
        return of(BrokerSettings.DEFAULT_CLIENT);
    }

    public Login operator() {
        return of(OPERATOR_USER);
    }

    /**
     * @throws IllegalArgumentException when there is no such user
     */
    public Login of(String user) {
        Login login = logins.get(user);
        if (login == null) {
            throw new IllegalArgumentException("The broker has no user " + user + ".");
        }
        return login;
    }

    /** Every user with its roles. */
    Map<Login, List<String>> roles() {
        Map<Login, List<String>> roles = new HashMap<>();
        roles.put(bridge(), List.of(Addresses.ROLE_BRIDGE));
        roles.put(operator(), List.of(Addresses.ROLE_OPERATOR));
        clientUsers.forEach(user -> roles.put(of(user), List.of(Addresses.ROLE_CLIENT, Addresses.ownRole(user))));
        return roles;
    }

    /**
     * Writes what each side needs to connect: {@code client.properties}, {@code operator.properties}, and
     * {@code client-<user>.properties} for each further client user.
     *
     * @param url where the broker listens now, for example {@code tcp://127.0.0.1:61616}
     */
    public void writeConnectionFiles(String url) {
        clientUsers.forEach(user -> writeConnectionFile(
                data.resolve(user.equals(BrokerSettings.DEFAULT_CLIENT) ? "client.properties" : fileOf(user)),
                url,
                of(user)));
        writeConnectionFile(data.resolve("operator.properties"), url, operator());
    }

    private static String fileOf(String user) {
        return "client-" + user + ".properties";
    }

    private static void writeConnectionFile(Path file, String url, Login login) {
        PrivateFiles.write(
                file,
                Map.of(
                        "url", url,
                        "username", login.user(),
                        "password", login.password().reveal()));
    }

    private static String password() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        // The URL alphabet: it needs no quoting in properties, shells or STOMP headers.
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
