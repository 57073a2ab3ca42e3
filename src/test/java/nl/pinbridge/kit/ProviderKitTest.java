package nl.pinbridge.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every folder as delivered is good, and what would make one unsafe is found, by its rule. */
class ProviderKitTest {
    private static final AtomicInteger COPIES = new AtomicInteger();

    @TempDir
    static Path folder;

    /**
     * @param file in which the rule must find it
     */
    private record Breakage(KitRule rule, String file, String name, String provider, Consumer<FolderCopy> change) {}

    @TestFactory
    Stream<DynamicTest> every_folder_as_delivered_is_good() throws IOException {
        try (Stream<Path> folders = Files.list(FolderCopy.SHIPPED)) {
            List<Path> all = folders.filter(Files::isDirectory).sorted().toList();
            assertThat(all).hasSizeGreaterThanOrEqualTo(2);
            return all.stream()
                    .map(each -> DynamicTest.dynamicTest(String.valueOf(each.getFileName()), () -> {
                        Report report = ProviderKit.check(each);
                        assertThat(report.findings()).isEmpty();
                        assertThat(report.isGood()).isTrue();
                        assertThat(report.tried())
                                .hasSize(Chapter.values().length)
                                .allSatisfy((chapter, tried) ->
                                        assertThat(tried).as(chapter.title()).isGreaterThan(15));
                        assertThat(report.coverage().get("operations").missing())
                                .isEmpty();
                    }));
        }
    }

    @TestFactory
    Stream<DynamicTest> every_breakage_is_found_by_its_rule() {
        return breakages().stream()
                .map(each -> DynamicTest.dynamicTest(each.rule().label() + ": " + each.name(), () -> {
                    FolderCopy copy =
                            FolderCopy.of(each.provider(), folder.resolve(String.valueOf(COPIES.incrementAndGet())));
                    each.change().accept(copy);
                    Report report = copy.check();
                    assertThat(report.isGood()).isFalse();
                    assertThat(report.findings()).as("%s", report.findings()).anySatisfy(finding -> {
                        assertThat(finding.rule()).isEqualTo(each.rule());
                        assertThat(finding.file()).isEqualTo(each.file());
                        assertThat(finding.todo()).isNotBlank();
                    });
                }));
    }

    @Test
    void every_rule_has_a_breakage() {
        Set<KitRule> tried = EnumSet.noneOf(KitRule.class);
        breakages().forEach(each -> tried.add(each.rule()));
        assertThat(tried).containsExactlyInAnyOrderElementsOf(Arrays.asList(KitRule.values()));
    }

    @Test
    void every_rule_is_explained_on_the_kits_page() throws IOException {
        String page = Files.readString(Path.of("docs/conformance-kit.md"));
        for (KitRule rule : KitRule.values()) {
            assertThat(page).containsOnlyOnce("| `" + rule.label() + "` |");
        }
        for (Chapter chapter : Chapter.values()) {
            assertThat(page).contains("**" + chapter.title() + ".**");
        }
    }

