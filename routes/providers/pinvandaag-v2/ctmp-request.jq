# A call to the terminal's management host: the form of instore/transactions/ctmp. The bridge adds the key.
{form: {terminal_id: .terminal.id}}
