package nl.pinbridge.kit;

import java.nio.file.Path;
import nl.pinbridge.provider.ProviderFolder;

/**
 * Checks one provider's folder from its files alone: nothing is started and nothing is sent. What can be known without the provider
 * is judged here; whether the provider does as its examples say, only the provider can show.
 */
public final class ProviderKit {
    private ProviderKit() {}

    /**
     * @param folder {@code routes/providers/<name>}, or a folder of that form anywhere
     * @throws java.io.UncheckedIOException when there is no such folder, or it cannot be read
     */
    public static Report check(Path folder) {
        Notes notes = new Notes();
        KitFolder files = KitFolder.read(folder, notes);
        FolderCheck.check(files);
        ExamplesCheck.check(files);
        MoneyOutCheck.check(files);
        MoneyInCheck.check(files);
        GarbageCheck.check(files);
        RefusalsCheck.check(files);
        SecretsCheck.check(files);
        ProviderFolder provider = files.provider();
        return new Report(
                files.path(),
                files.name(),
                provider == null ? files.name() : provider.title(),
                notes.findings(),
                notes.tried(),
                Coverage.of(files));
    }
}
