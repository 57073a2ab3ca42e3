package nl.pinbridge.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nl.pinbridge.admin.Admin;
import nl.pinbridge.broker.Addresses;
import nl.pinbridge.broker.BrokerConnections;
import nl.pinbridge.broker.BrokerException;
import nl.pinbridge.broker.BrokerManagement;
import nl.pinbridge.broker.BrokerSettings;
import nl.pinbridge.broker.Credentials;
import nl.pinbridge.broker.EmbeddedBroker;
import nl.pinbridge.broker.Login;
import nl.pinbridge.broker.Preflight;
import nl.pinbridge.broker.PrivateFiles;
import nl.pinbridge.broker.ReplyAddresses;
import nl.pinbridge.config.Complaint;
import nl.pinbridge.config.DirectoryWatch;
import nl.pinbridge.config.Probe;
import nl.pinbridge.config.ProviderOptions;
import nl.pinbridge.config.Secret;
import nl.pinbridge.config.Settings;
import nl.pinbridge.config.StartCheck;
import nl.pinbridge.config.Terminal;
import nl.pinbridge.config.TerminalDirectory;
import nl.pinbridge.config.Terminals;
import nl.pinbridge.contract.Json;
import nl.pinbridge.intake.Intake;
import nl.pinbridge.intake.MessageReader;
import nl.pinbridge.ledger.Desk;
import nl.pinbridge.ledger.Ledger;
import nl.pinbridge.ledger.Nudges;
import nl.pinbridge.outcome.Outcome;
import nl.pinbridge.outcome.ProviderRules;
import nl.pinbridge.outcome.Restoration;
import nl.pinbridge.provider.JqLanguage;
import nl.pinbridge.provider.Marks;
import nl.pinbridge.provider.ProviderCallComponent;
import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.ProviderSettings;
import nl.pinbridge.provider.Waterline;
import nl.pinbridge.provider.WebhookDoor;
import nl.pinbridge.provider.Work;
import nl.pinbridge.publish.Messenger;
import nl.pinbridge.publish.Publisher;
import nl.pinbridge.publish.Sweep;
import nl.pinbridge.reconciliation.FeedSender;
import nl.pinbridge.reconciliation.ListReader;
import nl.pinbridge.reconciliation.Matching;
import nl.pinbridge.reconciliation.Reconciliation;
import nl.pinbridge.reconciliation.ReconciliationRules;
import nl.pinbridge.reconciliation.Reports;
import nl.pinbridge.reconciliation.Runs;
import nl.pinbridge.routecheck.Finding;
import nl.pinbridge.routecheck.RouteCheck;
import nl.pinbridge.routecheck.Severity;
import nl.pinbridge.webhook.Door;
import nl.pinbridge.webhook.Signatures;
import nl.pinbridge.webhook.WebhookListener;
import nl.pinbridge.webhook.WebhookTokens;
import nl.pinbridge.webhook.Webhooks;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.jms.JmsMessage;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.jspecify.annotations.Nullable;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.core.JmsTemplate;

