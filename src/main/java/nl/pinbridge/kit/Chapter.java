package nl.pinbridge.kit;

/** What the rules of the kit are about; one line of the report each. */
public enum Chapter {
    FOLDER("folder"),
    EXAMPLES("examples"),
    MONEY("exact money"),
    DOUBT("what is not understood proves nothing"),
    SECRETS("secrets and private data");

    private final String title;

    Chapter(String title) {
        this.title = title;
    }

    /** A few words for people. */
    public String title() {
        return title;
    }
}
