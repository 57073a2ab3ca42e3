package nl.pinbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the simulated Pin Vandaag lists for {@code date}: the payments that ran here, days of any size that are made up row by row when a page is asked for, and
 * rows written by hand. The answer's shape is documented nowhere, so every shape that a reader may meet can be chosen (providers/pinvandaag.md §7.1). Safe for any
 * thread.
 */
public final class Days {
    /** Rows a page. */
    public static final int PAGE = 100;

    private static final ZoneId ZONE = ZoneId.of("Europe/Amsterdam");
    private static final DateTimeFormatter CREATED_AT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> SNAKE = Map.of(
            "transactionId", "transaction_id",
            "createdAt", "created_at",
            "callbackUrl", "callback_url",
            "ownReference", "own_reference",
            "errorMsg", "error_msg");

    /** How the list is wrapped. */
    public enum Shape {
        /** {@code [row, …]}. */
        ARRAY,
        /** {@code {"status": …, "page": …, "limit": …, "transactions": [row, …]}}. */
        TRANSACTIONS,
        /** {@code {"data": [row, …]}}. */
        DATA,
        /** {@code {"0": row, "1": row, …}}. */
        OBJECT_OF_ROWS
    }

    /** What pages past the last one look like, and more. */
    public enum Paging {
        /** Pages past the last are empty. */
        USUAL,
        /** Pages past the last repeat the last. */
        REPEATS_LAST,
        /** Every page is the first. */
        IGNORED,
        /** There is always one more full page of rows never seen. */
        ENDLESS
    }

    private record Key(String terminal, LocalDate day) {}

    private final Map<Key, Integer> generated = new HashMap<>();
    private final Map<Key, List<ObjectNode>> written = new HashMap<>();
    private final Set<String> hidden = new HashSet<>();
    private final Set<String> repeated = new HashSet<>();
    private final Map<String, Consumer<ObjectNode>> changes = new HashMap<>();
    private final TreeMap<Integer, List<Runnable>> hooks = new TreeMap<>();
    private Shape shape = Shape.TRANSACTIONS;
    private Paging paging = Paging.USUAL;
    private boolean snake;
    private boolean toIsExclusive;

    Days() {}

    /** From now on in this shape; snake: {@code transaction_id} instead of {@code transactionId}. */
    public synchronized void answer(Shape wanted, boolean inSnakeCase) {
        shape = wanted;
        snake = inSnakeCase;
    }

    public synchronized void answer(Paging wanted) {
        paging = wanted;
    }

    /** Whether {@code to} is the first day that is no longer listed. */
    public synchronized void toIsExclusive(boolean exclusive) {
        toIsExclusive = exclusive;
    }

    /** Fills a day with this many paid transactions, evenly over its 23, 24 or 25 hours. They take no memory. */
    public synchronized void fill(String terminal, LocalDate day, int rows) {
        generated.put(new Key(terminal, day), rows);
    }

    /** One of the rows that {@link #fill} makes, unchanged; index from 0. */
    public synchronized ObjectNode row(String terminal, LocalDate day, int index) {
        return made(terminal, day, index, generated.getOrDefault(new Key(terminal, day), 0));
    }

    /** The transaction id of such a row. */
    public static String id(String terminal, LocalDate day, int index) {
        return terminal.substring(Math.max(0, terminal.length() - 3))
                + day.toEpochDay()
                + String.format(Locale.ROOT, "%07d", index);
    }

    /** When such a row was created. */
    public static Instant createdAt(LocalDate day, int index, int rows) {
        ZonedDateTime start = day.atStartOfDay(ZONE);
        long seconds = day.plusDays(1).atStartOfDay(ZONE).toEpochSecond() - start.toEpochSecond();
        return start.toInstant().plusSeconds(seconds * index / rows);
    }

    /** Its amount, cents. */
    public static long amount(int index) {
        return 100 + (index * 37L) % 9_900;
    }

