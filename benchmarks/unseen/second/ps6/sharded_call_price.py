# %% right: keys spread, jitted vmap, summed on the first device
@partial(jax.jit, static_argnames="n_steps")
def _payoffs(keys, params, n_steps):
    def one(key):
        s = simulate_log_prices(key, params, n_steps, 1)[0]
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    return jax.vmap(one)(keys)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    spread = NamedSharding(mesh, PartitionSpec("paths"))
    payoffs = _payoffs(jax.device_put(random.split(key, n_paths), spread), params, n_steps)
    used = len(payoffs.sharding.device_set)
    payoffs = jax.device_put(payoffs, jax.devices("cpu")[0])
    return payoffs.mean(), payoffs.std() / jnp.sqrt(n_paths), used

# %% right: NumPy sums in float64, mesh made by hand
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    cpus = jax.devices("cpu")
    if n_devices > len(cpus):
        raise ValueError(f"{n_devices} devices asked for, {len(cpus)} there")
    mesh = jax.sharding.Mesh(np.array(cpus[:n_devices]), ("paths",))
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))

    @jax.jit
    def ends(keys):
        return jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)

    log_prices = ends(keys)
    s = np.asarray(log_prices)
    x = float(params["beta"]) ** n_steps * np.maximum(np.exp(s) - float(params["K"]), 0)
    x = x.astype(np.float64)
    return (
        jnp.float32(x.mean()),
        jnp.float32(x.std() / math.sqrt(n_paths)),
        len(log_prices.sharding.device_set),
    )

