"""The pages beside the first screen: claims, courts and people, costs, compare, data, method, record."""
