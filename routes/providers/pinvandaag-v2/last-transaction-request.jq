# A terminal's last transaction: the form of instore/transactions/last_transaction. The bridge adds the key.
{form: {terminal_id: .terminal.id}}
