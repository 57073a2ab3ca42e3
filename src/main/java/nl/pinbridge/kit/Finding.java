package nl.pinbridge.kit;

/**
 * One thing wrong in a provider's folder.
 *
 * @param file relative to the folder
 * @param wrong what is wrong; it shows values of recorded examples and of the kit, never a secret
 */
public record Finding(KitRule rule, String file, String wrong) {
    /** What to do about it, in one line. */
    public String todo() {
        return rule.todo();
    }

    @Override
    public String toString() {
        return file + ": " + rule.label() + ": " + wrong;
    }
}
