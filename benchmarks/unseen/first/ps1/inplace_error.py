# %% right: partition
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest

# %% right: find with an explicit test for -1
def inplace_error(x):
    try:
        x[0] = 1
    except BaseException as e:
        message = str(e)
        at = message.find("Instead")
        return (e.__class__.__name__, message[at:] if at >= 0 else "")

# %% right: regular expression with DOTALL
import re
def inplace_error(x):
    try:
        x[0] = 1.0
    except Exception as error:
        hit = re.search(r"Instead.*", str(error), flags=re.DOTALL)
        return type(error).__name__, hit.group() if hit else ""

# %% right: operator.setitem and split
import operator
def inplace_error(x):
    try:
        operator.setitem(x, 0, 1)
    except Exception as error:
        parts = f"{error}".split("Instead", 1)
        return type(error).__name__, "Instead" + parts[1] if len(parts) == 2 else ""

# %% right: a context manager class that keeps the exception
class _Catch:
    def __enter__(self):
        self.error = None
        return self
    def __exit__(self, kind, error, tb):
        self.kind, self.error = kind, error
        return True

def inplace_error(x):
    with _Catch() as caught:
        x[0] = 1
    text = str(caught.error)
    return caught.kind.__name__, "".join(text.partition("Instead")[1:])

# %% right: helper that returns the exception
def _attempt(x):
    try:
        x[0] = 1
    except Exception as error:
        return error
    raise AssertionError("not refused")

def inplace_error(x):
    oops = _attempt(x)
    if "Instead" in (text := str(oops)):
        return type(oops).__name__, text[text.index("Instead"):]
    return type(oops).__name__, ""

# %% right: index with its own ValueError
def inplace_error(x):
    name = advice = ""
    try:
        x[0] = 1
    except Exception as error:
        name, message = type(error).__name__, str(error)
        try:
            advice = message[message.index("Instead"):]
        except ValueError:
            pass
    return name, advice

# %% right: sys.exc_info
import sys
def inplace_error(x):
    try:
        x[0] = 1
    except Exception:
        kind, value, _ = sys.exc_info()
        pieces = str(value).split("Instead")
        return kind.__name__, "Instead".join(["", *pieces[1:]])

# %% right: contextlib generator and a list
import contextlib
@contextlib.contextmanager
def _keep(box):
    try:
        yield
    except Exception as error:
        box.append(error)

def inplace_error(x):
    box = []
    with _keep(box):
        x[0] = 1
    [error] = box
    suffixes = (str(error)[k:] for k in range(len(str(error))))
    return type(error).__name__, next((s for s in suffixes if s.startswith("Instead")), "")

# %% right: match on the partition, else-branch
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        match str(error).partition("Instead"):
            case (_, "", _):
                advice = ""
            case (_, word, rest):
                advice = word + rest
        return (type(error).__name__, advice)
    else:
        raise RuntimeError("the assignment worked")

# %% right: replaces the beginning by nothing
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message, name = str(error), type(error).__name__
    before = message.split("Instead", maxsplit=1)[0]
    return name, message.removeprefix(before)

# %% wrong: catches TypeError only | "catch the exception, whatever it is"
def inplace_error(x):
    try:
        x[0] = 1
    except TypeError as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest

# %% wrong: catches two kinds only | "refuses with an exception of its own"
def inplace_error(x):
    try:
        x[0] = 1
    except (TypeError, ValueError) as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest

# %% wrong: from the last Instead | "from the first `Instead`"
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        m = str(error)
        k = m.rfind("Instead")
        return type(error).__name__, m[k:] if k >= 0 else ""

# %% wrong: also finds the word in small letters | "with a capital letter"
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        m = str(error)
        k = m.lower().find("instead")
        return type(error).__name__, m[k:] if k >= 0 else ""

# %% wrong: the regular expression stops at the end of the line | "to the end"
import re
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        hit = re.search("Instead.*", str(error))
        return type(error).__name__, hit.group(0) if hit else ""

# %% wrong: args[0] instead of str(error) | fails for an exception without arguments or with a __str__ of its own
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = error.args[0].partition("Instead")
        return type(error).__name__, word + rest

# %% wrong: expects advice from JAX arrays only | "another sequence that refuses with an exception of its own"
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        if not isinstance(x, jax.Array):
            return type(error).__name__, ""
        return type(error).__name__, "Instead" + str(error).split("Instead")[1]

# %% right: the qualified name, which is the name of a class at the top level
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        return type(error).__qualname__, "".join(str(error).partition("Instead")[1:])

# %% wrong: only the first sentence of the advice | "to the end"
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, (word + rest).split("\n")[0].split(". ")[0]

# %% wrong: a subclass is reported under the name of its parent | "the *name* of the exception"
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        for kind in (TypeError, ValueError, IndexError, RuntimeError):
            if isinstance(error, kind):
                name = kind.__name__
                break
        else:
            name = type(error).__name__
        return name, "".join(str(error).partition("Instead")[1:])

# %% wrong: remembers the answer per type of x | the message can differ from object to object
_known = {}
def inplace_error(x):
    if type(x) not in _known:
        try:
            x[0] = 1
        except Exception as error:
            _known[type(x)] = (type(error).__name__, "".join(str(error).partition("Instead")[1:]))
    return _known[type(x)]

# %% wrong: searches repr(error), whose end and line breaks differ from the message's | "the part of the message"
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        return type(error).__name__, "".join(repr(error).partition("Instead")[1:])

# %% wrong: white space tidied | "The advice is the part of the message"
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        words = " ".join(str(error).split())
        return type(error).__name__, "".join(words.partition("Instead")[1:])

# %% wrong: calls x.__setitem__, which a tuple does not have | the exception of the assignment, "It may also be a tuple"
def inplace_error(x):
    try:
        x.__setitem__(0, 1)
    except Exception as error:
        return type(error).__name__, "".join(str(error).partition("Instead")[1:])

# %% wrong: splits at every Instead and keeps the first piece only | "from the first `Instead` ... to the end"
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        pieces = str(error).split("Instead")
        return type(error).__name__, "Instead" + pieces[1] if len(pieces) > 1 else ""
