# %% right: the hint in four steps
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    @jax.jit
    def payoffs_of(keys):
        s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    payoffs = payoffs_of(keys)
    n = len(payoffs.sharding.device_set)
    payoffs = jax.device_put(payoffs, jax.devices("cpu")[0])
    return payoffs.mean(), payoffs.std() / math.sqrt(n_paths), n

# %% right: module-level compiled payoffs with params as an argument
@partial(jax.jit, static_argnames="n_steps")
def _payoffs(keys, params, n_steps):
    one = lambda k: jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)
    return params["beta"] ** n_steps * jax.vmap(one)(keys)

def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("p",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    x = _payoffs(jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("p"))), params, n_steps)
    used = len(x.sharding.device_set)
    x = jax.device_put(x, jax.devices("cpu")[0])
    return jnp.mean(x), jnp.std(x, ddof=1) / jnp.sqrt(n_paths), used

# %% right: sum on the host in float64, results float32
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    on_host = np.asarray(x).astype(np.float64) * float(params["beta"]) ** n_steps
    return jnp.float32(on_host.mean()), jnp.float32(on_host.std() / np.sqrt(n_paths)), len(x.sharding.device_set)

# %% right: shard_map
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("d",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    spec = PartitionSpec("d")
    def local(keys):
        s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1)[0])(keys)
        return params["beta"] ** n_steps * jnp.maximum(jnp.exp(s) - params["K"], 0)
    f = jax.jit(jax.shard_map(local, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False))
    x = f(jax.device_put(random.split(key, n_paths), NamedSharding(mesh, spec)))
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% right: jit with in_shardings and out_shardings
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    sharding = NamedSharding(mesh, PartitionSpec("paths"))
    def work(keys):
        s = jax.vmap(lambda k: simulate_log_prices(k, params, n_steps, 1))(keys)[:, 0]
        return params["beta"] ** n_steps * jax.nn.relu(jnp.exp(s) - params["K"])
    x = jax.jit(work, in_shardings=sharding, out_shardings=sharding)(random.split(key, n_paths))
    count = len(x.sharding.device_set)
    x = jnp.asarray(np.array(x))
    return x.mean(), x.std() / math.sqrt(n_paths), count

# %% right: an explicit loop over the devices, one compiled call on each, pieces joined into one sharded array
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    devices = jax.devices("cpu")
    if n_devices > len(devices):
        raise ValueError(f"{n_devices} devices asked for, {len(devices)} there")
    devices = devices[:n_devices]
    keys = random.split(key, n_paths)
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    share = n_paths // n_devices
    pieces = [f(jax.device_put(keys[i * share:(i + 1) * share], d)) for i, d in enumerate(devices)]
    mesh = jax.sharding.Mesh(np.array(devices), ("paths",))
    x = jax.make_array_from_single_device_arrays((n_paths,), NamedSharding(mesh, PartitionSpec("paths")), pieces)
    y = jax.device_put(x, devices[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% right: path keys by fold_in of the path's number
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    numbers = jax.device_put(jnp.arange(n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    @jax.jit
    def f(numbers):
        def path(i):
            return jnp.exp(simulate_log_prices(random.fold_in(key, i), params, n_steps, 1)[0])
        return params["beta"] ** n_steps * jnp.maximum(jax.vmap(path)(numbers) - params["K"], 0)
    x = f(numbers)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% right: sorted payoffs, scan for the sum in one order
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    x = jax.jit(jax.vmap(lambda k: jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))(keys)
    used = len(x.sharding.device_set)
    y = np.sort(np.asarray(x))
    mean = math.fsum(y.tolist()) / n_paths
    var = math.fsum(((y - mean) ** 2).tolist()) / n_paths
    d = float(params["beta"]) ** n_steps
    return jnp.float32(d * mean), jnp.float32(d * math.sqrt(var / n_paths)), used

# %% right: log prices sharded, payoff computed on them in the same program with a sharding constraint
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    if n_devices > len(jax.devices("cpu")):
        raise ValueError("not enough devices")
    mesh = jax.sharding.Mesh(np.array(jax.devices("cpu")[:n_devices]), ("q",))
    sh = NamedSharding(mesh, PartitionSpec("q"))
    @jax.jit
    def work(keys):
        s = jax.vmap(partial(simulate_log_prices, params=params, n_steps=n_steps, n_paths=1))(keys).reshape(n_paths)
        return lax.with_sharding_constraint(jnp.maximum(jnp.exp(s) - params["K"], 0), sh)
    x = work(jax.device_put(random.split(key, n_paths), sh))
    home = jax.device_put(x, jax.devices("cpu")[0]) * params["beta"] ** n_steps
    return home.mean(), jnp.sqrt(home.var() / n_paths), len(x.sharding.device_set)

# %% right: gathered by replication (PartitionSpec()) to the first device's copy
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    x = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))(keys)
    whole = jax.device_put(x, NamedSharding(mesh, PartitionSpec())).addressable_data(0)
    return whole.mean(), whole.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% right: the mapped simulation called as it is
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = (jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: mean and deviation of the array where it lies, spread | "Price and error have the same bits for any number of devices"
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = x
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: takes as many devices as there are, without an error | "ValueError is raised"
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    found = jax.devices("cpu")[:n_devices]
    while n_paths % len(found):
        found = found[:-1]
    mesh = jax.sharding.Mesh(np.array(found), ("paths",))
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: all devices there are, whatever n_devices says | "on `n_devices` CPU devices"
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    mesh = jax.make_mesh((math.gcd(len(jax.devices("cpu")), n_paths),), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:math.gcd(len(jax.devices("cpu")), n_paths)])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: another exception when there are too few devices | "`ValueError` is raised"
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    assert n_devices <= len(jax.devices("cpu")), "too few devices"
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: rounds to five decimals to hide different sums | the estimate, bits of one sum; rounding loses small prices and can still differ
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = x
    return jnp.round(y.mean(), 5), jnp.round(y.std() / math.sqrt(n_paths), 5), len(x.sharding.device_set)

# %% wrong: says how many devices there are | the number on which the payoffs really were
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), jax.device_count("cpu")

# %% wrong: keys reshaped to (devices, paths each), which holds for typed keys only | "key may be of either kind"
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths).reshape(n_devices, -1), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0))))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0]).ravel()
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: path keys made from one number drawn from the key, plus 0, 1, 2, ... out of few | keys of their own: numbers below 1000 collide between keys, so different keys share paths
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(jax.vmap(random.key)(random.randint(key, (), 0, 1000) + jnp.arange(n_paths)), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: each pair of paths has one key | "Give every *path* a key of its own"
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(jnp.repeat(random.split(key, (n_paths + 1) // 2), 2, axis=0)[:n_paths], NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: params["beta"] ** n_steps * jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)

# %% wrong: error of the undiscounted payoffs | exercise 2
def sharded_call_price(key, params, n_steps, n_paths, n_devices):
    mesh = jax.make_mesh((n_devices,), ("paths",), (AxisType.Auto,), devices=jax.devices("cpu")[:n_devices])
    keys = jax.device_put(random.split(key, n_paths), NamedSharding(mesh, PartitionSpec("paths")))
    f = jax.jit(jax.vmap(lambda k: jnp.maximum(jnp.exp(simulate_log_prices(k, params, n_steps, 1)[0]) - params["K"], 0)))
    x = f(keys)
    y = jax.device_put(x, jax.devices("cpu")[0])
    return params["beta"] ** n_steps * y.mean(), y.std() / math.sqrt(n_paths), len(x.sharding.device_set)
