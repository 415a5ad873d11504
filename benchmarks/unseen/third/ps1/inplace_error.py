# %% right: partition
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest


# %% right: context manager and regular expression
import re


class _Catch:
    caught = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.caught = error
        return isinstance(error, Exception)


def inplace_error(x):
    with _Catch() as catch:
        x[0] = 1
    match = re.search(r"Instead[\s\S]*", str(catch.caught))
    return catch.caught.__class__.__name__, match.group() if match else ""


# %% right: find and slice, operator.setitem
import operator


def inplace_error(x):
    name = message = ""
    try:
        operator.setitem(x, 0, 1.0)
    except Exception as exc:
        name, message = exc.__class__.__name__, str(exc)
    position = message.find("Instead")
    advice = message[position:] if position >= 0 else ""
    return name, advice.strip()


# %% right: split once, a function that returns the exception
def _exception_of(action, *args):
    try:
        action(*args)
    except Exception as error:
        return error
    return None


def inplace_error(x):
    def assign(sequence):
        sequence[0] = 1

    error = _exception_of(assign, x)
    before, *after = f"{error!s}".split("Instead", 1)
    return (type(error).__name__, "".join("Instead" + text for text in after))


# %% wrong: catches two kinds only | an exception of the sequence's own is not caught and escapes
def inplace_error(x):
    try:
        x[0] = 1
    except (TypeError, ValueError) as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest


# %% wrong: rpartition | a message with the word twice gives only the part from the last one
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        before, word, after = str(error).rpartition("Instead")
        return type(error).__name__, word + after if word else ""


# %% wrong: error.args[0] for the message | an exception without arguments raises IndexError, one with a __str__ of its own gives another text
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message = str(error.args[0])
        _, word, rest = message.partition("Instead")
        return type(error).__name__, word + rest


# %% wrong: looks in lower case | an 'instead' with a small letter starts the advice too early, or is taken for advice
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message = str(error)
        start = message.lower().find("instead")
        return type(error).__name__, "" if start < 0 else message[start:]


# %% wrong: name out of the text of the class | an exception class of another module gets the module before its name
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        name = str(type(error)).split("'")[1]
        message = str(error)
        return name, message[message.index("Instead"):] if "Instead" in message else ""


# %% wrong: repr for the message | the advice ends in a quote and parenthesis, and line ends become backslash-n
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        text = repr(error)
        name = type(error).__name__
        _, word, rest = text[len(name):].partition("Instead")
        return name, word + rest


# %% wrong: split without a limit | the advice stops where the word comes a second time
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        parts = str(error).split("Instead")
        advice = "Instead" + parts[1] if len(parts) > 1 else ""
        return type(error).__name__, advice.strip()


# %% wrong: regular expression whose dot stops at the line end | only the first line of the advice is returned
import re


def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        found = re.search(r"Instead.*", str(error))
        return type(error).__name__, found.group(0) if found else ""
