package nl.pinbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalDirectoryTest {
    private static final Map<String, Set<String>> BRANDS =
            Map.of("pinvandaag", Set.of("CCV", "WORLDLINE"), "paynl", Set.of());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @Test
    void reads_the_file_of_the_contract() throws IOException {
        Files.writeString(home.resolve("till-2"), "key-2\n");
        TerminalDirectory directory = read(
                """
                terminals:
                  till-1: {provider: pinvandaag, id: "50303253",  brand: WORLDLINE, key: "{{env:PINVANDAAG_KEY_TILL_1}}", labels: {shop: Utrecht}}
                  till-2: {provider: pinvandaag, id: "706249441", brand: CCV,       key: "{{file:till-2}}"}
                  kiosk: {provider: paynl, id: TH-1234-5678}
                """);

        assertThat(directory.all()).extracting(Terminal::alias).containsExactly("till-1", "till-2", "kiosk");
        assertThat(directory.find("till-1")).hasValueSatisfying(terminal -> {
            assertThat(terminal.device()).isEqualTo("pinvandaag:50303253");
            assertThat(terminal.brand()).isEqualTo("WORLDLINE");
            assertThat(terminal.key()).isNotNull().extracting(Secret::reveal).isEqualTo("key-1");
            assertThat(terminal.labels()).containsExactly(Map.entry("shop", "Utrecht"));
        });
        assertThat(directory.find("till-2")).hasValueSatisfying(terminal -> assertThat(terminal.key())
                .isNotNull()
                .extracting(Secret::reveal)
                .isEqualTo("key-2"));
        assertThat(directory.find("kiosk"))
                .hasValueSatisfying(terminal -> assertThat(terminal.key()).isNull());
        assertThat(directory.find("till-3")).isEmpty();
        assertThat(directory.all().toString()).doesNotContain("key-1");
    }

    @Test
    void a_terminal_may_have_an_address_of_its_own() throws IOException {
        TerminalDirectory directory = local(
                """
                terminals:
                  pump-1: {provider: paynl, id: "1", url: "http://192.168.1.20:8080"}
                  pump-2: {provider: paynl, id: "2", url: "https://pump-2.local/terminals/2"}
                """);
        assertThat(directory.all())
                .extracting(Terminal::url)
                .containsExactly(
                        URI.create("http://192.168.1.20:8080"), URI.create("https://pump-2.local/terminals/2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pump: {provider: paynl, id: '1'} | terminals.pump.url | is missing: each terminal of paynl",
                "pump: {provider: paynl, id: '1', url: 'ftp://192.168.1.20'} | terminals.pump.url | must be an http",
                "pump: {provider: paynl, id: '1', url: '192.168.1.20:8080'} | terminals.pump.url | must be an http",
                "pump: {provider: paynl, id: '1', url: 'http://a/?b=c'} | terminals.pump.url | must be an http",
                "pump: {provider: paynl, id: '1', url: 'http://u:p@a'} | terminals.pump.url | must be an http",
                "pump: {provider: pinvandaag, id: '1', brand: CCV, url: 'http://a'} | terminals.pump.url | must be left out",
            })
    void an_address_stands_where_it_is_used_and_nowhere_else(String line, String key, String sentence) {
        assertThatThrownBy(() -> local("terminals:\n  " + line + "\n"))
                .isInstanceOfSatisfying(BadConfigurationException.class, wrong -> assertThat(wrong.complaints())
                        .anySatisfy(complaint -> {
                            assertThat(complaint.key()).isEqualTo(key);
                            assertThat(complaint.sentence()).startsWith(sentence);
                        }));
    }

    /** Each terminal of PAY. has its own address. */
    private TerminalDirectory local(String yaml) throws IOException {
        Path file = Files.writeString(home.resolve("terminals.yaml"), yaml);
        return TerminalDirectory.read(file, BRANDS, Set.of("paynl"), new Placeholders(home, Map.of()));
    }

    @Test
    void no_terminals_yet_is_a_directory_too() throws IOException {
        assertThat(read("terminals: {}").all()).isEmpty();
        assertThat(read("terminals:\n").all()).isEmpty();
    }

    @Test
    void the_file_in_the_repository_can_be_read() {
        assertThatCode(() -> TerminalDirectory.read(
                        Path.of("config/terminals.yaml"), BRANDS, new Placeholders(home, Map.of())))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "till-1: {provider: pinvandaag, id: '1', brand: CCV, colour: red} | terminals.till-1.colour | is no field here.",
                "till-1: {provder: pinvandaag, id: '1', brand: CCV} | terminals.till-1.provder | Did you mean provider?",
                "till-1: {id: '1', brand: CCV} | terminals.till-1.provider | is missing.",
                "till-1: {provider: pinvandaag, brand: CCV} | terminals.till-1.id | is missing.",
                "till-1: {provider: pinvandag, id: '1'} | terminals.till-1.provider | Did you mean pinvandaag?",
                "till-1: {provider: pinvandaag, id: '1'} | terminals.till-1.brand | is missing: one of CCV, WORLDLINE.",
                "till-1: {provider: pinvandaag, id: '1', brand: ccv} | terminals.till-1.brand | must be one of CCV, WORLDLINE.",
                "till-1: {provider: paynl, id: '1', brand: CCV} | terminals.till-1.brand | must be left out",
                "till-1: {provider: paynl, id: 007} | terminals.till-1.id | put it in quotes",
                "till-1: {provider: paynl, id: 1e5} | terminals.till-1.id | put it in quotes",
                "till-1: {provider: paynl, id: } | terminals.till-1.id | is empty.",
                "till-1: {provider: paynl, id: ''} | terminals.till-1.id | is empty.",
                "till-1: {provider: paynl, id: ' 1'} | terminals.till-1.id | white space",
                "till-1: {provider: paynl, id: [a]} | terminals.till-1.id | must be a text.",
                "till-1: {provider: paynl, id: '1', labels: {shop: NO}} | terminals.till-1.labels.shop | put it in quotes",
                "till-1: {provider: paynl, id: '1', labels: Utrecht} | terminals.till-1.labels | must be 'name: value' lines.",
                "till-1: {provider: paynl, id: '1', key: '{{env:NOT_THERE}}'} | terminals.till-1.key | NOT_THERE, which is not set",
                "till-1: {provider: paynl, id: '1', key: '{{file:/not/there}}'} | terminals.till-1.key | which does not exist",
                "till-1: {provider: paynl, id: '1', key: '{{pinbridge.x}}'} | terminals.till-1.key | neither {{env:NAME}} nor",
                "till-1: {provider: paynl, id: '1', id: '2'} | terminals.till-1.id | twice",
                "till 1: {provider: paynl, id: '1'} | terminals.till 1 | is no alias",
                "-till: {provider: paynl, id: '1'} | terminals.-till | is no alias",
                "till-1: yes | terminals.till-1 | must be 'name: value' lines.",
            })
    void a_line_that_cannot_be_is_refused_with_its_place(String line, String key, String sentence) throws IOException {
        List<Complaint> complaints = complaints("terminals:\n  " + line + "\n");
        assertThat(complaints.get(0).source()).endsWith("terminals.yaml:2");
        assertThat(complaints.get(0).key()).isEqualTo(key);
        assertThat(complaints.get(0).sentence()).contains(sentence);
    }

    @Test
    void one_device_has_one_alias() throws IOException {
        assertThat(
                        complaints(
                                """
                        terminals:
                          till-1: {provider: paynl, id: "1"}
                          till-2: {provider: paynl, id: "2"}
                          till-3: {provider: paynl, id: "1"}
                        """))
                .singleElement()
                .satisfies(complaint -> {
                    assertThat(complaint.source()).endsWith("terminals.yaml:4");
                    assertThat(complaint.sentence()).contains("is the same device as till-1");
                });
    }

    @Test
    void one_alias_has_one_device() throws IOException {
        assertThat(
                        complaints(
                                """
                        terminals:
                          till-1: {provider: paynl, id: "1"}
                          till-1: {provider: paynl, id: "2"}
                        """))
                .singleElement()
                .satisfies(complaint -> {
                    assertThat(complaint.source()).endsWith("terminals.yaml:3");
                    assertThat(complaint.key()).isEqualTo("terminals.till-1");
                    assertThat(complaint.sentence()).contains("twice");
                });
    }

    @Test
    void every_fault_is_told_at_once() throws IOException {
        assertThat(
                        complaints(
                                """
                        terminals:
                          till-1: {provider: pinvandaag, id: 1}
                          till-2: {provider: nobody, id: "2"}
                        extra: 1
                        """))
                .extracting(Complaint::key)
                .containsExactlyInAnyOrder(
                        "terminals.till-1.id", "terminals.till-1.brand", "terminals.till-2.provider", "extra");
    }

    @Test
    void a_file_that_is_no_directory_is_refused() throws IOException {
        assertThat(complaints(""))
                .singleElement()
                .extracting(Complaint::sentence)
                .asString()
                .contains("is empty");
        assertThat(complaints("tills: {}")).first().extracting(Complaint::key).isEqualTo("tills");
        assertThat(complaints("- a\n"))
                .singleElement()
                .extracting(Complaint::sentence)
                .asString()
                .contains("name: value");
        assertThat(complaints("terminals:\n  a: {key: hush\n"))
                .singleElement()
                .satisfies(complaint ->
                        assertThat(complaint.toString()).contains("is no YAML").doesNotContain("hush"));
        assertThat(catchThrowableOfType(
                                BadConfigurationException.class,
                                () -> TerminalDirectory.read(
                                        home.resolve("nowhere.yaml"), BRANDS, new Placeholders(home, Map.of())))
                        .complaints())
                .singleElement()
                .extracting(Complaint::sentence)
                .asString()
                .contains("does not exist");
    }

    @Test
    void another_directory_comes_into_force_as_a_whole() throws IOException {
        Terminals terminals = new Terminals(read("terminals:\n  a: {provider: paynl, id: '1'}\n"));
        TerminalDirectory before = terminals.current();
        terminals.replace(read("terminals:\n  b: {provider: paynl, id: '1'}\n"));

        assertThat(terminals.find("b")).isPresent();
        assertThat(terminals.find("a")).isEmpty();
        assertThat(terminals.all()).hasSize(1);
        assertThat(before.find("a")).isPresent();
    }

    private TerminalDirectory read(String yaml) throws IOException {
        Path file = Files.writeString(home.resolve("terminals.yaml"), yaml);
        return TerminalDirectory.read(file, BRANDS, new Placeholders(home, Map.of("PINVANDAAG_KEY_TILL_1", "key-1")));
    }

    private List<Complaint> complaints(String yaml) throws IOException {
        BadConfigurationException refused = catchThrowableOfType(BadConfigurationException.class, () -> read(yaml));
        assertThat(refused).as("must be refused").isNotNull();
        return refused.complaints();
    }
}
