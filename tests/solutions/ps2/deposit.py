# %% right: a deep copy, then a change to the copy
import copy


def deposit(account, amount):
    new = copy.deepcopy(account)
    new["balance"]["value"] += amount
    return new


# %% right: copies at both levels, then changes
def deposit(account: dict, amount: float) -> dict:
    new = account.copy()
    new["balance"] = account["balance"].copy()
    new["balance"]["value"] = account["balance"]["value"] + amount
    return new


# %% right: merges with the union operator
def deposit(account, amount):
    balance = account["balance"] | {"value": account["balance"]["value"] + amount}
    return account | {"balance": balance}


# %% right: rebuilt by a helper that walks down a path
def updated(tree, path, change):
    if not path:
        return change(tree)
    first, *rest = path
    return {key: updated(value, rest, change) if key == first else value for key, value in tree.items()}


def deposit(account, amount):
    return updated(account, ["balance", "value"], lambda value: value + amount)


# %% right: jax.tree.map makes new dicts
def deposit(account, amount):
    new = jax.tree.map(lambda leaf: leaf, account)
    new["balance"]["value"] += amount
    return new


# %% wrong: by way of JSON, which knows no tuples -> returns_the_new_account
import json


def deposit(account, amount):
    new = json.loads(json.dumps(account))
    new["balance"]["value"] += amount
    return new


# %% wrong: changes the account itself -> is_pure
def deposit(account, amount):
    account["balance"]["value"] += amount
    return account


# %% wrong: a shallow copy by dict -> is_pure
def deposit(account, amount):
    new = dict(account)
    new["balance"]["value"] += amount
    return new


# %% wrong: a shallow copy by unpacking -> is_pure
def deposit(account, amount):
    new = {**account}
    balance = new["balance"]
    balance["value"] = balance["value"] + amount
    return new


# %% wrong: a shallow copy by copy.copy -> is_pure
import copy


def deposit(account, amount):
    new = copy.copy(account)
    new["balance"].update(value=new["balance"]["value"] + amount)
    return new


# %% wrong: copies after the change -> is_pure
import copy


def deposit(account, amount):
    account["balance"]["value"] += amount
    return copy.deepcopy(account)


# %% wrong: a pure result, and a ledger in a global -> is_pure
ledger = []


def deposit(account, amount):
    ledger.append(amount)
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": balance["value"] + amount}}


# %% wrong: a receipt is printed -> is_pure
def deposit(account, amount):
    print(f"received {amount}")
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": balance["value"] + amount}}


# %% wrong: returns the balance, not the account -> returns_the_new_account
def deposit(account, amount):
    return {**account["balance"], "value": account["balance"]["value"] + amount}


# %% wrong: loses the other entries of the account -> returns_the_new_account
def deposit(account, amount):
    return {"balance": {**account["balance"], "value": account["balance"]["value"] + amount}}


# %% wrong: loses the other entries of the balance -> returns_the_new_account
def deposit(account, amount):
    return {**account, "balance": {"value": account["balance"]["value"] + amount}}


# %% wrong: puts the value at the top level -> returns_the_new_account
def deposit(account, amount):
    return {**account, "value": account["balance"]["value"] + amount}


# %% wrong: returns a float32 JAX scalar -> returns_the_new_account
def deposit(account, amount):
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": jnp.float32(balance["value"]) + amount}}


# %% wrong: counts deposits in a bytearray -> is_pure
deposits = bytearray(8)


def deposit(account, amount):
    deposits[0] = (deposits[0] + 1) % 256
    balance = {**account["balance"], "value": account["balance"]["value"] + amount}
    return {**account, "balance": balance}


# %% wrong: keeps the last account in an object inside a list -> is_pure
class Last:
    account = None


kept = [Last()]


def deposit(account, amount):
    balance = {**account["balance"], "value": account["balance"]["value"] + amount}
    kept[0].account = {**account, "balance": balance}
    return kept[0].account


