# %% right: except Exception and partition
def inplace_error(x: Sequence[float] | Array) -> tuple[str, str]:
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest

# %% right: find with a test for -1
def inplace_error(x):
    try:
        x[0] = 1.0
    except Exception as error:
        name, message = error.__class__.__name__, str(error)
    start = message.find("Instead")
    return name, "" if start == -1 else message[start:]

# %% right: regular expression with DOTALL
import re

def inplace_error(x):
    try:
        x[0] = 0
    except Exception as error:
        match = re.search(r"Instead.*", str(error), flags=re.DOTALL)
        return type(error).__qualname__, match.group(0) if match else ""

# %% right: a context manager that keeps the exception
class Catcher:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.name = kind.__name__
        self.message = str(error)
        return True

def inplace_error(x):
    with Catcher() as caught:
        x[0] = 1
    before = caught.message.partition("Instead")[0]
    return caught.name, caught.message[len(before):]

# %% right: operator.setitem and index inside a second try
import operator

def _advice(message):
    try:
        return message[message.index("Instead"):]
    except ValueError:
        return ""

def inplace_error(x):
    error = None
    try:
        operator.setitem(x, 0, 42)
    except Exception as caught:
        error = caught
    return (type(error).__name__, _advice(f"{error!s}"))

# %% right: split once, sys.exc_info
import sys

def inplace_error(x):
    try:
        x[0] = 1
    except Exception:
        kind, error, _ = sys.exc_info()
        pieces = str(error).split("Instead", 1)
        return kind.__name__, "".join("Instead" + piece for piece in pieces[1:])

# %% right: first suffix that starts with the word
def inplace_error(x):
    try:
        x[0] = -1.5
    except Exception as e:
        m = str(e)
        return type(e).__name__, next((m[k:] for k in range(len(m)) if m.startswith("Instead", k)), "")
    raise AssertionError("x accepted the assignment")

# %% wrong: catches TypeError only | a read-only NumPy array raises ValueError
def inplace_error(x):
    try:
        x[0] = 1
    except TypeError as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest

# %% wrong: catches TypeError and ValueError only | exceptions of other kinds escape
def inplace_error(x):
    try:
        x[0] = 1
    except (TypeError, ValueError) as error:
        message = str(error)
        return type(error).__name__, message[message.index("Instead"):] if "Instead" in message else ""

# %% wrong: looks for the word in any case | a lower-case "instead" is taken for advice
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message = str(error)
        start = message.lower().find("instead")
        return type(error).__name__, message[start:] if start >= 0 else ""

# %% wrong: from the last Instead | messages in which the word comes twice
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        before, word, rest = str(error).rpartition("Instead")
        return type(error).__name__, word + rest if word else ""

# %% wrong: message is args[0] | exceptions without arguments raise IndexError; KeyError and classes with their own __str__ differ from str
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error.args[0]).partition("Instead")
        return type(error).__name__, word + rest

# %% wrong: regular expression without DOTALL | advice of several lines is cut after the first
import re

def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        found = re.search("Instead.*", str(error))
        return type(error).__name__, found.group() if found else ""

# %% right: the advice without spaces at its ends
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, (word + rest).strip()

# %% wrong: name cut out of str(type) | an exception of a module's own comes as module.Name
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        name = str(type(error)).split("'")[1]
        _, word, rest = str(error).partition("Instead")
        return name, word + rest

# %% wrong: name by isinstance from a list of known kinds | subclasses get the name of their base class
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        for kind in (TypeError, ValueError, KeyError, IndexError, AttributeError, RuntimeError, Exception):
            if isinstance(error, kind):
                _, word, rest = str(error).partition("Instead")
                return kind.__name__, word + rest

# %% right: name cut out of repr
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return repr(error).split("(")[0], word + rest

# %% wrong: looks for "Instead of" | advice such as "Instead, make a copy" is missed
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead of")
        return type(error).__name__, word + rest

# %% wrong: only the sentence | the advice is cut at its first full stop instead of going on to the end
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest.split(".")[0]

# %% wrong: calls x.__setitem__ | a tuple has no such method: AttributeError instead of TypeError
def inplace_error(x):
    try:
        x.__setitem__(0, 1)
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest

# %% wrong: advice kept in a default argument | hidden state: after a JAX array, every message without advice gets the old advice
def inplace_error(x, found={"advice": ""}):
    try:
        x[0] = 1
    except Exception as error:
        found["name"] = type(error).__name__
        if "Instead" in str(error):
            found["advice"] = str(error)[str(error).index("Instead"):]
    return found["name"], found["advice"]

# %% wrong: decides by the type of x without trying | sequences with an exception of their own
def inplace_error(x):
    if isinstance(x, np.ndarray):
        return "ValueError", ""
    if isinstance(x, jax.Array):
        return "TypeError", (
            "Instead of x[idx] = y, use x = x.at[idx].set(y) or another .at[] method: "
            "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.ndarray.at.html"
        )
    return "TypeError", ""

# %% wrong: words split and joined again | line ends and double spaces become single spaces
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        words = str(error).split()
        starts = [k for k, word in enumerate(words) if word.startswith("Instead")]
        return type(error).__name__, " ".join(words[starts[0]:]) if starts else ""

# %% wrong: message of the original cause | an exception raised "from" another gives the other's name and message
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        error = error.__cause__ or error
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest

# %% right: assigns to the last entry
def inplace_error(x):
    try:
        x[-1] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest
