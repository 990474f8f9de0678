"""One run of the country: the only room that knows evidence, policy, people, lifecycle and engine."""
