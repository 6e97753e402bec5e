"""What runs in a student's kernel: `begin`, `check`, `hint`, `needs`."""
