"""Questions, help, keys and errors: what asks for an answer before the window goes on."""
