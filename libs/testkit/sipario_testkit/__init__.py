"""The portal harness, factories and fakes that several test rings share."""