    @Test
    void a_folder_with_nothing_in_it_and_one_of_another_name_are_told_apart_from_good_ones() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThat(ProviderKit.check(empty).findings())
                .extracting(Finding::rule)
                .contains(KitRule.PROVIDER_YAML);
        FolderCopy copy = FolderCopy.of("pinvandaag", folder.resolve("renamed"));
        Path renamed = Files.move(copy.folder(), folder.resolve("renamed").resolve("other"));
        assertThat(ProviderKit.check(renamed).findings())
                .extracting(Finding::rule)
                .contains(KitRule.PROVIDER_YAML);
    }

    @Test
    void a_finding_does_not_repeat_the_secret_that_it_found() {
        FolderCopy copy = FolderCopy.of("pinvandaag", folder.resolve("told"))
                .edit("provider.yaml", "key: \"{terminal.key}\"", "key: \"s3cr3t-of-the-till\"")
                .append("create-request.jq", "# curl -H 'Authorization: Bearer abcdefghijklmnop'\n");
        assertThat(copy.check().findings()).isNotEmpty().allSatisfy(finding -> assertThat(finding.toString())
                .doesNotContain("s3cr3t-of-the-till")
                .doesNotContain("abcdefghijklmnop"));
    }

    private static Breakage pin(KitRule rule, String file, String name, Consumer<FolderCopy> change) {
        return new Breakage(rule, file, name, "pinvandaag", change);
    }

    private static Breakage pay(KitRule rule, String file, String name, Consumer<FolderCopy> change) {
        return new Breakage(rule, file, name, "paynl", change);
    }

    private static ObjectNode at(ObjectNode example, String pointer) {
        return (ObjectNode) example.at(pointer);
    }

    private static List<Breakage> breakages() {
        String yaml = "provider.yaml";
        String routes = "pinvandaag.camel.yaml";
        return List.of(
                // The folder.
                pin(KitRule.PROVIDER_YAML, yaml, "an unknown key", copy -> copy.append(yaml, "retries: 3\n")),
                pin(
                        KitRule.PROVIDER_YAML,
                        yaml,
                        "a money call that may be repeated",
                        copy -> copy.edit(yaml, "once: true", "once: false")),
                pin(KitRule.PROVIDER_YAML, yaml, "no provider.yaml at all", copy -> copy.delete(yaml)),
                pin(
                        KitRule.SCRIPT,
                        "create-answer.jq",
                        "a script that is no jq",
                        copy -> copy.append("create-answer.jq", "| (\n")),
                pin(
                        KitRule.SCRIPT,
                        "create-answer.jq",
                        "a script that a route names and that is gone",
                        copy -> copy.delete("create-answer.jq")),
                pin(
                        KitRule.ROUTE,
                        routes,
                        "an operation that no route calls",
                        copy -> copy.edit(routes, "provider-call:pinvandaag/ctmp", "direct:work")),
                pin(
                        KitRule.ROUTE,
                        routes,
                        "a refund that calls create",
                        copy -> copy.edit(
                                routes, "provider-call:pinvandaag/refund", "provider-call:pinvandaag/create")),
                pin(
                        KitRule.ROUTE,
                        routes,
                        "a mapping of another provider",
                        copy -> copy.edit(routes, "pinvandaag/create-answer.jq", "paynl/create-answer.jq")),
                pin(
                        KitRule.ROUTE,
                        routes,
                        "no lane",
                        copy -> copy.edit(
                                routes, "jms:queue:pinbridge.lane.pinvandaag", "jms:queue:pinbridge.lane.pin")),
                pin(KitRule.UNUSED, "notes.txt", "a file that nobody reads", copy -> copy.file("notes.txt", "todo")),
                pin(
                        KitRule.UNUSED,
                        "create-answer-old.jq",
                        "a script that no route names",
                        copy -> copy.file("create-answer-old.jq", ".")),
                pin(
                        KitRule.STATEMENTS,
                        yaml,
                        "given up before it is looked at again",
                        copy -> copy.edit(yaml, "maximum: PT6M", "maximum: PT10S")),
                // Examples.
                pin(
                        KitRule.EXAMPLE_FORM,
                        "examples/create-answer-started.json",
                        "an example without a source",
                        copy -> copy.example("create-answer-started", example -> example.remove("source"))),
                pin(
                        KitRule.EXAMPLE_FORM,
                        "examples/create-answer-started.json",
                        "an example that is no JSON",
                        copy -> copy.append("examples/create-answer-started.json", "}")),
                pin(
                        KitRule.EXAMPLE_RESULT,
                        "examples/status-answer-worldline-success.json",
                        "a script that no longer does what was recorded",
                        copy -> copy.edit("status-answer.jq", "$word == \"success\"", "$word == \"succes\"")),
                pin(
                        KitRule.EXAMPLE_RESULT,
                        "examples/judged-bad-request.json",
                        "an answer that became a refusal",
                        copy -> copy.edit("provider.yaml", "- status: [401]", "- status: [400, 401]")),
                pin(
                        KitRule.NO_EXAMPLE,
                        "examples",
                        "no good answer to a refund",
                        copy -> copy.withoutExamples(
                                example -> example.path("script").asText().equals("refund-answer.jq")
                                        && !example.at("/output/state").asText().equals("UNREADABLE"))),
                pin(
                        KitRule.NO_EXAMPLE,
                        "examples",
                        "no answer to a cancel that is no JSON",
                        copy -> copy.withoutExamples(
                                example -> example.path("script").asText().equals("cancel-answer.jq")
                                        && !example.at("/input/answer/json").isContainerNode())),
                pin(
                        KitRule.NO_EXAMPLE,
                        "examples",
                        "no request for the day's list",
                        copy -> copy.delete("examples/date-request.json")),
                pin(
                        KitRule.NO_EXAMPLE,
                        "examples",
                        "no answer to a refund that says no",
                        copy -> copy.withoutExamples(
                                example -> example.path("script").asText().equals("refund-answer.jq")
                                        && example.at("/input/answer/json").isContainerNode()
                                        && example.at("/output/state").asText().equals("UNREADABLE"))),
                pin(
                        KitRule.ALIKE,
                        "examples/zz.json",
                        "a copied example that kept its name",
                        copy -> copy.file("examples/zz.json", copy.read("examples/create-answer-started.json"))),
                pin(
                        KitRule.REQUEST_FORM,
                        "examples/create-request-worldline.json",
                        "a mapping that sends the key itself",
                        copy -> copy.example("create-request-worldline", example -> at(example, "/output/form")
                                .put("key", "k"))),
                pay(
                        KitRule.REQUEST_FORM,
                        "examples/status-request-names-the-order-of-the-first-answer.json",
                        "a path without its value",
                        copy -> copy.example(
                                "status-request-names-the-order-of-the-first-answer",
                                example -> at(example, "/output/path").removeAll())),
                pin(
                        KitRule.UNKNOWN_WORD,
                        "examples/status-answer-worldline-success.json",
                        "a state in the provider's words",
                        copy -> copy.example("status-answer-worldline-success", example -> at(example, "/output")
                                .put("state", "BETAALD"))),
                pin(
                        KitRule.UNKNOWN_WORD,
                        "examples/status-answer-worldline-success.json",
                        "a paid payment with a reason why it was not paid",
                        copy -> copy.example("status-answer-worldline-success", example -> at(example, "/output")
                                .put("code", "DECLINED"))),
                // Exact money.
                pin(
                        KitRule.AMOUNT_OUT,
                        "create-request.jq",
                        "an amount that is divided and multiplied",
                        copy -> copy.edit(
                                "create-request.jq",
                                "amount: ($amount.value | tostring)",
                                "amount: ($amount.value / 100 * 100 | floor | tostring)")),
                pin(
                        KitRule.AMOUNT_OUT,
                        "create-request.jq",
                        "an amount in whole euros",
                        copy -> copy.edit(
                                "create-request.jq",
                                "amount: ($amount.value | tostring)",
                                "amount: ($amount.value / 100 | floor | tostring)")),
                pin(
                        KitRule.AMOUNT_OUT,
                        "refund-request.jq",
                        "a refund that leaves the amount out",
                        copy -> copy.edit(
                                "refund-request.jq", "{amount: ($amount.value | tostring)}", "{amount: \"1050\"}")),
                pay(
                        KitRule.AMOUNT_OUT,
                        "create-request.jq",
                        "euros where cents are wanted, and cents where euros are",
                        copy -> copy.edit(
                                "create-request.jq",
                                "value: $amount.value,",
                                "value: (if $amount.value >= 100000 then $amount.value / 100 else $amount.value end),")),
                pin(
                        KitRule.AMOUNT_REFUSED,
                        "create-request.jq",
                        "a payment of nothing",
                        copy -> copy.edit("create-request.jq", "$amount.value < 1", "$amount.value < 0")),
                pin(
                        KitRule.AMOUNT_REFUSED,
                        "refund-request.jq",
                        "an amount that is a text",
                        copy -> copy.edit("refund-request.jq", "($amount.value | integer) == null or", "")),
                pin(
                        KitRule.CURRENCY,
                        "create-request.jq",
                        "dollars sent as euros",
                        copy -> copy.edit("create-request.jq", "$amount.currency != \"EUR\"", "false")),
                pin(KitRule.AMOUNT_IN, "status-answer.jq", "an amount that is rounded", copy -> copy.edit(
                                "status-answer.jq", "amount: $a.amount,", "amount: ($a.amount / 10 * 10 | floor),")
                        .edit("status-answer.jq", "($a.amount | integer) == null", "($a.amount | type) != \"number\"")),
                pay(
                        KitRule.AMOUNT_IN,
                        "status-answer.jq",
                        "an amount with its fraction cut off",
                        copy -> copy.edit(
                                "status-answer.jq",
                                "def cents: object | .value | integer;",
                                "def cents: object | .value | if type == \"number\" then floor else null end;")),
                pin(
                        KitRule.AMOUNT_IN,
                        "examples/status-answer-worldline-success.json",
                        "an amount in euros in an example",
                        copy -> copy.example("status-answer-worldline-success", example -> at(example, "/output")
                                .put("amount", 0.01))),
                // What is not understood proves nothing.
                pin(
                        KitRule.GARBAGE_FAILS,
                        "cancel-answer.jq",
                        "a mapping that fails for an answer without a status",
                        copy -> copy.edit(
                                "cancel-answer.jq",
                                "$a.status == \"success\"",
                                "($a.status | ascii_downcase) == \"success\"")),
                pin(
                        KitRule.GARBAGE_FAILS,
                        "webhook.jq",
                        "a webhook that takes the mapping down",
                        copy -> copy.file("webhook.jq", "(.webhook.text | fromjson) | {state: null, word: .status}")),
                pay(
                        KitRule.GARBAGE_FAILS,
                        "poll-says-over.jq",
                        "a condition that decides nothing",
                        copy -> copy.edit("poll-says-over.jq", "then false", "then \"no\"")),
                pin(
                        KitRule.GARBAGE_PROVES,
                        "status-answer.jq",
                        "every unknown word is a failure",
                        copy -> copy.edit("status-answer.jq", "else \"OPEN\" end", "else \"NOT_PAID\" end")),
                pin(
                        KitRule.GARBAGE_PROVES,
                        "status-answer.jq",
                        "whatever did not fail is paid",
                        copy -> copy.edit("status-answer.jq", "$word == \"success\" then", "$word != \"failed\" then")),
                pin(
                        KitRule.GARBAGE_PROVES,
                        "status-answer.jq",
                        "no JSON is not paid",
                        copy -> copy.edit(
                                "status-answer.jq",
                                "{state: \"UNREADABLE\", providerTransactionId: null, word: null}",
                                "{state: \"NOT_PAID\", providerTransactionId: null, word: null}")),
                pin(
                        KitRule.GARBAGE_PROVES,
                        "mail-receipt-answer.jq",
                        "a mail counts as sent whatever the answer says",
                        copy -> copy.edit("mail-receipt-answer.jq", "else \"UNREADABLE\" end", "else \"DONE\" end")),
                pin(
                        KitRule.GARBAGE_PROVES,
                        "date-answer.jq",
                        "an error page is a day without payments",
                        copy -> copy.edit(
                                "date-answer.jq", "{readable: false, rows: []}", "{readable: true, rows: []}")),
                pay(
                        KitRule.GARBAGE_PROVES,
                        "status-answer.jq",
                        "every negative code is not paid",
                        copy -> copy.edit(
                                "status-answer.jq",
                                "}[tostring] // \"OPEN\";",
                                "}[tostring] // (if . < 0 then \"NOT_PAID\" else \"OPEN\" end);")),
                pin(
                        KitRule.SUCCESS_STATUS,
                        yaml,
                        "a page that was not found is believed",
                        copy -> copy.edit(yaml, "success: [200]", "success: [200, 404]")),
                pin(
                        KitRule.REFUSALS,
                        yaml,
                        "a server in trouble started nothing",
                        copy -> copy.edit(yaml, "- status: [401]", "- status: [401, 503]")),
                pin(
                        KitRule.REFUSALS,
                        yaml,
                        "not found means not started",
                        copy -> copy.edit(yaml, "- status: [403]", "- status: [403, 404]")),
                pay(
                        KitRule.REFUSALS,
                        yaml,
                        "any code at all is a refusal",
                        copy -> copy.edit(
                                yaml,
                                "test(\"^PAY-[0-9]+$\") and . != \"PAY-9206\")",
                                "test(\"^[A-Z]+-[0-9]+$\") and . != \"PAY-9206\")")),
                pin(
                        KitRule.REFUSALS,
                        yaml,
                        "a good answer is taken for a busy terminal",
                        copy -> copy.edit(
                                yaml,
                                "busy: []",
                                "busy:\n  - status: [200]\n    when: '(.json | type) == \"object\" and .json.status == \"started\"'\n"
                                        + "    why: it says started")),
                pin(
                        KitRule.REFUSAL_SHOWN,
                        yaml,
                        "a refusal that nobody has seen",
                        copy -> copy.edit(yaml, "- status: [403]", "- status: [402]")),
                // Secrets.
                pin(
                        KitRule.SECRET,
                        yaml,
                        "a key in provider.yaml",
                        copy -> copy.edit(yaml, "key: \"{terminal.key}\"", "key: \"a-real-key-of-a-till\"")),
                pin(
                        KitRule.SECRET,
                        "examples/create-request-worldline.json",
                        "a key in an example",
                        copy -> copy.example("create-request-worldline", example -> at(example, "/input/terminal")
                                .put("key", "f81d4fae7dec11d0a765"))),
                pin(
                        KitRule.SECRET,
                        "create-request.jq",
                        "a login in a comment",
                        copy -> copy.append("create-request.jq", "# tried with Bearer abcdefghijklmnop\n")),
                pay(
                        KitRule.SECRET,
                        yaml,
                        "a token of the provider in a comment",
                        copy -> copy.append(yaml, "# token: 5c4b1d2e3f405c4b1d2e3f405c4b1d2e3f405c4b\n")),
                pin(
                        KitRule.SECRET_IN_URL,
                        yaml,
                        "a login in an address",
                        copy -> copy.append(yaml, "# see https://shop:geheim@rest-api.example.nl/V1\n")),
                pin(
                        KitRule.SECRET_IN_URL,
                        "examples/status-request-worldline.json",
                        "a key in a query",
                        copy -> copy.example("status-request-worldline", example -> at(example, "/output")
                                .putObject("query")
                                .put("key", "k1"))),
                pin(
                        KitRule.CARD_NUMBER,
                        "examples/status-answer-worldline-success.json",
                        "a whole card number handed on",
                        copy -> copy.example("status-answer-worldline-success", example -> at(example, "/output")
                                .putObject("card")
                                .put("maskedPan", "4111111111111111"))));
    }
}
