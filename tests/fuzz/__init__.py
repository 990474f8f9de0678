"""Wrong things made by the thousand, each from a number, and what docketflow may make of them."""
