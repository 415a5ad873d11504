# %% right: the two library functions
def summary(a):
    return jnp.sum(a), jnp.dot(a, a)

# %% right: asarray first, then methods and the @ operator
def summary(a):
    a = jnp.asarray(a)
    return a.sum(), a @ a

# %% right: einsum for both
def summary(a):
    v = jnp.asarray(a, dtype=jnp.float32)
    return jnp.einsum("i->", v), jnp.einsum("i,i->", v, v)

# %% right: lax primitives
def summary(a):
    v = lax.convert_element_type(a, jnp.float32)
    total = lax.reduce(v, np.float32(0), lax.add, (0,))
    return (total, lax.dot_general(v, v, (((0,), (0,)), ((), ()))))

# %% right: stack the vector and its square, sum both rows at once, unpack as a tuple
def summary(a):
    a = jnp.float32(a)
    return tuple(jnp.stack([a, a * a]).sum(axis=1))

# %% right: pairwise halving by recursion on static shapes
def _fold(v):
    n = v.shape[0]
    if n == 0:
        return jnp.zeros((), jnp.float32)
    if n == 1:
        return v[0]
    half = (n + 1) // 2
    right = jnp.pad(v[half:], (0, 2 * half - n))
    return _fold(v[:half] + right)

def summary(a):
    v = jnp.asarray(a, jnp.float32)
    return _fold(v), _fold(jnp.square(v))

# %% right: forward derivative of t -> (sum(t a), a.(t a)) at t = 1
def summary(a):
    v = jnp.asarray(a, jnp.float32)
    f = lambda t: ((t * v).sum(), jnp.vdot(v, t * v))
    _, slopes = jax.jvp(f, (jnp.float32(1),), (jnp.float32(1),))
    return slopes

# %% right: compensated sums in a scan
def _kahan(v):
    def step(carry, t):
        s, c = carry
        y = t - c
        new = s + y
        return (new, (new - s) - y), None
    zero = jnp.float32(0)
    (s, _), _ = lax.scan(step, (zero, zero), v)
    return s

@jax.jit
def summary(a):
    v = jnp.asarray(a, jnp.float32)
    return _kahan(v), _kahan(v * v)

# %% right: computed in 64 bits, returned in 32
def summary(a):
    with jax.enable_x64(True):
        v = jnp.asarray(a).astype(jnp.float64)
        return v.sum().astype(jnp.float32), jnp.inner(v, v).astype(jnp.float32)

# %% right: segment_sum into one segment, and tensordot
def summary(a):
    a = jnp.asarray(a)
    where = jnp.zeros(a.shape, jnp.int32)
    return jax.ops.segment_sum(a, where, num_segments=1)[0], jnp.tensordot(a, a, 1)

# %% right: squared norm, and a matrix product with ones
class _Summary:
    def __init__(self, dtype):
        self.dtype = dtype
    def __call__(self, a):
        a = jnp.array(a, self.dtype)
        ones = jnp.ones_like(a)
        return ones @ a, jnp.linalg.norm(a) ** 2

def summary(a):
    return _Summary(jnp.float32)(a)

# %% right: tree.map over a tuple
def summary(a):
    a = jnp.asarray(a)
    return jax.tree.map(jnp.sum, (a, a**2))

# %% wrong: rounds the sum to get 2.7 instead of 2.6999998 | "the sum of a"
def summary(a):
    a = jnp.asarray(a)
    return jnp.round(jnp.sum(a), 2), jnp.round(jnp.dot(a, a), 2)

# %% wrong: mean times length, NaN for an empty array | "It may be empty."
def summary(a):
    a = jnp.asarray(a)
    return jnp.mean(a) * a.size, jnp.dot(a, a)

# %% wrong: reduce without an initial value fails for an empty array | "It may be empty."
import functools, operator
def summary(a):
    a = jnp.asarray(a)
    return functools.reduce(operator.add, a), jnp.dot(a, a)

# %% wrong: sorts the caller's NumPy array in place to add the small ones first | "A function must not change the arrays it is given"
def summary(a):
    s = a.sort()
    s = a if s is None else s
    return jnp.sum(s), jnp.dot(s, s)

# %% wrong: starts from the Python number 0.0 and returns that for an empty array | "Both are float32 JAX arrays", "may be empty"
def summary(a):
    a = jnp.asarray(a)
    total, dot = 0.0, 0.0
    for v in a:
        total = total + v
        dot = dot + v * v
    return total, dot

# %% wrong: half precision on the way | float32 sums, digits lost and overflow above 65504
def summary(a):
    h = jnp.asarray(a, jnp.float16)
    return jnp.sum(h).astype(jnp.float32), jnp.dot(h, h).astype(jnp.float32)

# %% wrong: squares the NumPy array in place | "A function must not change the arrays it is given"
def summary(a):
    total = jnp.sum(a)
    a *= a
    return total, jnp.sum(a)

# %% wrong: a list instead of a tuple | "Return a tuple of two values"
def summary(a):
    return [jnp.sum(a), jnp.dot(a, a)]

# %% wrong: empty array answered with Python numbers | "Both are float32 JAX arrays"
def summary(a):
    if len(a) == 0:
        return 0.0, 0.0
    return jnp.sum(a), jnp.dot(a, a)

# %% wrong: the last entry of cumsum does not exist in an empty array | "It may be empty."
def summary(a):
    a = jnp.asarray(a)
    c = jnp.cumsum(a)
    d = jnp.cumsum(a * a)
    return c[-1], d[-1]

# %% wrong: methods of NumPy arrays | "JAX arrays" (n.sum() is NumPy)
def summary(a):
    return a.sum(), a.dot(a)

# %% wrong: remembers results by the identity of a NumPy array, stale after the caller changes it | the sum of `a` as it is now
_seen = {}
def summary(a):
    if not isinstance(a, np.ndarray):
        return jnp.sum(a), jnp.dot(a, a)
    if id(a) not in _seen:
        _seen[id(a)] = (a, (jnp.sum(a), jnp.dot(a, a)))
    return _seen[id(a)][1]

# %% wrong: tail lost when summing in blocks of 8 | "the sum of a" over all entries
def summary(a):
    a = jnp.asarray(a)
    if a.size > 8:
        blocks = a[: a.size // 8 * 8].reshape(-1, 8)
        return blocks.sum(0).sum(), (blocks * blocks).sum(0).sum()
    return a.sum(), a @ a
