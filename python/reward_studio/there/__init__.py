"""What runs on the machine of a target: starts trainers, hands over what they write, signals them. Standard library only."""
