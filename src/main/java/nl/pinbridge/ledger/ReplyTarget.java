package nl.pinbridge.ledger;

/** Somebody who waits for a command's results: the first sender, or a repeat. */
public record ReplyTarget(String address, String correlationId, boolean finalOnly) {}
