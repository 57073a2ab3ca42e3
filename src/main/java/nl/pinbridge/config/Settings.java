package nl.pinbridge.config;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nl.pinbridge.config.Setting.Type;
import nl.pinbridge.config.Setting.Where;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The operator's settings: read once, complete, checked and immutable. An unknown name and a malformed value are complaints, never
 * silently a default.
 *
 * <p>Later sources win: {@code config/application.properties}, the environment, {@code -D}.
 */
public final class Settings {
    private static final String OURS = "pinbridge.";
    private static final String OUR_VARIABLES = "PINBRIDGE_";
    private static final String ENVIRONMENT = "environment";
    private static final String SYSTEM = "-D";
    private static final String DATA = "pinbridge.data";
    private static final String ROUTES = "pinbridge.routes";
    private static final String LEDGER = "pinbridge.ledger.url";
    private static final String BROKER = "pinbridge.broker.url";
    private static final String WEBHOOK_SECRET = "pinbridge.webhook.secret";
    private static final int SHORTEST_SECRET = 32;
    private static final Pattern KUBERNETES = Pattern.compile("PINBRIDGE_(SERVICE_|PORT).*");
    private static final Pattern PROVIDER_KEY = Pattern.compile("pinbridge\\.provider\\.([^.]+)\\.(.+)");
    private static final Pattern FOLDER_SECRET = Pattern.compile("\\{setting\\.([A-Za-z0-9-]+)}");
    private static final Pattern FOLDER_NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /** A value as it was written, and where. */
    private record Raw(String key, String text, String source, String shownKey) {}

    private final Path home;
    private final Map<String, String> env;
    private final Map<String, Raw> raw;
    private final List<String> providers;
    private final Map<String, Setting> known;
    private final Map<String, Object> values;
    private final Map<String, String> passedOn;

    private Settings(Path home, Map<String, String> env, Map<String, Raw> raw, List<Complaint> complaints) {
        this.home = home;
        this.env = env;
        this.raw = raw;
        Path routes = routes(home, env, raw.get(ROUTES));
        this.providers = providersBelow(routes);
        this.known = known(routes, providers);
        Values parser = new Values(home);
        Placeholders placeholders = new Placeholders(home, env);
        Map<String, Object> found = new HashMap<>();
        Map<String, String> others = new TreeMap<>();
        for (Raw each : raw.values()) {
            try {
                if (!each.key().startsWith(OURS)) {
                    others.put(each.key(), passedOn(each, placeholders));
                    continue;
                }
                Setting setting = known.get(each.key());
                if (setting == null) {
                    throw new IllegalArgumentException(unknown(each.key()));
                }
                Object value = value(setting, each, parser, placeholders);
                if (value != null) {
                    found.put(each.key(), value);
                }
            } catch (IllegalArgumentException e) {
                complaints.add(new Complaint(each.source(), each.shownKey(), String.valueOf(e.getMessage())));
            }
        }
        for (Setting setting : known.values()) {
            if (!raw.containsKey(setting.name()) && !setting.fallback().isEmpty()) {
                found.put(setting.name(), parser.parse(setting.type(), setting.fallback()));
            }
        }
        this.values = Map.copyOf(found);
        this.passedOn = Map.copyOf(others);
        checkTogether(complaints);
    }

    /**
     * Reads everything there is.
     *
     * @param home where relative paths start
     * @param env the environment
     * @param system the {@code -D} properties
     * @throws BadConfigurationException with every complaint
     */
    public static Settings load(Path home, Map<String, String> env, Properties system) {
        Path absolute = home.toAbsolutePath().normalize();
        List<Complaint> complaints = new ArrayList<>();
        return checked(absolute, env, gather(absolute, env, system, complaints), complaints);
    }

    /**
     * Settings from a map, for tests; relative paths start in the working directory.
     *
     * @throws BadConfigurationException with every complaint
     */
    public static Settings of(Map<String, String> settings) {
        return of(Path.of(""), settings);
    }

    /**
     * Settings from a map, for tests.
     *
     * @throws BadConfigurationException with every complaint
     */
    public static Settings of(Path home, Map<String, String> settings) {
        return changed(home.toAbsolutePath().normalize(), Map.of(), Map.of(), settings);
    }

    /**
     * These settings with some changed, checked again as a whole.
     *
     * @throws BadConfigurationException with every complaint
     */
    public Settings with(Map<String, String> changes) {
        return changed(home, env, raw, changes);
    }

