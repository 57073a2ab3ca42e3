package nl.pinbridge.config;

import static nl.pinbridge.config.Setting.Type.BROKER;
import static nl.pinbridge.config.Setting.Type.CHARACTER;
import static nl.pinbridge.config.Setting.Type.COUNT;
import static nl.pinbridge.config.Setting.Type.CRON;
import static nl.pinbridge.config.Setting.Type.DURATION;
import static nl.pinbridge.config.Setting.Type.FLAG;
import static nl.pinbridge.config.Setting.Type.FORM;
import static nl.pinbridge.config.Setting.Type.JDBC;
import static nl.pinbridge.config.Setting.Type.LEVEL;
import static nl.pinbridge.config.Setting.Type.LIST;
import static nl.pinbridge.config.Setting.Type.PATH;
import static nl.pinbridge.config.Setting.Type.PORT;
import static nl.pinbridge.config.Setting.Type.SECRET;
import static nl.pinbridge.config.Setting.Type.TEXT;
import static nl.pinbridge.config.Setting.Type.TIME;
import static nl.pinbridge.config.Setting.Type.URL;
import static nl.pinbridge.config.Setting.Type.URLS;
import static nl.pinbridge.config.Setting.Type.WAIT;
import static nl.pinbridge.config.Setting.Type.ZONE;

import java.util.ArrayList;
import java.util.List;
import nl.pinbridge.config.Setting.Type;
import nl.pinbridge.config.Setting.Where;

/** Every setting that there is. What is not listed here is refused, so a misspelt name is never silently without effect. */
final class Catalogue {
    static final String PROVIDER = "pinbridge.provider.<name>.";
    static final String SECRET_KEY = PROVIDER + "secret.<key>";
    static final String OPTION_KEY = PROVIDER + "option.<key>";
    static final String URL_KEY = PROVIDER + "url.<key>";

    static final List<Setting> ALL = all();

    private Catalogue() {}