    /**
     * Writes a row by hand, as when a terminal is used outside the bridge.
     *
     * @param amount cents
     * @return the row, for tests that change it before it is listed
     */
    public ObjectNode write(
            String terminal,
            String transactionId,
            LocalDateTime createdAt,
            String status,
            long amount,
            @Nullable String ownReference) {
        ObjectNode row = row(terminal, transactionId, CREATED_AT.format(createdAt), status, amount, ownReference);
        synchronized (this) {
            written.computeIfAbsent(new Key(terminal, createdAt.toLocalDate()), first -> new ArrayList<>())
                    .add(row);
        }
        return row;
    }

    /** The same, before all rows of that day: what was on page 1 moves on to page 2. */
    public ObjectNode writeFirst(String terminal, String transactionId, LocalDateTime createdAt, long amount) {
        ObjectNode row =
                row(terminal, transactionId, CREATED_AT.format(createdAt), PinVandaagText.SUCCESS, amount, null);
        synchronized (this) {
            written.computeIfAbsent(new Key(terminal, LocalDate.MIN), first -> new ArrayList<>())
                    .add(row);
        }
        return row;
    }

    /** A row is listed no more. */
    public synchronized void hide(String transactionId) {
        hidden.add(transactionId);
    }

    /** A row that was hidden is listed again. */
    public synchronized void show(String transactionId) {
        hidden.remove(transactionId);
    }

    /** A row is listed twice. */
    public synchronized void repeat(String transactionId) {
        repeated.add(transactionId);
    }

    /** A row is listed with other fields from now on, also one of a payment that ran here. */
    public synchronized void change(String transactionId, Consumer<ObjectNode> change) {
        changes.put(transactionId, change);
    }

    /** Does something once, before this page is answered the next time. */
    public synchronized void beforePage(int page, Runnable action) {
        hooks.computeIfAbsent(page, first -> new ArrayList<>()).add(action);
    }

    synchronized void clear() {
        generated.clear();
        written.clear();
        hidden.clear();
        repeated.clear();
        changes.clear();
        hooks.clear();
        shape = Shape.TRANSACTIONS;
        paging = Paging.USUAL;
        snake = false;
        toIsExclusive = false;
    }

    /** One page of the list. */
    JsonNode page(String terminal, LocalDate from, LocalDate to, int page, List<ObjectNode> ran) {
        List<Runnable> due;
        synchronized (this) {
            due = hooks.remove(page);
        }
        if (due != null) {
            due.forEach(Runnable::run);
        }
        synchronized (this) {
            LocalDate last = toIsExclusive ? to.minusDays(1) : to;
            List<ObjectNode> rows;
            switch (paging) {
                case IGNORED -> rows = slice(terminal, from, last, 0, ran);
                case ENDLESS -> rows = endless(terminal, from, page);
                case REPEATS_LAST -> {
                    rows = slice(terminal, from, last, (page - 1L) * PAGE, ran);
                    for (int earlier = page - 1; rows.isEmpty() && earlier > 0; earlier--) {
                        rows = slice(terminal, from, last, (earlier - 1L) * PAGE, ran);
                    }
                }
                default -> rows = slice(terminal, from, last, (page - 1L) * PAGE, ran);
            }
            return wrapped(rows, page);
        }
    }

    private List<ObjectNode> endless(String terminal, LocalDate day, int page) {
        List<ObjectNode> rows = new ArrayList<>();
        for (int i = 0; i < PAGE; i++) {
            rows.add(
                    made(terminal, day, (page * PAGE + i) % 80_000, 80_000).put("transactionId", "E" + page + "-" + i));
        }
        return rows;
    }

