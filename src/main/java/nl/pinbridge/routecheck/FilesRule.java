package nl.pinbridge.routecheck;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import nl.pinbridge.provider.ProviderFolder;

/** Every file is one that the bridge reads. A route file with the wrong ending is a change that has no effect. */
final class FilesRule extends DescribedRule {
    private static final List<String> ROUTES = List.of(".yaml", ".yml", ".xml", ".java", ".groovy", ".kts");

    FilesRule() {
        super(
                "files",
                "a folder without routes; a provider's folder without `provider.yaml`; as a warning, files that look like"
                        + " routes and are not loaded",
                "the bridge would start and take no command, or an edit would have no effect",
                "name route files `*" + RouteFiles.SUFFIX + "`");
    }

    @Override
    public void check(RouteFiles files, Findings out) {
        if (files.routes().isEmpty()) {
            out.at(files.folder(), 0, "holds no route: is it the right folder, and readable for this user?");
        }
        Path providers = files.folder().resolve("providers");
        for (YamlFile file : files.files()) {
            String name = file.path().toString();
            if (!name.endsWith(RouteFiles.SUFFIX)) {
                out.at(file.path(), 0, "must end in " + RouteFiles.SUFFIX + ", in lower case, to be loaded");
            }
            Path folder = file.path().getParent();
            if (folder != null
                    && providers.equals(folder.getParent())
                    && !files.providers().containsKey(String.valueOf(folder.getFileName()))) {
                out.at(file.path(), 0, "stands in a provider's folder that has no " + ProviderFolder.FILE);
            }
        }
        for (Path other : files.others()) {
            String name = other.toString().toLowerCase(Locale.ROOT);
            boolean isProvider = other.endsWith(ProviderFolder.FILE)
                    && other.getParent() != null
                    && providers.equals(other.getParent().getParent());
            if (!isProvider && ROUTES.stream().anyMatch(name::endsWith)) {
                out.warn(other, 0, "is not loaded: route files end in " + RouteFiles.SUFFIX);
            }
        }
    }
}
