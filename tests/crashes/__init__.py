"""What a process that is killed leaves behind, and that the sweepers put it in order."""
