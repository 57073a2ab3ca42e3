package nl.pinbridge.kit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the checks put what they find and how much they tried. */
final class Notes {
    /** One mistake in a script shows in many places: a few of them tell where it is. */
    private static final int MOST = 5;

    private final Set<Finding> findings = new LinkedHashSet<>();
    private final Map<String, Integer> perScript = new HashMap<>();
    private final Map<Chapter, Integer> tried = new EnumMap<>(Chapter.class);

    void wrong(KitRule rule, String file, String wrong) {
        findings.add(new Finding(rule, file, wrong));
    }

    /** As {@link #wrong}, at most a few times for each file and rule. */
    void some(KitRule rule, String file, String wrong) {
        if (perScript.merge(rule + file, 1, Integer::sum) <= MOST) {
            wrong(rule, file, wrong);
        }
    }

    void tried(Chapter chapter) {
        tried.merge(chapter, 1, Integer::sum);
    }

    boolean has(KitRule rule) {
        return findings.stream().anyMatch(finding -> finding.rule() == rule);
    }

    List<Finding> findings() {
        List<Finding> sorted = new ArrayList<>(findings);
        sorted.sort(Comparator.comparing((Finding finding) -> finding.rule())
                .thenComparing(Finding::file)
                .thenComparing(Finding::wrong));
        return List.copyOf(sorted);
    }

    Map<Chapter, Integer> tried() {
        Map<Chapter, Integer> all = new EnumMap<>(Chapter.class);
        for (Chapter chapter : Chapter.values()) {
            all.put(chapter, tried.getOrDefault(chapter, 0));
        }
        return all;
    }
}
