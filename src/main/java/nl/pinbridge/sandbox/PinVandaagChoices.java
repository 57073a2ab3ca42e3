package nl.pinbridge.sandbox;

/**
 * What Pin Vandaag V1 does not document and the sandbox therefore had to choose (providers/pinvandaag.md §2 and §10). A test that depends on one of these says so
 * by setting it.
 *
 * @param wrongKey HTTP status for a key that does not belong to the terminal
 * @param unknownTerminal HTTP status for a terminal that nobody knows
 * @param badRequest HTTP status for a missing field or an amount that is no positive integer
 * @param unknownTransaction HTTP status that goes with {@code "status": "not_found"}
 * @param busy HTTP status for a create or refund on a busy terminal
 * @param startBesides true when a busy terminal does not refuse but starts a second payment or refund beside the first
 * @param paymentUrlAtCreate true when the answer to a create on a CCV terminal holds {@code paymentUrl}: the page's text speaks of it, its sample lacks it
 */
public record PinVandaagChoices(
        int wrongKey,
        int unknownTerminal,
        int badRequest,
        int unknownTransaction,
        int busy,
        boolean startBesides,
        boolean paymentUrlAtCreate) {
    public static final PinVandaagChoices DEFAULT = new PinVandaagChoices(401, 403, 400, 200, 409, false, true);

    public PinVandaagChoices withWrongKey(int status) {
        return new PinVandaagChoices(
                status, unknownTerminal, badRequest, unknownTransaction, busy, startBesides, paymentUrlAtCreate);
    }

    public PinVandaagChoices withUnknownTerminal(int status) {
        return new PinVandaagChoices(
                wrongKey, status, badRequest, unknownTransaction, busy, startBesides, paymentUrlAtCreate);
    }

    public PinVandaagChoices withUnknownTransaction(int status) {
        return new PinVandaagChoices(
                wrongKey, unknownTerminal, badRequest, status, busy, startBesides, paymentUrlAtCreate);
    }

    public PinVandaagChoices withBusy(int status) {
        return new PinVandaagChoices(
                wrongKey, unknownTerminal, badRequest, unknownTransaction, status, startBesides, paymentUrlAtCreate);
    }

    public PinVandaagChoices withStartBesides(boolean allowed) {
        return new PinVandaagChoices(
                wrongKey, unknownTerminal, badRequest, unknownTransaction, busy, allowed, paymentUrlAtCreate);
    }

    public PinVandaagChoices withPaymentUrlAtCreate(boolean present) {
        return new PinVandaagChoices(
                wrongKey, unknownTerminal, badRequest, unknownTransaction, busy, startBesides, present);
    }
}
