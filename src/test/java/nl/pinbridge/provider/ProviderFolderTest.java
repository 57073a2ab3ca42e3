package nl.pinbridge.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderFolderTest {
    private static final String GOOD =
            """
            name: tester
            title: Tester
            url: https://pay.example.nl/V1
            encoding: multipart
            brands: [CCV, WORLDLINE]
            auth: {form: {key: "{terminal.key}"}}
            operations:
              create: {method: POST, path: /create, once: true, lost-answer: Ask the provider., brands: [CCV, WORLDLINE], success: [200]}
              refund: {method: POST, path: /refund, once: true, lost-answer: Ask a person., brands: [WORLDLINE], brands-on-request: [CCV], success: [200], connect-timeout: PT1S}
              status: {method: GET, path: "/tx/{id}", once: false, success: [200, 404]}
            refusals:
              - {status: [401], why: the key is wrong}
            busy:
              - {when: '.json.code == "BUSY"', why: the terminal is busy}
            cadence: {first-look: PT2S, look-interval: PT3S, look-interval-max: PT15S, maximum: PT6M}
            consumers: 8
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folders;

    @Test
    void the_folder_of_pin_vandaag_is_read() {
        ProviderFolder pinvandaag = ProviderFolder.read(Path.of("routes/providers/pinvandaag"));
        assertThat(ProviderFolder.readAll(Path.of("routes/providers"))).containsKey("pinvandaag");
        assertThat(pinvandaag.url()).isEqualTo(URI.create("https://rest-api.pinvandaag.com/V1"));
        assertThat(pinvandaag.supports("create", "CCV")).isTrue();
        assertThat(pinvandaag.supports("create", "WORLDLINE")).isTrue();
        assertThat(pinvandaag.supports("create", null)).isFalse();
        assertThat(pinvandaag.supports("void", "CCV")).isFalse();
        for (String once : new String[] {"create", "refund", "cancel", "mail-receipt", "ctmp"}) {
            assertThat(pinvandaag.operation(once).orElseThrow().once()).as(once).isTrue();
            assertThat(pinvandaag.operation(once).orElseThrow().lostAnswer())
                    .as(once)
                    .isNotBlank();
            assertThat(pinvandaag.supports(once, "WORLDLINE")).as(once).isTrue();
        }
        assertThat(pinvandaag.operation("status").orElseThrow().once()).isFalse();
        assertThat(pinvandaag.operation("status").orElseThrow().lostAnswer()).isNull();
        assertThat(pinvandaag.operation("mail-receipt").orElseThrow().path())
                .isEqualTo("/instore/transactions/mailreceipt");
        assertThat(pinvandaag.operation("cancel").orElseThrow().responseTimeout())
                .isEqualTo(Duration.ofSeconds(100));
        assertThat(pinvandaag.supports("mail-receipt", "CCV")).isTrue();
        assertThat(pinvandaag.supports("refund", "CCV", Set.of("refund/CCV"))).isFalse();
        assertThat(pinvandaag.supports("ctmp", "CCV")).isFalse();
        assertThat(pinvandaag.cadence().maximum()).isEqualTo(Duration.ofMinutes(6));
        assertThat(pinvandaag.refusal("create", 401, Json.object())).isPresent();
        assertThat(pinvandaag.refusal("create", 400, Json.object())).isEmpty();
        assertThat(pinvandaag.refusal("create", 503, Json.object())).isEmpty();
    }

    @Test
    void capabilities_go_by_operation_and_brand() throws Exception {
        ProviderFolder tester = read(GOOD);
        assertThat(tester.supports("refund", "WORLDLINE")).isTrue();
        assertThat(tester.supports("refund", "CCV")).isFalse();
        assertThat(tester.supports("status", null)).isTrue();
        assertThat(tester.operation("refund").orElseThrow().connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(tester.busy(
                        "create", 200, Json.object().set("json", Json.object().put("code", "BUSY"))))
                .isPresent();
        assertThat(tester.busy("create", 200, Json.object())).isEmpty();
    }

    @Test
    void what_is_supported_on_request_needs_the_operators_leave() throws Exception {
        ProviderFolder tester = read(GOOD);
        assertThat(tester.onRequest()).containsExactly("refund/CCV");
        assertThat(tester.supports("refund", "CCV", Set.of())).isFalse();
        assertThat(tester.supports("refund", "CCV", Set.of("create/CCV", "refund/WORLDLINE", "REFUND/CCV")))
                .isFalse();
        assertThat(tester.supports("refund", "CCV", Set.of("refund/CCV"))).isTrue();
        assertThat(tester.supports("refund", null, Set.of("refund/CCV", "refund/null")))
                .isFalse();
        assertThat(tester.supports("create", "CCV", Set.of())).isTrue();
        assertThat(tester.supports("void", "CCV", Set.of("void/CCV"))).isFalse();
        assertThat(ProviderFolder.read(Path.of("routes/providers/pinvandaag")).onRequest())
                .containsExactly("cancel/CCV");
    }

    private static final String ELSEWHERE = GOOD.replaceFirst("url: [^\n]*", "url: \"{terminal.url}\"")
            .replace(
                    "refusals:",
                    "  capture-elsewhere: {method: POST, path: /pay, once: true, lost-answer: Ask., success: [200], one-per: reference, numbered: true}\n"
                            + "numbers: {from: 1, to: 999}\n"
                            + "confidential: [reference]\n"
                            + "refusals:");

    @Test
    void a_capture_of_what_was_authorised_elsewhere_names_what_is_captured_once() throws Exception {
        ProviderFolder tester = read(ELSEWHERE);
        assertThat(tester.callsTerminals()).isTrue();
        assertThat(tester.url()).isNull();
        assertThat(tester.operation("capture-elsewhere").orElseThrow().onePer()).isEqualTo("reference");
        assertThat(tester.operation("capture-elsewhere").orElseThrow().numbered())
                .isTrue();
        assertThat(tester.numbers()).isEqualTo(new Numbers(1, 999));
        assertThat(tester.confidential()).containsExactly("reference");
        assertThat(ProviderFolder.commandOf("capture-elsewhere")).contains(CommandType.CAPTURE);
        for (String[] wrong : new String[][] {
            {", one-per: reference", "", "one-per is missing"},
            {"numbers: {from: 1, to: 999}\n", "", "numbered needs numbers"},
            {"from: 1, to: 999", "from: 9, to: 9", "must go from less to more"},
            {
                "once: true, lost-answer: Ask., success: [200], one-per",
                "once: false, success: [200], one-per",
                "once must be true"
            },
        }) {
            assertThatThrownBy(() -> read(ELSEWHERE.replace(wrong[0], wrong[1])))
                    .as(wrong[2])
                    .hasMessageContaining(wrong[2]);
        }
    }

    @Test
    void a_provider_that_cannot_be_asked_can_start_and_not_change() throws Exception {
        String mute = GOOD.replaceFirst("(?m)^  status: .*\n", "");
        assertThat(read(mute).answersOnce()).isTrue();
        assertThat(read(GOOD).answersOnce()).isFalse();
        assertThatThrownBy(
                        () -> read(
                                mute.replace(
                                        "refusals:",
                                        "  void: {method: POST, path: /void, once: true, lost-answer: Ask., success: [200]}\nrefusals:")))
                .hasMessageContaining("needs the operation status");
    }

    @Test
    void the_folder_of_bavindo_is_read() {
        ProviderFolder bavindo = ProviderFolder.read(Path.of("routes/providers/bavindo"));
        assertThat(bavindo.leastAmount()).isEqualTo(35);
        assertThat(bavindo.refundsWhole()).isTrue();
        assertThat(bavindo.door().oneAddress()).isTrue();
        assertThat(bavindo.find()).isEmpty();
        assertThat(bavindo.way(CommandType.REFUND)).isEqualTo("refund-without-card");
        assertThat(bavindo.way(CommandType.CREATE)).isEqualTo("create");
        assertThat(ProviderFolder.read(Path.of("routes/providers/paynl")).way(CommandType.REFUND))
                .isEqualTo("refund");
        assertThat(bavindo.cadence().maximum()).isGreaterThan(Duration.ofSeconds(120 + 150));
        for (int status : new int[] {404, 408, 409, 500, 503}) {
            assertThat(bavindo.refusal("create", status, Json.object())).isEmpty();
        }
        assertThat(bavindo.refusal("create", 422, Json.object())).isPresent();
        assertThat(bavindo.refusal("cancel", 401, Json.object())).isEmpty();
    }

    @Test
    void least_amount_and_whole_refunds_are_what_the_folder_says() throws Exception {
        ProviderFolder silent = read(GOOD);
        assertThat(silent.leastAmount()).isEqualTo(1);
        assertThat(silent.refundsWhole()).isFalse();
        assertThat(silent.door().oneAddress()).isFalse();
        ProviderFolder strict = read(GOOD.replace("refusals:", "least-amount: 35\nrefunds: whole\nrefusals:"));
        assertThat(strict.leastAmount()).isEqualTo(35);
        assertThat(strict.refundsWhole()).isTrue();
        assertThatThrownBy(() -> read(GOOD.replace("refusals:", "refunds: some\nrefusals:")))
                .hasMessageContaining("refunds can only be whole");
        assertThatThrownBy(() -> read(GOOD.replace("refusals:", "least-amount: 0\nrefusals:")))
                .hasMessageContaining("least-amount");
    }

    @Test
    void what_only_the_bridge_reads_can_be_an_operation() throws Exception {
        ProviderFolder tester = read(GOOD.replace(
                "refusals:",
                "  date: {method: POST, path: /date, once: false, success: [200]}\n"
                        + "  last-transaction: {method: POST, path: /last, once: false, success: [200]}\n"
                        + "  by-reference: {method: GET, path: /search, once: false, success: [200]}\n"
                        + "refusals:"));
        assertThat(tester.operations()).containsKeys("date", "last-transaction", "by-reference");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumers: 8 | consumer: 8 | consumers is missing",
                "consumers: 8 | consumers: 0 | consumers must be a whole number",
                "title: Tester | titel: Tester | title is missing",
                "title: Tester | title: Tester~colour: red | colour is not known here",
                "title: Tester | title: Tester~title: Other | Duplicate field 'title'",
                "method: POST, path: /create | metod: POST, path: /create | operations.create.method is missing",
                "method: POST, path: /create | method: POST, verb: x, path: /create | operations.create.verb is not known here",
                "path: /create | path: create | operations.create.path must start",
                "path: /create | path: /../create | operations.create.path must start",
                "path: /create | path: \"/create?x=1\" | operations.create.path must start",
                "once: true, lost-answer: Ask the provider. | once: false | operations.create.once must be true",
                "/tx/{id} | /tx/{id | operations.status.path must start",
                "status: {method: GET, path: \"/tx/{id}\" | status: {method: POST, path: /create | operations.status.once differs",
                "once: true, lost-answer: Ask the provider. | money: true | operations.create.once is missing",
                "once: true, lost-answer: Ask the provider. | once: perhaps, lost-answer: Ask | operations.create.once must be true or false",
                "lost-answer: Ask the provider. | responds-slowly: 1 | operations.create.lost-answer is missing",
                "lost-answer: Ask the provider. | lost-answer: '' | operations.create.lost-answer must be a text",
                "lost-answer: Ask the provider. | 'lost-answer: \"a\\nb\"' | operations.create.lost-answer must be one line",
                "once: false | once: false, lost-answer: Ask. | operations.status.lost-answer goes with once",
                "status: {method: GET | statsu: {method: GET | operations.statsu is neither a command nor one of by-reference, capture-amount",
                "{method: GET, path: \"/tx/{id}\" | {at: rest, method: GET, path: \"/tx/{id}\" | operations.status.at names none of urls",
                "{method: GET, path: \"/tx/{id}\" | {part-of: create, method: GET, path: \"/tx/{id}\" | operations.status.part-of must name",
                "once: true, lost-answer: Ask the provider. | once: true, anonymous: true, lost-answer: Ask. | operations.create.anonymous goes with",
                "once: true, lost-answer: Ask the provider. | once: true, read-urls: [x], lost-answer: Ask. | operations.create.read-urls is not known",
                "consumers: 8 | 'consumers: 8~read-urls: [ftp://x]' | read-urls is no plain http",
                "consumers: 8 | 'consumers: 8~urls: {Rest: https://x}' | urls.Rest must be a name",
                "consumers: 8 | 'consumers: 8~headers: {accept: \"a\\nb\"}' | headers.accept must be one line",
                "consumers: 8 | 'consumers: 8~webhook: {methods: [PUT]}' | webhook.methods may hold GET and POST",
                "consumers: 8 | 'consumers: 8~webhook: {methods: [POST]}' | webhook says how webhooks come",
                "consumers: 8 | 'consumers: 8~webhook: {signature: {algorithms: [md5]}}' | webhook.signature.algorithms may hold sha256",
                "consumers: 8 | 'consumers: 8~webhook: {signature: {algorithms: [sha256]}}' | webhook.signature.keys must name",
                "consumers: 8 | 'consumers: 8~webhook: {signature: {algorithms: [sha256], keys: [{id: \"{terminal.key}\", secret: x}]}}' | webhook.signature.keys[0].id knows",
                "consumers: 8 | 'consumers: 8~webhook: {colour: red}' | webhook.colour is not known",
                "{status: [401], why: the key is wrong} | {operations: [pay], status: [401], why: x} | refusals has a rule about",
                "brands-on-request: [CCV] | brands-on-request: [CVC] | operations.refund.brands-on-request names a brand that is not among",
                "brands-on-request: [CCV] | brands-on-request: CCV | operations.refund.brands-on-request must be a list",
                "brands-on-request: [CCV] | brands-on-request: [CCV, CCV] | operations.refund.brands-on-request must be a list of different",
                "brands-on-request: [CCV] | brands-on-request: [WORLDLINE] | operations.refund.brands-on-request names a brand that the operation's",
                "'brands: [WORLDLINE], brands-on' | brands-on | operations.refund.brands-on-request adds nothing",
                "brands: [WORLDLINE] | brands: [WORLDLIN] | operations.refund.brands names a brand",
                "success: [200, 404] | success: [ok] | operations.status.success must be a list of HTTP statuses",
                "success: [200, 404] | success: [] | operations.status.success must list",
                "connect-timeout: PT1S | connect-timeout: 5 | operations.refund.connect-timeout must be a text",
                "connect-timeout: PT1S | connect-timeout: PT0S | operations.refund.connect-timeout must be above 0",
                "connect-timeout: PT1S | connect-timeout: five | operations.refund.connect-timeout must be a duration",
                "{status: [401], why: the key is wrong} | {status: [401]} | refusals[0].why is missing",
                "{status: [401], why: the key is wrong} | {why: always} | refusals[0] needs status, when or both",
                "{status: [401], why: the key is wrong} | {status: [401], wenn: x, why: y} | refusals[0].wenn is not known here",
                "'.json.code == \"BUSY\"' | '.json.' | busy[0].when",
                "encoding: multipart | encoding: soap | encoding is none of",
                "encoding: multipart | encoding: json | auth.form goes with",
                "success: [200]} | 'success: [200], headers: {call: \"{terminal.key}\"}}' | operations.create.headers.call knows {payment.id} and {command.id}",
                "success: [200]} | 'success: [200], headers: {call: \"a\\nb\"}}' | operations.create.headers.call must be one line",
                "success: [200]} | 'success: [200], headers: {content-length: \"7\"}}' | operations.create.headers.content-length must be a name",
                "success: [200]} | 'success: [200], headers: {authorization: \"{command.id}\"}}' | operations.create.headers.authorization must be a name",
                "success: [200]} | 'success: [200], headers: {Call: \"{command.id}\"}}' | operations.create.headers.Call must be a name",
                "success: [200, 404] | 'success: [200, 404], headers: {call: \"{command.id}\"}' | operations.status.headers goes with once",
                "{terminal.key} | {terminal.pin} | auth.form.key knows",
                "look-interval-max: PT15S | look-interval-max: PT1S | cadence.look-interval-max is below",
                "https://pay.example.nl/V1 | ftp://pay.example.nl | url is no plain http",
                "https://pay.example.nl/V1 | https://user:pw@pay.example.nl | url is no plain http",
                "name: tester | name: other | name must be the folder's name"
            })
    void a_mistake_is_refused_with_file_and_key(String good, String bad, String message) {
        assertThat(GOOD).contains(good);
        assertThatThrownBy(() -> read(GOOD.replaceFirst(
                        java.util.regex.Pattern.quote(good),
                        java.util.regex.Matcher.quoteReplacement(bad.replace("~", "\n")))))
                .isInstanceOf(ProviderFolderException.class)
                .hasMessageContaining("provider.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void a_call_may_be_named_in_headers_of_its_own_that_nothing_else_sets() throws Exception {
        String named = GOOD.replaceFirst(
                "success: \\[200]}", "success: [200], headers: {call: \"{command.id}\", about: \"p-{payment.id}\"}}");
        assertThat(read(named).operation("create").orElseThrow().headers())
                .containsExactly(Map.entry("call", "{command.id}"), Map.entry("about", "p-{payment.id}"));
        assertThat(read(named).operation("status").orElseThrow().headers()).isEmpty();
        assertThatThrownBy(() -> read(named.replace("consumers: 8", "consumers: 8\nheaders: {call: x}")))
                .hasMessageContaining("operations.create.headers.call stands in headers or auth already");
        assertThatThrownBy(
                        () -> read(named.replace("auth: {form:", "auth: {header: {CALL: \"{terminal.key}\"}, form:")))
                .hasMessageContaining("operations.create.headers.call stands in headers or auth already");
    }

    @Test
    void a_login_may_be_a_name_alone() throws Exception {
        ProviderFolder.Auth auth =
                read(GOOD.replace("{form: {key: ", "{basic: {username: ")).auth();
        assertThat(auth.basicUser()).isEqualTo("{terminal.key}");
        assertThat(auth.basicPassword()).isEmpty();
    }

    @Test
    void beside_other_urls_what_may_be_repeated_is_read_with_get() throws Exception {
        String urls = GOOD.replace("consumers: 8", "consumers: 8\nurls: {rest: https://rest.example.nl}");
        assertThat(read(urls).urls()).containsKey("rest");
        assertThatThrownBy(() -> read(urls.replace("method: GET", "method: POST")))
                .isInstanceOf(ProviderFolderException.class)
                .hasMessageContaining("operations.status.method must be GET");
    }

    @Test
    void the_folder_of_pay_is_read() {
        ProviderFolder paynl = ProviderFolder.read(Path.of("routes/providers/paynl"));
        assertThat(paynl.neededSecrets()).containsExactly("password", "username");
        assertThat(paynl.find()).isEmpty();
        assertThat(paynl.supports("authorise", null)).isFalse();
        ObjectNode inUse = Json.object();
        inUse.put("status", 400).set("json", Json.object().put("code", "PAY\u20119206"));
        assertThat(paynl.busy("create", 400, inUse)).isPresent();
        assertThat(paynl.refusal("create", 400, inUse)).isEmpty();
        ObjectNode refused = Json.object();
        refused.put("status", 400).set("json", Json.object().put("code", "PAY\u20111400"));
        assertThat(paynl.refusal("create", 400, refused)).isPresent();
        assertThat(paynl.refusal("cancel", 400, refused))
                .as("what ends an order is judged by its status")
                .isEmpty();
        assertThat(paynl.refusal("create", 500, refused)).isEmpty();
        assertThat(paynl.refusal("create", 408, refused)).isEmpty();
        for (String json :
                java.util.List.of("null", "{}", "[]", "{\"code\":7}", "{\"code\":\"OTHER-1\"}", "{\"errors\":[]}")) {
            ObjectNode silent = Json.object();
            silent.put("status", 400).set("json", Json.read(json));
            assertThat(paynl.refusal("create", 400, silent)).as(json).isEmpty();
            assertThat(paynl.busy("create", 400, silent)).as(json).isEmpty();
        }
        ObjectNode rest = Json.object();
        rest.put("status", 422).set("json", Json.read("{\"errors\":{\"general\":{\"code\":\"PAY-014\"}}}"));
        assertThat(paynl.refusal("refund-without-card", 422, rest)).isPresent();
    }

    @Test
    void a_call_that_is_made_once_has_one_host_whatever_is_set() {
        ProviderFolder paynl = ProviderFolder.read(Path.of("routes/providers/paynl"));
        URI other = URI.create("https://other.example.nl");
        ProviderSettings set =
                new ProviderSettings("paynl", null, null, null, null, Map.of(), Map.of(), java.util.List.of(other));
        ProviderSettings none = ProviderSettings.none("paynl");
        ProviderSettings moved = new ProviderSettings("paynl", other, null, null, null, Map.of());
        for (ProviderFolder.Operation operation : paynl.operations().values()) {
            assertThat(none.bases(paynl, operation))
                    .as(operation.name())
                    .hasSize(operation.onlyReads() && operation.at() == null ? 4 : 1);
            assertThat(set.bases(paynl, operation)).hasSize(operation.onlyReads() && operation.at() == null ? 2 : 1);
            assertThat(moved.bases(paynl, operation))
                    .as("another installation has none of the folder's hosts beside it")
                    .hasSize(1);
        }
        assertThat(none.base(paynl, paynl.operation("transaction").orElseThrow()))
                .isEqualTo(URI.create("https://rest.pay.nl/v2"));
    }

    @Test
    void reads_by_post_have_the_second_host_and_what_is_made_once_has_not() {
        ProviderFolder v2 = ProviderFolder.read(Path.of("routes/providers/pinvandaag-v2"));
        assertThat(v2.find()).containsExactly("last-transaction", "date");
        assertThat(v2.supports("cancel", "CCV")).isTrue();
        assertThat(v2.supports("refund", "CCV")).isFalse();
        assertThat(v2.supports("ctmp", "CCV")).isFalse();
        ProviderSettings none = ProviderSettings.none("pinvandaag-v2");
        for (ProviderFolder.Operation operation : v2.operations().values()) {
            boolean read = Set.of("status", "date", "last-transaction").contains(operation.name());
            assertThat(operation.once()).as(operation.name()).isEqualTo(!read);
            assertThat(none.bases(v2, operation)).as(operation.name()).hasSize(read ? 2 : 1);
        }
    }

    @Test
    void a_command_that_is_declared_repeatable_has_one_host_all_the_same() throws Exception {
        String yaml = GOOD.replace("consumers: 8", "consumers: 8\nread-urls: [\"https://second.example.nl\"]")
                .replace(
                        "operations:",
                        "operations:\n  mail-receipt: {method: POST, path: /mail, once: false, success: [200]}");
        ProviderFolder folder = read(yaml);
        assertThat(ProviderSettings.none(folder.name())
                        .bases(folder, folder.operation("mail-receipt").orElseThrow()))
                .hasSize(1);
    }

    @Test
    void the_fingerprint_is_that_of_all_files() throws Exception {
        String before = read(GOOD).fingerprint();
        assertThat(before).matches("sha256:[0-9a-f]{64}").isEqualTo(read(GOOD).fingerprint());
        Path script = folders.resolve("tester/examples/a.json");
        Files.createDirectories(folders.resolve("tester/examples"));
        Files.writeString(script, "{}");
        String more = read(GOOD).fingerprint();
        assertThat(more).isNotEqualTo(before);
        Files.writeString(script, "{} ");
        assertThat(read(GOOD).fingerprint()).isNotEqualTo(more);
        Files.writeString(script, "{}");
        Files.writeString(folders.resolve("tester/.a.json.swp"), "an editor's");
        assertThat(read(GOOD).fingerprint()).isEqualTo(more);
    }

    @Test
    void settings_that_would_wait_for_ever_are_refused() {
        assertThatThrownBy(() -> new ProviderSettings("tester", null, Duration.ZERO, null, null, Map.of()))
                .hasMessageContaining("pinbridge.provider.tester.connect-timeout");
        assertThatThrownBy(
                        () -> new ProviderSettings("tester", URI.create("https://x/y?z"), null, null, null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ProviderSettings.none("tester").url()).isNull();
    }

    private ProviderFolder read(String yaml) throws Exception {
        Path tester = Files.createDirectories(folders.resolve("tester"));
        Files.writeString(tester.resolve(ProviderFolder.FILE), yaml);
        return ProviderFolder.read(tester);
    }
}