    private List<ObjectNode> slice(String terminal, LocalDate from, LocalDate last, long skip, List<ObjectNode> ran) {
        List<ObjectNode> page = new ArrayList<>(PAGE);
        long left = skip;
        left = take(page, written.getOrDefault(new Key(terminal, LocalDate.MIN), List.of()), left, from, last);
        for (LocalDate day = from; !day.isAfter(last) && page.size() < PAGE; day = day.plusDays(1)) {
            Key key = new Key(terminal, day);
            int rows = generated.getOrDefault(key, 0);
            int index = 0;
            if (hidden.isEmpty() && repeated.isEmpty()) {
                index = (int) Math.min(left, rows);
                left -= index;
            }
            for (; index < rows && page.size() < PAGE; index++) {
                String id = id(terminal, day, index);
                for (int times = times(id); times > 0 && page.size() < PAGE; times--) {
                    if (left > 0) {
                        left--;
                    } else {
                        page.add(changed(made(terminal, day, index, rows)));
                    }
                }
            }
            left = take(page, written.getOrDefault(key, List.of()), left, from, last);
        }
        take(page, ran, left, from, last);
        return page;
    }

    private long take(List<ObjectNode> page, List<ObjectNode> rows, long skip, LocalDate from, LocalDate last) {
        long left = skip;
        for (ObjectNode row : rows) {
            LocalDate day = LocalDate.parse(row.path("createdAt").asText().substring(0, 10));
            for (int times = times(row.path("transactionId").asText()); times > 0; times--) {
                if (page.size() >= PAGE || day.isBefore(from) || day.isAfter(last)) {
                    continue;
                }
                if (left > 0) {
                    left--;
                } else {
                    page.add(changed(row));
                }
            }
        }
        return left;
    }

    private int times(String id) {
        return hidden.contains(id) ? 0 : repeated.contains(id) ? 2 : 1;
    }

    private ObjectNode changed(ObjectNode row) {
        Consumer<ObjectNode> change = changes.get(row.path("transactionId").asText());
        if (change == null) {
            return row;
        }
        ObjectNode copy = row.deepCopy();
        change.accept(copy);
        return copy;
    }

    private static ObjectNode made(String terminal, LocalDate day, int index, int rows) {
        String id = id(terminal, day, index);
        String created = CREATED_AT.format(createdAt(day, index, rows).atZone(ZONE));
        return row(terminal, id, created, PinVandaagText.SUCCESS, amount(index), "R" + id);
    }

    private static ObjectNode row(
            String terminal, String id, String createdAt, String status, long amount, @Nullable String ownReference) {
        return JSON.createObjectNode()
                .put("transactionId", id)
                .put("status", status)
                .put("amount", amount)
                .put("terminal", terminal)
                .put("createdAt", createdAt)
                .putNull("callbackUrl")
                .put("ownReference", ownReference)
                .putNull("errorMsg")
                .putNull("receipt");
    }

    private JsonNode wrapped(List<ObjectNode> rows, int page) {
        List<ObjectNode> named = snake ? rows.stream().map(Days::inSnakeCase).toList() : rows;
        ArrayNode list = JSON.createArrayNode();
        named.forEach(list::add);
        switch (shape) {
            case ARRAY -> {
                return list;
            }
            case DATA -> {
                return JSON.createObjectNode().set("data", list);
            }
            case OBJECT_OF_ROWS -> {
                ObjectNode all = JSON.createObjectNode();
                Map<String, ObjectNode> byName = new LinkedHashMap<>();
                named.forEach(row -> byName.put(Integer.toString(byName.size()), row));
                byName.forEach(all::set);
                return all;
            }
            default -> {
                ObjectNode all = JSON.createObjectNode()
                        .put("status", "success")
                        .put("page", page)
                        .put("limit", PAGE);
                all.set("transactions", list);
                return all;
            }
        }
    }

    private static ObjectNode inSnakeCase(ObjectNode row) {
        ObjectNode named = JSON.createObjectNode();
        row.fields()
                .forEachRemaining(
                        field -> named.set(SNAKE.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
        return named;
    }
}
