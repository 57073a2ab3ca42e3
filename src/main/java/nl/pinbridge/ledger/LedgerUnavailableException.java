package nl.pinbridge.ledger;

/** The database is out of reach: nothing may be acknowledged and nothing may be sent. */
public class LedgerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LedgerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
