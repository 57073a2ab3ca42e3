# One terminal, by its TH-####-####.
{path: {code: .terminal.id}}