    private static List<Setting> all() {
        List<Setting> all = new ArrayList<>();
        Group places = new Group(all, "Places");
        places.add(
                "pinbridge.data",
                PATH,
                "data",
                "Folder for all that the embedded broker and ledger keep, and for client.properties.");
        places.add("pinbridge.routes", PATH, "routes", "Folder of the routes and of the providers below it.");
        places.add(
                "pinbridge.terminals",
                PATH,
                "config/terminals.yaml",
                "The terminal directory; read again when it changes.");

        Group broker = new Group(all, "Broker");
        broker.add(
                "pinbridge.broker.url",
                BROKER,
                "",
                "An external Artemis broker, for example tcp://host:61616; empty starts the embedded one.");
        broker.add(
                "pinbridge.broker.username",
                TEXT,
                "",
                "The bridge's user on an external broker; the embedded one makes its own.");
        broker.add("pinbridge.broker.password", SECRET, "", "The password of that user.");
        broker.add(
                "pinbridge.broker.port",
                PORT,
                "61616",
                "Port of the embedded broker on 127.0.0.1, for CORE, AMQP and STOMP; 0 takes a free one.");
        broker.add(
                "pinbridge.broker.clients",
                LIST,
                "",
                "More users of the embedded broker beside client: each gets a password file client-<user>.properties and a queue payments.replies.<user>.");

        Group ledger = new Group(all, "Ledger");
        ledger.add(
                "pinbridge.ledger.url",
                JDBC,
                "",
                "JDBC URL of H2 or PostgreSQL; empty keeps an H2 file ledger below pinbridge.data.");
        ledger.add("pinbridge.ledger.username", TEXT, "pinbridge", "User of the ledger's database.");
        ledger.add("pinbridge.ledger.password", SECRET, "", "The password of that user; the H2 file needs none.");
        ledger.add(
                "pinbridge.ledger.pool-size",
                COUNT,
                "16",
                "Connections to the ledger at most; consumers beyond that wait for one.");

        Group replies = new Group(all, "Replies");
        replies.add(
                "pinbridge.reply.allow",
                LIST,
                "payments.replies.*",
                "Patterns of the queues that a sender may name as reply address, beside its temporary queues.");
        replies.add("pinbridge.reply.queues", LIST, "", "More reply queues that the embedded broker makes at start.");

        Group commands = new Group(all, "Commands");
        commands.add(
                "pinbridge.command.default-ttl",
                DURATION,
                "PT5M",
                "How old a command without an expiry of its own may get before it is answered NOT_SENT.");
        commands.add(
                "pinbridge.lane.wait", WAIT, "PT10S", "How long a command waits for a busy terminal, from intake on.");
        commands.add(
                "pinbridge.refund.unknown-sales",
                FLAG,
                "false",
                "Whether a refund of a sale that the ledger does not know is let through; nobody can say then how much of it is left.");
        commands.add("pinbridge.intake.consumers", COUNT, "8", "Commands taken in at the same time.");
        commands.add(
                "pinbridge.express.consumers",
                COUNT,
                "8",
                "Commands that must overtake, such as cancel and status, at the same time.");
        commands.add(
                "pinbridge.errand.consumers",
                COUNT,
                "2",
                "Slow and harmless commands, such as mail-receipt, at the same time.");
        commands.add("pinbridge.look.consumers", COUNT, "32", "Looks at open payments at the same time.");
        commands.add(
                "pinbridge.sweep.interval", DURATION, "PT1M", "How often the ledger is searched for what is overdue.");

        Group reconciliation = new Group(all, "Reconciliation");
        reconciliation.add(
                "pinbridge.reconciliation.enabled",
                FLAG,
                "true",
                "Whether the days are reconciled every night; the command reconcile works either way.");
        reconciliation.add(
                "pinbridge.reconciliation.schedule",
                CRON,
                "0 30 3 * * ?",
                "When the nightly run begins; nights on which the machine was off are made up for.");
        reconciliation.add(
                "pinbridge.reconciliation.zone",
                ZONE,
                "Europe/Amsterdam",
                "The time zone of the business day and of the schedule.");
        reconciliation.add("pinbridge.reconciliation.day-starts-at", TIME, "00:00", "When a business day begins.");
        reconciliation.add(
                "pinbridge.reconciliation.look-back",
                COUNT,
                "3",
                "How many days before the last are read again every night, for late changes.");
        reconciliation.add(
                "pinbridge.reconciliation.grace",
                WAIT,
                "PT1H",
                "How young a difference may be to count as a matter of time only.");
        reconciliation.add(
                "pinbridge.reconciliation.time-tolerance",
                DURATION,
                "PT10M",
                "How far apart a listed transaction and a payment of the same terminal and amount may lie to be candidates for each other.");
        reconciliation.add(
                "pinbridge.reconciliation.page-pause",
                WAIT,
                "PT0.1S",
                "The pause before each page of the provider's list.");
        reconciliation.add(
                "pinbridge.reconciliation.read-tries",
                COUNT,
                "4",
                "How often a page is asked for at most, before the day is put off.");
        reconciliation.add(
                "pinbridge.reconciliation.read-pause",
                DURATION,
                "PT2S",
                "The pause before a page is asked for again; it doubles each time.");
        reconciliation.add(
                "pinbridge.reconciliation.retry-interval",
                DURATION,
                "PT10M",
                "How long after a vain attempt a day is tried again, and how often interrupted runs are looked for.");
        reconciliation.add(
                "pinbridge.reconciliation.lease",
                DURATION,
                "PT2M",
                "How long a node that has gone silent keeps its run before another goes on with it.");
        reconciliation.add(
                "pinbridge.reconciliation.keep-days",
                COUNT,
                "400",
                "For how many days the rows of published feeds are kept; headers, totals and exceptions stay for good.");
        reconciliation.add(
                "pinbridge.reconciliation.csv-bom",
                FLAG,
                "true",
                "Whether the CSV file begins with a byte order mark, by which a Dutch Excel reads it as UTF-8.");
        reconciliation.add(
                "pinbridge.reconciliation.csv-separator", CHARACTER, ";", "What parts the columns of the CSV file.");
        reconciliation.add(
                "pinbridge.reconciliation.csv-decimal-comma",
                FLAG,
                "true",
                "Whether amounts in the CSV file are written 10,50; false writes 10.50.");

        Group http = new Group(all, "HTTP");
        http.add("pinbridge.http.host", TEXT, "127.0.0.1", "Address on which webhooks are received.");
        http.add("pinbridge.http.port", PORT, "8080", "Port on which webhooks are received; 0 takes a free one.");
        http.add(
                "pinbridge.http.connections",
                COUNT,
                "256",
                "Connections for webhooks open at the same time; one more is closed at once.");
        http.add(
                "pinbridge.webhook.rate",
                COUNT,
                "200",
                "Webhooks a second that are taken, of all payments together; twice as many at once, the rest is answered 429.");
        http.add("pinbridge.webhook.consumers", COUNT, "4", "Webhooks worked on at the same time.");
        http.add(
                "pinbridge.webhook.secret",
                SECRET,
                "",
                "What webhook addresses are signed with, at least 32 characters; empty makes one at the first start. Several nodes need the same.");
        http.add(
                "pinbridge.public-url",
                URL,
                "",
                "Base of the webhook addresses given to providers, as they see it from outside; empty where no webhooks are used.");
        http.add(
                "pinbridge.management.port",
                PORT,
                "9876",
                "Port of health and metrics on 127.0.0.1; 0 takes a free one.");

        Group provider = new Group(all, "Providers");
        provider.add(
                PROVIDER + "url",
                URL,
                "",
                "Base URL of the provider; empty takes the live one from its provider.yaml.");
        provider.add(
                URL_KEY,
                URL,
                "",
                "Base URL of one of the provider's other hosts, where provider.yaml names it in urls; empty takes the live one from there.");
        provider.add(
                PROVIDER + "read-urls",
                URLS,
                "",
                "Base URLs at which reads are tried in turn when the first cannot be reached, never calls that move money; empty takes those of provider.yaml, and none where url is set.");
        provider.add(
                PROVIDER + "connect-timeout",
                DURATION,
                "",
                "Time to connect, TLS included; empty takes that of provider.yaml, else PT5S.");
        provider.add(
                PROVIDER + "response-timeout",
                DURATION,
                "",
                "Time from the first byte written to the whole answer; empty takes that of provider.yaml, else PT60S.");
        provider.add(
                PROVIDER + "first-look",
                DURATION,
                "",
                "Time from the start of a payment to the first look; empty takes that of provider.yaml.");
        provider.add(
                PROVIDER + "look-interval",
                DURATION,
                "",
                "Time to the next look, growing; empty takes that of provider.yaml.");
        provider.add(
                PROVIDER + "look-interval-max",
                DURATION,
                "",
                "The longest time between two looks; empty takes that of provider.yaml.");
        provider.add(
                PROVIDER + "maximum",
                DURATION,
                "",
                "After this an open payment becomes a work item; empty takes that of provider.yaml.");
        provider.add(
                PROVIDER + "consumers",
                COUNT,
                "",
                "Calls to the provider at the same time, at least one for each terminal where it answers only when the customer is done; empty takes that of provider.yaml.");
        provider.add(PROVIDER + "encoding", FORM, "", "How forms are sent; empty takes that of provider.yaml.");
        provider.add(
                PROVIDER + "accept-zero-amount",
                FLAG,
                "true",
                "Whether an answered amount of 0 is accepted when the receipt's total is the amount asked; otherwise it becomes a work item.");
        provider.add(
                PROVIDER + "test",
                FLAG,
                "false",
                "Whether the provider is asked in its test mode; a payment of which it says otherwise becomes a work item.");
        provider.add(
                PROVIDER + "allow",
                LIST,
                "",
                "What provider.yaml leaves to the operator, as operation/brand, for example cancel/CCV.");
        provider.add(
                PROVIDER + "webhook-signed",
                FLAG,
                "true",
                "Whether webhooks must carry the signature that provider.yaml describes; false takes what is not signed as a hint.");
        provider.add(
                OPTION_KEY,
                TEXT,
                "",
                "What provider.yaml leaves to the operator under options, by the name that it has there.");
        provider.add(
                SECRET_KEY,
                SECRET,
                "",
                "A secret that is not kept per terminal, where provider.yaml uses {setting.<key>}.");

        Group outside = new Group(all, "Before the file is read", Where.OUTSIDE);
        outside.add(
                "pinbridge.home", PATH, "", "Folder where relative paths start; empty takes the launcher's folder.");
        outside.add("pinbridge.config", PATH, "config/application.properties", "The file of settings.");
        outside.add("pinbridge.log", LEVEL, "INFO", "How much the bridge itself logs.");
        outside.add("pinbridge.log.libraries", LEVEL, "WARN", "How much everything else logs.");
        outside.add(
                "pinbridge.java.opts",
                TEXT,
                "",
                "Options for the Java machine, taken by the launcher from the environment only.");
        return List.copyOf(all);
    }

