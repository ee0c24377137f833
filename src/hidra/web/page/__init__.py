"""The pages of the site: each from an ask to a view."""
