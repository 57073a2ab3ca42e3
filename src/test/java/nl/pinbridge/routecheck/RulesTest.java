package nl.pinbridge.routecheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each rule on small texts: what it lets pass, and what it refuses, with the line. */
class RulesTest {
    @TempDir
    static Path folder;

    private static int folders;

    /**
     * Files by name.
     *
     * @param lines where the rule finds something, as {@code file:line}; empty for nothing
     */
    private record Case(String rule, Map<String, String> files, List<String> lines) {}

    @TestFactory
    Stream<DynamicTest> rules() {
        return cases().map(each -> DynamicTest.dynamicTest(each.rule() + " " + each.lines(), () -> {
            TestRoutes routes = TestRoutes.empty(folder.resolve(String.valueOf(folders++)));
            each.files().forEach(routes::file);
            assertThat(routes.findings(each.rule()))
                    .extracting(finding -> finding.file().getFileName() + ":" + finding.line())
                    .containsExactlyInAnyOrderElementsOf(each.lines().stream()
                            .map(line -> line.replace(
                                    "FOLDER", routes.folder().getFileName().toString()))
                            .toList());
        }));
    }

    @Test
    void every_rule_passes_something_and_refuses_something() {
        Set<String> passes = new TreeSet<>();
        Set<String> refuses = new TreeSet<>();
        cases().forEach(each -> (each.lines().isEmpty() ? passes : refuses).add(each.rule()));
        Set<String> all =
                new TreeSet<>(RouteCheck.RULES.stream().map(Rule::name).toList());
        assertThat(passes).isEqualTo(all);
        assertThat(refuses).isEqualTo(all);
    }

    private static Case files(String rule, String name, String text, String... lines) {
        return new Case(rule, Map.of(name, text), List.of(lines));
    }

    private static Case and(Case one, String name, String text) {
        Map<String, String> files = new LinkedHashMap<>(one.files());
        files.put(name, text);
        return new Case(one.rule(), files, one.lines());
    }

    /** One file of routes in flow style: a line for the lines' sake. */
    private static Case routes(String rule, String text, int... lines) {
        return files(
                rule,
                "x.camel.yaml",
                text,
                Arrays.stream(lines).mapToObj(line -> "x.camel.yaml:" + line).toArray(String[]::new));
    }

    /** The steps of one route, each on a line of its own; the first is on line 2. */
    private static Case steps(String rule, String steps, int... lines) {
        return routes(
                rule,
                "- route: {id: r, description: d, from: {uri: direct:r, steps: [\n"
                        + steps.strip().replace("\n", ",\n") + "]}}\n",
                lines);
    }

    /** With a provider {@code p} that has a money operation {@code create} and a harmless {@code status}. */
    private static Case withProvider(Case one) {
        return and(
                one,
                "providers/p/provider.yaml",
                """
                operations:
                  create: {method: POST, path: /pay, once: true}
                  status: {method: POST, path: /status, once: false}
                """);
    }

    private static Stream<Case> cases() {
        return Stream.of(money(), shape(), wiring()).flatMap(List::stream);
    }

