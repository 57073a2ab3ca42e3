# The terminals of the store whose key is used; there is nothing to choose.
{}
