"""The catalogue of service items: declarations, their versions, guides, finding and comparing."""
