package nl.pinbridge.outcome;

/**
 * Who decides, and why.
 *
 * @param user who is logged in at the broker
 * @param by the person's name as given, 1 to 100 characters
 * @param why the reason in that person's words, not empty
 */
public record Signature(String user, String by, String why) {
    private static final int LONGEST_NAME = 100;

    public Signature {
        if (by.isBlank() || by.length() > LONGEST_NAME || why.isBlank()) {
            throw new IllegalArgumentException("A decision needs a name of 1 to 100 characters and a reason");
        }
    }
}
