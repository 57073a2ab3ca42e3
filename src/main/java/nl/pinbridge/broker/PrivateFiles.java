package nl.pinbridge.broker;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/** Small properties files that only their owner may read, replaced as a whole so that no reader sees half of one. */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    /** Which ports the bridge uses, for scripts: {@code <data>/ports.properties}. */
    public static void writePorts(Path data, int broker, int http, int management) {
        write(
                data.resolve("ports.properties"),
                Map.of(
                        "broker", Integer.toString(broker),
                        "http", Integer.toString(http),
                        "management", Integer.toString(management)));
    }

    /**
     * Writes the values, sorted by key, one {@code key=value} a line, mode 0600.
     *
     * @throws UncheckedIOException when the file cannot be written
     */
    public static void write(Path file, Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        values.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> text.append(entry.getKey())
                .append('=')
                .append(plain(entry.getKey(), entry.getValue()))
                .append('\n'));
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
        try {
            createFolder(folder);
            Path fresh = Files.createTempFile(folder, "." + file.getFileName(), ".new", ownerOnly(folder));
            try {
                try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    // A made-up password that a power cut empties again would lock every client out.
                    channel.force(true);
                }
                move(fresh, file);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * @throws UncheckedIOException when the file cannot be read
     */
    public static Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Makes the folder where it is missing, readable by its owner only: it holds money messages and passwords. */
    public static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_FILE)}
                : new FileAttribute<?>[0];
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    // Shell scripts read these files too, so nothing is escaped, and what would need it is refused.
    private static String plain(String key, String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c == '\\') || !value.equals(value.strip())) {
            throw new IllegalArgumentException("The value of " + key + " cannot stand in a properties file as it is.");
        }
        return value;
    }
}
