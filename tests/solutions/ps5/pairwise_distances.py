# %% right: the two vmaps the other way round
def distance(p, q):
    return jnp.abs(p - q).sum()


@jax.jit
def pairwise_distances(P, Q):
    to_one = jax.vmap(distance, in_axes=(0, None))
    return jax.vmap(to_one, in_axes=(None, 0), out_axes=1)(P, Q)


# %% right: broadcasting, fused by jit
@jax.jit
def pairwise_distances(P: Float32[Array, "n d"], Q: Float32[Array, "m d"]) -> Float32[Array, "n m"]:
    return jnp.abs(P[:, None] - Q[None]).sum(-1)


# %% right: a loop over the coordinates, which are few
@jax.jit
def pairwise_distances(P, Q):
    total = jnp.zeros((P.shape[0], Q.shape[0]))
    for k in range(P.shape[1]):
        total += jnp.abs(P[:, k, None] - Q[None, :, k])
    return total


# %% wrong: a Python loop over the points -> beats_broadcasting
def pairwise_distances(P, Q):
    P, Q = jnp.asarray(P), jnp.asarray(Q)
    return jnp.stack([jnp.abs(p - Q).sum(axis=1) for p in P])


# %% wrong: NumPy for NumPy arrays, a loop -> beats_broadcasting
@jax.jit
def traced_distances(P, Q):
    return jnp.abs(P[:, None] - Q[None]).sum(-1)


def pairwise_distances(P, Q):
    if isinstance(P, jax.core.Tracer):
        return traced_distances(P, Q)
    P, Q = np.asarray(P), np.asarray(Q)
    return jnp.asarray(np.stack([np.abs(p - Q).sum(axis=1) for p in P]))


# %% wrong: one axis only -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    return jax.vmap(lambda p, q: jnp.abs(p - q).sum())(P, Q)


# %% wrong: one axis only, in step, then all rows alike -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    n = min(P.shape[0], Q.shape[0])
    in_step = jax.vmap(lambda p, q: jnp.abs(p - q).sum())(P[:n], Q[:n])
    return jnp.broadcast_to(in_step[0], (P.shape[0], Q.shape[0]))


# %% wrong: the mean in place of the sum -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    to_all = jax.vmap(lambda p, q: jnp.abs(p - q).mean(), in_axes=(None, 0))
    return jax.vmap(to_all, in_axes=(0, None))(P, Q)


# %% wrong: Euclidean -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    return jnp.sqrt(((P[:, None] - Q[None]) ** 2).sum(-1))


# %% wrong: the axes exchanged -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    to_all = jax.vmap(lambda p, q: jnp.abs(p - q).sum(), in_axes=(0, None))
    return jax.vmap(to_all, in_axes=(None, 0))(P, Q)


# %% wrong: no absolute value -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    return (P[:, None] - Q[None]).sum(-1)


# %% wrong: absolute value of the sum -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    return jnp.abs((P[:, None] - Q[None]).sum(-1))


# %% wrong: distances within P alone -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    return jnp.abs(P[:, None] - P[None]).sum(-1)


# %% wrong: squeezes single points away -> handles_edge_cases
@jax.jit
def pairwise_distances(P, Q):
    return jnp.abs(P[:, None] - Q[None]).sum(-1).squeeze()


# %% wrong: centres the caller's points in place -> is_pure, handles_edge_cases
def pairwise_distances(P, Q):
    P, Q = (np.asarray(P), np.asarray(Q)) if isinstance(P, np.ndarray) else (P, Q)
    centre = P.mean(axis=0)
    P -= centre
    Q -= centre
    return jax.vmap(lambda p: jnp.abs(p - Q).sum(axis=1))(P)


# %% wrong: keeps what it has computed in a dict -> is_pure
known = {}


def pairwise_distances(P, Q):
    result = jnp.abs(jnp.asarray(P)[:, None] - jnp.asarray(Q)[None]).sum(-1)
    known[P.shape, Q.shape] = result
    return result


# %% wrong: NumPy inside, so it cannot be traced -> is_pure
def pairwise_distances(P, Q):
    P, Q = np.asarray(P), np.asarray(Q)
    return jnp.asarray(np.abs(P[:, None] - Q[None]).sum(-1))


# %% wrong: a smooth absolute value -> handles_edge_cases
@jax.jit
def pairwise_distances(P, Q):
    return jnp.sqrt((P[:, None] - Q[None]) ** 2 + 1e-12).sum(axis=-1)


# %% wrong: twice the sum of maxima less both sums -> handles_edge_cases
@jax.jit
def pairwise_distances(P, Q):
    top = jnp.maximum(P[:, None, :], Q[None, :, :]).sum(axis=-1)
    return 2 * top - P.sum(axis=1)[:, None] - Q.sum(axis=1)[None, :]


# %% wrong: the mean of the points subtracted first -> handles_edge_cases
@jax.jit
def pairwise_distances(P, Q):
    centre = P.mean(axis=0)
    P, Q = P - centre, Q - centre
    return jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)


# %% wrong: blocks of 200 points and no rest -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    n, m, d = P.shape[0], Q.shape[0], P.shape[1]
    size = min(n, 200)
    def block(i, out):
        part = lax.dynamic_slice(P, (i * size, 0), (size, d))
        dist = jnp.abs(part[:, None, :] - Q[None]).sum(-1)
        return lax.dynamic_update_slice(out, dist, (i * size, 0))
    return lax.fori_loop(0, n // size, block, jnp.zeros((n, m), jnp.float32))


# %% wrong: cut off after 32 coordinates -> gives_every_distance
@jax.jit
def pairwise_distances(P, Q):
    pad = lambda M: jnp.zeros((M.shape[0], 32), jnp.float32).at[:, : M.shape[1]].set(M[:, :32])
    P, Q = pad(P), pad(Q)
    return sum(jnp.abs(P[:, k, None] - Q[None, :, k]) for k in range(32))


# %% wrong: takes over the memory of the caller's array where it can -> is_pure
@partial(jax.jit, donate_argnums=0)
def pairwise_distances(P, Q):
    return jax.vmap(lambda p: jnp.sum(jnp.abs(p - Q), axis=1))(P)


# %% wrong: compiles again at every call -> beats_broadcasting
def pairwise_distances(P, Q):
    distances = lambda P, Q: jnp.sum(jnp.abs(P[:, None] - Q[None]), axis=-1)
    return jax.jit(distances)(P, Q)


# %% wrong: both clouds shifted by the middle of the second -> handles_edge_cases
@jax.jit
def pairwise_distances(P, Q):
    centre = Q.mean(axis=0)
    P, Q = P - centre, Q - centre
    return jax.vmap(lambda p: jnp.abs(p - Q).sum(axis=1))(P)
