package nl.pinbridge.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database that holds the truth. All work goes through {@link #inTransaction}; functions given to it may run more than once
 * and must have no effect beside their statements.
 */
public final class Ledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    /** Conflicts that go away by running the transaction again: serialisation, deadlock, duplicate key, H2's lock time-outs. */
    private static final Set<String> CONFLICT_STATES = Set.of("40001", "40P01", "23505", "HYT00", "90131");

    private static final int CONFLICT_RETRIES = 100;

    private final HikariDataSource dataSource;
    private final Jdbi jdbi;
    private final Dialect dialect;
    private final Clock clock;
    private final SharedSync sync = new SharedSync(this::force);

    /** The two databases, where they differ. */
    enum Dialect {
        H2,
        POSTGRESQL;

        static Dialect of(String url) {
            if (url.startsWith("jdbc:h2:")) {
                return H2;
            }
            if (url.startsWith("jdbc:postgresql:")) {
                return POSTGRESQL;
            }
            throw new IllegalArgumentException("pinbridge.ledger.url is neither jdbc:h2: nor jdbc:postgresql:");
        }
    }

    private Ledger(HikariDataSource dataSource, Dialect dialect, Clock clock) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.clock = clock;
        this.jdbi = Jdbi.create(dataSource);
        jdbi.registerArrayType(String.class, "varchar");
        for (Class<?> row : new Class<?>[] {
            CommandRow.class,
            PaymentRow.class,
            AttemptRow.class,
            LaneRow.class,
            Delivery.class,
            ReplyTarget.class,
            HistoryRow.class,
            WorkItemRow.class,
            ResultRow.class,
            CandidateRow.class,
            OperatorAction.class,
            ReconciliationRun.class,
            ReconciliationTx.Listed.class,
            ReconciliationTx.Origin.class,
            ReconciliationTx.Entry.class,
            ReconciliationTx.Feed.class,
            ReconciliationTx.Sum.class,
            ReconciliationItems.Item.class,
            ReconciliationItems.Event.class
        }) {
            jdbi.registerRowMapper(ConstructorMapper.factory(row));
        }
    }

    /**
     * Opens the ledger, brings its tables up to date and refuses a database that would lose acknowledged commits.
     *
     * @throws IllegalStateException when the database is not durable enough, with a sentence for the operator
     * @throws LedgerUnavailableException when it cannot be reached
     */
    public static Ledger open(String url, String username, String password, int poolSize, Clock clock) {
        Dialect dialect = Dialect.of(url);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(username);
        config.setPassword(password);
        config.setPoolName("ledger");
        config.setMaximumPoolSize(poolSize);
        config.setAutoCommit(false);
        config.setConnectionTimeout(5_000);
        config.setValidationTimeout(2_000);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        if (dialect == Dialect.POSTGRESQL) {
            config.addDataSourceProperty("socketTimeout", "30");
            config.addDataSourceProperty("tcpKeepAlive", "true");
            config.addDataSourceProperty("ApplicationName", "pinbridge");
        } else {
            // A connection remembers 8 parsed statements by default, fewer than one payment uses.
            config.addDataSourceProperty("QUERY_CACHE_SIZE", "100");
        }
        HikariDataSource dataSource;
        try {
            dataSource = new HikariDataSource(config);
            Flyway.configure()
                    .dataSource(dataSource)
                    .locations("classpath:nl/pinbridge/ledger/migrations")
                    .table("ledger_version")
                    .load()
                    .migrate();
        } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
            throw new LedgerUnavailableException("The ledger at " + withoutSecrets(url) + " cannot be opened", e);
        }
        Ledger ledger = new Ledger(dataSource, dialect, clock);
        ledger.refuseWithoutDurability();
        return ledger;
    }

    private static String withoutSecrets(String url) {
        return url.replaceAll("(?i)(password|user)=[^&;]*", "$1=***");
    }

    private void refuseWithoutDurability() {
        if (dialect == Dialect.POSTGRESQL) {
            String setting = jdbi.withHandle(handle -> handle.createQuery("show synchronous_commit")
                    .mapTo(String.class)
                    .one());
            if (setting.toLowerCase(Locale.ROOT).equals("off")) {
                close();
                throw new IllegalStateException(
                        "pinbridge.ledger.url: PostgreSQL runs with synchronous_commit=off and would lose"
                                + " acknowledged payments in a crash; set it to on for this database");
            }
        }
    }

    /** Runs one transaction; repeats it on conflicts with others. */
    public <T> T inTransaction(Function<Tx, T> work) {
        return run(work, false, Duration.ZERO);
    }

    /** Like {@link #inTransaction}, and on disk, power cut included, before it returns. */
    public <T> T durably(Function<Tx, T> work) {
        return run(work, true, Duration.ZERO);
    }

    /**
     * Like {@link #durably}, but waits for a database that is away: for answers of money calls, which exist nowhere else until
     * they are written.
     */
    public <T> T durablyWithPatience(Duration patience, Function<Tx, T> work) {
        return run(work, true, patience);
    }

    /** Runs one transaction without a result. */
    public void update(Consumer<Tx> work) {
        run(
                tx -> {
                    work.accept(tx);
                    return true;
                },
                false,
                Duration.ZERO);
    }

    private <T> T run(Function<Tx, T> work, boolean sync, Duration patience) {
        long giveUp = System.nanoTime() + patience.toNanos();
        int conflicts = 0;
        while (true) {
            try {
                T value = once(work);
                if (sync) {
                    sync();
                }
                return value;
            } catch (RuntimeException e) {
                SQLException sql = sqlCause(e);
                if (isConflict(sql) && conflicts++ < CONFLICT_RETRIES) {
                    LockSupport.parkNanos(
                            ThreadLocalRandom.current().nextLong(1_000_000L, 5_000_000L + conflicts * 500_000L));
                } else if (e instanceof LedgerUnavailableException || isUnavailable(e, sql)) {
                    if (System.nanoTime() >= giveUp) {
                        throw e instanceof LedgerUnavailableException
                                ? e
                                : new LedgerUnavailableException("The ledger is out of reach", e);
                    }
                    LOG.warn("The ledger is out of reach; what must not be lost or overtaken waits for it");
                    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                } else {
                    throw e;
                }
            }
        }
    }

    private <T> T once(Function<Tx, T> work) {
        try (Handle handle = jdbi.open()) {
            handle.begin();
            try {
                T value = work.apply(new Tx(handle, dialect, clock));
                handle.commit();
                return value;
            } catch (RuntimeException | Error e) {
                try {
                    handle.rollback();
                } catch (RuntimeException suppressed) {
                    e.addSuppressed(suppressed);
                }
                throw e;
            }
        }
    }

    /** H2 writes a commit to the file but asks for no fsync; this does. PostgreSQL has done it. */
    private void sync() {
        if (dialect == Dialect.H2) {
            sync.sync();
        }
    }

    private void force() {
        jdbi.useHandle(handle -> {
            handle.execute("checkpoint sync");
            handle.commit();
        });
    }

    private static boolean isConflict(@org.jspecify.annotations.Nullable SQLException sql) {
        return sql != null && sql.getSQLState() != null && CONFLICT_STATES.contains(sql.getSQLState());
    }

    private static boolean isUnavailable(RuntimeException e, @org.jspecify.annotations.Nullable SQLException sql) {
        if (e instanceof ConnectionException || sql instanceof SQLTransientConnectionException) {
            return true;
        }
        String state = sql == null ? null : sql.getSQLState();
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("57P")
                        || state.equals("90067")
                        || state.equals("90098")
                        || state.equals("90121")
                        || state.equals("53300"));
    }

    private static @org.jspecify.annotations.Nullable SQLException sqlCause(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /** The database's own time, for the comparison of clocks; throws {@link LedgerUnavailableException} when it is away. */
    public Instant databaseTime() {
        return inTransaction(tx -> tx.databaseTime());
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
