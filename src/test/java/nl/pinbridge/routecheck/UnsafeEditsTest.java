package nl.pinbridge.routecheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Edits of the routes as delivered that could charge twice, lose a command, tell a secret or stop a till: each is found, by its rule. */
class UnsafeEditsTest {
    private static final String ONCE = "    " + TestRoutes.onceKey();

    @TempDir
    static Path folder;

    private record Edit(String rule, String name, Consumer<TestRoutes> change) {}

    @TestFactory
    Stream<DynamicTest> every_unsafe_edit_is_found_by_its_rule() {
        return edits().stream()
                .map(edit -> DynamicTest.dynamicTest(edit.rule() + ": " + edit.name(), () -> {
                    TestRoutes routes =
                            TestRoutes.shipped(folder.resolve(edit.name().replace(' ', '-')));
                    edit.change().accept(routes);
                    assertThat(routes.findings()).extracting(Finding::rule).contains(edit.rule());
                }));
    }

    @Test
    void every_rule_has_an_unsafe_edit() {
        Set<String> tried = new TreeSet<>();
        edits().forEach(edit -> tried.add(edit.rule()));
        assertThat(RouteCheck.RULES).extracting(Rule::name).containsExactlyInAnyOrderElementsOf(tried);
    }

    private static Edit edit(String rule, String name, Consumer<TestRoutes> change) {
        return new Edit(rule, name, change);
    }

