package nl.pinbridge.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What at most one payment may use, as it was found.
 *
 * @param key the provider and a hash of it
 * @param usedBy the payment that had it, locked; null where none had, which another may change until this transaction is committed
 */
public record SingleUse(String key, @Nullable String usedBy) {}
