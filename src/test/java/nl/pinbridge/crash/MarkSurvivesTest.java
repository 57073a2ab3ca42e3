package nl.pinbridge.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import nl.pinbridge.ledger.Ledger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 in a file against kill -9: a mark that was acknowledged is there afterwards. */
class MarkSurvivesTest {
    @TempDir
    Path folder;

    @Test
    void f56_a_mark_is_there_after_kill_9() throws Exception {
        killed(10);
    }

    @Test
    @Tag("crash-20")
    void f56_a_mark_is_there_after_kill_9_two_hundred_times() throws Exception {
        killed(200);
    }

    private void killed(int times) throws IOException, InterruptedException {
        Random random = new Random(56);
        String url =
                "jdbc:h2:file:" + folder.resolve("ledger") + ";WRITE_DELAY=0;LOCK_TIMEOUT=5000;DB_CLOSE_ON_EXIT=FALSE";
        int marks = 0;
        int lost = 0;
        for (int i = 0; i < times; i++) {
            Process child = Children.java(MarkingProcess.class, List.of(), folder.resolve("errors.log"), Map.of(), url);
            List<String> acknowledged = new ArrayList<>();
            try (BufferedReader output = Children.output(child)) {
                int enough = 1 + random.nextInt(20);
                String attempt;
                while (acknowledged.size() < enough && (attempt = output.readLine()) != null) {
                    acknowledged.add(attempt);
                }
                Children.kill(child);
                while ((attempt = output.readLine()) != null && attempt.length() == 26) {
                    acknowledged.add(attempt);
                }
            }
            assertThat(acknowledged).isNotEmpty();
            try (Ledger ledger = Ledger.open(url, "sa", "", 2, Clock.systemUTC())) {
                for (String attempt : acknowledged) {
                    marks++;
                    lost += ledger.inTransaction(tx -> tx.attempt(attempt)).isEmpty() ? 1 : 0;
                }
            }
        }
        System.out.println("F56: killed " + times + " times after " + marks + " acknowledged marks, lost " + lost);
        assertThat(lost).isZero();
    }
}
