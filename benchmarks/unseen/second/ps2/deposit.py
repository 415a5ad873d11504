# %% right: spread at two levels
def deposit(account: dict, amount: float) -> dict:
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": balance["value"] + amount}}

# %% right: deepcopy, then change the copy
import copy


def deposit(account: dict, amount: float) -> dict:
    new = copy.deepcopy(account)
    new["balance"]["value"] += amount
    return new

# %% right: dict union
def deposit(account: dict, amount: float) -> dict:
    return account | {"balance": account["balance"] | {"value": account["balance"]["value"] + amount}}

# %% right: recursive update along a path
def _updated(tree, path, function):
    if not path:
        return function(tree)
    key, *rest = path
    new = tree.copy()
    new[key] = _updated(tree[key], rest, function)
    return new


def deposit(account: dict, amount: float) -> dict:
    return _updated(account, ("balance", "value"), lambda value: value + amount)

# %% right: comprehension over items
def deposit(account: dict, amount: float) -> dict:
    inner = {k: (v + amount if k == "value" else v) for k, v in account["balance"].items()}
    return {k: (inner if k == "balance" else v) for k, v in account.items()}

# %% right: tree map with paths
def deposit(account: dict, amount: float) -> dict:
    target = (jax.tree_util.DictKey("balance"), jax.tree_util.DictKey("value"))
    return jax.tree_util.tree_map_with_path(
        lambda path, leaf: leaf + amount if tuple(path) == target else leaf, account
    )

# %% right: ChainMap and dict with keywords
from collections import ChainMap


def deposit(account: dict, amount: float) -> dict:
    after = dict(ChainMap({"value": account["balance"]["value"] + amount}, account["balance"]))
    return dict(account, balance=after)

# %% right: pickled and back
import pickle


def deposit(account: dict, amount: float) -> dict:
    fresh = pickle.loads(pickle.dumps(account))
    fresh["balance"].update(value=account["balance"]["value"] + amount)
    return fresh

# %% wrong: shallow copy | the value in the caller's inner dict is changed
def deposit(account: dict, amount: float) -> dict:
    new = dict(account)
    new["balance"]["value"] += amount
    return new

# %% wrong: outer dict updated in place | the caller's account gets the new balance
def deposit(account: dict, amount: float) -> dict:
    account |= {"balance": {**account["balance"], "value": account["balance"]["value"] + amount}}
    return account

# %% wrong: copy through JSON | tuples come back as lists
import json


def deposit(account: dict, amount: float) -> dict:
    new = json.loads(json.dumps(account))
    new["balance"]["value"] += amount
    return new

# %% wrong: every "value" at any depth | other entries called "value" grow too
def deposit(account: dict, amount: float) -> dict:
    return {
        k: deposit(v, amount) if isinstance(v, dict) else (v + amount if k == "value" else v)
        for k, v in account.items()
    }

# %% wrong: every "balance" at any depth | a nested dict under another "balance" grows too
def deposit(account: dict, amount: float) -> dict:
    new = {}
    for key, entry in account.items():
        if isinstance(entry, dict):
            entry = deposit(entry, amount)
            if key == "balance" and "value" in entry:
                entry["value"] += amount
        new[key] = entry
    return new

# %% wrong: rounded to cents | the new value is rounded to two decimals
def deposit(account: dict, amount: float) -> dict:
    value = round(account["balance"]["value"] + amount, 2)
    return {**account, "balance": {**account["balance"], "value": value}}

# %% wrong: added in float32 | digits beyond the seventh are lost
def deposit(account: dict, amount: float) -> dict:
    value = float(jnp.float32(account["balance"]["value"]) + jnp.float32(amount))
    return {**account, "balance": {**account["balance"], "value": value}}

# %% wrong: NumPy adds | the new value is a np.float64, not a plain Python float
def deposit(account: dict, amount: float) -> dict:
    balance = dict(account["balance"])
    balance["value"] = np.add(balance["value"], amount)
    return {**account, "balance": balance}

# %% wrong: no overdraft | a sum below zero becomes 0
def deposit(account: dict, amount: float) -> dict:
    value = max(0.0, account["balance"]["value"] + amount)
    return {**account, "balance": {**account["balance"], "value": value}}

# %% wrong: changed, copied, changed back | the caller's value comes back with a rounding error
import copy


def deposit(account: dict, amount: float) -> dict:
    account["balance"]["value"] += amount
    new = copy.deepcopy(account)
    account["balance"]["value"] -= amount
    return new

# %% wrong: empty entries dropped | entries such as None, False, 0, "" and () are missing
def deposit(account: dict, amount: float) -> dict:
    balance = {k: v for k, v in account["balance"].items() if v}
    balance["value"] = account["balance"]["value"] + amount
    return {k: v for k, v in account.items() if v} | {"balance": balance}

# %% wrong: all numbers to float | True, False and integers elsewhere become floats
def _clean(entry):
    if isinstance(entry, dict):
        return {k: _clean(v) for k, v in entry.items()}
    if isinstance(entry, (int, float)):
        return float(entry)
    return entry


def deposit(account: dict, amount: float) -> dict:
    new = _clean(account)
    new["balance"]["value"] += amount
    return new

# %% wrong: flattened with dots | keys that contain a dot are split, and empty dicts get lost
def _flat(d, prefix=""):
    out = {}
    for k, v in d.items():
        if isinstance(v, dict):
            out |= _flat(v, f"{prefix}{k}.")
        else:
            out[prefix + k] = v
    return out


def deposit(account: dict, amount: float) -> dict:
    flat = _flat(account)
    flat["balance.value"] += amount
    new = {}
    for path, v in flat.items():
        *outer, last = path.split(".")
        d = new
        for k in outer:
            d = d.setdefault(k, {})
        d[last] = v
    return new

# %% wrong: results remembered by text | equal calls return one and the same dict: a caller who edits a result spoils the next
_done = {}


def deposit(account: dict, amount: float) -> dict:
    key = repr(account), amount
    if key not in _done:
        balance = account["balance"]
        _done[key] = {**account, "balance": {**balance, "value": balance["value"] + amount}}
    return _done[key]

# %% wrong: results remembered by id | an account that its owner changed between two calls gets the old answer
_by_id = {}


def deposit(account: dict, amount: float) -> dict:
    key = id(account), amount
    if key not in _by_id:
        balance = account["balance"]
        new = {**account, "balance": {**balance, "value": balance["value"] + amount}}
        _by_id[key] = account, new
    return dict(_by_id[key][1])

# %% wrong: balance taken out and put back | the balance is popped from the caller's account
def deposit(account: dict, amount: float) -> dict:
    balance = account.pop("balance")
    return {**account, "balance": {**balance, "value": balance["value"] + amount}}

# %% wrong: known entries of the balance only | entries of the balance other than currency are lost
def deposit(account: dict, amount: float) -> dict:
    old = account["balance"]
    new = {"value": old["value"] + amount}
    if "currency" in old:
        new["currency"] = old["currency"]
    return {**account, "balance": new}

# %% wrong: first dict that has a value | another entry of the account that holds a "value" may get the money
def deposit(account: dict, amount: float) -> dict:
    new = dict(account)
    for key, entry in account.items():
        if isinstance(entry, dict) and "value" in entry:
            new[key] = {**entry, "value": entry["value"] + amount}
            break
    return new

# %% wrong: keeps a ledger | a side effect: adds each amount to a global list
ledger = []


def deposit(account: dict, amount: float) -> dict:
    ledger.append(amount)
    return {**account, "balance": {**account["balance"], "value": account["balance"]["value"] + amount}}