/** A running bridge: ledger, broker, routes. Several may run in one process, as tests do. */
public final class Bridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Ledger ledger;
    private final Main main;
    private final ReconciliationBlocks reconciliation;
    private final String brokerUrl;
    private final int managementPort;
    private final int webhookPort;

    /**
     * Starts a bridge and returns when it takes commands.
     *
     * @param probe told of instants between two steps; {@link Probe#NONE} in production
     * @throws nl.pinbridge.config.ConfigurationException when something that an operator edits is wrong
     * @throws BrokerException when the broker must not be used
     * @throws nl.pinbridge.ledger.LedgerUnavailableException when the database cannot be opened
     */
    public static Bridge start(Settings settings, Clock clock, Probe probe) {
        return new Bridge(settings, clock, probe);
    }

    private Bridge(Settings settings, Clock clock, Probe probe) {
        try {
            Path routes = settings.path("pinbridge.routes");
            Map<String, ProviderFolder> folders = ProviderFolder.readAll(routes.resolve("providers"));
            Properties properties = camel(settings, folders.values());
            checkRoutes(routes, properties);
            Map<String, Set<String>> brands = new TreeMap<>();
            folders.forEach((name, folder) -> brands.put(name, folder.brands()));
            Set<String> ownUrls = folders.values().stream()
                    .filter(ProviderFolder::callsTerminals)
                    .map(ProviderFolder::name)
                    .collect(Collectors.toSet());
            Path terminalsFile = settings.path("pinbridge.terminals");
            Supplier<TerminalDirectory> directory = () -> withSecrets(
                    TerminalDirectory.read(terminalsFile, brands, ownUrls, settings.placeholders()), settings, folders);
            Terminals terminals = new Terminals(directory.get());
            enoughConsumers(settings, folders, terminals.all(), properties);
            PrivateFiles.createFolder(settings.path("pinbridge.data"));
            ledger = opened(Ledger.open(
                    settings.ledgerUrl(),
                    settings.text("pinbridge.ledger.username"),
                    settings.secret("pinbridge.ledger.password").reveal(),
                    settings.number("pinbridge.ledger.pool-size"),
                    clock));

            BrokerSettings wanted = new BrokerSettings(
                    settings.path("pinbridge.data"),
                    settings.number("pinbridge.broker.port"),
                    settings.list("pinbridge.broker.clients"),
                    settings.list("pinbridge.reply.queues"),
                    java.util.List.copyOf(folders.keySet()));
            Connection broker = connect(settings, wanted);
            brokerUrl = broker.outside();
            Preflight.Passed passed = new Preflight(broker.plain(), wanted, clock).check();
            passed.warnings().forEach(LOG::warn);
            JmsPoolConnectionFactory consumers = pooled(broker, 1);
            JmsPoolConnectionFactory senders = pooled(broker, 2);

            Map<String, ProviderRules> rules = new TreeMap<>();
            folders.forEach((name, folder) -> rules.put(name, rules(settings, folder)));
            PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Messenger messenger = new Messenger(senders, result -> count(meters, result));
            Publisher publisher = new Publisher(ledger, messenger, probe);
            Sweep sweep = new Sweep(ledger, messenger, publisher, clock);
            Outcome outcome = new Outcome(ledger, name -> known(rules, name));
            WebhookTokens tokens =
                    WebhookTokens.load(settings.path("pinbridge.data"), settings.secret("pinbridge.webhook.secret"));
            World world = new World(settings, folders, terminals, tokens);
            Path lastMark = settings.path("pinbridge.data").resolve("last-mark");
            Nudges handedOver = new Nudges();
            Optional<Instant> restored = new Restoration(ledger).check(Waterline.lastMark(lastMark), handedOver);
            Waterline marks = opened(Waterline.open(lastMark, new Marks(ledger, world::callTime)));
            Work work = new Work(ledger, world);
            Intake intake = new Intake(
                    ledger,
                    terminals::find,
                    terminals::all,
                    world,
                    settings.flag("pinbridge.refund.unknown-sales"),
                    settings.duration("pinbridge.command.default-ttl"),
                    settings.duration("pinbridge.lane.wait"),
                    clock,
                    probe);
            restored.ifPresent(intake::doubtWhatCameBefore);
            MessageReader messages = new MessageReader(
                    new ReplyAddresses(settings.list("pinbridge.reply.allow")), world.confidential(), clock);

            managementPort = port(settings.number("pinbridge.management.port"));
            main = new Main();
            // Camel's own hook waits a minute for somebody who calls run(); the bridge stops its parts itself, in
            // order.
            main.setShutdownStrategy(new SimpleMainShutdownStrategy());
            properties.setProperty("camel.management.port", String.valueOf(managementPort));
            main.setOverrideProperties(properties);
            main.bind("jq", new JqLanguage());
            main.bind("jms", jms(consumers));
            main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, meters);
            Map<String, ProviderSettings> calls = new TreeMap<>();
            folders.keySet().forEach(name -> calls.put(name, callSettings(settings.forProvider(name))));
            main.bind("provider-call", new ProviderCallComponent(folders, calls, marks, clock, probe, meters));
            main.init();
            CamelContext camel = main.getCamelContext();
            LedgerGate gate = opened(new LedgerGate(ledger, camel));
            ProducerTemplate template = camel.createProducerTemplate();
            Reconciliation days =
                    reconciliation(settings, folders, terminals, outcome, senders, template, clock, probe);
            reconciliation = new ReconciliationBlocks(
                    days,
                    publisher,
                    template,
                    settings.flag("pinbridge.reconciliation.enabled"),
                    ReconciliationBlocks.firings(
                            settings.cron("pinbridge.reconciliation.schedule"),
                            settings.zone("pinbridge.reconciliation.zone")),
                    probe);
            Blocks blocks = new Blocks(
                    intake,
                    messages,
                    work,
                    outcome,
                    publisher,
                    messenger,
                    sweep,
                    new Webhooks(ledger, name -> known(folders, name).webhook(), clock, meters),
                    folders.keySet(),
                    reconciliation::request,
                    new Finder(
                            new ListReader(job -> ReconciliationBlocks.ask(template, job), 1, Duration.ZERO),
                            settings.zone("pinbridge.reconciliation.zone"),
                            clock),
                    template,
                    probe);
            blocks.byName().forEach(main::bind);
            reconciliation.byName().forEach(main::bind);
            main.bind("close-gate", (Processor) exchange -> gate.shut());
            // Whoever marks and whoever pauses lock the same row, so it must be there.
            folders.keySet().forEach(name -> ledger.update(tx -> new Desk(tx).ensureProvider(name)));
            OperatorHouse house = new OperatorHouse(
                    terminals, folders.keySet(), rules, publisher, messenger, messages, intake, days.reports(), clock);
            main.bind("admin", admin(new Admin(ledger, house, senders), senders));
            BrokerClock brokerClock = opened(new BrokerClock(broker.plain(), clock));
            DirectoryWatch watch = opened(new DirectoryWatch(
                    terminalsFile,
                    () -> {
                        TerminalDirectory changed = directory.get();
                        warnOfFewConsumers(folders, changed.all(), properties);
                        return changed;
                    },
                    terminals));
            HealthCheckRegistry.get(camel).register(new Readiness(ledger, gate, brokerClock, watch::complaints, clock));
            QueueFigures queues = opened(new QueueFigures(broker.plain(), Addresses.places(wanted)));
            opened(new Figures(meters, ledger, queues, folders.keySet(), clock)).start();
            opened(main::stop);
            main.start();
            webhookPort = listen(settings, tokens, folders, terminals, messenger, clock, meters);
            if (camel.getRoutes().isEmpty()) {
                throw new IllegalStateException("pinbridge.routes: no route was found under " + routes);
            }
            publisher.publish(handedOver);
            sweep.runAtStart();
            PrivateFiles.writePorts(wanted.data(), broker.port(), webhookPort, managementPort);
            writeWebhookAddresses(settings, folders, tokens, wanted.data());
            LOG.info(
                    "PinBridge takes commands at {} ({} terminals, broker {}, management on port {})",
                    brokerUrl,
                    terminals.all().size(),
                    passed.version(),
                    managementPort);
        } catch (Exception e) {
            close();
            if (e instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException("The bridge could not start", e);
        }
    }

    private Reconciliation reconciliation(
            Settings settings,
            Map<String, ProviderFolder> folders,
            Terminals terminals,
            Outcome outcome,
            ConnectionFactory senders,
            ProducerTemplate template,
            Clock clock,
            Probe probe) {
        String prefix = "pinbridge.reconciliation.";
        Set<String> listing = folders.values().stream()
                .filter(folder -> folder.operation(ListReader.OPERATION).isPresent())
                .map(ProviderFolder::name)
                .collect(Collectors.toSet());
        Runs runs = new Runs(
                ledger,
                new ReconciliationRules(
                        settings.zone(prefix + "zone"),
                        settings.time(prefix + "day-starts-at"),
                        settings.number(prefix + "look-back"),
                        settings.duration(prefix + "grace"),
                        settings.duration(prefix + "time-tolerance"),
                        settings.duration(prefix + "retry-interval"),
                        settings.duration(prefix + "lease"),
                        settings.number(prefix + "keep-days")),
                listing,
                terminals::all,
                terminal -> known(folders, terminal.provider()).supports(ListReader.OPERATION, terminal.brand()),
                clock);
        return new Reconciliation(
                runs,
                new ListReader(
                        job -> ReconciliationBlocks.ask(template, job),
                        settings.number(prefix + "read-tries"),
                        settings.duration(prefix + "read-pause")),
                new Matching(ledger, runs, outcome, name -> known(folders, name).fingerprint(), terminals::all),
                new FeedSender(ledger, runs, senders, probe),
                new Reports(
                        ledger,
                        runs,
                        settings.path("pinbridge.data").resolve("reconciliation"),
                        settings.flag(prefix + "csv-bom"),
                        settings.character(prefix + "csv-separator"),
                        settings.flag(prefix + "csv-decimal-comma")));
    }

    /** A broker as this bridge uses it: where outside clients find it, and how the bridge gets in. */
    private record Connection(String outside, int port, String inside, Login login) {
        ConnectionFactory plain() {
            return BrokerConnections.plain(inside, login);
        }
    }

    private Connection connect(Settings settings, BrokerSettings wanted) {
        String url = settings.text("pinbridge.broker.url");
        if (!url.isEmpty()) {
            Login login =
                    new Login(settings.text("pinbridge.broker.username"), settings.secret("pinbridge.broker.password"));
            return new Connection(url, 0, url, login);
        }
        Credentials credentials = Credentials.load(wanted);
        EmbeddedBroker broker = opened(EmbeddedBroker.start(wanted, credentials));
        credentials.writeConnectionFiles(broker.url());
        return new Connection(broker.url(), broker.port(), broker.vmUrl(), credentials.bridge());
    }

    private JmsPoolConnectionFactory pooled(Connection broker, int connections) {
        JmsPoolConnectionFactory pool = BrokerConnections.pooled(broker.inside(), broker.login(), connections);
        opened(pool::stop);
        return pool;
    }

    private static JmsComponent jms(ConnectionFactory consumers) {
        JmsComponent jms = new JmsComponent();
        jms.setConnectionFactory(consumers);
        jms.setTransacted(true);
        jms.setLazyCreateTransactionManager(false);
        jms.setCacheLevelName("CACHE_CONSUMER");
        jms.setDisableReplyTo(true);
        jms.setHeaderFilterStrategy(new NoHeaders());
        jms.setRecoveryInterval(1_000);
        return jms;
    }

    private static Properties camel(Settings settings, Collection<ProviderFolder> folders) {
        Properties properties = new Properties();
        properties.putAll(settings.camel());
        properties.setProperty("camel.main.name", "pinbridge");
        properties.setProperty(
                "camel.main.routesIncludePattern", "file:" + settings.path("pinbridge.routes") + "/**/*.camel.yaml");
        properties.putIfAbsent("camel.main.shutdownTimeout", "90");
        properties.putIfAbsent("camel.main.autoConfigurationLogSummary", "false");
        properties.setProperty("camel.component.direct.block", "false");
        properties.setProperty("camel.management.enabled", "true");
        properties.setProperty("camel.management.host", "127.0.0.1");
        properties.setProperty("camel.management.healthCheckEnabled", "true");
        properties.setProperty("camel.management.metricsEnabled", "true");
        properties.setProperty("camel.health.exposureLevel", "full");
        properties.setProperty("camel.metrics.enabled", "true");
        properties.putAll(settings.placeholderValues());
        for (ProviderFolder folder : folders) {
            Integer consumers = settings.forProvider(folder.name()).consumers();
            properties.setProperty(
                    consumers(folder), String.valueOf(consumers == null ? folder.consumers() : consumers));
        }
        properties.setProperty(
                "pinbridge.reconciliation.retry-millis",
                String.valueOf(settings.duration("pinbridge.reconciliation.retry-interval")
                        .toMillis()));
        properties.setProperty(
                "pinbridge.reconciliation.pause-millis",
                String.valueOf(
                        settings.duration("pinbridge.reconciliation.page-pause").toMillis()));
        properties.setProperty(
                "pinbridge.sweep.millis",
                String.valueOf(settings.duration("pinbridge.sweep.interval").toMillis()));
        return properties;
    }

    /**
     * A provider that answers when the customer has paid keeps a consumer busy for as long: it gets one for each of its terminals, unless
     * the operator says how many it gets.
     */
    private static void enoughConsumers(
            Settings settings, Map<String, ProviderFolder> folders, Collection<Terminal> terminals, Properties camel) {
        folders.values().stream().filter(ProviderFolder::answersOnce).forEach(folder -> {
            long busy = terminalsOf(folder, terminals);
            if (settings.forProvider(folder.name()).consumers() == null && busy > folder.consumers()) {
                camel.setProperty(consumers(folder), String.valueOf(busy));
            }
        });
        warnOfFewConsumers(folders, terminals, camel);
    }

    private static void warnOfFewConsumers(
            Map<String, ProviderFolder> folders, Collection<Terminal> terminals, Properties camel) {
        folders.values().stream().filter(ProviderFolder::answersOnce).forEach(folder -> {
            long busy = terminalsOf(folder, terminals);
            String few = camel.getProperty(consumers(folder));
            if (busy > Integer.parseInt(few)) {
                LOG.warn(
                        "{} has {} terminals and answers only when a payment is over, and {} is {}: what comes when so many"
                                + " customers are paying waits, and may become stale. Raise it, and start the bridge again",
                        folder.name(),
                        busy,
                        consumers(folder),
                        few);
            }
        });
    }

    private static String consumers(ProviderFolder folder) {
        return "pinbridge.provider." + folder.name() + ".consumers";
    }

    private static long terminalsOf(ProviderFolder folder, Collection<Terminal> terminals) {
        return terminals.stream()
                .filter(terminal -> terminal.provider().equals(folder.name()))
                .count();
    }

    /** An edit that could break what the bridge promises is refused before anything is opened. */
    private static void checkRoutes(Path routes, Properties properties) {
        Set<String> placeholders = properties.stringPropertyNames().stream()
                .filter(name -> !name.startsWith("camel."))
                .collect(Collectors.toSet());
        StartCheck check = new StartCheck();
        for (Finding finding : RouteCheck.of(routes, placeholders, Blocks.NAMES).run()) {
            if (finding.severity() == Severity.ERROR) {
                check.add(complaint(finding));
            } else {
                LOG.warn("{}", finding);
            }
        }
        check.finish();
    }

    private static Complaint complaint(Finding finding) {
        String where = finding.line() > 0
                ? finding.file() + ":" + finding.line()
                : finding.file().toString();
        String who = Stream.of(finding.routeId(), finding.stepId())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("/"));
        return new Complaint(where, finding.rule() + (who.isEmpty() ? "" : ": " + who), finding.message());
    }

    private static ProviderRules rules(Settings settings, ProviderFolder folder) {
        ProviderOptions set = settings.forProvider(folder.name());
        ProviderFolder.Cadence cadence = folder.cadence();
        return new ProviderRules(
                either(set.firstLook(), cadence.firstLook()),
                either(set.lookInterval(), cadence.interval()),
                either(set.lookIntervalMax(), cadence.intervalMax()),
                either(set.maximum(), cadence.maximum()),
                set.acceptZeroAmount(),
                set.expectTest(),
                !folder.answersOnce(),
                !folder.find().isEmpty(),
                cadence.lateLook(),
                folder.fingerprint());
    }

    private static <T> T either(@Nullable T set, T otherwise) {
        return set == null ? otherwise : set;
    }

    private static ProviderSettings callSettings(ProviderOptions set) {
        String encoding = set.encoding();
        return new ProviderSettings(
                set.name(),
                set.url(),
                set.connectTimeout(),
                set.responseTimeout(),
                encoding == null ? null : ProviderFolder.Encoding.valueOf(encoding.toUpperCase(Locale.ROOT)),
                set.secrets(),
                set.urls(),
                set.readUrls());
    }

    private static Door door(Settings settings, ProviderFolder folder, Terminals terminals) {
        ProviderOptions set = settings.forProvider(folder.name());
        WebhookDoor.Signature signature = folder.door().signature();
        return new Door(
                folder.door(),
                signature == null || !set.webhookSigned()
                        ? null
                        : new Signatures(signature, set.values(), set.secrets(), () -> terminals.all().stream()
                                .filter(terminal -> terminal.provider().equals(folder.name()))
                                .toList()));
    }

    /** A provider's secrets are needed once it has a terminal, and not before. */
    private static TerminalDirectory withSecrets(
            TerminalDirectory directory, Settings settings, Map<String, ProviderFolder> folders) {
        StartCheck check = new StartCheck();
        directory.all().stream().map(Terminal::provider).distinct().forEach(name -> {
            Map<String, Secret> set = settings.forProvider(name).secrets();
            known(folders, name).neededSecrets().stream()
                    .filter(key -> !set.containsKey(key))
                    .forEach(key -> check.add(new Complaint(
                            "settings",
                            "pinbridge.provider." + name + ".secret." + key,
                            "is not set, and the terminal directory has terminals of " + name + ".")));
        });
        check.finish();
        return directory;
    }

    private static <T> T known(Map<String, T> byProvider, String name) {
        T value = byProvider.get(name);
        if (value == null) {
            throw new IllegalStateException("There is no folder for the provider " + name);
        }
        return value;
    }

    private static void count(MeterRegistry meters, JsonNode result) {
        Counter.builder("pinbridge.results")
                .description("Results by the command's name and status")
                .tag("command", result.path("command").asText("unknown"))
                .tag("status", result.path("status").asText())
                .register(meters)
                .increment();
    }

    private static Processor admin(Admin admin, ConnectionFactory senders) {
        JmsTemplate template = new JmsTemplate(senders);
        return exchange -> {
            Message question = exchange.getMessage(JmsMessage.class).getJmsMessage();
            if (question.getJMSReplyTo() == null) {
                return;
            }
            String user = question.getStringProperty("JMSXUserID");
            String answer = Json.write(answer(admin, question, user == null ? "unknown" : user));
            template.send(question.getJMSReplyTo(), session -> {
                Message message = session.createTextMessage(answer);
                message.setJMSCorrelationID(
                        Optional.ofNullable(question.getJMSCorrelationID()).orElse(question.getJMSMessageID()));
                return message;
            });
        };
    }

    /**
     * Writes down what an operator tells a provider that is told one address for all payments: who knows it can make the bridge ask, and
     * no more, but it is nothing for a log.
     */
    private static void writeWebhookAddresses(
            Settings settings, Map<String, ProviderFolder> folders, WebhookTokens tokens, Path data) {
        String base = settings.uri("pinbridge.public-url")
                .map(url -> url.toString().replaceAll("/+$", ""))
                .orElse("");
        Map<String, String> addresses = new TreeMap<>();
        folders.values().stream()
                .filter(folder -> folder.webhook() != null && folder.door().oneAddress())
                .forEach(folder -> addresses.put(folder.name(), base + tokens.path(folder.name())));
        if (!addresses.isEmpty()) {
            PrivateFiles.write(data.resolve("webhook-addresses.properties"), addresses);
        }
    }

    /**
     * Opens the port for webhooks.
     *
     * @return 0 when it is taken and no provider was told of it: nobody needs it then
     */
    private int listen(
            Settings settings,
            WebhookTokens tokens,
            Map<String, ProviderFolder> folders,
            Terminals terminals,
            Messenger messenger,
            Clock clock,
            MeterRegistry meters) {
        Map<String, Door> doors = new TreeMap<>();
        folders.values().stream()
                .filter(folder -> folder.webhook() != null)
                .forEach(folder -> doors.put(folder.name(), door(settings, folder, terminals)));
        WebhookListener.Options options = new WebhookListener.Options(
                settings.text("pinbridge.http.host"),
                settings.number("pinbridge.http.port"),
                settings.number("pinbridge.http.connections"),
                settings.number("pinbridge.webhook.rate"));
        try {
            return opened(WebhookListener.start(options, tokens, doors, messenger::keepWebhook, clock, meters))
                    .port();
        } catch (IllegalStateException e) {
            if (settings.uri("pinbridge.public-url").isPresent()) {
                throw e;
            }
            LOG.warn("{}. No webhooks are received; without pinbridge.public-url nobody sends any", e.getMessage());
            return 0;
        }
    }

    private static ObjectNode answer(Admin admin, Message question, String user) throws JMSException {
        JsonNode json;
        try {
            json = Json.read(question.getBody(String.class));
        } catch (UncheckedIOException e) {
            return Json.object().put("error", "The question is no JSON.");
        }
        return admin.answer(json, user);
    }

    /** The library cannot say which port it got for 0, so a free one is picked for it. */
    private static int port(int wanted) {
        if (wanted != 0) {
            return wanted;
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks the broker for its time over a connection that is kept. */
    private static final class BrokerClock implements Supplier<Duration>, AutoCloseable {
        private final ConnectionFactory factory;
        private final Clock clock;

        BrokerClock(ConnectionFactory factory, Clock clock) {
            this.factory = factory;
            this.clock = clock;
        }

        @Override
        public synchronized Duration get() {
            try (BrokerManagement management = BrokerManagement.open(factory)) {
                return management.ahead(clock);
            } catch (JMSException e) {
                throw new BrokerException("The broker is out of reach", e);
            }
        }

        @Override
        public void close() {}
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** Where clients connect: {@code tcp://127.0.0.1:PORT}. */
    public String brokerUrl() {
        return brokerUrl;
    }

    public int managementPort() {
        return managementPort;
    }

    /** Where webhooks are received. */
    public int webhookPort() {
        return webhookPort;
    }

    public Ledger ledger() {
        return ledger;
    }

    /**
     * Reconciles a business day now, also one that is not over: its feed and its report say that it is provisional.
     *
     * @return where the report lies; empty when the day could not be read, which the log explains
     */
    public Optional<Path> reconcile(String provider, LocalDate day) {
        return reconciliation.now(provider, day).map(report -> report.toAbsolutePath()
                .normalize());
    }

    public CamelContext camel() {
        return main.getCamelContext();
    }

    /** Lets running work end, then stops everything, in the reverse order of the start. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("A part of the bridge did not stop cleanly", e);
            }
        }
    }
}
