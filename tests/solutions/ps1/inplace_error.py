# %% right: index and slice
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message = str(error)
        start = message.find("Instead")
        return type(error).__name__, message[start:] if start >= 0 else ""


# %% right: a helper that catches, else, another value, a regular expression
import re


def caught(x):
    try:
        x[0] += 1
    except Exception as error:
        return error
    return None


def inplace_error(x: Sequence[float] | Array) -> tuple[str, str]:
    error = caught(x)
    found = re.search("Instead.*", str(error), re.DOTALL)
    return error.__class__.__name__, found.group() if found else ""


# %% right: sys.exc_info and operator
import operator
import sys


def inplace_error(x):
    name, advice = "", ""
    try:
        operator.setitem(x, 0, x[0])
    except BaseException:
        kind, error, _ = sys.exc_info()
        name = kind.__qualname__
        before, word, after = f"{error}".partition("Instead")
        advice = word + after
    finally:
        return name, advice.strip()


# %% right: the last entry, the message kept as a text
def inplace_error(x):
    try:
        x[len(x) - 1] = 0
    except Exception as error:
        message = str(error)
        return (type(error).__name__, message[message.index("Instead") :] if "Instead" in message else "")


# %% wrong: what the text says, without trying -> reports_other_refusals
def inplace_error(x):
    return "TypeError", (
        "Instead of x[idx] = y, use x = x.at[idx].set(y) or another .at[] method: "
        "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.ndarray.at.html"
    )


# %% wrong: hard-coded by kind -> reports_other_refusals
def inplace_error(x):
    if isinstance(x, jax.Array):
        return "TypeError", (
            "Instead of x[idx] = y, use x = x.at[idx].set(y) or another .at[] method: "
            "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.ndarray.at.html"
        )
    return ("ValueError" if isinstance(x, np.ndarray) else "TypeError"), ""


# %% wrong: tries on a jax array made of x -> reports_other_refusals
def inplace_error(x):
    try:
        jnp.array(x)[0] = 1
    except Exception as error:
        message = str(error)
        return type(error).__name__, message[message.index("Instead") :]


# %% wrong: catches TypeError only -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except TypeError as error:
        _, word, advice = str(error).partition("Instead")
        return type(error).__name__, word + advice


# %% wrong: lets the error escape -> reports_the_refusal, reports_other_refusals
def inplace_error(x):
    x[0] = 1
    return "TypeError", "Instead of x[idx] = y, use x = x.at[idx].set(y)"


# %% wrong: += on the whole, which raises nothing -> reports_the_refusal
def inplace_error(x):
    name, advice = "", ""
    try:
        x += 1
    except Exception as error:
        name = type(error).__name__
    return name, advice


# %% wrong: at, which raises nothing -> reports_the_refusal
def inplace_error(x):
    try:
        x.at[0].set(1)
    except Exception as error:
        return type(error).__name__, ""


# %% wrong: the whole message -> reports_the_refusal
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        return type(error).__name__, str(error)


# %% wrong: the message after the word -> reports_the_refusal
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        return type(error).__name__, str(error).partition("Instead")[2]


# %% wrong: find gives -1 where the word is missing -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message = str(error)
        return type(error).__name__, message[message.find("Instead") :]


# %% wrong: index raises where the word is missing -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message = str(error)
        return type(error).__name__, message[message.index("Instead") :]


# %% wrong: finds the word in small letters too -> reports_other_refusals
import re


def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        found = re.search("instead.*", str(error), re.I | re.DOTALL)
        return type(error).__name__, found.group() if found else ""


# %% wrong: the text of the type in place of its name -> reports_the_refusal
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, advice = str(error).partition("Instead")
        return str(type(error)), word + advice


# %% wrong: prints the message, as the lecture does -> is_pure
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        print(error)
        _, word, advice = str(error).partition("Instead")
        return type(error).__name__, word + advice


# %% wrong: keeps a list of all errors -> is_pure
errors_so_far = []


def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        errors_so_far.append(str(error))
    name = "TypeError" if not isinstance(x, np.ndarray) else "ValueError"
    try:
        x[0] = 1
    except Exception as error:
        _, word, advice = str(error).partition("Instead")
        return type(error).__name__, word + advice


# %% wrong: unlocks the read-only array first -> reports_other_refusals, is_pure
def inplace_error(x):
    if isinstance(x, np.ndarray):
        x.flags.writeable = True
    try:
        x[0] = 100
    except Exception as error:
        _, word, advice = str(error).partition("Instead")
        return type(error).__name__, word + advice
    return "", ""


# %% right: the name from repr
def inplace_error(x):
    try:
        x[0] = 1.0
    except Exception as error:
        message = str(error)
        at = message.find("Instead")
        return repr(error).partition("(")[0], "" if at < 0 else message[at:]


# %% right: split once
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as e:
        parts = str(e).split("Instead", 1)
        return type(e).__name__, "Instead" + parts[1] if len(parts) == 2 else ""


# %% wrong: the rest of the line only -> reports_other_refusals
import re


def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        found = re.search("Instead.*", str(error))
        return type(error).__name__, found.group() if found else ""


# %% wrong: catches what it has seen -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except (TypeError, ValueError) as error:
        _, word, advice = str(error).partition("Instead")
        return type(error).__name__, word + advice


# %% wrong: from the last time the word occurs -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message = str(error)
        at = message.rfind("Instead")
        return type(error).__name__, message[at:] if at >= 0 else ""


# %% wrong: up to the next time the word occurs -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        parts = str(error).split("Instead")
        return type(error).__name__, "Instead" + parts[1] if len(parts) > 1 else ""


# %% wrong: a list of the two -> reports_the_refusal
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, advice = str(error).partition("Instead")
        return [type(error).__name__, word + advice]


# %% wrong: the word without a capital -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, advice = str(error).partition("nstead")
        return type(error).__name__, "I" + word + advice if word else ""


# %% wrong: newlines made spaces -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, advice = " ".join(str(error).split()).partition("Instead")
        return type(error).__name__, word + advice


# %% wrong: the second entry, which there may not be -> reports_other_refusals
def inplace_error(x):
    try:
        x[1] = 1
    except Exception as error:
        _, instead, advice = str(error).partition("Instead")
        return type(error).__name__, instead + advice
    return "", ""


# %% wrong: the advice with the character before it -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        message = str(error)
        start = message.find("Instead")
        return type(error).__name__, message[max(start - 1, 0) :] if start >= 0 else ""
    return "", ""


# %% wrong: the first argument of the exception, which is not always its message -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = error.args[0].partition("Instead")
        return type(error).__name__, word + rest


# %% wrong: a derived exception under the name of its parent -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        kinds = (TypeError, ValueError, IndexError, RuntimeError, Exception)
        name = next(kind.__name__ for kind in kinds if isinstance(error, kind))
        name = type(error).__name__ if name == "Exception" else name
        return name, "".join(str(error).partition("Instead")[1:])


# %% wrong: looks for two words -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        _, word, rest = str(error).partition("Instead of")
        return type(error).__name__, word + rest


# %% wrong: the cause in place of the exception -> reports_other_refusals
def inplace_error(x):
    try:
        x[0] = 1
    except Exception as error:
        error = error.__cause__ or error
        _, word, rest = str(error).partition("Instead")
        return type(error).__name__, word + rest