    /**
     * The data folder by itself, for commands that only need to find the running bridge: they work while the rest is being edited.
     *
     * @throws BadConfigurationException when that one setting is wrong
     */
    public static Path dataFolder(Path home, Map<String, String> env, Properties system) {
        Path absolute = home.toAbsolutePath().normalize();
        Raw written = gather(absolute, env, system, new ArrayList<>()).get(DATA);
        if (written == null) {
            return absolute.resolve("data");
        }
        try {
            String text = new Placeholders(absolute, env).resolve(written.text());
            return (Path) new Values(absolute).parse(Type.PATH, text);
        } catch (IllegalArgumentException e) {
            throw new BadConfigurationException(
                    List.of(new Complaint(written.source(), written.shownKey(), String.valueOf(e.getMessage()))));
        }
    }

    private static Settings changed(
            Path home, Map<String, String> env, Map<String, Raw> raw, Map<String, String> changes) {
        Map<String, Raw> all = new LinkedHashMap<>(raw);
        changes.forEach((key, text) -> all.put(key, new Raw(key, text.strip(), SYSTEM, key)));
        return checked(home, env, all, new ArrayList<>());
    }

    private static Settings checked(
            Path home, Map<String, String> env, Map<String, Raw> raw, List<Complaint> complaints) {
        Settings settings = new Settings(home, Map.copyOf(env), raw, complaints);
        if (!complaints.isEmpty()) {
            throw new BadConfigurationException(complaints);
        }
        return settings;
    }

    public Path home() {
        return home;
    }

    /** The folders below {@code routes/providers}, in order of name. */
    public List<String> providers() {
        return providers;
    }

    /** The value of a setting that is text; {@code ""} when left empty. */
    public String text(String key) {
        Object value = values.get(checked(key, Type.TEXT, Type.JDBC, Type.BROKER, Type.FORM, Type.LEVEL));
        return value == null ? "" : (String) value;
    }

    /** A secret; empty text inside when left empty. */
    public Secret secret(String key) {
        Object value = values.get(checked(key, Type.SECRET));
        return value == null ? new Secret("") : (Secret) value;
    }

    /** An absolute path. */
    public Path path(String key) {
        return required(key, Path.class, Type.PATH);
    }

    /** A port or a count. */
    public int number(String key) {
        return required(key, Integer.class, Type.PORT, Type.COUNT);
    }

    public Duration duration(String key) {
        return required(key, Duration.class, Type.DURATION, Type.WAIT);
    }

    public ZoneId zone(String key) {
        return required(key, ZoneId.class, Type.ZONE);
    }

    public LocalTime time(String key) {
        return required(key, LocalTime.class, Type.TIME);
    }

    /** A schedule as Quartz writes it. */
    public String cron(String key) {
        return required(key, String.class, Type.CRON);
    }

    public char character(String key) {
        return required(key, String.class, Type.CHARACTER).charAt(0);
    }

    public boolean flag(String key) {
        return required(key, Boolean.class, Type.FLAG);
    }

    /** The items of a list; none when left empty. */
    public List<String> list(String key) {
        Object value = values.get(checked(key, Type.LIST));
        if (value == null) {
            return List.of();
        }
        return ((List<?>) value).stream().map(String.class::cast).toList();
    }

    /** An http or https URL; empty when left empty. */
    public Optional<URI> uri(String key) {
        return Optional.ofNullable((URI) values.get(checked(key, Type.URL)));
    }

    /**
     * What was set for a provider.
     *
     * @throws IllegalArgumentException when there is no such folder
     */
    public ProviderOptions forProvider(String name) {
        if (!providers.contains(name)) {
            throw new IllegalArgumentException("There is no folder providers/" + name + " below the routes.");
        }
        String prefix = "pinbridge.provider." + name + ".";
        return new ProviderOptions(
                name,
                optional(prefix + "url", URI.class),
                optional(prefix + "connect-timeout", Duration.class),
                optional(prefix + "response-timeout", Duration.class),
                optional(prefix + "first-look", Duration.class),
                optional(prefix + "look-interval", Duration.class),
                optional(prefix + "look-interval-max", Duration.class),
                optional(prefix + "maximum", Duration.class),
                optional(prefix + "consumers", Integer.class),
                optional(prefix + "encoding", String.class),
                flag(prefix + "accept-zero-amount"),
                flag(prefix + "test"),
                Set.copyOf(list(prefix + "allow")),
                flag(prefix + "webhook-signed"),
                below(prefix + "url.", URI.class),
                urls(prefix + "read-urls"),
                below(prefix + "option.", String.class),
                below(prefix + "secret.", Secret.class));
    }

