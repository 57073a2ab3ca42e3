package nl.pinbridge.provider;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.ContractSchema;
import nl.pinbridge.contract.Json;
import nl.pinbridge.ledger.Reservations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code routes/providers/<name>/provider.yaml} says of a provider: where it is, what it can do, which of its answers prove that
 * nothing was started, how often to look.
 *
 * <p>Read strictly: an unknown key, a doubled key and a value that cannot be are refused with the file and the key.
 */
public final class ProviderFolder {
    public static final String FILE = "provider.yaml";

    /** Reads the webhooks of a provider that sends some. */
    public static final String WEBHOOK = "webhook.jq";

    /** What the provider takes in the commands for its terminals, beside the contract: a JSON Schema. */
    public static final String COMMAND_SCHEMA = "command.schema.json";

    /** Takes what was authorised without the bridge; unlike every other capture it starts a payment. */
    public static final String CAPTURE_ELSEWHERE = "capture-elsewhere";

    private static final Logger LOG = LoggerFactory.getLogger(ProviderFolder.class);
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /** Headers that the call block writes, or that say how a message is to be read. */
    private static final Pattern OWN_HEADER = Pattern.compile(
            "host|authorization|cookie|connection|expect|te|trailer|upgrade|user-agent|keep-alive|(content|transfer|proxy)-.*");

    /**
     * Reads that show payments whose transaction is not known: a terminal's transactions of some days, its last one, and what carries
     * our reference.
     */
    private static final Set<String> FINDERS = Set.of("date", "last-transaction", "by-reference");

    /** What no command asks for and the bridge itself reads: the finders, a first part of a status, and what a refund was made of. */
    private static final Set<String> READINGS =
            Set.of("date", "last-transaction", "by-reference", "poll", "transaction");

    /** What can but read, whatever its method: some providers read by POST. A money call that took one of these names is refused elsewhere. */
    private static final Set<String> READS =
            Set.of("status", "date", "last-transaction", "by-reference", "poll", "transaction");

    /** Gives money back without a terminal. */
    static final String WITHOUT_CARD = "refund-without-card";

    /** Other ways in which a provider does what a command asks for. */
    private static final Map<String, CommandType> VARIANTS = Map.of(
            "capture-amount",
            CommandType.CAPTURE,
            "capture-products",
            CommandType.CAPTURE,
            CAPTURE_ELSEWHERE,
            CommandType.CAPTURE,
            WITHOUT_CARD,
            CommandType.REFUND);

    /** In place of a base URL: each terminal has its own. */
    private static final String TERMINAL_URL = "{terminal.url}";

    /** What starts something on a terminal. */
    private static final Set<String> STARTS = Set.of("create", "authorise", "refund", CAPTURE_ELSEWHERE);

    /** How a request body is written. */
    public enum Encoding {
        MULTIPART,
        URLENCODED,
        JSON
    }

    /**
     * One thing that the provider can do.
     *
     * @param path template below the base URL; each {@code {value}} is filled in percent-encoded
     * @param once true where the call is made once only, behind the ledger's mark
     * @param brands the brands that support it; empty where the provider knows no brands
     * @param brandsOnRequest brands that the provider's own page leaves out although its own client uses them: supported only where
     *     the operator allows it
     * @param connectTimeout null for the default
     * @param responseTimeout null for the default
     * @param success HTTP statuses whose body the mapping may read
     * @param lostAnswer one sentence for people: how a lost answer is resolved; null exactly where the call may be repeated
     * @param at which of the folder's {@code urls} it is below; null for {@code url}
     * @param anonymous true where it is called without credentials
     * @param onePer the field of the command's {@code provider} object that names what at most one payment may use; null for none
     * @param numbered true where the call carries a number of ours, by which the terminal knows it
     * @param partOf the read in whose route it stands; null where it has a route of its own
     * @param headers headers of this call beside the folder's, as templates of {@code {payment.id}} and {@code {command.id}}, the ledger's
     *     own ids
     */
    public record Operation(
            String name,
            String method,
            String path,
            boolean once,
            Set<String> brands,
            Set<String> brandsOnRequest,
            @Nullable Duration connectTimeout,
            @Nullable Duration responseTimeout,
            Set<Integer> success,
            @Nullable String lostAnswer,
            @Nullable String at,
            boolean anonymous,
            @Nullable String partOf,
            @Nullable String onePer,
            boolean numbered,
            Map<String, String> headers) {

        /** Whether it may be asked of another host of the provider: a read that changes nothing, by its method or by what it is. */
        public boolean onlyReads() {
            return !once && (method.equals("GET") || READS.contains(name));
        }

        /** The names of the values in the path. */
        public Set<String> pathValues() {
            Set<String> names = new LinkedHashSet<>();
            PLACEHOLDER.matcher(path).results().forEach(found -> names.add(found.group(1)));
            return names;
        }
    }

    /**
     * What the provider takes of one customer.
     *
     * @param calls in each such time; 0 for any number
     * @param per how long that is
     * @param atOnce calls under way at the same time
     */
    record Limits(int calls, Duration per, int atOnce) {}

