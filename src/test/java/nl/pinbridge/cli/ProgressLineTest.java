package nl.pinbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import nl.pinbridge.contract.Json;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static JsonNode progress(int done, int pages, int pass, int terminal) {
        ObjectNode progress = Json.object().put("days", 2).put("daysDone", done).put("pagesRead", pages);
        var runs = progress.putArray("runs");
        for (int day = 0; day < 2; day++) {
            runs.addObject()
                    .put("provider", "pinvandaag")
                    .put("businessDay", "2026-11-2" + day)
                    .put("state", day < done ? "PUBLISHED" : "READING")
                    .put("attempts", 0)
                    .put("pass", pass)
                    .put("terminal", terminal)
                    .put("terminals", day == done ? 4 : 0)
                    .put("pagesRead", pages);
        }
        return progress;
    }

    private String shown(boolean interactive, boolean silent) {
        ProgressLine line = new ProgressLine(new PrintStream(out, true, UTF_8), interactive, silent);
        line.show(progress(0, 3, 1, 3));
        line.show(progress(0, 3, 1, 3));
        line.show(progress(1, 21, 2, 1));
        line.end();
        return out.toString(UTF_8);
    }

    @Test
    void on_a_terminal_a_bar_is_drawn_over_itself() {
        assertThat(shown(true, false))
                .isEqualTo(
                        """
                        \r[###.....................] 0 of 2 days, 3 pages read, 2026-11-20 terminal 3 of 4, pass 1\
                        \r[###.....................] 0 of 2 days, 3 pages read, 2026-11-20 terminal 3 of 4, pass 1\
                        \r[##################......] 1 of 2 days, 21 pages read, 2026-11-21 terminal 1 of 4, pass 2
                        """);
    }

    @Test
    void elsewhere_each_change_is_one_line() {
        assertThat(shown(false, false).lines())
                .containsExactly(
                        "2026-11-20 of pinvandaag: pass 1 over 4 terminals",
                        "2026-11-20 of pinvandaag: PUBLISHED",
                        "2026-11-21 of pinvandaag: pass 2 over 4 terminals");
    }

    @Test
    void a_program_is_told_the_end_only() {
        assertThat(shown(true, true)).isEmpty();
    }
}