    /** The table that people read, in Markdown. */
    static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("# Settings\n\n");
        page.append(
                "Each can be set in `config/application.properties`, in the environment (capitals, and `_` for every character that\n");
        page.append(
                "is no letter or digit: `PINBRIDGE_HTTP_PORT`), or as `-Dname=value` in `PINBRIDGE_JAVA_OPTS`. The later of these wins.\n\n");
        page.append(
                "Unknown names and malformed values are refused at start, all at once, with exit code 78. Durations are written as\n");
        page.append(
                "`PT5S`, `PT2M` or `PT1H30M`. A value may hold `{{env:NAME}}` or `{{file:/path}}` (without its trailing newline). Keys\n");
        page.append(
                "that begin with `camel.` go to Camel, and keys that begin with `routes.` are yours: placeholders for your own routes.\n\n");
        page.append("`<name>` stands for a folder below `routes/providers`.\n");
        String group = "";
        for (Setting setting : ALL) {
            if (!setting.group().equals(group)) {
                group = setting.group();
                page.append("\n## ").append(group).append("\n");
                if (setting.where() == Where.OUTSIDE) {
                    page.append("In the environment or with `-D` only.\n");
                }
                page.append("\n| setting | default | value | meaning |\n|---|---|---|---|\n");
            }
            page.append("| `").append(setting.name()).append("` | ");
            page.append(setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`");
            page.append(" | ").append(setting.type().words());
            page.append(" | ").append(escaped(setting.meaning())).append(" |\n");
        }
        return page.toString();
    }

    private static String escaped(String text) {
        return text.replace("<", "&lt;").replace(">", "&gt;");
    }

    private record Group(List<Setting> all, String name, Where where) {
        Group(List<Setting> all, String name) {
            this(all, name, Where.ANYWHERE);
        }

        void add(String key, Type type, String fallback, String meaning) {
            all.add(new Setting(key, type, fallback, where, name, meaning));
        }
    }
}
