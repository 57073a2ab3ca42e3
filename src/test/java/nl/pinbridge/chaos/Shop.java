package nl.pinbridge.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nl.pinbridge.contract.CommandType;
import nl.pinbridge.sandbox.BavindoSetup;
import nl.pinbridge.sandbox.Brand;
import nl.pinbridge.sandbox.CcvSetup;
import nl.pinbridge.sandbox.Fault;
import nl.pinbridge.sandbox.PayNlChoices;
import nl.pinbridge.sandbox.PayNlSetup;
import nl.pinbridge.sandbox.Sandbox;
import nl.pinbridge.sandbox.SandboxOptions;
import nl.pinbridge.sandbox.SandboxTerminal;
import org.jspecify.annotations.Nullable;

/** The providers whose terminals the tills have: how each is set up, and what its tills can do. */
enum Shop {
    PINVANDAAG(
            List.of("as-printed"),
            List.of("getLatestTransaction", "date"),
            List.of(
                    CommandType.CREATE,
                    CommandType.STATUS,
                    CommandType.CANCEL,
                    CommandType.REFUND,
                    CommandType.MAIL_RECEIPT,
                    CommandType.CTMP)) {
        @Override
        String wire(String operation) {
            return operation.equals("mail-receipt") ? "mailreceipt" : operation;
        }

        @Override
        String id(int number) {
            return String.valueOf((brand(number) == Brand.WORLDLINE ? 50_304_000 : 706_250_000) + number);
        }

        @Override
        boolean whole(int number) {
            return brand(number) == Brand.WORLDLINE;
        }

        @Override
        String terminal(Till.Place place, Sandbox sandbox) {
            return "{provider: pinvandaag, id: \"%s\", brand: %s, key: \"key-%d\"}"
                    .formatted(place.id(), brand(place.number()), place.number());
        }

        @Override
        Map<String, String> settings(Sandbox sandbox) {
            return Map.of("url", sandbox.pinVandaagUrl());
        }
    },

    PINVANDAAG_V2(
            List.of(),
            List.of("last_transaction", "list"),
            List.of(
                    CommandType.CREATE,
                    CommandType.STATUS,
                    CommandType.CANCEL,
                    CommandType.REFUND,
                    CommandType.MAIL_RECEIPT,
                    CommandType.CTMP)) {
        @Override
        String wire(String operation) {
            return switch (operation) {
                case "create" -> "start";
                case "cancel" -> "stop";
                case "mail-receipt" -> "mail";
                default -> operation;
            };
        }

        @Override
        String id(int number) {
            return String.valueOf((brand(number) == Brand.WORLDLINE ? 60_304_000 : 806_250_000) + number);
        }

        @Override
        boolean whole(int number) {
            return brand(number) == Brand.WORLDLINE;
        }

        @Override
        String terminal(Till.Place place, Sandbox sandbox) {
            return "{provider: pinvandaag-v2, id: \"%s\", brand: %s, key: \"key-%d\"}"
                    .formatted(place.id(), brand(place.number()), place.number());
        }

        @Override
        Map<String, String> settings(Sandbox sandbox) {
            return Map.of("url", sandbox.pinVandaagV2Url(), "read-urls", sandbox.pinVandaagV2BackupUrl());
        }
    },

    PAYNL(
            List.of(
                    PayNlChoices.UNSIGNED,
                    PayNlChoices.LEGACY_JSON,
                    PayNlChoices.LEGACY_JSON_AS_PRINTED,
                    PayNlChoices.LEGACY_POST,
                    PayNlChoices.LEGACY_GET),
            List.of(),
            List.of(
                    CommandType.CREATE,
                    CommandType.STATUS,
                    CommandType.CANCEL,
                    CommandType.REFUND,
                    CommandType.CAPTURE,
                    CommandType.VOID,
                    CommandType.APPROVE,
                    CommandType.DECLINE)) {
        @Override
        String wire(String operation) {
            return switch (operation) {
                case "cancel" -> "abort";
                case "refund-without-card" -> "refund-transaction";
                default -> operation;
            };
        }

        @Override
        String id(int number) {
            return "TH-1000-%04d".formatted(number);
        }

        @Override
        String terminal(Till.Place place, Sandbox sandbox) {
            return "{provider: paynl, id: \"%s\"}".formatted(place.id());
        }

        @Override
        Map<String, String> settings(Sandbox sandbox) {
            return Map.of(
                    "url", sandbox.payNlUrl(),
                    "url.rest", sandbox.payNlRestUrl(),
                    "read-urls", sandbox.payNlCoreUrl(2) + "," + sandbox.payNlCoreUrl(3),
                    "secret.username", PAY.tokenCode(),
                    "secret.password", PAY.token(),
                    "secret.service-secret", PAY.service().secret(),
                    "option.service-id", PAY.service().code(),
                    "webhook-signed", String.valueOf(ChaosTest.SIGNED));
        }

        @Override
        boolean refundsWithoutCard() {
            return true;
        }

        @Override
        Fault reserving(String terminal) {
            return ending(terminal, "95");
        }

        @Override
        Fault checking(String terminal) {
            return ending(terminal, "85");
        }

        private Fault ending(String terminal, String code) {
            return Fault.on("create")
                    .provider(provider())
                    .terminal(terminal)
                    .code(code)
                    .times(1);
        }
    },

