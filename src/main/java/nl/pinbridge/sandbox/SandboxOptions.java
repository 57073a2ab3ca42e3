package nl.pinbridge.sandbox;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * How a sandbox is started.
 *
 * @param host the address to listen on; loopback unless somebody knows better, for there is no login
 * @param port 0 picks a free one
 * @param terminals the terminals of the simulated Pin Vandaag, of both versions by the same keys
 * @param anyTerminal true when it also takes every other terminal id with any key; nine digits are then CCV, everything else is
 *     WorldLine. The other providers then take every other terminal too
 * @param customerDelay how long the simulated customer takes
 * @param testAmounts true when the last two digits of an amount choose what happens, see {@link TestAmounts}
 * @param choices what Pin Vandaag does not document
 * @param payNl the simulated PAY.
 * @param pinVandaagV2 what is known of Pin Vandaag V2 too little
 * @param bavindo the simulated Bavindo
 * @param ccv the simulated CCV Payment API
 * @param payProxy what CCV does not document of PayProxy; it takes every terminal
 * @param clock gives the times in the book and in the answers
 */
@RecordBuilder
public record SandboxOptions(
        String host,
        int port,
        List<SandboxTerminal> terminals,
        boolean anyTerminal,
        Duration customerDelay,
        boolean testAmounts,
        PinVandaagChoices choices,
        PayNlSetup payNl,
        PinVandaagV2Choices pinVandaagV2,
        BavindoSetup bavindo,
        CcvSetup ccv,
        PayProxyChoices payProxy,
        Clock clock)
        implements SandboxOptionsBuilder.With {
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
        return SandboxOptionsBuilder.builder()
                .host("127.0.0.1")
                .port(0)
                .terminals(List.of())
                .anyTerminal(false)
                .customerDelay(Duration.ofMillis(300))
                .testAmounts(false)
                .choices(PinVandaagChoices.DEFAULT)
                .payNl(PayNlSetup.defaults())
                .pinVandaagV2(PinVandaagV2Choices.DEFAULT)
                .bavindo(BavindoSetup.defaults())
                .ccv(CcvSetup.defaults())
                .payProxy(PayProxyChoices.DEFAULT)
                .clock(Clock.systemUTC())
                .build();
    }

    public SandboxOptions withTerminals(SandboxTerminal... known) {
        return withTerminals(List.of(known));
    }
}
