# %% right: unpacking at two levels, in one expression
def deposit(account: dict, amount: float) -> dict:
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": balance["value"] + amount}}

# %% right: deepcopy, then change the copy
import copy

def deposit(account, amount):
    new = copy.deepcopy(account)
    new["balance"]["value"] += amount
    return new

# %% right: dict union operator
def deposit(account, amount):
    old = account["balance"]
    return account | {"balance": old | {"value": old["value"] + amount}}

# %% right: two shallow copies by .copy(), assigned afterwards
def deposit(account, amount):
    new_account = account.copy()
    new_account["balance"] = new_account["balance"].copy()
    new_account["balance"]["value"] = new_account["balance"]["value"] + amount
    return new_account

# %% right: comprehensions over items with a conditional
def deposit(account, amount):
    def grown(b):
        return {k: (v + amount if k == "value" else v) for k, v in b.items()}
    return {k: (grown(v) if k == "balance" else v) for k, v in account.items()}

# %% right: general recursive helper that updates along a path
def _updated(tree, path, f):
    if not path:
        return f(tree)
    head, *rest = path
    out = dict(tree)
    out[head] = _updated(tree[head], rest, f)
    return out

def deposit(account, amount):
    return _updated(account, ["balance", "value"], lambda v: v + amount)

# %% right: match statement with rest patterns (the balance comes last in the new dict)
def deposit(account, amount):
    match account:
        case {"balance": {"value": value, **other_balance}, **others}:
            return {**others, "balance": {**other_balance, "value": value + amount}}

# %% right: dict subclass helper with a functional setter, turned back to a plain dict
class _Frozen(dict):
    def having(self, key, value):
        twin = dict(self)
        twin[key] = value
        return twin

def deposit(account, amount):
    b = _Frozen(account["balance"])
    return _Frozen(account).having("balance", b.having("value", b["value"] + amount))

# %% right: functools.reduce over the path, from inside to outside
from functools import reduce
from operator import getitem

def deposit(account, amount):
    path = ("balance", "value")
    new = reduce(getitem, path, account) + amount
    for depth in reversed(range(len(path))):
        parent = reduce(getitem, path[:depth], account)
        new = dict(parent, **{path[depth]: new}) if all(isinstance(k, str) for k in parent) else {**parent, path[depth]: new}
    return new

# %% right: ChainMap collapsed to a dict, operator.add
import operator
from collections import ChainMap

def deposit(account, amount):
    b = account["balance"]
    nb = dict(ChainMap({"value": operator.add(b["value"], amount)}, b))
    return dict(ChainMap({"balance": nb}, account))

# %% right: copy.copy at two levels, walrus
from copy import copy as shallow

def deposit(account, amount):
    (out := shallow(account))["balance"] = (bal := shallow(account["balance"]))
    bal["value"] = amount + bal["value"]
    return out

# %% right: a class with a private ledger made anew for every call
class _Ledger:
    def __init__(self, account):
        self._rows = list(account.items())

    def credited(self, amount):
        for key, entry in self._rows:
            if key == "balance":
                entry = {**entry}
                entry["value"] += amount
            yield key, entry

def deposit(account, amount):
    return dict(_Ledger(account).credited(amount))

# %% wrong: shallow copy, the balance is the caller's | The old account must stay as it was
def deposit(account, amount):
    new = dict(account)
    new["balance"]["value"] += amount
    return new

# %% right: the account itself when the amount is 0, else unpacking at two levels
def deposit(account, amount):
    if amount == 0:
        return account
    b = account["balance"]
    return {**account, "balance": {**b, "value": b["value"] + amount}}

# %% wrong: copy by a JSON round trip, tuples become lists, number keys become strings | All other entries ... are in the new account unchanged (tuples)
import json

def deposit(account, amount):
    new = json.loads(json.dumps(account))
    new["balance"]["value"] += amount
    return new

# %% wrong: rounds to cents | has grown by amount
def deposit(account, amount):
    b = account["balance"]
    return {**account, "balance": {**b, "value": round(b["value"] + amount, 2)}}

# %% wrong: keeps only currency and value of the balance | All other entries, of the account and of its balance
def deposit(account, amount):
    old = account["balance"]
    balance = {k: old[k] for k in ("currency", "value") if k in old}
    balance["value"] += amount
    return {**account, "balance": balance}

# %% wrong: the balance may not become negative | amount is positive, negative or 0; has grown by amount
def deposit(account, amount):
    b = account["balance"]
    return {**account, "balance": {**b, "value": max(b["value"] + amount, 0.0)}}

# %% wrong: computes in float32 by jnp | has grown by amount (plain Python floats hold 16 digits)
def deposit(account, amount):
    b = account["balance"]
    value = float(jnp.float32(b["value"]) + jnp.float32(amount))
    return {**account, "balance": {**b, "value": value}}

# %% wrong: recursion that raises every entry called "value", also in other dicts | All other entries ... unchanged
def _raised(d, amount):
    out = {}
    for k, v in d.items():
        if isinstance(v, dict):
            out[k] = _raised(v, amount)
        elif k == "value":
            out[k] = v + amount
        else:
            out[k] = v
    return out

def deposit(account, amount):
    return _raised(account, amount)

# %% wrong: changes the caller's account, copies, and subtracts again, which rounds | The old account must stay as it was
import copy

def deposit(account, amount):
    account["balance"]["value"] += amount
    new = copy.deepcopy(account)
    account["balance"]["value"] -= amount
    return new

# %% wrong: drops empty entries (None, 0, "", ()) | All other entries are in the new account
def deposit(account, amount):
    new = {k: v for k, v in account.items() if v}
    b = account["balance"]
    new["balance"] = {**b, "value": b["value"] + amount}
    return new

# %% wrong: deep copy by hand whose helper turns every inner list or tuple into a list | All other entries ... unchanged
def _copied(thing):
    if isinstance(thing, dict):
        return {k: _copied(v) for k, v in thing.items()}
    if isinstance(thing, (list, tuple, set)):
        return [_copied(v) for v in thing]
    return thing

def deposit(account, amount):
    new = _copied(account)
    new["balance"]["value"] += amount
    return new

# %% wrong: a whole result becomes an int | a plain Python float under "value"; the docstring shows 120.0
def deposit(account, amount):
    b = account["balance"]
    value = b["value"] + amount
    return {**account, "balance": {**b, "value": int(value) if value == value // 1 else value}}

# %% wrong: one scratch dict of the module is handed out as every result's balance | a new account; writes to no global
_scratch = {}

def deposit(account, amount):
    value = account["balance"]["value"] + amount
    _scratch.clear()
    _scratch.update(account["balance"], value=value)
    return {**account, "balance": _scratch}

# %% wrong: ignores a withdrawal that is larger than the balance | amount is positive, negative or 0
def deposit(account, amount):
    b = dict(account["balance"])
    if b["value"] + amount >= 0:
        b["value"] += amount
    return {**account, "balance": b}
