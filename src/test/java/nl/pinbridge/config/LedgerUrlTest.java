package nl.pinbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerUrlTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @Test
    void f56_the_embedded_ledger_writes_commits_before_it_acknowledges_them() throws Exception {
        String url = LedgerUrl.embedded(data);
        assertThat(LedgerUrl.faults(url, false)).isEmpty();
        try (Connection connection = DriverManager.getConnection(url, "pinbridge", "")) {
            assertThat(setting(connection, "WRITE_DELAY")).isEqualTo("0");
        }
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("ledger.mv.db");
        }
    }

    @Test
    void one_row_in_use_does_not_hold_up_another_row_or_a_reader() throws Exception {
        String url = LedgerUrl.embedded(data);
        try (Connection one = DriverManager.getConnection(url, "pinbridge", "");
                Connection two = DriverManager.getConnection(url, "pinbridge", "");
                Statement first = one.createStatement();
                Statement second = two.createStatement()) {
            first.execute("CREATE TABLE lane (id INT PRIMARY KEY, holder VARCHAR)");
            first.execute("INSERT INTO lane VALUES (1, 'nobody'), (2, 'nobody')");
            one.setAutoCommit(false);
            first.executeQuery("SELECT * FROM lane WHERE id = 1 FOR UPDATE").close();
            first.execute("UPDATE lane SET holder = 'one' WHERE id = 1");

            assertThat(second.executeUpdate("UPDATE lane SET holder = 'two' WHERE id = 2"))
                    .isEqualTo(1);
            try (ResultSet row = second.executeQuery("SELECT holder FROM lane WHERE id = 1")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("nobody");
            }
            one.rollback();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:h2:file:/x/ledger | WRITE_DELAY=0",
                "jdbc:h2:file:/x/ledger;WRITE_DELAY=500 | WRITE_DELAY=0",
                "jdbc:h2:/x/ledger;write_delay=1 | WRITE_DELAY=0",
                "jdbc:h2:mem:x | in memory",
                "jdbc:h2:tcp://host/x;WRITE_DELAY=0 | plain file",
                "jdbc:h2:zip:/x.zip!/x;WRITE_DELAY=0 | plain file",
                "jdbc:h2:file:/x;WRITE_DELAY=0;LOCK_MODE=0 | LOCK_MODE",
                "jdbc:h2:file:/x;WRITE_DELAY=0;LOCK_TIMEOUT=0 | LOCK_TIMEOUT",
                "jdbc:h2:file:/x;WRITE_DELAY=0;LOCK_TIMEOUT=99999 | LOCK_TIMEOUT",
                "jdbc:h2:file:/x;WRITE_DELAY=0;LOCK_TIMEOUT=999999999999 | LOCK_TIMEOUT",
                "jdbc:h2:file:/x;WRITE_DELAY=0;LOG=0 | LOG",
                "jdbc:h2:file:/x;WRITE_DELAY=0;FILE_LOCK=NO | FILE_LOCK",
                "jdbc:h2:file:/x;WRITE_DELAY=0;AUTO_SERVER=TRUE | AUTO_SERVER",
                "jdbc:h2:file:/x;WRITE_DELAY=0;PASSWORD=hush | user or password",
                "jdbc:h2:file:/x;WRITE_DELAY=0;WRITE_DELAY=500 | twice",
                "jdbc:postgresql://host/db?user=u&password=hush | user or password",
                "jdbc:postgresql://host/db?options=-c%20synchronous_commit=off | synchronous_commit",
                "jdbc:postgresql://host/db?options=-c%20synchronous_commit%3Doff | synchronous_commit",
                "jdbc:oracle:thin:@x | neither",
                "nonsense | neither",
            })
    void a_database_that_could_lose_what_it_acknowledged_is_refused(String url, String fault) {
        assertThat(LedgerUrl.faults(url, false))
                .singleElement()
                .asString()
                .contains(fault)
                .doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:file:/x/ledger;WRITE_DELAY=0",
                "jdbc:h2:/x/ledger;write_delay=0;LOCK_TIMEOUT=5000",
                "jdbc:h2:file:C:/x/ledger;WRITE_DELAY=0",
                "jdbc:postgresql://host:5432/pinbridge",
                "jdbc:postgresql://a,b/pinbridge?targetServerType=primary&sslmode=verify-full",
                "jdbc:postgresql://host/db?options=-c%20synchronous_commit=on",
            })
    void a_durable_database_is_accepted(String url) {
        assertThat(LedgerUrl.faults(url, false)).isEmpty();
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = '" + name + "'")) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
