# %% right: two vmaps of the distance of one pair
def l1(p, q):
    return jnp.sum(jnp.abs(p - q))


@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    return jax.vmap(jax.vmap(l1, in_axes=(None, 0)), in_axes=(0, None))(P, Q)

# %% right: broadcasting, compiled
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    differences = P[:, None, :] - Q[None, :, :]
    return jnp.abs(differences).sum(axis=-1)

# %% right: the 1-norm by jnp.vectorize, jit called by hand
_norm1 = jnp.vectorize(lambda p, q: jnp.linalg.norm(p - q, ord=1), signature="(d),(d)->()")


def _table(P, Q):
    return _norm1(P[:, jnp.newaxis], Q)


@partial(jax.jit, inline=True)
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    return _table(P, Q)

# %% right: lax primitives only
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    (n, d), m = P.shape, Q.shape[0]
    p = lax.broadcast_in_dim(P, (n, m, d), (0, 2))
    q = lax.broadcast_in_dim(Q, (n, m, d), (1, 2))
    return lax.reduce(lax.abs(lax.sub(p, q)), np.float32(0), lax.add, (2,))

# %% wrong: sum of the larger minus sum of the smaller | cancellation: near points with large coordinates lose all digits
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    def distance(p, q):
        return jnp.sum(jnp.maximum(p, q)) - jnp.sum(jnp.minimum(p, q))

    return jax.vmap(jax.vmap(distance, (None, 0)), (0, None))(P, Q)

# %% right: root of the square for the absolute value, which XLA makes of it
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    def distance(p, q):
        return jnp.sum(jnp.sqrt((p - q) ** 2))

    return jax.vmap(jax.vmap(distance, (None, 0)), (0, None))(P, Q)

# %% wrong: blocks of 200 points | more than 200 points of P in a number that 200 does not divide raise an error
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    block = 200

    def distances_of(rows):
        return jnp.abs(rows[:, None, :] - Q[None, :, :]).sum(axis=-1)

    n, d = P.shape
    if n <= block:
        return distances_of(P)
    return lax.map(distances_of, P.reshape(-1, block, d)).reshape(n, -1)

# %% wrong: unrolled over 32 coordinates | further coordinates are left out
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    total = jnp.zeros((P.shape[0], Q.shape[0]), jnp.float32)
    for k in range(32):
        if k < P.shape[1]:
            total = total + jnp.abs(P[:, k, None] - Q[None, :, k])
    return total

# %% wrong: squeeze at the end | one point in P or in Q: an axis is missing
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    return jnp.abs(P[:, None, :] - Q[None, :, :]).sum(axis=-1, keepdims=True).squeeze()

# %% wrong: vmap over the coordinates, summed afterwards | stores all differences, too slow
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    per_coordinate = jax.vmap(lambda p, q: jnp.abs(p[:, None] - q[None, :]), in_axes=(1, 1))
    return per_coordinate(P, Q).sum(axis=0)

# %% wrong: donates its arguments to save memory | the caller's JAX array P is deleted where m equals d
@partial(jax.jit, donate_argnums=(0,))
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    return jax.vmap(lambda p: jnp.sum(jnp.abs(p - Q), axis=1))(P)

# %% wrong: scales by the largest coordinate | all coordinates 0: NaN; tiny distances beside huge numbers vanish
@jax.jit
def pairwise_distances(
    P: Float32[Array, "n d"], Q: Float32[Array, "m d"]
) -> Float32[Array, "n m"]:
    scale = jnp.maximum(jnp.abs(P).max(), jnp.abs(Q).max())
    p, q = P / scale, Q / scale
    return jnp.abs(p[:, None, :] - q[None, :, :]).sum(axis=-1) * scale