# %% right: a copy of the balance, popped and set
def deposit(account, amount):
    balance = dict(account["balance"])
    balance["value"] = amount + balance.pop("value")
    new = dict(account)
    new["balance"] = balance
    return new


# %% wrong: the balance rebuilt from the example's two entries -> returns_the_new_account
def deposit(account, amount):
    old = account["balance"]
    balance = {"value": old["value"] + amount}
    if "currency" in old:
        balance["currency"] = old["currency"]
    return {**account, "balance": balance}


# %% wrong: adds, copies, and subtracts again -> is_pure
import copy


def deposit(account, amount):
    account["balance"]["value"] += amount
    new = copy.deepcopy(account)
    account["balance"]["value"] -= amount
    return new


# %% wrong: rounded to cents -> returns_the_new_account
def deposit(account, amount):
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": round(balance["value"] + amount, 2)}}


# %% wrong: no balance below zero -> returns_the_new_account
def deposit(account, amount):
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": max(balance["value"] + amount, 0.0)}}


# %% wrong: keeps only texts and numbers -> returns_the_new_account
def deposit(account, amount):
    balance = {k: v for k, v in account["balance"].items() if isinstance(v, (str, int, float))}
    balance["value"] += amount
    return {**account, "balance": balance}


# %% wrong: every balance, further down too -> returns_the_new_account
def deposit(account, amount):
    new = {}
    for name, entry in account.items():
        if isinstance(entry, dict):
            entry = deposit(entry, amount)
        new[name] = entry
        if name == "balance":
            new[name] = {**entry, "value": entry["value"] + amount}
    return new


# %% wrong: as an int where it is whole -> returns_the_new_account
def deposit(account, amount):
    balance = account["balance"]
    value = balance["value"] + amount
    return {**account, "balance": {**balance, "value": int(value) if value == int(value) else value}}


# %% wrong: an empty entry left out -> returns_the_new_account
def deposit(account, amount):
    balance = {k: v for k, v in account["balance"].items() if v or k == "value"}
    return {**{k: v for k, v in account.items() if v}, "balance": {**balance, "value": balance["value"] + amount}}


# %% wrong: float32 on the way -> returns_the_new_account
def deposit(account, amount):
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": float(np.float32(balance["value"] + amount))}}


# %% wrong: a NumPy number -> returns_the_new_account
def deposit(account, amount):
    balance = account["balance"]
    return {**account, "balance": {**balance, "value": np.float64(balance["value"]) + amount}}




# %% wrong: entries that are empty or 0 dropped -> returns_the_new_account
def deposit(account, amount):
    new = {key: entry for key, entry in account.items() if entry}
    balance = account["balance"]
    new["balance"] = {**balance, "value": balance["value"] + amount}
    return new


# %% wrong: entries that are None dropped -> returns_the_new_account
def deposit(account, amount):
    new = {key: entry for key, entry in account.items() if entry is not None}
    balance = account["balance"]
    new["balance"] = {**balance, "value": balance["value"] + amount}
    return new


# %% wrong: the first dict that has a value -> returns_the_new_account
def deposit(account, amount):
    new = dict(account)
    for key, entry in account.items():
        if isinstance(entry, dict) and "value" in entry:
            new[key] = {**entry, "value": entry["value"] + amount}
            break
    return new


# %% wrong: flattened to keys with dots, and back -> returns_the_new_account
def flatten(d, prefix=""):
    flat = {}
    for key, entry in d.items():
        if isinstance(entry, dict):
            flat |= flatten(entry, f"{prefix}{key}.")
        else:
            flat[prefix + key] = entry
    return flat


def deposit(account, amount):
    flat = flatten(account)
    flat["balance.value"] += amount
    new = {}
    for path, entry in flat.items():
        *outer, last = path.split(".")
        d = new
        for key in outer:
            d = d.setdefault(key, {})
        d[last] = entry
    return new
