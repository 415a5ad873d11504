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
