package nl.pinbridge.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import nl.pinbridge.contract.Json;
import nl.pinbridge.kit.Chapter;
import nl.pinbridge.kit.Finding;
import nl.pinbridge.kit.ProviderKit;
import nl.pinbridge.kit.Report;
import nl.pinbridge.provider.ProviderFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds providers' folders against the conformance kit: files are read, nothing is started and nothing is sent. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Checks providers' folders from their files alone: provider.yaml, routes, every mapping against its recorded",
            "examples, exact money, that what is not understood proves nothing, and that no file holds a secret.",
            "No bridge needs to run, and nothing is sent to anybody."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Nothing is wrong.",
            "1:Something is wrong; each line names file, rule and what to do.",
            "2:The command line is wrong, or there is no such folder.",
            ExitCode.CONFIGURATION_HELP
        },
        footer = {
            "",
            "Examples:",
            "  pinbridge providers check                      all folders of this installation",
            "  pinbridge providers check pinvandaag",
            "  pinbridge providers check ~/work/newpay        a folder anywhere, of the form routes/providers/<name>",
            "  pinbridge providers check --json | jq '.providers[].findings[]'"
        })
final class ProvidersCheckCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME|FOLDER",
            description = "A provider of this installation, or a folder. Default: all providers of this installation.")
    private @Nullable List<String> wanted;

    @Option(names = "--json", description = "Print the answer as one line of JSON.")
    private boolean json;

    ProvidersCheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        List<Report> reports = new ArrayList<>();
        for (Path folder : folders()) {
            try {
                reports.add(ProviderKit.check(folder));
            } catch (UncheckedIOException e) {
                throw new CliException(ExitCode.USAGE, "The folder " + folder + " cannot be read.", e);
            }
        }
        PrintStream out = surroundings.out();
        if (json) {
            out.println(HumanText.oneLine(json(reports)));
        } else {
            for (int i = 0; i < reports.size(); i++) {
                if (i > 0) {
                    out.println();
                }
                print(reports.get(i), out);
            }
        }
        return reports.stream().allMatch(Report::isGood) ? ExitCode.OK : ExitCode.NOT_SUCCEEDED;
    }

    private List<Path> folders() {
        List<String> named = wanted;
        if (named == null || named.isEmpty()) {
            Path providers = providers();
            try (Stream<Path> all = Files.list(providers)) {
                return all.filter(folder -> Files.exists(folder.resolve(ProviderFolder.FILE)))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new CliException(ExitCode.CONFIGURATION, "The folder " + providers + " cannot be read.", e);
            }
        }
        return named.stream().map(this::folder).toList();
    }

    private Path providers() {
        return surroundings.settings().path("pinbridge.routes").resolve("providers");
    }

    /** A name first: a folder of that name in the working directory is meant by ./name. */
    private Path folder(String name) {
        if (name.matches("[a-z][a-z0-9-]*")) {
            Path own = providers().resolve(name);
            if (Files.isDirectory(own)) {
                return own;
            }
        }
        Path folder = Path.of(name).toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw new CliException(ExitCode.USAGE, "There is no provider and no folder " + HumanText.clean(name) + ".");
        }
        return folder;
    }

    private static void print(Report report, PrintStream out) {
        out.println(HumanText.clean(report.title()) + " (" + HumanText.clean(report.name()) + ")");
        out.println();
        int width = Stream.of(Chapter.values())
                .mapToInt(chapter -> chapter.title().length())
                .max()
                .orElse(0);
        for (Chapter chapter : Chapter.values()) {
            int wrong = report.of(chapter).size();
            int checks = report.tried().getOrDefault(chapter, 0);
            out.println(
                    "  " + chapter.title() + " ".repeat(width - chapter.title().length()) + "  "
                            + String.format(Locale.ROOT, "%,6d checks", checks)
                            + (wrong == 0 ? (checks == 0 ? "   not tried" : "   ok") : "   " + wrong + " wrong"));
        }
        for (Map.Entry<String, Report.Shown> list : report.coverage().entrySet()) {
            if (list.getKey().equals("operations") && !list.getValue().missing().isEmpty()) {
                out.println("  no answer recorded for: "
                        + String.join(", ", list.getValue().missing()));
            }
        }
        for (Finding finding : report.findings()) {
            out.println();
            out.println("  " + HumanText.clean(finding.file()) + ": "
                    + finding.rule().label());
            out.println("    " + HumanText.clean(finding.wrong()));
            out.println("    To do: " + finding.todo() + ".");
        }
    }

    private static ObjectNode json(List<Report> reports) {
        ObjectNode all = Json.object();
        all.put("ok", reports.stream().allMatch(Report::isGood));
        ArrayNode providers = all.putArray("providers");
        for (Report report : reports) {
            ObjectNode each = providers.addObject();
            each.put("name", report.name())
                    .put("title", report.title())
                    .put("folder", report.folder().toString())
                    .put("ok", report.isGood());
            ArrayNode chapters = each.putArray("chapters");
            for (Chapter chapter : Chapter.values()) {
                chapters.addObject()
                        .put("chapter", chapter.name().toLowerCase(Locale.ROOT))
                        .put("title", chapter.title())
                        .put("checks", report.tried().getOrDefault(chapter, 0))
                        .put("findings", report.of(chapter).size());
            }
            ObjectNode coverage = each.putObject("coverage");
            report.coverage().forEach((name, shown) -> {
                ObjectNode list = coverage.putObject(name);
                list.set("shown", Json.MAPPER.valueToTree(shown.shown()));
                list.set("missing", Json.MAPPER.valueToTree(shown.missing()));
            });
            ArrayNode findings = each.putArray("findings");
            report.findings().forEach(finding -> findings.addObject()
                    .put("file", finding.file())
                    .put("rule", finding.rule().label())
                    .put("wrong", finding.wrong())
                    .put("todo", finding.todo()));
        }
        return all;
    }
}