    private static List<Edit> edits() {
        return List.of(
                edit(
                        "operation-route",
                        "a choice where there is one call",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-status
                                    uri: provider-call:pinvandaag/status
                        """,
                                """
                                - choice:
                                    id: perhaps-call-pinvandaag-status
                                    when:
                                      - expression:
                                          jq:
                                            expression: resource:file:{{pinbridge.routes}}/providers/pinvandaag/status-request.jq
                                        steps:
                                          - to:
                                              id: call-pinvandaag-status
                                              uri: provider-call:pinvandaag/status
                        """)),
                edit(
                        "operation-route",
                        "a second read that an inline word decides on",
                        routes -> routes.edit(
                                "providers/paynl/paynl.camel.yaml",
                                "expression: resource:file:{{pinbridge.routes}}/providers/paynl/poll-says-over.jq",
                                "expression: .answer.status == 200")),
                edit(
                        "operation-route",
                        "two reads of which none is called in the choice",
                        routes -> routes.edit(
                                "providers/paynl/paynl.camel.yaml",
                                """
                                          - to:
                                              id: call-paynl-status
                                              uri: provider-call:paynl/status
                        """,
                                "")),
                edit(
                        "operation-route",
                        "a branch beside a second read that makes up an answer",
                        routes -> routes.edit(
                                "providers/paynl/paynl.camel.yaml",
                                "resource:file:{{pinbridge.routes}}/providers/paynl/poll-answer.jq",
                                "'{state: \"NOT_PAID\"}'")),
                edit(
                        "operation-route",
                        "a read before a money call",
                        routes -> routes.edit("providers/paynl/provider.yaml", "part-of: status", "part-of: create")),
                edit(
                        "operation-route",
                        "a money call before a read",
                        routes -> routes.edit(
                                "providers/paynl/provider.yaml",
                                "    path: /v1/orders/{id}/abort\n    once: true",
                                "    path: /v1/orders/{id}/abort\n    part-of: status\n    once: true")),
                edit(
                        "provider-calls",
                        "the first of two reads called elsewhere",
                        routes -> routes.edit(
                                "providers/paynl/paynl.camel.yaml",
                                "uri: provider-call:paynl/transaction",
                                "uri: provider-call:paynl/poll")),
                edit(
                        "once",
                        "a capture of a part that may be repeated",
                        routes -> routes.edit(
                                "providers/paynl/provider.yaml",
                                "    path: /v1/orders/{id}/capture/amount\n    once: true",
                                "    path: /v1/orders/{id}/capture/amount\n    once: false")),
                edit(
                        "operation-route",
                        "a look whose answer is made up",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "resource:file:{{pinbridge.routes}}/providers/pinvandaag/status-answer.jq",
                                "'{state: \"NOT_PAID\"}'")),
                edit(
                        "operation-route",
                        "an answer read by another providers file",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "providers/pinvandaag/create-answer.jq",
                                "providers/other/create-answer.jq")),
                edit(
                        "operation-route",
                        "a look that calls nobody",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: provider-call:pinvandaag/status",
                                "uri: direct:refuse")),
                edit(
                        "refusals",
                        "a fault of the server taken for a refusal",
                        routes -> routes.edit(
                                "providers/pinvandaag/provider.yaml", "status: [401]", "status: [401, 502]")),
                edit(
                        "refusals",
                        "every answer taken for busy",
                        routes -> routes.edit(
                                "providers/pinvandaag/provider.yaml",
                                "busy: []",
                                "busy:\n  - when: \"true\"\n    why: it must have been busy")),
                edit(
                        "targets",
                        "a second sweep",
                        routes -> routes.append(
                                "30-looks.camel.yaml",
                                """
                                - route:
                                    id: sweep-too
                                    description: Sweeps as well.
                                    from:
                                      uri: quartz:pinbridge/sweep
                                      parameters:
                                        stateful: "true"
                                      steps:
                                        - process:
                                            id: sweep-ledger-too
                                            ref: sweep
                                """)),
                edit(
                        "operation-route",
                        "a second call after the first",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """,
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                                - to:
                                    id: again-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """)),
                edit(
                        "one-call",
                        "the work of a lane done twice",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: work-pinvandaag
                                    uri: direct:work
                        """,
                                """
                                - to:
                                    id: work-pinvandaag
                                    uri: direct:work
                                - to:
                                    id: work-again-pinvandaag
                                    uri: direct:work
                        """)),
                edit(
                        "one-call",
                        "the providers route called twice",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                                - process:
                                    id: again-provider-route
                                    ref: provider-route
                        """)),
                edit(
                        "no-repeats",
                        "a loop around the call",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """,
                                """
                                - loop:
                                    id: try-three-times
                                    expression:
                                      constant:
                                        expression: "3"
                                    steps:
                                      - to:
                                          id: call-pinvandaag-create
                                          uri: provider-call:pinvandaag/create
                        """)),
                edit(
                        "no-repeats",
                        "a doTry that calls again after a failure",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """,
                                """
                                - doTry:
                                    id: try-it
                                    steps:
                                      - to:
                                          id: call-pinvandaag-create
                                          uri: provider-call:pinvandaag/create
                                    doCatch:
                                      - exception: [java.lang.Exception]
                                        steps:
                                          - to:
                                              id: again-pinvandaag-create
                                              uri: provider-call:pinvandaag/create
                        """)),
                edit(
                        "no-repeats",
                        "a circuit breaker around the call",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """,
                                """
                                - circuitBreaker:
                                    id: guard
                                    steps:
                                      - to:
                                          id: call-pinvandaag-create
                                          uri: provider-call:pinvandaag/create
                        """)),
                edit(
                        "no-repeats",
                        "a multicast to the work",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: work-pinvandaag
                                    uri: direct:work
                        """,
                                """
                                - multicast:
                                    id: to-all
                                    steps:
                                      - to:
                                          id: work-pinvandaag
                                          uri: direct:work
                        """)),
                edit(
                        "no-repeats",
                        "a failover to another host",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """,
                                """
                                - loadBalance:
                                    id: or-the-other
                                    failoverLoadBalancer:
                                      maximumFailoverAttempts: "3"
                                    steps:
                                      - to:
                                          id: call-pinvandaag-create
                                          uri: provider-call:pinvandaag/create
                        """)),
                edit(
                        "no-repeats",
                        "a wire tap of the work",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: work-pinvandaag
                                    uri: direct:work
                        """,
                                """
                                - to:
                                    id: work-pinvandaag
                                    uri: direct:work
                                - wireTap:
                                    id: tap
                                    uri: direct:work
                        """)),
                edit(
                        "no-repeats",
                        "a split of the command into calls",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - split:
                                    id: each
                                    expression:
                                      jq:
                                        expression: .items
                                    steps:
                                      - process:
                                          id: call-provider-route
                                          ref: provider-route
                        """)),
                edit(
                        "no-repeats",
                        "a delay before the call",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """,
                                """
                                - delay:
                                    id: wait
                                    expression:
                                      constant:
                                        expression: "9000"
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """)),
                edit(
                        "no-repeats",
                        "redelivery in the error handler",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                                  handled:
                                    constant:
                                      expression: "true"
                        """,
                                """
                                  handled:
                                    constant:
                                      expression: "true"
                                  redeliveryPolicy:
                                    maximumRedeliveries: 3
                        """)),
                edit(
                        "no-repeats",
                        "a retry while the ledger is away",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                                  handled:
                                    constant:
                                      expression: "false"
                        """,
                                """
                                  handled:
                                    constant:
                                      expression: "false"
                                  retryWhile:
                                    constant:
                                      expression: "true"
                        """)),
                edit(
                        "no-repeats",
                        "an error handler with redelivery",
                        routes -> routes.append(
                                "00-failures.camel.yaml",
                                """
                        - errorHandler:
                            deadLetterChannel:
                              deadLetterUri: jms:queue:pinbridge.dead
                              redeliveryPolicy:
                                maximumRedeliveries: 5
                        """)),
                edit(
                        "no-repeats",
                        "a redelivery written with hyphens",
                        routes -> routes.append(
                                "00-failures.camel.yaml",
                                """
                        - error-handler:
                            dead-letter-channel:
                              redelivery-policy:
                                maximum-redeliveries: 5
                        """)),
                edit(
                        "no-repeats",
                        "a route that leads back to itself",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: publish-results
                                    ref: publish
                        """,
                                """
                                - process:
                                    id: publish-results
                                    ref: publish
                                - to:
                                    id: once-more
                                    uri: direct:work
                        """)),
                edit(
                        "money-entry",
                        "the looks go to the create route",
                        routes -> routes.edit(
                                "30-looks.camel.yaml",
                                """
                                - process:
                                    id: call-provider-status
                                    ref: provider-route
                        """,
                                """
                                - to:
                                    id: call-provider-status
                                    uri: direct:pinvandaag-create
                        """)),
                edit(
                        "money-entry",
                        "a timer that does the work",
                        routes -> routes.append(
                                "20-outcome.camel.yaml",
                                """
                        - route:
                            id: hourly
                            description: Does the work every hour.
                            from:
                              uri: quartz:pinbridge/hourly
                              parameters:
                                trigger.repeatInterval: "{{pinbridge.sweep.millis}}"
                                stateful: "true"
                              steps:
                                - to:
                                    id: work-hourly
                                    uri: direct:work
                        """)),
                edit(
                        "money-entry",
                        "a web hook that does the work",
                        routes -> routes.append(
                                "20-outcome.camel.yaml",
                                """
                        - route:
                            id: remote
                            description: Does the work when asked over HTTP.
                            from:
                              uri: platform-http:/work
                              steps:
                                - to:
                                    id: work-remote
                                    uri: direct:work
                        """)),
                edit(
                        "no-calls-outside",
                        "a port of its own for web hooks",
                        routes -> routes.edit(
                                "40-webhooks.camel.yaml",
                                "uri: jms:queue:pinbridge.webhooks",
                                "uri: platform-http:/webhooks")),
                edit("guarantees", "no route that reads web hooks", routes -> routes.delete("40-webhooks.camel.yaml")),
                edit(
                        "guarantees",
                        "a web hook that is changed before it is taken",
                        routes -> routes.edit(
                                "40-webhooks.camel.yaml",
                                """
                        - process:
                            id: take-webhook
                """,
                                """
                        - setBody:
                            id: change-webhook
                            expression:
                              constant:
                                expression: "{}"
                        - process:
                            id: take-webhook
                """)),
                edit(
                        "guarantees",
                        "a web hook whose look is not told to anybody",
                        routes -> routes.edit(
                                "40-webhooks.camel.yaml",
                                """
                        - process:
                            id: publish-webhook
                            ref: publish
                """,
                                "")),
                edit(
                        "blocks",
                        "a web hook that writes an outcome",
                        routes -> routes.edit("40-webhooks.camel.yaml", "ref: publish", "ref: outcome")),
                edit(
                        "blocks",
                        "a command taken for a web hook",
                        routes -> routes.edit("20-outcome.camel.yaml", "ref: take-command", "ref: take-webhook")),
                edit(
                        "money-entry",
                        "a web hook that works on commands",
                        routes -> routes.edit(
                                "40-webhooks.camel.yaml",
                                """
                        - process:
                            id: publish-webhook
                            ref: publish
                """,
                                """
                        - to:
                            id: work-webhook
                            uri: direct:work
                """)),
                edit(
                        "jms",
                        "a web hook that is made up by a route",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                "uri: jms:queue:payments.refused",
                                "uri: jms:queue:pinbridge.webhooks")),
                edit(
                        "jms",
                        "web hooks taken outside of the transaction",
                        routes -> routes.edit(
                                "40-webhooks.camel.yaml",
                                "concurrentConsumers: \"{{pinbridge.webhook.consumers}}\"",
                                "transacted: \"false\"")),
                edit(
                        "endpoint-options",
                        "more readers of web hooks than a setting says",
                        routes -> routes.edit(
                                "40-webhooks.camel.yaml", "\"{{pinbridge.webhook.consumers}}\"", "\"400\"")),
                edit(
                        "provider-folder",
                        "a webhook jq that is no jq",
                        routes -> routes.file("providers/pinvandaag/webhook.jq", "{state: ")),
                edit(
                        "provider-calls",
                        "the status route makes the create call",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: provider-call:pinvandaag/status",
                                "uri: provider-call:pinvandaag/create")),
                edit(
                        "provider-calls",
                        "an operation that is misspelt",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: provider-call:pinvandaag/create",
                                "uri: provider-call:pinvandaag/craete")),
                edit(
                        "provider-calls",
                        "an operation without its route",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: direct:pinvandaag-status",
                                "uri: direct:pinvandaag-state")),
                edit(
                        "once",
                        "create declared as repeatable",
                        routes -> routes.edit("providers/pinvandaag/provider.yaml", ONCE + ": true", ONCE + ": false")),
                edit(
                        "provider-folder",
                        "create declared with a word that is neither true nor false",
                        routes -> routes.edit("providers/pinvandaag/provider.yaml", ONCE + ": true", ONCE + ": no")),
                edit(
                        "once",
                        "a repeatable second name for create",
                        routes -> routes.edit(
                                "providers/pinvandaag/provider.yaml",
                                """
                          status:
                        """,
                                """
                          peek:
                            method: POST
                            path: /instore//transactions/create/
                            money: false
                            success: [200]
                          status:
                        """)),
                edit(
                        "once",
                        "a repeatable operation whose path takes any word",
                        routes -> routes.edit(
                                "providers/pinvandaag/provider.yaml",
                                """
                          status:
                        """,
                                """
                          any:
                            method: POST
                            path: /instore/transactions/{verb}
                            once: false
                            success: [200]
                          status:
                        """)),
                edit(
                        "no-calls-outside",
                        "an HTTP call of its own",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: provider-call:pinvandaag/create",
                                "uri: http://rest-api.pinvandaag.example/V1/instore/transactions/create")),
                edit(
                        "no-calls-outside",
                        "a component that no rule knows",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """,
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                                - to:
                                    id: run-it
                                    uri: exec:curl
                        """)),
                edit(
                        "no-calls-outside",
                        "the component hidden in a placeholder",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: provider-call:pinvandaag/create",
                                "uri: \"{{routes.scheme:https}}:rest-api.pinvandaag.example\"")),
                edit(
                        "no-calls-outside",
                        "a queue in memory before the work",
                        routes -> routes.append(
                                "20-outcome.camel.yaml",
                                """
                        - route:
                            id: aside
                            description: Works aside.
                            from:
                              uri: seda:aside
                              steps:
                                - to:
                                    id: work-aside
                                    uri: direct:work
                        """)),
                edit("failures", "no error handler at all", routes -> routes.delete("00-failures.camel.yaml")),
                edit(
                        "failures",
                        "failures that are not handled",
                        routes ->
                                routes.edit("00-failures.camel.yaml", "expression: \"true\"", "expression: \"false\"")),
                edit(
                        "failures",
                        "failures handled by what the message says",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                        constant:
                                      expression: "true"\
                        """,
                                """
                        simple:
                                      expression: "${header.handled}"\
                        """)),
                edit(
                        "failures",
                        "only some failures are handled",
                        routes -> routes.edit("00-failures.camel.yaml", "java.lang.Throwable", "java.lang.Exception")),
                edit(
                        "failures",
                        "the ledger away is taken as done",
                        routes ->
                                routes.edit("00-failures.camel.yaml", "expression: \"false\"", "expression: \"true\"")),
                edit(
                        "failures",
                        "a failure after which the route goes on",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                                  handled:
                                    constant:
                                      expression: "true"
                        """,
                                """
                                  handled:
                                    constant:
                                      expression: "true"
                                  continued:
                                    constant:
                                      expression: "true"
                        """)),
                edit(
                        "failures",
                        "an error handler that does the work again",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                                    - process:
                                        id: publish-after-failure
                                        ref: publish
                        """,
                                """
                                    - process:
                                        id: publish-after-failure
                                        ref: publish
                                    - to:
                                        id: work-again
                                        uri: direct:work
                        """)),
                edit(
                        "failures",
                        "an error handler that writes nothing down",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                                    - process:
                                        id: judge-failure
                                        ref: failure
                        """,
                                "")),
                edit(
                        "failures",
                        "one more handler that gives the message back",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                            onException:
                        """,
                                """
                            onException:
                              - onException:
                                  exception:
                                    - java.net.SocketTimeoutException
                                  handled:
                                    constant:
                                      expression: "false"
                                  steps:
                                    - process:
                                        id: judge-time-out
                                        ref: failure
                                    - process:
                                        id: publish-time-out
                                        ref: publish
                        """)),
                edit(
                        "failures",
                        "an error handler that no route has",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                        - routeConfiguration:
                        """,
                                """
                        - routeConfiguration:
                            id: for-nobody
                        """)),
                edit(
                        "failures",
                        "a second error handler",
                        routes -> routes.append(
                                "00-failures.camel.yaml",
                                """
                        - routeConfiguration:
                            onException:
                              - onException:
                                  exception:
                                    - java.lang.Throwable
                                  handled:
                                    constant:
                                      expression: "true"
                                  steps: []
                        """)),
                edit(
                        "guarantees",
                        "the outcome is not written",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: write-outcome
                                    ref: outcome
                        """,
                                "")),
                edit(
                        "guarantees",
                        "the outcome is written for some only",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: write-outcome
                                    ref: outcome
                        """,
                                """
                                - filter:
                                    id: if-paid
                                    expression:
                                      jq:
                                        expression: .state == "PAID"
                                    steps:
                                      - process:
                                          id: write-outcome
                                          ref: outcome
                        """)),
                edit(
                        "guarantees",
                        "a fixed outcome in place of the providers",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: write-outcome
                        """,
                                """
                                - setBody:
                                    id: make-it-paid
                                    expression:
                                      jq:
                                        expression: '{state: "NOT_PAID"}'
                                - process:
                                    id: write-outcome
                        """)),
                edit(
                        "guarantees",
                        "the work in another order",
                        routes -> routes.edit("20-outcome.camel.yaml", "ref: outcome", "ref: publish")),
                edit(
                        "guarantees",
                        "no sweep",
                        routes -> routes.edit(
                                "30-looks.camel.yaml", "uri: quartz:pinbridge/sweep", "uri: quartz:pinbridge/sweeps")),
                edit(
                        "guarantees",
                        "headers of senders kept",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                """
                                    pattern: "*"
                        """,
                                """
                                    pattern: "*"
                                    excludePattern: Camel.*
                        """)),
                edit(
                        "guarantees",
                        "expired commands dropped",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                """
                                - to:
                                    id: take-in-expired
                                    uri: direct:take-in
                        """,
                                """
                                - log:
                                    message: expired
                        """)),
                edit("guarantees", "no looks", routes -> routes.delete("30-looks.camel.yaml")),
                edit(
                        "guarantees",
                        "commands for a lane that nobody reads",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: jms:queue:pinbridge.lane.pinvandaag",
                                "uri: jms:queue:pinbridge.lane.pinvandag")),
                edit(
                        "blocks",
                        "a failure written down before the call",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - process:
                                    id: call-it-failed
                                    ref: failure
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """)),
                edit(
                        "blocks",
                        "a block made from a class",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml", "ref: take-command", "ref: \"#class:com.example.Work\"")),
                edit(
                        "blocks",
                        "the providers route in the intake",
                        routes -> routes.edit("10-intake.camel.yaml", "ref: wake", "ref: provider-route")),
                edit(
                        "jms",
                        "a lane outside of the transaction",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "        concurrentConsumers: \"{{pinbridge.provider.pinvandaag.consumers}}\"",
                                """
                                concurrentConsumers: "{{pinbridge.provider.pinvandaag.consumers}}"
                                transacted: "false"\
                        """)),
                edit(
                        "jms",
                        "a lane acknowledged at once",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "        concurrentConsumers: \"{{pinbridge.provider.pinvandaag.consumers}}\"",
                                "        acknowledgementModeName: AUTO_ACKNOWLEDGE")),
                edit(
                        "jms",
                        "a lane worked on aside",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "        concurrentConsumers: \"{{pinbridge.provider.pinvandaag.consumers}}\"",
                                "        asyncConsumer: \"true\"")),
                edit(
                        "jms",
                        "an intake that takes some commands only",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                "        mapJmsMessage: \"false\"",
                                """
                                mapJmsMessage: "false"
                                selector: amount < 1000\
                        """)),
                edit(
                        "jms",
                        "a second reader of the commands",
                        routes -> routes.append(
                                "10-intake.camel.yaml",
                                """
                        - route:
                            id: thief
                            description: Takes every other command.
                            from:
                              uri: jms:queue:payments.commands
                              parameters:
                                mapJmsMessage: "false"
                              steps:
                                - log:
                                    id: forget
                                    message: gone
                        """)),
                edit(
                        "jms",
                        "the dead letters taken in again",
                        routes -> routes.append(
                                "10-intake.camel.yaml",
                                """
                        - route:
                            id: again
                            description: Takes in again what was given up.
                            from:
                              uri: jms:queue:pinbridge.dead
                              parameters:
                                mapJmsMessage: "false"
                              steps:
                                - to:
                                    id: take-in-again
                                    uri: direct:take-in
                        """)),
                edit(
                        "jms",
                        "a refusal sent as a command",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                "uri: jms:queue:payments.refused",
                                "uri: jms:queue:payments.commands")),
                edit(
                        "jms",
                        "a request and reply within the transaction",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                """
                                    uri: jms:queue:payments.refused
                        """,
                                """
                                    uri: jms:queue:payments.refused
                                    pattern: InOut
                        """)),
                edit(
                        "headers",
                        "another queue by header",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                """
                                - to:
                                    id: send-refusal
                        """,
                                """
                                - setHeader:
                                    id: elsewhere
                                    name: CAmelJmsDestinationName
                                    expression:
                                      constant:
                                        expression: payments.commands
                                - to:
                                    id: send-refusal
                        """)),
                edit(
                        "properties",
                        "the mark of a call taken away",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                        """,
                                """
                                - to:
                                    id: call-pinvandaag-create
                                    uri: provider-call:pinvandaag/create
                                - removeProperties:
                                    id: tidy
                                    pattern: "*"
                        """)),
                edit(
                        "properties",
                        "another job for the call",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - setProperty:
                                    id: other-job
                                    name: pinbridge.job
                                    expression:
                                      jq:
                                        expression: .
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """)),
                edit(
                        "languages",
                        "a call from groovy",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: publish-results
                        """,
                                """
                                - setBody:
                                    id: call-out
                                    expression:
                                      groovy:
                                        expression: new URL("https://example.com").text
                                - process:
                                    id: publish-results
                        """)),
                edit(
                        "languages",
                        "a bean called from Simple",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                """
                                    pattern: "*"
                        """,
                                """
                                    pattern: "*"
                                - setBody:
                                    id: call-out
                                    expression:
                                      simple:
                                        expression: ${bean:intake}
                        """)),
                edit(
                        "simple-comparison",
                        "a decision by Simple",
                        routes -> routes.edit(
                                "10-intake.camel.yaml",
                                """
                                          jq:
                                            expression: .way == "LANE" or .way == "EXPRESS" or .way == "ERRAND"
                        """,
                                """
                                          simple:
                                            expression: "${header.amount} > 100"
                        """)),
                edit(
                        "logs",
                        "a body in the log",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - log:
                                    message: working on ${body}
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """)),
                edit(
                        "logs",
                        "a log endpoint",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - to:
                                    id: show
                                    uri: log:work
                                    parameters:
                                      showAll: "true"
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """)),
                edit(
                        "literals",
                        "consumers written out",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "\"{{pinbridge.provider.pinvandaag.consumers}}\"",
                                "\"1\"")),
                edit(
                        "yaml",
                        "a key that stands twice",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                                  handled:
                                    constant:
                                      expression: "true"
                        """,
                                """
                                  handled:
                                    constant:
                                      expression: "true"
                                  handled:
                                    constant:
                                      expression: "false"
                        """)),
                edit(
                        "yaml",
                        "a step repeated by an alias",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - &call
                                  process:
                                    id: call-provider-route
                                    ref: provider-route
                                - *call
                        """)),
                edit(
                        "yaml",
                        "a second document",
                        routes -> routes.append(
                                "20-outcome.camel.yaml",
                                """
                        ---
                        - route: {id: x}
                        """)),
                edit(
                        "files",
                        "a route file that is not loaded",
                        routes -> routes.file(
                                "20-outcome.camel.yml",
                                """
                        - route: {}
                        """)),
                edit(
                        "top-level",
                        "another queue component",
                        routes -> routes.append(
                                "20-outcome.camel.yaml",
                                """
                        - beans:
                            - name: jms
                              type: org.apache.camel.component.jms.JmsComponent
                        """)),
                edit(
                        "top-level",
                        "a call sent elsewhere as well",
                        routes -> routes.append(
                                "20-outcome.camel.yaml",
                                """
                        - interceptSendToEndpoint:
                            uri: provider-call:pinvandaag/create
                            steps:
                              - to: direct:work
                        """)),
                edit(
                        "top-level",
                        "an integration of another shape",
                        routes -> routes.file(
                                "90-more.camel.yaml",
                                """
                        apiVersion: camel.apache.org/v1
                        kind: Integration
                        spec:
                          flows:
                            - from:
                                uri: timer:x
                                steps:
                                  - to: direct:work
                        """)),
                edit(
                        "schema",
                        "a misspelt field",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "            uri: provider-call:pinvandaag/create",
                                "            url: provider-call:pinvandaag/create")),
                edit(
                        "form",
                        "a call that is switched off",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "            uri: provider-call:pinvandaag/create",
                                """
                                    uri: provider-call:pinvandaag/create
                                    disabled: true\
                        """)),
                edit(
                        "form",
                        "a route that does not start",
                        routes -> routes.edit(
                                "30-looks.camel.yaml",
                                """
                            id: sweep
                        """,
                                """
                            id: sweep
                            autoStartup: "false"
                        """)),
                edit(
                        "form",
                        "a route with another error handler",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                            id: work
                        """,
                                """
                            id: work
                            errorHandlerRef: noErrorHandler
                        """)),
                edit(
                        "form",
                        "a handler that is asked first",
                        routes -> routes.edit(
                                "00-failures.camel.yaml",
                                """
                                  handled:
                                    constant:
                                      expression: "true"
                        """,
                                """
                                  handled:
                                    constant:
                                      expression: "true"
                                  onWhen:
                                    jq:
                                      expression: .a
                        """)),
                edit(
                        "form",
                        "an option in the uri",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: direct:work",
                                "uri: direct:work?synchronous=false")),
                edit(
                        "form",
                        "an uri with slashes",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "uri: provider-call:pinvandaag/create",
                                "uri: provider-call://pinvandaag/create")),
                edit(
                        "steps",
                        "a target chosen by the message",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - toD:
                                    id: call-provider-route
                                    uri: direct:${header.provider}-create
                        """)),
                edit(
                        "steps",
                        "a list of targets chosen by the message",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - recipientList:
                                    id: call-provider-route
                                    expression:
                                      simple:
                                        expression: ${header.targets}
                        """)),
                edit(
                        "steps",
                        "a bean",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: call-provider-route
                                    ref: provider-route
                        """,
                                """
                                - bean:
                                    id: call-provider-route
                                    beanType: java.lang.System
                                    method: exit
                        """)),
                edit(
                        "steps",
                        "a roll-back after the work",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                                - process:
                                    id: publish-results
                        """,
                                """
                                - rollback:
                                    id: once-more
                                - process:
                                    id: publish-results
                        """)),
                edit(
                        "ids",
                        "a step named like a route",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "id: call-pinvandaag-create",
                                "id: pinvandaag-status")),
                edit(
                        "ids",
                        "a route without a description",
                        routes -> routes.edit(
                                "20-outcome.camel.yaml",
                                """
                            description: Serves commands that overtake the lanes, such as cancel and status.
                        """,
                                "")),
                edit(
                        "targets",
                        "a target that is not there",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml", "uri: direct:work", "uri: direct:works")),
                edit(
                        "targets",
                        "a second create route",
                        routes -> routes.append(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                        - route:
                            id: pinvandaag-create-too
                            description: Starts a payment as well.
                            from:
                              uri: direct:pinvandaag-create
                              steps:
                                - log:
                                    message: not today
                        """)),
                edit(
                        "endpoint-options",
                        "a misspelt option",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "concurrentConsumers",
                                "concurentConsumers")),
                edit(
                        "endpoint-options",
                        "runs that overlap",
                        routes -> routes.edit("30-looks.camel.yaml", "stateful: \"true\"", "stateful: \"false\"")),
                edit(
                        "placeholders",
                        "a placeholder with a default",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "\"{{pinbridge.provider.pinvandaag.consumers}}\"",
                                "\"{{pinbridge.nothing:500}}\"")),
                edit(
                        "placeholders",
                        "a secret of the environment",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "\"{{pinbridge.provider.pinvandaag.consumers}}\"",
                                "\"{{env:PINVANDAAG_KEY_TILL_1}}\"")),
                edit(
                        "scripts",
                        "a mapping from the network",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "resource:file:{{pinbridge.routes}}/providers/pinvandaag/create-request.jq",
                                "resource:http://example.com/create-request.jq")),
                edit(
                        "scripts",
                        "a mapping from outside of the folder",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                "{{pinbridge.routes}}/providers/pinvandaag/create-request.jq",
                                "{{pinbridge.routes}}/../tmp/create-request.jq")),
                edit(
                        "scripts",
                        "a mapping that is no jq",
                        routes -> routes.file(
                                "providers/pinvandaag/create-request.jq",
                                """
                        {form: {
                        """)),
                edit(
                        "scripts",
                        "a mapping that is missing",
                        routes -> routes.delete("providers/pinvandaag/create-answer.jq")),
                edit(
                        "operation-route",
                        "an answer that is made up",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                    expression:
                                      jq:
                                        expression: resource:file:{{pinbridge.routes}}/providers/pinvandaag/create-answer.jq
                        """,
                                """
                                    expression:
                                      jq:
                                        expression: '{state: "NOT_PAID"}'
                        """)),
                edit(
                        "operation-route",
                        "an answer that nobody reads",
                        routes -> routes.edit(
                                "providers/pinvandaag/pinvandaag.camel.yaml",
                                """
                                - transform:
                                    id: read-pinvandaag-create
                                    expression:
                                      jq:
                                        expression: resource:file:{{pinbridge.routes}}/providers/pinvandaag/create-answer.jq
                        """,
                                "")),
                edit(
                        "provider-folder",
                        "a key that the bridge does not know",
                        routes -> routes.edit(
                                "providers/pinvandaag/provider.yaml",
                                "consumers: 32",
                                """
                        consumers: 32
                        retries: 3\
                        """)));
    }
}