    BAVINDO(
            List.of(),
            List.of(),
            List.of(CommandType.CREATE, CommandType.STATUS, CommandType.CANCEL, CommandType.REFUND)) {
        @Override
        String wire(String operation) {
            return operation;
        }

        @Override
        String id(int number) {
            return "P400Plus-%09d".formatted(100_000_000 + number);
        }

        @Override
        String terminal(Till.Place place, Sandbox sandbox) {
            return "{provider: bavindo, id: \"%s\", key: \"%s\"}"
                    .formatted(place.id(), BAVINDO_SETUP.store().key());
        }

        @Override
        Map<String, String> settings(Sandbox sandbox) {
            return Map.of("url", sandbox.bavindoUrl());
        }

        @Override
        boolean wholeRefunds() {
            return true;
        }
    },

    CCV(
            List.of(),
            List.of("search"),
            List.of(
                    CommandType.CREATE,
                    CommandType.AUTHORISE,
                    CommandType.STATUS,
                    CommandType.REFUND,
                    CommandType.CAPTURE,
                    CommandType.VOID)) {
        @Override
        String wire(String operation) {
            return switch (operation) {
                case "void" -> "reversal";
                case "capture-amount" -> "capture";
                default -> operation;
            };
        }

        @Override
        String id(int number) {
            return String.valueOf(3_000_000 + number);
        }

        @Override
        String terminal(Till.Place place, Sandbox sandbox) {
            return "{provider: ccv, id: \"%s\", key: \"%s\"}".formatted(place.id(), CCV_SETUP.key());
        }

        @Override
        Map<String, String> settings(Sandbox sandbox) {
            return Map.of(
                    "url", sandbox.ccvUrl(),
                    "option.management-system-id", "GrundmasterNL",
                    "option.return-url", "https://pay.example.nl/done");
        }
    },

    CCV_PAYPROXY(List.of(), List.of(), List.of(CommandType.CREATE, CommandType.STATUS, CommandType.CAPTURE)) {
        @Override
        String wire(String operation) {
            return operation;
        }

        @Override
        String id(int number) {
            return "1115%04d".formatted(number);
        }

        @Override
        String terminal(Till.Place place, Sandbox sandbox) {
            return "{provider: ccv-payproxy, id: \"%s\", url: \"%s\"}"
                    .formatted(place.id(), sandbox.payProxyUrl(place.id()));
        }

        @Override
        Map<String, String> settings(Sandbox sandbox) {
            return Map.of();
        }

        @Override
        boolean capturesElsewhere() {
            return true;
        }
    };

    private static final PayNlSetup PAY = PayNlSetup.defaults();
    private static final BavindoSetup BAVINDO_SETUP = BavindoSetup.defaults();
    private static final CcvSetup CCV_SETUP = CcvSetup.defaults();

    private final List<String> styles;
    private final List<String> finders;
    private final List<CommandType> commands;

    Shop(List<String> styles, List<String> finders, List<CommandType> commands) {
        this.styles = styles;
        this.finders = finders;
        this.commands = commands;
    }

    /** The folder's name, and the stand-in's. */
    String provider() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The stand-in's word for an operation of {@code provider.yaml}. */
    abstract String wire(String operation);

    /** What the provider calls the terminal of a till. */
    abstract String id(int number);

    /** Whether the terminal of a till does all that its provider can do. */
    boolean whole(int number) {
        return true;
    }

    /** The till's terminal as a value in the terminal directory. */
    abstract String terminal(Till.Place place, Sandbox sandbox);

    /** Settings of the provider, without their prefix. */
    abstract Map<String, String> settings(Sandbox sandbox);

    /** Other forms of its webhooks. */
    List<String> styles() {
        return styles;
    }

    /** The reads that show a payment whose answer was lost, as the stand-in calls them. */
    List<String> finders() {
        return finders;
    }

    /** What its tills ask for. */
    List<CommandType> commands() {
        return commands;
    }

    boolean takes(CommandType type) {
        return commands.contains(type);
    }

    /** Has the next create end as reserved; null where a command of its own reserves. */
    @Nullable
    Fault reserving(String terminal) {
        return null;
    }

    /** Has the next create wait for somebody's judgement. */
    @Nullable
    Fault checking(String terminal) {
        return null;
    }

    /** Whether it gives back whole payments only. */
    boolean wholeRefunds() {
        return false;
    }

    /** Whether its captures are of authorisations that were made elsewhere. */
    boolean capturesElsewhere() {
        return false;
    }

    /** Whether its tills may choose to give money back without the card. */
    boolean refundsWithoutCard() {
        return false;
    }

    /** Every third of the tills of Pin Vandaag stands on CCV, which can do less. */
    private static Brand brand(int number) {
        return (number / values().length) % 3 == 2 ? Brand.CCV : Brand.WORLDLINE;
    }

    private List<String> ids(List<Till.Place> places) {
        return places.stream()
                .filter(place -> place.shop() == this)
                .map(Till.Place::id)
                .toList();
    }

    /** The stand-ins of all of them. */
    static SandboxOptions options(List<Till.Place> places) {
        return SandboxOptions.defaults()
                .withTerminals(places.stream()
                        .filter(place -> place.shop() == PINVANDAAG || place.shop() == PINVANDAAG_V2)
                        .map(place -> new SandboxTerminal(place.id(), "key-" + place.number(), brand(place.number())))
                        .toList())
                .withBavindo(BAVINDO_SETUP.withTerminals(BAVINDO.ids(places)))
                .withCcv(CCV_SETUP.withTerminals(CCV.ids(places)))
                .withPayNl(PAY.withTerminals(PAYNL.ids(places).toArray(String[]::new))
                        .withChoices(PayNlChoices.DEFAULT.withExchange(PayNlChoices.DEFAULT
                                .exchange()
                                .withRetries(Duration.ofMillis(500), Duration.ofSeconds(2)))))
                .withCustomerDelay(Duration.ofMillis(300));
    }
}
