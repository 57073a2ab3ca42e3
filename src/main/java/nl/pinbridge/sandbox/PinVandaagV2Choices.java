package nl.pinbridge.sandbox;

import java.time.Duration;

/**
 * What is known of Pin Vandaag V2 from no page and no client, and the sandbox therefore had to choose (providers/pinvandaag.md §9 and §10). A test that depends on
 * one of these says so by setting it.
 *
 * @param wrongKey HTTP status for a key that does not belong to the terminal
 * @param unknownTerminal HTTP status for a terminal that nobody knows
 * @param busy HTTP status for a start or refund on a busy terminal
 * @param startBesides true when a busy terminal does not refuse but starts a second payment or refund beside the first
 * @param bodiless true when {@code stop} and {@code ctmp} answer 204 without a body, else 200 with one
 * @param waiting the word of a transaction that nobody has finished
 * @param worldline where a WorldLine transaction's word stands in the answer to {@code status}
 * @param receiptLate a success is told without its receipt for so long
 * @param stops how often a CCV transaction may be stopped at most
 */
public record PinVandaagV2Choices(
        int wrongKey,
        int unknownTerminal,
        int busy,
        boolean startBesides,
        boolean bodiless,
        String waiting,
        Worldline worldline,
        Duration receiptLate,
        int stops) {
    /** Where the word stands. */
    public enum Worldline {
        /** In {@code transaction.status}. */
        TRANSACTION,
        /** In {@code worldline.status} alone. */
        WORLDLINE
    }

    public static final PinVandaagV2Choices DEFAULT =
            new PinVandaagV2Choices(401, 404, 400, false, true, "unknown", Worldline.TRANSACTION, Duration.ZERO, 3);

    public PinVandaagV2Choices withBusy(int status) {
        return new PinVandaagV2Choices(
                wrongKey, unknownTerminal, status, startBesides, bodiless, waiting, worldline, receiptLate, stops);
    }

    public PinVandaagV2Choices withStartBesides(boolean allowed) {
        return new PinVandaagV2Choices(
                wrongKey, unknownTerminal, busy, allowed, bodiless, waiting, worldline, receiptLate, stops);
    }

    public PinVandaagV2Choices withBodiless(boolean without) {
        return new PinVandaagV2Choices(
                wrongKey, unknownTerminal, busy, startBesides, without, waiting, worldline, receiptLate, stops);
    }

    public PinVandaagV2Choices withWaiting(String word) {
        return new PinVandaagV2Choices(
                wrongKey, unknownTerminal, busy, startBesides, bodiless, word, worldline, receiptLate, stops);
    }

    public PinVandaagV2Choices withWorldline(Worldline where) {
        return new PinVandaagV2Choices(
                wrongKey, unknownTerminal, busy, startBesides, bodiless, waiting, where, receiptLate, stops);
    }

    public PinVandaagV2Choices withReceiptLate(Duration late) {
        return new PinVandaagV2Choices(
                wrongKey, unknownTerminal, busy, startBesides, bodiless, waiting, worldline, late, stops);
    }
}
