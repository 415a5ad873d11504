# %% right: two vmaps
@jax.jit
def pairwise_distances(P, Q):
    def one(p, q):
        return jnp.sum(jnp.abs(p - q))
    return jax.vmap(jax.vmap(one, (None, 0)), (0, None))(P, Q)

# %% right: broadcasting in jnp, compiled
@jax.jit
def pairwise_distances(P, Q):
    return jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)

# %% right: norm of order one
@jax.jit
def pairwise_distances(P, Q):
    dist = lambda p, q: jnp.linalg.norm(p - q, ord=1)
    return jax.vmap(lambda p: jax.vmap(lambda q: dist(p, q))(Q))(P)

# %% right: Python loop over the coordinates, unrolled and fused
@jax.jit
def pairwise_distances(P, Q):
    total = jnp.zeros((P.shape[0], Q.shape[0]), jnp.float32)
    for k in range(P.shape[1]):
        total = total + jnp.abs(P[:, k, None] - Q[None, :, k])
    return total

# %% right: larger minus smaller
@jax.jit
def pairwise_distances(P, Q):
    def gap(p, q):
        return (jnp.maximum(p, q) - jnp.minimum(p, q)).sum()
    rows = jax.vmap(gap, in_axes=(0, None))
    return jax.vmap(rows, in_axes=(None, 0), out_axes=1)(P, Q)

# %% wrong: where instead of abs | 3.5 times as fast: XLA does not vectorise it
@partial(jax.jit, inline=True)
def pairwise_distances(P, Q):
    a, b = P[:, None], Q[None]
    return jnp.sum(jnp.where(a > b, a - b, b - a), axis=2)

# %% right: jnp.vectorize
@jax.jit
@partial(jnp.vectorize, signature="(a,d),(b,d)->(a,b)")
def pairwise_distances(P, Q):
    return jnp.vectorize(lambda p, q: jnp.abs(p - q).sum(), signature="(d),(d)->()")(
        P[:, None, :], Q[None, :, :]
    )

# %% right: lax primitives
@jax.jit
def pairwise_distances(P, Q):
    (n, d), m = P.shape, Q.shape[0]
    left = lax.broadcast_in_dim(P, (n, m, d), (0, 2))
    right = lax.broadcast_in_dim(Q, (n, m, d), (1, 2))
    return lax.reduce(lax.abs(lax.sub(left, right)), np.float32(0), lax.add, (2,))

# %% right: one vmap over P, broadcasting inside, partial and lambda
def _l1(Q, p):
    return jnp.abs(Q - p).sum(axis=-1)


pairwise_distances = jax.jit(lambda P, Q: jax.vmap(partial(_l1, Q))(P))

# %% right: functools.reduce over pairs of columns
import functools, operator


@jax.jit
def pairwise_distances(P, Q):
    return functools.reduce(
        operator.add, (jnp.abs(jnp.subtract.outer(p, q)) for p, q in zip(P.T, Q.T))
    )

# %% right: sign times difference, in a class
class Manhattan:
    @staticmethod
    def between(p, q):
        delta = lax.sub(q, p)
        return jnp.sum(delta * jnp.sign(delta))

    def table(self, P, Q):
        return jax.vmap(lambda a: jax.vmap(lambda b: self.between(a, b))(Q))(P)


@jax.jit
def pairwise_distances(P, Q):
    return Manhattan().table(P, Q)

# %% wrong: smoothed absolute value with an epsilon | entry is sum |P - Q|, numbers may be tiny
@jax.jit
def pairwise_distances(P, Q):
    def soft(p, q):
        d = jnp.abs(p - q)
        return jnp.sum(jnp.where(d < 1e-3, d * d / 2e-3, d))
    return jax.vmap(jax.vmap(soft, (None, 0)), (0, None))(P, Q)

# %% wrong: 2 sum max - sum p - sum q, cancels for near points far out | float32 digits lost
@jax.jit
def pairwise_distances(P, Q):
    top = jnp.maximum(P[:, None, :], Q[None, :, :]).sum(axis=-1)
    return 2 * top - P.sum(axis=1)[:, None] - Q.sum(axis=1)[None, :]

# %% wrong: squeeze drops axes of length 1 | result is "n m", both at least 1
@jax.jit
def pairwise_distances(P, Q):
    return jnp.squeeze(jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1))

# %% wrong: scales by the largest number, NaN when all are zero | finite numbers, zeros included
@jax.jit
def pairwise_distances(P, Q):
    scale = jnp.maximum(jnp.abs(P).max(), jnp.abs(Q).max())
    P, Q = P / scale, Q / scale
    return scale * jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)

# %% wrong: subtracts the mean point first, small differences lose their digits | "as small or as large as float32 allows"
@jax.jit
def pairwise_distances(P, Q):
    centre = P.mean(axis=0)
    P, Q = P - centre, Q - centre
    return jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)

# %% wrong: blocks of 200 rows, the rest of the rows stays zero | any n of at least 1
@jax.jit
def pairwise_distances(P, Q):
    n, m, d = P.shape[0], Q.shape[0], P.shape[1]
    size = min(n, 200)
    def block(i, out):
        part = lax.dynamic_slice(P, (i * size, 0), (size, d))
        dist = jnp.abs(part[:, None, :] - Q[None]).sum(-1)
        return lax.dynamic_update_slice(out, dist, (i * size, 0))
    return lax.fori_loop(0, n // size, block, jnp.zeros((n, m), jnp.float32))

# %% wrong: result remembered by shape | the second call with other points gets the first one's distances
_known = {}


@jax.jit
def _l1_table(P, Q):
    return jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)


def pairwise_distances(P, Q):
    key = P.shape, Q.shape
    if key not in _known:
        _known[key] = _l1_table(P, Q)
    return _known[key]

# %% wrong: vmap over the coordinates, summed afterwards | "right but stores them all"; too slow
@jax.jit
def pairwise_distances(P, Q):
    def along(p, q):
        return jnp.abs(p[:, None] - q[None, :])
    return lax.optimization_barrier(jax.vmap(along, (1, 1))(P, Q)).sum(axis=0)

# %% wrong: not compiled | "For that the whole function is compiled"
def pairwise_distances(P, Q):
    return jnp.abs(jnp.asarray(P)[:, None, :] - jnp.asarray(Q)[None, :, :]).sum(axis=-1)

# %% wrong: distances capped at a "far" value | finite numbers as large as float32 allows
@jax.jit
def pairwise_distances(P, Q):
    dist = jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)
    return jnp.clip(dist, 0.0, 1e6)

# %% wrong: distances that are close to 0 are set to 0 | tiny distances are not 0
@jax.jit
def pairwise_distances(P, Q):
    dist = jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1)
    return jnp.where(jnp.isclose(dist, 0.0), 0.0, dist)

# %% wrong: one loop over all coordinates, padded to 32, more than 32 cut off | any d of at least 1
@jax.jit
def pairwise_distances(P, Q):
    pad = lambda M: jnp.zeros((M.shape[0], 32), jnp.float32).at[:, : M.shape[1]].set(M[:, :32])
    P, Q = pad(P), pad(Q)
    return sum(jnp.abs(P[:, k, None] - Q[None, :, k]) for k in range(32))
