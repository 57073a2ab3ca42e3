package nl.pinbridge.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Real databases for tests: H2 in a file, and a PostgreSQL of this machine that keeps what it acknowledged. */
public enum Databases {
    H2 {
        @Override
        public String freshUrl() {
            try {
                Path folder = Files.createTempDirectory("pinbridge-ledger");
                return "jdbc:h2:file:" + folder.resolve("ledger")
                        + ";WRITE_DELAY=0;LOCK_TIMEOUT=5000;DB_CLOSE_ON_EXIT=FALSE";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String username() {
            return "sa";
        }
    },
    POSTGRESQL {
        @Override
        public String freshUrl() {
            String name = "ledger" + COUNT.incrementAndGet();
            try (Connection connection = postgres().getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return postgres().getJdbcUrl("postgres", name);
        }

        @Override
        public String username() {
            return "postgres";
        }
    };

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable EmbeddedPostgres postgres;

    /** The URL of a database that holds nothing yet. */
    public abstract String freshUrl();

    public abstract String username();

    public Ledger open(String url, Clock clock) {
        return Ledger.open(url, username(), "", 16, clock);
    }

    /** One server for all tests of a run; it is told to keep what it acknowledges, which the library switches off. */
    private static synchronized EmbeddedPostgres postgres() {
        if (postgres == null) {
            try {
                EmbeddedPostgres started = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("full_page_writes", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("max_connections", "200")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        started.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
                postgres = started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return postgres;
    }
}
