# %% right: vmap of vmap of one distance
def _l1(p, q):
    return jnp.sum(jnp.abs(p - q))


@jax.jit
def pairwise_distances(P, Q):
    return jax.vmap(jax.vmap(_l1, in_axes=(None, 0)), in_axes=(0, None))(P, Q)

# %% right: compiled broadcasting, the sum is fused
@jax.jit
def pairwise_distances(P, Q):
    return jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)

# %% right: closures, inner vmap over P and out_axes=1, jit as a call
def _all_pairs(P, Q):
    def to_one(q):
        return jax.vmap(lambda p: jnp.abs(p - q).sum())(P)

    return jax.vmap(to_one, out_axes=1)(Q)


pairwise_distances = jax.jit(_all_pairs)

# %% right: jnp.vectorize with a signature
@partial(jnp.vectorize, signature="(d),(d)->()")
def _city_block(p, q):
    return jnp.sum(jnp.maximum(p, q) - jnp.minimum(p, q))


@jax.jit
def pairwise_distances(P, Q):
    return _city_block(P[:, None], Q[None])

# %% right: norm of order 1 of each difference, partial
@jax.jit
def pairwise_distances(P, Q):
    norm = partial(jnp.linalg.norm, ord=1)

    def row(p):
        return jax.vmap(lambda q: norm(p - q))(Q)

    return jax.vmap(row)(P)

# %% wrong: where in place of the absolute value | slower than asked, as the text says
def every_pair(function):
    inner = jax.vmap(function, in_axes=(None, 0))
    outer = jax.vmap(inner, in_axes=(0, None))
    return jax.jit(outer)


@every_pair
def pairwise_distances(P, Q):
    gap = P - Q
    return jnp.where(gap < 0, -gap, gap).sum()

# %% right: root of the squared difference, of which XLA makes the absolute value
@jax.jit
def pairwise_distances(P, Q):
    def one(p, q):
        return jnp.sum(jnp.sqrt((p - q) ** 2))

    return jax.vmap(jax.vmap(one, (None, 0)), (0, None))(P, Q)

# %% wrong: smooth absolute value | differences below 1e-6 come out as 1e-6
@jax.jit
def pairwise_distances(P, Q):
    def smooth_abs(t):
        return jnp.maximum(jnp.abs(t), 1e-6) * (t != 0)

    return smooth_abs(P[:, None] - Q[None]).sum(-1)

# %% wrong: all maxima less all minima | cancels: close points far from the origin lose their digits
@jax.jit
def pairwise_distances(P, Q):
    def one(p, q):
        return jnp.sum(jnp.maximum(p, q)) - jnp.sum(jnp.minimum(p, q))

    return jax.vmap(jax.vmap(one, (None, 0)), (0, None))(P, Q)

# %% wrong: loop over 32 coordinates | points of more than 32 coordinates lose the rest
@jax.jit
def pairwise_distances(P, Q):
    P, Q = P[:, :32], Q[:, :32]
    return jax.vmap(lambda p: jnp.abs(p - Q).sum(axis=1))(P)

# %% wrong: not compiled | stores all differences, too slow
def pairwise_distances(P, Q):
    P, Q = jnp.asarray(P), jnp.asarray(Q)
    return jnp.abs(P[:, None] - Q[None]).sum(-1)

# %% wrong: jit anew at every call | recompiles each time, the function is not kept compiled
def pairwise_distances(P, Q):
    def one(p, q):
        return jnp.abs(p - q).sum()

    return jax.jit(jax.vmap(jax.vmap(one, (None, 0)), (0, None)))(P, Q)

# %% wrong: centres both clouds first | small differences are lost when points lie far apart
@jax.jit
def pairwise_distances(P, Q):
    centre = Q.mean(axis=0)
    P, Q = P - centre, Q - centre
    return jax.vmap(lambda p: jnp.abs(p - Q).sum(axis=1))(P)

# %% wrong: nearly equal counts as equal | differences small beside the coordinates become 0
@jax.jit
def pairwise_distances(P, Q):
    def one(p, q):
        return jnp.sum(jnp.where(jnp.isclose(p, q), 0.0, jnp.abs(p - q)))

    return jax.vmap(jax.vmap(one, (None, 0)), (0, None))(P, Q)

# %% wrong: blocks of 8 rows | error when there are more than 8 points and their number is no multiple of 8
@jax.jit
def pairwise_distances(P, Q):
    def block(rows):
        return jnp.abs(rows[:, None] - Q[None]).sum(-1)

    n, d = P.shape
    if n <= 8:
        return block(P)
    return jax.vmap(block)(P.reshape(n // 8, 8, d)).reshape(n, -1)

# %% wrong: keeps results by shape | hidden state: other points of the same shapes get the old distances, tracers leak
_kept = {}
_distances = jax.jit(lambda P, Q: jnp.abs(P[:, None] - Q[None]).sum(-1))


def pairwise_distances(P, Q):
    key = (P.shape, Q.shape)
    if key not in _kept:
        _kept[key] = _distances(P, Q)
    return _kept[key]

# %% wrong: vmap over the coordinates, summed afterwards under no common jit | stores all differences, slower than asked
_by_coordinate = jax.jit(
    jax.vmap(lambda p, q: jnp.abs(p[:, None] - q[None, :]), in_axes=(1, 1))
)


def pairwise_distances(P, Q):
    return _by_coordinate(P, Q).sum(axis=0)

# %% wrong: NumPy loop over the points | fails under jax.jit and is too slow
def pairwise_distances(P, Q):
    P, Q = np.asarray(P), np.asarray(Q)
    return jnp.asarray(np.stack([np.abs(Q - p).sum(axis=1) for p in P]))

# %% wrong: differences clipped for safety | differences above 1e6 are cut
@jax.jit
def pairwise_distances(P, Q):
    def one(p, q):
        return jnp.sum(jnp.clip(jnp.abs(p - q), 0, 1e6))

    return jax.vmap(jax.vmap(one, (None, 0)), (0, None))(P, Q)
