"""Writing lessons in the browser: drafts, and what is published of them."""
