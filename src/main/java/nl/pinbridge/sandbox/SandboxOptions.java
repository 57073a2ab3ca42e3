package nl.pinbridge.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * How a sandbox is started.
 *
 * @param host the address to listen on; loopback unless somebody knows better, for there is no login
 * @param port 0 picks a free one
 * @param terminals the terminals of the simulated Pin Vandaag
 * @param anyTerminal true when it also takes every other terminal id with any key; nine digits are then CCV, everything else is WorldLine. PAY. and Bavindo then take
 *     every other terminal too
 * @param customerDelay how long the simulated customer takes
 * @param testAmounts true when the last two digits of an amount choose what happens, see {@link TestAmounts}
 * @param choices what Pin Vandaag does not document
 * @param payNl the simulated PAY.
 * @param v2 what is known of Pin Vandaag V2 too little; it takes the terminals of {@code terminals}, by the same keys
 * @param bavindo the simulated Bavindo
 * @param payProxy what CCV does not document of PayProxy; it takes every terminal
 * @param clock gives the times in the book and in the answers
 */
public record SandboxOptions(
        String host,
        int port,
        List<SandboxTerminal> terminals,
        boolean anyTerminal,
        Duration customerDelay,
        boolean testAmounts,
        PinVandaagChoices choices,
        PayNlSetup payNl,
        PinVandaagV2Choices v2,
        BavindoSetup bavindo,
        PayProxyChoices payProxy,
        Clock clock) {
    public SandboxOptions {
        terminals = List.copyOf(terminals);
        if (customerDelay.isNegative()) {
            throw new IllegalArgumentException("the customer's delay cannot be negative");
        }
        if (terminals.stream().map(SandboxTerminal::id).distinct().count() != terminals.size()) {
            throw new IllegalArgumentException("two terminals have the same id");
        }
    }

    /** Loopback, a free port, no terminals, a customer who takes 300 ms. */
    public static SandboxOptions defaults() {
        return new SandboxOptions(
                "127.0.0.1",
                0,
                List.of(),
                false,
                Duration.ofMillis(300),
                false,
                PinVandaagChoices.DEFAULT,
                PayNlSetup.defaults(),
                PinVandaagV2Choices.DEFAULT,
                BavindoSetup.defaults(),
                PayProxyChoices.DEFAULT,
                Clock.systemUTC());
    }

    public SandboxOptions withHost(String address) {
        return new SandboxOptions(
                address,
                port,
                terminals,
                anyTerminal,
                customerDelay,
                testAmounts,
                choices,
                payNl,
                v2,
                bavindo,
                payProxy,
                clock);
    }

    public SandboxOptions withPort(int number) {
        return new SandboxOptions(
                host,
                number,
                terminals,
                anyTerminal,
                customerDelay,
                testAmounts,
                choices,
                payNl,
                v2,
                bavindo,
                payProxy,
                clock);
    }

    public SandboxOptions withTerminals(List<SandboxTerminal> known) {
        return new SandboxOptions(
                host,
                port,
                known,
                anyTerminal,
                customerDelay,
                testAmounts,
                choices,
                payNl,
                v2,
                bavindo,
                payProxy,
                clock);
    }

    public SandboxOptions withTerminals(SandboxTerminal... known) {
        return withTerminals(List.of(known));
    }

    public SandboxOptions withAnyTerminal(boolean any) {
        return new SandboxOptions(
                host, port, terminals, any, customerDelay, testAmounts, choices, payNl, v2, bavindo, payProxy, clock);
    }

    public SandboxOptions withCustomerDelay(Duration delay) {
        return new SandboxOptions(
                host, port, terminals, anyTerminal, delay, testAmounts, choices, payNl, v2, bavindo, payProxy, clock);
    }

    public SandboxOptions withTestAmounts(boolean on) {
        return new SandboxOptions(
                host, port, terminals, anyTerminal, customerDelay, on, choices, payNl, v2, bavindo, payProxy, clock);
    }

    public SandboxOptions withChoices(PinVandaagChoices chosen) {
        return new SandboxOptions(
                host,
                port,
                terminals,
                anyTerminal,
                customerDelay,
                testAmounts,
                chosen,
                payNl,
                v2,
                bavindo,
                payProxy,
                clock);
    }

    public SandboxOptions withPayNl(PayNlSetup setup) {
        return new SandboxOptions(
                host,
                port,
                terminals,
                anyTerminal,
                customerDelay,
                testAmounts,
                choices,
                setup,
                v2,
                bavindo,
                payProxy,
                clock);
    }

    public SandboxOptions withPinVandaagV2(PinVandaagV2Choices chosen) {
        return new SandboxOptions(
                host,
                port,
                terminals,
                anyTerminal,
                customerDelay,
                testAmounts,
                choices,
                payNl,
                chosen,
                bavindo,
                payProxy,
                clock);
    }

    public SandboxOptions withBavindo(BavindoSetup setup) {
        return new SandboxOptions(
                host,
                port,
                terminals,
                anyTerminal,
                customerDelay,
                testAmounts,
                choices,
                payNl,
                v2,
                setup,
                payProxy,
                clock);
    }

    public SandboxOptions withPayProxy(PayProxyChoices chosen) {
        return new SandboxOptions(
                host,
                port,
                terminals,
                anyTerminal,
                customerDelay,
                testAmounts,
                choices,
                payNl,
                v2,
                bavindo,
                chosen,
                clock);
    }

    public SandboxOptions withClock(Clock time) {
        return new SandboxOptions(
                host,
                port,
                terminals,
                anyTerminal,
                customerDelay,
                testAmounts,
                choices,
                payNl,
                v2,
                bavindo,
                payProxy,
                time);
    }
}
