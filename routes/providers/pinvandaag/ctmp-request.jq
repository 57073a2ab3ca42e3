# A call to the terminal's management host: the form of instore/terminal/ctmp holds what the bridge adds, terminalId and key.
{form: {}}