    private @Nullable List<URI> urls(String key) {
        Object value = values.get(checked(key, Type.URLS));
        return value == null
                ? null
                : ((List<?>) value).stream().map(URI.class::cast).toList();
    }

    /** Everything that is set below a name, by the rest of its name. */
    private <T> Map<String, T> below(String prefix, Class<T> type) {
        Map<String, T> found = new HashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), type.cast(value));
            }
        });
        return found;
    }

    /** The ledger's URL: the one that was set, else the embedded file below the data folder. */
    public String ledgerUrl() {
        String url = text("pinbridge.ledger.url");
        return url.isEmpty() ? LedgerUrl.embedded(path("pinbridge.data")) : url;
    }

    /** True when no external broker is set. */
    public boolean embeddedBroker() {
        return text("pinbridge.broker.url").isEmpty();
    }

    /** Where placeholders in other files are to be filled in from. */
    public Placeholders placeholders() {
        return new Placeholders(home, env);
    }

    /** The {@code camel.*} and {@code routes.*} keys of the file, for Camel; Camel's own sources still win over them. */
    public Properties camel() {
        Properties properties = new Properties();
        properties.putAll(passedOn);
        return properties;
    }

    /**
     * What routes may use as {@code {{…}}}: every setting of ours that has a value, without secrets and what may hold one, and the
     * {@code routes.*} keys. Paths are absolute.
     */
    public Properties placeholderValues() {
        Properties properties = new Properties();
        known.forEach((key, setting) -> {
            Object value = values.get(key);
            if (value != null
                    && setting.type() != Type.SECRET
                    && setting.type() != Type.JDBC
                    && setting.type() != Type.BROKER) {
                properties.setProperty(key, shown(value));
            }
        });
        passedOn.forEach((key, value) -> {
            if (key.startsWith("routes.")) {
                properties.setProperty(key, value);
            }
        });
        return properties;
    }

    /** Names with secrets starred, for a log line at start. */
    @Override
    public String toString() {
        return new TreeMap<>(values).toString();
    }

    private static String shown(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    private String checked(String key, Type... types) {
        Setting setting = known.get(key);
        if (setting == null || !List.of(types).contains(setting.type())) {
            throw new IllegalArgumentException(key + " is no setting of this type");
        }
        return key;
    }

    private <T> T required(String key, Class<T> type, Type... types) {
        T value = optional(checked(key, types), type);
        if (value == null) {
            throw new IllegalArgumentException(key + " may be empty: read it another way");
        }
        return value;
    }

    private <T> @Nullable T optional(String key, Class<T> type) {
        return type.cast(values.get(key));
    }

    /** What is wrong with the ledger's URL. In-memory H2 is no fault to {@link #load}, because tests use it; a bridge asks with false. */
    public List<Complaint> ledgerComplaints(boolean memoryAllowed) {
        Raw written = raw.get(LEDGER);
        String source = written == null ? "default" : written.source();
        String key = written == null ? LEDGER : written.shownKey();
        return LedgerUrl.faults(ledgerUrl(), memoryAllowed).stream()
                .map(fault -> new Complaint(source, key, fault))
                .toList();
    }

    private void checkTogether(List<Complaint> complaints) {
        if (values.get(ROUTES) instanceof Path routes && !Files.isDirectory(routes.resolve("providers"))) {
            complain(complaints, ROUTES, "needs the folder " + routes + " with a folder providers in it.");
        }
        if (values.get(LEDGER) != null) {
            complaints.addAll(ledgerComplaints(true));
        } else if (values.get(DATA) instanceof Path data && data.toString().contains(";")) {
            complain(complaints, DATA, "must not hold a semicolon: the embedded ledger cannot lie there.");
        }
        Map<Object, String> ports = new HashMap<>();
        for (String key : List.of("pinbridge.broker.port", "pinbridge.http.port", "pinbridge.management.port")) {
            Object port = values.get(key);
            boolean used = !key.equals("pinbridge.broker.port") || !values.containsKey(BROKER);
            if (used && port != null && !port.equals(0)) {
                String other = ports.putIfAbsent(port, key);
                if (other != null) {
                    complain(complaints, key, "is " + port + ", which is also " + other + ".");
                }
            }
        }
        if (values.get(WEBHOOK_SECRET) instanceof Secret secret
                && secret.reveal().length() < SHORTEST_SECRET) {
            complain(
                    complaints,
                    WEBHOOK_SECRET,
                    "is too short to be one: it needs at least " + SHORTEST_SECRET + " characters.");
        }
        Raw broker = raw.get(BROKER);
        if (broker == null || broker.text().isEmpty()) {
            for (String key : List.of("pinbridge.broker.username", "pinbridge.broker.password")) {
                if (values.containsKey(key)) {
                    complain(complaints, key, "is for an external broker, but " + BROKER + " is empty.");
                }
            }
        }
        for (String provider : providers) {
            String prefix = "pinbridge.provider." + provider + ".";
            Object interval = values.get(prefix + "look-interval");
            Object most = values.get(prefix + "look-interval-max");
            if (interval instanceof Duration least && most instanceof Duration max && least.compareTo(max) > 0) {
                complain(complaints, prefix + "look-interval", "is longer than " + prefix + "look-interval-max.");
            }
        }
        Map<String, String> variables = new HashMap<>();
        for (String name : known.keySet()) {
            String other = variables.putIfAbsent(Setting.variable(name), name);
            if (other != null) {
                complain(complaints, name, "and " + other + " would have the same environment variable: rename one.");
            }
        }
    }

    private void complain(List<Complaint> complaints, String key, String sentence) {
        Raw written = raw.get(key);
        complaints.add(new Complaint(
                written == null ? "default" : written.source(), written == null ? key : written.shownKey(), sentence));
    }

    private String unknown(String key) {
        Matcher provider = PROVIDER_KEY.matcher(key);
        if (provider.matches() && !providers.contains(provider.group(1))) {
            return "speaks of a provider " + provider.group(1) + ", but there is no folder providers/"
                    + provider.group(1) + " below the routes." + DidYouMean.sentence(provider.group(1), providers);
        }
        if (provider.matches() && provider.group(2).startsWith("secret.")) {
            return "is a secret that the provider's provider.yaml does not use.";
        }
        return "is no setting." + DidYouMean.sentence(key, known.keySet());
    }

    /** What loads routes past their check, or changes the parts that the promises rest on; without hyphens and capitals. */
    private static final List<String> FIXED_FOR_CAMEL = List.of(
            "camel.main.routes",
            "camel.main.javaroutes",
            "camel.component.jms.",
            "camel.component.providercall.",
            "camel.component.direct.",
            "camel.beans",
            "camel.routetemplate",
            "camel.language.jq");

    private static @Nullable Object value(Setting setting, Raw raw, Values parser, Placeholders placeholders) {
        boolean outside = !raw.source().equals(ENVIRONMENT) && !raw.source().equals(SYSTEM);
        if (setting.where() == Where.OUTSIDE && outside) {
            throw new IllegalArgumentException("is needed before this file is read: set "
                    + Setting.variable(setting.name()) + " in the environment instead.");
        }
        if (raw.text().isEmpty()) {
            if (setting.mayBeEmpty()) {
                return null;
            }
            throw new IllegalArgumentException("is empty: leave it out to get " + setting.fallback() + ".");
        }
        return parser.parse(setting.type(), placeholders.resolve(raw.text()));
    }

    private static String passedOn(Raw raw, Placeholders placeholders) {
        String plain = raw.key().replace("-", "").toLowerCase(Locale.ROOT);
        if (FIXED_FOR_CAMEL.stream().anyMatch(plain::startsWith)) {
            throw new IllegalArgumentException(
                    "is fixed by the bridge, which promises more than Camel does: leave it out.");
        }
        if (raw.key().startsWith("camel.") || raw.key().startsWith("routes.")) {
            return placeholders.resolveOwn(raw.text());
        }
        throw new IllegalArgumentException("begins with none of pinbridge. (settings), camel. (for Camel) and routes."
                + " (your own placeholders), so nothing would read it.");
    }

    private static Map<String, Raw> gather(
            Path home, Map<String, String> env, Properties system, List<Complaint> complaints) {
        Map<String, Raw> raw = new LinkedHashMap<>();
        String location = system.getProperty(
                "pinbridge.config", env.getOrDefault("PINBRIDGE_CONFIG", "config/application.properties"));
        readFile(home.resolve(location), location, raw, complaints);

        // Which variables there can be depends on the providers, and these on the routes folder, wherever that was set.
        Map<String, Raw> fromSystem = new LinkedHashMap<>();
        for (String key : new TreeSet<>(system.stringPropertyNames())) {
            if (key.startsWith(OURS)) {
                fromSystem.put(key, new Raw(key, system.getProperty(key).strip(), SYSTEM, key));
            }
        }
        Raw routesFromFile = raw.get(ROUTES);
        String routesFromEnv = env.get(Setting.variable(ROUTES));
        Raw routesRaw = fromSystem.getOrDefault(
                ROUTES,
                routesFromEnv == null ? routesFromFile : new Raw(ROUTES, routesFromEnv.strip(), ENVIRONMENT, ROUTES));
        Path routes = routes(home, env, routesRaw);
        Map<String, String> byVariable = new HashMap<>();
        known(routes, providersBelow(routes)).keySet().forEach(key -> byVariable.put(Setting.variable(key), key));

        new TreeMap<>(env).forEach((name, text) -> {
            if (!name.startsWith(OUR_VARIABLES)) {
                return;
            }
            String key = byVariable.get(name);
            if (key == null) {
                complaints.add(new Complaint(
                        ENVIRONMENT,
                        name,
                        "is the variable of no setting." + DidYouMean.sentence(name, byVariable.keySet())
                                + (KUBERNETES.matcher(name).matches()
                                        ? " Kubernetes makes it for a service named pinbridge: set enableServiceLinks to false."
                                        : "")));
            } else {
                raw.put(key, new Raw(key, text.strip(), ENVIRONMENT, name));
            }
        });
        raw.putAll(fromSystem);
        return raw;
    }

    private static void readFile(Path file, String location, Map<String, Raw> raw, List<Complaint> complaints) {
        // Properties keeps the last of two values without a word.
        Properties strict = new Properties() {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Object put(Object key, Object value) {
                if (containsKey(key)) {
                    complaints.add(new Complaint(location, (String) key, "stands in this file twice."));
                }
                return super.put(key, value);
            }
        };
        try (Reader reader = new StringReader(Files.readString(file))) {
            strict.load(reader);
        } catch (NoSuchFileException e) {
            complaints.add(new Complaint(
                    location, "", "does not exist. Restore it, or name another file in PINBRIDGE_CONFIG."));
        } catch (IOException e) {
            complaints.add(new Complaint(
                    location, "", "cannot be read: is it a text file in UTF-8, and readable for this user?"));
        } catch (IllegalArgumentException e) {
            complaints.add(
                    new Complaint(location, "", "has a backslash followed by u and no four hexadecimal digits."));
        }
        for (String key : new TreeSet<>(strict.stringPropertyNames())) {
            raw.put(key, new Raw(key, strict.getProperty(key).strip(), location, key));
        }
    }

    private static @Nullable Path routes(Path home, Map<String, String> env, @Nullable Raw written) {
        if (written == null) {
            return home.resolve("routes");
        }
        try {
            return (Path) new Values(home).parse(Type.PATH, new Placeholders(home, env).resolve(written.text()));
        } catch (IllegalArgumentException e) {
            return null; // complained of when the value itself is read
        }
    }

    private static List<String> providersBelow(@Nullable Path routes) {
        if (routes == null || !Files.isDirectory(routes.resolve("providers"))) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(routes.resolve("providers"))) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name -> FOLDER_NAME.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + routes.resolve("providers"), e);
        }
    }

    private static Map<String, Setting> known(@Nullable Path routes, List<String> providers) {
        Map<String, Setting> known = new LinkedHashMap<>();
        for (Setting setting : Catalogue.ALL) {
            if (!setting.name().startsWith(Catalogue.PROVIDER)) {
                known.put(setting.name(), setting);
                continue;
            }
            for (String provider : providers) {
                String name = setting.name().replace("<name>", provider);
                if (!name.contains("<key>")) {
                    known.put(name, setting.as(name));
                } else if (routes != null) {
                    keysOf(routes.resolve("providers").resolve(provider), setting)
                            .forEach(key -> {
                                String concrete = name.replace("<key>", key);
                                known.put(concrete, setting.as(concrete));
                            });
                }
            }
        }
        return known;
    }

    /** The names that a provider's folder has for a setting whose name ends in a key. */
    private static Set<String> keysOf(Path folder, Setting setting) {
        Path file = folder.resolve("provider.yaml");
        if (!Files.isRegularFile(file)) {
            return Set.of();
        }
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        if (setting.name().equals(Catalogue.SECRET_KEY)) {
            return FOLDER_SECRET
                    .matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        try {
            Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            Object names = yaml instanceof Map<?, ?> keys
                    ? keys.get(setting.name().equals(Catalogue.URL_KEY) ? "urls" : "options")
                    : null;
            return names instanceof Map<?, ?> map
                    ? map.keySet().stream()
                            .map(String::valueOf)
                            .filter(name -> FOLDER_NAME.matcher(name).matches())
                            .collect(Collectors.toCollection(TreeSet::new))
                    : Set.of();
        } catch (YAMLException e) {
            // Whoever reads the folder says what is wrong with it.
            return Set.of();
        }
    }
}
