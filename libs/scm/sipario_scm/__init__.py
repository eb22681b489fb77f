"""Git hosts: their URLs, webhooks and APIs, and reading repositories at a commit."""