    private static List<Case> money() {
        String mapping =
                "{transform: {expression: {jq: {expression: 'resource:file:{{pinbridge.routes}}/providers/p/m.jq'}}}}";
        String create = "- route: {id: c, from: {uri: direct:p-create, steps: [\n%s]}}\n";
        String work = "- route: {from: {uri: direct:work, steps: [{process: {ref: provider-route}}]}}\n";
        return List.of(
                withProvider(routes(
                        "operation-route",
                        create.formatted(mapping + ",\n{to: {uri: provider-call:p/create}},\n{log: {message: m}},\n"
                                + mapping))),
                withProvider(routes(
                        "operation-route",
                        create.formatted(
                                "{setBody: {expression: {constant: {expression: x}}}},\n{to: {uri: provider-call:p/create}},\n"
                                        + "{transform: {expression: {jq: {expression: .}}}}"),
                        2,
                        4)),
                withProvider(routes("operation-route", create.formatted(mapping), 1)),
                withProvider(routes(
                        "operation-route",
                        create.formatted(mapping + ",\n{to: {uri: provider-call:p/create}},\n" + mapping
                                + ",\n{to: {uri: provider-call:p/create}},\n" + mapping),
                        1)),
                withProvider(routes("operation-route", create.formatted("{to: {uri: provider-call:p/create}}"), 1)),
                routes("one-call", work + "- route: {from: {uri: direct:a, steps: [{to: {uri: direct:work}}]}}"),
                routes(
                        "one-call",
                        work
                                + "- route: {from: {uri: direct:a, steps: [{to: {uri: direct:work}}, {to: {uri: direct:work}}]}}",
                        2),
                routes(
                        "one-call",
                        work
                                + "- route: {from: {uri: direct:a, steps: [{choice: {when: [{steps: [{to: {uri: direct:work}}]}],"
                                + " otherwise: {steps: [{to: {uri: direct:work}}]}}}]}}"),
                routes(
                        "one-call",
                        work
                                + "- route: {from: {uri: direct:a, steps: [{filter: {steps: [{to: {uri: direct:work}}]}},"
                                + " {to: {uri: direct:work}}]}}",
                        2),
                steps("no-repeats", "{loop: {steps: [{to: {uri: direct:elsewhere}}]}}"),
                steps("no-repeats", "{loop: {steps: [{to: {uri: provider-call:p/unknown}}]}}", 2),
                steps(
                        "no-repeats",
                        "{process: {ref: publish}}\n{delay: {expression: {constant: {expression: '1'}}}}",
                        3),
                routes(
                        "no-repeats",
                        "- route: {from: {uri: direct:a, steps: [{to: {uri: direct:b}}]}}\n"
                                + "- route: {from: {uri: direct:b, steps: [{to: {uri: direct:a}}]}}",
                        1,
                        2),
                routes("no-repeats", "- errorHandler:\n    x:\n      redeliveryPolicyRef: again", 3),
                routes("no-repeats", "- route:\n    maximumRedeliveries: 0", 2),
                withProvider(
                        routes(
                                "money-entry",
                                work
                                        + "- route: {from: {uri: 'jms:queue:pinbridge.lane.p', steps: [{to: {uri: direct:work}}]}}")),
                withProvider(routes(
                        "money-entry",
                        work + "- route: {from: {uri: 'timer:x', steps: [{to: {uri: direct:work}}]}}",
                        2)),
                withProvider(steps("money-entry", "{to: {uri: direct:p-status}}\n{to: {uri: direct:p-create}}", 3)),
                withProvider(
                        routes(
                                "provider-calls",
                                "- route: {from: {uri: direct:p-create, steps: [{to: {uri: provider-call:p/create}}]}}\n"
                                        + "- route: {from: {uri: direct:p-status, steps: [{to: {uri: provider-call:p/status}}]}}")),
                withProvider(new Case(
                        "provider-calls",
                        Map.of(
                                "x.camel.yaml",
                                "- route: {from: {uri: direct:p-create, steps: [{to: {uri: provider-call:p/status}}]}}\n"),
                        List.of("x.camel.yaml:1", "x.camel.yaml:1", "provider.yaml:3"))),
                files(
                        "once",
                        "providers/p/provider.yaml",
                        """
                        operations:
                          create: {method: POST, path: /payments, money: true}
                          search: {method: POST, path: '/payments/search', money: false}
                          read: {method: GET, path: '/payments', once: false}
                          capture: {method: POST, path: '/payments/{id}/capture', once: true}
                          touch: {method: POST, path: '/payments/{id}/touch', once: false}
                          unsaid: {method: POST, path: /payments}
                        """),
                files(
                        "once",
                        "providers/p/provider.yaml",
                        """
                        operations:
                          create: {method: POST, path: /payments, once: false}
                          capture: {method: POST, path: '/payments/{id}/capture', once: true}
                          again: {method: POST, path: '/Payments/', money: false}
                          any: {method: post, path: '/payments/{id}/{verb}', money: false, once: false}
                        """,
                        "provider.yaml:2",
                        "provider.yaml:4",
                        "provider.yaml:5"),
                files(
                        "refusals",
                        "providers/p/provider.yaml",
                        """
                        refusals:
                          - {status: [400, 401, 403, 404, 409, 422, 429], why: w}
                          - {status: [200, 500], when: '.json.error == "NO_TERMINAL"', why: w}
                          - {when: '.text | contains("busy")', why: w}
                        """),
                files(
                        "refusals",
                        "providers/p/provider.yaml",
                        """
                        refusals:
                          - {status: [400, 503], why: w}
                          - {when: '.status >= 500', why: w}
                        busy:
                          - {status: [200], why: w}
                          - {status: [408], why: w}
                        """,
                        "provider.yaml:2",
                        "provider.yaml:3",
                        "provider.yaml:5",
                        "provider.yaml:6"),
                steps(
                        "no-calls-outside",
                        "{to: {uri: direct:a}}\n{to: {uri: 'jms:queue:q'}}\n{to: {uri: provider-call:p/o}}"),
                steps(
                        "no-calls-outside",
                        "{to: {uri: 'https://x'}}\n{to: 'netty:tcp://x'}\n{wireTap: {uri: seda:x}}\n{to: {uri: http}}",
                        2,
                        3,
                        4,
                        5),
                routes("no-calls-outside", "- route: {from: {uri: 'webhook:x'}}", 1),
                files(
                        "failures",
                        "x.camel.yaml",
                        "- routeConfiguration: {onException: [\n"
                                + "{onException: {exception: [nl.pinbridge.ledger.LedgerUnavailableException],"
                                + " handled: {constant: {expression: 'false'}}, steps: [{process: {ref: close-gate}}]}},\n"
                                + "{onException: {exception: [java.lang.Throwable],"
                                + " handled: {constant: {expression: 'true'}}, steps: [{process: {ref: failure}}, {process: {ref: publish}}]}}]}"),
                files("failures", "x.camel.yaml", "- route: {}", "FOLDER:0"),
                routes(
                        "failures",
                        "- routeConfiguration: {onException: [\n"
                                + "{onException: {exception: [java.lang.Throwable, nl.pinbridge.ledger.LedgerUnavailableException],\n"
                                + " handled: {jq: {expression: 'true'}},\n steps: []}}]}",
                        2,
                        2,
                        3));
    }

    private static List<Case> shape() {
        return List.of(
                steps("headers", "{setHeader: {name: shop, expression: {constant: {expression: x}}}}"),
                steps(
                        "headers",
                        "{setHeader: {name: jmsReplyTo}}\n{setHeader: {name: '${body}'}}\n{setHeaders: {headers: [{name: _AMQ_SCHED_DELIVERY}]}}\n{setHeader: {}}",
                        2,
                        3,
                        4,
                        5),
                steps("properties", "{setProperty: {name: page-token}}"),
                steps(
                        "properties",
                        "{setProperty: {name: pinbridge.job}}\n{setProperty: {name: CamelX}}\n{removeProperty: {name: x}}\n{setProperty: {name: '${body}'}}",
                        2,
                        3,
                        4,
                        5),
                steps(
                        "languages",
                        "{transform: {expression: {jq: {expression: .}}}}\n{setBody: {expression: {constant: {expression: x}}}}\n"
                                + "{setBody: {expression: {simple: {expression: 'to ${header.name} by ${routeId}'}}}}"),
                steps(
                        "languages",
                        "{setBody: {expression: {groovy: {expression: x}}}}\n{setBody: {js: x}}\n{filter: {simple: '${body.foo}'}}\n"
                                + "{setBody: {expression: {simple: {expression: '$simple{bean:x}'}}}}\n"
                                + "{setBody: {expression: {constant: {expression: 'resource:file:/etc/passwd'}}}}\n"
                                + "{setBody: {expression: {simple: {expression: '${header.${body}}'}}}}\n"
                                + "{setBody: {expression: {method: {ref: x}}}}",
                        2,
                        3,
                        4,
                        5,
                        6,
                        7,
                        8),
                steps(
                        "simple-comparison",
                        "{filter: {expression: {simple: {expression: '${header.open}'}}}}\n{filter: {expression: {jq: {expression: '.a > 100'}}}}\n"
                                + "{log: {message: 'a > b'}}"),
                steps(
                        "simple-comparison",
                        "{filter: {expression: {simple: {expression: \"${header.a} == '7'\"}}}}\n{filter: {simple: '${body} > 100'}}\n"
                                + "{choice: {when: [{expression: {simple: {expression: \"${header.a} in '1,2'\"}}}]}}\n"
                                + "{filter: {expression: {csimple: {expression: \"${header.a} not contains 'x'\"}}}}\n"
                                + "{filter: {expression: {simple: {expression: '${header.a} ?: 1'}}}}",
                        2,
                        3,
                        4,
                        5,
                        6),
                steps("logs", "{log: {message: 'done in ${routeId}'}}\n{log: plain words}"),
                steps(
                        "logs",
                        "{log: {message: 'got ${body}'}}\n{log: '${headers}'}\n{log: {message: '${header.x}'}}\n{log: {message: '$simple{exchange}'}}\n"
                                + "{to: {uri: 'log:x', parameters: {showAll: 'true'}}}\n{log: {message: '${exception.message}'}}",
                        2,
                        3,
                        4,
                        5,
                        6,
                        7),
                routes(
                        "literals",
                        "- route: {from: {uri: quartz:a/b, parameters: {trigger.repeatInterval: '{{routes.x}}', stateful: 'true'}}}"),
                steps(
                        "literals",
                        "{to: {uri: 'http://till.example.com'}}\n{to: {uri: direct:x, parameters: {connectTimeout: 5000}}}\n"
                                + "{to: {uri: direct:x, parameters: {password: '{{routes.p}}'}}}\n{to: {uri: 'x:y?url=10.0.0.1'}}",
                        2,
                        3,
                        4,
                        5,
                        5),
                routes("yaml", "- route:\n    id: a"),
                routes("yaml", "- route:\n    id: a\n    id: b", 3),
                routes("yaml", "- route: &x\n    id: a\n- route: *x", 1, 3),
                routes("yaml", "- route:\n    <<: {id: a}\n    id: !!str b", 3),
                routes("yaml", "- route:\n    <<: {id: a}", 2),
                routes("yaml", "- route: {id: a}\n---\n- route: {id: b}", 2),
                routes("yaml", "- route: {\n  id: [a\n", 3),
                files("files", "x.camel.yaml", "- route: {}"),
                files("files", "x.camel.yaml", "- rout: {}", "FOLDER:0"),
                and(
                        and(
                                files("files", "x.camel.yaml", "- route: {}", "y.camel.yml:0", "z.yaml:0"),
                                "y.camel.yml",
                                ""),
                        "z.yaml",
                        ""),
                files("files", "x.camel.YAML", "- route: {}", "x.camel.YAML:0"),
                files("files", "providers/p/x.camel.yaml", "- route: {}", "x.camel.yaml:0"),
                routes("top-level", "- route: {id: a}\n- routeConfiguration: {onException: []}"),
                routes(
                        "top-level",
                        "- beans: []\n- from: {uri: direct:x}\n- route:\n- route: {id: a}\n  x: {}",
                        1,
                        2,
                        3,
                        4,
                        5),
                routes("top-level", "apiVersion: camel.apache.org/v1", 1));
    }

