package nl.pinbridge.sandbox;

import java.time.Duration;
import java.util.List;

/**
 * What PAY. does not document and the sandbox therefore had to choose; {@code docs/sandbox.md} lists it with what is behind it (providers/paynl.md §17). A test that
 * depends on one of these says so by setting it.
 *
 * @param http the HTTP statuses
 * @param codes the status codes of pin payments
 * @param exchange how the exchange is set on the sales location
 * @param startBesides true when a busy terminal does not refuse but starts a second order beside the first
 * @param newerFields true for an order with {@code stats}, {@code transferData}, {@code customerMethod} and the amounts authorised and captured; false for
 *     exactly the fields of the sample of a pin payment
 * @param cardlessRefunds whether a pin payment can be refunded without the card
 * @param refundPause how long a second refund of the same transaction is too fast; documented as 6 s
 * @param callsPerTenSeconds documented as 1500; more are refused
 * @param callsAtOnce documented as 150; more are refused
 */
public record PayNlChoices(
        Http http,
        Codes codes,
        Exchange exchange,
        boolean startBesides,
        boolean newerFields,
        boolean cardlessRefunds,
        Duration refundPause,
        int callsPerTenSeconds,
        int callsAtOnce) {
    /** The style of exchange that is signed; {@code docs/sandbox.md} lists the others. */
    public static final String SIGNED = "signed";

    /** Multi core JSON without a signature. */
    public static final String UNSIGNED = "unsigned";

    /** The flat fields of the single core, as JSON. */
    public static final String LEGACY_JSON = "legacy-json";

    /** The same with the comma too many that the sample has, so that it is no JSON. */
    public static final String LEGACY_JSON_AS_PRINTED = "legacy-json-as-printed";

    /** The same as a form. */
    public static final String LEGACY_POST = "legacy-post";

    /** The same as variables in the URL. */
    public static final String LEGACY_GET = "legacy-get";

    public static final PayNlChoices DEFAULT = new PayNlChoices(
            new Http(200, 400, 401, 403, 404, 400, 400, 400),
            new Codes(20, 50, -63, -90, -80, -60, 97),
            new Exchange(SIGNED, "sha512", false, false, true, Duration.ofSeconds(5), List.of(Duration.ofSeconds(5))),
            false,
            true,
            true,
            Duration.ofSeconds(6),
            1_500,
            150);

    /**
     * HTTP statuses.
     *
     * @param created a successful Order:Create
     * @param badRequest a field that is missing or wrong
     * @param unauthorised no or a wrong login
     * @param forbidden a login that may not do this
     * @param notFound an order or terminal that nobody knows
     * @param wrongState an operation that the order's state does not allow
     * @param busy a second order on a busy terminal
     * @param notConnected an order on a terminal that is not there
     */
    public record Http(
            int created,
            int badRequest,
            int unauthorised,
            int forbidden,
            int notFound,
            int wrongState,
            int busy,
            int notConnected) {
        public Http withCreated(int status) {
            return new Http(status, badRequest, unauthorised, forbidden, notFound, wrongState, busy, notConnected);
        }

        public Http withBusy(int status) {
            return new Http(created, badRequest, unauthorised, forbidden, notFound, wrongState, status, notConnected);
        }
    }

    /**
     * Status codes.
     *
     * @param started in the answer to Order:Create
     * @param waiting while the customer is busy
     * @param declined refused by bank or host
     * @param cancelled by the customer at the terminal; by abort it is documented as -90
     * @param timedOut nobody presented a card
     * @param failed a technical fault
     * @param partlyCaptured after a capture of a part; 95 is in a sample, 97 in the list of codes
     */
    public record Codes(
            int started, int waiting, int declined, int cancelled, int timedOut, int failed, int partlyCaptured) {
        public Codes withDeclined(int code) {
            return new Codes(started, waiting, code, cancelled, timedOut, failed, partlyCaptured);
        }

        public Codes withCancelled(int code) {
            return new Codes(started, waiting, declined, code, timedOut, failed, partlyCaptured);
        }

        public Codes withTimedOut(int code) {
            return new Codes(started, waiting, declined, cancelled, code, failed, partlyCaptured);
        }

        public Codes withPartlyCaptured(int code) {
            return new Codes(started, waiting, declined, cancelled, timedOut, failed, code);
        }
    }

    /**
     * The exchange.
     *
     * @param style one of the styles above
     * @param algorithm of the signature: sha256, sha384 or sha512
     * @param byToken true when the API token signs; false for the secret of the sales location
     * @param cancels whether one is sent for a payment that was cancelled: an official plugin says that there is none in stores
     * @param query whether the URL of a signed call gets {@code type}, {@code id} and {@code event}, unsigned and for logs
     * @param patience how long an answer is waited for; documented as 5 s
     * @param retries the waits before it is sent again; the intervals of the schemes are not known, "once after 5 seconds" is one of them
     */
    public record Exchange(
            String style,
            String algorithm,
            boolean byToken,
            boolean cancels,
            boolean query,
            Duration patience,
            List<Duration> retries) {
        public Exchange {
            retries = List.copyOf(retries);
        }

        public Exchange withStyle(String name) {
            return new Exchange(name, algorithm, byToken, cancels, query, patience, retries);
        }

        public Exchange withAlgorithm(String name) {
            return new Exchange(style, name, byToken, cancels, query, patience, retries);
        }

        public Exchange withByToken(boolean token) {
            return new Exchange(style, algorithm, token, cancels, query, patience, retries);
        }

        public Exchange withCancels(boolean sent) {
            return new Exchange(style, algorithm, byToken, sent, query, patience, retries);
        }

        public Exchange withQuery(boolean added) {
            return new Exchange(style, algorithm, byToken, cancels, added, patience, retries);
        }

        public Exchange withPatience(Duration time) {
            return new Exchange(style, algorithm, byToken, cancels, query, time, retries);
        }

        public Exchange withRetries(Duration... waits) {
            return new Exchange(style, algorithm, byToken, cancels, query, patience, List.of(waits));
        }
    }

    public PayNlChoices withHttp(Http chosen) {
        return new PayNlChoices(
                chosen,
                codes,
                exchange,
                startBesides,
                newerFields,
                cardlessRefunds,
                refundPause,
                callsPerTenSeconds,
                callsAtOnce);
    }

    public PayNlChoices withCodes(Codes chosen) {
        return new PayNlChoices(
                http,
                chosen,
                exchange,
                startBesides,
                newerFields,
                cardlessRefunds,
                refundPause,
                callsPerTenSeconds,
                callsAtOnce);
    }

    public PayNlChoices withExchange(Exchange chosen) {
        return new PayNlChoices(
                http,
                codes,
                chosen,
                startBesides,
                newerFields,
                cardlessRefunds,
                refundPause,
                callsPerTenSeconds,
                callsAtOnce);
    }

    public PayNlChoices withStartBesides(boolean allowed) {
        return new PayNlChoices(
                http,
                codes,
                exchange,
                allowed,
                newerFields,
                cardlessRefunds,
                refundPause,
                callsPerTenSeconds,
                callsAtOnce);
    }

    public PayNlChoices withNewerFields(boolean present) {
        return new PayNlChoices(
                http,
                codes,
                exchange,
                startBesides,
                present,
                cardlessRefunds,
                refundPause,
                callsPerTenSeconds,
                callsAtOnce);
    }

    public PayNlChoices withCardlessRefunds(boolean possible) {
        return new PayNlChoices(
                http,
                codes,
                exchange,
                startBesides,
                newerFields,
                possible,
                refundPause,
                callsPerTenSeconds,
                callsAtOnce);
    }

    public PayNlChoices withRefundPause(Duration pause) {
        return new PayNlChoices(
                http,
                codes,
                exchange,
                startBesides,
                newerFields,
                cardlessRefunds,
                pause,
                callsPerTenSeconds,
                callsAtOnce);
    }

    public PayNlChoices withLimits(int perTenSeconds, int atOnce) {
        return new PayNlChoices(
                http, codes, exchange, startBesides, newerFields, cardlessRefunds, refundPause, perTenSeconds, atOnce);
    }
}
