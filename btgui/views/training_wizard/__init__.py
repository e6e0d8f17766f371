"""The wizard that trains a network on the user's own scans."""
