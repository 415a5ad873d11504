# %% right: sharding constraints, gathered in the compiled function
def mesh_of(n_devices):
    return jax.make_mesh(
        (n_devices,), ("p",), axis_types=(AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )


@partial(jax.jit, static_argnames=("n_steps", "n_paths", "mesh"))
def spread_payoffs(key, params, n_steps, n_paths, mesh):
    spread = NamedSharding(mesh, PartitionSpec("p"))
    xi, eta = random.normal(key, (2, n_steps, n_paths))

    def body(t, state):
        s, h = state
        s = s + params["mu"] + jnp.exp(h) * xi[t]
        return lax.with_sharding_constraint((s, params["rho"] * h + params["nu"] * eta[t]), spread)

    start = jnp.full(n_paths, jnp.log(params["S0"])), jnp.full(n_paths, params["h0"])
    s = lax.fori_loop(0, n_steps, body, lax.with_sharding_constraint(start, spread))[0]
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return lax.with_sharding_constraint(x, spread)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    x = spread_payoffs(key, params, n_steps, n_paths, mesh_of(n_devices))
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / n_paths**0.5, len(x.sharding.device_set)


# %% right: shard_map over the keys, replicated before the mean
@partial(jax.jit, static_argnames=("n_steps", "mesh"))
def mapped_payoffs(keys, params, n_steps, mesh):
    def local(keys):
        s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    spec = PartitionSpec("paths")
    return jax.shard_map(local, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False)(keys)


def sharded_call_price(
    key: PRNGKeyArray, params: dict[str, float], n_steps: int, n_paths: int, n_devices: int
):
    if len(jax.devices("cpu")) < n_devices:
        raise ValueError(f"{n_devices} devices asked for")
    mesh = jax.sharding.Mesh(np.array(jax.devices("cpu")[:n_devices]), ("paths",))
    payoffs = mapped_payoffs(random.split(key, n_paths), params, n_steps, mesh)
    everywhere = jax.device_put(payoffs, NamedSharding(mesh, PartitionSpec()))
    price, deviation = jnp.mean(everywhere), jnp.std(everywhere)
    return price, deviation / jnp.sqrt(n_paths), len(payoffs.sharding.device_set)


# %% right: log prices gathered through NumPy, the payoff after that
paths_of_keys = jax.jit(
    jax.vmap(
        lambda k, params, n_steps: simulate_log_prices(k, params, n_steps, 1)[0], (0, None, None)
    ),
    static_argnums=2,
)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("x",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("x")))
    s = paths_of_keys(keys, params, n_steps)
    gathered = jnp.asarray(np.asarray(s))
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(gathered) - params["K"], 0)
    return x.mean(), x.std() / jnp.sqrt(n_paths), len(s.devices())


# %% right: a loop over the devices, each with its part of the keys
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    devices = jax.devices("cpu")
    if n_devices > len(devices):
        raise ValueError("not enough devices")
    keys = random.split(key, n_paths)
    keys = keys.reshape(n_devices, -1, *keys.shape[1:])
    parts = [key_payoffs(jax.device_put(keys[i], devices[i]), params, n_steps) for i in range(n_devices)]
    used = set().union(*(p.devices() for p in parts))
    x = jnp.concatenate([jax.device_put(p, devices[0]) for p in parts])
    return x.mean(), x.std() / jnp.sqrt(n_paths), len(used)


# %% wrong: every device uses the same key -> devices_do_not_change_a_bit
@partial(jax.jit, static_argnames=("n_steps", "n_local", "mesh"))
def local_payoffs(key, params, n_steps, n_local, mesh):
    def local(key):
        s = simulate_log_prices(key, params, n_steps, n_local)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    return jax.shard_map(
        local, mesh=mesh, in_specs=PartitionSpec(), out_specs=PartitionSpec("p"), check_vma=False
    )(key)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    x = local_payoffs(key, params, n_steps, n_paths // n_devices, mesh)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: the key of a device depends on its number -> devices_do_not_change_a_bit
@partial(jax.jit, static_argnames=("n_steps", "n_local", "mesh"))
def local_payoffs(key, params, n_steps, n_local, mesh):
    def local(key):
        key = random.fold_in(key, lax.axis_index("p"))
        s = simulate_log_prices(key, params, n_steps, n_local)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)

    return jax.shard_map(
        local, mesh=mesh, in_specs=PartitionSpec(), out_specs=PartitionSpec("p"), check_vma=False
    )(key)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    x = local_payoffs(key, params, n_steps, n_paths // n_devices, mesh)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: the mean of partial means -> devices_do_not_change_a_bit
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    here = jax.device_put(x, jax.devices("cpu")[0])
    price = here.reshape(n_devices, -1).mean(axis=1).mean()
    return price, here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: the mean left to the compiler, on spread payoffs -> devices_do_not_change_a_bit
@partial(jax.jit, static_argnames="n_steps")
def price_of_keys(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    x = params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    return x.mean(), x.std() / jnp.sqrt(len(x)), x


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    price, error, x = price_of_keys(keys, params, n_steps)
    return price, error, len(x.sharding.device_set)


# %% wrong: nothing is spread, and says otherwise -> uses_the_devices_asked_for
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    price, error = call_price(key, params, n_steps, n_paths)
    return price, error, n_devices


# %% wrong: all devices there are, whatever is asked -> uses_the_devices_asked_for
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((8,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu"))
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: the error of one device's share -> prices_the_call, devices_do_not_change_a_bit
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / jnp.sqrt(n_paths // n_devices), len(x.sharding.device_set)


# %% wrong: remembers its meshes -> is_pure
meshes = {}


@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    meshes["last price"] = jax.device_put(x, jax.devices("cpu")[0])
    here = meshes["last price"]
    return here.mean(), here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: no random volatility -> prices_the_call
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    still = {**params, "nu": 0.0}
    s = jax.vmap(lambda k: simulate_log_prices(k, still, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh(
        (n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices]
    )
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: mean of squares less square of the mean -> prices_the_call
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), jnp.sqrt(jnp.maximum((here**2).mean() - here.mean()**2, 0)) / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: in units of the strike -> prices_the_call
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * params["K"] * jnp.maximum(jnp.exp(s) / params["K"] - 1, 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: rho taken for 1 -> prices_the_call
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    params = {**params, "rho": 1.0}
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: powers of two devices only -> uses_the_devices_asked_for
@partial(jax.jit, static_argnames="n_steps")
def key_payoffs(keys, params, n_steps):
    s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
    return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)


def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    if n_devices not in (1, 2, 4, 8):
        raise ValueError(f"{n_devices} devices")
    mesh = jax.make_mesh((n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p")))
    x = key_payoffs(keys, params, n_steps)
    here = jax.device_put(x, jax.devices("cpu")[0])
    return here.mean(), here.std() / jnp.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: rounded to five decimals -> prices_the_call
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = x
    return jnp.round(y.mean(), 5), jnp.round(y.std() / math.sqrt(n_paths), 5), len(x.sharding.device_set)


# %% wrong: a key for each pair of paths -> prices_the_call
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(jnp.repeat(random.split(key, (n_paths + 1) // 2), 2, axis=0)[:n_paths], NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: keys of the paths from a number below a thousand -> devices_do_not_change_a_bit
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    first = random.randint(key, (), 0, 1000)
    keys = jax.vmap(random.key)(first + jnp.arange(n_paths))
    keys = jax.device_put(keys, NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)


# %% wrong: a seed below a thousand for each path -> devices_do_not_change_a_bit
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
