"""The command line: one file a command, each parsing, calling, printing and exiting."""
