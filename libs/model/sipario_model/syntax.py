"""What the parser's terse words for broken YAML mean for the person who wrote it."""

from yaml.error import MarkedYAMLError

_ADVICE = {
    "found character that cannot start any token": "indent with spaces, not tabs, and put values that begin"
    " with @, ` or % in quotes",
    "mapping values are not allowed": "check the indentation, and put a value that holds a colon in quotes",
    "did not find expected key": "check the indentation, and that quotes and brackets before it are closed",
    "did not find expected '-' indicator": "check the indentation of this line",
    "could not find expected ':'": "a key needs a colon and a space after it",
    "found unexpected end of stream": "a quote or bracket is not closed",
    "found unexpected document indicator": "a quote or bracket is not closed before this line",
    "did not find expected ',' or": "a bracket is not closed, or a comma is missing",
    "found unknown escape character": "put the text in single quotes, or write the backslash twice",
    "block sequence entries are not allowed": "begin the list on a line of its own",
    "found incompatible YAML document": "only YAML 1.2 is read",
}


def advice(error: MarkedYAMLError) -> str:
    """Return what is wrong and what to try, on one line."""
    problem = error.problem or error.context or "not YAML"
    said = f"{error.context}, {problem}" if error.context and error.context != problem else problem
    for start, hint in _ADVICE.items():
        if problem.startswith(start):
            return f"{said}: {hint}"
    return said
