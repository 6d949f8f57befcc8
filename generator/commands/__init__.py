"""One file per command of the command line; only these print, write files or set exit codes."""
