"""What every test ring has: engines and databases to run on."""

pytest_plugins = ["sipario_testkit.engines"]