    /**
     * An answer that has a meaning before the start.
     *
     * @param operations the operations whose answers it is about; empty for all
     * @param statuses the HTTP statuses; empty for any
     * @param when a condition on {@code {status, json, text}}; null for none
     * @param why one sentence for people
     */
    public record Rule(Set<String> operations, Set<Integer> statuses, @Nullable JqScript when, String why) {
        boolean matches(String operation, int status, JsonNode answer) {
            if (!operations.isEmpty() && !operations.contains(operation)) {
                return false;
            }
            if (!statuses.isEmpty() && !statuses.contains(status)) {
                return false;
            }
            if (when == null) {
                return true;
            }
            try {
                return when.test(answer);
            } catch (JqException e) {
                // A condition that cannot be judged proves nothing: the answer stays in doubt.
                LOG.warn("A rule could not be judged and does not count: {}", e.getMessage());
                return false;
            }
        }
    }

    /**
     * How often an open payment is looked at.
     *
     * @param firstLook from the start to the first look
     * @param interval to the next look, growing
     * @param intervalMax at most this
     * @param maximum after which an open payment becomes a work item
     * @param lateLook true where a payment that was not made is looked at once more, twice {@code maximum} after it was sent
     */
    public record Cadence(
            Duration firstLook, Duration interval, Duration intervalMax, Duration maximum, boolean lateLook) {}

    /**
     * Where the credentials go. The values are templates of {@code {terminal.id}}, {@code {terminal.key}} and {@code {setting.<key>}}.
     *
     * @param form form fields
     * @param header HTTP headers
     * @param basicUser user and password of HTTP basic authentication; both null where it is not used, the password empty where the
     *     folder names none
     */
    public record Auth(
            Map<String, String> form,
            Map<String, String> header,
            @Nullable String basicUser,
            @Nullable String basicPassword) {
        /** Nobody in particular. */
        static final Auth NONE = new Auth(Map.of(), Map.of(), null, null);
    }

    private final Path folder;
    private final String fingerprint;
    private final String name;
    private final String title;
    private final @Nullable URI url;
    private final Map<String, URI> urls;
    private final List<URI> readUrls;
    private final Map<String, String> headers;
    private final Map<String, String> options;
    private final Encoding encoding;
    private final Set<String> brands;
    private final Auth auth;
    private final Map<String, Operation> operations;
    private final List<Rule> refusals;
    private final List<Rule> busy;
    private final List<String> find;
    private final Cadence cadence;
    private final int consumers;
    private final long leastAmount;
    private final boolean refundsWhole;
    private final @Nullable Limits limits;
    private final @Nullable JqScript webhook;
    private final WebhookDoor door;
    private final @Nullable Numbers numbers;
    private final Set<String> confidential;
    private final @Nullable ContractSchema commandSchema;

    private ProviderFolder(Path folder, Keys keys) {
        this.folder = folder;
        this.fingerprint = fingerprintOf(folder);
        this.name = keys.text("name");
        this.title = keys.text("title");
        this.url = keys.text("url").equals(TERMINAL_URL) ? null : keys.url("url");
        this.urls = urls(keys.optional("urls"));
        this.readUrls = keys.urls("read-urls");
        this.headers = constants(keys.optional("headers"));
        this.options = constants(keys.optional("options"));
        this.encoding = keys.encoding("encoding");
        this.brands = Set.copyOf(keys.texts("brands"));
        this.auth = auth(keys.optional("auth"));
        Map<String, Operation> found = new LinkedHashMap<>();
        Keys each = keys.required("operations");
        for (String operation : each.names()) {
            found.put(operation, operation(operation, each.required(operation)));
        }
        each.done();
        this.operations = Collections.unmodifiableMap(found);
        this.refusals = rules(keys, "refusals");
        this.busy = rules(keys, "busy");
        this.find = List.copyOf(keys.texts("find"));
        this.cadence = cadence(keys.required("cadence"));
        this.consumers = keys.integer("consumers");
        this.limits = limits(keys.optional("limits"));
        this.numbers = numbers(keys, keys.optional("numbers"));
        this.confidential = Set.copyOf(keys.texts("confidential"));
        this.commandSchema = commandSchema(folder);
        this.leastAmount = keys.optionalInteger("least-amount", 1);
        this.refundsWhole = wholeRefunds(keys);
        Keys webhookKeys = keys.optional("webhook");
        this.door = webhookKeys == null ? WebhookDoor.OPEN : door(webhookKeys);
        keys.done();
        check(keys);
        this.webhook = webhookOf(folder);
        if (webhook == null && webhookKeys != null) {
            throw keys.wrong("webhook", "says how webhooks come, but there is no " + WEBHOOK + " to read them");
        }
    }

    /** {@code refunds: whole} is the one thing that can be said; without it any part of a payment can be given back. */
    private static boolean wholeRefunds(Keys keys) {
        String how = keys.optionalText("refunds");
        if (how != null && !how.equals("whole")) {
            throw keys.wrong("refunds", "can only be whole; leave it out where a part can be given back");
        }
        return how != null;
    }

