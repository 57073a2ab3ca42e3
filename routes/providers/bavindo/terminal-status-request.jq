# The same list: one terminal cannot be asked about.
{}
