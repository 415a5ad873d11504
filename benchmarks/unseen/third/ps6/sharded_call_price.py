# %% right: spread keys, gather the payoffs, sum on one device
@partial(jax.jit, static_argnames="n_steps")
def _payoffs(keys, params, n_steps):
    def one(key):
        s = simulate_log_prices(key, params, n_steps, 1)[0]
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    return jax.vmap(one)(keys)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _payoffs(keys, params, n_steps)
    used = len(payoffs.sharding.device_set)
    payoffs = jax.device_put(payoffs, cpus[0])
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths), used


# %% right: NumPy veteran, log prices spread, payoffs summed in NumPy in float64
_log_prices_of = jax.jit(
    lambda keys, params, n_steps: jax.vmap(
        lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    )(keys),
    static_argnums=2,
)
_pay = jax.jit(lambda prices, strike: jnp.maximum(prices - strike, 0))


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    if n_devices > len(jax.devices("cpu")):
        raise ValueError(f"{n_devices} devices asked for, there are {len(jax.devices('cpu'))}")
    mesh = jax.sharding.Mesh(np.array(jax.devices("cpu")[:n_devices]), ("paths",))
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _pay(_log_prices_of(keys, params, n_steps), params["K"])
    x = np.asarray(payoffs).astype(np.float64) * float(params["beta"]) ** n_steps
    price, error = x.mean(), x.std() / np.sqrt(n_paths)
    return jnp.float32(price), jnp.float32(error), len(payoffs.sharding.device_set)


# %% right: documentation reader, shard_map with lax.map on each device
@partial(jax.jit, static_argnames=("n_steps", "mesh"))
def _mapped(keys, params, n_steps, mesh):
    def share(keys, params):
        def one(k):
            s = simulate_log_prices(k, params, n_steps, 1)[0]
            return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

        return lax.map(one, keys)

    spec = PartitionSpec("paths")
    return jax.shard_map(
        share, mesh=mesh, in_specs=(spec, PartitionSpec()), out_specs=spec, check_vma=False
    )(keys, params)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _mapped(keys, params, n_steps, mesh)
    together = jax.device_put(payoffs, cpus[0])
    error = together.std() / jnp.sqrt(jnp.float32(n_paths))
    return together.mean(), error, len(payoffs.sharding.device_set)


# %% right: physicist, hands every device its share of the keys
@partial(jax.jit, static_argnums=2)
def _work(keys, params, n_steps):
    def path(key):
        mu, rho, nu = params["mu"], params["rho"], params["nu"]

        def step(t, state):
            s, h = state
            z = random.normal(random.fold_in(key, t), (2,))
            return s + mu + jnp.exp(h) * z[0], rho * h + nu * z[1]

        s = jnp.asarray(jnp.log(params["S0"]), jnp.float32)
        h = jnp.asarray(params["h0"], jnp.float32)
        s, _ = lax.fori_loop(0, n_steps, step, (s, h))
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0.0)

    return lax.map(path, keys)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    if len(cpus) < n_devices:
        raise ValueError("fewer devices than asked for")
    keys = random.split(key, n_paths)
    share = n_paths // n_devices
    pieces = [
        _work(jax.device_put(keys[i * share : (i + 1) * share], cpus[i]), params, n_steps)
        for i in range(n_devices)
    ]
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    payoffs = jax.make_array_from_single_device_arrays(
        (n_paths,), NamedSharding(mesh, PartitionSpec("paths")), pieces
    )
    x = np.concatenate([np.asarray(piece) for piece in pieces])
    mean = np.mean(x, dtype=np.float32)
    error = np.std(x, dtype=np.float32) / np.float32(math.sqrt(n_paths))
    return jnp.float32(mean), jnp.float32(error), len(payoffs.sharding.device_set)


# %% wrong: takes as many devices as there are | min(n_devices, ...) as in the cell above, so no ValueError when more are asked for
@partial(jax.jit, static_argnames="n_steps")
def _payoffs(keys, params, n_steps):
    def one(key):
        s = simulate_log_prices(key, params, n_steps, 1)[0]
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    return jax.vmap(one)(keys)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    n_devices = min(n_devices, len(cpus))
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _payoffs(keys, params, n_steps)
    used = len(payoffs.sharding.device_set)
    payoffs = jax.device_put(payoffs, cpus[0])
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths), used


