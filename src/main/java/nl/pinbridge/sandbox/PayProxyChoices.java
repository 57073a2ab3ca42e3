package nl.pinbridge.sandbox;

/**
 * What is not documented of PayProxy, and the sandbox therefore had to choose (providers/ccv.md, unknowns 1 to 5). A test that depends on one of these says so by
 * setting it.
 *
 * @param failure the status word of a payment that did not succeed; only {@code SUCCESS} is documented
 * @param doubled true when the answer to a sale holds {@code status} twice, as the documented sample does
 * @param busy HTTP status for a payment on a busy terminal
 * @param wrong HTTP status for a request that is not as documented
 */
public record PayProxyChoices(String failure, boolean doubled, int busy, int wrong) {
    public static final PayProxyChoices DEFAULT = new PayProxyChoices("FAILED", true, 409, 400);

    public PayProxyChoices withDoubled(boolean twice) {
        return new PayProxyChoices(failure, twice, busy, wrong);
    }

    public PayProxyChoices withBusy(int status) {
        return new PayProxyChoices(failure, doubled, status, wrong);
    }

    public PayProxyChoices withFailure(String word) {
        return new PayProxyChoices(word, doubled, busy, wrong);
    }
}
