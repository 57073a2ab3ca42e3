package nl.pinbridge.routecheck;

import nl.pinbridge.provider.ProviderFolder;
import nl.pinbridge.provider.ProviderFolderException;

/** Each {@code provider.yaml} is one that the bridge accepts, found together with everything else that is wrong. */
final class ProviderFolderRule extends DescribedRule {
    ProviderFolderRule() {
        super(
                "provider-folder",
                "a `provider.yaml` that the bridge does not accept: unknown keys, missing ones, values that cannot be",
                "the bridge would not start",
                "what the message names");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        for (Provider provider : files.providers().values()) {
            try {
                ProviderFolder.read(provider.folder());
            } catch (ProviderFolderException e) {
                out.at(provider.file().path(), 0, String.valueOf(e.getMessage()));
            }
        }
    }
}
