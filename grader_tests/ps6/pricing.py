"""What hidden tests of ps6 share: parameters of the model, and moments of payoffs for nu = 0."""

import numpy as np

# Ranges to draw from, and numbers; the volatility of a step is exp(h).
USUAL = {
    "beta": (0.94, 0.96),
    "mu": (0.0, 0.002),
    "rho": 1.0,
    "nu": (0.05, 0.1),
    "S0": (9.0, 11.0),
    "h0": (np.log(0.04), np.log(0.06)),
    "K": (9.0, 11.0),
}


def draw_params(rng, **other):
    """Parameters as floats; `other` replaces a usual range or number by another."""
    return {
        name: float(rng.uniform(*given) if isinstance(given, tuple) else given)
        for name, given in {**USUAL, **other}.items()
    }


def normal_quadrature():
    """Points z and weights, so that sums over w * f(z) are means of f of a standard normal."""
    z = np.linspace(-12, 12, 20_001)
    return z, np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])


def total_volatility(params, n_steps):
    """The standard deviation of the log price after `n_steps` steps, for nu = 0."""
    return np.sqrt(np.sum(np.exp(2 * params["h0"] * params["rho"] ** np.arange(n_steps))))


def final_prices(params, n_steps, z):
    """Prices after `n_steps` steps, for nu = 0, whose shocks add up to `z` standard deviations."""
    v = total_volatility(params, n_steps)
    return params["S0"] * np.exp(n_steps * params["mu"] + v * z)


def payoff_moments(params, n_steps, strikes=None):
    """Mean and deviation of the discounted payoff for nu = 0, by quadrature.

    Of one payoff for each of `strikes`, if these are given in place of the parameter K.
    """
    z, weights = normal_quadrature()
    k = np.asarray(params["K"] if strikes is None else strikes, float)[..., None]
    payoffs = params["beta"] ** n_steps * np.maximum(final_prices(params, n_steps, z) - k, 0)
    means = payoffs @ weights
    return means, np.sqrt(np.square(payoffs - means[..., None]) @ weights)
