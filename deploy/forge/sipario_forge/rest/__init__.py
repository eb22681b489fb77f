"""The part of GitHub's REST API, version 3, that a portal and its templates call."""
