package nl.pinbridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nl.pinbridge.config.Setting.Where;
import org.junit.jupiter.api.Test;

/** The catalogue is the one truth; what operators read is held against it. */
class CatalogueTest {
    private static final Pattern LINE = Pattern.compile("#?(pinbridge\\.[A-Za-z0-9.<>-]+)=(.*)");

    @Test
    void application_properties_documents_every_setting_with_its_default_and_meaning_and_no_other() throws IOException {
        Map<String, String> defaults = new LinkedHashMap<>();
        Map<String, String> comments = new LinkedHashMap<>();
        StringBuilder comment = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("config/application.properties"))) {
            Matcher setting = LINE.matcher(line);
            if (setting.matches()) {
                assertThat(defaults.put(setting.group(1), setting.group(2)))
                        .as("%s is documented once", setting.group(1))
                        .isNull();
                comments.put(setting.group(1), comment.toString().strip());
                comment.setLength(0);
            } else if (line.startsWith("# ")) {
                comment.append(line.substring(2)).append(' ');
            } else {
                comment.setLength(0);
            }
        }

        assertThat(defaults).isEqualTo(inFile(Setting::fallback));
        assertThat(comments).isEqualTo(inFile(Setting::meaning));
    }

    @Test
    void the_table_in_the_docs_is_the_catalogue() throws IOException {
        Path page = Path.of("docs/settings.md");
        if (Boolean.getBoolean("docs.update")) {
            Files.createDirectories(Path.of("docs"));
            Files.writeString(page, Catalogue.markdown());
        }
        assertThat(Files.readString(page))
                .as("renew it with ./mvnw test -Dtest=CatalogueTest -Ddocs.update=true")
                .isEqualTo(Catalogue.markdown());
    }

    @Test
    void every_default_is_a_value_that_would_be_accepted() {
        Values values = new Values(Path.of("").toAbsolutePath());
        assertThat(Catalogue.ALL).filteredOn(setting -> !setting.mayBeEmpty()).allSatisfy(setting -> assertThat(
                        values.parse(setting.type(), setting.fallback()))
                .isNotNull());
    }

    @Test
    void names_are_kebab_case_words_with_one_meaning_in_one_sentence() {
        assertThat(Catalogue.ALL)
                .extracting(Setting::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("pinbridge(\\.([a-z]+(-[a-z]+)*|<name>|<key>))+"));
        assertThat(Catalogue.ALL).extracting(Setting::meaning).allMatch(meaning -> meaning.endsWith("."));
    }

    private static Map<String, String> inFile(java.util.function.Function<Setting, String> value) {
        return Catalogue.ALL.stream()
                .filter(setting -> setting.where() == Where.ANYWHERE)
                .collect(Collectors.toMap(Setting::name, value, (a, b) -> a, LinkedHashMap::new));
    }
}