# %% right: path numbers are spread, fold_in makes the keys where they are used
@partial(jax.jit, static_argnums=3)
def _payoff_of_paths(numbers, key, params, n_steps):
    def one(number):
        end = simulate_log_prices(random.fold_in(key, number), params, n_steps, 1)
        return jnp.maximum(jnp.exp(end[0]) - params["K"], 0.0)

    return params["beta"] ** n_steps * jax.vmap(one)(numbers)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("x",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    numbers = jax.device_put(jnp.arange(n_paths), NamedSharding(mesh, PartitionSpec("x")))
    payoffs = _payoff_of_paths(numbers, key, dict(params), n_steps)
    n_used = len(payoffs.sharding.device_set)
    x = np.asarray(payoffs)
    return jnp.asarray(x.mean()), jnp.asarray(x.std() / np.sqrt(np.float32(n_paths))), n_used

# %% wrong: mean and deviation taken on the spread payoffs | sum order depends on the number of devices: other bits
@partial(jax.jit, static_argnames="n_steps")
def _spread_payoffs(keys, params, n_steps):
    one = lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(keys) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(
        random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths"))
    )
    x = _spread_payoffs(keys, params, n_steps)
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: always says all devices | number returned is that of the devices there are, not of those used
@partial(jax.jit, static_argnames="n_steps")
def _spread_payoffs(keys, params, n_steps):
    one = lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(keys) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(
        random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths"))
    )
    x = jax.device_put(_spread_payoffs(keys, params, n_steps), jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths), len(jax.devices("cpu"))

# %% wrong: falls back to the devices there are | no ValueError when more are asked for
@partial(jax.jit, static_argnames="n_steps")
def _spread_payoffs(keys, params, n_steps):
    one = lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(keys) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    n_devices = min(n_devices, len(jax.devices("cpu")))
    while n_paths % n_devices:
        n_devices -= 1
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(
        random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths"))
    )
    x = _spread_payoffs(keys, params, n_steps)
    used = len(x.sharding.device_set)
    x = jax.device_put(x, jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths), used

# %% wrong: assert in place of ValueError | AssertionError when there are too few devices
@partial(jax.jit, static_argnames="n_steps")
def _spread_payoffs(keys, params, n_steps):
    one = lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(keys) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    assert n_devices <= len(jax.devices("cpu")), "not enough devices"
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(
        random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths"))
    )
    x = _spread_payoffs(keys, params, n_steps)
    used = len(x.sharding.device_set)
    x = jax.device_put(x, jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths), used

# %% wrong: split of random.key(0) | the key given has no effect
@partial(jax.jit, static_argnames="n_steps")
def _spread_payoffs(keys, params, n_steps):
    one = lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(keys) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(
        random.split(random.key(0), n_paths), NamedSharding(mesh, PartitionSpec("paths"))
    )
    x = _spread_payoffs(keys, params, n_steps)
    used = len(x.sharding.device_set)
    x = jax.device_put(x, jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths), used

# %% wrong: a seed below 1000 drawn for each path | seeds collide: paths repeat, not independent, error too small
@partial(jax.jit, static_argnames="n_steps")
def _payoffs_of_seeds(seeds, params, n_steps):
    one = lambda seed: jnp.exp(simulate_log_prices(random.key(seed), params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(seeds) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    seeds = random.randint(key, (n_paths,), 0, 1000)
    seeds = jax.device_put(seeds, NamedSharding(mesh, PartitionSpec("paths")))
    x = _payoffs_of_seeds(seeds, params, n_steps)
    used = len(x.sharding.device_set)
    x = jax.device_put(x, jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths), used

# %% wrong: eight blocks of keys whatever the devices | works only where n_devices divides 8 and 8 divides n_paths (3 devices, 6 paths fail)
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(random.split(key, 8), NamedSharding(mesh, PartitionSpec("paths")))

    @jax.jit
    def work(keys):
        s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, n_paths // 8))(keys)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    x = work(keys)
    used = len(x.sharding.device_set)
    x = np.asarray(x).reshape(n_paths)
    return jnp.float32(x.mean()), jnp.float32(x.std() / n_paths**0.5), used

# %% wrong: keys reshaped to (n_devices, -1) | fails or mixes keys for a legacy key, whose split has two words a row
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = random.split(key, n_paths).reshape(n_devices, -1)
    keys = jax.device_put(keys, NamedSharding(mesh, PartitionSpec("paths")))

    @jax.jit
    def work(keys):
        one = lambda k: simulate_log_prices(k, params, n_steps, 1)[0]
        s = jax.vmap(jax.vmap(one))(keys)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    x = work(keys)
    used = len(x.sharding.device_set)
    x = jnp.asarray(np.asarray(x).ravel())
    return x.mean(), x.std() / jnp.sqrt(n_paths), used

# %% wrong: compiled work cached by steps and devices with the first params inside | later calls with other params get the payoffs of the first
_workers = {}


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    if (n_steps, n_devices) not in _workers:
        mesh = jax.make_mesh(
            (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
        )
        known = dict(params)

        @jax.jit
        def work(keys):
            s = jax.vmap(lambda k: simulate_log_prices(k, known, n_steps, 1)[0])(keys)
            return known["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - known["K"], 0)

        _workers[n_steps, n_devices] = work, NamedSharding(mesh, PartitionSpec("paths"))
    work, spread = _workers[n_steps, n_devices]
    x = work(jax.device_put(random.split(key, n_paths), spread))
    used = len(x.sharding.device_set)
    x = jax.device_put(x, jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths), used

# %% wrong: params of the caller turned into arrays in place | the caller's dict is changed
@partial(jax.jit, static_argnames="n_steps")
def _spread_payoffs(keys, params, n_steps):
    one = lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(keys) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    params.update({name: np.float32(value) for name, value in params.items()})
    keys = jax.device_put(
        random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths"))
    )
    x = _spread_payoffs(keys, params, n_steps)
    used = len(x.sharding.device_set)
    x = jax.device_put(x, jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths), used

# %% wrong: a key for each device | draws depend on the number of devices: other bits
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("d",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(random.split(key, n_devices), NamedSharding(mesh, PartitionSpec("d")))

    @jax.jit
    def work(keys):
        s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, n_paths // n_devices))(keys)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    x = work(keys)
    used = len(x.sharding.device_set)
    x = jnp.asarray(np.asarray(x).ravel())
    return x.mean(), x.std() / jnp.sqrt(n_paths), used

# %% wrong: every device simulates the paths of the first | the block of keys is the same on all devices: only n_paths / n_devices different paths, bits depend on n_devices
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("d",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )

    def block(numbers):
        keys = random.split(key, numbers.shape[0])
        s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    work = jax.jit(
        jax.shard_map(
            block, mesh=mesh, in_specs=PartitionSpec("d"), out_specs=PartitionSpec("d"),
            check_vma=False,
        )
    )
    x = work(jax.device_put(jnp.arange(n_paths), NamedSharding(mesh, PartitionSpec("d"))))
    used = len(x.sharding.device_set)
    x = jnp.asarray(np.asarray(x))
    return x.mean(), x.std() / jnp.sqrt(n_paths), used

# %% wrong: error divided by the root of 16 | wrong for another number of paths
@partial(jax.jit, static_argnames="n_steps")
def _spread_payoffs(keys, params, n_steps):
    one = lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(keys) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(
        random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths"))
    )
    x = _spread_payoffs(keys, params, n_steps)
    used = len(x.sharding.device_set)
    x = jax.device_put(x, jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x) / 4, used

# %% wrong: sums on the spread payoffs, rounded to four decimals for equal bits | digits lost: small prices (S0 of 0.001) come out as 0
@partial(jax.jit, static_argnames="n_steps")
def _spread_payoffs(keys, params, n_steps):
    one = lambda k: jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0])
    return params["beta"] ** n_steps * jnp.maximum(jax.vmap(one)(keys) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(
        random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths"))
    )
    x = _spread_payoffs(keys, params, n_steps)
    price, error = jnp.mean(x), jnp.std(x) / jnp.sqrt(n_paths)
    return jnp.round(price, 4), jnp.round(error, 4), len(x.sharding.device_set)
