package nl.pinbridge.kit;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the kit says of one folder.
 *
 * @param title the provider's name for people; the folder's name where provider.yaml cannot be read
 * @param findings by chapter, file and rule; empty where nothing is wrong
 * @param tried how much was tried in each chapter
 * @param coverage what the examples show, by the names {@code operations}, {@code states} and {@code codes}
 */
public record Report(
        Path folder,
        String name,
        String title,
        List<Finding> findings,
        Map<Chapter, Integer> tried,
        Map<String, Shown> coverage) {

    /**
     * How much of a closed list the examples show.
     *
     * @param shown in the list's order
     * @param missing in the list's order
     */
    public record Shown(List<String> shown, List<String> missing) {}

    public boolean isGood() {
        return findings.isEmpty();
    }

    public List<Finding> of(Chapter chapter) {
        return findings.stream()
                .filter(finding -> finding.rule().chapter() == chapter)
                .toList();
    }
}
