package nl.pinbridge.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest cell. */
final class Table {
    private final HumanText human;
    private final List<String> heads;
    private final int statusColumn;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param statusColumn the one that is coloured; -1 for none
     */
    Table(HumanText human, List<String> heads, int statusColumn) {
        this.human = human;
        this.heads = heads;
        this.statusColumn = statusColumn;
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(heads, false));
        rows.forEach(row -> lines.add(line(row, true)));
        return lines;
    }

    private String line(List<String> row, boolean coloured) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            int width = width(column);
            line.append(
                    coloured && column == statusColumn
                            ? human.status(cell, width)
                            : cell + " ".repeat(width - cell.length()));
            line.append("  ");
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return Math.max(
                heads.get(column).length(),
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
}
