package nl.pinbridge.provider;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A provider's folder is not as it should be. The message names the file and the key. */
public final class ProviderFolderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProviderFolderException(Path file, String why) {
        this(file, why, null);
    }

    public ProviderFolderException(Path file, String why, @Nullable Throwable cause) {
        super(file + ": " + why, cause);
    }
}
