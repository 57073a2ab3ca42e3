# A terminal's last transaction: the form of instore/transactions/getLatestTransaction holds what the bridge adds.
{form: {}}