    private static List<Case> wiring() {
        String lane =
                "- route: {from: {uri: 'jms:queue:pinbridge.lane.p', parameters: {concurrentConsumers: '{{x}}'%s}}}\n";
        return List.of(
                steps(
                        "schema",
                        "{to: {id: a, uri: direct:x}}\n{choice: {when: [{expression: {jq: {expression: .}}, steps: []}]}}"),
                steps(
                        "schema",
                        "{to: {id: a, url: direct:x}}\n{tod: {}}\n{choice: {when: [{expression: {jq: {expresion: .}}, steps: []}]}}\n{to: {uri: direct:x, disabled: often}}",
                        2,
                        3,
                        4,
                        5),
                steps(
                        "form",
                        "{to: {id: a, uri: direct:x, note: n}}\n{log: {message: m}}\n{marshal: {id: b, json: {library: Jackson}}}"),
                steps(
                        "form",
                        "{to: direct:x}\n{to: {uri: 'direct:x?y=z'}}\n{to: {uri: 'direct:{{x}}'}}\n{process: {ref: a, disabled: false}}\n"
                                + "{transform: {jq: .}}\n{to: {id: a}}\n{convertBodyTo: {type: java.lang.Object}}\n"
                                + "{marshal: {json: {library: Jackson, moduleClassNames: x}}}\n"
                                + "{filter: {expression: {jq: {expression: ., source: x}}, steps: []}}\n"
                                + "{choice: {precondition: true, when: []}}",
                        2,
                        3,
                        4,
                        5,
                        6,
                        6,
                        7,
                        8,
                        9,
                        10,
                        11),
                routes(
                        "form",
                        "- route: {routePolicyRef: x, from: {uri: direct:x}}\n- routeConfiguration: {precondition: x}",
                        1,
                        2),
                steps("steps", "{to: {}}\n{choice: {}}\n{split: {}}\n{loop: {}}\n{validate: {}}"),
                steps(
                        "steps",
                        "{toD: x}\n{recipientList: {}}\n{script: {}}\n{bean: {}}\n{something: {}}\n{doTry: {steps: [{poll: {}}]}}",
                        2,
                        3,
                        4,
                        5,
                        6,
                        7),
                steps("ids", "{to: {id: a}}\n{log: {message: m}}\n{choice: {id: b, when: [{steps: [{to: {id: c}}]}]}}"),
                steps(
                        "ids",
                        "{to: {id: r}}\n{to: {}}\n{to: {id: Call}}\n{choice: {id: b, when: [{id: b}, {steps: [{to: {}}]}]}}",
                        2,
                        3,
                        4,
                        5,
                        5),
                routes("ids", "- route: {from: {uri: direct:x}}", 1, 1),
                routes(
                        "targets",
                        "- route: {from: {uri: direct:a, steps: [{to: {uri: direct:b}}]}}\n- route: {from: {uri: direct:b}}"),
                routes(
                        "targets",
                        "- route: {from: {uri: direct:a, steps: [\n{to: {uri: direct:nobody}}]}}\n- route: {from: {uri: 'direct://a'}}\n- route: {from: {uri: seda:Q}}",
                        2,
                        3,
                        4),
                routes("endpoint-options", lane.formatted("")),
                routes("endpoint-options", lane.formatted(", cacheLevel: '3'"), 1),
                routes("endpoint-options", "- route: {from: {uri: quartz:a/b, parameters: {cron: '{{x}}'}}}", 1),
                steps(
                        "endpoint-options",
                        "{to: {uri: 'jms:queue:q', parameters: {jmsMessageType: '#bean:x'}}}\n{to: {uri: 'direct:x?block=true'}}",
                        2,
                        3),
                steps("placeholders", "{to: {uri: '{{pinbridge.routes}}'}}"),
                steps(
                        "placeholders",
                        "{to: {uri: '{{nothing}}'}}\n{to: {uri: '{{pinbridge.routes:x}}'}}\n{to: {uri: '{{?pinbridge.routes}}'}}\n"
                                + "{to: {uri: '{{env:HOME}}'}}\n{to: {uri: '{{ pinbridge.routes }}'}}\n{to: {uri: 'a{{open'}}",
                        2,
                        3,
                        4,
                        5,
                        6,
                        7),
                and(
                        steps(
                                "scripts",
                                "{transform: {expression: {jq: {expression: 'resource:file:{{pinbridge.routes}}/a/m.jq'}}}}\n{filter: {expression: {jq: {expression: '.a == \"B\"'}}}}"),
                        "a/m.jq",
                        "def f: 1;\n{a: f}"),
                and(
                        steps(
                                "scripts",
                                "{transform: {expression: {jq: {expression: 'resource:file:{{pinbridge.routes}}/a/m.jq'}}}}\n{filter: {expression: {jq: {expression: '.a =='}}}}\n"
                                        + "{transform: {jq: 'resource:classpath:m.jq'}}\n{transform: {expression: {jq: {expression: 'resource:file:{{pinbridge.routes}}/../m.jq'}}}}\n"
                                        + "{transform: {expression: {jq: {expression: 'resource:file:/tmp/m.jq'}}}}\n{transform: {expression: {jq: {expression: ' '}}}}\n"
                                        + "{transform: {expression: {jq: {expression: 'resource:file:{{pinbridge.routes}}/a/none.jq'}}}}",
                                2,
                                3,
                                4,
                                5,
                                6,
                                7,
                                8),
                        "a/m.jq",
                        "{a: "),
                new Case("provider-folder", Map.of("x.camel.yaml", ""), List.of()),
                files("provider-folder", "providers/p/provider.yaml", "name: q", "provider.yaml:0"),
                steps("blocks", "{process: {ref: publish}}"),
                steps(
                        "blocks",
                        "{process: {ref: failure}}\n{process: {ref: nobody}}\n{process: {}}\n{process: {ref: '#class:java.lang.Object'}}",
                        2,
                        3,
                        4,
                        5),
                routes(
                        "blocks",
                        "- routeConfiguration: {onException: [{onException: {steps: [{process: {ref: failure}},\n{process: {ref: sweep}}]}}]}",
                        2),
                and(
                        withProvider(routes("jms", lane.formatted(""))),
                        "y.camel.yaml",
                        "- route: {from: {uri: 'jms:queue:payments.commands', parameters: {mapJmsMessage: 'false'}, steps: [{to: {uri: 'jms:queue:payments.refused'}}]}}"),
                routes("jms", lane.formatted(""), 1),
                withProvider(routes("jms", lane.formatted("") + lane.formatted(", mapJmsMessage: 'false'"), 2, 2)),
                withProvider(routes(
                        "jms",
                        lane.formatted(", transacted: 'false', asyncConsumer: 'true', disableReplyTo: 'false'"),
                        1,
                        1,
                        1)),
                routes(
                        "jms",
                        "- route: {from: {uri: 'jms:queue:payments.commands'}}\n- route: {from: {uri: 'jms:topic:pinbridge.express'}}",
                        1,
                        2),
                steps(
                        "jms",
                        "{to: {uri: 'jms:queue:payments.commands'}}\n{to: {uri: 'jms:payments.refused'}}\n{to: {uri: 'jms:queue:payments.refused', parameters: {exchangePattern: InOut}}}\n"
                                + "{to: {uri: 'jms:queue:payments.refused', pattern: InOut}}",
                        2,
                        3,
                        4,
                        5),
                new Case("guarantees", shipped(), List.of()),
                files(
                        "guarantees",
                        "x.camel.yaml",
                        "- route: {}",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0",
                        "FOLDER:0"));
    }

    private static Map<String, String> shipped() {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : List.of("10-intake", "20-outcome", "30-looks", "40-webhooks", "60-admin")) {
            files.put(name + ".camel.yaml", TestRoutes.read(TestRoutes.SHIPPED.resolve(name + ".camel.yaml")));
        }
        return files;
    }
}
