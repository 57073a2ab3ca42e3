package nl.pinbridge.contract;

/**
 * An amount of money.
 *
 * @param value integer minor units (cents for EUR), never negative
 * @param currency ISO 4217 code in capitals
 */
public record Amount(long value, String currency) {
    public Amount {
        if (value < 0) {
            throw new IllegalArgumentException("amount.value is negative: " + value);
        }
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("amount.currency is no ISO 4217 code: " + currency);
        }
    }
}
