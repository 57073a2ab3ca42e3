package nl.pinbridge.admin;

/** A question or request that is turned down, with a sentence for the operator. Nothing was done. */
final class SorryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SorryException(String sentence) {
        super(sentence, null, false, false);
    }
}
