"""docketflow: an open simulator of the U.S. immigration enforcement, court and removal system."""
