"""Why the network says so: the stages' evidence over the scan."""
