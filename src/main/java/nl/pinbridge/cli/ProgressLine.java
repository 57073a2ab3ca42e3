package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Set;

/** How far the days are: a bar that is drawn over itself on a terminal, a line for each thing that changes elsewhere. */
final class ProgressLine {
    private static final int WIDTH = 24;

    private final PrintStream out;
    private final boolean interactive;
    private final boolean silent;
    private final Set<String> said = new LinkedHashSet<>();
    private int shown;

    /**
     * @param interactive whether somebody looks at it on a terminal
     * @param silent whether a program reads, which wants the end only
     */
    ProgressLine(PrintStream out, boolean interactive, boolean silent) {
        this.out = out;
        this.interactive = interactive;
        this.silent = silent;
    }

    void show(JsonNode progress) {
        if (silent) {
            return;
        }
        if (interactive) {
            draw(bar(progress));
        } else {
            progress.path("runs").forEach(this::say);
        }
    }

    static String bar(JsonNode progress) {
        int days = Math.max(1, progress.path("days").asInt());
        double done = progress.path("daysDone").asInt();
        String now = "";
        for (JsonNode run : progress.path("runs")) {
            if (run.path("state").asText().equals("READING")
                    && run.path("terminals").asInt() > 0) {
                int terminals = run.path("terminals").asInt();
                int read = (run.path("pass").asInt() - 1) * terminals
                        + run.path("terminal").asInt()
                        - 1;
                done += Math.max(0, read) / (2.0 * terminals);
                now = ", " + HumanText.text(run, "businessDay") + " terminal "
                        + Math.max(1, run.path("terminal").asInt()) + " of " + terminals + ", pass "
                        + run.path("pass").asInt();
                break;
            }
        }
        int full = (int) Math.min(WIDTH, done * WIDTH / days);
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] "
                + progress.path("daysDone").asInt() + " of "
                + progress.path("days").asInt() + " days, "
                + progress.path("pagesRead").asInt() + " pages read" + now;
    }

    private void draw(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        out.flush();
        shown = line.length();
    }

    private void say(JsonNode run) {
        String day = HumanText.text(run, "businessDay") + " of " + HumanText.text(run, "provider") + ": ";
        String line =
                switch (run.path("state").asText()) {
                    case "READING" ->
                        run.path("terminals").asInt() == 0
                                ? ""
                                : "pass " + run.path("pass").asInt() + " over "
                                        + run.path("terminals").asInt() + " terminals";
                    case "READ" -> "both passes agree, " + run.path("pagesRead").asInt() + " pages read";
                    case "MATCHED", "SENT" -> "matched with the ledger";
                    default -> run.path("state").asText();
                };
        if (run.path("attempts").asInt() > 0 && run.path("state").asText().equals("READING")) {
            line = "attempt " + run.path("attempts").asInt() + " came to nothing: " + HumanText.text(run, "why");
        }
        if (!line.isEmpty() && said.add(day + line)) {
            out.println(day + line);
        }
    }

    /** Leaves the line, so that what follows stands on one of its own. */
    void end() {
        if (shown > 0) {
            out.println();
            shown = 0;
        }
    }
}
