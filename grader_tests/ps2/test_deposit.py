"""Hidden tests of deposit."""

import pytest

from jaxercise.checks.assertions import assert_pure, assert_returns, fail

# One sum of two Python floats: every right answer adds the same two numbers.
RTOL = 0.0


def draw_account(rng):
    return {
        "bonus": {"value": 25.0},
        "owner": {"name": "Grace", "number": int(rng.integers(1000, 9999))},
        "balance": {
            "currency": "CHF",
            "value": float(rng.uniform(10, 500)),
            "holds": (1.5, {"until": None, "value": 2.0}),
            "overdraft": 0,
            "note": "",
            "linked": {"balance": {"value": 3.0}},
        },
        "parent": {"balance": {"value": 8.0}},
        "limits": {"day": {"value": 1000.0}, "month": {"value": 5000.0}},
        "branches": (int(rng.integers(10, 99)), {"main": None}),
        "closed": False,
        "joint": None,
        "debts": 0.0,
        "nickname": "",
        "cards": (),
        "alerts": {},
        "balance.value": 4.0,
        "cash/card, web.shop": {"day.month": 1.0},
    }


@pytest.mark.correctness(points=2)
def test_returns_the_new_account(student, reference, rng):
    """The value of the balance grows; every other entry is kept."""
    accounts = [draw_account(rng), {"balance": {"value": 0.0}}, {"balance": {"value": -0.125}}]
    accounts += [{"balance": {"value": value}} for value in (2.5e9, -3e-9)]
    for account in accounts:
        for amount in (float(rng.uniform(1, 50)), float(-rng.uniform(1, 5)), 0.0):
            seen = student.deposit(account, amount)
            assert_returns(
                seen,
                reference.deposit(account, amount),
                rtol=RTOL,
                kind="any",
                hint="an entry left out, put at the wrong level or turned into an array, or a sum "
                "that is rounded or kept above 0; return the whole account, its "
                'account["balance"]["value"] grown by amount',
            )
            if type(seen.value["balance"]["value"]) is not float:
                fail(
                    "deposit returns a balance whose value is not a plain Python float. Likely "
                    "cause: int(), or NumPy or jnp, which make numbers of their own kinds."
                )


@pytest.mark.purity(points=2)
def test_is_pure(student, rng):
    """The caller's account survives, its inner dicts too."""
    calls = [
        (draw_account(rng), 0.1),
        # 0.1 + 0.2 - 0.2 is not 0.1: a change that is taken back shows.
        ({"balance": {"value": 0.1}}, 0.2),
        (draw_account(rng), 0.0),
        ({"balance": {"value": 3.0}}, 1.0),
    ]
    # An account holds text, which jit does not take.
    assert_pure(student.deposit, calls, jit=False)
