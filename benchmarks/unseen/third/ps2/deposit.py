# %% right: new dict at both levels
def deposit(account: dict, amount: float) -> dict:
    """Return the account after the deposit."""
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": balance["value"] + amount}}


# %% right: deepcopy, then change the copy
import copy


def deposit(account, amount):
    new = copy.deepcopy(account)
    new["balance"]["value"] += amount
    return new


# %% right: functional, change at the end of a path
def _update_in(tree, path, function):
    if not path:
        return function(tree)
    first, *rest = path
    return tree | {first: _update_in(tree[first], rest, function)}


def deposit(account: dict, amount: float) -> dict:
    return _update_in(account, ("balance", "value"), lambda value: value + amount)


# %% right: documentation reader, tree_map_with_path
from jax.tree_util import DictKey, tree_map_with_path

_VALUE = (DictKey("balance"), DictKey("value"))


def deposit(account: dict, amount: float) -> dict:
    def grow(path, leaf):
        return leaf + amount if path == _VALUE else leaf

    return tree_map_with_path(grow, account)


# %% wrong: shallow copy | the inner dict is shared, so the old account grows too
def deposit(account: dict, amount: float) -> dict:
    new = account.copy()
    new["balance"]["value"] += amount
    return new


# %% wrong: every entry called "value" grows | entries "value" elsewhere (say in a nested dict of the account) change too
def deposit(account: dict, amount: float) -> dict:
    new = {}
    for key, entry in account.items():
        if isinstance(entry, dict):
            new[key] = deposit(entry, amount)
        elif key == "value":
            new[key] = entry + amount
        else:
            new[key] = entry
    return new


# %% wrong: copied by way of JSON | tuples come back as lists
import json


def deposit(account: dict, amount: float) -> dict:
    new = json.loads(json.dumps(account))
    new["balance"]["value"] += amount
    return new


# %% wrong: added in float32 | values lose digits: 100.1 becomes 120.0999985 after 20
def deposit(account: dict, amount: float) -> dict:
    value = jnp.float32(account["balance"]["value"]) + amount
    return {**account, "balance": {**account["balance"], "value": float(value)}}


# %% wrong: value rounded to cents | 1.234 + 1.0 gives 2.23
def deposit(account: dict, amount: float) -> dict:
    balance = dict(account["balance"])
    balance["value"] = round(balance["value"] + amount, 2)
    return {**account, "balance": balance}


# %% wrong: no overdraft | a withdrawal below zero stops at 0.0
def deposit(account: dict, amount: float) -> dict:
    value = max(0.0, account["balance"]["value"] + amount)
    return {**account, "balance": {**account["balance"], "value": value}}


# %% wrong: nothing returned for an amount of 0 | None in place of an account
def deposit(account: dict, amount: float) -> dict:
    if amount:
        balance = account["balance"]
        return dict(account, balance=dict(balance, value=balance["value"] + amount))


# %% wrong: flattened to dotted keys and rebuilt | keys that hold a dot are split, and empty inner dicts are lost
def _flatten(tree, prefix=""):
    flat = {}
    for key, entry in tree.items():
        if isinstance(entry, dict):
            flat.update(_flatten(entry, prefix + key + "."))
        else:
            flat[prefix + key] = entry
    return flat


def _unflatten(flat):
    tree = {}
    for path, entry in flat.items():
        *parents, last = path.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[last] = entry
    return tree


def deposit(account: dict, amount: float) -> dict:
    flat = _flatten(account)
    flat["balance.value"] += amount
    return _unflatten(flat)