    private static Map<String, URI> urls(@Nullable Keys keys) {
        Map<String, URI> urls = new LinkedHashMap<>();
        if (keys != null) {
            for (String key : keys.names()) {
                if (!NAME.matcher(key).matches()) {
                    throw keys.wrong(key, "must be a name in kebab-case");
                }
                urls.put(key, keys.url(key));
            }
            keys.done();
        }
        return Collections.unmodifiableMap(urls);
    }

    /** Texts without placeholders. */
    private static Map<String, String> constants(@Nullable Keys keys) {
        Map<String, String> values = new LinkedHashMap<>();
        if (keys != null) {
            for (String key : keys.names()) {
                if (!NAME.matcher(key).matches()) {
                    throw keys.wrong(key, "must be a name in lower case with hyphens");
                }
                String text = keys.text(key).strip();
                if (text.chars().anyMatch(Character::isISOControl)) {
                    throw keys.wrong(key, "must be one line");
                }
                values.put(key, text);
            }
            keys.done();
        }
        return Collections.unmodifiableMap(values);
    }

    private static WebhookDoor door(Keys keys) {
        List<String> methods = keys.texts("methods");
        if (!Set.of("GET", "POST").containsAll(methods)) {
            throw keys.wrong("methods", "may hold GET and POST");
        }
        Keys signed = keys.optional("signature");
        WebhookDoor door = new WebhookDoor(
                methods.isEmpty() ? Set.of("POST") : Set.copyOf(methods),
                signed == null ? null : signature(signed),
                oneAddress(keys),
                reply(keys.optional("answer"), "json"),
                reply(keys.optional("answer"), "text"));
        Keys answer = keys.optional("answer");
        if (answer != null) {
            answer.known.addAll(Set.of("json", "text"));
            answer.done();
        }
        keys.done();
        return door;
    }

    private static boolean oneAddress(Keys keys) {
        String address = keys.optionalText("address");
        if (address != null && !address.equals("provider")) {
            throw keys.wrong(
                    "address", "can only be provider; leave it out where each payment has an address of its own");
        }
        return address != null;
    }

    private static WebhookDoor.Reply reply(@Nullable Keys answers, String kind) {
        Keys keys = answers == null ? null : answers.optional(kind);
        if (keys == null) {
            return WebhookDoor.Reply.NOTHING;
        }
        WebhookDoor.Reply reply = new WebhookDoor.Reply(keys.text("taken"), keys.text("not-taken"));
        keys.done();
        return reply;
    }

    private static WebhookDoor.Signature signature(Keys keys) {
        List<String> algorithms = keys.texts("algorithms");
        for (String algorithm : algorithms) {
            if (!WebhookDoor.ALGORITHMS.containsKey(algorithm)) {
                throw keys.wrong(
                        "algorithms",
                        "may hold " + String.join(", ", new TreeSet<>(WebhookDoor.ALGORITHMS.keySet())) + ", not "
                                + algorithm);
            }
        }
        if (algorithms.isEmpty()) {
            throw keys.wrong("algorithms", "must name at least one");
        }
        List<WebhookDoor.Key> pairs = new ArrayList<>();
        for (Keys each : keys.list("keys")) {
            pairs.add(new WebhookDoor.Key(each.identity("id"), each.credential("secret")));
            each.done();
        }
        if (pairs.isEmpty()) {
            throw keys.wrong("keys", "must name at least one pair of id and secret");
        }
        String when = keys.optionalText("when");
        JqScript script = null;
        if (when != null) {
            try {
                script = JqScript.compile(keys.at("when"), when);
            } catch (JqException e) {
                throw keys.wrong("when", e.getMessage());
            }
        }
        WebhookDoor.Signature signature = new WebhookDoor.Signature(
                keys.text("header"),
                keys.text("key-header"),
                keys.text("algorithm-header"),
                constants(keys.optional("expect")),
                Set.copyOf(algorithms),
                List.copyOf(pairs),
                script);
        keys.done();
        return signature;
    }

