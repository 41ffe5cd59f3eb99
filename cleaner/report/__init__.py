"""What was done, by rule: tallies that add up, and the ways to show them."""
