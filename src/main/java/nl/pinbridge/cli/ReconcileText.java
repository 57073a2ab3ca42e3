package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What became of days that were reconciled, for people. */
final class ReconcileText {
    private ReconcileText() {}

    static List<String> summary(JsonNode progress, HumanText human) {
        Table table = new Table(
                human,
                List.of("DAY", "PROVIDER", "STATE", "VERSION", "ROWS", "MATCHED", "EXCEPTIONS", "DIFFERENCE"),
                -1);
        List<String> reports = new ArrayList<>();
        long exceptions = 0;
        for (JsonNode run : progress.path("runs")) {
            exceptions +=
                    run.path("exceptions").asLong() - run.path("explained").asLong();
            table.row(
                    HumanText.text(run, "businessDay"),
                    HumanText.text(run, "provider"),
                    HumanText.text(run, "state") + (run.path("provisional").asBoolean() ? " (provisional)" : ""),
                    HumanText.text(run, "version"),
                    HumanText.text(run, "rows"),
                    HumanText.text(run, "matched"),
                    HumanText.text(run, "exceptions"),
                    difference(run));
            String report = HumanText.text(run, "report");
            if (!report.isEmpty()) {
                reports.add(HumanText.text(run, "businessDay") + "  " + report);
            }
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (!reports.isEmpty()) {
            lines.add("");
            lines.add(reports.size() == 1 ? "The report:" : "The reports:");
            reports.forEach(report -> lines.add("  " + report));
        }
        if (exceptions > 0) {
            lines.add("");
            lines.add("What to do about the exceptions: ./pinbridge exceptions list");
        }
        return lines;
    }

    private static String difference(JsonNode run) {
        List<String> sums = new ArrayList<>();
        run.path("identity")
                .forEach(line -> sums.add(
                        HumanAmount.show(line.path("exceptionsTotal").asLong(), HumanText.text(line, "currency"))));
        return String.join(", ", sums);
    }
}