# %% wrong: mean and deviation of the spread array | sums over devices in another order, so the last bits depend on n_devices
@partial(jax.jit, static_argnames="n_steps")
def _statistics(keys, params, n_steps):
    def one(key):
        s = simulate_log_prices(key, params, n_steps, 1)[0]
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    payoffs = jax.vmap(one)(keys)
    return payoffs, jnp.mean(payoffs), jnp.std(payoffs)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs, mean, deviation = _statistics(keys, params, n_steps)
    return mean, deviation / jnp.sqrt(n_paths), len(payoffs.sharding.device_set)


# %% wrong: always eight blocks of paths | needs n_paths divisible by 8 and n_devices a divisor of 8: 12 paths on 3 devices fail
@partial(jax.jit, static_argnames=("n_steps", "size"))
def _blocks(keys, params, n_steps, size):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, size))(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    # the same eight blocks however many devices share them
    keys = jax.device_put(random.split(key, 8), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _blocks(keys, params, n_steps, n_paths // 8)
    used = len(payoffs.sharding.device_set)
    payoffs = jax.device_put(payoffs, cpus[0]).ravel()
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths), used


# %% wrong: a mesh of all devices whatever is asked for | n_devices is ignored: returns 8 for 2, and fails where 8 does not divide n_paths
@partial(jax.jit, static_argnames="n_steps")
def _payoffs(keys, params, n_steps):
    def one(key):
        s = simulate_log_prices(key, params, n_steps, 1)[0]
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    return jax.vmap(one)(keys)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    if n_devices > len(cpus):
        raise ValueError("not enough devices")
    mesh = jax.make_mesh((len(cpus),), ("paths",), (AxisType.Auto,), devices=cpus)
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _payoffs(keys, params, n_steps)
    used = len(payoffs.sharding.device_set)
    payoffs = jax.device_put(payoffs, cpus[0])
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths), used


# %% wrong: keys reshaped to (devices, paths) | a legacy key has a second axis of two numbers, which reshape tears apart: fails for PRNGKey
@partial(jax.jit, static_argnames="n_steps")
def _payoffs(keys, params, n_steps):
    def one(key):
        s = simulate_log_prices(key, params, n_steps, 1)[0]
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    return jax.vmap(jax.vmap(one))(keys)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    keys = random.split(key, n_paths).reshape(n_devices, n_paths // n_devices)
    keys = jax.device_put(keys, NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _payoffs(keys, params, n_steps)
    used = len(payoffs.sharding.device_set)
    payoffs = jax.device_put(payoffs, cpus[0]).reshape(n_paths)
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths), used


# %% wrong: simulates on one device, spreads the log prices | only the payoffs are computed on the mesh, the devices do not simulate their share
@partial(jax.jit, static_argnames="n_steps")
def _pay(log_prices, params, n_steps):
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(log_prices) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    log_prices = simulate_log_prices(key, params, n_steps, n_paths)
    spread = jax.device_put(log_prices, NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _pay(spread, params, n_steps)
    used = len(payoffs.sharding.device_set)
    payoffs = jax.device_put(payoffs, cpus[0])
    return jnp.mean(payoffs), jnp.std(payoffs) / jnp.sqrt(n_paths), used


# %% wrong: rounds the averages of partial means | rounding to four decimals does not make bits equal at its edges, and spoils small prices and errors
@partial(jax.jit, static_argnames="n_steps")
def _payoffs(keys, params, n_steps):
    def one(key):
        s = simulate_log_prices(key, params, n_steps, 1)[0]
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    return jax.vmap(one)(keys)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _payoffs(keys, params, n_steps)
    shards = [np.asarray(shard.data) for shard in payoffs.addressable_shards]
    mean = np.mean([shard.mean() for shard in shards])
    square = np.mean([np.mean((shard - mean) ** 2) for shard in shards])
    price = jnp.round(jnp.float32(mean), 4)
    error = jnp.round(jnp.float32(np.sqrt(square / n_paths)), 4)
    return price, error, len(payoffs.sharding.device_set)


# %% wrong: discounts the price only | the standard error is that of the undiscounted payoffs
@partial(jax.jit, static_argnames="n_steps")
def _payoffs(keys, params, n_steps):
    def one(key):
        return jnp.maximum(jnp.exp(simulate_log_prices(key, params, n_steps, 1)[0]) - params["K"], 0)

    return jax.vmap(one)(keys)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=cpus[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    payoffs = _payoffs(keys, params, n_steps)
    x = np.asarray(payoffs)
    price = params["beta"] ** n_steps * x.mean()
    error = x.std() / np.sqrt(n_paths)
    return jnp.float32(price), jnp.float32(error), len(payoffs.sharding.device_set)