    private static @Nullable ContractSchema commandSchema(Path folder) {
        Path file = folder.resolve(COMMAND_SCHEMA);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return ContractSchema.of(Json.MAPPER.readTree(Files.readString(file)));
        } catch (IOException | RuntimeException e) {
            throw new ProviderFolderException(file, "is no JSON Schema: " + e.getMessage(), e);
        }
    }

    private static @Nullable JqScript webhookOf(Path folder) {
        Path file = folder.resolve(WEBHOOK);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JqScript.compile(folder.getFileName() + "/" + WEBHOOK, Files.readString(file));
        } catch (IOException | JqException e) {
            throw new ProviderFolderException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads one provider's folder.
     *
     * @throws ProviderFolderException naming file and key
     */
    public static ProviderFolder read(Path folder) {
        Path file = folder.resolve(FILE);
        JsonNode yaml;
        try {
            yaml = YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new ProviderFolderException(file, "cannot be read: " + e.getMessage(), e);
        }
        return new ProviderFolder(folder, new Keys(file, "", yaml));
    }

    /**
     * Reads every folder below {@code routes/providers} that has a {@value #FILE}, by name.
     *
     * @throws ProviderFolderException naming file and key
     */
    public static Map<String, ProviderFolder> readAll(Path providers) {
        Map<String, ProviderFolder> all = new TreeMap<>();
        try (Stream<Path> folders = Files.list(providers)) {
            folders.filter(folder -> Files.exists(folder.resolve(FILE)))
                    .map(ProviderFolder::read)
                    .forEach(folder -> all.put(folder.name(), folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    public String name() {
        return name;
    }

    /** The provider's name for people. */
    public String title() {
        return title;
    }

    /** The live base URL; null where each terminal has its own. */
    public @Nullable URI url() {
        return url;
    }

    /** True where each terminal is called at an address of its own: one of the operator's network, and none of the provider's. */
    public boolean callsTerminals() {
        return url == null;
    }

    /** More base URLs, by the names that operations use. */
    public Map<String, URI> urls() {
        return urls;
    }

    /** Where operations that only read may be asked, in turn, when {@link #url()} cannot be reached; never a call that is made once. */
    public List<URI> readUrls() {
        return readUrls;
    }

    /** HTTP headers of every call. */
    public Map<String, String> headers() {
        return headers;
    }

    /** What the operator may set for mappings to see, beside secrets: a sentence by name. */
    public Map<String, String> options() {
        return options;
    }

    public Encoding encoding() {
        return encoding;
    }

    /** The back ends that a terminal can be of; empty where the provider has one. */
    public Set<String> brands() {
        return brands;
    }

    public Auth auth() {
        return auth;
    }

    public Map<String, Operation> operations() {
        return operations;
    }

    public Optional<Operation> operation(String operation) {
        return Optional.ofNullable(operations.get(operation));
    }

    /** Whether a terminal of this brand can do this without the operator's leave. */
    public boolean supports(String operation, @Nullable String brand) {
        return supports(operation, brand, Set.of());
    }

    /**
     * Whether a terminal of this brand can do this; a null brand suffices only where the operation names no brands.
     *
     * @param allowed what the operator allows of {@link #onRequest()}, as in {@code cancel/CCV}
     */
    public boolean supports(String operation, @Nullable String brand, Set<String> allowed) {
        Operation found = operations.get(operation);
        if (found == null) {
            return false;
        }
        if (found.brands().isEmpty()) {
            return true;
        }
        return brand != null
                && (found.brands().contains(brand)
                        || (found.brandsOnRequest().contains(brand) && allowed.contains(operation + "/" + brand)));
    }

    /** Everything that is supported on request only, as {@code operation/BRAND}: what the operator's setting may name. */
    public Set<String> onRequest() {
        Set<String> entries = new TreeSet<>();
        operations.values().forEach(operation -> operation
                .brandsOnRequest()
                .forEach(brand -> entries.add(operation.name() + "/" + brand)));
        return Collections.unmodifiableSet(entries);
    }

    /**
     * The operation that carries out a command: of the same name, or the one way in which a provider gives money back or captures.
     */
    public String way(CommandType command) {
        String other =
                switch (command) {
                    case REFUND -> WITHOUT_CARD;
                    case CAPTURE -> CAPTURE_ELSEWHERE;
                    default -> command.wire();
                };
        return !operations.containsKey(command.wire()) && operations.containsKey(other) ? other : command.wire();
    }

    public Cadence cadence() {
        return cadence;
    }

    /** The operations that show a payment whose transaction is not known, the best evidence first. */
    public List<String> find() {
        return find;
    }

    /** What the provider takes of one customer; null where it does not say. */
    @Nullable
    Limits limits() {
        return limits;
    }

    /** The least that a payment can be of, minor units; 1 where the provider names nothing. */
    public long leastAmount() {
        return leastAmount;
    }

    /** True where a payment can only be given back as a whole. */
    public boolean refundsWhole() {
        return refundsWhole;
    }

    /** How many calls run at once by default. */
    public int consumers() {
        return consumers;
    }

    /** What turns the text of a webhook into {@code {providerTransactionId, ownReference, state}}; null where the provider sends none. */
    public @Nullable JqScript webhook() {
        return webhook;
    }

    /** The numbers that calls which are {@link Operation#numbered} carry; null where none is. */
    public @Nullable Numbers numbers() {
        return numbers;
    }

    /** Fields of a command's {@code provider} object that nobody may be shown. */
    public Set<String> confidential() {
        return confidential;
    }

    /** What commands for this provider's terminals must keep beside the contract; null for nothing more. */
    public @Nullable ContractSchema commandSchema() {
        return commandSchema;
    }

    /** How webhooks come in and are answered. */
    public WebhookDoor door() {
        return door;
    }

    /** True where the answer to a call is all that the provider ever says of a payment: it cannot be asked how one stands. */
    public boolean answersOnce() {
        return !operations.containsKey("status");
    }

    /** The keys of the secrets without which no call can be made. */
    public Set<String> neededSecrets() {
        Set<String> needed = new TreeSet<>();
        List<String> templates = new ArrayList<>(auth.form().values());
        templates.addAll(auth.header().values());
        Stream.of(auth.basicUser(), auth.basicPassword())
                .filter(Objects::nonNull)
                .forEach(templates::add);
        templates.forEach(template -> PLACEHOLDER
                .matcher(template)
                .results()
                .map(found -> found.group(1))
                .filter(name -> name.startsWith("setting."))
                .forEach(name -> needed.add(name.substring("setting.".length()))));
        return needed;
    }

    /** The command that an operation of this name carries out, also in a way of its own; empty for what only the bridge reads. */
    public static Optional<CommandType> commandOf(String operation) {
        return CommandType.fromWire(operation).or(() -> Optional.ofNullable(VARIANTS.get(operation)));
    }

    /** {@code sha256:…} over the names and bytes of all files in the folder, as they were when it was read; hidden ones are left out. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Answers that prove that nothing was started. */
    public List<Rule> refusals() {
        return refusals;
    }

    /** Answers that say "busy, nothing was started". */
    public List<Rule> busy() {
        return busy;
    }

    /** The rule by which this answer proves that nothing was started. */
    public Optional<Rule> refusal(String operation, int status, JsonNode answer) {
        return refusals.stream()
                .filter(rule -> rule.matches(operation, status, answer))
                .findFirst();
    }

    /** The rule by which this answer says "busy, nothing was started". */
    public Optional<Rule> busy(String operation, int status, JsonNode answer) {
        return busy.stream()
                .filter(rule -> rule.matches(operation, status, answer))
                .findFirst();
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    static void checkBaseUrl(URI url) {
        boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        if (!http
                || url.getHost() == null
                || url.getUserInfo() != null
                || url.getQuery() != null
                || url.getFragment() != null) {
            throw new IllegalArgumentException("is no plain http or https URL of a host and a path: " + url);
        }
    }

    private void check(Keys keys) {
        if (!NAME.matcher(name).matches()
                || !String.valueOf(folder.getFileName()).equals(name)) {
            throw keys.wrong("name", "must be the folder's name, in kebab-case");
        }
        if (callsTerminals() && !readUrls.isEmpty()) {
            throw keys.wrong("read-urls", "has no use where each terminal has a URL of its own");
        }
        Map<String, Operation> byTarget = new HashMap<>();
        for (Operation operation : operations.values()) {
            String key = "operations." + operation.name();
            if (!brands.containsAll(operation.brands())) {
                throw keys.wrong(key + ".brands", "names a brand that is not among brands");
            }
            if (!brands.containsAll(operation.brandsOnRequest())) {
                throw keys.wrong(key + ".brands-on-request", "names a brand that is not among brands");
            }
            if (operation.brandsOnRequest().stream().anyMatch(operation.brands()::contains)) {
                throw keys.wrong(key + ".brands-on-request", "names a brand that the operation's brands hold already");
            }
            if (operation.brands().isEmpty() && !operation.brandsOnRequest().isEmpty()) {
                throw keys.wrong(key + ".brands-on-request", "adds nothing: without brands the operation is for all");
            }
            boolean moves =
                    commandOf(operation.name()).map(CommandType::movesMoney).orElse(false);
            if (moves && !operation.once()) {
                throw keys.wrong(key + ".once", "must be true: this command must never be sent twice");
            }
            boolean changes = commandOf(operation.name())
                    .filter(type -> type == CommandType.CANCEL || Reservations.isChange(type))
                    .filter(type -> !operation.name().equals(CAPTURE_ELSEWHERE))
                    .isPresent();
            if (changes && !operations.containsKey("status")) {
                throw keys.wrong(
                        key, "needs the operation status: only how the payment stands tells whether it was done");
            }
            if (operation.numbered() && (numbers == null || !STARTS.contains(operation.name()))) {
                throw keys.wrong(
                        key + ".numbered",
                        numbers == null
                                ? "needs numbers, from and to"
                                : "goes with " + String.join(", ", new TreeSet<>(STARTS)) + " only");
            }
            if (operation.onePer() != null && !operation.name().equals(CAPTURE_ELSEWHERE)) {
                throw keys.wrong(key + ".one-per", "goes with " + CAPTURE_ELSEWHERE + " only");
            }
            if (operation.name().equals(CAPTURE_ELSEWHERE) && operation.onePer() == null) {
                throw keys.wrong(key + ".one-per", "is missing: which field of provider names the authorisation?");
            }
            if (operation.at() != null && !urls.containsKey(operation.at())) {
                throw keys.wrong(key + ".at", "names none of urls");
            }
            if (!urls.isEmpty() && !operation.once() && !operation.method().equals("GET")) {
                // With one base URL the path tells what is called; with several, only the method tells that nothing is
                // changed.
                throw keys.wrong(key + ".method", "must be GET: beside urls, what may be repeated is read with GET");
            }
            operation.headers().keySet().stream()
                    .filter(name -> headers.containsKey(name)
                            || auth.header().keySet().stream().anyMatch(name::equalsIgnoreCase))
                    .findFirst()
                    .ifPresent(name -> {
                        throw keys.wrong(key + ".headers." + name, "stands in headers or auth already");
                    });
            if (operation.once() && operation.anonymous()) {
                throw keys.wrong(key + ".anonymous", "goes with once: false only");
            }
            Operation whole = operation.partOf() == null ? null : operations.get(operation.partOf());
            if (operation.partOf() != null
                    && (whole == null || whole.partOf() != null || whole.once() || operation.once())) {
                throw keys.wrong(key + ".part-of", "must name another operation; both must be once: false");
            }
            // A second name for such a call would be a way around the mark.
            Operation twin = byTarget.putIfAbsent(operation.method() + " " + operation.path(), operation);
            if (twin != null && twin.once() != operation.once()) {
                throw keys.wrong(key + ".once", "differs from that of " + twin.name() + ", which calls the same");
            }
        }
        for (String finder : find) {
            if (!FINDERS.contains(finder) || !operations.containsKey(finder)) {
                throw keys.wrong(
                        "find",
                        "may hold those of " + String.join(", ", new TreeSet<>(FINDERS))
                                + " that stand in operations, not " + finder);
            }
        }
        for (String reading : READINGS) {
            if (operations.containsKey(reading) && operations.get(reading).once()) {
                throw keys.wrong("operations." + reading + ".once", "must be false: it only reads");
            }
        }
        for (List<Rule> rules : List.of(refusals, busy)) {
            rules.stream()
                    .filter(rule -> !operations.keySet().containsAll(rule.operations()))
                    .findFirst()
                    .ifPresent(rule -> {
                        throw keys.wrong(
                                rules == busy ? "busy" : "refusals",
                                "has a rule about " + rule.operations() + ", which are not all operations");
                    });
        }
        if (operations.containsKey(WITHOUT_CARD) && !operations.containsKey(ProviderJob.GIVEN_BACK)) {
            throw keys.wrong(
                    "operations." + WITHOUT_CARD,
                    "needs the operation " + ProviderJob.GIVEN_BACK
                            + ": what it adds to the amount given back is its proof");
        }
        if (!auth.form().isEmpty() && encoding == Encoding.JSON) {
            throw keys.wrong("auth.form", "goes with a form encoding only");
        }
    }

    private static Operation operation(String name, Keys keys) {
        if (!NAME.matcher(name).matches()) {
            throw keys.wrong("", "must be a name in kebab-case");
        }
        if (commandOf(name).isEmpty() && !READINGS.contains(name)) {
            Set<String> known = new TreeSet<>(READINGS);
            known.addAll(VARIANTS.keySet());
            throw keys.wrong("", "is neither a command nor one of " + String.join(", ", known));
        }
        String method = keys.text("method");
        if (!Set.of("GET", "POST", "PUT", "PATCH", "DELETE").contains(method)) {
            throw keys.wrong("method", "is none of GET, POST, PUT, PATCH, DELETE");
        }
        String path = keys.text("path");
        if (!path.matches("/([A-Za-z0-9._~/-]|\\{[A-Za-z][A-Za-z0-9]*})*") || path.contains("..")) {
            throw keys.wrong("path", "must start with / and hold plain characters and {values} only");
        }
        Set<Integer> success = keys.statuses("success");
        if (success.isEmpty()) {
            throw keys.wrong("success", "must list at least one status");
        }
        boolean once = keys.bool("once");
        String lostAnswer = once ? keys.text("lost-answer") : keys.optionalText("lost-answer");
        if (!once && lostAnswer != null) {
            throw keys.wrong("lost-answer", "goes with once: true only; what may be repeated is asked again");
        }
        if (lostAnswer != null && lostAnswer.strip().contains("\n")) {
            throw keys.wrong("lost-answer", "must be one line");
        }
        Operation operation = new Operation(
                name,
                method,
                path,
                once,
                Set.copyOf(keys.texts("brands")),
                Set.copyOf(keys.texts("brands-on-request")),
                keys.optionalDuration("connect-timeout"),
                keys.optionalDuration("response-timeout"),
                success,
                lostAnswer == null ? null : lostAnswer.strip(),
                keys.optionalText("at"),
                keys.optionalBool("anonymous"),
                keys.optionalText("part-of"),
                keys.optionalText("one-per"),
                keys.optionalBool("numbered"),
                callHeaders(keys.optional("headers")));
        keys.done();
        if (!once && !operation.headers().isEmpty()) {
            throw keys.wrong("headers", "goes with once: true only: a read belongs to no one command");
        }
        return operation;
    }

    /** Headers that name the call; never a credential. */
    private static Map<String, String> callHeaders(@Nullable Keys keys) {
        Map<String, String> values = new LinkedHashMap<>();
        if (keys != null) {
            for (String name : keys.names()) {
                if (!NAME.matcher(name).matches() || OWN_HEADER.matcher(name).matches()) {
                    throw keys.wrong(
                            name,
                            "must be a name in lower case with hyphens, and none that the call block writes itself");
                }
                values.put(name, keys.ids(name));
            }
            keys.done();
        }
        return Collections.unmodifiableMap(values);
    }

    private static List<Rule> rules(Keys keys, String key) {
        List<Rule> rules = new ArrayList<>();
        for (Keys each : keys.list(key)) {
            Set<Integer> statuses = each.statuses("status");
            String when = each.optionalText("when");
            if (statuses.isEmpty() && when == null) {
                throw each.wrong("", "needs status, when or both");
            }
            JqScript script = null;
            if (when != null) {
                try {
                    script = JqScript.compile(each.at("when"), when);
                } catch (JqException e) {
                    throw each.wrong("when", e.getMessage());
                }
            }
            rules.add(new Rule(Set.copyOf(each.texts("operations")), statuses, script, each.text("why")));
            each.done();
        }
        return List.copyOf(rules);
    }

    private static Cadence cadence(Keys keys) {
        Cadence cadence = new Cadence(
                keys.duration("first-look"),
                keys.duration("look-interval"),
                keys.duration("look-interval-max"),
                keys.duration("maximum"),
                keys.optionalBool("late-look"));
        keys.done();
        if (cadence.intervalMax().compareTo(cadence.interval()) < 0) {
            throw keys.wrong("look-interval-max", "is below look-interval");
        }
        return cadence;
    }

    private static @Nullable Numbers numbers(Keys all, @Nullable Keys keys) {
        if (keys == null) {
            return null;
        }
        int from = keys.integer("from");
        int to = keys.integer("to");
        keys.done();
        if (to <= from) {
            throw all.wrong("numbers", "must go from less to more");
        }
        return new Numbers(from, to);
    }

    private static @Nullable Limits limits(@Nullable Keys keys) {
        if (keys == null) {
            return null;
        }
        Limits limits = new Limits(keys.integer("calls"), keys.duration("per"), keys.integer("at-once"));
        keys.done();
        return limits;
    }

    private static Auth auth(@Nullable Keys keys) {
        if (keys == null) {
            return Auth.NONE;
        }
        Keys basic = keys.optional("basic");
        Auth auth = new Auth(
                credentials(keys.optional("form")),
                credentials(keys.optional("header")),
                basic == null ? null : basic.credential("username"),
                basic == null ? null : basic.has("password") ? basic.credential("password") : "");
        if (basic != null) {
            basic.done();
        }
        keys.done();
        return auth;
    }

    private static Map<String, String> credentials(@Nullable Keys keys) {
        Map<String, String> values = new LinkedHashMap<>();
        if (keys != null) {
            keys.names().forEach(field -> values.put(field, keys.credential(field)));
            keys.done();
        }
        return Collections.unmodifiableMap(values);
    }

    private static String fingerprintOf(Path folder) {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            Map<String, Path> files = new TreeMap<>();
            // Hidden names are an editor's, or the ones by which Kubernetes swaps a mounted folder.
            walk.filter(Files::isRegularFile).forEach(file -> {
                String relative = folder.relativize(file).toString().replace('\\', '/');
                if (!relative.startsWith(".") && !relative.contains("/.")) {
                    files.put(relative, file);
                }
            });
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Map.Entry<String, Path> file : files.entrySet()) {
                for (byte[] part :
                        List.of(file.getKey().getBytes(StandardCharsets.UTF_8), Files.readAllBytes(file.getValue()))) {
                    // Lengths first, so that moving a byte from a name to a content is seen.
                    digest.update(ByteBuffer.allocate(4).putInt(part.length).array());
                    digest.update(part);
                }
            }
            return "sha256:" + HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new ProviderFolderException(folder, "cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A YAML object that knows which of its keys were asked for. */
    private static final class Keys {
        private final Path file;
        private final String at;
        private final JsonNode node;
        private final Set<String> known = new LinkedHashSet<>();

        Keys(Path file, String at, JsonNode node) {
            this.file = file;
            this.at = at;
            this.node = node;
            if (!node.isObject()) {
                throw wrong("", "must be an object of keys and values");
            }
        }

        String at(String key) {
            String joined = at.isEmpty() ? key : key.isEmpty() ? at : at + "." + key;
            return joined.isEmpty() ? "the file" : joined;
        }

        ProviderFolderException wrong(String key, @Nullable String why) {
            return new ProviderFolderException(file, at(key) + " " + why);
        }

        List<String> names() {
            List<String> names = new ArrayList<>();
            node.fieldNames().forEachRemaining(names::add);
            return names;
        }

        void done() {
            for (String key : names()) {
                if (!known.contains(key)) {
                    throw wrong(key, "is not known here; known are " + String.join(", ", known));
                }
            }
        }

        boolean has(String key) {
            return value(key) != null;
        }

        private @Nullable JsonNode value(String key) {
            known.add(key);
            JsonNode value = node.get(key);
            if (value != null && value.isNull()) {
                throw wrong(key, "has no value");
            }
            return value;
        }

        private JsonNode needed(String key) {
            JsonNode value = value(key);
            if (value == null) {
                throw wrong(key, "is missing");
            }
            return value;
        }

        @Nullable
        String optionalText(String key) {
            JsonNode value = value(key);
            if (value == null) {
                return null;
            }
            if (!value.isTextual() || value.textValue().isBlank()) {
                throw wrong(key, "must be a text");
            }
            return value.textValue();
        }

        String text(String key) {
            needed(key);
            String text = optionalText(key);
            if (text == null) {
                throw wrong(key, "is missing");
            }
            return text;
        }

        String credential(String key) {
            return template(
                    key,
                    "terminal\\.id|terminal\\.key|setting\\.[a-z][a-z0-9-]*",
                    "{terminal.id}, {terminal.key} and {setting.<key>}");
        }

        /** Who somebody is, which need not be kept secret. */
        String identity(String key) {
            return template(
                    key,
                    "terminal\\.label\\.[A-Za-z0-9-]+|setting\\.[a-z][a-z0-9-]*|option\\.[a-z][a-z0-9-]*",
                    "{terminal.label.<label>}, {option.<key>} and {setting.<key>}");
        }

        /** What names a call. */
        String ids(String key) {
            String text = template(key, "payment\\.id|command\\.id", "{payment.id} and {command.id}");
            if (!PLACEHOLDER.matcher(text).replaceAll("").matches("[\\x20-\\x7E&&[^{}]]{0,100}")) {
                throw wrong(key, "must be one line of printable ASCII");
            }
            return text;
        }

        private String template(String key, String names, String words) {
            String text = text(key);
            PLACEHOLDER.matcher(text).results().forEach(found -> {
                String name = found.group(1);
                if (!name.matches(names)) {
                    throw wrong(key, "knows " + words + ", not {" + name + "}");
                }
            });
            return text;
        }

        boolean optionalBool(String key) {
            return value(key) != null && bool(key);
        }

        boolean bool(String key) {
            JsonNode value = needed(key);
            if (!value.isBoolean()) {
                throw wrong(key, "must be true or false");
            }
            return value.booleanValue();
        }

        int integer(String key) {
            JsonNode value = needed(key);
            if (!value.isInt() || value.intValue() < 1) {
                throw wrong(key, "must be a whole number above 0");
            }
            return value.intValue();
        }

        int optionalInteger(String key, int otherwise) {
            return value(key) == null ? otherwise : integer(key);
        }

        URI url(String key) {
            return url(key, text(key));
        }

        List<URI> urls(String key) {
            return texts(key).stream().map(text -> url(key, text)).toList();
        }

        private URI url(String key, String text) {
            try {
                URI url = URI.create(text);
                checkBaseUrl(url);
                return url;
            } catch (IllegalArgumentException e) {
                throw wrong(key, e.getMessage());
            }
        }

        Encoding encoding(String key) {
            String text = text(key);
            return switch (text) {
                case "multipart" -> Encoding.MULTIPART;
                case "urlencoded" -> Encoding.URLENCODED;
                case "json" -> Encoding.JSON;
                default -> throw wrong(key, "is none of multipart, urlencoded, json");
            };
        }

        @Nullable
        Duration optionalDuration(String key) {
            String text = optionalText(key);
            if (text == null) {
                return null;
            }
            try {
                Duration duration = Duration.parse(text);
                if (duration.toMillis() <= 0) {
                    throw wrong(key, "must be above 0");
                }
                return duration;
            } catch (DateTimeParseException e) {
                throw wrong(key, "must be a duration such as PT5S");
            }
        }

        Duration duration(String key) {
            needed(key);
            Duration duration = optionalDuration(key);
            if (duration == null) {
                throw wrong(key, "is missing");
            }
            return duration;
        }

        List<String> texts(String key) {
            JsonNode value = value(key);
            List<String> texts = new ArrayList<>();
            if (value == null) {
                return texts;
            }
            if (!value.isArray()) {
                throw wrong(key, "must be a list");
            }
            for (JsonNode each : value) {
                if (!each.isTextual() || texts.contains(each.textValue())) {
                    throw wrong(key, "must be a list of different texts");
                }
                texts.add(each.textValue());
            }
            return texts;
        }

        Set<Integer> statuses(String key) {
            JsonNode value = value(key);
            Set<Integer> statuses = new LinkedHashSet<>();
            if (value == null) {
                return statuses;
            }
            if (!value.isArray()) {
                throw wrong(key, "must be a list of HTTP statuses");
            }
            for (JsonNode each : value) {
                if (!each.isInt() || each.intValue() < 200 || each.intValue() > 599) {
                    throw wrong(key, "must be a list of HTTP statuses from 200 to 599");
                }
                statuses.add(each.intValue());
            }
            return Set.copyOf(statuses);
        }

        @Nullable
        Keys optional(String key) {
            JsonNode value = value(key);
            return value == null ? null : new Keys(file, at(key), value);
        }

        Keys required(String key) {
            return new Keys(file, at(key), needed(key));
        }

        List<Keys> list(String key) {
            JsonNode value = value(key);
            List<Keys> list = new ArrayList<>();
            if (value == null) {
                return list;
            }
            if (!value.isArray()) {
                throw wrong(key, "must be a list");
            }
            for (int i = 0; i < value.size(); i++) {
                list.add(new Keys(file, at(key) + "[" + i + "]", value.get(i)));
            }
            return list;
        }
    }
}
