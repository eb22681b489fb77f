"""Errors: EngineError <- EngineDidNotStart, EngineUnavailable."""


class EngineError(Exception):
    """Something about an engine that a person has to know."""


class EngineDidNotStart(EngineError):
    """A server ended, or did not answer within its bound; the message carries its last log lines."""

    def __init__(self, name: str, seconds: float, *, log: list[str], advice: str) -> None:
        self.name = name
        self.seconds = seconds
        self.log = log
        self.advice = advice
        tail = "\n".join(f"    {line}" for line in log) or "    (it wrote nothing)"
        super().__init__(
            f"The {name} engine did not start in {seconds:.1f} s. Its last words:\n{tail}\n  {advice}"
        )


class EngineUnavailable(EngineError):
    """No way was found to have this engine here; the message is the reason to skip with."""
