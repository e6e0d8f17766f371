"""What a data set hides: copies, leaks, conflicts and shortcuts, and the report of them."""
