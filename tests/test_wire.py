"""The wire: everything that may cross crosses unchanged, everything else is refused."""

import contextlib
import json
import socket
import struct
import threading

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jaxercise.wire import codec, records
from jaxercise.wire.channel import Channel, Closed, Fault, TimedOut, report_fault


def there_and_back(value):
    length, header, *buffers = [bytes(chunk) for chunk in codec.pack(records.describe(value))]
    assert struct.unpack(">I", length)[0] == len(header)
    left = iter(buffers)
    return codec.unpack(header, lambda size: bytearray(next(left)))


def same(a, b):
    if isinstance(a, records.Array):
        return (
            isinstance(b, records.Array)
            and (a.kind, a.weak_type, a.dtype, a.shape) == (b.kind, b.weak_type, b.dtype, b.shape)
            and a.data.tobytes() == b.data.tobytes()
        )
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, float):
        return a.hex() == b.hex()
    return type(a) is type(b) and a == b


arrays = hnp.arrays(
    st.sampled_from([np.dtype(c) for c in "?bhilBHILefdFD"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers(allow_nan=False)
    | st.text()
    | st.binary()
)
trees = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=200)
@given(trees)
def test_any_tree_comes_back_as_it_was(tree):
    described = records.describe(tree)
    assert same(described, there_and_back(tree))


def test_revived_values_have_the_kind_they_had():
    value = records.revive(there_and_back((np.ones(2, np.float32), jnp.ones(2), np.float32(3), 4)))
    assert type(value[0]) is np.ndarray
    assert isinstance(value[1], jax.Array)
    assert type(value[2]) is np.float32
    assert type(value[3]) is int


def test_revived_numpy_arrays_can_be_written_to():
    array = records.revive(there_and_back(np.zeros(3)))
    array[0] = 1
    assert array[0] == 1


@pytest.mark.parametrize("length", [3, 1 << 20])
def test_revived_jax_arrays_share_no_memory_with_their_record(length):
    data = np.ones(length, np.float32)
    revived = records.revive(records.Array(data))
    data[:] = 7
    assert float(revived.min()) == float(revived.max()) == 1


def test_bfloat16_keeps_its_dtype():
    array = there_and_back(jnp.ones(3, jnp.bfloat16))
    assert array.dtype == np.dtype(ml_dtypes.bfloat16)


@pytest.mark.parametrize("impl", ["threefry2x32", "rbg"])
def test_typed_keys_cross_with_their_implementation(impl):
    key = jax.random.key(3, impl=impl)
    back = records.revive(there_and_back(key))
    assert jax.random.key_impl(back) == impl
    assert (jax.random.key_data(back) == jax.random.key_data(key)).all()


def test_weak_types_are_reported():
    assert there_and_back(jnp.asarray(2.0)).weak_type is True
    assert there_and_back(jnp.ones(2)).weak_type is False


def test_arrays_that_are_not_contiguous_cross():
    array = np.arange(12.0).reshape(3, 4)[::2, ::-1].T
    assert (there_and_back(array).data == array).all()


@pytest.mark.parametrize(
    "value",
    [object(), np.array(["text"]), np.array([None]), lambda: 1, np.datetime64("2026-01-01")],
)
def test_what_cannot_cross_becomes_the_name_of_its_type(value):
    assert isinstance(there_and_back(value), records.Opaque)


def test_a_list_inside_itself_ends():
    value = []
    value.append(value)
    assert isinstance(records.describe(value), list)


def header(tree, sizes=()):
    return json.dumps({"tree": tree, "sizes": list(sizes)}).encode()


MALFORMED = {
    "not JSON": b"{",
    "no tree": b"{}",
    "a list as frame": b"[]",
    "unknown node": header(["x", 1]),
    "bare number": header(3),
    "empty node": header([]),
    "int that is none": header(["i", "12z"]),
    "float that is none": header(["f", "one"]),
    "huge int": header(["i", "0x" + "f" * 5000]),
    "unknown dtype": header(["a", "jax", "object", [1], False, 0], [8]),
    "unknown kind": header(["a", "torch", "float32", [1], False, 0], [4]),
    "negative shape": header(["a", "jax", "float32", [-1], False, 0], [4]),
    "shape of terabytes": header(["a", "jax", "float32", [2**40], False, 0], [4]),
    "shape that overflows": header(["a", "jax", "float32", [2**47, 2**47], False, 0], [4]),
    "shape of text": header(["a", "jax", "float32", ["4"], False, 0], [16]),
    "buffer out of range": header(["a", "jax", "float32", [1], False, 5], [4]),
    "negative buffer": header(["a", "jax", "float32", [1], False, -1], [4]),
    "negative size": header(None, [-1]),
    "size that is no number": header(None, ["4"]),
    "sizes too large": header(None, [2**62]),
    "sizes of more digits than Python writes": header(None).replace(
        b'"sizes": []', b'"sizes": [' + b", ".join([b"9" * 4290] * 99) + b"]"
    ),
    "sizes in a dict": header(None).replace(b"[]", b"{}"),
    "int of over 4,300 digits": header(["i", hex(1 << 16_000)]),
    "a hundred thousand keys": header(["d", [[["i", hex(k)], None] for k in range(99_999)]]),
    "list as dict key": header(["d", [[["l", []], None]]]),
    "pair of three": header(["d", [["a", "b", "c"]]]),
    "key data of wrong size": header(["k", "threefry2x32", [3], 0], [4]),
    "depth": header(["l", []]).replace(b'["l", []]', b'["l", [' * 500 + b"]]" * 500),
    "depth beyond JSON": b'{"tree": ' + b"[" * 200_000 + b"]" * 200_000 + b', "sizes": []}',
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_headers_are_refused(text):
    with pytest.raises(codec.WireError):
        codec.unpack(text, bytearray)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused_or_read_but_never_break(data):
    with contextlib.suppress(codec.WireError):
        codec.unpack(data, bytearray)


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def test_a_channel_delivers_large_arrays(ends):
    channel, theirs = ends
    other = Channel(theirs)
    sent = np.arange(3_000_000, dtype=np.float32)
    sender = threading.Thread(target=channel.send, args=({"x": records.describe(sent)},))
    sender.start()
    assert (other.receive(10)["x"].data == sent).all()
    sender.join()


def test_silence_is_overdue(ends):
    channel, _ = ends
    with pytest.raises(TimedOut):
        channel.receive(0.05)


def test_an_endless_trickle_is_overdue(ends):
    channel, theirs = ends
    theirs.sendall(struct.pack(">I", 100) + b"x")
    with pytest.raises(TimedOut):
        channel.receive(0.05)


def test_a_hung_up_channel_is_closed(ends):
    channel, theirs = ends
    theirs.close()
    with pytest.raises(Closed):
        channel.receive(1)


def test_a_header_of_gigabytes_is_refused_unread(ends):
    channel, theirs = ends
    theirs.sendall(struct.pack(">I", 2**32 - 1))
    with pytest.raises(codec.WireError, match="header of 4294967295 bytes"):
        channel.receive(1)


def test_ints_that_python_cannot_write_are_refused_on_both_sides():
    assert there_and_back(1 << 13_000) == 1 << 13_000
    assert str(1 << 14_000)
    with pytest.raises(records.TooLarge):
        records.assert_can_cross(1 << 14_001)
    with pytest.raises(codec.WireError):
        there_and_back(1 << 14_020)


def test_a_fault_of_the_other_side_arrives_as_plain_text(ends):
    channel, theirs = ends
    report_fault(theirs, "Traceback:\n  <b>\ud800\x1b[0m")
    with pytest.raises(Fault, match=r"^Traceback:\n  <b>\?\?\[0m$"):
        channel.receive(1)


def test_a_fault_is_told_in_a_bounded_text(ends):
    channel, theirs = ends
    report_fault(theirs, "x" * 10**6 + "the end")
    with pytest.raises(Fault, match=r"the end$") as caught:
        channel.receive(1)
    assert len(str(caught.value)) < 20_000
